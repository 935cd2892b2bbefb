//! One lane for each chat that has something in hand: updates of a chat are answered one after another, chats side by side.
//!
//! What a chat sends beyond its measure ([`Flood`]) is passed over when it arrives, so that it fills no lane: a press still stops
//! spinning, and no more. Whatever leads to help is answered all the same.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jiff::Timestamp;
use log::error;
use teloxide::prelude::*;
use tokio::sync::Notify;

use super::deliver::{Out, Place, deliver, send};
use super::hand::{Hand, Held};
use super::inbound::{Heard, Update};
use super::operators::Desk;
use crate::dialogue::{Effect, Event};
use crate::places::NEAREST;
use crate::service::coach::Coach;
use crate::service::flood::Flood;
use crate::service::{Answer, Service};

/// So many updates may be in hand, and so many bytes of them, before no more are taken. Ten thousand of the longest texts would be
/// ten times as much.
const MOST_IN_HAND: usize = 10_000;
const MOST_BYTES: usize = 16 << 20;
/// So many may wait in one lane before even help is passed over there: as much of it is on its way already, and no other chat may be
/// left without.
const MOST_IN_LANE: usize = 100;
/// So many groups are remembered as told.
const GROUPS: usize = 10_000;

#[derive(Clone)]
pub struct Lanes(Arc<Inner>);

struct Inner {
    out: Arc<Out>,
    service: Arc<Service>,
    coach: Arc<Coach>,
    hand: Arc<Hand>,
    desk: Desk,
    flood: Flood,
    open: Mutex<Open>,
    eased: Notify,
    groups_told: Mutex<HashSet<i64>>,
    /// How long an answer takes of late, in microseconds.
    typical: AtomicU64,
}

#[derive(Default)]
struct Open {
    /// What waits behind the update that a chat's lane is busy with.
    lanes: HashMap<i64, VecDeque<Waiting>>,
    in_hand: usize,
    bytes: usize,
}

/// An update in its lane.
struct Waiting {
    held: Arc<Held>,
    /// It is answered with a word about its chat's limit.
    too_fast: bool,
}

/// What becomes of an update that has just arrived.
enum Ruling {
    Answer,
    /// It is the first beyond its chat's measure.
    Tell,
    PassOver,
}

impl Open {
    fn is_full(&self) -> bool {
        self.in_hand >= MOST_IN_HAND || self.bytes >= MOST_BYTES
    }
}

impl Lanes {
    pub fn new(out: Arc<Out>, service: Arc<Service>, coach: Arc<Coach>, hand: Arc<Hand>, desk: Desk, flood: Flood) -> Lanes {
        Lanes(Arc::new(Inner {
            out,
            service,
            coach,
            hand,
            desk,
            flood,
            open: Mutex::default(),
            eased: Notify::new(),
            groups_told: Mutex::default(),
            typical: AtomicU64::new(0),
        }))
    }

    /// Takes what has just arrived, within its chat's measure.
    pub fn hear(&self, held: Arc<Held>) {
        match self.0.ruling(&held.update) {
            Ruling::Answer => self.put(Waiting { held, too_fast: false }),
            Ruling::Tell => self.put(Waiting { held, too_fast: true }),
            Ruling::PassOver => self.pass_over(held),
        }
    }

    /// Takes what was acknowledged before, and so has to be answered.
    pub fn take(&self, held: Arc<Held>) {
        self.put(Waiting { held, too_fast: false });
    }

    /// Puts an update into its chat's lane, and opens the lane if it is closed.
    fn put(&self, waiting: Waiting) {
        let chat = waiting.held.update.chat();
        let mut open = self.0.open();
        self.0.count_in(&mut open, &waiting.held);
        if let Some(lane) = open.lanes.get_mut(&chat) {
            lane.push_back(waiting);
            return;
        }
        open.lanes.insert(chat, VecDeque::new());
        self.0.service.meter.lanes.inc();
        drop(open);
        tokio::spawn(Arc::clone(&self.0).drive(chat, waiting));
    }

    /// Beside its lane: nothing is shown for it, so it has no place in the order.
    fn pass_over(&self, held: Arc<Held>) {
        let inner = Arc::clone(&self.0);
        inner.service.meter.answered(None, Duration::ZERO);
        if held.update.query().is_none() {
            return inner.hand.answered(&held);
        }
        inner.count_in(&mut inner.open(), &held);
        tokio::spawn(async move {
            if let Some(query) = held.update.query() {
                // Tried once: a button that spins a little longer is the least harm of a flood.
                let _ = inner.out.api.answer(query).await;
            }
            inner.hand.answered(&held);
            inner.count_out(&mut inner.open(), &held);
            inner.eased.notify_waiters();
        });
    }

    pub fn in_hand(&self) -> usize {
        self.0.open().in_hand
    }

    /// Whether there is no room for more.
    pub fn are_full(&self) -> bool {
        self.0.open().is_full()
    }

    pub fn typical(&self) -> Duration {
        Duration::from_micros(self.0.typical.load(Ordering::Relaxed))
    }

    /// Waits until nothing is in hand.
    pub async fn idle(&self) {
        self.until(|open| open.in_hand == 0).await;
    }

    /// Waits until there is room for more.
    pub async fn room(&self) {
        self.until(|open| !open.is_full()).await;
    }

    async fn until(&self, holds: impl Fn(&Open) -> bool) {
        loop {
            let eased = self.0.eased.notified();
            if holds(&self.0.open()) {
                return;
            }
            eased.await;
        }
    }
}

impl Inner {
    fn open(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count_in(&self, open: &mut Open, held: &Held) {
        open.in_hand += 1;
        open.bytes += held.weight;
        self.count(open);
    }

    fn count_out(&self, open: &mut Open, held: &Held) {
        open.in_hand -= 1;
        open.bytes -= held.weight;
        self.count(open);
    }

    fn count(&self, open: &Open) {
        let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.service.meter.in_hand.set(whole(open.in_hand));
        self.service.meter.bytes_in_hand.set(whole(open.bytes));
    }

    /// What becomes of an update that has just arrived. People alone have a measure: a group is told once anyway.
    fn ruling(&self, update: &Update) -> Ruling {
        let chat = update.chat();
        if chat <= 0 || self.flood.allows(chat, tokio::time::Instant::now()) {
            return Ruling::Answer;
        }
        let (ruling, how) = match update.heard(Timestamp::now()) {
            Some(heard) if self.is_due(chat, &heard) => (Ruling::Answer, "help"),
            Some(_) if self.flood.is_news(chat) => (Ruling::Tell, "told"),
            _ => (Ruling::PassOver, "passed-over"),
        };
        self.service.meter.limited(how);
        ruling
    }

    /// Whether something is heard over every measure: who blocks the bot, and whatever leads to help.
    fn is_due(&self, chat: i64, heard: &Heard) -> bool {
        let waits = || self.open().lanes.get(&chat).map_or(0, VecDeque::len);
        heard.input.event == Event::Blocked
            || (waits() < MOST_IN_LANE && self.service.leads_to_help(&heard.input, heard.language.as_deref()))
    }

    async fn drive(self: Arc<Self>, chat: i64, first: Waiting) {
        let mut next = Some(first);
        while let Some(Waiting { held, too_fast }) = next {
            // An answer that panics costs itself alone, not its lane.
            if self.hand.is_ours(&held).await && AssertUnwindSafe(self.answer(&held, too_fast)).catch_unwind().await.is_err() {
                error!("an answer broke while it was delivered. This is a bug.");
            }
            self.hand.answered(&held);
            next = self.close_or_next(chat, &held);
        }
    }

    fn close_or_next(&self, chat: i64, done: &Held) -> Option<Waiting> {
        let mut open = self.open();
        self.count_out(&mut open, done);
        let next = open.lanes.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            open.lanes.remove(&chat);
            self.service.meter.lanes.dec();
        }
        drop(open);
        self.eased.notify_waiters();
        next
    }

    async fn answer(&self, held: &Held, too_fast: bool) {
        let begun = Instant::now();
        let Some(mut heard) = held.update.heard(Timestamp::now()) else {
            return self.service.meter.answered(None, Duration::ZERO);
        };
        if let (Event::Located(located), Some((latitude, longitude))) = (&mut heard.input.event, held.update.place()) {
            located.nearest = self.service.facilities.nearest(latitude, longitude, NEAREST);
        }
        if too_fast {
            heard.input.event = Event::TooFast;
        }
        if heard.input.event == Event::InGroup && !self.tells_group(heard.chat) {
            return self.service.meter.answered(None, Duration::ZERO);
        }
        if let Some(message) = self.desk.answer(&heard).await {
            return send(&self.out, heard.chat, &message).await;
        }
        if let Some(message) = heard.message {
            self.coach.pressed(heard.chat, message).await;
        }
        let answer = self.service.turn(heard.chat, &heard.input, heard.language.as_deref()).await;
        let next = answer.next();
        self.heed(&heard, &answer).await;
        let place = Place { chat: heard.chat, message: heard.message, photo: heard.photo, query: heard.query.as_deref() };
        let shown = deliver(&self.out, &place, answer).await;
        if let (Some((seconds, then)), Some(shown)) = (next, shown) {
            self.coach.begin(heard.chat, shown, seconds, &then, heard.language.as_deref()).await;
        }
        if heard.input.event == Event::InGroup {
            self.leave(&heard).await;
        }
        self.service.meter.answered(Some(&heard.input.event), begun.elapsed());
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX).min(10_000_000);
        let before = self.typical.load(Ordering::Relaxed);
        self.typical.store(before - before / 8 + took / 8, Ordering::Relaxed);
    }

    /// What happens beside an exercise that is being counted: whoever types, or is led to help, does no exercise now.
    async fn heed(&self, heard: &Heard, answer: &Answer) {
        if heard.input.event == Event::Blocked || answer.effects.contains(&Effect::Forget) {
            self.coach.forget(heard.chat).await;
        } else if heard.message.is_none() || answer.shows_help() {
            self.coach.interrupt(heard.chat);
        }
    }

    /// Whether this group has not been told yet; what is remembered is bounded and forgotten at a restart.
    fn tells_group(&self, chat: i64) -> bool {
        let mut told = self.groups_told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= GROUPS {
            told.clear();
        }
        told.insert(chat)
    }

    /// A group that was told is left: so it is told once, restarts or not.
    async fn leave(&self, heard: &Heard) {
        // Gone already, or not allowed: then the memory of those told keeps us quiet.
        let _ = self.out.api.bot().leave_chat(ChatId(heard.chat)).await;
    }
}
