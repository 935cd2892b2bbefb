//! The fixed row of buttons under a page, and where Back leads.

use super::book::{Checklist, Footer, Kind, NodeId};
use super::button::{Deed, Trail};
use super::compose::{Composer, Key};
use super::level::Level;
use super::triage::unsure_bit;
use super::words::Label;

impl Composer<'_> {
    /// The fixed row. On the way through the triage it is Back alone: help is what the reader is getting.
    pub(super) fn footer(&self) -> Option<Vec<Key>> {
        let (book, at, node) = (self.book, self.screen.node, self.node());
        if node.alone || at == book.home() {
            return None;
        }
        let triage = Some(at) == book.help() || matches!(node.kind, Kind::Weeks { .. } | Kind::Checklist(_));
        let emergency = matches!(node.kind, Kind::Advice { level: Level::Emergency, .. });
        let shown = book.footer().iter().filter(|each| match each {
            Footer::Back => true,
            Footer::Help => !triage && !emergency && book.help().is_some(),
            Footer::More => !triage && !node.sources.is_empty() && !matches!(node.kind, Kind::Question { .. }),
        });
        let row: Vec<Key> = shown
            .filter_map(|each| match each {
                Footer::Back => Some(self.back()),
                Footer::Help => book.help().map(|help| self.key(self.label(Label::GetHelp), Deed::Open, help)),
                Footer::More => Some(self.key(self.label(Label::More), Deed::More, at)),
            })
            .collect();
        (!row.is_empty()).then_some(row)
    }

    /// Back: to the page that help was asked from, to the last list that was ticked, or up.
    fn back(&self) -> Key {
        let (book, at) = (self.book, self.screen.node);
        let onto = self.screen.trail.onto.and_then(|hash| book.by_hash(hash));
        let label = self.label(Label::Back);
        let up = book.parent(at);
        let gates = |page: NodeId| matches!(&book.node(page).kind, Kind::Steps(steps) if steps.before == Some(at));
        match (&self.node().kind, onto) {
            // From a gate, back is the page above the exercise: the exercise itself would only ask again.
            (_, Some(onto)) if gates(onto) => self.key_with(label, Deed::Open, book.parent(onto), Trail::default()),
            (Kind::Advice { .. }, Some(onto)) => self.key_with(label, Deed::Open, onto, Trail::default()),
            _ if Some(at) == book.help() => self.key_with(label, Deed::Open, onto.unwrap_or(up), Trail::default()),
            (Kind::Advice { .. }, None) => self.key(label, Deed::Open, self.last_ticked().unwrap_or(up)),
            _ => self.key(label, Deed::Open, up),
        }
    }

    fn last_ticked(&self) -> Option<NodeId> {
        let visit = self.visit()?;
        let touched =
            |list: &Checklist, first: u8| (usize::from(first)..=unsure_bit(list, first)).any(|number| visit.has(number));
        self.book.checklists().filter(|(_, list, first)| touched(list, *first)).map(|(at, _, _)| at).last()
    }
}
