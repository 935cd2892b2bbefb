//! What was found in the book, as an author reads it: the page, the line, what helps, and a walk that can be played.

use std::collections::HashSet;

use maud::{Markup, html};

use super::desk::State;
use crate::source::{Finding, Report, Severity};

/// More than these nobody reads at once.
const MOST: usize = 200;

pub fn problems(state: &State, version: u64) -> Markup {
    let report = &state.report;
    let (errors, warnings) = (report.errors(), report.warnings());
    let pages: HashSet<&str> =
        state.edition.iter().flat_map(|edition| edition.book(None).nodes().map(|(_, id, _)| id)).collect();
    html! {
        div.found data-version=(version) data-errors=(errors) data-warnings=(warnings) {
            p.sum role="status" {
                @if state.is_broken { strong { "What stands on the disk can't be read as a book, so the phone shows the one before. " } }
                @if state.is_checking {
                    "Checking…"
                } @else if errors > 0 && !state.is_broken {
                    "The phone shows the book as it is, but with " (counted(errors, "error")) " it can't go live."
                } @else if errors + warnings == 0 {
                    "No mistakes: this book may go live."
                } @else if errors == 0 {
                    "This book may go live. " (counted(warnings, "warning")) " to look at."
                }
            }
            ol.findings {
                // Errors first; within each, as they stand in the files.
                @for severity in [Severity::Error, Severity::Warning] {
                    @for (number, finding) in report.findings().iter().enumerate().filter(|(_, finding)| finding.rule.severity == severity).take(MOST) {
                        (item(report, number, finding, &pages))
                    }
                }
            }
            @if errors > MOST || warnings > MOST { p.note { "Only the first " (MOST) " of each kind are shown; `backcare check` tells all." } }
        }
    }
}

fn item(report: &Report, number: usize, finding: &Finding, pages: &HashSet<&str>) -> Markup {
    let page = finding.about.as_deref().filter(|about| pages.contains(about)).or_else(|| page_in(report, finding, pages));
    html! {
        li class=(finding.rule.severity.name()) {
            h2 { span.severity { (finding.rule.severity.name()) } " " (finding.message) }
            p.place { code { (report.address(finding.place)) } " " span.rule { (finding.rule.id) " " (finding.rule.name) } }
            @if let Some(snippet) = report.snippet(finding.place) {
                pre tabindex="0" { code {
                    span.number { (snippet.number) } "  " (snippet.line) "\n"
                    (" ".repeat(snippet.number.to_string().len() + 2 + snippet.indent)) span.carets { ("^".repeat(snippet.carets)) }
                } }
            }
            @if let Some(hint) = &finding.hint { p.hint { (hint) } }
            div.buttons {
                @if let Some(page) = page { button type="button" data-open=(page) { "Show " code { (page) } } }
                @if finding.walk.is_some() { button type="button" data-play=(number) { "Play it in the phone" } }
            }
        }
    }
}

/// The page in whose lines a finding lies: the last key without indentation above it.
fn page_in<'p>(report: &Report, finding: &Finding, pages: &HashSet<&'p str>) -> Option<&'p str> {
    let file = report.file(finding.place.file)?;
    let before = file.text.get(..file.line(file.line_of(finding.place.span.from)).to)?;
    let keys = before.lines().rev().filter(|line| line.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let key = keys.filter_map(|line| line.split_once(':')).map(|(key, _)| key).next()?;
    pages.get(key).copied()
}

pub fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
