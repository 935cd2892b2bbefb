//! What walks reach of a book: pages, answers, warning signs, weekly tips; and what none of them does.

use std::collections::BTreeSet;
use std::fmt;

use crate::dialogue::button::Deed;
use crate::dialogue::understand::Verdict;
use crate::dialogue::{Book, Button, Event, Hash, Kind, Screen, View};

/// What was met so far, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    pub pages: BTreeSet<String>,
    /// `page.answer`, rows of lists among them.
    pub answers: BTreeSet<String>,
    pub signs: BTreeSet<String>,
    pub tips: BTreeSet<String>,
}

impl Reached {
    /// Everything that a walk could reach.
    pub fn all(book: &Book) -> Reached {
        let shown = |kind: &Kind| !matches!(kind, Kind::Outcome { .. });
        let mut all = Reached::default();
        for (_, id, node) in book.nodes().filter(|(_, _, node)| node.withdrawn.is_none() && shown(&node.kind)) {
            all.pages.insert(id.to_owned());
            all.answers.extend(node.answer_keys().into_iter().map(|key| format!("{id}.{key}")));
        }
        all.signs.extend(book.understanding().signs.keys().cloned());
        let tips = book.tips().into_iter().flat_map(|tips| &tips.tips);
        all.tips.extend(tips.filter(|(_, tip)| !tip.withdrawn).map(|(id, _)| id.clone()));
        all
    }

    /// Notes what happened and what was shown for it.
    pub fn note(&mut self, book: &Book, event: &Event, screens: &[Screen]) {
        for screen in screens {
            match &screen.view {
                View::Tip { tip, .. } => {
                    self.tips.insert(tip.clone());
                }
                View::Whole | View::Step(_) | View::Guided { .. } | View::Form(_) | View::Nearest(_) => {
                    self.pages.insert(book.name(screen.node).to_owned());
                }
                View::Sources | View::TakeOut | View::Missing { .. } | View::Phrase(..) => {}
            }
        }
        match event {
            Event::Pressed(token) => self.answers.extend(answer(book, token)),
            Event::Said { words, .. } => {
                let signs = book.index().read(words).why(book.index()).signs;
                let counts = signs.into_iter().filter(|(_, verdict, _)| *verdict == Verdict::Counts);
                self.signs.extend(counts.map(|(sign, _, _)| sign));
            }
            _ => {}
        }
    }
}

/// The answer that a button gives, as `page.answer`.
fn answer(book: &Book, token: &str) -> Option<String> {
    let button = Button::from_token(token)?;
    let (Deed::Answer { key, .. } | Deed::Tick { sign: key }) = button.deed else { return None };
    let page = book.by_hash(button.page)?;
    let name = book.node(page).answer_keys().into_iter().find(|name| Hash::of(name) == key)?;
    Some(format!("{}.{name}", book.name(page)))
}

/// What was reached beside what there is.
#[derive(Debug)]
pub struct Coverage {
    /// Each kind of thing: its name, how many there are, and those that were not reached.
    pub kinds: Vec<(&'static str, usize, Vec<String>)>,
}

impl Coverage {
    pub fn of(book: &Book, reached: &Reached) -> Coverage {
        let all = Reached::all(book);
        let missed = |all: &BTreeSet<String>, reached: &BTreeSet<String>| all.difference(reached).cloned().collect();
        let kinds = [
            ("pages", &all.pages, &reached.pages),
            ("answers", &all.answers, &reached.answers),
            ("signs", &all.signs, &reached.signs),
            ("tips", &all.tips, &reached.tips),
        ];
        Coverage { kinds: kinds.map(|(name, all, reached)| (name, all.len(), missed(all, reached))).into() }
    }

    pub fn missed(&self, kind: &str) -> &[String] {
        self.kinds.iter().find(|(name, ..)| *name == kind).map_or(&[], |(_, _, missed)| missed)
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, all, missed) in self.kinds.iter().filter(|(_, all, _)| *all > 0) {
            let reached = all - missed.len();
            // Rounded down, so that 100 means all.
            writeln!(f, "{:>3} % of {name}: {reached} of {all}", 100 * reached / all)?;
        }
        for (name, _, missed) in self.kinds.iter().filter(|(_, _, missed)| !missed.is_empty()) {
            writeln!(f, "no walk reaches these {name}: {}", missed.join(", "))?;
        }
        Ok(())
    }
}
