//! BC0067: a page that somebody has reviewed, and that has changed since: nobody has checked what it says now.

use super::Case;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0067",
    name: "review-stale",
    severity: Severity::Warning,
    summary: "A page has changed since a clinician reviewed it, so the review holds no more.",
};

pub fn check(&Case { reviews, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    for (page, review) in &reviews.pages {
        let Some(stale) = reviews.stale(page) else { continue };
        let message = format!("`{page}` has changed since it was reviewed by {}, on {}.", stale.by, stale.on);
        let hint = "Ask for it to be reviewed again, or take the review out.";
        let place = spans.in_reviews(&[&review.key, "reviewed-by"]);
        findings.push(Finding::new(&RULE, place, message, hint).about(page));
    }
}
