//! BC0042: words of another language whose source has changed since: they may say what the book doesn't say any more.

use super::Case;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0042",
    name: "translation-stale",
    severity: Severity::Warning,
    summary: "A text of the book has changed since it was translated.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    for each in &case.languages.translations {
        let Some((way, place)) = &each.stale.first else { continue };
        let (language, count) = (&each.language, each.stale.count);
        let have = if count == 1 { "has" } else { "have" };
        let message = format!(
            "{language}: {count} of {} texts {have} changed since they were translated; the first is `{way}`.",
            each.texts
        );
        let hint = format!(
            "`backcare translate {language}` shows what they say now. Mend the words and take the `of` line out; or, if they still \
             fit: `backcare translate {language} --accept {way}`."
        );
        let place = place.unwrap_or_else(|| case.spans.in_book(&["languages"]));
        findings.push(Finding::new(&RULE, place, message, hint).about(language));
    }
}
