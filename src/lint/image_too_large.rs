//! BC0056: a picture that takes too long to come.

use super::Case;
use super::texts::images;
use crate::source::{Finding, LARGEST_PICTURE, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0056",
    name: "image-too-large",
    severity: Severity::Error,
    summary: "The file of a picture is larger than 1 MB.",
};

/// Telegram takes ten times as much. But a phone at night, on a slow line, waits for it, and a drawing needs a tenth.
pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for shown in images(case.book) {
        let medium = case.shelf.media.get(shown.file).filter(|medium| medium.bytes > LARGEST_PICTURE);
        let Some(medium) = medium else { continue };
        // Rounded up to a tenth, so that it never reads like the limit itself.
        let tenths = medium.bytes.saturating_mul(10).div_ceil(LARGEST_PICTURE);
        let message = format!("`{}` has {}.{} MB; 1 MB is allowed.", shown.file, tenths / 10, tenths % 10);
        let hint = "Save it smaller: a phone shows no more than about 1,200 pixels in a row.";
        findings.push(Finding::new(&RULE, shown.place(case.spans), message, hint));
    }
}
