//! A message as Telegram shows it, made of the very fields that Telegram is sent: text with entities, a keyboard, a picture's caption.
//!
//! Never here: a page or a book. What is not in the fields is not seen.

use maud::{Markup, html};
use serde::Deserialize;

use super::edition::SHARED;
use crate::render::Fields;

/// What a message holds, as the Bot API names it.
#[derive(Debug, Default, Deserialize)]
struct Sent {
    #[serde(alias = "caption")]
    text: String,
    #[serde(default, alias = "caption_entities")]
    entities: Vec<Entity>,
}

#[derive(Debug, Clone, Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    /// UTF-16 code units.
    offset: usize,
    length: usize,
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Keyboard {
    inline_keyboard: Vec<Vec<Button>>,
}

#[derive(Debug, Deserialize)]
struct Button {
    text: String,
    callback_data: Option<String>,
    url: Option<String>,
}

/// What a picture is to a message that shows one: where it is, and what is on it for whoever can't see it.
#[derive(Debug, Clone, Copy)]
pub struct Photo<'a> {
    pub address: &'a str,
    pub alt: &'a str,
}

/// What becomes of the buttons.
#[derive(Clone, Copy)]
pub enum Keys<'k> {
    /// They are pressed: each holds its callback data.
    Pressed,
    /// They lead to a place on the same page, which their callback data tells; a button without one leads nowhere.
    Read(&'k dyn Fn(&str) -> Option<String>),
}

/// The message, its text and its picture in a bubble, its buttons below.
pub fn bubble(fields: &Fields, photo: Option<Photo>, how: Keys) -> Markup {
    // The renderer's own JSON can be read.
    let sent: Sent = serde_json::from_str(&format!("{{{}}}", fields.words)).unwrap_or_default();
    html! {
        div.bubble {
            @if let Some(Photo { address, alt }) = photo { img.photo src=(address) alt=(alt); }
            div.words dir="auto" { (words(&sent)) }
        }
        (keys(fields, how))
    }
}

fn keys(fields: &Fields, how: Keys) -> Markup {
    let keyboard: Keyboard = serde_json::from_str(&fields.keyboard).unwrap_or_default();
    html! {
        @if !keyboard.inline_keyboard.is_empty() {
            div.keys {
                @for row in &keyboard.inline_keyboard {
                    div.row { @for button in row { (key(button, how)) } }
                }
            }
        }
    }
}

fn key(Button { text, callback_data, url }: &Button, how: Keys) -> Markup {
    let shared = url.as_deref().and_then(|url| url.strip_prefix(SHARED));
    html! {
        @match (how, callback_data, shared, url) {
            (Keys::Pressed, Some(token), ..) => button.key type="button" data-token=(token) dir="auto" { (text) },
            (Keys::Pressed, None, Some(page), _) => {
                button.key.out type="button" data-open=(page) dir="auto" title="Telegram asks here whom to send it to; pressed here, it opens what they get" { (text) }
            },
            (Keys::Read(place), Some(token), ..) => @match place(token) {
                Some(place) => a.key href={ "#" (place) } dir="auto" { (text) },
                None => span.key dir="auto" { (text) },
            },
            (Keys::Read(_), None, Some(_), _) => span.key.out dir="auto" { (text) },
            (_, None, None, Some(url)) => a.key.out href=(url) target="_blank" rel="noopener noreferrer" dir="auto" { (text) },
            (_, None, _, None) => {},
        }
    }
}

fn words(sent: &Sent) -> Markup {
    let units: Vec<u16> = sent.text.encode_utf16().collect();
    let mut entities = sent.entities.clone();
    entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
    within(&units, 0..units.len(), &entities)
}

/// A stretch of the text with the entities that lie in it; they lie within each other, never across.
fn within(units: &[u16], stretch: std::ops::Range<usize>, entities: &[Entity]) -> Markup {
    let plain = |range: std::ops::Range<usize>| String::from_utf16_lossy(units.get(range).unwrap_or_default());
    let mut at = stretch.start;
    let mut pieces: Vec<Markup> = Vec::new();
    let mut rest = entities;
    while let Some((first, behind)) = rest.split_first() {
        let (from, to) = (first.offset.max(at), (first.offset + first.length).min(stretch.end));
        let inner = behind.iter().take_while(|entity| entity.offset < to).count();
        if from < to {
            let before = plain(at..from);
            let inside = within(units, from..to, &behind[..inner]);
            pieces.push(html! { (before) (marked(first, &inside)) });
            at = to;
        }
        rest = &behind[inner..];
    }
    let left = plain(at..stretch.end);
    html! { @for piece in &pieces { (piece) } (left) }
}

fn marked(entity: &Entity, inside: &Markup) -> Markup {
    match (entity.kind.as_str(), &entity.url) {
        ("bold", _) => html! { b { (inside) } },
        ("italic", _) => html! { i { (inside) } },
        ("text_link", Some(url)) => html! { a href=(url) target="_blank" rel="noopener noreferrer" { (inside) } },
        _ => inside.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str, keyboard: &str) -> String {
        bubble(&Fields { words: words.into(), keyboard: keyboard.into() }, None, Keys::Pressed).into_string()
    }

    #[test]
    fn marks_lie_where_telegram_puts_them() {
        let words = r#""text":"😀 Call now, please","entities":[{"type":"bold","offset":3,"length":8},{"type":"text_link","offset":8,"length":3,"url":"https://a.example/?a=1&b=2"}]"#;
        let html = shown(words, "{\"inline_keyboard\":[]}");
        let link = r#"<a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">now</a>"#;
        assert!(html.contains(&format!("😀 <b>Call {link}</b>, please")), "{html}");
    }

    #[test]
    fn what_an_author_wrote_is_never_markup() {
        let html = shown(
            r#""caption":"<script>alert(1)</script>""#,
            r#"{"inline_keyboard":[[{"text":"<b>","callback_data":"1\"x"}]]}"#,
        );
        assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains("data-token=\"1&quot;x\"") && html.contains("&lt;b&gt;"), "{html}");
    }

    #[test]
    fn a_button_that_shares_opens_what_the_other_would_see() {
        let html = shown(
            r#""text":"a""#,
            r##"{"inline_keyboard":[[{"text":"Share","url":"#lifting"},{"text":"NHS","url":"https://nhs.example/"}]]}"##,
        );
        assert!(html.contains("data-open=\"lifting\"") && html.contains("href=\"https://nhs.example/\""), "{html}");
    }
}
