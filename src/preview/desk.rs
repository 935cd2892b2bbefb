//! What lies on the author's desk: the book as it stands on the disk, one conversation, what was found, a walk that is played. Every window
//! of the browser looks at the same.
//!
//! Never here: HTML, a network, a file that is read.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::watch;

use super::edition::Edition;
use super::phone::{Act, Phone, Setting};
use super::play::Play;
use crate::author::graph::{Choice, Picture, picture, svg};
use crate::lint;
use crate::source::{Files, Loaded, Report, folder};
use crate::walk::noon;

/// So many turns can be taken back.
const MOST_BACK: usize = 200;

/// How often each part has changed: a window that knows another number looks again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Versions {
    pub phone: u64,
    pub book: u64,
    pub problems: u64,
    pub map: u64,
}

pub struct Desk {
    state: Mutex<State>,
    versions: watch::Sender<Versions>,
    clock: fn() -> Timestamp,
    /// Where walks are saved.
    walks: PathBuf,
}

/// What is known of the book, and the conversation.
pub struct State {
    /// The last one that could be read.
    pub edition: Option<Arc<Edition>>,
    /// What stands on the disk now can't be read as a book.
    pub is_broken: bool,
    pub report: Arc<Report>,
    /// The report is that of an edition before: the newest is still looked at.
    pub is_checking: bool,
    pub map: Arc<str>,
    drawn: Option<Picture>,
    pub phone: Option<Phone>,
    past: Vec<Phone>,
    pub play: Option<Play>,
    /// The day on which the reader reads; the real one if there is none.
    pub date: Option<Date>,
    setting: Setting,
}

/// What an author does.
#[derive(Debug)]
pub enum Deed {
    Act(Act),
    /// Begins anew.
    StartOver,
    /// Takes the last turn back.
    Undo,
    Choose(Setting, Option<Date>),
    /// Shows the walk of the finding of that number.
    Play(usize),
    /// Plays the next line of it.
    Step,
    /// Ends it; the conversation stays.
    EndPlay,
}

impl Desk {
    pub fn new(walks: PathBuf, clock: fn() -> Timestamp) -> Desk {
        let state = State {
            edition: None,
            is_broken: false,
            report: Arc::default(),
            is_checking: true,
            map: Arc::from(""),
            drawn: None,
            phone: None,
            past: Vec::new(),
            play: None,
            date: None,
            setting: Setting::default(),
        };
        Desk { state: Mutex::new(state), versions: watch::Sender::default(), clock, walks }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn versions(&self) -> watch::Receiver<Versions> {
        self.versions.subscribe()
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The book was read: what the phone shows comes from this one now. What is wrong with it is told later, by [`Desk::checked`].
    pub fn read(&self, loaded: &Arc<Loaded>, files: &Files) {
        let mut state = self.state();
        let edition = Edition::of(loaded, files, state.edition.as_deref()).map(Arc::new);
        state.is_checking = true;
        state.is_broken = edition.is_none();
        if let Some(edition) = edition {
            // Those of the past too: taken back, a turn would show words of an edition that is gone.
            let State { phone, past, .. } = &mut *state;
            for phone in past.iter_mut().chain(phone) {
                phone.go_on_with(&edition);
            }
            state.edition = Some(edition);
            if state.phone.is_none() {
                state.start_over(self.now());
            }
        } else {
            // What is wrong with the files can be told at once.
            (state.report, state.is_checking) = (Arc::new(loaded.report.clone()), false);
        }
        drop(state);
        self.versions.send_modify(|versions| {
            versions.book += 1;
            versions.phone += 1;
            versions.problems += 1;
        });
    }

    /// The rules and the proofs were tried over the book that was read last.
    pub fn checked(&self, report: Report) {
        let mut state = self.state();
        (state.report, state.is_checking) = (Arc::new(report), false);
        drop(state);
        self.versions.send_modify(|versions| versions.problems += 1);
    }

    /// Draws the map, if it would look different. It takes a while for a large book, so it is asked for when all else is done.
    pub fn draw(&self) {
        let Some(edition) = self.state().edition.clone() else { return };
        let book = edition.book(None);
        let picture = picture(book, &Choice::default());
        if self.state().drawn.as_ref() == Some(&picture) {
            return;
        }
        let unreached = lint::unreached(book);
        let grey: HashSet<&str> = unreached.into_iter().map(|page| book.name(page)).collect();
        let map = svg::map(&picture, &|page| grey.contains(page));
        let mut state = self.state();
        (state.map, state.drawn) = (map.into(), Some(picture));
        drop(state);
        self.versions.send_modify(|versions| versions.map += 1);
    }

    /// Whether something came of it.
    pub fn does(&self, deed: &Deed) -> bool {
        let mut state = self.state();
        let done = state.does(deed, self.now());
        drop(state);
        if done {
            self.versions.send_modify(|versions| versions.phone += 1);
        }
        done
    }

    /// Keeps the conversation as a walk of this name.
    ///
    /// # Errors
    /// A sentence for the author.
    pub fn save(&self, name: &str) -> Result<String, String> {
        let is_name = !name.is_empty()
            && name.len() <= 60
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !is_name {
            return Err(String::from("A name is made of small letters, digits and hyphens, as night-pain."));
        }
        let walk = self.state().phone.as_ref().map_or(Err("There is no conversation yet."), Phone::walk)?;
        let path = self.walks.join(format!("{name}.walk"));
        let shown = path.display();
        match folder::text(&path) {
            Ok(_) => return Err(format!("{shown} is there already: choose another name.")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{shown} can't be looked at: {error}.")),
        }
        match folder::write(&path, &walk) {
            Ok(()) => Ok(format!("Saved as {shown}. `backcare test {name}` plays it.")),
            Err(error) => Err(format!("{shown} can't be written: {error}.")),
        }
    }
}

impl State {
    /// The day and time at which a new conversation begins.
    fn begin(&self, now: Timestamp) -> Timestamp {
        let on = self.date.and_then(|date| date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok());
        on.map_or(now, |day| day.timestamp())
    }

    fn start_over(&mut self, now: Timestamp) {
        let Some(edition) = self.edition.clone() else { return };
        let mut phone = Phone::new(self.setting.clone(), self.begin(now), edition.book(None));
        phone.act(&edition, &Act::Say(String::from("/start")));
        self.phone = Some(phone);
        self.past.clear();
        self.play = None;
    }

    fn does(&mut self, deed: &Deed, now: Timestamp) -> bool {
        let Some(edition) = self.edition.clone() else { return false };
        match deed {
            Deed::StartOver => self.start_over(now),
            Deed::Undo => match self.past.pop() {
                Some(before) => self.phone = Some(before),
                None => return false,
            },
            Deed::Choose(setting, date) => {
                (self.setting, self.date) = (setting.clone(), *date);
                let begin = self.begin(now);
                let Some(phone) = &mut self.phone else { return false };
                if phone.at().to_zoned(jiff::tz::TimeZone::UTC).date() != begin.to_zoned(jiff::tz::TimeZone::UTC).date() {
                    phone.wait_until(begin);
                }
                phone.choose(&edition, setting.clone());
            }
            Deed::Act(act) => {
                let Some(mut phone) = self.phone.clone() else { return false };
                if !phone.act(&edition, act) {
                    return false;
                }
                self.take(phone, !matches!(act, Act::Tick { .. }));
            }
            Deed::Play(number) => {
                let Some((about, walk)) =
                    self.report.findings().get(*number).and_then(|finding| Some((&finding.message, finding.walk.as_ref()?)))
                else {
                    return false;
                };
                self.play = Some(Play::new(about.clone(), walk));
                self.phone = Some(Phone::new(Setting::default(), noon(), edition.book(None)));
                self.past.clear();
            }
            Deed::Step => {
                let (Some(play), Some(phone)) = (&mut self.play, &mut self.phone) else { return false };
                play.step(phone, &edition);
            }
            Deed::EndPlay => return self.play.take().is_some(),
        }
        true
    }

    /// The conversation goes on; what was before can be gone back to. A count is gone back to where it began.
    fn take(&mut self, phone: Phone, is_a_step: bool) {
        if let Some(before) = self.phone.replace(phone).filter(|_| is_a_step) {
            self.past.push(before);
            if self.past.len() > MOST_BACK {
                self.past.remove(0);
            }
        }
    }

    pub fn can_go_back(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn setting(&self) -> &Setting {
        &self.setting
    }
}
