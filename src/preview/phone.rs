//! The conversation of one made-up reader as their phone holds it: messages that are sent, edited in place, taken away.
//!
//! It drives the same `step` as every channel and does with its effects what Telegram's channel does. Its clock stands still but for
//! exercises that count, so that what was recorded plays again. Never here: a network, a real clock, HTML.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::edition::Edition;
use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::weekly::Subscription;
use crate::dialogue::{Book, Effect, Event, Input, Located, Page, Press, Reader, Screen, step, without_tick};
use crate::places;
use crate::service::{File, export, with_place};
use crate::store::Kept;
use crate::walk::{self, Line, Recording};

/// A clock for a reader who never said theirs.
const ZONE: &str = "UTC";

/// What an author chooses of the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// What their Telegram tells, as two letters.
    pub language: Option<String>,
    pub region: Option<String>,
    /// The week they have told; they get weekly tips then.
    pub week: Option<u8>,
}

/// What happens in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Say(String),
    /// A button with this callback data, of this message.
    Press {
        message: u32,
        token: String,
    },
    /// The next screen of a count, if nothing has happened since `turn`.
    Tick {
        turn: u32,
    },
    /// A link that opens a page.
    Open(String),
    Tip(String),
    /// A place is sent, by its name in [`PLACES`].
    Send(String),
}

/// Where a reader can be, in degrees north and east: authors see what becomes of a location without being there.
pub const PLACES: [(&str, f64, f64); 4] =
    [("London", 51.51, -0.13), ("Kraków", 50.06, 19.94), ("Chicago", 41.88, -87.63), ("Sydney", -33.87, 151.21)];

#[derive(Debug, Clone)]
pub struct Message {
    pub number: u32,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    Said(String),
    Page(Arc<Shown>),
    File(Arc<File>),
}

/// A message that shows a page, and how it came about: so it can be shown again from another edition of the book.
#[derive(Debug)]
pub struct Shown {
    /// The page's id.
    pub id: String,
    pub page: Page,
    pub language: String,
    /// The book no longer has this page; it stands as it was.
    pub is_gone: bool,
    made: Made,
}

#[derive(Debug, Clone)]
struct Made {
    before: Reader,
    input: Input,
    /// Which of the turn's screens it is.
    nth: usize,
}

#[derive(Debug, Clone)]
pub struct Phone {
    setting: Setting,
    reader: Reader,
    at: Timestamp,
    messages: Vec<Message>,
    last: u32,
    /// The message that changed last.
    newest: u32,
    /// The next screen of a count: of which message, in how many seconds, by which button.
    due: Option<(u32, u16, String)>,
    /// How many turns were taken.
    turn: u32,
    recording: Recording,
    unrecorded: Option<&'static str>,
}

impl Phone {
    /// A new chat, in which nothing was said yet.
    pub fn new(setting: Setting, at: Timestamp, book: &Book) -> Phone {
        let recording = Recording::begin("A conversation", Some(at), setting.region.as_deref());
        let reader = Reader { region: setting.region.clone(), ..Reader::default() };
        let mut phone = Phone {
            setting,
            reader,
            at,
            messages: Vec::new(),
            last: 0,
            newest: 0,
            due: None,
            turn: 0,
            recording,
            unrecorded: None,
        };
        phone.keep_week(book);
        phone
    }

    fn keep_week(&mut self, book: &Book) {
        let Some(week) = self.setting.week else { return };
        if let Some(subscription) = signed_up(book, week, self.at) {
            self.reader.weekly = Some(subscription);
            self.unrecorded =
                Some("A walk begins with somebody who has not signed up yet: set no week, and sign up in the chat.");
        }
    }

    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    pub fn at(&self) -> Timestamp {
        self.at
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The message that changed last, if it shows a page.
    pub fn newest(&self) -> Option<&Arc<Shown>> {
        self.shown(self.newest)
    }

    /// In how many seconds the next screen of a count is due, and the turn that it belongs to.
    pub fn due(&self) -> Option<(u16, u32)> {
        self.due.as_ref().map(|(_, seconds, _)| (*seconds, self.turn))
    }

    /// The conversation as a walk; or why it can't be one.
    pub fn walk(&self) -> Result<String, &'static str> {
        self.unrecorded.map_or_else(|| Ok(self.recording.text()), Err)
    }

    /// The language that the reader is spoken to in.
    pub fn language<'p>(&'p self, edition: &'p Edition) -> &'p str {
        let wanted = self.reader.language.as_deref().or(self.setting.language.as_deref());
        edition.book(wanted).language()
    }

    /// Takes one turn. Whether something came of it.
    pub fn act(&mut self, edition: &Edition, act: &Act) -> bool {
        match act {
            Act::Say(words) if words.trim().is_empty() => return false,
            Act::Say(words) => {
                let message = self.add(What::Said(words.clone()));
                self.recording.add(Line::Say(words.clone()));
                self.turn(edition, &Event::Said { words: words.clone(), message }, None);
            }
            Act::Open(id) => {
                let words = format!("/start {id}");
                self.add(What::Said(words.clone()));
                self.recording.add(Line::Say(words));
                self.turn(edition, &Event::Started(Some(id.clone())), None);
            }
            Act::Tip(tip) => {
                self.recording.add(Line::Tip(tip.clone()));
                self.turn(edition, &Event::TipBegun { tip: tip.clone() }, None);
            }
            Act::Press { message, token } => {
                let Some(label) = self.label(edition, *message, token) else { return false };
                if *message != self.newest {
                    self.unrecorded =
                        Some("You pressed a button of an earlier message; a walk presses those of the newest alone.");
                }
                self.recording.add(Line::Press(label));
                self.turn(edition, &Event::Pressed(token.clone()), Some(*message));
            }
            Act::Send(place) => {
                let Some((name, north, east)) = PLACES.into_iter().find(|(name, ..)| name == place) else { return false };
                self.add(What::Said(format!("📍 {name}")));
                self.unrecorded = Some("You sent a place, and a walk has no line for that.");
                let zone = places::zone_at(north, east);
                self.turn(edition, &Event::Located(Located { zone, nearest: Vec::new() }), None);
            }
            Act::Tick { turn } => {
                let Some((message, seconds, token)) = self.due.take_if(|_| *turn == self.turn) else { return false };
                self.at = self.at.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(self.at);
                self.recording.add(Line::Later(seconds.into()));
                self.turn(edition, &Event::Ticked(token), Some(message));
            }
        }
        true
    }

    /// Words on a button as a walk knows them; `None` if the message has no such button.
    fn label(&self, edition: &Edition, message: u32, token: &str) -> Option<String> {
        let shown = self.shown(message)?;
        let key = shown.page.rows.iter().flatten().find(|key| matches!(&key.press, Press::Token(own) if own == token))?;
        Some(without_tick(edition.book(Some(&shown.language)), &key.label).to_owned())
    }

    /// The button of that label on the newest message, and that message.
    pub fn key(&self, edition: &Edition, label: &str) -> Option<(u32, Press)> {
        let shown = self.newest()?;
        let book = edition.book(Some(&shown.language));
        let mut keys = shown.page.rows.iter().flatten();
        let key = keys.find(|key| key.label == label || without_tick(book, &key.label) == label)?;
        Some((self.newest, key.press.clone()))
    }

    /// Whether the newest message says these words.
    pub fn says(&self, words: &str) -> bool {
        self.newest().is_some_and(|shown| walk::says(&shown.page.text.words, words))
    }

    /// Lets time pass; what is due meanwhile comes.
    pub fn let_pass(&mut self, edition: &Edition, mut seconds: u32) {
        while let Some((due, turn)) = self.due().filter(|(due, _)| u32::from(*due) <= seconds) {
            seconds -= u32::from(due);
            self.act(edition, &Act::Tick { turn });
        }
        self.at = self.at.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(self.at);
        if let Some((_, due, _)) = &mut self.due {
            *due -= u16::try_from(seconds).unwrap_or(*due);
        }
    }

    pub fn wait_until(&mut self, at: Timestamp) {
        self.at = at;
        self.recording.add(Line::At(at));
    }

    fn turn(&mut self, edition: &Edition, event: &Event, pressed: Option<u32>) {
        let before = self.reader.clone();
        let heard = with_place(edition.book(Some(self.language(edition))), &before, event);
        let input = Input { at: self.at, event: heard };
        let turn = step(edition.book(Some(self.language(edition))), before.clone(), &input);
        self.reader = turn.reader;
        self.turn += 1;
        self.due = None;
        let language = self.language(edition).to_owned();
        let mut nth = 0;
        for effect in turn.effects {
            match effect {
                Effect::Show(ref screen) | Effect::Send(ref screen) => {
                    let made = Made { before: before.clone(), input: input.clone(), nth };
                    let shown = Shown::of(edition.book(Some(&language)), screen, &self.reader, made);
                    let place = pressed.filter(|_| matches!(effect, Effect::Show(_)));
                    self.show(edition, Arc::new(shown), place);
                    nth += 1;
                }
                Effect::After { seconds, then } => self.due = Some((self.newest, seconds, then.token())),
                Effect::Erase(typed) => self.messages.retain(|message| message.number != typed),
                Effect::Export => {
                    let kept = Kept { reader: self.reader.clone(), ..Kept::default() };
                    let name = format!("{}.json", edition.book(None).id());
                    self.file(File { name, media: "application/json", content: export(0, &kept) });
                }
                Effect::Leaflet => {
                    if let Some(leaflet) = edition.leaflet(&language, self.reader.region.as_deref()) {
                        self.file(leaflet);
                    }
                }
                // The turn's reader is a stranger already.
                Effect::Forget | Effect::Rate { .. } => {}
            }
        }
        let headline = self.newest().and_then(|shown| headline(&shown.page).map(str::to_owned));
        self.recording.showed(headline.as_deref());
    }

    fn file(&mut self, file: File) {
        self.add(What::File(Arc::new(file)));
    }

    fn add(&mut self, what: What) -> u32 {
        self.last += 1;
        self.messages.push(Message { number: self.last, what });
        self.last
    }

    /// In place of a message; but words alone can't come in place of a picture, so they come below, and the picture goes.
    fn show(&mut self, edition: &Edition, shown: Arc<Shown>, place: Option<u32>) {
        let is_pictured = |shown: &Shown| edition.message(&shown.page).1;
        let old = place.and_then(|place| self.shown(place));
        let stays = old.is_some_and(|old| !is_pictured(old) || is_pictured(&shown));
        if let Some(message) = self.messages.iter_mut().find(|message| Some(message.number) == place).filter(|_| stays) {
            message.what = What::Page(shown);
            self.newest = message.number;
            return;
        }
        self.newest = self.add(What::Page(shown));
        self.messages.retain(|message| Some(message.number) != place);
    }

    fn shown(&self, number: u32) -> Option<&Arc<Shown>> {
        self.messages.iter().find(|message| message.number == number).and_then(|message| match &message.what {
            What::Page(shown) => Some(shown),
            _ => None,
        })
    }

    /// Goes on with another edition of the book: every message shows what this one says there.
    pub fn go_on_with(&mut self, edition: &Edition) {
        for message in &mut self.messages {
            if let What::Page(shown) = &mut message.what {
                *shown = Arc::new(shown.again(edition.book(Some(&shown.language)), shown.made.clone()));
            }
        }
    }

    /// Chooses who reads. All messages are shown as this reader would have got them, so that the author sees the difference in place.
    pub fn choose(&mut self, edition: &Edition, setting: Setting) {
        let before = std::mem::replace(&mut self.setting, setting);
        let Setting { language, region, week } = &self.setting;
        let (other_language, other_region) = (before.language != *language, before.region != *region);
        if other_region {
            self.reader.region.clone_from(region);
            let region = region.clone().unwrap_or_else(|| UNKNOWN_REGION.to_owned());
            self.recording.add(Line::Region(region));
        }
        if other_language {
            self.reader.language = None;
        }
        if before.week != *week {
            self.reader.weekly = None;
            self.keep_week(edition.book(None));
        }
        let language = self.language(edition).to_owned();
        for message in &mut self.messages {
            let What::Page(shown) = &mut message.what else { continue };
            let mut made = shown.made.clone();
            if other_region {
                made.before.region.clone_from(&self.reader.region);
            }
            if other_language {
                made.before.language = None;
            }
            let spoken = if other_language { &language } else { &shown.language };
            *shown = Arc::new(shown.again(edition.book(Some(spoken)), made));
        }
    }
}

impl Shown {
    fn of(book: &Book, screen: &Screen, reader: &Reader, made: Made) -> Shown {
        let (id, page) = (book.name(screen.node).to_owned(), book.compose(screen, reader));
        Shown { id, page, language: book.language().to_owned(), is_gone: false, made }
    }

    /// The same message from another edition: what the turn that made it shows now, if it is still about this page; else the page itself.
    fn again(&self, book: &Book, made: Made) -> Shown {
        let turn = step(book, made.before.clone(), &made.input);
        let screens: Vec<Screen> = turn.effects.into_iter().filter_map(Effect::screen).collect();
        let Some(page) = book.find(&self.id) else {
            let (id, page, language) = (self.id.clone(), self.page.clone(), self.language.clone());
            return Shown { id, page, language, is_gone: true, made };
        };
        match screens.get(made.nth).filter(|screen| screen.node == page) {
            Some(screen) => Shown::of(book, screen, &turn.reader, made),
            None => Shown::of(book, &Screen::of(page), &turn.reader, made),
        }
    }
}

/// Somebody who signed up for weekly tips, at a time when the book would have sent them, in this week today.
pub fn signed_up(book: &Book, week: u8, at: Timestamp) -> Option<Subscription> {
    let policy = &book.tips()?.policy;
    let mut subscription = Subscription::begin(ZONE.to_owned(), policy.day, policy.hour);
    let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    subscription.week_zero = today.checked_sub(jiff::Span::new().weeks(week)).ok();
    subscription.next = crate::dialogue::weekly::first_slot(&subscription, at);
    Some(subscription)
}

/// What a page says first: the action comes first in every text.
fn headline(page: &Page) -> Option<&str> {
    page.text.words.lines().map(str::trim).find(|line| !line.is_empty())
}

#[cfg(test)]
mod tests;
