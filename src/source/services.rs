//! The operator's list of services, `services.csv`: rows to facilities, and every mistake on the way as a finding at its value.
//!
//! It is no part of a book, and none of its words are ours.

use std::collections::HashMap;
use std::path::Path;

use super::finding::{FileId, Finding, Place, Report, SourceFile, Span};
use super::lower::nearest;
use super::opened::read_up_to;
use super::{rule, whole};
use crate::dialogue::Facility;

/// Many times as large as a list of 100,000 rows.
const LARGEST: u64 = 128 * 1024 * 1024;
const COLUMNS: [&str; 6] = ["name", "kind", "latitude", "longitude", "phone", "link"];
/// What is longer fits on no screen, five of them together.
const MOST: [(&str, usize); 3] = [("name", 120), ("kind", 80), ("link", 1000)];
const HEAD: &str = "The first row is: name,kind,latitude,longitude,phone,link";

/// What came of reading the list.
#[derive(Debug)]
pub struct Listed {
    /// All of them, if nothing is wrong with any.
    pub facilities: Vec<Facility>,
    pub report: Report,
}

/// Reads the list at `path`.
pub fn services(path: &Path) -> Listed {
    let name = path.display().to_string();
    match read_up_to(path, LARGEST) {
        Ok(text) => listed(name, text),
        Err(reason) => {
            let hint = "SERVICES and --services name a CSV file in UTF-8.";
            let finding =
                Finding::new(&rule::UNREADABLE, whole(FileId(0)), format!("This file can't be read: {reason}."), hint);
            Listed { facilities: Vec::new(), report: Report::new(vec![SourceFile::new(name, String::new())], vec![finding]) }
        }
    }
}

/// Reads a list that is in memory already.
pub fn listed(name: String, text: String) -> Listed {
    let file = SourceFile::new(name, text);
    let text = file.text.clone();
    let mut clerk = Clerk { text: &text, file: &file, findings: Vec::new() };
    let facilities = clerk.read();
    let findings = clerk.findings;
    let facilities = if findings.is_empty() { facilities } else { Vec::new() };
    Listed { facilities, report: Report::new(vec![file], findings) }
}

struct Clerk<'a> {
    text: &'a str,
    file: &'a SourceFile,
    findings: Vec<Finding>,
}

/// A row, and where it begins in the file.
struct Row<'a> {
    record: &'a csv::StringRecord,
    from: usize,
    /// Which column each value is of, in the order of [`COLUMNS`].
    order: &'a [usize; 6],
}

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        let at = COLUMNS.iter().position(|name| *name == column).map_or(0, |at| self.order[at]);
        self.record.get(at).unwrap_or_default()
    }
}

impl Clerk<'_> {
    fn read(&mut self) -> Vec<Facility> {
        let mark = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let bytes = &self.text.as_bytes()[mark..];
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).comment(Some(b'#')).trim(csv::Trim::All);
        let mut records = reader.from_reader(bytes).into_records();
        let (mut order, mut facilities) = (None, Vec::new());
        let mut seen: HashMap<(String, i32, i32), usize> = HashMap::new();
        // The text is UTF-8 and in memory, and rows may be of any length: nothing of this fails.
        while let Some(Ok(record)) = records.next() {
            let before = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
            let from = self.begins(mark + before);
            let Some(order) = &order else {
                match self.columns(&record, from) {
                    Some(columns) => order = Some(columns),
                    None => return Vec::new(),
                }
                continue;
            };
            let row = Row { record: &record, from, order };
            let Some(facility) = self.facility(&row) else { continue };
            let line = self.file.line_of(from) + 1;
            let known = (facility.name.clone(), facility.latitude, facility.longitude);
            if let Some(first) = seen.insert(known, line) {
                let hint = format!("Take one of the two out: line {first} says it too.");
                self.add_at(&row, "name", String::from("This place is listed twice."), &hint);
            }
            facilities.push(facility);
        }
        if facilities.is_empty() && self.findings.is_empty() {
            let message = "There are no places in this list.";
            let end = Span::new(self.text.len(), self.text.len());
            self.findings.push(Finding::new(
                &rule::EMPTY,
                place(end),
                message,
                "Write one in each row, or take SERVICES away.",
            ));
        }
        facilities
    }

    /// Where a row begins that was looked for from here on: behind empty lines and comments.
    fn begins(&self, mut from: usize) -> usize {
        for line in self.text.get(from..).unwrap_or_default().split_inclusive('\n') {
            if !line.trim_end_matches(['\r', '\n']).is_empty() && !line.starts_with('#') {
                break;
            }
            from += line.len();
        }
        from
    }

    /// Where each column stands. Whatever is wrong with the first row is told at once.
    fn columns(&mut self, record: &csv::StringRecord, from: usize) -> Option<[usize; 6]> {
        let before = self.findings.len();
        let spans = spans(self.text, from);
        for (at, name) in record.iter().enumerate() {
            let span = spans.get(at).copied().unwrap_or(Span::new(from, from));
            if !COLUMNS.contains(&name) {
                let hint = nearest(name, COLUMNS.into_iter()).map(|near| format!("Did you mean `{near}`?"));
                let hint = hint.unwrap_or_else(|| String::from(HEAD));
                self.add(&rule::SERVICES_COLUMNS, span, format!("`{name}` isn't a column of this list."), &hint);
            } else if record.iter().take(at).any(|earlier| earlier == name) {
                self.add(&rule::SERVICES_COLUMNS, span, format!("The column `{name}` is there twice."), HEAD);
            }
        }
        let found = COLUMNS.map(|name| record.iter().position(|column| column == name));
        let misspelt = self.findings.len() > before;
        for (name, _) in COLUMNS.iter().zip(found).filter(|(_, at)| at.is_none() && !misspelt) {
            let message = format!("The column `{name}` is missing.");
            self.add(&rule::SERVICES_COLUMNS, self.line_at(from), message, HEAD);
        }
        let [Some(name), Some(kind), Some(latitude), Some(longitude), Some(phone), Some(link)] = found else { return None };
        (!misspelt).then_some([name, kind, latitude, longitude, phone, link])
    }

    fn facility(&mut self, row: &Row) -> Option<Facility> {
        let before = self.findings.len();
        if row.record.len() != COLUMNS.len() {
            let message = format!("This row has {} values; there are {} columns.", row.record.len(), COLUMNS.len());
            let hint =
                "Leave nothing between two commas where there is nothing to say, and put a value with a comma in \"quotes\".";
            self.add(&rule::SERVICE_ROW, self.line_at(row.from), message, hint);
            return None;
        }
        let name = row.get("name").to_owned();
        if name.is_empty() {
            self.add_at(row, "name", String::from("This place has no name."), "Write what people call it.");
        }
        for (column, most) in MOST {
            let length = row.get(column).chars().count();
            if length > most {
                let message = format!("A `{column}` has at most {most} characters, and this has {length}.");
                self.add_at(row, column, message, "Make it shorter: five places have to fit on one screen.");
            }
            if row.get(column).contains(char::is_control) {
                let hint = "Write it in one line. A quote that is not closed takes in the rows below it.";
                self.add_at(row, column, format!("This `{column}` goes over several lines, or has odd signs in it."), hint);
            }
        }
        let latitude = self.degrees(row, "latitude", 90);
        let longitude = self.degrees(row, "longitude", 180);
        let phone = Some(row.get("phone")).filter(|phone| !phone.is_empty());
        if phone.is_some_and(|phone| !is_phone(phone)) {
            let hint = "Write it as +44 20 7946 0000: with the country's number, a tap on it dials.";
            self.add_at(row, "phone", String::from("This isn't a phone number."), hint);
        }
        let link = Some(row.get("link")).filter(|link| !link.is_empty());
        if link.is_some_and(|link| !is_address(link)) {
            let hint = "It starts with https:// and has no spaces.";
            self.add_at(row, "link", String::from("This isn't a web address."), hint);
        }
        let (phone, link) = (phone.map(str::to_owned), link.map(str::to_owned));
        let kind = row.get("kind").to_owned();
        let facility = Facility { name, kind, latitude: latitude?, longitude: longitude?, phone, link };
        (self.findings.len() == before).then_some(facility)
    }

    /// Degrees in millionths.
    fn degrees(&mut self, row: &Row, column: &str, most: i32) -> Option<i32> {
        let written = row.get(column);
        let degrees = written.parse::<f64>().ok().filter(|degrees| degrees.abs() <= f64::from(most));
        if degrees.is_none() {
            let message = match written {
                "" => format!("The {column} is missing."),
                _ => format!("`{written}` isn't a {column}."),
            };
            let hint = format!(
                "Write degrees from -{most} to {most} as 51.4992: a point, no sign for degrees; south and west have a minus."
            );
            self.add_at(row, column, message, &hint);
        }
        degrees.map(millionths)
    }

    fn add(&mut self, rule: &'static rule::Rule, span: Span, message: String, hint: &str) {
        self.findings.push(Finding::new(rule, place(span), message, hint));
    }

    /// A finding at a value.
    fn add_at(&mut self, row: &Row, column: &str, message: String, hint: &str) {
        let at = COLUMNS.iter().position(|name| *name == column).map_or(0, |at| row.order[at]);
        let span = spans(self.text, row.from).get(at).copied().unwrap_or(self.line_at(row.from));
        self.add(&rule::SERVICE_ROW, span, message, hint);
    }

    fn line_at(&self, from: usize) -> Span {
        self.file.line(self.file.line_of(from))
    }
}

#[allow(clippy::as_conversions, clippy::cast_possible_truncation)] // 180 million at most
fn millionths(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

fn place(span: Span) -> Place {
    Place { file: FileId(0), span }
}

/// Where the values of a row stand, as they were written, blanks aside.
fn spans(text: &str, from: usize) -> Vec<Span> {
    let (mut spans, mut start, mut quoted) = (Vec::new(), from, false);
    let row = text.as_bytes().get(from..).unwrap_or_default();
    let ends = row.iter().chain(b"\n").zip(from..);
    for (byte, at) in ends {
        match byte {
            b'"' => quoted = !quoted,
            b',' | b'\n' if !quoted => {
                let value = text.get(start..at).unwrap_or_default();
                let left = value.len() - value.trim_start().len();
                spans.push(Span::new(start + left, start + left + value.trim().len()));
                start = at + 1;
                if *byte == b'\n' {
                    break;
                }
            }
            _ => {}
        }
    }
    spans
}

/// What people write of phone numbers: an extension, a short number and a plus too.
fn is_phone(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let rest = phone.strip_prefix('+').unwrap_or(phone);
    (3..=20).contains(&digits) && rest.chars().all(|char| char.is_ascii_digit() || " -()/.".contains(char))
}

fn is_address(link: &str) -> bool {
    let host = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    host.is_some_and(|host| host.starts_with(char::is_alphanumeric)) && !link.contains(char::is_whitespace)
}
