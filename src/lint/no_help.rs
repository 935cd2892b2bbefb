//! BC0028: a book should say where Get help leads.

use super::Case;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0028",
    name: "no-help",
    severity: Severity::Warning,
    summary: "The book does not say where Get help leads, so that button is missing everywhere.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    if book.help().is_none() {
        let message = "The book does not say where Get help leads.";
        findings.push(Finding::new(
            &RULE,
            spans.in_book(&[]),
            message,
            "Write `help: ` and the id of the page where help begins.",
        ));
    }
}
