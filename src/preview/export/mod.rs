//! The book as one file for a clinician: every page as a reader sees it, where it comes from, a place to tick and to comment, the map, the
//! sources. It needs nothing but a browser; what she says is saved by it as a small file, which `backcare review` reads.
//!
//! Never here: what a review is (that is `author::review`), a file that is written.

use data_encoding::BASE64;
use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::bubble::{Keys, Photo, bubble};
use super::edition::Edition;
use crate::author::graph::{Choice, picture, svg};
use crate::author::review::{FORMAT, Face, Sheet, Shows, sheets, written};
use crate::dialogue::book::Source;
use crate::dialogue::safety::KindName;
use crate::dialogue::{Book, Button, Level};
use crate::leaflet::direction;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A part of the file: its title, and which of the pages that are left belong to it.
type Part = (&'static str, fn(&Sheet) -> bool);

/// In the order in which a mistake would do harm.
const PARTS: [Part; 5] = [
    ("Advice, the most urgent first", |sheet| sheet.level.is_some()),
    ("Questions that lead to advice", |sheet| {
        matches!(sheet.kind, Some(KindName::Question | KindName::Weeks | KindName::Checklist))
    }),
    ("Exercises", |sheet| sheet.kind == Some(KindName::Steps)),
    ("Tips and other pages", |sheet| sheet.wants_review),
    ("About the bot itself: only if you like", |_| true),
];

/// The whole file, in the words of a region; `None` is for readers whose country is not known.
pub fn export(edition: &Edition, region: Option<&str>, today: Date) -> String {
    let book = edition.book(None);
    let mut sheets = sheets(edition.loaded(), region);
    sheets.retain(|sheet| !sheet.faces.is_empty());
    sheets.sort_by_key(|sheet| std::cmp::Reverse(sheet.level));
    let mut parts: Vec<(&str, Vec<Sheet>)> = Vec::new();
    for (title, belongs) in PARTS {
        let own = sheets.extract_if(.., |sheet| belongs(sheet)).collect();
        parts.push((title, own));
    }
    parts.retain(|(_, own)| !own.is_empty());
    let policy = format!(
        "default-src 'none'; img-src data:; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let whose = region.and_then(|region| book.regions().get(region)).map(|region| region.name.as_str());
    let file = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="content-security-policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (book.title()) " – for review" }
                style { (PreEscaped(STYLE)) }
            }
            body data-format=(FORMAT) data-book=(book.id()) data-exported=(today) {
                (head(book, whose, today))
                (contents(&parts))
                main {
                    @for (number, (title, own)) in parts.iter().enumerate() {
                        section #{ "part-" (number) } {
                            h2 { (title) }
                            @for sheet in own { (article(edition, sheet)) }
                        }
                    }
                    (sources(book))
                    section #map-of-the-book {
                        h2 { "How the pages hang together" }
                        p { "Press a box to read its page." }
                        div.map tabindex="0" role="region" aria-label="Map of the book" { (PreEscaped(svg::map(&picture(book, &Choice::default()), &|_| false))) }
                    }
                }
                (desk())
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    file.into_string()
}

/// How a policy names what stands in the file itself.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)))
}

fn head(book: &Book, region: Option<&str>, today: Date) -> Markup {
    html! {
        header {
            h1 { (book.title()) }
            p.lead { "Every page of this chat bot, as its readers see it"
                @if let Some(region) = region { " in " (region) }
                ", on " (today.strftime("%-d %B %Y").to_string()) ". Thank you for reading it with a clinician's eye." }
            ol.how {
                li { "Tick a page if you would let your own patients read it as it stands." }
                li { "If something is wrong, missing or unclear, write it below the page, and leave the tick out." }
                li { "Save your review at the bottom, and send the small file back. Nothing is sent by itself; what you write stays in this browser." }
            }
            noscript { p.warn { "This browser runs no scripts, so it can't save a review. Please open the file in another one." } }
        }
    }
}

fn contents(parts: &[(&str, Vec<Sheet>)]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                @for (number, (title, own)) in parts.iter().enumerate() {
                    li { a href={ "#part-" (number) } { (title) } " (" span.left data-part=(number) { (own.len()) } ")" }
                }
                li { a href="#sources" { "Where it comes from" } }
                li { a href="#map-of-the-book" { "How the pages hang together" } }
            }
        }
    }
}

fn article(edition: &Edition, sheet: &Sheet) -> Markup {
    let book = edition.book(None);
    let field = |what: &str| format!("{what}-{}", sheet.id);
    html! {
        article id=(sheet.id) data-page=(sheet.id) data-of=(written(sheet.fingerprint)) data-level=[sheet.level.map(Level::name)] {
            h3 { (sheet.title) @if let Some(level) = sheet.level { " " span.level { (level.name()) } } }
            div.faces lang=(book.language()) dir=(direction(book)) {
                @for face in &sheet.faces { (shown(edition, face)) }
            }
            div.about {
                p.from {
                    @if sheet.sources.is_empty() { "No source is named." } @else { "From " }
                    @for (number, (id, source)) in sheet.sources.iter().enumerate() {
                        @if number > 0 { "; " }
                        a href={ "#source-" (id) } { (source.title) }
                    }
                    @if !sheet.sources.is_empty() { "." }
                }
                @if let Some((review, holds)) = &sheet.review {
                    p.before { @if *holds { "Reviewed by " } @else { "Changed since it was reviewed by " } (review.by) " on " (review.on) "." }
                }
                @for comment in sheet.comments { p.before { (comment.by) " (" (comment.on) ") said: " q { (comment.says) } } }
                label.tick { input type="checkbox" id=(field("right")); " This is right" }
                label for=(field("comment")) { "Comment on “" (sheet.title) "”" }
                textarea id=(field("comment")) rows="2" maxlength="4000" {}
                p.place { (sheet.at) }
            }
        }
    }
}

fn shown(edition: &Edition, face: &Face) -> Markup {
    let book = edition.book(None);
    let (fields, is_pictured) = edition.message(&face.page);
    let image = face.page.image.as_ref().filter(|_| is_pictured);
    let data = image.and_then(|image| edition.gallery().data(&image.file));
    let photo = data.as_deref().zip(image).map(|(address, image)| Photo { address, alt: &image.alt });
    let place = |token: &str| {
        let page = Button::from_token(token)?.page;
        Some(book.name(book.by_hash(page)?).to_owned())
    };
    html! {
        figure.shown {
            @match face.shows {
                Shows::Whole => {},
                Shows::Asking => figcaption { "Where the operator has a list of services" },
                Shows::Found => figcaption { "Once a place was sent" },
                Shows::Step(number) => figcaption { "Step " (number) },
                Shows::Tip(id) => figcaption { "Weekly tip: " (id) },
            }
            (bubble(&fields, photo, Keys::Read(&place)))
        }
    }
}

fn sources(book: &Book) -> Markup {
    let row = |id: &str, source: &Source| {
        let day = |day: Option<Date>| day.map_or_else(|| String::from("not known"), |day| day.to_string());
        html! {
            tr id={ "source-" (id) } {
                th scope="row" {
                    (source.title) @if let Some(publisher) = &source.publisher { ", " (publisher) }
                    @if let Some(link) = &source.link { br; a href=(link) target="_blank" rel="noopener noreferrer" { (link) } }
                }
                td { (day(source.reviewed)) }
                td { (day(source.due)) }
                td { @if source.clinically_reviewed { "yes" } @else { "no" } }
            }
        }
    };
    html! {
        section #sources {
            h2 { "Where it comes from" }
            div.wide tabindex="0" role="region" aria-label="Sources" {
                table {
                    thead { tr { th scope="col" { "Source" } th scope="col" { "Last reviewed" } th scope="col" { "Review due" } th scope="col" { "Checked by a clinician for this bot" } } }
                    tbody { @for (id, source) in book.sources() { (row(id, source)) } }
                }
            }
        }
    }
}

/// What stays in sight: how far she is, and the way to keep it.
fn desk() -> Markup {
    html! {
        form #desk autocomplete="off" aria-label="Your review" {
            label { "Your name " input #name maxlength="100" required autocomplete="name"; }
            label { "What you are " input #role maxlength="100" placeholder="midwife"; }
            p #far role="status" {}
            label.file { "Go on with a saved review " input #load type="file" accept=".json,application/json"; }
            button type="submit" { "Save my review" }
        }
    }
}
