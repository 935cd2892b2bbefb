//! BC0035: a warning sign that none of its own examples reaches: nobody knows whether it works.

use super::Case;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0035",
    name: "sign-without-example",
    severity: Severity::Error,
    summary: "A warning sign is reached by none of its examples.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    for (sign, parts) in &book.understanding().signs {
        let reached = parts.examples.iter().any(|example| book.index().names_sign(example, sign));
        if !reached {
            let message = format!("No example of `{sign}` is understood as this sign by its own words.");
            let hint = "Add an example that holds all meanings of one of its lines, or mend the lines.";
            findings.push(Finding::new(&RULE, spans.in_signs(&[sign, "says"]), message, hint));
        }
    }
}
