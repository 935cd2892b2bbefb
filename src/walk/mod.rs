//! Conversation tests that an author can read: the transcript format, and how one is played.
//!
//! A walk drives [`crate::dialogue::step`] and nothing else. At each turn every button on the screen is decoded and encoded again, so
//! that a walk proves its tokens too. It reads and writes no files.

mod chat;
mod line;
mod record;

use jiff::Timestamp;

use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::{Book, Button, Event, Key, Press};

pub use chat::{Chat, Look, Paused};
pub use line::Line;
pub use record::Recording;

/// When a walk is played that names no time: noon on Monday 23 November 2026, UTC.
const NOON: i64 = 1_795_435_200;

/// The time at which walks are played.
pub fn noon() -> Timestamp {
    Timestamp::from_second(NOON).unwrap_or_default()
}

/// A walk as it was read: lines with their numbers, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk(pub Vec<(usize, Line)>);

/// Where a walk left its path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}\nThe bot showed:\n{shown}")]
pub struct Strayed {
    pub line: usize,
    pub fault: Fault,
    pub shown: String,
}

/// Why it left it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("expected: {expected}\n     got: {got}")]
    Unsaid {
        expected: String,
        /// The line on the screen that is most like it.
        got: String,
    },
    #[error("no button says [{0}]")]
    NoButton(String),
    #[error("[{0}] should not be here")]
    Present(String),
    #[error("[{label}] opens {url}: a walk stays in the chat")]
    Leaves { label: String, url: String },
    #[error("the book has no region {0}")]
    NoRegion(String),
    #[error("the book has no tip {0}")]
    NoTip(String),
    #[error("the token of [{label}] does not survive a round trip: {token}")]
    Token { label: String, token: String },
}

/// What happened in a walk, for whoever counts what was reached.
pub type Seen<'s> = dyn FnMut(&Event, &Chat) + 's;

impl Walk {
    /// Reads a walk; every text is one.
    pub fn read(text: &str) -> Walk {
        let numbered = (1..).zip(text.lines().map(str::trim));
        let said = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        Walk(said.map(|(number, line)| (number, Line::read(line))).collect())
    }

    /// Plays the walk over `book`, at `at`.
    ///
    /// # Errors
    /// The first line that does not hold, and what was on the screen.
    pub fn play(&self, book: &Book, at: Timestamp) -> Result<(), Strayed> {
        self.run(Chat::new(book, at), &mut |_, _| {}).into_iter().next().map_or(Ok(()), Err)
    }

    /// Plays the walk to its end, past what is not said, and tells all that does not hold. Where a button is missing it can't go on.
    pub fn run(&self, chat: Chat, seen: &mut Seen) -> Vec<Strayed> {
        let mut player = Player { chat, seen };
        let mut strayed = Vec::new();
        for (number, line) in &self.0 {
            let Err(fault) = player.play(line) else { continue };
            let goes_on = matches!(fault, Fault::Unsaid { .. } | Fault::Present(_)) || matches!(line, Line::There(_));
            strayed.push(Strayed { line: *number, fault, shown: player.chat.screen() });
            if !goes_on {
                break;
            }
        }
        strayed
    }
}

struct Player<'a, 's> {
    chat: Chat<'a>,
    seen: &'a mut Seen<'s>,
}

impl Player<'_, '_> {
    fn play(&mut self, line: &Line) -> Result<(), Fault> {
        let book = self.chat.book;
        match line {
            Line::Region(region) if book.regions().contains_key(region) => {
                self.chat.reader.region = (region != UNKNOWN_REGION).then(|| region.clone());
            }
            Line::Region(region) => return Err(Fault::NoRegion(region.clone())),
            Line::At(at) => self.chat.at = *at,
            Line::Tip(tip) if book.tips().is_some_and(|tips| tips.tips.contains_key(tip)) => {
                self.turn(&Event::TipBegun { tip: tip.clone() });
            }
            Line::Tip(tip) => return Err(Fault::NoTip(tip.clone())),
            Line::Later(seconds) => {
                let mut left = *seconds;
                while let Some(token) = self.chat.wait(&mut left) {
                    self.turn(&Event::Ticked(token));
                }
            }
            Line::Say(words) => self.turn(&Event::Said { words: words.clone(), message: 1 }),
            Line::Press(label) => match self.chat.key(label).map(|key| key.press.clone()) {
                Some(Press::Token(token)) => self.turn(&Event::Pressed(token)),
                Some(Press::Share { page, .. }) => return Err(Fault::Leaves { label: label.clone(), url: page }),
                Some(Press::Url(url)) => return Err(Fault::Leaves { label: label.clone(), url }),
                None => return Err(Fault::NoButton(label.clone())),
            },
            Line::There(label) if self.chat.key(label).is_none() => return Err(Fault::NoButton(label.clone())),
            Line::Absent(label) if self.chat.key(label).is_some() => return Err(Fault::Present(label.clone())),
            Line::There(_) | Line::Absent(_) => {}
            Line::Expect(words) => {
                let text = self.chat.page.as_ref().map_or("", |page| page.text.words.as_str());
                if !says(text, words) {
                    return Err(Fault::Unsaid { expected: words.clone(), got: nearest(text, words).to_owned() });
                }
            }
        }
        self.chat.keys().try_for_each(round_trips)
    }

    fn turn(&mut self, event: &Event) {
        self.chat.turn(event);
        (self.seen)(event, &self.chat);
    }
}

/// Whether a text says the words, line breaks and spaces aside.
pub fn says(text: &str, words: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(text).contains(&flat(words))
}

/// From here on two lines are taken for the same one, before and after.
const ALIKE: f64 = 0.4;

/// The line of a text that is most like some words; its first if none is like them.
fn nearest<'t>(text: &'t str, words: &str) -> &'t str {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let alike = lines().map(|line| (strsim::sorensen_dice(line, words), line)).filter(|(alike, _)| *alike >= ALIKE);
    let best = alike.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, line)| line).or_else(|| lines().next()).unwrap_or_default()
}

fn round_trips(key: &Key) -> Result<(), Fault> {
    match &key.press {
        Press::Url(_) | Press::Share { .. } => Ok(()),
        Press::Token(token) if Button::from_token(token).is_some_and(|button| button.token() == *token) => Ok(()),
        Press::Token(token) => Err(Fault::Token { label: key.label.clone(), token: token.clone() }),
    }
}
