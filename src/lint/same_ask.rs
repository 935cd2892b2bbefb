//! BC0033: two pages that are asked for in the same words: only one of them can be the answer.

use std::collections::HashMap;

use super::Case;
use super::asked::{asked, name};
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule =
    Rule { id: "BC0033", name: "same-ask", severity: Severity::Error, summary: "Two pages are asked for in the same words." };

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let mut seen = HashMap::new();
    for ask in asked(book) {
        let words = book.index().plain(ask.text);
        let first = *seen.entry(words).or_insert(ask.goal);
        if first != ask.goal {
            let message = format!("\"{}\" asks for `{}` too.", ask.text, name(book, first));
            findings.push(Finding::new(
                &RULE,
                ask.place(book, spans),
                message,
                "Leave it with the page that answers it better.",
            ));
        }
    }
}
