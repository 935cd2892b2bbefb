//! What a book demands of itself: its budgets, what it never says, and the warnings that it has turned off. Who holds it to them is
//! the checker.

/// The budgets of this book; `None` where it sets none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    pub page_words: Option<usize>,
    pub advice_words: Option<usize>,
    /// Of a weekly tip.
    pub tip_words: Option<usize>,
    /// Years: the age at which people read as well as a text needs.
    pub reading_age: Option<u32>,
    /// Own buttons of a page.
    pub buttons: Option<usize>,
    /// Rows that loose links are packed into.
    pub rows: Option<usize>,
    /// Rows of a checklist.
    pub signs: Option<usize>,
    /// How many hours a triage may take before its ticks are asked again.
    pub memory_hours: Option<u32>,
    /// How many screens the checker tries to prove the book's rules.
    pub screens: Option<usize>,
}

/// Words that never reach a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeverSay {
    pub words: String,
    /// Told to authors who wrote them.
    pub because: Option<String>,
}

/// A warning that is turned off, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// The id of the checker's rule.
    pub rule: String,
    /// The page, source or tip for which it is; everywhere if there is none.
    pub about: Option<String>,
    pub because: String,
}
