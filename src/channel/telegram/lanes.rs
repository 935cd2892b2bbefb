//! One lane for each chat that has something in hand: updates of a chat are answered one after another, chats side by side.

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
use super::inbound::Heard;
use super::operators::Desk;
use crate::dialogue::Event;
use crate::service::Service;

/// So many updates may be in hand before no more are taken.
const MOST_IN_HAND: usize = 10_000;
/// So many groups are remembered as told.
const GROUPS: usize = 10_000;

#[derive(Clone)]
pub struct Lanes(Arc<Inner>);

struct Inner {
    out: Arc<Out>,
    service: Arc<Service>,
    hand: Arc<Hand>,
    desk: Desk,
    open: Mutex<Open>,
    eased: Notify,
    groups_told: Mutex<HashSet<i64>>,
    /// How long an answer takes of late, in microseconds.
    typical: AtomicU64,
}

#[derive(Default)]
struct Open {
    /// What waits behind the update that a chat's lane is busy with.
    lanes: HashMap<i64, VecDeque<Arc<Held>>>,
    in_hand: usize,
}

impl Lanes {
    pub fn new(out: Arc<Out>, service: Arc<Service>, hand: Arc<Hand>, desk: Desk) -> Lanes {
        Lanes(Arc::new(Inner {
            out,
            service,
            hand,
            desk,
            open: Mutex::default(),
            eased: Notify::new(),
            groups_told: Mutex::default(),
            typical: AtomicU64::new(0),
        }))
    }

    /// Puts an update into its chat's lane, and opens the lane if it is closed.
    pub fn take(&self, held: Arc<Held>) {
        let chat = held.update.chat();
        let mut open = self.0.open();
        open.in_hand += 1;
        self.0.service.meter.in_hand.inc();
        if let Some(lane) = open.lanes.get_mut(&chat) {
            lane.push_back(held);
            return;
        }
        open.lanes.insert(chat, VecDeque::new());
        self.0.service.meter.lanes.inc();
        drop(open);
        tokio::spawn(Arc::clone(&self.0).drive(chat, held));
    }

    pub fn in_hand(&self) -> usize {
        self.0.open().in_hand
    }

    pub fn typical(&self) -> Duration {
        Duration::from_micros(self.0.typical.load(Ordering::Relaxed))
    }

    /// Waits until nothing is in hand.
    pub async fn idle(&self) {
        self.fewer_than(1).await;
    }

    /// Waits until there is room for more.
    pub async fn room(&self) {
        self.fewer_than(MOST_IN_HAND).await;
    }

    async fn fewer_than(&self, limit: usize) {
        loop {
            let eased = self.0.eased.notified();
            if self.in_hand() < limit {
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

    async fn drive(self: Arc<Self>, chat: i64, first: Arc<Held>) {
        let mut next = Some(first);
        while let Some(held) = next {
            // An answer that panics costs itself alone, not its lane.
            if self.hand.is_ours(&held).await && AssertUnwindSafe(self.answer(&held)).catch_unwind().await.is_err() {
                error!("an answer broke while it was delivered. This is a bug.");
            }
            self.hand.answered(&held);
            next = self.close_or_next(chat);
        }
    }

    fn close_or_next(&self, chat: i64) -> Option<Arc<Held>> {
        let mut open = self.open();
        open.in_hand -= 1;
        self.service.meter.in_hand.dec();
        let next = open.lanes.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            open.lanes.remove(&chat);
            self.service.meter.lanes.dec();
        }
        drop(open);
        self.eased.notify_waiters();
        next
    }

    async fn answer(&self, held: &Held) {
        let begun = Instant::now();
        let Some(heard) = held.update.heard(Timestamp::now()) else { return self.service.meter.answered(None, Duration::ZERO) };
        if heard.input.event == Event::InGroup && !self.tells_group(heard.chat) {
            return self.service.meter.answered(None, Duration::ZERO);
        }
        if let Some(message) = self.desk.answer(&heard).await {
            return send(&self.out, heard.chat, &message).await;
        }
        let answer = self.service.turn(heard.chat, &heard.input, heard.language.as_deref()).await;
        let place = Place { chat: heard.chat, message: heard.message, photo: heard.photo, query: heard.query.as_deref() };
        deliver(&self.out, &place, answer).await;
        if heard.input.event == Event::InGroup {
            self.leave(&heard).await;
        }
        self.service.meter.answered(Some(&heard.input.event), begun.elapsed());
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX).min(10_000_000);
        let before = self.typical.load(Ordering::Relaxed);
        self.typical.store(before - before / 8 + took / 8, Ordering::Relaxed);
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
