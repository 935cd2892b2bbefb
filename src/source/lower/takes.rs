//! What a key takes: told once beside the key, held by lowering, shown to editors by the schema.

use super::keys::Shape;

#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Nobody has said it yet: a key that is being made.
    Anything,
    /// One line of plain words.
    Words,
    /// Plain words, of several lines too.
    Plain,
    /// Markdown.
    Text,
    /// The id of a page.
    Page,
    /// Any other id.
    Id,
    /// The id of a source.
    Source,
    /// What a page or an answer is called today.
    Moved,
    /// Two letters.
    Language,
    Flag,
    /// A whole number, from and to.
    Number(u32, u32),
    /// A whole number from 1 on and its unit, as `5s`; at most so many.
    Measure(char, u32),
    Date,
    /// The plain name of a file that ends in one of these.
    File(fn() -> Vec<&'static str>),
    Address,
    /// Weeks, as `16..`.
    Weeks,
    /// Two hours of the day, as `21..8`.
    Hours,
    OneOf(fn() -> Vec<&'static str>),
    ListOf(&'static Takes),
    /// A list of exactly so many.
    SoMany(usize, &'static Takes),
    /// Keys that are known.
    One(&'static Shape),
    /// Keys that the author chooses, each with a value of the same kind.
    Each(Names, &'static Takes),
    Either(&'static [Takes]),
}

/// Which keys an author may choose.
#[derive(Debug, Clone, Copy)]
pub enum Names {
    Ids,
    /// Commands of Telegram.
    Commands,
    /// Two letters each.
    Languages,
    /// An old page, or an old page and its answer.
    Moved,
    Fixed(fn() -> Vec<&'static str>),
    Free,
}

impl Takes {
    /// The range of a number; everything, if it takes none.
    pub fn range(self) -> std::ops::RangeInclusive<u32> {
        if let Takes::Number(from, to) = self { from..=to } else { 0..=u32::MAX }
    }

    /// The names that it is one of; of a list, those of its items.
    pub fn names(self) -> Vec<&'static str> {
        match self {
            Takes::OneOf(names) => names(),
            Takes::ListOf(item) => item.names(),
            _ => Vec::new(),
        }
    }
}
