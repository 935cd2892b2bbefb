//! Findings and their report: what is wrong, where, and what helps. How it is shown is `show.rs`'s work.
//!
//! A finding is the book's fault and is told to its author; it is never used for a fault of ours.

use std::fmt;
use std::sync::Arc;

use super::rule::{Rule, Severity};

/// A file of the book, by its place in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// Bytes of a file, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub from: usize,
    pub to: usize,
}

impl Span {
    pub fn new(from: usize, to: usize) -> Span {
        Span { from, to: to.max(from) }
    }

    pub fn is_empty(self) -> bool {
        self.from == self.to
    }
}

/// A span of one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

/// One mistake at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Finding {
    pub rule: &'static Rule,
    pub place: Place,
    /// What is wrong, in one plain sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The page, source or tip that it is about: what a book names to turn a warning off for that alone.
    pub about: Option<String>,
    /// A conversation that shows it, in the format of walks.
    pub walk: Option<String>,
}

impl Finding {
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        let hint = hint.into();
        let hint = (!hint.is_empty()).then_some(hint);
        Finding { rule, place, message: message.into(), hint, about: None, walk: None }
    }

    pub fn about(self, id: &str) -> Finding {
        Finding { about: Some(id.to_owned()), ..self }
    }

    pub fn with_walk(self, walk: Option<String>) -> Finding {
        Finding { walk, ..self }
    }
}

/// A file as it was read, so that a finding can show its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    pub name: String,
    pub text: Arc<str>,
    line_starts: Vec<usize>,
    /// Where another file begins that is read as if it stood behind this one, and its name.
    behind: Option<(usize, String)>,
}

impl SourceFile {
    pub fn new(name: String, text: String) -> SourceFile {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        SourceFile { name, text: text.into(), line_starts, behind: None }
    }

    /// Both files as one, for a tree whose values come from either; and where the other begins.
    pub fn joined(&self, other: &SourceFile) -> (SourceFile, usize) {
        let joined = SourceFile::new(self.name.clone(), format!("{}\n{}", self.text, other.text));
        let from = self.text.len() + 1;
        (SourceFile { behind: Some((from, other.name.clone())), ..joined }, from)
    }

    /// `file:line` of a byte, of the other file if it lies there.
    pub fn address_of(&self, byte: usize) -> String {
        match &self.behind {
            Some((from, name)) if byte >= *from => format!("{name}:{}", self.line_of(byte) - self.line_of(*from) + 1),
            _ => format!("{}:{}", self.name, self.line_of(byte) + 1),
        }
    }

    /// Which line holds a byte, counted from 0.
    pub fn line_of(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Where a line begins and ends, its line break left out.
    pub fn line(&self, number: usize) -> Span {
        let from = self.line_starts.get(number).copied().unwrap_or(self.text.len());
        let to = self.line_starts.get(number + 1).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(from..to).unwrap_or_default();
        Span::new(from, from + line.trim_end_matches('\r').len())
    }

    /// Line and column as editors count them, in characters from 1.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let line = self.line_of(byte);
        let start = self.line(line).from;
        let before = self.text.get(start..byte).map_or(0, |before| before.chars().count());
        (line + 1, before + 1)
    }
}

/// Everything that was found in a book, with the files to show it in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    files: Vec<SourceFile>,
    findings: Vec<Finding>,
}

impl Report {
    pub fn new(files: Vec<SourceFile>, findings: Vec<Finding>) -> Report {
        let mut report = Report { files, findings: Vec::new() };
        report.add(findings);
        report
    }

    /// This report and another one behind it.
    #[must_use]
    pub fn and(mut self, other: Report) -> Report {
        let shift = self.files.len();
        let shifted = |finding: Finding| {
            let place = Place { file: FileId(finding.place.file.0 + shift), ..finding.place };
            Finding { place, ..finding }
        };
        self.files.extend(other.files);
        self.add(other.findings.into_iter().map(shifted).collect());
        self
    }

    /// Adds findings and sorts all by file and place.
    pub fn add(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings.sort_by(|a, b| (a.place, a.rule.id).cmp(&(b.place, b.rule.id)));
    }

    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0)
    }

    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.rule.severity == severity).count()
    }

    /// `file:line:column` of a place.
    pub fn address(&self, place: Place) -> String {
        let Some(file) = self.file(place.file) else { return String::from("?") };
        let (line, column) = file.line_and_column(place.span.from);
        format!("{}:{line}:{column}", file.name)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
