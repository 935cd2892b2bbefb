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
use crate::service::{export, with_place};
use crate::store::Kept;
use crate::walk::{Chat, Line, Recording, Strayed, Walk, noon};

/// Takes the walk of a conversation, as far as it has come.
pub type Keep<'k> = dyn FnMut(&str) -> io::Result<()> + 'k;

/// Speaks `book` on standard input and output until the input ends; what is said and shown is written down where it is wanted. Before each
/// turn `newer` is asked for a book to go on with.
///
/// # Errors
/// A terminal that cannot be written to, or a recording that cannot be kept.
pub fn chat(
    book: Arc<Book>,
    newer: impl FnMut() -> Option<Arc<Book>>,
    region: Option<String>,
    keep: Option<&mut Keep>,
) -> io::Result<()> {
    converse(book, newer, region, keep, io::stdin().lock(), io::stdout().lock(), look())
}

/// Plays a walk on standard output. What does not hold ends it, and is the answer.
///
/// # Errors
/// A terminal that cannot be written to.
pub fn replay(book: &Book, walk: &Walk) -> io::Result<Option<Strayed>> {
    let mut output = io::stdout().lock();
    let mut written = Ok(());
    let chat = Chat::new(book, noon()).with(with_place);
    let strayed = walk.run(chat, &mut |event, chat| {
        if written.is_ok() {
            written = told(event, chat)
                .map_or(Ok(()), |line| writeln!(output, "{line}\n"))
                .and_then(|()| show(chat, &mut output, look()));
        }
    });
    written.map(|()| strayed.into_iter().next())
}

/// What happened, as a line of a walk; of a press, the screen it was made on is gone, so its page is named.
fn told(event: &Event, chat: &Chat) -> Option<Line> {
    match event {
        Event::Said { words, .. } => Some(Line::Say(words.clone())),
        Event::TipBegun { tip } => Some(Line::Tip(tip.clone())),
        Event::Pressed(_) => chat.pressed.clone().map(Line::Press),
        _ => None,
    }
}

fn look() -> Look {
    let person = io::stdin().is_terminal() && io::stdout().is_terminal();
    let colour = person && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    Look { person, colour }
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
/// An output that cannot be written to, a recording that cannot be kept. An input that cannot be read ends the conversation.
pub fn converse(
    mut book: Arc<Book>,
    mut newer: impl FnMut() -> Option<Arc<Book>>,
    region: Option<String>,
    mut keep: Option<&mut Keep>,
    mut input: impl BufRead,
    mut output: impl Write,
    look: Look,
) -> io::Result<()> {
    // A walk has one time; the days that it names must be those that it is played with.
    let (begun, is_kept) = (Timestamp::now(), keep.is_some());
    let mut chat = Chat::new(&book, begun).with(with_place);
    let mut recording = Recording::begin("A conversation", Some(begun), region.as_deref());
    chat.reader.region = region;
    chat.turn(&Event::Started(None));
    recording.add(Line::Say(String::from("/start")));
    let mut shown = |chat: &Chat, recording: &mut Recording, output: &mut dyn Write| -> io::Result<()> {
        recording.showed(chat.headline());
        keep.as_mut().map_or(Ok(()), |keep| keep(&recording.text()))?;
        show(chat, output, look)
    };
    shown(&chat, &mut recording, &mut output)?;
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
        let said = String::from_utf8_lossy(&line);
        let said = said.trim();
        chat.at = if is_kept { begun } else { Timestamp::now() };
        // Whoever pressed meant a button of the screen that they saw.
        let seen = pressed(&chat, said);
        if let Some(next) = newer() {
            let before = chat.page.clone();
            let paused = chat.pause();
            book = next;
            chat = paused.go_on_with(&book);
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
            // The end of the link that Telegram would share.
            Some(Press::Share { page, words }) => {
                writeln!(output, "?start={page} ({words})")?;
                continue;
            }
            Some(Press::Token(token)) => {
                chat.press(&token);
                recording.pressed(&chat);
            }
            None => {
                recording.add(Line::Say(said.to_owned()));
                chat.say(said);
            }
        }
        shown(&chat, &mut recording, &mut output)?;
    }
}

/// The button that a line means: by its number, or by its label.
fn pressed(chat: &Chat, said: &str) -> Option<Press> {
    let by_number = said.parse::<usize>().ok().and_then(|number| chat.keys().nth(number.checked_sub(1)?));
    by_number.or_else(|| chat.key(said)).map(|key| key.press.clone())
}

fn show(chat: &Chat, output: &mut dyn Write, look: Look) -> io::Result<()> {
    let Some(page) = &chat.page else { return Ok(()) };
    let (dim, key, end) = if look.colour { ("\x1b[2m", "\x1b[36m", "\x1b[0m") } else { ("", "", "") };
    writeln!(output, "{}{}\n", if look.person { "\n" } else { "" }, render::terminal(&page.text, look.colour))?;
    if let Some(image) = &page.image {
        let said =
            chat.book.words().phrase(Phrase::Picture).fill(|slot| (slot == "alt").then_some(Cow::Borrowed(image.alt.as_str())));
        writeln!(output, "{}\n", render::terminal(&said, look.colour))?;
    }
    let mut count = 0;
    for row in &page.rows {
        let mut labels = Vec::with_capacity(row.len());
        for each in row {
            count += 1;
            let link = if matches!(each.press, Press::Url(_) | Press::Share { .. }) { " ↗" } else { "" };
            labels.push(format!("{dim}{count}{end} {key}[{}]{end}{link}", each.label));
        }
        writeln!(output, "{}", labels.join("  "))?;
    }
    writeln!(output)?;
    if chat.exports {
        // What a store would keep of this conversation. The terminal is its only reader, and has no number.
        let kept = Kept { reader: chat.reader.clone(), ..Kept::default() };
        writeln!(output, "{}", export(0, &kept))?;
    }
    output.flush()
}
