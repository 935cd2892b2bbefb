//! BC0041: texts of the book that a language of it has no words for; readers of that language get them in the book's own.

use super::Case;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0041",
    name: "translation-missing",
    severity: Severity::Warning,
    summary: "A language of the book has no words for some of its texts.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for each in &case.languages.translations {
        let Some((way, place)) = &each.missing.first else { continue };
        let (language, count) = (&each.language, each.missing.count);
        let are = if count == 1 { "is" } else { "are" };
        let message = format!("{language}: {count} of {} texts {are} missing; the first is `{way}`.", each.texts);
        let hint = format!("`backcare translate {language}` lists them: write the words behind `say`.");
        let place = place.unwrap_or_else(|| case.spans.in_book(&["languages"]));
        findings.push(Finding::new(&RULE, place, message, hint).about(language));
    }
}
