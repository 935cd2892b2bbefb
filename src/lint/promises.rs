//! BC0038: the book's own safety rules hold on every path, or the shortest path that breaks one is shown. BC0039: not every path could be
//! tried.

use super::Case;
use super::proof::judge;
use crate::dialogue::book::SafetyRule;
use crate::source::{Finding, Rule, Severity};

pub static BROKEN: Rule = Rule {
    id: "BC0038",
    name: "rule-broken",
    severity: Severity::Error,
    summary: "One of the book's own `rules` does not hold: there is a path that breaks it.",
};

pub static STOPPED: Rule = Rule {
    id: "BC0039",
    name: "proof-stopped",
    severity: Severity::Warning,
    summary: "There are more screens than could be tried, so the book's `rules` are proved for a part of them only.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for (number, rule) in case.book.rules() {
        // Where not all was tried, what seems to lead nowhere may only not have been looked at; what was met is there.
        if case.ways().stopped && !matches!(rule, SafetyRule::Never { .. }) {
            continue;
        }
        let Some(broken) = judge(case.ways(), rule) else { continue };
        let place = case.spans.in_book(&["rules", &number.to_string()]);
        let hint = "Mend the pages on the way; the rule is there for the reader.";
        findings.push(Finding::new(&BROKEN, place, broken.message, hint).with_walk(broken.walk));
    }
}

pub fn check_all_tried(case: &Case, findings: &mut Vec<Finding>) {
    if case.book.rules().is_empty() || !case.ways().stopped {
        return;
    }
    let message = format!("{} screens were tried, and there are more: the rules are not proved.", case.ways().states.len());
    let hint = "Raise `screens` under `limits`, or make fewer pages lead from one triage into another.";
    findings.push(Finding::new(&STOPPED, case.spans.in_book(&["rules"]), message, hint));
}
