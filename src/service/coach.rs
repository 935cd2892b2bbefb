//! Exercises done together: when the next screen of each count is due, and that it is shown.
//!
//! One task has all counts in a heap of deadlines; none sleeps for itself. A count has one message, and a chat one count. The screen shows
//! what time it is: what could not be shown in its time is skipped, never caught up with. Tips and counts share what replies leave of the
//! rate.
//!
//! **Where it stands is kept** in the store when it begins, at each repetition, and until it ends; so after a restart, or the death of
//! another replica, its message offers to go on. Of the reader's answers nothing is kept with it.
//!
//! **With several replicas** a count belongs to the one that began it. A press that another one answers takes its row away, and the first
//! looks for that before each screen; what it was sending at that moment may still arrive behind the answer.
//!
//! Never here: what a channel is, or what is said.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use log::error;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::pacer::{Pacer, Ruling};
use super::{Answer, Service};
use crate::dialogue::button::Deed;
use crate::dialogue::guided::{Cue, cued, without_ticks};
use crate::dialogue::{Button, Effect, Event, Input};
use crate::media::Content;
use crate::store::UnderWay;

/// Whoever presses waits so long for a screen that is on its way to the same message.
const SETTLES: Duration = Duration::from_secs(3);
/// What other replicas left is looked for so often.
const LOOK: Duration = Duration::from_secs(5);
/// A message that is just being changed is looked at again after this.
const SOON: Duration = Duration::from_millis(50);
/// Whoever was left in the middle for longer is not written to.
const TOO_LATE: SignedDuration = SignedDuration::from_hours(1);

/// A message, and the picture that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub message: i64,
    pub picture: Option<Content>,
}

/// What became of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Shown(Shown),
    /// Not this time.
    Skipped,
    /// The message is gone, or nobody is there.
    Over,
}

/// How a channel changes a message.
#[async_trait]
pub trait Stage: Send + Sync {
    /// A screen of a count: tried once, for the next one comes soon.
    async fn count(&self, chat: i64, shown: Shown, answer: Answer) -> Became;
    /// The screen behind a count: brought however long it takes.
    async fn end(&self, chat: i64, shown: Shown, answer: Answer);
}

struct Count {
    /// Told apart from an earlier one of the same chat.
    number: u64,
    shown: Shown,
    /// What is due next, and when.
    token: Box<str>,
    due: Instant,
    language: Option<Box<str>>,
    /// The repetition that the store knows of.
    repetition: Option<u8>,
}

#[derive(Default)]
struct State {
    counts: HashMap<i64, Count>,
    queue: BinaryHeap<Reverse<(Instant, u64, i64)>>,
    /// Chats whose message is just being changed.
    busy: HashSet<i64>,
    last: u64,
}

impl State {
    /// Puts a count in place of an earlier one of its chat, to be looked at when it is due.
    fn put(&mut self, chat: i64, count: Count) {
        self.last += 1;
        self.queue.push(Reverse((count.due, self.last, chat)));
        self.counts.insert(chat, Count { number: self.last, ..count });
    }

    fn is_current(&self, chat: i64, number: u64) -> bool {
        self.counts.get(&chat).is_some_and(|count| count.number == number)
    }
}

pub struct Coach {
    service: Arc<Service>,
    pacer: Arc<Pacer>,
    stage: Arc<dyn Stage>,
    clock: fn() -> Timestamp,
    now: fn() -> Instant,
    state: Mutex<State>,
    changed: Notify,
    settled: Notify,
}

impl Coach {
    pub fn new(
        service: Arc<Service>,
        pacer: Arc<Pacer>,
        stage: Arc<dyn Stage>,
        clock: fn() -> Timestamp,
        now: fn() -> Instant,
    ) -> Coach {
        let (changed, settled) = (Notify::new(), Notify::new());
        Coach { service, pacer, stage, clock, now, state: Mutex::default(), changed, settled }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message is pressed: the count on it ends before the press is answered.
    pub async fn pressed(&self, chat: i64, message: i64) {
        let ended = {
            let mut state = self.state();
            let is_its = state.counts.get(&chat).is_some_and(|count| count.shown.message == message);
            if is_its { state.counts.remove(&chat) } else { None }
        };
        let ended = match ended {
            Some(_) => {
                self.settle(|state| !state.busy.contains(&chat)).await;
                self.service.store.end_exercise(chat).await
            }
            None => self.service.store.stop_exercise(chat, message).await,
        };
        if let Err(error) = ended {
            error!("where an exercise stood could not be deleted: {error}");
        }
    }

    /// Waits until this is so, as screens that are on their way arrive; not for ever.
    async fn settle(&self, is_so: impl Fn(&State) -> bool) {
        let settled = async {
            loop {
                let settled = self.settled.notified();
                if is_so(&self.state()) {
                    return;
                }
                settled.await;
            }
        };
        let _ = tokio::time::timeout(SETTLES, settled).await;
    }

    /// Something else came up in the chat: its count is paused where it stands.
    pub fn interrupt(&self, chat: i64) {
        let mut state = self.state();
        let Some(count) = state.counts.remove(&chat) else { return };
        let Some(paused) = Button::from_token(&count.token).and_then(|button| cued(&button, Cue::Pause)) else { return };
        state.put(chat, Count { token: paused.token().into(), due: (self.now)(), ..count });
        drop(state);
        self.changed.notify_one();
    }

    /// Nothing of this chat is counted any more, and nothing is shown for it.
    pub async fn forget(&self, chat: i64) {
        let ended = self.state().counts.remove(&chat);
        if ended.is_some() && self.service.store.end_exercise(chat).await.is_err() {
            error!("where an exercise stood could not be deleted; it is once its message can't be changed");
        }
    }

    /// A count begins or goes on: `seconds` from now, this is due.
    pub async fn begin(&self, chat: i64, shown: Shown, seconds: u16, then: &Button, language: Option<&str>) {
        self.interrupt_other(chat, shown.message).await;
        let due = (self.now)() + Duration::from_secs(seconds.into());
        let repetition = self.keep(chat, shown.message, seconds, then, None).await;
        let count = Count { number: 0, shown, token: then.token().into(), due, language: language.map(Box::from), repetition };
        self.state().put(chat, count);
        self.changed.notify_one();
    }

    /// Nobody does two exercises at once: the one that went on in another message pauses.
    async fn interrupt_other(&self, chat: i64, message: i64) {
        let other = self.state().counts.get(&chat).is_some_and(|count| count.shown.message != message);
        if other {
            self.interrupt(chat);
            self.settle(|state| !state.counts.contains_key(&chat)).await;
        }
    }

    /// Writes down where a count stands, once a repetition; which one that is.
    async fn keep(&self, chat: i64, message: i64, seconds: u16, then: &Button, known: Option<u8>) -> Option<u8> {
        let Deed::Guide { spot, .. } = then.deed else { return known };
        if known == Some(spot.repetition) {
            return known;
        }
        let due = (self.clock)().checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX);
        let under_way = UnderWay { message, token: without_ticks(then).token(), due };
        if let Err(error) = self.service.store.keep_exercise(chat, &under_way).await {
            error!("where an exercise stands could not be kept: {error}");
        }
        Some(spot.repetition)
    }

    /// Shows what is due, until told to stop. What goes on then is offered again after the next start.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        self.take_up(true).await;
        let mut showing = FuturesUnordered::new();
        let mut look = tokio::time::interval(LOOK);
        loop {
            let wake = self.next_due(&mut |chat, number| showing.push(self.show(chat, number)));
            let looks = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                Some(()) = showing.next() => false,
                () = self.changed.notified() => false,
                () = sleep_until(wake) => false,
                _ = look.tick() => true,
            };
            if looks {
                self.take_up(false).await;
            }
        }
    }

    /// Begins what is due and may leave now; when to look again.
    fn next_due(&self, begin: &mut dyn FnMut(i64, u64)) -> Instant {
        let now = (self.now)();
        let mut state = self.state();
        loop {
            let Some(&Reverse((due, number, chat))) = state.queue.peek() else { return now + LOOK };
            if due > now {
                return due;
            }
            state.queue.pop();
            if !state.is_current(chat, number) {
                continue;
            }
            if state.busy.contains(&chat) {
                state.queue.push(Reverse((now + SOON, number, chat)));
                continue;
            }
            match self.pacer.count(chat) {
                Ruling::Go => {
                    state.busy.insert(chat);
                    begin(chat, number);
                }
                Ruling::Chat(until) => state.queue.push(Reverse((until.max(now + SOON), number, chat))),
                Ruling::Lane(until) => {
                    state.queue.push(Reverse((due, number, chat)));
                    return until.max(now + Duration::from_millis(1));
                }
            }
        }
    }

    async fn show(&self, chat: i64, number: u64) {
        let ends = self.show_now(chat, number).await;
        {
            let mut state = self.state();
            state.busy.remove(&chat);
            if ends && state.is_current(chat, number) {
                state.counts.remove(&chat);
            }
        }
        self.settled.notify_waiters();
    }

    /// Shows what is due now; whether the count has come to its end.
    async fn show_now(&self, chat: i64, number: u64) -> bool {
        let (mut token, mut due, shown, language, known) = {
            let state = self.state();
            let Some(count) = state.counts.get(&chat).filter(|count| count.number == number) else { return false };
            (count.token.clone(), count.due, count.shown, count.language.clone(), count.repetition)
        };
        if !self.service.store.exercise_is_ours(chat, shown.message).await {
            return true;
        }
        let (answer, next) = loop {
            let input = Input { at: (self.clock)(), event: Event::Ticked(token.to_string()) };
            let answer = self.service.turn(chat, &input, language.as_deref()).await;
            let Some((seconds, then)) = answer.next() else { break (answer, None) };
            due += Duration::from_secs(seconds.into());
            // Its time is over already: the one behind it is due.
            if due <= (self.now)() {
                token = then.token().into();
                continue;
            }
            break (answer, Some((seconds, then)));
        };
        let Some((seconds, then)) = next else {
            if let Err(error) = self.service.store.end_exercise(chat).await {
                error!("where an exercise stood could not be deleted: {error}");
            }
            self.stage.end(chat, shown, answer).await;
            return true;
        };
        let shown = match self.stage.count(chat, shown, answer).await {
            Became::Shown(shown) => shown,
            Became::Skipped => shown,
            Became::Over => {
                let _ = self.service.store.end_exercise(chat).await;
                return true;
            }
        };
        if !self.state().is_current(chat, number) {
            return false;
        }
        let repetition = self.keep(chat, shown.message, seconds, &then, known).await;
        let mut state = self.state();
        if state.is_current(chat, number) {
            state.put(chat, Count { number, shown, token: then.token().into(), due, language, repetition });
        }
        false
    }

    /// What was going on when a process ended: its message asks whether to go on.
    async fn take_up(&self, first: bool) {
        let left = match self.service.store.left_exercises(first).await {
            Ok(left) => left,
            Err(error) => return error!("exercises that were left in the middle could not be looked up: {error}"),
        };
        for (chat, UnderWay { message, token, due }) in left {
            let is_late = (self.clock)().duration_since(due) > TOO_LATE;
            let away = Button::from_token(&token).and_then(|button| cued(&button, Cue::Away)).filter(|_| !is_late);
            let Some(away) = away else {
                let _ = self.service.store.end_exercise(chat).await;
                continue;
            };
            let shown = Shown { message, picture: None };
            let due = (self.now)();
            let count = Count { number: 0, shown, token: away.token().into(), due, language: None, repetition: None };
            let mut state = self.state();
            if !state.counts.contains_key(&chat) {
                state.put(chat, count);
            }
        }
    }
}

impl Answer {
    /// What is due behind it, and in how many seconds.
    pub fn next(&self) -> Option<(u16, Button)> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::After { seconds, then } => Some((*seconds, then.clone())),
            _ => None,
        })
    }
}
