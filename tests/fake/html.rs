//! Telegram's own HTML: few tags, no comments, offsets of mistakes in bytes.

use serde_json::{Map, Value, json};

use super::text::{Formatted, check_url, units};

/// An element that is still open: its name, its entity so far, where it began.
struct Open {
    name: String,
    entity: Option<Map<String, Value>>,
    start: usize,
}

/// The text and the entities of `source`, or what is wrong with it in Telegram's words.
pub fn html(source: &str) -> Result<Formatted, String> {
    let mut text = String::new();
    let mut entities: Vec<Value> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(next) = source[at..].chars().next() {
        if next == '&' {
            let (decoded, length) = character(&source[at..]);
            text.push(decoded);
            at += length;
            continue;
        }
        if next != '<' {
            text.push(next);
            at += next.len_utf8();
            continue;
        }
        let begin = at;
        if source[begin..].starts_with("</") {
            let Some(element) = open.pop() else {
                return Err(format!("Unexpected end tag at byte offset {begin}"));
            };
            at = end_tag(source, begin, &element.name)?;
            let length = units(&text) - element.start;
            if let Some(mut entity) = element.entity.filter(|_| length > 0) {
                entity.insert("offset".to_owned(), element.start.into());
                entity.insert("length".to_owned(), length.into());
                entities.push(Value::Object(entity));
            }
        } else {
            let (name, attributes, after) = start_tag(source, begin)?;
            let entity = entity(&name, &attributes, begin)?;
            open.push(Open { name, entity, start: units(&text) });
            at = after;
        }
    }
    if let Some(element) = open.last() {
        let name = &element.name;
        return Err(format!("Can't find end tag corresponding to start tag \"{name}\""));
    }
    entities.sort_by_key(|e| (e["offset"].as_u64(), u64::MAX - e["length"].as_u64().unwrap_or(0)));
    Ok(Formatted { text, entities })
}

/// The character that `&...;` stands for and its length in bytes; anything else is just `&`.
fn character(source: &str) -> (char, usize) {
    let Some(end) = source.find(';').filter(|&end| end <= 10) else {
        return ('&', 1);
    };
    let name = &source[1..end];
    let decoded = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            code.filter(|&code| code > 0).and_then(char::from_u32)
        }),
    };
    decoded.map_or(('&', 1), |decoded| (decoded, end + 1))
}

/// Checks `</name>` and answers where it ends.
fn end_tag(source: &str, begin: usize, expected: &str) -> Result<usize, String> {
    let rest = &source[begin + 2..];
    let length = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
    let name = rest[..length].to_lowercase();
    let Some(after) = rest[length..].trim_start().strip_prefix('>') else {
        return Err(format!("Unclosed end tag at byte offset {begin}"));
    };
    if !name.is_empty() && name != expected {
        return Err(format!("Unmatched end tag at byte offset {begin}, expected \"</{expected}>\", found \"</{name}>\""));
    }
    Ok(source.len() - after.len())
}

type Attributes = Vec<(String, String)>;

/// Reads `<name attribute="value">`: the name, the attributes, and where it ends.
fn start_tag(source: &str, begin: usize) -> Result<(String, Attributes, usize), String> {
    let offset = |rest: &str| source.len() - rest.len();
    let rest = &source[begin + 1..];
    let Some(length) = rest.find(|c: char| c.is_whitespace() || c == '>') else {
        return Err(format!("Unclosed start tag at byte offset {begin}"));
    };
    let name = rest[..length].to_lowercase();
    if kind(&name).is_none() {
        return Err(format!("Unsupported start tag \"{name}\" at byte offset {begin}"));
    }
    let unclosed = || format!("Unclosed start tag \"{name}\" at byte offset {begin}");
    let mut attributes = Attributes::new();
    let mut rest = rest[length..].trim_start();
    while !rest.starts_with('>') {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '>');
        let key = &rest[..end.ok_or_else(unclosed)?];
        if key.is_empty() {
            return Err(format!("Empty attribute name in the tag \"{name}\" at byte offset {begin}"));
        }
        rest = rest[key.len()..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            rest = after.trim_start();
            match rest.chars().next().ok_or_else(unclosed)? {
                quote @ ('"' | '\'') => {
                    let Some(end) = rest[1..].find(quote) else {
                        return Err(format!("Unclosed start tag at byte offset {begin}"));
                    };
                    value = unescaped(&rest[1..=end]);
                    rest = rest[end + 2..].trim_start();
                }
                _ => {
                    let token = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
                    let end = rest.find(|c| !token(c)).unwrap_or(rest.len());
                    if !rest[end..].starts_with(|c: char| c.is_whitespace() || c == '>') {
                        let at = offset(rest);
                        return Err(format!("Unexpected end of name token at byte offset {at}"));
                    }
                    value = rest[..end].to_lowercase();
                    rest = rest[end..].trim_start();
                }
            }
        }
        attributes.push((key.to_lowercase(), value));
    }
    Ok((name, attributes, offset(rest) + 1))
}

fn unescaped(source: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(next) = source[at..].chars().next() {
        let (decoded, length) = if next == '&' { character(&source[at..]) } else { (next, next.len_utf8()) };
        text.push(decoded);
        at += length;
    }
    text
}

/// The kind of entity that a tag makes.
fn kind(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "span" | "tg-spoiler" => "spoiler",
        "tg-emoji" => "custom_emoji",
        "a" => "text_link",
        "code" => "code",
        "pre" => "pre",
        "blockquote" => "blockquote",
        _ => return None,
    })
}

/// The entity of a tag; a link that Telegram can't follow makes none, and is no mistake either.
fn entity(tag: &str, attributes: &Attributes, begin: usize) -> Result<Option<Map<String, Value>>, String> {
    let value = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
    if tag == "span" && value("class") != Some("tg-spoiler") {
        return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
    }
    let entity = match kind(tag).unwrap_or_default() {
        "text_link" => match value("href") {
            Some(url) if check_url(url).is_ok() => json!({"type": "text_link", "url": url}),
            _ => return Ok(None),
        },
        "custom_emoji" => match value("emoji-id").and_then(|id| id.parse::<i64>().ok()) {
            Some(id) => json!({"type": "custom_emoji", "custom_emoji_id": id.to_string()}),
            None => return Err("Invalid custom emoji identifier specified".to_owned()),
        },
        "blockquote" if value("expandable").is_some() => json!({"type": "expandable_blockquote"}),
        kind => json!({"type": kind}),
    };
    Ok(entity.as_object().cloned())
}
