//! BC0030: a tip for weeks after the last tip has gone out is never sent.

use super::Case;
use super::texts::sent;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0030",
    name: "tip-never-sent",
    severity: Severity::Warning,
    summary: "A weekly tip fits only weeks in which no tip is sent any more.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let Some(tips) = book.tips() else { return };
    let last = tips.policy.last_week;
    for (id, tip) in sent(book) {
        let Some(from) = tip.weeks.and_then(|weeks| weeks.from).filter(|from| *from > last) else { continue };
        let message = format!("The tip `{id}` is for week {from} on, but week {last} gets the last tip.");
        let hint = "Give it earlier `weeks`, or raise `last-week` under `policy`.";
        findings.push(Finding::new(&RULE, spans.in_weekly(&["tips", id, "weeks"]), message, hint));
    }
}
