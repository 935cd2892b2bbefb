//! What is done with any bytes: a button's token, a file of a book, an update from Telegram, words that somebody types.
//!
//! Each takes whatever comes and panics where a promise is broken. `fuzz/src/main.rs` looks for such bytes, guided by what they reach;
//! `tests/fuzz.rs` tries those that were found before, and others like them. Never here: a promise that holds for well-formed input alone.

use std::fmt::Write as _;

use backcare::author::heard;
use backcare::channel::telegram::Update;
use backcare::dialogue::button::TOKEN_BYTES;
use backcare::dialogue::weekly::{Slot, Subscription};
use backcare::dialogue::{Asked, Book, Button, Event, Input, Press, Reader, step};
use backcare::lint;
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use jiff::civil::{Weekday, date};

/// What is done with any bytes.
pub type Target = fn(&Desk, &[u8]);

/// A target's name and what it does.
pub const TARGETS: [(&str, Target); 4] =
    [("token", token), ("book", book_file), ("webhook", webhook), ("understand", understand)];

/// What the targets work on.
pub struct Desk {
    /// The shipped one.
    pub book: Book,
    /// Files of a small whole book.
    pub small: Vec<(String, String)>,
}

/// Files of a book that any bytes may take the place of.
const FILES: [&str; 8] =
    ["book.yaml", "home.yaml", "words.yaml", "signs.yaml", "weekly.yaml", "understanding.yaml", "asks.yaml", "es/home.yaml"];

/// Callback data. The first byte chooses the reader, and whether the rest is the data itself or what stands in it as base64; then the
/// second one puts a page of the book into it, or leaves it as it is.
fn token(desk: &Desk, bytes: &[u8]) {
    let (head, rest) = bytes.split_first().map_or((0, bytes), |(head, rest)| (*head, rest));
    let data = match rest.split_first() {
        Some((page, within)) if head & 1 > 0 => {
            let mut within = within.to_vec();
            let node = desk.book.nodes().nth(usize::from(*page));
            if let (Some((at, ..)), Some(place)) = (node, within.get_mut(1..5)) {
                place.copy_from_slice(&desk.book.hash(at).0.to_be_bytes());
            }
            format!("1{}", BASE64URL_NOPAD.encode(&within))
        }
        _ => String::from_utf8_lossy(rest).into_owned(),
    };
    if let Some(button) = Button::from_token(&data) {
        assert_eq!(button.token(), data, "a token means one thing");
    }
    let (reader, tokens) = answered(&desk.book, reader(head >> 1), Event::Pressed(data));
    // And on from there.
    let next = tokens.get(usize::from(head >> 4) % tokens.len().max(1)).cloned();
    answered(&desk.book, reader, Event::Pressed(next.expect("a screen leads on")));
}

/// One file of a book. The first byte chooses which.
fn book_file(desk: &Desk, bytes: &[u8]) {
    let (head, rest) = bytes.split_first().map_or((0, bytes), |(head, rest)| (*head, rest));
    let name = FILES[usize::from(head) % FILES.len()];
    let mut files = desk.small.clone();
    if name.starts_with("es/")
        && let Some((_, front)) = files.iter_mut().find(|(name, _)| name == "book.yaml")
    {
        front.push_str("languages: [en, es]\n");
    }
    files.retain(|(file, _)| file != name);
    files.push((name.to_owned(), String::from_utf8_lossy(rest).into_owned()));
    let (book, report) = lint::check_files(files);
    let mut told = String::new();
    write!(told, "{report}").expect("a text");
    assert!(book.is_some() || report.errors() > 0, "no book, and nothing is wrong with it");
    assert!(report.errors() + report.warnings() == 0 || !told.is_empty());
    if let Some(book) = book {
        answered(&book, Reader::default(), Event::Started(None));
    }
}

/// The body of a webhook, and the reply to a poll.
fn webhook(desk: &Desk, body: &[u8]) {
    let list = [&br#"{"ok":true,"result":["#[..], body, b"]}"].concat();
    for reply in [body, &list] {
        let _ = Update::read_all(reply).map(|updates| updates.len());
    }
    let Some(update) = Update::from_bytes(body) else { return };
    let at = noon();
    let heard = update.heard(at);
    let kept = Update::from_bytes(&update.to_bytes()).expect("what lies in the inbox can be read");
    assert_eq!(
        (kept.id, kept.chat(), kept.heard(at)),
        (update.id, update.chat(), heard.clone()),
        "something is lost in the inbox"
    );
    if let Some(heard) = heard.filter(|heard| heard.input.event != Event::Blocked) {
        assert_eq!(heard.chat, update.chat());
        answered(&desk.book, Reader::default(), heard.input.event);
    }
}

/// What somebody types. The first byte chooses to whom.
fn understand(desk: &Desk, bytes: &[u8]) {
    let (head, rest) = bytes.split_first().map_or((0, bytes), |(head, rest)| (*head, rest));
    let words = String::from_utf8_lossy(rest).into_owned();
    let index = desk.book.index();
    let reading = index.read(&words);
    let top = reading.top();
    assert!(top.len() <= 3 && top.iter().all(|(_, score)| score.is_finite()), "{top:?}");
    let told = heard::why(&desk.book, &words);
    assert!(!told.is_empty());
    assert_eq!(index.plain(&index.plain(&words)), index.plain(&words), "plain words stay as they are");
    answered(&desk.book, reader(head), Event::Said { words, message: u32::from(head) });
}

/// One turn; what is remembered then, and the tokens of its buttons.
fn answered(book: &Book, reader: Reader, event: Event) -> (Reader, Vec<String>) {
    let turn = step(book, reader, &Input { at: noon(), event });
    let screen = turn.effects.into_iter().find_map(backcare::dialogue::Effect::screen).expect("an answer");
    let page = book.compose(&screen, &turn.reader);
    assert!(!page.text.words.trim().is_empty(), "an answer without words");
    let presses = page.rows.iter().flatten().filter_map(|key| match &key.press {
        Press::Token(token) => Some(token.clone()),
        Press::Url(_) | Press::Share { .. } => None,
    });
    let tokens: Vec<String> = presses.collect();
    assert!(tokens.iter().all(|token| token.len() <= TOKEN_BYTES && Button::from_token(token).is_some()), "{tokens:?}");
    (turn.reader, tokens)
}

/// Somebody new, somebody of a country, somebody with weekly tips, somebody who was asked something.
fn reader(number: u8) -> Reader {
    let region = (number & 3 > 0).then(|| String::from("gb"));
    let next = Slot { on: date(2026, 11, 30), at: noon() };
    let weekly = Subscription {
        zone: "Europe/London".into(),
        day: Weekday::Monday,
        hour: 9,
        week_zero: Some(date(2026, 7, 9)),
        paused_until: None,
        sent: 2,
        last: None,
        next,
    };
    let asked = if number & 4 > 0 { Asked::Zone } else { Asked::Week { tries: 1 } };
    Reader {
        region,
        weekly: (number & 3 > 1).then_some(weekly),
        asked: (number & 3 == 3).then_some(asked),
        ..Reader::default()
    }
}

fn noon() -> Timestamp {
    Timestamp::from_second(1_795_435_200).expect("noon on 23 November 2026")
}
