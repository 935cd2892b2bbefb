//! Conversation tests that an author can read: the transcript format, and how one is played.
//!
//! A walk drives [`step`] and nothing else. At each turn every button on the screen is decoded and encoded again, so that a walk proves
//! its tokens too.

use std::ops::Deref;

use jiff::Timestamp;

use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::{Book, Button, Effect, Event, Input, Key, Page, Press, Reader, step, without_tick};

/// What one line of a walk says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// `region: gb`: who reads.
    Region(String),
    /// `> text`: what is typed.
    Say(String),
    /// `[label]`: what is pressed.
    Press(String),
    /// `![label]`: what must not be there.
    Absent(String),
    /// Anything else: what the newest screen must say.
    Expect(String),
}

/// A walk as it was read: lines with their numbers, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk(pub Vec<(usize, Line)>);

/// Where a walk left its path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}\nThe bot showed:\n{shown}")]
pub struct Strayed {
    pub line: usize,
    pub fault: String,
    pub shown: String,
}

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
        let mut chat = Chat::new(book, at);
        for (number, line) in &self.0 {
            chat.play(line).map_err(|fault| Strayed { line: *number, fault, shown: chat.screen() })?;
        }
        Ok(())
    }
}

impl Line {
    fn read(line: &str) -> Line {
        let bracketed = |text: &str| text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map(str::to_owned);
        if let Some(region) = line.strip_prefix("region:") {
            Line::Region(region.trim().to_owned())
        } else if let Some(said) = line.strip_prefix('>') {
            Line::Say(said.trim().to_owned())
        } else if let Some(label) = bracketed(line) {
            Line::Press(label)
        } else if let Some(label) = line.strip_prefix('!').and_then(bracketed) {
            Line::Absent(label)
        } else {
            Line::Expect(line.to_owned())
        }
    }
}

/// A conversation in memory: the book, one reader, the newest screen.
pub struct Chat<B> {
    book: B,
    pub at: Timestamp,
    pub reader: Reader,
    pub page: Option<Page>,
    /// The newest turn: who read, and what happened.
    last: Option<(Reader, Event)>,
}

impl<B: Deref<Target = Book>> Chat<B> {
    pub fn new(book: B, at: Timestamp) -> Chat<B> {
        Chat { book, at, reader: Reader::default(), page: None, last: None }
    }

    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Goes on with another book, where it stands: the newest turn is taken again, so that the screen says what that book says there.
    pub fn go_on_with(&mut self, book: B) {
        self.book = book;
        if let Some((reader, event)) = self.last.take() {
            self.reader = reader;
            self.turn(event);
        }
    }

    /// Takes one turn and keeps what it shows.
    pub fn turn(&mut self, event: Event) {
        self.last = Some((self.reader.clone(), event.clone()));
        let turn = step(&self.book, std::mem::take(&mut self.reader), &Input { at: self.at, event });
        self.reader = turn.reader;
        for effect in turn.effects {
            match effect {
                Effect::Show(screen) | Effect::Send(screen) => self.page = Some(self.book.compose(&screen, &self.reader)),
                Effect::Erase(_) | Effect::Rate { .. } => {}
            }
        }
    }

    pub fn say(&mut self, words: &str) {
        self.turn(Event::Said { words: words.to_owned(), message: 1 });
    }

    /// Presses a token as a channel would hand it over.
    pub fn press(&mut self, token: &str) {
        self.turn(Event::Pressed(token.to_owned()));
    }

    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.page.iter().flat_map(|page| page.rows.iter().flatten())
    }

    /// The button of that label on the newest screen.
    pub fn key(&self, label: &str) -> Option<&Key> {
        self.keys().find(|key| key.label == label || without_tick(&self.book, &key.label) == label)
    }

    pub fn screen(&self) -> String {
        let Some(page) = &self.page else { return "(nothing yet)".to_owned() };
        let buttons: Vec<String> = self.keys().map(|key| format!("[{}]", key.label)).collect();
        format!("{}\n{}", page.text.words, buttons.join(" "))
    }

    fn play(&mut self, line: &Line) -> Result<(), String> {
        match line {
            Line::Region(region) if self.book.regions().contains_key(region) => {
                self.reader.region = (region != UNKNOWN_REGION).then(|| region.clone());
            }
            Line::Region(region) => return Err(format!("the book has no region {region}")),
            Line::Say(words) => self.say(words),
            Line::Press(label) => match self.key(label).map(|key| key.press.clone()) {
                Some(Press::Token(token)) => self.press(&token),
                Some(Press::Url(url)) => return Err(format!("[{label}] opens {url}: a walk stays in the chat")),
                None => return Err(format!("no button says [{label}]")),
            },
            Line::Absent(label) if self.key(label).is_some() => return Err(format!("[{label}] should not be here")),
            Line::Absent(_) => {}
            Line::Expect(words) if self.page.as_ref().is_some_and(|page| says(&page.text.words, words)) => {}
            Line::Expect(words) => return Err(format!("expected: {words}")),
        }
        self.keys().try_for_each(round_trips)
    }
}

/// Whether a text says the words, line breaks and spaces aside.
fn says(text: &str, words: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(text).contains(&flat(words))
}

fn round_trips(key: &Key) -> Result<(), String> {
    match &key.press {
        Press::Url(_) => Ok(()),
        Press::Token(token) if Button::from_token(token).is_some_and(|button| button.token() == *token) => Ok(()),
        Press::Token(token) => Err(format!("the token of [{}] does not survive a round trip: {token}", key.label)),
    }
}
