//! BC0057: a file in the folder `media` that no page shows.

use std::collections::HashSet;

use super::Case;
use super::texts::images;
use crate::source::{Finding, MEDIA_FOLDER, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0057",
    name: "image-unused",
    severity: Severity::Warning,
    summary: "A file in the folder `media` is shown by no page.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    let shown: HashSet<&str> = images(case.book).map(|shown| shown.file).collect();
    // Hidden files are left there by the system, not by an author.
    for name in case.shelf.media.keys().filter(|name| !shown.contains(name.as_str()) && !name.starts_with('.')) {
        let message = format!("No page shows `{MEDIA_FOLDER}/{name}`.");
        let hint = "Show it with `image`, or take the file away.";
        findings.push(Finding::new(&RULE, case.spans.in_book(&[]), message, hint).about(name));
    }
}
