//! BC0027: buttons remember which answer to the weeks was given, so a book asks for the weeks in one place.

use super::Case;
use crate::dialogue::Kind;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0027",
    name: "weeks-twice",
    severity: Severity::Error,
    summary: "Two pages ask for the weeks; their answers would be taken for each other.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let mut asking = book.nodes().filter(|(_, _, node)| matches!(node.kind, Kind::Weeks { .. })).map(|(_, id, _)| id);
    let Some(first) = asking.next() else { return };
    for id in asking {
        let message = format!("`{id}` asks for the weeks, and `{first}` does too.");
        findings.push(Finding::new(
            &RULE,
            spans.page(id),
            message,
            "A book asks for the weeks in one place: lead there instead.",
        ));
    }
}
