//! BC0040: help is never far. Of every book that says where help is, its own `rules` or none.

use super::Case;
use super::proof;
use crate::dialogue::book::SafetyRule;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0040",
    name: "help-too-far",
    severity: Severity::Error,
    summary: "There is a screen from which it takes more than two taps to where help begins.",
};

const TAPS: u32 = 2;

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    let Some(help) = case.book.help() else { return };
    // The book's own rule says it, and shows the same path.
    let says_so = |rule: &SafetyRule| matches!(rule, SafetyRule::Within { page, taps } if *page == help && *taps <= TAPS);
    if case.book.rules().iter().any(|(_, rule)| says_so(rule)) {
        return;
    }
    if case.ways().stopped {
        return;
    }
    let Some(broken) = proof::help_too_far(case.ways(), help, TAPS) else { return };
    let hint = "Give the page on the way a link there, or the fixed row: `footer: [back, help, more]`.";
    findings.push(Finding::new(&RULE, case.spans.in_book(&["help"]), broken.message, hint).with_walk(broken.walk));
}
