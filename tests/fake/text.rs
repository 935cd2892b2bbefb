//! What Telegram makes of a text: limits, entities that fit, links that can be followed.
//!
//! The sentences of the refusals are Telegram's own, measured or read in its sources. Stricter than
//! Telegram on purpose: an empty entity, and more than 100 entities, which it drops without a word.

use serde_json::Value;

use super::call::{Params, Refused};
use super::html::html;

/// UTF-16 units, after entities are taken out.
pub const LONGEST_TEXT: usize = 4096;
const MOST_ENTITIES: usize = 100;

/// A text as it is shown, and what marks it up; offsets count UTF-16 units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formatted {
    pub text: String,
    pub entities: Vec<Value>,
}

/// Reads `text`, `parse_mode` and `entities` of a call.
pub fn read(params: &Params) -> Result<Formatted, Refused> {
    let text = params.text("text").unwrap_or_default();
    if text.is_empty() {
        return Err(Refused::bad("message text is empty"));
    }
    let parse_mode = params.text("parse_mode").unwrap_or_default().to_lowercase();
    let formatted = match parse_mode.as_str() {
        "" => plain(text, params.json("entities"))?,
        "html" => html(&text).map_err(|why| Refused::bad(format!("can't parse entities: {why}")))?,
        _ => return Err(Refused::bad("unsupported parse_mode")),
    };
    let formatted = trimmed(&formatted);
    if formatted.text.is_empty() {
        return Err(Refused::bad("text must be non-empty"));
    }
    if units(&formatted.text) > LONGEST_TEXT {
        return Err(Refused::bad("message is too long"));
    }
    if formatted.entities.len() > MOST_ENTITIES {
        return Err(Refused::bad("ENTITIES_TOO_LONG"));
    }
    Ok(formatted)
}

pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

const KINDS: &[&str] = &[
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
];

/// A text with the entities that came beside it.
fn plain(text: String, entities: Option<Value>) -> Result<Formatted, Refused> {
    let entities = match entities {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(entities)) => entities,
        Some(_) => return Err(Refused::bad("expected an Array of MessageEntity")),
    };
    let text_units: Vec<u16> = text.encode_utf16().collect();
    for entity in &entities {
        check(entity, &text_units)?;
    }
    Ok(Formatted { text, entities })
}

fn check(entity: &Value, text: &[u16]) -> Result<(), Refused> {
    let kind = entity["type"].as_str().unwrap_or_default();
    if !KINDS.contains(&kind) {
        return Err(Refused::bad("can't parse MessageEntity: Unsupported type specified"));
    }
    let number = |field: &str| {
        let missing = || format!("can't parse MessageEntity: Can't find field \"{field}\"");
        entity[field].as_i64().ok_or_else(|| Refused::bad(missing()))
    };
    let (offset, length) = (number("offset")?, number("length")?);
    if kind == "text_link" {
        let Some(url) = entity["url"].as_str() else {
            return Err(Refused::bad("can't parse MessageEntity: Can't find field \"url\""));
        };
        check_url(url).map_err(|why| Refused::bad(format!("entity URL '{url}' is invalid: {why}")))?;
    }
    let Ok(start) = usize::try_from(offset) else {
        return Err(Refused::bad(format!("receive an entity with incorrect offset {offset}")));
    };
    let Some(length) = usize::try_from(length).ok().filter(|&length| length > 0) else {
        return Err(Refused::bad(format!("receive an entity with incorrect length {length}")));
    };
    let end = start.saturating_add(length);
    if start >= text.len() {
        let why = format!("entity begins after the end of the text at UTF-16 offset {start}");
        return Err(Refused::bad(why));
    }
    let beginning = format!("entity beginning at UTF-16 offset {start}");
    if end > text.len() {
        let why = format!("{beginning} ends after the end of the text at UTF-16 offset {end}");
        return Err(Refused::bad(why));
    }
    let splits = |at: usize| text.get(at).is_some_and(|unit| (0xDC00..0xE000).contains(unit));
    let bytes = |at: usize| String::from_utf16_lossy(&text[..at]).len();
    if splits(start) {
        let at = bytes(start + 1);
        let why = format!("entity begins in a middle of a UTF-16 symbol at byte offset {at}");
        return Err(Refused::bad(why));
    }
    if splits(end) {
        let at = bytes(end + 1);
        let why = format!("{beginning} ends in a middle of a UTF-16 symbol at byte offset {at}");
        return Err(Refused::bad(why));
    }
    Ok(())
}

/// Whether Telegram would make this a link; the error is its reason.
pub fn check_url(url: &str) -> Result<(), &'static str> {
    if url.is_empty() {
        return Err("URL host is empty");
    }
    let (protocol, rest) = url.split_once("://").unwrap_or(("http", url));
    match protocol.to_lowercase().as_str() {
        "tg" | "ton" => return Ok(()),
        "http" | "https" => {}
        _ => return Err("Unsupported URL protocol"),
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    if host.is_empty() {
        return Err("URL host is empty");
    }
    let shaped = host.contains('.') && !host.starts_with('.') && !host.contains("..");
    if !shaped || port.parse::<u16>().is_err() || url.contains(char::is_whitespace) {
        return Err("Wrong HTTP URL");
    }
    Ok(())
}

/// Telegram cuts white space off both ends; what it marked up goes with it.
fn trimmed(formatted: &Formatted) -> Formatted {
    let text = formatted.text.trim();
    let lead = formatted.text.len() - formatted.text.trim_start().len();
    let lead = units(&formatted.text[..lead]) as u64;
    let length = units(text) as u64;
    let fit = |entity: &Value| {
        let start = entity["offset"].as_u64()?;
        let end = (start + entity["length"].as_u64()?).saturating_sub(lead).min(length);
        let start = start.saturating_sub(lead);
        let mut entity = entity.clone();
        entity["offset"] = start.into();
        entity["length"] = end.saturating_sub(start).into();
        (end > start).then_some(entity)
    };
    let entities = formatted.entities.iter().filter_map(fit).collect();
    Formatted { text: text.to_owned(), entities }
}
