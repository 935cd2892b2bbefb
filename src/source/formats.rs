//! A report for machines: JSON for scripts and editors, workflow commands for GitHub, which shows them beside the changed lines.

use std::fmt::Write as _;

use serde::Serialize;

use super::finding::{Finding, Report};
use super::rule::Severity;

#[derive(Serialize)]
struct Told<'a> {
    id: &'static str,
    rule: &'static str,
    severity: &'static str,
    file: &'a str,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    end_line: usize,
    /// One past the last character.
    end_column: usize,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    walk: Option<&'a str>,
}

#[derive(Serialize)]
struct Whole<'a> {
    findings: Vec<Told<'a>>,
    errors: usize,
    warnings: usize,
}

impl Report {
    /// One JSON object: `findings`, `errors`, `warnings`.
    pub fn json(&self) -> String {
        let findings = self.findings().iter().map(|finding| self.told(finding)).collect();
        let whole = Whole { findings, errors: self.errors(), warnings: self.warnings() };
        let mut json = serde_json::to_string_pretty(&whole).unwrap_or_default();
        json.push('\n');
        json
    }

    /// One workflow command a finding; nothing if there are none.
    pub fn github(&self) -> String {
        let mut out = String::new();
        for finding in self.findings() {
            let told = self.told(finding);
            let command = if finding.rule.severity == Severity::Error { "error" } else { "warning" };
            let title = format!("{} {}", told.id, told.rule);
            let parts = [Some(told.message), told.hint, told.walk];
            let message = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}",
                property(told.file),
                told.line,
                told.column,
                told.end_line,
                told.end_column,
                property(&title),
                escaped(&message)
            );
        }
        out
    }

    fn told<'a>(&'a self, finding: &'a Finding) -> Told<'a> {
        let file = self.file(finding.place.file);
        let at = |byte| file.map_or((1, 1), |file| file.line_and_column(byte));
        let (line, column) = at(finding.place.span.from);
        let (end_line, end_column) = at(finding.place.span.to);
        Told {
            id: finding.rule.id,
            rule: finding.rule.name,
            severity: finding.rule.severity.name(),
            file: file.map_or("", |file| file.name.as_str()),
            line,
            column,
            end_line,
            end_column,
            message: &finding.message,
            hint: finding.hint.as_deref(),
            about: finding.about.as_deref(),
            walk: finding.walk.as_deref(),
        }
    }
}

/// Line breaks and percent signs, as GitHub reads them in a message.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The same in a property, where colons and commas part things.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
