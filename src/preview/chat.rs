//! The phone as HTML: the chat with its bubbles, what can be typed, and the walk that is played in it.

use maud::{Markup, html};

use super::bubble::{Keys, Photo, bubble};
use super::desk::State;
use super::edition::Edition;
use super::phone::{Message, PLACES, Phone, What};
use super::play::{Play, Went};
use crate::dialogue::Page;
use crate::leaflet::direction;
use crate::walk::Line;

/// Where the pictures of a book are, and its files.
pub const MEDIA: &str = "media/";
pub const FILES: &str = "files/";

/// What is inside the phone.
pub fn phone(state: &State, version: u64) -> Markup {
    let (Some(edition), Some(phone)) = (&state.edition, &state.phone) else {
        return html! {
            div.chat-of data-version=(version) {
                p.nothing { "There is no book to show yet. What stands in the way is under Problems." }
            }
        };
    };
    let book = edition.book(Some(phone.language(edition)));
    let here = phone.newest().map(|shown| shown.id.as_str());
    let (due, turn) = phone.due().unzip();
    html! {
        div.chat-of data-version=(version) data-here=[here] data-due=[due] data-turn=[turn] data-back[state.can_go_back()] lang=(book.language()) dir=(direction(book)) {
            div.peer {
                span.face aria-hidden="true" { (book.title().chars().next().unwrap_or('B')) }
                div { b { (book.title()) } span.status { "bot" } }
            }
            @if state.is_broken { p.stale { "What is saved now can't be read as a book. This is the one before; Problems tells what is wrong." } }
            @if let Some(play) = &state.play { (played(play)) }
            div.chat role="log" aria-label="Conversation" tabindex="0" {
                @for message in phone.messages() { (item(edition, message, phone)) }
            }
            div.commands hidden {
                @for command in book.commands() {
                    button type="button" data-say={ "/" (command.name) } { b dir="ltr" { "/" (command.name) } " " span { (command.description) } }
                }
                @for (place, ..) in PLACES { button type="button" data-send=(place) { "📍 " span { "Send a place: " (place) } } }
            }
        }
    }
}

fn item(edition: &Edition, message: &Message, phone: &Phone) -> Markup {
    let is_newest = phone
        .newest()
        .is_some_and(|newest| matches!(&message.what, What::Page(shown) if std::sync::Arc::ptr_eq(shown, newest)));
    html! {
        @match &message.what {
            What::Said(words) => div.said data-message=(message.number) { div.bubble { div.words dir="auto" { (words) } } },
            What::File(file) => div.shown data-message=(message.number) {
                div.bubble.file { a href={ (FILES) (message.number) "/" (file.name) } target="_blank" rel="noopener" { (file.name) } }
            },
            What::Page(shown) => div.shown data-message=(message.number) data-page=(shown.id) data-newest[is_newest] tabindex="-1" {
                @if shown.is_gone { p.gone { "The book no longer has the page " code { (shown.id) } "." } }
                (sent(edition, &shown.page))
            },
        }
    }
}

/// A page as Telegram is sent it.
fn sent(edition: &Edition, page: &Page) -> Markup {
    let (fields, is_pictured) = edition.message(page);
    let address =
        page.image.as_ref().filter(|_| is_pictured).map(|image| (format!("{MEDIA}{}", image.file), image.alt.as_str()));
    let photo = address.as_ref().map(|(address, alt)| Photo { address, alt });
    bubble(&fields, photo, Keys::Pressed)
}

/// The walk that is played, above the chat.
fn played(play: &Play) -> Markup {
    html! {
        div.play {
            p { (play.about) }
            ol {
                @for (number, played) in play.lines.iter().enumerate() {
                    li.next[number == play.next] .well[played.went == Went::Well] .wrong[matches!(played.went, Went::Wrong(_))] {
                        (line(&played.line))
                        @if let Went::Wrong(why) = &played.went { span.why { " " (why) } }
                    }
                }
            }
            div.buttons {
                @if play.is_over() {
                    span.over { "That is the end of it." }
                } @else {
                    button type="button" data-deed="step" { "Next step" }
                    button type="button" data-deed="play-all" { "Play all" }
                }
                button type="button" data-deed="end-play" { "Close" }
            }
        }
    }
}

fn line(line: &Line) -> Markup {
    let words = line.to_string();
    html! { @if matches!(line, Line::Press(_)) { kbd { (words.trim_matches(['[', ']'])) } } @else { (words) } }
}
