//! `moved:` in `book.yaml`: old pages and answers, so that buttons out in the world still lead somewhere.

use std::collections::HashMap;

use super::desk::Desk;
use super::names::Names;
use crate::dialogue::NodeId;
use crate::source::rule;
use crate::source::tree::{Entry, Tree};

type Pages = HashMap<String, NodeId>;
type Answers = HashMap<(String, String), (NodeId, String)>;

impl Desk<'_> {
    pub fn moved(&mut self, tree: Option<&Tree>, names: &Names) -> (Pages, Answers) {
        let (mut pages, mut answers) = (Pages::new(), Answers::new());
        let Some((entries, _)) = tree.and_then(|tree| self.map(tree, tree.span, "`moved`")) else { return (pages, answers) };
        for entry in entries {
            match entry.key.split_once('.') {
                None => {
                    if let Some(node) = self.moved_page(entry, names) {
                        pages.insert(entry.key.clone(), node);
                    }
                }
                Some((page, answer)) => {
                    if let Some(today) = self.moved_answer(entry, names) {
                        answers.insert((page.to_owned(), answer.to_owned()), today);
                    }
                }
            }
        }
        (pages, answers)
    }

    fn moved_page(&mut self, entry: &Entry, names: &Names) -> Option<NodeId> {
        self.id(&entry.key, entry.key_span);
        if names.pages.contains_key(entry.key.as_str()) {
            let message = format!("`{}` is still a page, so it has not moved.", entry.key);
            self.add(&rule::WRONG_VALUE, entry.key_span, message, "Take this line out, or give the page its new id.");
            return None;
        }
        let today = self.raw(&entry.value, "moved")?.to_owned();
        if today.contains('.') {
            self.add(
                &rule::WRONG_VALUE,
                entry.value.span,
                "A page moves to a page, not to an answer.",
                "Write the page's id alone.",
            );
            return None;
        }
        self.page_named(&today, &entry.value, names)
    }

    fn moved_answer(&mut self, entry: &Entry, names: &Names) -> Option<(NodeId, String)> {
        let (old_page, old_answer) = entry.key.split_once('.')?;
        self.id(old_page, entry.key_span);
        self.id(old_answer, entry.key_span);
        if let Some(page) = names.pages.get(old_page)
            && page.answer_keys().any(|key| key == old_answer)
        {
            let message = format!("`{old_page}` still has `{old_answer}`, so it has not moved.");
            self.add(&rule::WRONG_VALUE, entry.key_span, message, "Take this line out, or give the answer its new key.");
            return None;
        }
        let today = self.raw(&entry.value, "moved")?.to_owned();
        let Some((page, answer)) = today.split_once('.') else {
            self.add(
                &rule::WRONG_VALUE,
                entry.value.span,
                "An answer moves to an answer.",
                "Write the page, a dot, and the answer's key.",
            );
            return None;
        };
        let node = self.page_named(page, &entry.value, names)?;
        let known = names.pages.get(page)?;
        if !known.answers(answer) {
            let hint = match self.guess(answer, known.answer_keys()) {
                Some(near) => format!("Did you mean `{page}.{near}`?"),
                None => String::from("Write the key of the answer, not its label."),
            };
            self.add(&rule::UNKNOWN_PAGE, entry.value.span, format!("`{page}` has no answer `{answer}`."), hint);
            return None;
        }
        Some((node, answer.to_owned()))
    }
}
