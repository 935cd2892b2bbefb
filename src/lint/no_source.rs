//! BC0026: where a book lists its sources, every page that says something names one, and every weekly tip.

use super::Case;
use super::texts::sent;
use crate::dialogue::Kind;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0026",
    name: "no-source",
    severity: Severity::Error,
    summary: "A page or a tip does not say where its facts come from, though the book lists sources.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    if book.sources().is_empty() {
        return;
    }
    for (_, id, node) in book.nodes() {
        // A junction says nothing of its own.
        if node.sources.is_empty() && !matches!(node.kind, Kind::Outcome { .. }) {
            let hint = "Write `source: ` and an id of book.yaml's `sources`, under the page or once at the top of the file.";
            findings.push(Finding::new(&RULE, spans.page(id), format!("`{id}` does not say where its facts come from."), hint));
        }
    }
    for (id, _) in sent(book).filter(|(_, tip)| tip.sources.is_empty()) {
        let hint = "Write `source: ` and an id of book.yaml's `sources`, under the tip or once at the top of the file.";
        let message = format!("The tip `{id}` does not say where its facts come from.");
        findings.push(Finding::new(&RULE, spans.in_weekly(&["tips", id]), message, hint));
    }
}
