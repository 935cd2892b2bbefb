//! The whole bot in a terminal: no token, no network, nothing kept.
//!
//! For a person there are colours and numbered buttons. When the input is not a terminal the lines are plain, so that a script can hold
//! the conversation; the end of the input ends it well.

use std::borrow::Cow;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;

use jiff::Timestamp;

use crate::dialogue::words::Phrase;
use crate::dialogue::{Book, Event, Press};
use crate::render;
use crate::service::with_place;
use crate::walk::Chat;

/// Speaks `book` on standard input and output until the input ends. Before each turn `newer` is asked for a book to go on with.
///
/// # Errors
/// A terminal that cannot be written to.
pub fn chat(book: Arc<Book>, newer: impl FnMut() -> Option<Arc<Book>>, region: Option<String>) -> io::Result<()> {
    let person = io::stdin().is_terminal() && io::stdout().is_terminal();
    let colour = person && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    converse(book, newer, region, io::stdin().lock(), io::stdout().lock(), Look { person, colour })
}

/// How the conversation is set.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// A prompt, and space between the turns.
    pub person: bool,
    pub colour: bool,
}

/// The conversation between any input and output.
///
/// # Errors
/// An output that cannot be written to. An input that cannot be read ends the conversation.
pub fn converse(
    book: Arc<Book>,
    mut newer: impl FnMut() -> Option<Arc<Book>>,
    region: Option<String>,
    mut input: impl BufRead,
    mut output: impl Write,
    look: Look,
) -> io::Result<()> {
    let mut chat = Chat::new(book, Timestamp::now());
    chat.reader.region = region;
    chat.turn(Event::Started(None));
    show(&chat, &mut output, look)?;
    let mut line = Vec::new();
    loop {
        if look.person {
            write!(output, "> ")?;
            output.flush()?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line).unwrap_or(0) == 0 {
            return Ok(());
        }
        chat.at = Timestamp::now();
        let said = String::from_utf8_lossy(&line);
        let said = said.trim();
        // Whoever pressed meant a button of the screen that they saw.
        let seen = pressed(&chat, said);
        if let Some(book) = newer() {
            let before = chat.page.clone();
            chat.go_on_with(book);
            if chat.page != before {
                show(&chat, &mut output, look)?;
            }
        }
        // A line without words only looks for a newer book.
        if said.is_empty() {
            continue;
        }
        match seen.or_else(|| pressed(&chat, said)) {
            Some(Press::Url(url)) => {
                writeln!(output, "{url}")?;
                continue;
            }
            Some(Press::Token(token)) => chat.press(&token),
            None => {
                let event = Event::Said { words: said.to_owned(), message: 1 };
                let event = with_place(chat.book(), &chat.reader, &event);
                chat.turn(event);
            }
        }
        show(&chat, &mut output, look)?;
    }
}

/// The button that a line means: by its number, or by its label.
fn pressed(chat: &Chat<Arc<Book>>, said: &str) -> Option<Press> {
    let by_number = said.parse::<usize>().ok().and_then(|number| chat.keys().nth(number.checked_sub(1)?));
    by_number.or_else(|| chat.key(said)).map(|key| key.press.clone())
}

fn show(chat: &Chat<Arc<Book>>, output: &mut impl Write, look: Look) -> io::Result<()> {
    let Some(page) = &chat.page else { return Ok(()) };
    let (dim, key, end) = if look.colour { ("\x1b[2m", "\x1b[36m", "\x1b[0m") } else { ("", "", "") };
    writeln!(output, "{}{}\n", if look.person { "\n" } else { "" }, render::terminal(&page.text, look.colour))?;
    if let Some(image) = &page.image {
        let said = chat
            .book()
            .words()
            .phrase(Phrase::Picture)
            .fill(|slot| (slot == "alt").then_some(Cow::Borrowed(image.alt.as_str())));
        writeln!(output, "{}\n", render::terminal(&said, look.colour))?;
    }
    let mut count = 0;
    for row in &page.rows {
        let mut labels = Vec::with_capacity(row.len());
        for each in row {
            count += 1;
            let link = if matches!(each.press, Press::Url(_)) { " ↗" } else { "" };
            labels.push(format!("{dim}{count}{end} {key}[{}]{end}{link}", each.label));
        }
        writeln!(output, "{}", labels.join("  "))?;
    }
    writeln!(output)?;
    output.flush()
}
