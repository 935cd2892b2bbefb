//! BC0034: an ask that does not lead to its own page, because the words of a warning sign in it win.

use super::Case;
use super::asked::{asked, name};
use crate::dialogue::understand::Goal;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0034",
    name: "ask-astray",
    severity: Severity::Error,
    summary: "An ask leads to another page than its own: its words are those of a warning sign.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    for ask in asked(book) {
        if let Some(sign) = book.index().sign_in(ask.text)
            && Goal::Page(sign) != ask.goal
        {
            let message = format!("\"{}\" leads to `{}`, not to `{}`.", ask.text, book.name(sign), name(book, ask.goal));
            let hint = "It names a warning sign. Say it in other words, or mend the sign; `backcare understand --why` tells which words counted.";
            findings.push(Finding::new(&RULE, ask.place(book, spans), message, hint));
        }
    }
}
