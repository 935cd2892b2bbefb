//! BC0048: with more rows of buttons than these, a phone shows no text beside them.

use super::Case;
use super::keyboards::{Words, keyboards};
use crate::dialogue::book::Footer;
use crate::dialogue::{Kind, Reader, Screen, View};
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0048",
    name: "too-many-rows",
    severity: Severity::Error,
    summary: "A screen has more rows of buttons than a phone shows beside a text.",
};

/// The fixed row counted. A phone shows about twelve rows above its keyboard, and a text takes four of them or more.
pub const MOST: usize = 8;
/// Rows behind More that are not of sources, at most.
const BESIDE: usize = 4;

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    for (at, id, node) in book.nodes() {
        let screens = keyboards(book, at);
        if let Some(rows) = screens.iter().filter(|rows| rows.len() > MOST).max_by_key(|rows| rows.len()) {
            let list = match &node.kind {
                Kind::Question { .. } | Kind::Weeks { .. } => "answers",
                Kind::Checklist(_) => "signs",
                _ => "links",
            };
            let words = rows.iter().flatten().map(|seen| &seen.words).next();
            let place = match words {
                Some(words @ Words::Book(_)) => words.place(spans, id),
                _ => spans.at(id, &[list]),
            };
            findings.push(Finding::new(
                &RULE,
                place,
                message(rows.len()),
                "Put short labels in one row, or make two pages of it.",
            ));
        }
        // Behind More, each source with a web address has a row, beside what can be done with the page.
        let linked = node.sources.iter().filter(|id| book.sources().get(*id).is_some_and(|source| source.link.is_some()));
        if linked.count() + BESIDE > MOST && book.footer().contains(&Footer::More) {
            let rows = book.compose(&Screen { view: View::Sources, ..Screen::of(at) }, &Reader::default()).rows.len();
            if rows > MOST {
                findings.push(Finding::new(
                    &RULE,
                    spans.at(id, &["source"]),
                    message(rows),
                    "Name the sources that carry most of it.",
                ));
            }
        }
    }
}

fn message(rows: usize) -> String {
    format!("This screen has {rows} rows of buttons; a phone shows {MOST} beside a text.")
}
