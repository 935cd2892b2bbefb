//! A page as a channel writes it. Pure: no network, no clock, no book.
//!
//! Telegram gets plain text with entities, never markup: what an author wrote cannot break a message.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;

use crate::dialogue::{Key, MarkKind, Page, Press, Text};

/// The parts of a Bot API call that show a page, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// To be set between the braces of a request: `"text":…,"entities":…`, or `"caption":…,"caption_entities":…`.
    pub words: String,
    /// The value of `reply_markup`.
    pub keyboard: String,
}

/// The address under which a page is offered to other people, with some words; `None` while the bot's name is not known.
pub type Link<'l> = &'l dyn Fn(&str, &str) -> Option<String>;

/// Telegram's limits for one message, and for the words under a picture.
pub const TEXT_UNITS: usize = 4096;
pub const CAPTION_UNITS: usize = 1024;

#[derive(Serialize)]
struct Entity<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    /// UTF-16 code units from the start of the text.
    offset: usize,
    /// UTF-16 code units.
    length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct InlineButton<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
}

/// What Telegram is sent for `page` as a text.
pub fn telegram(page: &Page, link: Link) -> Fields {
    let mut words = words("text", "entities", &page.text);
    words.push_str(",\"link_preview_options\":{\"is_disabled\":true}");
    Fields { words, keyboard: keyboard(page, link) }
}

/// What Telegram is sent for `page`, and whether its picture goes with it: there must be one, and room for the words under it.
pub fn message(page: &Page, has_picture: bool, link: Link) -> (Fields, bool) {
    let captioned = if has_picture { captioned(page, link) } else { None };
    let is_pictured = captioned.is_some();
    (captioned.unwrap_or_else(|| telegram(page, link)), is_pictured)
}

/// What Telegram is sent for `page` beside its picture; `None` if there is more to say than fits under one.
pub fn captioned(page: &Page, link: Link) -> Option<Fields> {
    let fits = units(&page.text.words) <= CAPTION_UNITS;
    fits.then(|| Fields { words: words("caption", "caption_entities", &page.text), keyboard: keyboard(page, link) })
}

fn words(text_name: &str, entities_name: &str, text: &Text) -> String {
    let mut fields = String::with_capacity(text.words.len() + 128);
    // Writing to a String cannot fail.
    let _ = write!(fields, "\"{text_name}\":");
    push(&mut fields, &text.words);
    let entities = entities(text);
    if !entities.is_empty() {
        let _ = write!(fields, ",\"{entities_name}\":");
        push(&mut fields, &entities);
    }
    fields
}

fn keyboard(page: &Page, link: Link) -> String {
    let rows = page.rows.iter().map(|row| row.iter().filter_map(|key| button(key, link)).collect());
    let rows: Vec<Vec<InlineButton>> = rows.filter(|row: &Vec<InlineButton>| !row.is_empty()).collect();
    let mut keyboard = String::with_capacity(256);
    keyboard.push_str("{\"inline_keyboard\":");
    push(&mut keyboard, &rows);
    keyboard.push('}');
    keyboard
}

fn push(json: &mut String, value: &(impl Serialize + ?Sized)) {
    match serde_json::to_string(value) {
        Ok(written) => json.push_str(&written),
        // Strings, numbers and lists of them always have a JSON form.
        Err(_) => json.push_str("null"),
    }
}

fn button<'a>(key: &'a Key, link: Link) -> Option<InlineButton<'a>> {
    let (callback_data, url) = match &key.press {
        Press::Token(token) => (Some(token.as_str()), None),
        Press::Url(url) => (None, Some(Cow::Borrowed(url.as_str()))),
        Press::Share { page, words } => (None, Some(Cow::Owned(link(page, words)?))),
    };
    Some(InlineButton { text: &key.label, callback_data, url })
}

fn entities(text: &Text) -> Vec<Entity<'_>> {
    let units = |bytes: &str| bytes.encode_utf16().count();
    let mut entities: Vec<Entity> = text
        .marks
        .iter()
        .map(|mark| {
            let (kind, url) = match &mark.kind {
                MarkKind::Bold => ("bold", None),
                MarkKind::Italic => ("italic", None),
                MarkKind::Link(url) => ("text_link", Some(url.as_ref())),
            };
            Entity { kind, offset: units(&text.words[..mark.from]), length: units(&text.words[mark.from..mark.to]), url }
        })
        .collect();
    entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
    entities
}

/// Length of a text as Telegram counts it.
pub fn units(words: &str) -> usize {
    words.encode_utf16().count()
}

/// How marks are shown where there are only characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    None,
    /// ANSI styles.
    Colour,
    /// As authors write them: `**bold**`.
    Written,
}

/// A text for a terminal: marks as ANSI styles where `colour`, links behind their words.
pub fn terminal(text: &Text, colour: bool) -> String {
    signed(text, if colour { Signs::Colour } else { Signs::None })
}

/// A text with its marks as authors write them, links behind their words.
pub fn written(text: &Text) -> String {
    signed(text, Signs::Written)
}

fn signs(signs: Signs, kind: &MarkKind) -> (&'static str, &'static str) {
    match (signs, kind) {
        (Signs::None, _) | (Signs::Written, MarkKind::Link(_)) => ("", ""),
        (Signs::Colour, MarkKind::Bold) => ("\x1b[1m", "\x1b[0m"),
        (Signs::Colour, MarkKind::Italic) => ("\x1b[3m", "\x1b[0m"),
        (Signs::Colour, MarkKind::Link(_)) => ("\x1b[4m", "\x1b[0m"),
        (Signs::Written, MarkKind::Bold) => ("**", "**"),
        (Signs::Written, MarkKind::Italic) => ("*", "*"),
    }
}

fn signed(text: &Text, how: Signs) -> String {
    let mut out = String::with_capacity(text.words.len() + 64);
    let mut ends: Vec<usize> = text.marks.iter().flat_map(|mark| [mark.from, mark.to]).collect();
    ends.push(text.words.len());
    ends.sort_unstable();
    ends.dedup();
    let mut at = 0;
    for end in ends {
        let piece = &text.words[at..end];
        let over: Vec<&MarkKind> =
            text.marks.iter().filter(|mark| mark.from <= at && end <= mark.to && at < end).map(|mark| &mark.kind).collect();
        out.extend(over.iter().map(|kind| signs(how, kind).0));
        out.push_str(piece);
        // One sign ends all styles of a terminal; what is written is closed one by one.
        let closing = if how == Signs::Colour { &over[..over.len().min(1)] } else { &over };
        out.extend(closing.iter().rev().map(|kind| signs(how, kind).1));
        for mark in text.marks.iter().filter(|mark| mark.to == end && mark.from < end && at < end) {
            if let MarkKind::Link(url) = &mark.kind {
                // Writing to a String cannot fail.
                let _ = write!(out, " ({url})");
            }
        }
        at = end;
    }
    out
}
