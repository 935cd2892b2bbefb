//! BC0037: what a book turns off is taken out of the findings, and what it turns off for nothing is one.
//!
//! Errors can't be turned off: a book with one never goes live.

use super::{Case, RULES};
use crate::dialogue::book::Off;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0037",
    name: "nothing-turned-off",
    severity: Severity::Warning,
    summary: "The book turns off a warning that it does not have, or something that is no warning.",
};

/// The findings without those that the book has turned off.
pub fn sift(case: &Case, findings: Vec<Finding>) -> Vec<Finding> {
    let off = case.book.off();
    let silences = |off: &Off, finding: &Finding| {
        let about = off.about.is_none() || off.about == finding.about;
        off.rule == finding.rule.id && about && finding.rule.severity == Severity::Warning
    };
    let mut used = vec![false; off.len()];
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match off.iter().position(|off| silences(off, &finding)) {
            Some(at) => used[at] = true,
            None => kept.push(finding),
        }
    }
    kept.extend(off.iter().zip(used).filter(|(_, used)| !used).filter_map(|(off, _)| idle(case, off)));
    kept
}

fn idle(case: &Case, off: &Off) -> Option<Finding> {
    let way: Vec<&str> = ["off", &off.rule].into_iter().chain(off.about.as_deref()).collect();
    let rule = RULES.iter().map(|row| row.rule).find(|rule| rule.id == off.rule);
    let (message, hint) = match rule {
        None => (format!("There is no rule `{}`.", off.rule), "Write the id of a warning, as it stands in brackets."),
        Some(rule) if rule.severity == Severity::Error => {
            (format!("`{}` is an error, and errors can't be turned off.", off.rule), "Mend what it is about.")
        }
        // Without a day, reviews are not looked at, and nothing is due.
        Some(_) if case.today.is_none() => return None,
        Some(_) => (format!("`{}` does not warn of this any more.", off.rule), "Take the line out."),
    };
    Some(Finding::new(&RULE, case.spans.in_book(&way), message, hint))
}
