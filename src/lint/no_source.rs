//! BC0026: where a book lists its sources, every page that says something names one.

use crate::dialogue::{Book, Kind};
use crate::source::{Finding, Rule, Severity, Spans};

pub static RULE: Rule = Rule {
    id: "BC0026",
    name: "no-source",
    severity: Severity::Error,
    summary: "A page does not say where its facts come from, though the book lists sources.",
};

pub fn check(book: &Book, spans: &Spans, findings: &mut Vec<Finding>) {
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
}
