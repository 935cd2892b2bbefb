//! BC0055: a picture that a page shows, and whose file is not in the folder `media` beside the book.

use super::Case;
use super::texts::images;
use crate::source::{Finding, MEDIA_FOLDER, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0055",
    name: "image-missing",
    severity: Severity::Error,
    summary: "A page shows a picture whose file is not in the folder `media`.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for shown in images(case.book) {
        let file = shown.file;
        if case.shelf.media.contains_key(file) {
            continue;
        }
        let alike = case.shelf.media.keys().find(|name| name.eq_ignore_ascii_case(file));
        let hint = match alike {
            Some(alike) => format!("Did you mean `{alike}`? Capital letters count."),
            None => format!("Put it into the folder `{MEDIA_FOLDER}` beside book.yaml, or take the picture out."),
        };
        let message = format!("There is no `{MEDIA_FOLDER}/{file}`.");
        findings.push(Finding::new(&RULE, shown.place(case.spans), message, hint));
    }
}
