//! `off` in `book.yaml`: warnings that a book has turned off, each with a reason. Which rules there are is for `lint` to say.

use super::desk::Desk;
use crate::dialogue::book::Off;
use crate::source::tree::{Tree, What};

impl Desk<'_> {
    pub fn off(&mut self, tree: &Tree) -> Vec<Off> {
        let Some((entries, _)) = self.map(tree, tree.span, "`off`") else { return Vec::new() };
        let mut off = Vec::new();
        for entry in entries {
            let rule = || entry.key.clone();
            if let What::Map { .. } = entry.value.what {
                // Files of pictures are named too, and their names are no ids.
                let named = self.map(&entry.value, entry.key_span, &format!("`{}`", entry.key));
                for about in named.map_or(&[][..], |(named, _)| named) {
                    let because = self.text(&about.value, &about.key).map(str::to_owned);
                    off.extend(because.map(|because| Off { rule: rule(), about: Some(about.key.clone()), because }));
                }
            } else {
                let because = self.text(&entry.value, &entry.key).map(str::to_owned);
                off.extend(because.map(|because| Off { rule: rule(), about: None, because }));
            }
        }
        off
    }
}
