//! `reviews.yaml`: who has found which page right as it stood, and what was said of it. Which of it holds of the page as it stands now is
//! told by fingerprints; what follows from it is for others.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::civil::Date;

use super::Leaf;
use super::desk::{Desk, Fields};
use super::front::top;
use super::keys::{COMMENT, COMMENT_BY, COMMENT_ON, COMMENT_SAYS, COMMENTS, PAGE_REVIEW, REVIEW_OF, REVIEWED_BY, REVIEWED_ON};
use crate::dialogue::Book;
use crate::source::finding::{FileId, Span};
use crate::source::rule;
use crate::source::seen::fingerprints;
use crate::source::tree::{Entry, Tree, What};

/// What clinicians said of a book.
#[derive(Debug, Clone, Default)]
pub struct Reviews {
    /// The file, if there is one.
    pub file: Option<FileId>,
    /// By the id of the page, as it is called today; in the order of the file.
    pub pages: IndexMap<String, PageReview>,
    /// Every page of the book as it stands.
    fingerprints: HashMap<String, u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageReview {
    /// What the page is called in the file.
    pub key: String,
    /// From its key to the end of its last value.
    pub span: Span,
    pub reviewed: Option<Reviewed>,
    pub comments: Vec<Comment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// A name and a role.
    pub by: String,
    pub on: Date,
    /// The fingerprint of the page as it was seen.
    pub of: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// A name and a role.
    pub by: String,
    pub on: Date,
    pub says: String,
}

impl Reviews {
    /// Nothing was said yet.
    pub fn of(leaves: &[Leaf]) -> Reviews {
        Reviews { fingerprints: fingerprints(leaves), ..Reviews::default() }
    }

    /// The fingerprint of a page as it stands.
    pub fn fingerprint(&self, page: &str) -> Option<u32> {
        self.fingerprints.get(page).copied()
    }

    /// The review of a page, if it has not changed since.
    pub fn current(&self, page: &str) -> Option<&Reviewed> {
        self.reviewed(page).filter(|reviewed| self.fingerprint(page) == Some(reviewed.of))
    }

    /// The review of a page that has changed since.
    pub fn stale(&self, page: &str) -> Option<&Reviewed> {
        self.reviewed(page).filter(|reviewed| self.fingerprint(page) != Some(reviewed.of))
    }

    fn reviewed(&self, page: &str) -> Option<&Reviewed> {
        self.pages.get(page)?.reviewed.as_ref()
    }
}

/// Whether any page was found right.
pub fn has_any(leaf: &Leaf) -> bool {
    let What::Map { entries, .. } = &leaf.tree.what else { return false };
    entries.iter().any(|entry| entry.value.get(REVIEWED_BY.name).is_some())
}

impl Desk<'_> {
    /// Whoever mends a page takes its comment out, and perhaps leaves a key behind with nothing in it: that is no mistake.
    pub fn reviews_file(&mut self, leaf: &Leaf, book: Option<&Book>, mut reviews: Reviews) -> Reviews {
        let tree = &leaf.tree;
        reviews.file = Some(leaf.file);
        if matches!(tree.what, What::Broken | What::Nothing) {
            return reviews;
        }
        let Some((entries, _)) = self.map(tree, top(tree), "reviews.yaml") else { return reviews };
        for entry in entries {
            let page = match book {
                Some(book) => self.reviewed_page(entry, book),
                None => Some(entry.key.clone()),
            };
            let review = self.page_review(entry, page.as_ref().and_then(|page| reviews.fingerprint(page)));
            let Some(page) = page else { continue };
            match reviews.pages.get(&page) {
                // The same key twice was told before.
                Some(first) if first.key == review.key => {}
                Some(first) => {
                    let message = format!("`{}` and `{}` are the same page today: `{page}`.", first.key, review.key);
                    self.add(&rule::REPEATED_PAGE, entry.key_span, message, format!("Put both under `{page}`."));
                }
                None => drop(reviews.pages.insert(page, review)),
            }
        }
        reviews
    }

    /// What the page of an entry is called today.
    fn reviewed_page(&mut self, entry: &Entry, book: &Book) -> Option<String> {
        if let Some(page) = book.find_moved(&entry.key) {
            return Some(book.name(page).to_owned());
        }
        let hint = match self.guess(&entry.key, book.nodes().map(|(_, id, _)| id)) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => String::from("Write the id of a page; if the page is gone, take this out."),
        };
        self.add_about(&rule::UNKNOWN_PAGE, entry.key_span, format!("There is no page `{}`.", entry.key), hint, &entry.key);
        None
    }

    /// `now` is the fingerprint of the page as it stands.
    fn page_review(&mut self, entry: &Entry, now: Option<u32>) -> PageReview {
        let (value, at) = (&entry.value, entry.key_span);
        let span = Span::new(at.from, value.span.to.max(at.to));
        let review = PageReview { key: entry.key.clone(), span, ..PageReview::default() };
        if matches!(value.what, What::Nothing | What::Broken) {
            return review;
        }
        let Some(fields) = self.fields(value, at, &PAGE_REVIEW) else { return review };
        let comments = fields.get(&COMMENTS).filter(|tree| !is_empty(tree)).and_then(|tree| self.list(tree, COMMENTS.name));
        let comments = comments.unwrap_or_default().iter().filter_map(|tree| self.comment(tree)).collect();
        PageReview { reviewed: self.reviewed(&fields, at, now), comments, ..review }
    }

    /// A review is whole, or there is none.
    fn reviewed(&mut self, fields: &Fields, at: Span, now: Option<u32>) -> Option<Reviewed> {
        let is_there = [&REVIEWED_BY, &REVIEWED_ON, &REVIEW_OF].into_iter().any(|key| fields.get(key).is_some());
        if !is_there {
            return None;
        }
        let by = self.need_here(fields, &REVIEWED_BY).and_then(|tree| self.words(tree, REVIEWED_BY.name));
        let on = self.need_here(fields, &REVIEWED_ON).and_then(|tree| self.date(tree));
        let hint = match now {
            Some(now) => format!("If the page was found right as it stands now, write `of: {now:08x}`."),
            None => String::from("It is the page's fingerprint, which `backcare review` writes."),
        };
        let of = if let Some(tree) = fields.get(&REVIEW_OF) {
            self.fingerprint(tree, &hint)
        } else {
            self.add(&rule::MISSING_KEY, at, format!("`{}` is missing.", REVIEW_OF.name), hint);
            None
        };
        Some(Reviewed { by: by?, on: on?, of: of? })
    }

    fn comment(&mut self, tree: &Tree) -> Option<Comment> {
        let fields = self.fields(tree, Span::new(tree.span.from, tree.span.from), &COMMENT)?;
        let by = self.need(&fields, &COMMENT_BY).and_then(|tree| self.words(tree, COMMENT_BY.name));
        let on = self.need(&fields, &COMMENT_ON).and_then(|tree| self.date(tree));
        let says = self.need(&fields, &COMMENT_SAYS).and_then(|tree| self.text(tree, COMMENT_SAYS.name).map(str::to_owned));
        Some(Comment { by: by?, on: on?, says: says? })
    }
}

/// Nothing is left in a list.
fn is_empty(tree: &Tree) -> bool {
    match &tree.what {
        What::Nothing => true,
        What::List { items, .. } => items.is_empty(),
        _ => false,
    }
}
