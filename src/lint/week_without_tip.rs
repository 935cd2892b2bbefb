//! BC0031: somebody who asked for a tip a week gets one in each week, whether a week is kept of them or not.

use super::Case;
use super::texts::sent;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0031",
    name: "week-without-tip",
    severity: Severity::Warning,
    summary: "There are weeks, or readers who keep no week, that no weekly tip fits.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let Some(tips) = book.tips() else { return };
    // A tip for any week fits all weeks, and the readers of whom none is kept.
    if sent(book).any(|(_, tip)| tip.weeks.is_none()) {
        return;
    }
    let hint = "Give one tip no `weeks`: it then fits every week, and every reader.";
    let mut warn = |message: String| findings.push(Finding::new(&RULE, spans.in_weekly(&["tips"]), message, hint));
    let fits = |week: u8| sent(book).filter_map(|(_, tip)| tip.weeks).any(|weeks| weeks.includes(week));
    let without: Vec<u8> = (book.weeks().from..=tips.policy.last_week).filter(|week| !fits(*week)).collect();
    if !without.is_empty() {
        warn(format!("No tip fits {}.", weeks(&without)));
    }
    warn(String::from("No tip fits readers who keep no week."));
}

/// Weeks in a row are told by their first and last: `week 3, weeks 5 to 9`.
fn weeks(numbers: &[u8]) -> String {
    let rows = numbers.chunk_by(|one, next| one + 1 == *next);
    let told = rows.filter_map(|row| match row {
        [] => None,
        [one] => Some(format!("week {one}")),
        [first, .., last] => Some(format!("weeks {first} to {last}")),
    });
    told.collect::<Vec<_>>().join(", ")
}
