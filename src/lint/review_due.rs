//! BC0054: a source whose next review was due before today. Without a day, nothing is due.

use super::Case;
use super::texts::sent;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0054",
    name: "review-due",
    severity: Severity::Warning,
    summary: "A source is past the date on which its review was due: it may say something else today.",
};

pub fn check(&Case { book, spans, today, .. }: &Case, findings: &mut Vec<Finding>) {
    let Some(today) = today else { return };
    for (id, source) in book.sources() {
        let Some(due) = source.due.filter(|due| *due < today) else { continue };
        let rests = |sources: &[String]| sources.contains(id);
        let pages = book.nodes().filter(|(_, _, node)| rests(&node.sources)).count();
        let tips = sent(book).filter(|(_, tip)| rests(&tip.sources)).count();
        let message = format!("`{id}` was due for review on {due}. {} on it.", resting(pages, tips));
        let hint = "Read it anew, mend what rests on it, and give it its new dates.";
        findings.push(Finding::new(&RULE, spans.in_book(&["sources", id, "due"]), message, hint).about(id));
    }
}

/// `2 pages and 1 tip rest`.
fn resting(pages: usize, tips: usize) -> String {
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match (pages, tips) {
        (0, 0) => String::from("Nothing rests"),
        (1, 0) => String::from("1 page rests"),
        (pages, 0) => format!("{} rest", counted(pages, "page")),
        (0, 1) => String::from("1 tip rests"),
        (0, tips) => format!("{} rest", counted(tips, "tip")),
        (pages, tips) => format!("{} and {} rest", counted(pages, "page"), counted(tips, "tip")),
    }
}
