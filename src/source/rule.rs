//! What can be wrong with a book while it is read, one constant each. `lint` lists these beside its own rules.
//!
//! Ids are stable for ever: authors search for them, scripts filter by them. A rule that is dropped leaves its id unused.

/// A kind of mistake. Each mistake that is found is a [`super::Finding`] of one.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `BC` and four digits.
    pub id: &'static str,
    /// The same in words; also the name of its bad book in `tests/bad`.
    pub name: &'static str,
    pub severity: Severity,
    /// One sentence for people who never saw it.
    pub summary: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The book cannot go live.
    Error,
    /// The book works, but somebody should look.
    Warning,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

const fn error(id: &'static str, name: &'static str, summary: &'static str) -> Rule {
    Rule { id, name, severity: Severity::Error, summary }
}

pub static UNREADABLE: Rule = error("BC0001", "unreadable-file", "A folder or a file cannot be opened, or is not UTF-8 text.");
pub static MISSING_FILE: Rule = error("BC0002", "missing-file", "A file that every book needs is not there.");
pub static SYNTAX: Rule =
    error("BC0003", "syntax", "The YAML cannot be read: a quote, a bracket, a space or a line is out of place.");
pub static REFUSED: Rule =
    error("BC0004", "refused-yaml", "A corner of YAML that books do without: anchors, merges, tags, several documents.");
pub static CUT_TEXT: Rule = error("BC0005", "cut-text", "A `#` or a comma ends a text earlier than its author meant.");
pub static UNKNOWN_KEY: Rule = error("BC0006", "unknown-key", "A key that has no meaning here, often a slip of the pen.");
pub static REPEATED_KEY: Rule = error("BC0007", "repeated-key", "The same key stands twice in one place.");
pub static MISSING_KEY: Rule = error("BC0008", "missing-key", "A key that is needed is not there.");
pub static WRONG_TYPE: Rule = error("BC0009", "wrong-type", "A list stands where a text belongs, or the like.");
pub static WRONG_VALUE: Rule = error("BC0010", "wrong-value", "A value that is none of those allowed.");
pub static EMPTY: Rule = error("BC0011", "empty", "A text, a list or a key with nothing in it.");
pub static BAD_ID: Rule =
    error("BC0012", "bad-id", "An id that is not made of small letters, digits and hyphens, or is taken.");
pub static REPEATED_PAGE: Rule = error("BC0013", "repeated-page", "Two pages have the same id.");
pub static UNKNOWN_PAGE: Rule = error("BC0014", "unknown-page", "Something leads to a page or an answer that does not exist.");
pub static UNKNOWN_SOURCE: Rule = error("BC0015", "unknown-source", "A page names a source that `book.yaml` does not list.");
pub static UNKNOWN_PLACEHOLDER: Rule = error("BC0016", "unknown-placeholder", "A word in braces that nothing fills in.");
pub static MARKDOWN: Rule =
    error("BC0017", "unsupported-markdown", "Markdown beyond bold, italic, links, lists and paragraphs.");
pub static UNLABELLED: Rule = error("BC0018", "unlabelled-button", "A button would have no words on it.");
pub static NO_HOME: Rule = error("BC0019", "no-home", "The book does not say which page it starts with.");
pub static UNKNOWN_MEANING: Rule =
    error("BC0032", "unknown-meaning", "A warning sign is made of a meaning for which no words are listed.");
pub static SERVICES_COLUMNS: Rule = error(
    "BC0064",
    "services-columns",
    "The first row of the list of services lacks a column, or names one that nobody knows.",
);
pub static SERVICE_ROW: Rule =
    error("BC0065", "service-row", "A row of the list of services has a value that can't be, or too many, or too few.");
pub static UNCLEAR_KIND: Rule = error("BC0020", "unclear-kind", "A page is of no kind, or of two.");
