//! What the ops port knows, and whom it asks: the meter, the store, the running book.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use log::error;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::history::History;
use super::look::{BookLook, Look};
use crate::dialogue::{Book, Level};
use crate::service::Running;
use crate::service::meter::Meter;
use crate::store::{Counts, Store};

/// What the store counted is good for so long: counting looks at every row.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);
/// A store that doesn't answer within this time is not ready.
const PATIENCE: Duration = Duration::from_secs(2);
/// Telegram holds a call open for half a minute, so silence for so long is no ordinary silence.
const SILENCE: SignedDuration = SignedDuration::from_secs(100);
/// So many pages are shown as the most shown.
const PAGES: usize = 12;

pub struct Desk {
    pub(super) meter: Arc<Meter>,
    pub(super) since: Timestamp,
    running: Running,
    store: Arc<dyn Store>,
    clock: fn() -> Timestamp,
    stop: watch::Receiver<bool>,
    history: Mutex<History>,
    /// One asks at a time; the others wait for what that one hears.
    counted: tokio::sync::Mutex<Option<(Timestamp, Arc<Counts>)>>,
    /// Seconds since 1970 at which the running book was read.
    book_read: AtomicI64,
}

impl Desk {
    pub fn new(
        running: Running,
        store: Arc<dyn Store>,
        meter: Arc<Meter>,
        clock: fn() -> Timestamp,
        stop: watch::Receiver<bool>,
    ) -> Desk {
        let since = clock();
        Desk {
            meter,
            since,
            running,
            store,
            clock,
            stop,
            history: Mutex::default(),
            counted: tokio::sync::Mutex::default(),
            book_read: AtomicI64::new(since.as_second()),
        }
    }

    /// Writes history for as long as it is polled: messages every minute, subscribers every hour, and when a new book came.
    pub(super) async fn keep_history(&self) {
        let mut running = self.running.clone();
        let mut minute = interval(Duration::from_mins(1));
        minute.set_missed_tick_behavior(MissedTickBehavior::Skip);
        minute.tick().await;
        loop {
            tokio::select! {
                _ = minute.tick() => {
                    let hour = self.history().minute(self.meter.all_updates());
                    if hour && let Some(counts) = self.counts().await {
                        self.history().subscribers.push(counts.subscribers);
                    }
                }
                Ok(()) = running.changed() => self.book_read.store((self.clock)().as_second(), Ordering::Relaxed),
            }
        }
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn book(&self) -> Arc<Book> {
        Arc::clone(self.running.borrow().own())
    }

    pub(super) fn book_read(&self) -> Timestamp {
        Timestamp::from_second(self.book_read.load(Ordering::Relaxed)).unwrap_or(self.since)
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// What the store holds, a few minutes old at most; what was heard last if it does not answer now.
    pub(super) async fn counts(&self) -> Option<Arc<Counts>> {
        let mut counted = self.counted.lock().await;
        let now = self.now();
        if let Some((at, counts)) = &*counted
            && now.duration_since(*at) < GOOD_FOR
        {
            return Some(Arc::clone(counts));
        }
        match self.store.counts(now).await {
            Ok(counts) => *counted = Some((now, Arc::new(counts))),
            Err(error) => error!("the ops port has no fresh numbers from the store: {error}"),
        }
        counted.as_ref().map(|(_, counts)| Arc::clone(counts))
    }

    /// Why nobody should be sent here now, a plain line each; none if all is well.
    pub(super) async fn not_ready(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if *self.stop.borrow() {
            lines.push(String::from("stopping: no new messages are taken"));
        }
        match timeout(PATIENCE, self.store.due(self.now())).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                error!("the store does not answer: {error}");
                lines.push(String::from("store: it answers with an error; the log says which"));
            }
            Err(_) => lines.push(format!("store: no answer within {} s", PATIENCE.as_secs())),
        }
        match self.meter.last_heard() {
            None => lines.push(String::from("telegram: not heard since the start; see the log, or run `backcare doctor`")),
            Some(at) => {
                let silence = self.now().duration_since(at);
                if silence > SILENCE {
                    let silence = silence.as_secs();
                    lines.push(format!("telegram: not heard for {silence} s; see the log, or run `backcare doctor`"));
                }
            }
        }
        lines
    }

    /// Everything that the page shows.
    pub async fn look(&self) -> Look {
        let (not_ready, counts) = (self.not_ready().await, self.counts().await);
        let (book, meter) = (self.book(), &self.meter);
        let history = self.history();
        let mut subscribers = history.subscribers.numbers();
        subscribers.extend(counts.iter().map(|counts| u32::try_from(counts.subscribers).unwrap_or(u32::MAX)));
        let shown = book.nodes().map(|(_, id, node)| {
            let title = node.title.clone().unwrap_or_else(|| id.to_owned());
            (title, meter.page_count(id))
        });
        let mut pages: Vec<(String, u64)> = shown.filter(|(_, count)| *count > 0).collect();
        pages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        pages.truncate(PAGES);
        Look {
            version: env!("CARGO_PKG_VERSION"),
            now: self.now(),
            since: self.since,
            not_ready,
            book: BookLook::of(&book, self.book_read(), self.now()),
            messages: history.messages.numbers(),
            subscribers,
            answered: meter.all_updates(),
            in_hand: meter.in_hand.get(),
            tips_out: meter.tip_count("sent") + meter.tip_count("sent-again"),
            pages,
            advice: Level::ALL.map(|level| meter.advice_count(level)),
            counts,
        }
    }
}
