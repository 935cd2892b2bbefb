//! BC0026: where a book lists its sources, every page that says something names one, and every weekly tip.

use indexmap::IndexMap;

use super::Case;
use super::texts::sent;
use crate::dialogue::Kind;
use crate::source::{FileId, Finding, Place, Rule, Severity, Spans};

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
    // A junction says nothing of its own; advice has a rule of its own, which holds in every book.
    let bare = book
        .nodes()
        .filter(|(_, _, node)| node.sources.is_empty() && !matches!(node.kind, Kind::Outcome { .. } | Kind::Advice { .. }));
    for (place, pages) in by_file(spans, bare.map(|(_, id, _)| id)) {
        let hint = "Write `source: ` and an id of book.yaml's `sources`, under the page or once at the top of the file.";
        findings.push(Finding::new(&RULE, place, format!("{pages} where the facts come from."), hint));
    }
    for (id, _) in sent(book).filter(|(_, tip)| tip.sources.is_empty()) {
        let hint = "Write `source: ` and an id of book.yaml's `sources`, under the tip or once at the top of the file.";
        let message = format!("The tip `{id}` does not say where its facts come from.");
        findings.push(Finding::new(&RULE, spans.in_weekly(&["tips", id]), message, hint));
    }
}

/// The pages of each file as one finding, at the first of them: most often the `source` at the top of the file is missing.
pub fn by_file<'a>(spans: &Spans, pages: impl Iterator<Item = &'a str>) -> Vec<(Place, String)> {
    let mut files: IndexMap<FileId, (Place, &str, usize)> = IndexMap::new();
    for id in pages {
        let place = spans.page(id);
        files.entry(place.file).or_insert((place, id, 0)).2 += 1;
    }
    let told = |(place, first, count): (Place, &str, usize)| {
        let pages = match count {
            1 => format!("`{first}` does not say"),
            2 => format!("`{first}` and another page of this file do not say"),
            _ => format!("`{first}` and {} other pages of this file do not say", count - 1),
        };
        (place, pages)
    };
    files.into_values().map(told).collect()
}
