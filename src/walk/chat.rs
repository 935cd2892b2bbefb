//! A conversation in memory: what walks, the terminal and authors' tools hold with a book.

use jiff::Timestamp;

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
    look: Look,
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
            look: |_, _, event| event.clone(),
        }
    }

    #[must_use]
    pub fn with(self, look: Look) -> Chat<'a> {
        Chat { look, ..self }
    }

    /// Takes one turn and keeps what it shows.
    pub fn turn(&mut self, event: &Event) {
        if let Event::Pressed(token) = event {
            let key = self.keys().find(|key| key.press == Press::Token(token.clone()));
            self.pressed = key.map(|key| without_tick(self.book, &key.label).to_owned());
        }
        let event = (self.look)(self.book, &self.reader, event);
        let turn = step(self.book, std::mem::take(&mut self.reader), &Input { at: self.at, event });
        self.reader = turn.reader;
        self.screens.clear();
        for effect in turn.effects {
            match effect {
                Effect::Show(screen) | Effect::Send(screen) => {
                    self.page = Some(self.book.compose(&screen, &self.reader));
                    self.screens.push(screen);
                }
                Effect::Erase(_) | Effect::Rate { .. } => {}
            }
        }
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
