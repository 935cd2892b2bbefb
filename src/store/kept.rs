//! All that a store keeps of one chat, for whoever asks what that is.
//!
//! Never here: updates in hand, which go by themselves once they are answered; leases, which say nothing of a reader.

use jiff::civil::Date;

use super::UnderWay;
use crate::dialogue::Reader;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    pub reader: Reader,
    /// A week lies there, sealed with a key that is not this one.
    pub week_is_closed: bool,
    /// The weekly tips of this subscription, oldest first.
    pub tips: Vec<KeptTip>,
    /// An exercise that is being counted.
    pub exercise: Option<UnderWay>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTip {
    /// The day it belongs to.
    pub on: Date,
    pub tip: String,
    /// While it is on its way: the zone and the hour by which it was due.
    pub on_its_way: Option<(String, i8)>,
    pub helpful: Option<bool>,
    /// What was missing, by its id in the book.
    pub missing: Option<String>,
}

impl Kept {
    pub fn is_nothing(&self) -> bool {
        self.reader.is_stranger() && self.tips.is_empty() && self.exercise.is_none()
    }
}

/// One batch of what [`super::Store::forget_unseen`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unseen {
    /// Chats of which nothing is kept any more.
    pub forgotten: Vec<i64>,
    /// Chats whose last visit was not known, and counts from today.
    pub dated: Vec<i64>,
}

impl Unseen {
    /// Whether there may be more.
    pub fn found_some(&self) -> bool {
        !self.dated.is_empty() || !self.forgotten.is_empty()
    }
}
