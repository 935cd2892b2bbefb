//! What was typed, heard in every language that the book understands: the one it is spoken in first.
//!
//! A warning sign counts in whatever language it is written. Other languages are asked only where the first one is not sure, so that
//! words of one that look like words of another raise no alarm.

use std::sync::Arc;

use super::book::{Book, NodeId};
use super::understand::{Index, Reading, Understood};

/// A reading, and what it was read with.
#[derive(Debug)]
pub struct Heard<'a> {
    pub reading: Reading,
    index: &'a Index,
}

impl Heard<'_> {
    /// The pages of all warning signs that were typed, the most urgent first.
    pub fn signs(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.reading.signs(self.index)
    }

    fn is_sure(&self) -> bool {
        matches!(self.reading.understood, Understood::Sign(_) | Understood::Sure(_))
    }

    /// Nothing was understood, or another language.
    fn is_lost(&self) -> bool {
        matches!(self.reading.understood, Understood::Unsure(_) | Understood::OtherLanguage(..))
    }
}

impl Book {
    /// What somebody typed.
    pub fn hear(&self, typed: &str) -> Heard<'_> {
        let first = Heard { reading: self.index().read(typed), index: self.index() };
        if !first.is_lost() {
            return first;
        }
        let mut likely = None;
        for index in self.tongues() {
            let other = Heard { reading: index.read(typed), index };
            if other.is_sure() {
                return other;
            }
            if !other.is_lost() {
                likely.get_or_insert(other);
            }
        }
        likely.unwrap_or(first)
    }

    /// The page of the most urgent warning sign that is named and counts, in any language.
    pub fn sign_in(&self, typed: &str) -> Option<NodeId> {
        let named = self.index().sign_in(typed);
        named.or_else(|| self.hear(typed).signs().next())
    }
}

/// Lets each book of a library hear what the others understand.
pub fn share(books: &mut [&mut Book]) {
    let indices: Vec<Arc<Index>> = books.iter().map(|book| book.shared_index()).collect();
    for book in books {
        let own = book.shared_index();
        let mut others: Vec<Arc<Index>> = Vec::new();
        for index in &indices {
            if !Arc::ptr_eq(index, &own) && !others.iter().any(|known| Arc::ptr_eq(known, index)) {
                others.push(Arc::clone(index));
            }
        }
        book.hear_also(others);
    }
}
