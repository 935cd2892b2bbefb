//! How fast the bot speaks: every message and every edit asks here before it leaves. Answers to presses and deletions don't count.
//!
//! Never here: a clock (time is given, so that tests can bend it), what is sent, or a task or a queue for each who waits.
//!
//! **Two lanes, one mirror.** A bucket mirrors the one that Telegram may keep: four tokens, filled at 99 % of the rate. A tip waits
//! until it is full, so tips space themselves out and leave the rest of the bucket to replies; a reply never waits for a tip.
//!
//! **When a reply waits.** Telegram says "about 30 a second" and lets short bursts of replies pass, so with no tips about nothing is
//! held but by Telegram's own word, the 429. Held to the mirror are replies only where a refusal would be of our own making or was
//! foretold: while tips leave (and two seconds longer, until Telegram's bucket has filled again), and for a minute after all were
//! refused. Replies that come faster than the rate keep the mirror from filling, so tips stop by themselves, and two seconds later the
//! replies are free again: a run of tips can't throttle a rush. Free replies run the mirror into debt, of a second at most, and tips
//! wait until it is paid.
//!
//! **How deep replies may dip.** What left within the time by which the way there varies may arrive all at once. So while replies are
//! held, that time is measured, and what could bunch up in it is kept back from a burst of five (or a sixth of a second's messages):
//! a steady line leaves all four tokens, one that varies by 120 ms about one. A reply is then held by less than the line itself varies.
//!
//! **One chat.** About one message a second, three in a row, also mirrored; but only while replies are held, or for a minute after this
//! chat was refused. Else a refusal costs one chat one second, and pacing ahead would slow down everybody who taps fast while Telegram
//! still takes it.
//!
//! **Whom a 429 means** it does not say. It closes its chat. It closes all once another chat is refused before that time is over: a
//! single chat's trouble must not silence the bot. Tips stop at the first refusal of a chat that was quiet; they can wait.
//!
//! **Several replicas** share the rate and its bursts. Each has its own pacer; [`keep_share`] says every second how many replies leave
//! here, and sets the rate to this replica's share: its replies, and an even part of what the replies of all leave free. So all of it
//! together stays under the rate, tips use what is free, and a rush of replies at one replica takes it from the tips of the others
//! within two seconds.

mod bucket;
mod share;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

pub use bucket::Bucket;
pub use share::keep_share;

/// The mirror's tokens.
const FULL: f64 = 4.0;
/// The mirror fills a little more slowly than what it mirrors, so that it is never ahead of it.
const SHARE: f64 = 0.99;
/// Who is woken this late loses nothing: the mirror fills that much beyond full.
const LATE: Duration = Duration::from_millis(10);
/// A burst that any limit lets pass, in messages, or in seconds at its rate.
const BURST: f64 = 5.0;
const BURST_SECONDS: f64 = 1.0 / 6.0;
/// By how much the way to Telegram may vary, as long as nothing is known.
const UNKNOWN: Duration = Duration::from_millis(150);
/// So many calls are looked back on; with fewer than `FEW`, nothing is known.
const MEASURED: usize = 128;
const FEW: usize = 16;
/// No share is smaller, or a reply that is held would wait for ever.
const LEAST: f64 = 0.5;
/// Replies are held this long after the last tip, or for two fillings of the mirror.
const AFTER_A_TIP: Duration = Duration::from_secs(2);
/// And this long after a refusal.
const AFTER_A_REFUSAL: Duration = Duration::from_mins(1);
/// A chat's messages in a row, and a second: below 1, so that two that the way brings together still pass.
const CHAT_BURST: f64 = 3.0;
const CHAT_RATE: f64 = 0.9;
/// No refusal is taken for longer.
const LONGEST: Duration = Duration::from_hours(24);
/// From so many chats on, those that need no memory any more are forgotten.
const CHATS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for it.
    Reply,
    /// It comes unasked.
    Tip,
}

/// What one who asks is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    Go,
    /// This chat has to wait until then, the others of its lane don't.
    Chat(Instant),
    /// The lane has to wait until then.
    Lane(Instant),
}

/// A chat that was written to of late, or refused.
struct Chat {
    bucket: Bucket,
    closed_until: Instant,
    paced_until: Instant,
}

impl Chat {
    fn new(now: Instant) -> Chat {
        Chat { bucket: Bucket::new(CHAT_RATE, CHAT_BURST, now), closed_until: now, paced_until: now }
    }

    fn matters(&self, now: Instant) -> bool {
        now < self.paced_until || self.bucket.level(now) < CHAT_BURST
    }
}

/// Who may go when: all that the pacer decides, without waiting itself.
pub struct Pace {
    mirror: Bucket,
    /// A second's messages.
    rate: f64,
    /// Replies keep to the mirror until then.
    held_until: Instant,
    /// Nobody goes until then.
    closed_until: Instant,
    /// No tip goes until then.
    tips_closed_until: Instant,
    /// When the first reply in its lane will go; tips stand back for it.
    reply_due: Option<Instant>,
    /// The chat that was refused last, and until when.
    refused: Option<(i64, Instant)>,
    chats: HashMap<i64, Chat>,
    forget_at: usize,
    /// How long calls took of late, a ring.
    took: Vec<Duration>,
    calls: usize,
    /// So many tokens has the mirror while replies may go.
    reply_needs: f64,
    /// The mirror's tokens, and the burst that any limit lets pass: this replica's part of them.
    full: f64,
    burst: f64,
}

impl Pace {
    pub fn new(rate: u32, now: Instant) -> Pace {
        let rate = f64::from(rate.max(1));
        let mut mirror = Bucket::new(rate * SHARE, FULL + rate * LATE.as_secs_f64(), now);
        mirror.tokens = FULL;
        let (held_until, closed_until, tips_closed_until) = (now, now, now);
        let mut pace = Pace {
            mirror,
            rate,
            held_until,
            closed_until,
            tips_closed_until,
            reply_due: None,
            refused: None,
            chats: HashMap::new(),
            forget_at: CHATS,
            took: Vec::with_capacity(MEASURED),
            calls: 0,
            reply_needs: FULL,
            full: FULL,
            burst: BURST.max(rate * BURST_SECONDS),
        };
        pace.measure();
        pace
    }

    /// From now on this is one of so many replicas, and may send `share` of the `rate` of all.
    pub fn share(&mut self, share: f64, rate: u32, replicas: u32, now: Instant) {
        let parts = f64::from(replicas.max(1));
        let share = share.max(LEAST);
        let (full, burst) = ((FULL / parts).max(1.0), BURST.max(f64::from(rate) * BURST_SECONDS) / parts);
        if (share - self.rate).abs() < 0.01 && (full - self.full).abs() < 0.01 {
            return;
        }
        (self.rate, self.full, self.burst) = (share, full, burst);
        self.mirror.becomes(share * SHARE, full + share * LATE.as_secs_f64(), now);
        self.measure();
    }

    /// Whether a message to `chat` may leave now; if so, it is counted.
    pub fn ask(&mut self, lane: Lane, chat: i64, now: Instant) -> Ruling {
        let held = now < self.held_until;
        let paced = held || lane == Lane::Tip;
        if let Some(until) = self.chat_waits(chat, paced, now) {
            return Ruling::Chat(until);
        }
        if now < self.closed_until {
            return Ruling::Lane(self.closed_until);
        }
        match lane {
            Lane::Reply if held && self.mirror.level(now) < self.reply_needs => {
                let until = self.mirror.when(self.reply_needs, now).min(self.held_until);
                self.reply_due = Some(until);
                return Ruling::Lane(until);
            }
            Lane::Reply => self.reply_due = None,
            Lane::Tip => {
                if now < self.tips_closed_until {
                    return Ruling::Lane(self.tips_closed_until);
                }
                // One that gave up waiting is stood back for no longer than it could have been late.
                let ahead = self.reply_due.is_some_and(|due| now < due + LATE);
                if ahead || self.mirror.level(now) < self.full {
                    return Ruling::Lane(self.mirror.when(if ahead { self.full + 1.0 } else { self.full }, now));
                }
                self.tip_goes(held, now);
            }
        }
        self.mirror.take(-self.rate, now);
        self.count(chat, paced, now);
        Ruling::Go
    }

    fn tip_goes(&mut self, held: bool, now: Instant) {
        if !held {
            // How the way was in an earlier run says nothing about today.
            self.took.clear();
            self.measure();
        }
        let filled_twice = Duration::from_secs_f64(2.0 * self.full / self.rate);
        self.held_until = self.held_until.max(now + AFTER_A_TIP.max(filled_twice));
    }

    fn chat_waits(&self, chat: i64, paced: bool, now: Instant) -> Option<Instant> {
        // Most of the time nobody is remembered, and nothing has to be looked up.
        let known = if self.chats.is_empty() { None } else { self.chats.get(&chat) }?;
        if now < known.closed_until {
            return Some(known.closed_until);
        }
        let paced = paced || now < known.paced_until;
        (paced && known.bucket.level(now) < 1.0).then(|| known.bucket.when(1.0, now))
    }

    fn count(&mut self, chat: i64, paced: bool, now: Instant) {
        if paced {
            self.known(chat, now).bucket.take(0.0, now);
        } else if !self.chats.is_empty()
            && let Some(known) = self.chats.get_mut(&chat)
        {
            known.bucket.take(0.0, now);
        }
    }

    /// The memory of a chat. What is kept is bounded by who was written to in the last seconds, or refused in the last minute.
    fn known(&mut self, chat: i64, now: Instant) -> &mut Chat {
        if self.chats.len() >= self.forget_at {
            self.chats.retain(|_, known| known.matters(now));
            self.forget_at = CHATS.max(self.chats.len() * 2);
        }
        self.chats.entry(chat).or_insert_with(|| Chat::new(now))
    }

    /// Telegram refused a message to `chat` and asks to wait.
    pub fn refused(&mut self, chat: i64, wait: Duration, now: Instant) {
        let until = now + wait.min(LONGEST);
        let known = self.known(chat, now);
        let quiet = known.bucket.level(now) >= 1.0;
        known.closed_until = known.closed_until.max(until);
        known.paced_until = known.paced_until.max(until + AFTER_A_REFUSAL);
        known.bucket.empty_until(until);
        if quiet {
            self.tips_closed_until = self.tips_closed_until.max(until);
        }
        if self.refused.is_some_and(|(other, over)| other != chat && now < over) {
            self.closed_until = self.closed_until.max(until);
            self.held_until = self.held_until.max(until + AFTER_A_REFUSAL);
            self.mirror.empty_until(self.closed_until);
        }
        self.refused = Some((chat, until));
    }

    /// A message was turned away uncounted: nobody is in that chat any more. The next leaves the sooner for it, as far as the reserve
    /// has room for one that bunches up with others.
    pub fn gave_back(&mut self, now: Instant) {
        self.mirror.give((self.full - self.reply_needs).clamp(0.0, 1.0), now);
    }

    /// A call was answered after so long. What varies between calls, the way there may vary by.
    pub fn landed(&mut self, took: Duration, now: Instant) {
        if now >= self.held_until {
            return;
        }
        if self.took.len() < MEASURED {
            self.took.push(took);
        } else {
            self.took[self.calls % MEASURED] = took;
        }
        self.calls = self.calls.wrapping_add(1);
        self.measure();
    }

    fn measure(&mut self) {
        let (least, most) = (self.took.iter().min(), self.took.iter().max());
        let varies = match (least, most) {
            (Some(least), Some(most)) if self.took.len() >= FEW => most.saturating_sub(*least),
            _ => UNKNOWN,
        };
        let dip = self.burst - self.rate * (LATE + varies).as_secs_f64();
        self.reply_needs = self.full + 1.0 - dip.clamp(1.0, self.full);
    }
}

/// Lets messages go one after another, each lane in the order in which they asked. Whoever stops waiting leaves nothing behind. The
/// order within one chat is its caller's: who sends one message after another finds them in that order.
pub struct Pacer {
    pace: Mutex<Pace>,
    now: fn() -> Instant,
    replies: tokio::sync::Mutex<()>,
    tips: tokio::sync::Mutex<()>,
    changed: Notify,
    asked: AtomicU32,
}

impl Pacer {
    /// `rate` messages a second, by this clock.
    pub fn new(rate: u32, now: fn() -> Instant) -> Pacer {
        let pace = Mutex::new(Pace::new(rate, now()));
        Pacer {
            pace,
            now,
            replies: tokio::sync::Mutex::default(),
            tips: tokio::sync::Mutex::default(),
            changed: Notify::new(),
            asked: AtomicU32::new(0),
        }
    }

    /// Waits until a reply to `chat` may leave. While that matters, it says when it left, for [`Pacer::landed`].
    pub async fn reply(&self, chat: i64) -> Option<Instant> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        // Nearly always; nothing is set up for a wait that does not come.
        if self.replies.try_lock().is_ok()
            && let (Ruling::Go, left) = self.ask(Lane::Reply, chat)
        {
            return left;
        }
        Box::pin(self.pass(Lane::Reply, chat)).await
    }

    /// Waits until a tip to `chat` may leave.
    pub async fn tip(&self, chat: i64) {
        self.pass(Lane::Tip, chat).await;
    }

    /// Whether the next screen of a count may leave now: as a tip may, and whoever asks waits by themselves.
    pub fn count(&self, chat: i64) -> Ruling {
        self.ask(Lane::Tip, chat).0
    }

    fn ask(&self, lane: Lane, chat: i64) -> (Ruling, Option<Instant>) {
        let now = (self.now)();
        let mut pace = self.pace();
        (pace.ask(lane, chat, now), (now < pace.held_until).then_some(now))
    }

    async fn pass(&self, lane: Lane, chat: i64) -> Option<Instant> {
        let lane_head = match lane {
            Lane::Reply => &self.replies,
            Lane::Tip => &self.tips,
        };
        loop {
            let first = lane_head.lock().await;
            let until = loop {
                // Listens before it asks, or a change in between would pass unheard.
                let changed = self.changed.notified();
                match self.ask(lane, chat) {
                    (Ruling::Go, left) => return left,
                    (Ruling::Chat(until), _) => break until,
                    (Ruling::Lane(until), _) => drop(timeout_at(until, changed).await),
                }
            };
            // A busy chat waits beside its lane.
            drop(first);
            sleep_until(until).await;
        }
    }

    /// How many replies have asked since the last look.
    pub fn take_replies(&self) -> u32 {
        self.asked.swap(0, Ordering::Relaxed)
    }

    /// See [`Pace::share`].
    pub fn share(&self, share: f64, rate: u32, replicas: u32) {
        self.pace().share(share, rate, replicas, (self.now)());
        self.changed.notify_waiters();
    }

    /// See [`Pace::refused`].
    pub fn refused(&self, chat: i64, wait: Duration) {
        self.pace().refused(chat, wait, (self.now)());
        self.changed.notify_waiters();
    }

    /// See [`Pace::gave_back`].
    pub fn gave_back(&self) {
        self.pace().gave_back((self.now)());
        self.changed.notify_waiters();
    }

    /// See [`Pace::landed`].
    pub fn landed(&self, took: Duration) {
        self.pace().landed(took, (self.now)());
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
