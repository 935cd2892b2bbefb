//! BC0066: a leaflet that says of some signs of the triage not whom to call: they would not be on it at all.

use super::Case;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0066",
    name: "leaflet-lacks-signs",
    severity: Severity::Error,
    summary: "The leaflet says nothing about some signs that the triage asks for.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let Some(leaflet) = book.leaflet() else { return };
    let said: Vec<_> = leaflet.levels().collect();
    for level in book.levels_of_signs().into_iter().filter(|level| !said.contains(level)) {
        let message = format!("The triage has signs of level `{level}`, but the leaflet doesn't say what to do about them.");
        let hint = format!("Write `{level}` under `signs` in one of its sections: whom to call about such a sign.");
        findings.push(Finding::new(&RULE, spans.in_book(&["leaflet"]), message, hint).about(level.name()));
    }
}
