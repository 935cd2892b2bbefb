//! Free text to a page: warning signs first, then the pages' own asks.
//!
//! What was typed is cut into plain words (`normal`), words that mean the same are one (`lexicon`), warning signs are a few meanings that
//! stand together and are not denied (`signs`), pages are told by their examples (`asks`), another language is noticed (`tongue`), and
//! what follows from all of it is judged (`judge`). All words are the book's. What is not understood is said to be so; nothing that was
//! typed leaves this room.

mod arabic;
mod asks;
mod index;
mod judge;
mod lexicon;
mod normal;
mod reading;
mod signs;
mod tongue;
mod weeks;

use indexmap::IndexMap;

use super::ids::NodeId;
use super::level::WeekRange;

pub use self::index::Index;
pub use self::reading::{Reading, Why};
pub use self::signs::{Cue, Link, Verdict};

/// What the book says of understanding: the part of `understanding.yaml`, `signs.yaml` and `asks.yaml` that is not on a page.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Short forms and emoji, and what they stand for.
    pub spelling: Vec<(String, String)>,
    pub cues: Vec<(Cue, Vec<String>)>,
    /// Words that mean the same, by a name for what they mean.
    pub meanings: IndexMap<String, Vec<String>>,
    /// The most urgent first.
    pub signs: IndexMap<String, SignParts>,
    /// Asks of pages and commands that do not stand on a page.
    pub asks: Vec<(Goal, Vec<String>)>,
    /// The page that answers in other languages.
    pub other_language: Option<NodeId>,
}

#[derive(Debug, Clone)]
pub struct SignParts {
    pub page: NodeId,
    pub weeks: Option<WeekRange>,
    /// What lies in the past is a sign all the same.
    pub past_counts: bool,
    /// Who only asks about it is answered as if it were there.
    pub asked_counts: bool,
    pub says: Vec<Vec<(Link, Item)>>,
    pub examples: Vec<String>,
}

/// A piece of what makes a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A meaning by its name.
    Meaning(String),
    /// Words as they are.
    Words(String),
}

/// What may have been meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Goal {
    Page(NodeId),
    Weekly(Wish),
    /// Something that the book has nothing about.
    Beyond,
}

/// A command about the weekly tips, said in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    Stop,
    Change,
    Week,
}

impl Wish {
    pub const ALL: [Wish; 3] = [Wish::Stop, Wish::Change, Wish::Week];

    /// The key in `asks.yaml`.
    pub fn name(self) -> &'static str {
        match self {
            Wish::Stop => "weekly.stop",
            Wish::Change => "weekly.change",
            Wish::Week => "weekly.week",
        }
    }
}

/// The key in `asks.yaml` under which stands what the book has nothing about.
pub const BEYOND: &str = "beyond";

/// What was understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Understood {
    /// A warning sign: its page, whatever else was said.
    Sign(NodeId),
    Sure(Goal),
    /// Probably this, and two others that are near.
    Nearly(Goal, Vec<Goal>),
    /// The nearest, at most two; none if it lies beyond the book.
    Unsure(Vec<Goal>),
    /// Another language than the book's: its two-letter code, or nothing.
    OtherLanguage(NodeId, &'static str),
}
