//! BC0050: advice says where it comes from, in every book, even in one that lists no sources for the rest.

use super::Case;
use super::no_source::by_file;
use crate::dialogue::Kind;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0050",
    name: "advice-without-source",
    severity: Severity::Error,
    summary: "A page of advice does not say where its facts come from.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let bare = book.nodes().filter(|(_, _, node)| node.sources.is_empty() && matches!(node.kind, Kind::Advice { .. }));
    for (place, pages) in by_file(spans, bare.map(|(_, id, _)| id)) {
        let hint = "Advice needs a source: write `source: ` and an id of book.yaml's `sources`, under the page or once at the top of the file.";
        findings.push(Finding::new(&RULE, place, format!("{pages} where the advice comes from."), hint));
    }
}
