//! BC0022: the ticks of all checklists ride in one button of 64 bytes.

use super::Case;
use crate::dialogue::button::TICKS;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0022",
    name: "too-many-ticks",
    severity: Severity::Error,
    summary: "The checklists together have more rows than a button of 64 bytes can carry.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let mut bits = 0;
    for (_, id, node) in book.nodes() {
        let crate::dialogue::Kind::Checklist(list) = &node.kind else { continue };
        let before = bits;
        // Not sure takes a place beside the rows.
        bits += list.signs.len() + 1;
        if before <= TICKS && bits > TICKS {
            let message =
                format!("With this list the checklists have more than {TICKS} rows, Not sure counted with each list.");
            let hint = "All ticks ride in one button of 64 bytes: take rows out, or make two rows one.";
            findings.push(Finding::new(&RULE, spans.page(id), message, hint));
        }
    }
}
