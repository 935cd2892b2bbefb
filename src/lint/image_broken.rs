//! BC0059: a file in the folder `media` that can't be shown as the picture it says it is.

use super::Case;
use super::texts::images;
use crate::media;
use crate::source::{Finding, MEDIA_FOLDER, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0059",
    name: "image-broken",
    severity: Severity::Error,
    summary: "The file of a picture holds no picture that can be drawn.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for shown in images(case.book) {
        let file = shown.file;
        let Some(content) = case.shelf.media.get(file).and_then(|medium| medium.content.as_ref()) else { continue };
        if let Err(why) = media::check(file, content) {
            let message = format!("`{MEDIA_FOLDER}/{file}` can't be shown: {why}.");
            let hint = "Save it again as what its name ends in, or rename it.";
            findings.push(Finding::new(&RULE, shown.place(case.spans), message, hint));
        }
    }
}
