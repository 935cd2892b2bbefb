//! The whole bot in a terminal: no token, no network, nothing kept.
//!
//! For a person there are colours and numbered buttons. When the input is not a terminal the lines are plain, so that a script can hold
//! the conversation; the end of the input ends it well. An exercise done together counts in real time for a person alone: a script says
//! the next thing at once.

use std::borrow::Cow;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::dialogue::words::Phrase;
use crate::dialogue::{Book, Event, Page, Press};
use crate::render;
use crate::service::library::Volume;
use crate::service::{File, export, with_place};
use crate::store::Kept;
use crate::walk::{Chat, Line, Recording, Strayed, Walk, noon};

/// Takes the walk of a conversation, as far as it has come.
pub type Keep<'k> = dyn FnMut(&str) -> io::Result<()> + 'k;
/// Lays a file down that a reader was sent, and says where.
pub type LayDown<'k> = dyn FnMut(&File) -> io::Result<PathBuf> + 'k;

/// What becomes of files: the terminal itself opens none.
pub struct Drawer<'k> {
    pub walk: Option<&'k mut Keep<'k>>,
    pub file: &'k mut LayDown<'k>,
}

/// Speaks the book of `volume` on standard input and output until the input ends; what is said and shown is written down where it is wanted. Before each
/// turn `newer` is asked for a book to go on with.
///
/// # Errors
/// A terminal that cannot be written to, or a recording that cannot be kept.
pub fn chat(volume: Volume, newer: impl FnMut() -> Option<Volume>, region: Option<String>, drawer: Drawer) -> io::Result<()> {
    let look = look();
    if look.person {
        return hold(volume, newer, region, drawer, person(), io::stdout().lock(), look);
    }
    converse(volume, newer, region, drawer, io::stdin().lock(), io::stdout().lock(), look)
}

/// What comes next from whoever writes.
enum Next {
    Line(Vec<u8>),
    /// Nothing for as long as there was patience.
    Waited,
    End,
}

/// A person's lines, waited for no longer than the next screen of an exercise takes.
fn person() -> impl FnMut(Option<Duration>) -> Next {
    let (say, said) = mpsc::channel();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(line) = line_of(&mut input) {
            if say.send(line).is_err() {
                return;
            }
        }
    });
    move |patience| match patience {
        None => said.recv().map_or(Next::End, Next::Line),
        Some(patience) => match said.recv_timeout(patience) {
            Ok(line) => Next::Line(line),
            Err(mpsc::RecvTimeoutError::Timeout) => Next::Waited,
            Err(mpsc::RecvTimeoutError::Disconnected) => Next::End,
        },
    }
}

/// The next line; an input that can't be read has ended.
fn line_of(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    (input.read_until(b'\n', &mut line).unwrap_or(0) > 0).then_some(line)
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
    volume: Volume,
    newer: impl FnMut() -> Option<Volume>,
    region: Option<String>,
    drawer: Drawer,
    mut input: impl BufRead,
    output: impl Write,
    look: Look,
) -> io::Result<()> {
    hold(volume, newer, region, drawer, |_| line_of(&mut input).map_or(Next::End, Next::Line), output, look)
}

fn hold(
    mut volume: Volume,
    mut newer: impl FnMut() -> Option<Volume>,
    region: Option<String>,
    drawer: Drawer,
    mut next: impl FnMut(Option<Duration>) -> Next,
    mut output: impl Write,
    look: Look,
) -> io::Result<()> {
    let Drawer { walk: mut keep, file: lay_down } = drawer;
    // A walk has one time; the days that it names must be those that it is played with.
    let (begun, is_kept) = (Timestamp::now(), keep.is_some());
    let mut chat = Chat::new(&volume.book, begun).with(with_place);
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
    loop {
        if look.person {
            write!(output, "> ")?;
            output.flush()?;
        }
        let due = chat.due();
        let line = match next(due.map(|seconds| Duration::from_secs(seconds.into()))) {
            Next::Line(line) => line,
            Next::End => return Ok(()),
            Next::Waited => {
                let mut left = due.unwrap_or(0);
                recording.add(Line::Later(left));
                let before = chat.page.clone();
                if let Some(token) = chat.wait(&mut left) {
                    chat.turn(&Event::Ticked(token));
                }
                match moved(before.as_ref(), chat.page.as_ref()) {
                    Some(bar) => write!(output, "\r\x1b[2K{bar}  ")?,
                    None => shown(&chat, &mut recording, &mut output)?,
                }
                continue;
            }
        };
        let said = String::from_utf8_lossy(&line);
        let said = said.trim();
        chat.at = if is_kept { begun } else { Timestamp::now() };
        // Whoever pressed meant a button of the screen that they saw.
        let seen = pressed(&chat, said);
        if let Some(next) = newer() {
            let before = chat.page.clone();
            let paused = chat.pause();
            volume = next;
            chat = paused.go_on_with(&volume.book);
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
        if let Some(leaflet) = volume.leaflet(chat.reader.region.as_deref(), None).filter(|_| chat.prints) {
            writeln!(output, "{}\n", lay_down(&leaflet)?.display())?;
        }
    }
}

/// The one line that differs between two screens of a count: then it is written over, and the screen stays.
fn moved(before: Option<&Page>, after: Option<&Page>) -> Option<String> {
    let (before, after) = (before?, after?);
    let lines = || before.text.words.lines().zip(after.text.words.lines());
    let mut differ = lines().filter(|(before, after)| before != after);
    let (_, line) = differ.next()?;
    let is_same = before.text.words.lines().count() == after.text.words.lines().count() && differ.next().is_none();
    (is_same && before.rows.len() == after.rows.len()).then(|| line.to_owned())
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
