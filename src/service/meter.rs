//! What is counted while the bot speaks, for whoever keeps it running.
//!
//! Labels are ids of the book, names that stand in the program, and codes. Never here: a chat, a word of a reader, a token; a number
//! that could be traced to one person.

use std::borrow::Cow;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use log::warn;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;

use super::pacer::Lane;
use crate::dialogue::weekly::Slot;
use crate::dialogue::{Book, Effect, Event, Kind, Level, Screen, View};

/// A label's name and value.
pub type Label = (&'static str, Cow<'static, str>);
type One = [Label; 1];
type Two = [Label; 2];

/// Seconds, from an answer on a quick machine to one that waited for a limit.
const TURNS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0, 60.0];
/// Seconds; a poll is held open for up to half a minute.
const CALLS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 35.0];
/// Seconds after the hour that a reader chose.
const DELAYS: [f64; 8] = [1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 43200.0];

/// Counts since the process began. All of it is cheap enough for every turn.
#[derive(Debug)]
pub struct Meter {
    /// By `kind`.
    pub updates: Family<One, Counter>,
    pub turns: Histogram,
    /// By `method`.
    pub calls: Family<One, Histogram, fn() -> Histogram>,
    /// By `method` and `code`.
    pub call_errors: Family<Two, Counter>,
    /// By `page`.
    pub pages: Family<One, Counter>,
    /// By `level`.
    pub advice: Family<One, Counter>,
    /// By `phrase`: what the bot said of itself, such as that it did not understand.
    pub phrases: Family<One, Counter>,
    /// By `tip` and `helpful`.
    pub ratings: Family<Two, Counter>,
    /// By `outcome`.
    pub tips: Family<One, Counter>,
    pub tip_delays: Histogram,
    pub in_hand: Gauge,
    pub lanes: Gauge,
    /// Bytes of what is in hand.
    pub bytes_in_hand: Gauge,
    /// By `outcome`: what became of calls of the webhook.
    pub webhook_calls: Family<One, Counter>,
    /// Updates that could not be read.
    pub unreadable: Counter,
    /// By `how`: updates that the limit of their chat met.
    pub limited: Family<One, Counter>,
    /// By `lane` of the pacer.
    pub waiting: Family<One, Gauge>,
    /// Seconds since 1970 at which Telegram last answered; 0: never.
    heard: AtomicI64,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter {
            updates: Family::default(),
            turns: Histogram::new(TURNS),
            calls: Family::new_with_constructor(|| Histogram::new(CALLS)),
            call_errors: Family::default(),
            pages: Family::default(),
            advice: Family::default(),
            phrases: Family::default(),
            ratings: Family::default(),
            tips: Family::default(),
            tip_delays: Histogram::new(DELAYS),
            in_hand: Gauge::default(),
            lanes: Gauge::default(),
            bytes_in_hand: Gauge::default(),
            webhook_calls: Family::default(),
            unreadable: Counter::default(),
            limited: Family::default(),
            waiting: Family::default(),
            heard: AtomicI64::new(0),
        }
    }
}

/// A label that stands in the program.
pub fn fixed(name: &'static str, value: &'static str) -> Label {
    (name, Cow::Borrowed(value))
}

/// A label with an id of the book.
pub fn of_book(name: &'static str, id: &str) -> Label {
    (name, Cow::Owned(id.to_owned()))
}

/// Counts down when it is dropped, so that whoever stops waiting is not counted for ever.
pub struct Waiting(Gauge);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Meter {
    /// An update was answered, or passed over where nobody waits for an answer.
    pub fn answered(&self, event: Option<&Event>, took: Duration) {
        self.updates.get_or_create(&[fixed("kind", event.map_or("passed-over", kind))]).inc();
        if event.is_some() {
            self.turns.observe(took.as_secs_f64());
        }
    }

    /// Updates could not be read. The first are told in the log, without a word of them; all are counted.
    pub fn could_not_read(&self, updates: u64) {
        if updates > 0 && self.unreadable.inc_by(updates) == 0 {
            warn!(
                "An update from Telegram could not be read and is passed over. More of them are only counted, under /metrics."
            );
        }
    }

    /// A call of the webhook came to an end; how many did so before.
    pub fn webhook_call(&self, outcome: &'static str) -> u64 {
        self.webhook_calls.get_or_create(&[fixed("outcome", outcome)]).inc()
    }

    /// An update met the limit of its chat.
    pub fn limited(&self, how: &'static str) {
        self.limited.get_or_create(&[fixed("how", how)]).inc();
    }

    /// Telegram answered a call; `error` is its code, or why there was no answer.
    pub fn called(&self, method: &'static str, took: Duration, error: Option<Cow<'static, str>>) {
        self.calls.get_or_create(&[fixed("method", method)]).observe(took.as_secs_f64());
        if let Some(code) = error {
            self.call_errors.get_or_create(&[fixed("method", method), ("code", code)]).inc();
        }
    }

    /// What a turn shows and remembers.
    pub fn took_effect(&self, book: &Book, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Show(screen) | Effect::Send(screen) => self.shown(book, screen),
                Effect::Rate { tip, helpful, missing: None } => {
                    let helpful = fixed("helpful", if *helpful { "yes" } else { "no" });
                    self.ratings.get_or_create(&[of_book("tip", tip), helpful]).inc();
                }
                // What was missing in a tip comes behind a rating that was counted. Who asks for their data, or to be forgotten, is not
                // even counted.
                Effect::Rate { missing: Some(_), .. }
                | Effect::After { .. }
                | Effect::Erase(_)
                | Effect::Export
                | Effect::Leaflet
                | Effect::Forget => {}
            }
        }
    }

    fn shown(&self, book: &Book, screen: &Screen) {
        if let Some(phrase) = screen.notice {
            self.phrases.get_or_create(&[fixed("phrase", phrase.name())]).inc();
        }
        match &screen.view {
            View::Whole | View::Form(_) | View::Nearest(_) => {
                self.pages.get_or_create(&[of_book("page", book.name(screen.node))]).inc();
                if let Kind::Advice { level, .. } = book.node(screen.node).kind {
                    self.advice.get_or_create(&[fixed("level", level.name())]).inc();
                }
            }
            View::Phrase(phrase, _) => {
                self.phrases.get_or_create(&[fixed("phrase", phrase.name())]).inc();
            }
            // More of a page that was counted when it came, and tips, which have their own count.
            View::Step(_) | View::Guided { .. } | View::Sources | View::TakeOut | View::Missing { .. } | View::Tip { .. } => {}
        }
    }

    /// A tip came to an end: `outcome` says which.
    pub fn tip(&self, outcome: &'static str) {
        self.tips.get_or_create(&[fixed("outcome", outcome)]).inc();
    }

    /// A tip went out, so long after its hour.
    pub fn tip_went_out(&self, slot: Slot, now: Timestamp) {
        self.tip_delays.observe(now.duration_since(slot.at).as_secs_f64().max(0.0));
    }

    /// Somebody waits in a lane of the pacer until this is dropped.
    pub fn waits(&self, lane: Lane) -> Waiting {
        let lane = fixed("lane", if lane == Lane::Reply { "replies" } else { "tips" });
        let gauge = self.waiting.get_or_create_owned(&[lane]);
        gauge.inc();
        Waiting(gauge)
    }

    pub fn heard(&self, now: Timestamp) {
        self.heard.store(now.as_second(), Ordering::Relaxed);
    }

    /// When Telegram last answered, if it has.
    pub fn last_heard(&self) -> Option<Timestamp> {
        let second = self.heard.load(Ordering::Relaxed);
        (second > 0).then(|| Timestamp::from_second(second).ok()).flatten()
    }

    /// How many updates were answered.
    pub fn all_updates(&self) -> u64 {
        KINDS.iter().filter_map(|kind| self.updates.get(&[fixed("kind", kind)]).map(|count| count.get())).sum()
    }

    /// How often a page was shown.
    pub fn page_count(&self, page: &str) -> u64 {
        self.pages.get(&[of_book("page", page)]).map_or(0, |count| count.get())
    }

    pub fn advice_count(&self, level: Level) -> u64 {
        self.advice.get(&[fixed("level", level.name())]).map_or(0, |count| count.get())
    }

    pub fn tip_count(&self, outcome: &'static str) -> u64 {
        self.tips.get(&[fixed("outcome", outcome)]).map_or(0, |count| count.get())
    }
}

/// What is answered; what is passed over is none of it.
const KINDS: [&str; 7] = ["started", "pressed", "said", "located", "blocked", "unreadable", "in-group"];

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Started(_) => "started",
        Event::Pressed(_) => "pressed",
        Event::Said { .. } => "said",
        Event::Located(_) => "located",
        Event::Blocked => "blocked",
        Event::Unreadable => "unreadable",
        Event::InGroup => "in-group",
        // Made by the bot itself; they don't arrive.
        Event::Ticked(_) | Event::TipDue { .. } | Event::TipBegun { .. } | Event::Broken | Event::TooFast => "passed-over",
    }
}
