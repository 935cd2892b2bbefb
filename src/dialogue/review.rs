//! Which pages a clinician has checked, and what is left: by a review of the page as it stands, or of all that it rests on.
//!
//! Which reviews still hold is for `source` to say. Never here: what clinicians wrote; that is for authors.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;

use super::book::{Book, Kind, NodeId, Wording};
use super::compose::Composer;
use super::text::Text;
use super::words::Phrase;

/// Somebody qualified has found a page right as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// A name and a role, as readers are told them.
    pub by: String,
    pub on: Date,
}

/// How far a book has been checked by clinicians.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unreviewed {
    /// Pages that nobody has checked.
    pub pages: usize,
    /// Those that have to be.
    pub of: usize,
}

impl Book {
    /// The book with the reviews that still hold.
    pub fn heed_reviews(&mut self, reviews: HashMap<NodeId, Review>) {
        self.reviews = reviews;
    }

    /// The review of a page as it stands.
    pub fn review(&self, page: NodeId) -> Option<&Review> {
        self.reviews.get(&page)
    }

    /// Whether somebody has to check a page before the public reads it: whatever says or asks something of the book's subject. Junctions
    /// say nothing, and lists of choices are the bot's own affair.
    pub fn wants_review(&self, page: NodeId) -> bool {
        let node = self.node(page);
        let is_choice = matches!(
            node.kind,
            Kind::Outcome { .. }
                | Kind::Weekly
                | Kind::Saved { .. }
                | Kind::UnitNumber { .. }
                | Kind::Regions { .. }
                | Kind::Languages { .. }
        );
        let has_tips = || self.tips().is_some_and(|tips| tips.tips.values().any(|tip| tip.from == page && !tip.withdrawn));
        (!is_choice && node.withdrawn.is_none()) || has_tips()
    }

    /// Whether somebody has checked a page for this bot, with the weekly tips that come from it.
    pub fn is_reviewed(&self, page: NodeId) -> bool {
        self.review(page).is_some() || self.rests_on_reviewed(page)
    }

    /// Whether all that a page and its tips rest on was checked for this bot, source by source.
    pub fn rests_on_reviewed(&self, page: NodeId) -> bool {
        let tips = self.tips().into_iter().flat_map(|tips| tips.tips.values());
        let tips = tips.filter(|tip| tip.from == page && !tip.withdrawn).map(|tip| &tip.sources);
        std::iter::once(&self.node(page).sources).chain(tips).all(|sources| self.are_reviewed(sources))
    }

    /// Whether somebody has checked what the page itself says.
    pub(super) fn is_checked(&self, page: NodeId) -> bool {
        self.review(page).is_some() || self.are_reviewed(&self.node(page).sources)
    }

    /// What nobody knows the source of, nobody has checked.
    fn are_reviewed(&self, sources: &[String]) -> bool {
        let is_reviewed = |id: &String| self.sources().get(id).is_some_and(|source| source.clinically_reviewed);
        !sources.is_empty() && sources.iter().all(is_reviewed)
    }

    /// The pages that nobody has checked yet.
    pub fn unreviewed(&self) -> Unreviewed {
        let wanted: Vec<NodeId> = self.nodes().map(|(at, _, _)| at).filter(|at| self.wants_review(*at)).collect();
        Unreviewed { pages: wanted.iter().filter(|at| !self.is_reviewed(**at)).count(), of: wanted.len() }
    }
}

impl Composer<'_> {
    /// Who has checked the page, or that nobody has. A review is of the book's own words: it says nothing of a translation.
    pub(super) fn checked(&self) -> Text {
        let (book, page) = (self.book, self.screen.node);
        if !book.is_checked(page) {
            return self.phrase(Phrase::Unchecked);
        }
        let Some(review) = book.review(page) else { return Text::default() };
        let mut text = book.words().phrase(Phrase::Checked).fill(|name| match name {
            "name" => Some(Cow::Borrowed(review.by.as_str())),
            "date" => Some(Cow::Owned(book.words().date(review.on))),
            _ => self.word(name),
        });
        if book.wording(page) == Some(Wording::Unchecked) {
            text.append(self.phrase(Phrase::MachineTranslated));
        }
        text
    }
}
