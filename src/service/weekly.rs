//! The weekly run: due tips are claimed, written down, sent, and written down again.
//!
//! What may be sent twice is only what was begun and not recorded when the process died: at most [`Run::at_once`]. Nothing here knows a
//! channel or SQL; what to send is the core's decision, and a [`Courier`] carries it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use log::{error, info};
use tokio::sync::{mpsc, watch};

use super::library::Volume;
use super::{Service, guarded_step};
use crate::dialogue::weekly::{Decision, decide, decide_begun};
use crate::dialogue::{Book, Effect, Event, Input, Reader, Screen, View};
use crate::store::{Due, StoreError};

/// How a channel brings a tip to a chat.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Waits until a tip may be sent, so that replies never wait behind it.
    async fn turn_comes(&self, chat: i64);

    /// Sends a screen, and waits out what passes by itself, for at most `patience`.
    async fn carry(&self, chat: i64, volume: &Volume, reader: &Reader, screen: &Screen, patience: Duration) -> Carried;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    Out,
    /// Nobody is there: blocked, deactivated, never met.
    Gone,
    /// Not now; it is tried again as long as the book's late hours allow.
    NotNow,
    /// It will never be taken.
    Refused,
}

/// A claim holds for so long; what a dead process had claimed is free again then.
const LEASE: Duration = Duration::from_secs(30);
/// Shorter than a lease, so that nobody else takes up what is still being carried.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between looks at an empty list.
const LOOK: Duration = Duration::from_secs(1);
const SAY_SO: Duration = Duration::from_secs(5);

/// The weekly run of one process.
pub struct Run {
    service: Arc<Service>,
    courier: Arc<dyn Courier>,
    clock: fn() -> Timestamp,
    /// Messages a second, tips and replies together.
    rate: u32,
    progress: Progress,
}

#[derive(Default)]
struct Progress {
    sent: AtomicU64,
    gone: AtomicU64,
    put_off: AtomicU64,
}

impl Run {
    pub fn new(service: Arc<Service>, courier: Arc<dyn Courier>, clock: fn() -> Timestamp, rate: u32) -> Run {
        Run { service, courier, clock, rate, progress: Progress::default() }
    }

    /// So many tips are in flight at most.
    pub fn at_once(rate: u32) -> usize {
        usize::try_from(rate / 8).unwrap_or(8).clamp(8, 128)
    }

    /// So many are claimed ahead: a few seconds' worth, well within a lease.
    fn ahead(&self) -> usize {
        usize::try_from(self.rate * 3).unwrap_or(100).clamp(4, 300)
    }

    /// Sends what is due until told to stop; what is in flight then is brought to its end.
    pub async fn run(self: Arc<Self>, stop: watch::Receiver<bool>) {
        let (claimed, waiting) = mpsc::channel(self.ahead());
        let waiting = futures_util::stream::unfold(waiting, async |mut waiting| Some((waiting.recv().await?, waiting)));
        let work = waiting.for_each_concurrent(Run::at_once(self.rate), |due| {
            let run = Arc::clone(&self);
            async move { run.bring(due).await }
        });
        tokio::join!(self.claim(claimed, stop.clone()), work, self.report(stop));
    }

    async fn claim(&self, claimed: mpsc::Sender<Due>, mut stop: watch::Receiver<bool>) {
        let mut failing = false;
        loop {
            let now = (self.clock)();
            let due = match self.service.store.claim(now, later(now, LEASE), self.ahead().div_ceil(2)).await {
                Ok(due) => {
                    failing = false;
                    due
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        error!("due tips cannot be looked up; trying until they can: {error}");
                    }
                    Vec::new()
                }
            };
            let pause = if due.is_empty() { LOOK } else { Duration::ZERO };
            for each in due {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    sent = claimed.send(each) => if sent.is_err() { return },
                }
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One due tip, to its end.
    async fn bring(&self, due: Due) {
        let brought = if due.begun.is_some() { self.bring_begun(due).await } else { self.bring_new(due).await };
        if let Err(error) = brought {
            error!("a weekly tip could not be written down and is taken up again when its lease ends: {error}");
        }
    }

    async fn bring_new(&self, due: Due) -> Result<(), StoreError> {
        let (chat, claimed) = (due.chat, due.reader);
        let Some(weekly) = claimed.weekly.clone() else { return Ok(()) };
        if self.would_send(&claimed) {
            self.courier.turn_comes(chat).await;
        }
        let now = (self.clock)();
        let event = Event::TipDue { reader: chat.unsigned_abs(), seen: due.seen };
        // Asked for only now: while the tip waited for its turn, a newer book may have come.
        let volume = self.service.library().volume(claimed.language.as_deref());
        let turn = guarded_step(&volume.book, &claimed, &Input { at: now, event });
        let tip = turn.effects.iter().find_map(|effect| match effect {
            Effect::Send(screen) => match &screen.view {
                View::Tip { tip, .. } => Some((tip.clone(), screen.clone())),
                _ => None,
            },
            _ => None,
        });
        let store = &self.service.store;
        let Some((tip, screen)) = tip else {
            self.progress.put_off.fetch_add(1, Ordering::Relaxed);
            self.service.meter.tip("put-off");
            return store.put_off(chat, &claimed, &turn.reader).await.map(|_| ());
        };
        if store.begin(chat, weekly.next.on, &tip, &claimed, &turn.reader, later(now, LEASE)).await? {
            let reader = Reader { weekly: Some(weekly.clone()), ..turn.reader };
            self.carry((chat, weekly.next.on), false, &volume, &reader, &screen).await
        } else {
            // Stopped or changed since the claim, or delivered by another process: either way there is nothing to send. If the slot
            // stands as it was, it is led past.
            store.put_off(chat, &claimed, &turn.reader).await.map(|_| ())
        }
    }

    /// What another process, or this one before a restart, had begun: the same tip again, if it is not too late by now.
    async fn bring_begun(&self, due: Due) -> Result<(), StoreError> {
        let (chat, store) = (due.chat, &self.service.store);
        let Some(begun) = due.begun else { return Ok(()) };
        let paused_until = due.reader.weekly.as_ref().and_then(|weekly| weekly.paused_until);
        let decide = |book: &Book| {
            let policy = book.tips().map(|tips| tips.policy).unwrap_or_default();
            decide_begun(&policy, &begun, paused_until, (self.clock)())
        };
        if decide(self.service.library().own()) == Decision::Send {
            self.courier.turn_comes(chat).await;
        }
        let volume = self.service.library().volume(due.reader.language.as_deref());
        match decide(&volume.book) {
            Decision::Send => {}
            Decision::Skip(_) => return store.delivered(chat, begun.on, None).await,
            // In the night or in a moment: it stays begun, and is looked at again whenever its lease ends.
            Decision::Hold(_) | Decision::Wait => return Ok(()),
        }
        let event = Event::TipBegun { tip: begun.tip };
        let turn = guarded_step(&volume.book, &due.reader, &Input { at: (self.clock)(), event });
        let screen = turn.effects.into_iter().find_map(|effect| match effect {
            Effect::Send(screen) => Some(screen),
            _ => None,
        });
        match screen {
            None => store.delivered(chat, begun.on, None).await,
            Some(screen) => self.carry((chat, begun.on), true, &volume, &due.reader, &screen).await,
        }
    }

    async fn carry(
        &self,
        (chat, on): (i64, Date),
        again: bool,
        volume: &Volume,
        reader: &Reader,
        screen: &Screen,
    ) -> Result<(), StoreError> {
        let carried = self.courier.carry(chat, volume, reader, screen, PATIENCE).await;
        self.service.meter.tip(match carried {
            Carried::Out if again => "sent-again",
            Carried::Out => "sent",
            Carried::Gone => "gone",
            Carried::NotNow => "not-now",
            Carried::Refused => "refused",
        });
        match carried {
            Carried::Out => {
                if let Some(weekly) = reader.weekly.as_ref().filter(|_| !again) {
                    self.service.meter.tip_went_out(weekly.next, (self.clock)());
                }
                self.progress.sent.fetch_add(1, Ordering::Relaxed);
                self.service.store.delivered(chat, on, again.then(|| (self.clock)())).await
            }
            Carried::Gone => {
                self.progress.gone.fetch_add(1, Ordering::Relaxed);
                self.service.store.gone(chat).await
            }
            Carried::Refused => self.service.store.delivered(chat, on, None).await,
            // It stays begun, and is taken up again when its lease ends.
            Carried::NotNow => Ok(()),
        }
    }

    /// Whether the tip would be sent at all: who is only put off takes no turn.
    fn would_send(&self, reader: &Reader) -> bool {
        let library = self.service.library();
        let (Some(tips), Some(weekly)) = (library.own().tips(), &reader.weekly) else { return false };
        decide(&tips.policy, weekly, (self.clock)()) == Decision::Send
    }

    /// A line every few seconds while a run is under way.
    async fn report(&self, mut stop: watch::Receiver<bool>) {
        let (mut before, mut since) = (0, (self.clock)());
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(SAY_SO) => {}
            }
            let sent = self.progress.sent.load(Ordering::Relaxed);
            if sent == before {
                since = (self.clock)();
                continue;
            }
            let left = self.service.store.due((self.clock)()).await.unwrap_or(0);
            let rate = (sent - before).max(1) * 1000
                / u64::try_from((self.clock)().duration_since(since).as_millis()).unwrap_or(1).max(1);
            let (gone, put_off) = (self.progress.gone.load(Ordering::Relaxed), self.progress.put_off.load(Ordering::Relaxed));
            let end = left / rate.max(1);
            info!(
                "weekly tips: {sent} sent, {left} left, {rate} a second, {gone} blocked, {put_off} put off, done in about {end} s"
            );
            (before, since) = (sent, (self.clock)());
        }
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| now.checked_add(by).ok()).unwrap_or(Timestamp::MAX)
}
