//! The leaflet as one file of HTML: to be printed on A4, and to be read on a phone. No script, nothing from elsewhere, its pictures in it.
//!
//! Never here: a word of its own, a file that is opened, which pages are in it.

mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::words::{inline, words};
use crate::dialogue::Book;
use crate::dialogue::book::Image;
use crate::dialogue::leaflet::{Card, Origin, Part, Sheet, Step, What};
use crate::media::Gallery;

const STYLE: &str = include_str!("style.css");

/// Languages that are written from right to left, by their two letters.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"];

/// What a leaflet is made of.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// In the reader's language.
    pub book: &'a Book,
    /// As it was written.
    pub own: &'a Book,
    pub gallery: &'a Gallery,
    pub region: Option<&'a str>,
    /// Where the bot is, if that is known.
    pub link: Option<&'a str>,
}

/// The whole file; `None` if the book has no leaflet.
pub fn leaflet(order: &Order) -> Option<String> {
    let Order { book, own, region, link, .. } = *order;
    let sheet = book.leaflet_for(own, region)?;
    let chat = link.and_then(|link| book.leaflet_chat(link));
    let Sheet { title, text, notices, parts, sources, from, checked } = &sheet;
    let page = html! {
        (DOCTYPE)
        html lang=(book.language()) dir=(direction(book)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    (words(text))
                    @for notice in notices { div.notice { (words(notice)) } }
                    @if let (Some(chat), Some(link)) = (&chat, link) { a.chat href=(link) { (words(chat)) } }
                }
                main { @for part in parts { (order.part(part)) } }
                footer {
                    section {
                        h2 { (sources) }
                        ul.sources { @for origin in from { li { (source(origin)) } } }
                        @if let Some(checked) = checked { (words(checked)) }
                        @for notice in notices { (words(notice)) }
                    }
                }
            }
        }
    };
    Some(page.into_string())
}

/// How a language is written, as HTML names it.
pub fn direction(book: &Book) -> &'static str {
    if RIGHT_TO_LEFT.contains(&book.language()) { "rtl" } else { "ltr" }
}

fn source(origin: &Origin) -> Markup {
    html! {
        (words(&origin.text))
        @if let Some(link) = origin.link { a href=(link) dir="ltr" { (link) } }
    }
}

impl Order<'_> {
    fn part(&self, part: &Part) -> Markup {
        let (lang, dir) = self.spoken(part.original.is_some());
        html! {
            section {
                @if let Some(why) = &part.original { div.notice { (words(why)) } }
                div lang=[lang] dir=[dir] {
                    div.head {
                        h2 { (part.title) }
                        (words(&part.text))
                        @if !part.numbers.is_empty() { div.numbers { @for numbers in &part.numbers { (words(numbers)) } } }
                    }
                    div.cards { @for card in &part.cards { (self.card(card)) } }
                }
            }
        }
    }

    /// The language of what is not in the leaflet's own.
    fn spoken(&self, is_original: bool) -> (Option<&str>, Option<&str>) {
        (is_original.then(|| self.own.language()), is_original.then(|| direction(self.own)))
    }

    fn card(&self, card: &Card) -> Markup {
        let (lang, dir) = self.spoken(card.original.is_some());
        let (kind, level, body) = match &card.what {
            What::Page { text, image, level } => {
                let body =
                    html! { @if let Some(image) = image { (self.picture(image)) } div.words { (title(card)) (words(text)) } };
                (if image.is_some() { "page pictured" } else { "page" }, *level, body)
            }
            What::Steps { steps, repeat } => ("steps", None, self.steps(card, steps, repeat.as_ref())),
            What::Signs { level, text, signs } => {
                let body = html! { (words(text)) ul { @for sign in signs { li { (inline(sign)) } } } };
                ("signs", Some(*level), body)
            }
            What::Notes(notes) => ("notes", None, html! { (title(card)) ul { @for note in notes { li { (inline(note)) } } } }),
        };
        html! {
            article class=(kind) data-level=[level.map(crate::dialogue::Level::name)] {
                @if let Some(why) = &card.original { div.notice { (words(why)) } }
                div.body lang=[lang] dir=[dir] { (body) }
            }
        }
    }

    fn steps(&self, card: &Card, steps: &[Step], repeat: Option<&crate::dialogue::Text>) -> Markup {
        html! {
            (title(card))
            ol {
                @for step in steps {
                    li {
                        div.numbered { @if let Some(image) = step.image { (self.picture(image)) } }
                        div.words {
                            (words(&step.text))
                            @if let Some(hold) = &step.hold { (words(hold)) }
                        }
                    }
                }
            }
            @if let Some(repeat) = repeat { div.repeat { (words(repeat)) } }
        }
    }

    /// Lies in the file itself: a leaflet is handed on without its folder.
    fn picture(&self, image: &Image) -> Markup {
        let data = self.gallery.data(&image.file);
        html! { @if let Some(data) = data { img src=(data) alt=(image.alt); } @else { p.picture { (image.alt) } } }
    }
}

fn title(card: &Card) -> Markup {
    html! { @if let Some(title) = card.title { h3 { (title) } } }
}
