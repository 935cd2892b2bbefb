//! The file that a clinician sends back: read leniently where that harms nobody, and refused in one plain line where it is no review of
//! this book.
//!
//! Whoever can send a mail can have written it. So names become one line of plain words, comments lose whatever is no text, both have
//! their length, and nothing of a broken file is said back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

/// The version that is written and read.
pub const FORMAT: u32 = 1;
/// A name or a role is no longer.
const NAME: usize = 100;
/// What is longer is no comment on one page.
const COMMENT: usize = 4000;

/// What a clinician says of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub format: u32,
    /// The book's id.
    pub book: String,
    /// The day on which she was given the book.
    #[serde(with = "day")]
    pub exported: Date,
    pub reviewer: Reviewer,
    /// The day on which she saved her review.
    #[serde(with = "day")]
    pub on: Date,
    /// By the id of the page; those of which she says nothing may be left out.
    #[serde(default, deserialize_with = "or_nothing")]
    pub pages: BTreeMap<String, Said>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    pub name: String,
    #[serde(default, deserialize_with = "or_nothing")]
    pub role: String,
}

/// What she says of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The fingerprint of the page as she was given it.
    #[serde(default, deserialize_with = "or_nothing")]
    pub of: String,
    /// She has found it right.
    #[serde(default, deserialize_with = "or_nothing")]
    pub right: bool,
    #[serde(default, deserialize_with = "or_nothing")]
    pub comment: String,
}

impl Returned {
    /// The reviewer as readers are told of them.
    pub fn by(&self) -> String {
        let Reviewer { name, role } = &self.reviewer;
        if role.is_empty() { name.clone() } else { format!("{name}, {role}") }
    }
}

impl Said {
    pub fn fingerprint(&self) -> Option<u32> {
        u32::from_str_radix(self.of.trim(), 16).ok()
    }
}

/// The review in a file. `latest` is the last day that has begun anywhere.
///
/// # Errors
/// Why it is none of this book, as a part of a sentence.
pub fn read(text: &str, book: &str, latest: Date) -> Result<Returned, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('<') {
        return Err(String::from("it is a web page. Open it in a browser, and send what \"Save my review\" saves"));
    }
    let none = || String::from("it is no review: send what \"Save my review\" has saved, as it is");
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| none())?;
    let format = value.get("format").and_then(serde_json::Value::as_u64).ok_or_else(none)?;
    if format != u64::from(FORMAT) {
        return Err(format!("it is a review of format {format}, and this program reads format {FORMAT}: update one of both"));
    }
    let mut returned: Returned = serde_json::from_value(value).map_err(|_| none())?;
    if returned.book != book {
        return Err(format!("it is a review of the book `{}`, and this one is `{book}`", one_line(&returned.book, NAME)));
    }
    if let Some(day) = [returned.exported, returned.on].into_iter().find(|day| *day > latest) {
        return Err(format!("it is from {day}, a day that has not come yet"));
    }
    let Reviewer { name, role } = &mut returned.reviewer;
    (*name, *role) = (one_line(name, NAME), one_line(role, NAME));
    if name.is_empty() {
        return Err(String::from("it does not say whose review it is"));
    }
    for said in returned.pages.values_mut() {
        said.comment = plain(&said.comment);
    }
    returned.pages.retain(|_, said| said.right || !said.comment.is_empty());
    Ok(returned)
}

/// Words on one line, without what means something to books or to whoever shows them.
pub fn one_line(text: &str, most: usize) -> String {
    let plain = text.chars().filter_map(|char| match char {
        '{' => Some('('),
        '}' => Some(')'),
        '*' => None,
        char if is_line_end(char) || char.is_control() => Some(' '),
        char => (!is_hidden(char)).then_some(char),
    });
    let words = plain.collect::<String>();
    shortened(&words.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// Words on as many lines as there are, without anything that is no text.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let plain = text.chars().filter_map(|char| match char {
        char if is_line_end(char) => Some('\n'),
        char if char.is_control() => Some(' '),
        char => (!is_hidden(char)).then_some(char),
    });
    let words: String = plain.collect();
    let lines: Vec<&str> = words.lines().map(str::trim_end).collect();
    shortened(lines.join("\n").trim(), COMMENT)
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

fn is_line_end(char: char) -> bool {
    matches!(char, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// What turns the words around it about, or can't be seen at all, and is no part of how a language is written.
fn is_hidden(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
}

/// `null` is as good as nothing at all.
fn or_nothing<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A day as 2026-11-28; a time behind it is left out.
mod day {
    use jiff::civil::Date;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde calls it so
    pub fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        let written = String::deserialize(from)?;
        let day = written.get(.."2026-11-28".len()).and_then(|day| day.parse().ok());
        day.ok_or_else(|| D::Error::custom("no date"))
    }
}
