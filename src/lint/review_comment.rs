//! BC0068: what a clinician has said of a page, until somebody has seen to it.

use super::Case;
use crate::source::{Comment, Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0068",
    name: "review-comment",
    severity: Severity::Warning,
    summary: "A clinician has said something of a page that nobody has seen to yet.",
};

/// More is read in the file itself.
const SHOWN: usize = 200;

pub fn check(&Case { reviews, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    for (page, review) in &reviews.pages {
        for (number, Comment { by, on, says }) in review.comments.iter().enumerate() {
            let message = format!("{by} ({on}) says of `{page}`: \"{}\"", in_short(says));
            let place = spans.in_reviews(&[&review.key, "comments", &number.to_string(), "says"]);
            let hint = "Mend the page, then take the comment out.";
            findings.push(Finding::new(&RULE, place, message, hint).about(page));
        }
    }
}

/// On one line.
fn in_short(says: &str) -> String {
    let words = says.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default().trim_end()),
        None => words,
    }
}
