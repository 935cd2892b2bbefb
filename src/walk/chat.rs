//! A conversation in memory: what walks, the terminal and authors' tools hold with a book.

use jiff::{SignedDuration, Timestamp};

use crate::dialogue::{Book, Effect, Event, Input, Key, Page, Press, Reader, Screen, step, without_tick};

/// What a channel makes of an event before the core sees it: a city that was typed becomes its time zone.
pub type Look = fn(&Book, &Reader, &Event) -> Event;

/// The book, one reader, the newest screen.
pub struct Chat<'a> {
    pub book: &'a Book,
    pub at: Timestamp,
    pub reader: Reader,
    pub page: Option<Page>,
    /// The label that was pressed last.
    pub pressed: Option<String>,
    /// What the last turn showed, by name.
    pub screens: Vec<Screen>,
    /// The last turn also sends a file with what is kept.
    pub exports: bool,
    /// The last turn also sends the leaflet.
    pub prints: bool,
    /// The next screen of a count, and in how many seconds it is due.
    next: Option<(u32, String)>,
    /// The last turn: who read, and what happened.
    last: Option<(Reader, Event)>,
    look: Look,
}

/// A conversation between two books. What it is about is known by what was done last, for places are a book's own.
pub struct Paused {
    at: Timestamp,
    reader: Reader,
    page: Option<Page>,
    pressed: Option<String>,
    last: Option<(Reader, Event)>,
    look: Look,
}

impl Paused {
    /// Goes on where it stood: the last turn is taken again, so that the screen says what this book says there.
    pub fn go_on_with(self, book: &Book) -> Chat<'_> {
        let Paused { at, reader, page, pressed, last, look } = self;
        let mut chat = Chat { reader, page, look, ..Chat::new(book, at) };
        if let Some((reader, event)) = last {
            chat.reader = reader;
            chat.turn(&event);
        }
        Chat { pressed, ..chat }
    }
}

impl<'a> Chat<'a> {
    pub fn new(book: &'a Book, at: Timestamp) -> Chat<'a> {
        Chat {
            book,
            at,
            reader: Reader::default(),
            page: None,
            pressed: None,
            screens: Vec::new(),
            exports: false,
            prints: false,
            next: None,
            last: None,
            look: |_, _, event| event.clone(),
        }
    }

    #[must_use]
    pub fn with(self, look: Look) -> Chat<'a> {
        Chat { look, ..self }
    }

    /// Puts the book down.
    pub fn pause(self) -> Paused {
        let Chat { at, reader, page, pressed, last, look, .. } = self;
        Paused { at, reader, page, pressed, last, look }
    }

    /// Takes one turn and keeps what it shows.
    pub fn turn(&mut self, event: &Event) {
        self.last = Some((self.reader.clone(), event.clone()));
        if let Event::Pressed(token) = event {
            let key = self.keys().find(|key| key.press == Press::Token(token.clone()));
            self.pressed = key.map(|key| without_tick(self.book, &key.label).to_owned());
        }
        let event = (self.look)(self.book, &self.reader, event);
        let turn = step(self.book, std::mem::take(&mut self.reader), &Input { at: self.at, event });
        self.reader = turn.reader;
        self.screens.clear();
        (self.exports, self.prints) = (false, false);
        self.next = None;
        for effect in turn.effects {
            match effect {
                Effect::Show(screen) | Effect::Send(screen) => {
                    self.page = Some(self.book.compose(&screen, &self.reader));
                    self.screens.push(screen);
                }
                Effect::After { seconds, then } => self.next = Some((seconds.into(), then.token())),
                Effect::Export => self.exports = true,
                Effect::Leaflet => self.prints = true,
                // The turn's reader is a stranger already.
                Effect::Erase(_) | Effect::Rate { .. } | Effect::Forget => {}
            }
        }
    }

    /// In how many seconds the next screen of a count is due, if there is a count.
    pub fn due(&self) -> Option<u32> {
        self.next.as_ref().map(|(seconds, _)| *seconds)
    }

    /// Lets time pass, no further than to the next screen of a count: what is due then, for [`Event::Ticked`].
    pub fn wait(&mut self, left: &mut u32) -> Option<String> {
        let due = self.due().filter(|due| due <= left);
        let passed = due.unwrap_or(*left);
        *left -= passed;
        self.at = self.at.checked_add(SignedDuration::from_secs(passed.into())).unwrap_or(self.at);
        if due.is_some() {
            return self.next.take().map(|(_, token)| token);
        }
        if let Some((seconds, _)) = &mut self.next {
            *seconds -= passed;
        }
        None
    }

    pub fn say(&mut self, words: &str) {
        self.turn(&Event::Said { words: words.to_owned(), message: 1 });
    }

    /// Presses a token as a channel would hand it over.
    pub fn press(&mut self, token: &str) {
        self.turn(&Event::Pressed(token.to_owned()));
    }

    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.page.iter().flat_map(|page| page.rows.iter().flatten())
    }

    /// The button of that label on the newest screen.
    pub fn key(&self, label: &str) -> Option<&Key> {
        self.keys().find(|key| key.label == label || without_tick(self.book, &key.label) == label)
    }

    /// What the newest screen says, its first line: the action comes first in every text.
    pub fn headline(&self) -> Option<&str> {
        let page = self.page.as_ref()?;
        page.text.words.lines().map(str::trim).find(|line| !line.is_empty())
    }

    pub fn screen(&self) -> String {
        let Some(page) = &self.page else { return "(nothing yet)".to_owned() };
        let buttons: Vec<String> = self.keys().map(|key| format!("[{}]", key.label)).collect();
        format!("{}\n{}", page.text.words, buttons.join(" "))
    }
}
