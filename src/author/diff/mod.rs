//! `backcare diff`: what a reader would now see differently, and which buttons out in the world change their meaning or lose it.
//!
//! Two books are held beside each other, both as they are stepped. Nothing is read from files here.

mod buttons;
mod pages;
mod show;
mod weekly;

pub use buttons::{ButtonChange, Fate};
pub use pages::PageChange;

use crate::dialogue::{Book, Hash};

/// All that differs between two books, from a reader's side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    pub appeared: Vec<String>,
    pub vanished: Vec<String>,
    /// Old id and new.
    pub moved: Vec<(String, String)>,
    /// Screens that say or offer something else, the nearest to home first.
    pub changed: Vec<PageChange>,
    pub buttons: Vec<ButtonChange>,
    /// Questions and lists that are worded anew under the same edition.
    pub reworded: Vec<String>,
    /// Weekly tips, a line each.
    pub tips: Vec<String>,
    /// Placeholders that a region says otherwise, a line each.
    pub sayings: Vec<String>,
}

/// What changes for readers from one book to another.
pub fn diff(old: &Book, new: &Book) -> Difference {
    let mut difference = Difference::default();
    for (_, id, _) in old.nodes().filter(|(_, id, _)| new.find(id).is_none()) {
        match new.by_hash(Hash::of(id)) {
            Some(today) => difference.moved.push((id.to_owned(), new.name(today).to_owned())),
            None => difference.vanished.push(id.to_owned()),
        }
    }
    let is_new = |id: &str| old.find(id).is_none() && !difference.moved.iter().any(|(_, today)| today == id);
    difference.appeared = new.nodes().map(|(_, id, _)| id).filter(|id| is_new(id)).map(str::to_owned).collect();
    difference.changed = pages::changed(old, new);
    difference.buttons = buttons::changed(old, new);
    difference.reworded = buttons::reworded(old, new);
    difference.tips = weekly::tips(old, new);
    difference.sayings = weekly::sayings(old, new);
    difference
}

impl Difference {
    /// Buttons that lose their meaning.
    pub fn lost(&self) -> usize {
        self.buttons.iter().filter(|button| button.fate == Fate::Lost).count()
    }

    pub fn is_empty(&self) -> bool {
        *self == Difference::default()
    }
}
