//! BC0043: words of another language that nobody reads: for no text of the book, in the wrong file, or in a folder that the book
//! doesn't list.

use super::Case;
use crate::source::{Astray, Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0043",
    name: "translation-astray",
    severity: Severity::Warning,
    summary: "Words of another language stand where the book has no such text, or doesn't speak that language.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for each in &case.languages.translations {
        let language = &each.language;
        for Astray { way, place, belongs, near } in &each.astray {
            let (message, hint) = match (belongs, near) {
                (Some(file), _) => (
                    format!("`{way}` stands in another file of the book."),
                    format!("`backcare translate {language}` puts it into {language}/{file}."),
                ),
                (None, Some(near)) => (format!("The book has no text `{way}`."), format!("Did you mean `{near}`?")),
                (None, None) => (
                    format!("The book has no text `{way}`."),
                    format!("`backcare translate {language}` keeps it at the end of the file; take it out if nobody needs it."),
                ),
            };
            findings.push(Finding::new(&RULE, *place, message, hint).about(language));
        }
    }
    for folder in &case.languages.unlisted {
        let message = format!("There is a folder `{folder}`, but the book doesn't speak that language.");
        let hint = format!("Add `{folder}` to `languages`, or take the folder away.");
        findings.push(Finding::new(&RULE, case.spans.in_book(&["languages"]), message, hint).about(folder));
    }
}
