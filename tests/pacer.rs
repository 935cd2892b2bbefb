//! The pacer against limits that Telegram may have: bursts small and large, a lock-out after a breach, a way there that varies, and a
//! limit for each chat. Time is virtual, so ten minutes take a moment.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backcare::service::pacer::{Lane, Pace, Pacer, Ruling};
use proptest::prelude::*;
use tokio::time::{Instant, sleep, sleep_until, timeout};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    /// From 0 to below 1.
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// How long until something comes that comes so often a second.
    fn next(&mut self, a_second: f64) -> Duration {
        Duration::from_secs_f64(-(1.0 - self.roll()).ln() / a_second)
    }
}

/// A bucket as Telegram may keep it: it starts full.
#[derive(Clone, Copy)]
struct Tokens {
    left: f64,
    at: Instant,
}

impl Tokens {
    fn take(&mut self, rate: f64, burst: f64, now: Instant) -> bool {
        self.left = (self.left + (now - self.at).as_secs_f64() * rate).min(burst);
        self.at = now;
        let passes = self.left >= 1.0;
        self.left -= f64::from(u8::from(passes));
        passes
    }
}

/// What Telegram may allow.
#[derive(Clone, Copy)]
struct Limit {
    rate: u32,
    burst: f64,
    /// A breach locks the bot out for so long.
    penalty: Duration,
    /// By how much the way there varies.
    varies: Duration,
    chats: bool,
    /// One chat in so many has blocked the bot.
    blocked: i64,
}

const PLAIN: Limit =
    Limit { rate: 30, burst: 5.0, penalty: Duration::ZERO, varies: Duration::ZERO, chats: false, blocked: i64::MAX };

struct Telegram {
    limit: Limit,
    dice: Dice,
    all: Tokens,
    chats: HashMap<i64, Tokens>,
    locked_until: Instant,
    passed: u32,
    refused: u32,
}

type Shared = Arc<Mutex<Telegram>>;

impl Telegram {
    fn new(limit: Limit) -> Shared {
        let at = Instant::now();
        let (all, dice) = (Tokens { left: limit.burst, at }, Dice(0x9E37_79B9_7F4A_7C15));
        let chats = HashMap::new();
        Arc::new(Mutex::new(Telegram { limit, dice, all, chats, locked_until: at, passed: 0, refused: 0 }))
    }

    fn blocked(&self, chat: i64) -> bool {
        chat % self.limit.blocked == self.limit.blocked - 1
    }

    fn take(&mut self, chat: i64) -> bool {
        let now = Instant::now();
        let limit = self.limit;
        // Said before anything is counted.
        if self.blocked(chat) {
            return true;
        }
        let own = self.chats.entry(chat).or_insert(Tokens { left: 3.0, at: now });
        let passes = now >= self.locked_until
            && self.all.take(f64::from(limit.rate), limit.burst, now)
            && (!limit.chats || own.take(1.0, 3.0, now));
        if passes {
            self.passed += 1;
        } else {
            self.refused += 1;
            self.locked_until = self.locked_until.max(now + limit.penalty);
        }
        passes
    }
}

/// A message that left: it travels, and is counted where it arrives. Whether Telegram took it.
async fn travel(pacer: &Pacer, telegram: &Shared, chat: i64) -> bool {
    let left = Instant::now();
    let way = {
        let mut telegram = telegram.lock().unwrap();
        telegram.limit.varies.mul_f64(telegram.dice.roll())
    };
    sleep(way).await;
    let (passed, blocked) = {
        let mut telegram = telegram.lock().unwrap();
        (telegram.take(chat), telegram.blocked(chat))
    };
    match passed {
        false => pacer.refused(chat, SECOND),
        true if blocked => pacer.gave_back(),
        true => pacer.landed(left.elapsed()),
    }
    passed
}

/// A run of tips beside replies; what Telegram counted, and how long replies waited, the shortest wait first.
async fn run(limit: Limit, replies_a_second: f64, lasts: Duration) -> (f64, u32, Vec<Duration>) {
    let (telegram, pacer) = (Telegram::new(limit), Arc::new(Pacer::new(limit.rate, Instant::now)));
    let end = Instant::now() + lasts;
    let tips = (0..64).map(|first| {
        let (telegram, pacer) = (Arc::clone(&telegram), Arc::clone(&pacer));
        tokio::spawn(async move {
            let mut chat = 1_000_000 + first;
            while Instant::now() < end {
                pacer.tip(chat).await;
                travel(&pacer, &telegram, chat).await;
                chat += 64;
            }
        })
    });
    let tips: Vec<_> = tips.collect();
    let waits = Arc::new(Mutex::new(Vec::new()));
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    let mut chat = 0;
    while replies_a_second > 0.0 && Instant::now() < end {
        sleep(dice.next(replies_a_second)).await;
        chat += 1;
        let (telegram, pacer, waits) = (Arc::clone(&telegram), Arc::clone(&pacer), Arc::clone(&waits));
        tokio::spawn(async move {
            let asked = Instant::now();
            pacer.reply(chat).await;
            waits.lock().unwrap().push(asked.elapsed());
            travel(&pacer, &telegram, chat).await;
        });
    }
    sleep_until(end).await;
    for tip in tips {
        tip.abort();
    }
    let telegram = telegram.lock().unwrap();
    let mut waits = waits.lock().unwrap().clone();
    waits.sort();
    (f64::from(telegram.passed) / lasts.as_secs_f64() / f64::from(limit.rate), telegram.refused, waits)
}

fn percentile(waits: &[Duration], share: f64) -> Duration {
    waits[((waits.len() - 1) as f64 * share) as usize]
}

#[tokio::test(start_paused = true)]
async fn tips_and_replies_use_what_is_allowed_and_not_one_is_refused() {
    for (burst, penalty) in [(5.0, 0), (30.0, 0), (5.0, 5)] {
        for varies in [0, 10, 40, 80, 120] {
            for replies in [0.0, 5.0, 10.0] {
                let varies = Duration::from_millis(varies);
                let limit = Limit { burst, penalty: SECOND * penalty, varies, chats: true, ..PLAIN };
                let (share, refused, waits) = run(limit, replies, MINUTE * 10).await;
                let what = format!("burst {burst}, lock-out {penalty} s, {varies:?}, {replies} replies a second");
                assert_eq!(refused, 0, "{what}");
                assert!(share >= 0.98, "{what}: {share:.4} of the rate");
                if replies > 0.0 {
                    let slow = percentile(&waits, 0.99);
                    assert!(slow <= Duration::from_millis(2).max(varies), "{what}: a reply in a hundred waits {slow:?}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fast_and_a_slow_rate_are_used_as_well() {
    let varies = Duration::from_millis(20);
    for (rate, burst) in [(1, 5.0), (5, 5.0), (100, 30.0), (1000, 200.0)] {
        let (share, refused, _) = run(Limit { rate, burst, varies, ..PLAIN }, f64::from(rate) / 5.0, MINUTE * 2).await;
        assert_eq!(refused, 0, "{rate} a second");
        assert!(share >= 0.98, "{rate} a second: {share:.4}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_blocked_chats_did_not_cost_is_used() {
    let varies = Duration::from_millis(20);
    let (share, refused, waits) = run(Limit { blocked: 20, varies, ..PLAIN }, 5.0, MINUTE * 10).await;
    assert_eq!(refused, 0);
    assert!(share >= 0.98, "{share:.4}");
    assert!(percentile(&waits, 0.99) <= Duration::from_millis(2));
}

#[tokio::test(start_paused = true)]
async fn with_no_tips_about_nothing_is_held() {
    let pacer = Pacer::new(30, Instant::now);
    let begun = Instant::now();
    for chat in 0..20_000 {
        pacer.reply(chat % 64).await;
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    // Of what the rush took, a second is paid before a tip may go.
    pacer.tip(1).await;
    assert!(begun.elapsed() > SECOND && begun.elapsed() < SECOND * 3 / 2, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_rush_during_a_run_ends_the_tips_and_is_free_soon() {
    let pacer = Arc::new(Pacer::new(30, Instant::now));
    let tips = Arc::new(Mutex::new(Vec::new()));
    let (sender, sent) = (Arc::clone(&pacer), Arc::clone(&tips));
    let tipping = tokio::spawn(async move {
        for chat in 1_000_000.. {
            sender.tip(chat).await;
            sent.lock().unwrap().push(Instant::now());
        }
    });
    sleep(SECOND * 10).await;
    let rush = Instant::now();
    let mut last = rush;
    let mut held = 0;
    for chat in 0..1000 {
        pacer.reply(chat).await;
        held += u32::from(Instant::now() > last);
        last = Instant::now();
    }
    assert!(last - rush < SECOND * 3, "{:?}", last - rush);
    assert!(held > 50 && held < 70, "held at the rate for two seconds: {held}");
    assert!(tips.lock().unwrap().iter().all(|tip| *tip <= rush + Duration::from_millis(40)), "tips stood back");
    sleep(SECOND * 2).await;
    assert!(tips.lock().unwrap().iter().any(|tip| *tip > last), "and went on");
    tipping.abort();
}

#[tokio::test(start_paused = true)]
async fn one_refusal_closes_its_chat_and_a_second_one_all() {
    let pacer = Pacer::new(30, Instant::now);
    let begun = Instant::now();
    pacer.refused(1, SECOND * 7);
    pacer.reply(2).await;
    assert_eq!(begun.elapsed(), Duration::ZERO, "other readers are answered");
    assert!(timeout(SECOND * 6, pacer.tip(3)).await.is_err(), "tips wait");
    pacer.reply(1).await;
    assert!(begun.elapsed() >= SECOND * 7, "its chat waits as long as it was told");

    sleep(MINUTE).await;
    let begun = Instant::now();
    pacer.refused(1, SECOND * 2);
    pacer.refused(2, SECOND * 4);
    pacer.reply(3).await;
    assert!(begun.elapsed() >= SECOND * 4, "a second chat refused: everybody waits");
    assert!(begun.elapsed() < SECOND * 5);
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_end_is_no_trouble() {
    let pacer = Pacer::new(1000, Instant::now);
    pacer.refused(1, Duration::from_secs(u64::MAX));
    pacer.refused(2, Duration::from_secs(u64::MAX));
    assert!(timeout(MINUTE, pacer.reply(3)).await.is_err());
    pacer.gave_back();
}

#[tokio::test(start_paused = true)]
async fn lanes_keep_their_order_and_forget_who_left() {
    let pacer = Arc::new(Pacer::new(30, Instant::now));
    pacer.tip(1).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting: Vec<_> = (0..50)
        .map(|number| {
            let (pacer, order) = (Arc::clone(&pacer), Arc::clone(&order));
            tokio::spawn(async move {
                pacer.reply(100 + number).await;
                order.lock().unwrap().push(number);
            })
        })
        .collect();
    tokio::task::yield_now().await;
    for left in [10, 20, 49] {
        waiting[left].abort();
    }
    sleep(SECOND * 5).await;
    let order = order.lock().unwrap();
    assert!(order.is_sorted());
    assert_eq!(order.len(), 47);
}

/// Taps in one chat during a run of tips, one after another; how long each was held, and how often Telegram refused.
async fn taps(pauses: Duration) -> (Vec<Duration>, u32) {
    let (telegram, pacer) =
        (Telegram::new(Limit { burst: 30.0, chats: true, ..PLAIN }), Arc::new(Pacer::new(30, Instant::now)));
    let sender = Arc::clone(&pacer);
    let tipping = tokio::spawn(async move {
        for chat in 1_000_000.. {
            sender.tip(chat).await;
        }
    });
    sleep(SECOND).await;
    let mut held = Vec::new();
    for _ in 0..60 {
        let asked = Instant::now();
        pacer.reply(7).await;
        held.push(asked.elapsed());
        travel(&pacer, &telegram, 7).await;
        sleep(pauses).await;
    }
    tipping.abort();
    let refused = telegram.lock().unwrap().refused;
    (held, refused)
}

#[tokio::test(start_paused = true)]
async fn a_chat_is_paced_only_when_it_is_tapped_fast() {
    let (held, refused) = taps(Duration::from_millis(1150)).await;
    assert_eq!(refused, 0);
    assert!(held.iter().all(|wait| *wait < Duration::from_millis(150)), "somebody who reads is not slowed: {held:?}");
    let (held, refused) = taps(Duration::from_millis(200)).await;
    assert_eq!(refused, 0, "somebody in a hurry is not refused");
    assert!(held[..2].iter().all(|wait| *wait < Duration::from_millis(150)));
    assert!(held.iter().all(|wait| *wait < Duration::from_millis(1150)));
}

#[tokio::test(start_paused = true)]
async fn a_busy_chat_holds_nobody_else_up() {
    let pacer = Arc::new(Pacer::new(30, Instant::now));
    pacer.refused(7, SECOND * 30);
    let busy = Arc::clone(&pacer);
    let waits = tokio::spawn(async move { busy.reply(7).await });
    tokio::task::yield_now().await;
    let begun = Instant::now();
    pacer.reply(8).await;
    assert!(begun.elapsed() < Duration::from_millis(2));
    assert!(!waits.is_finished());
}

proptest! {
    /// Whatever is asked when: while replies are held, no window sees more than the bucket's burst and what came back in it.
    #[test]
    fn no_window_sees_more_than_burst_and_rate(
        rate in 1u32..=1000,
        asked in prop::collection::vec((0u32..400, prop::bool::ANY, 0i64..5), 1..400),
        took in prop::collection::vec(0u64..200, 0..40),
    ) {
        let start = Instant::now();
        let mut pace = Pace::new(rate, start);
        assert_eq!(pace.ask(Lane::Tip, 99, start), Ruling::Go);
        let mut now = start;
        let mut left = vec![start];
        for millis in took {
            pace.landed(Duration::from_millis(millis), now);
        }
        for (tenths, tip, chat) in asked {
            now += Duration::from_micros(u64::from(tenths) * 100);
            let lane = if tip { Lane::Tip } else { Lane::Reply };
            match pace.ask(lane, chat, now) {
                Ruling::Go => left.push(now),
                Ruling::Chat(until) | Ruling::Lane(until) => prop_assert!(until > now),
            }
        }
        // The last two seconds' tips hold replies; what comes later than that after the last tip is free, and not looked at.
        let rate = f64::from(rate);
        for (first, from) in left.iter().enumerate().take_while(|(_, at)| **at < start + SECOND * 2) {
            for (last, to) in left.iter().enumerate().skip(first).take_while(|(_, at)| **at < start + SECOND * 2) {
                let allowed = 4.0 + rate * 0.01 + rate * (*to - *from).as_secs_f64();
                prop_assert!((last - first + 1) as f64 <= allowed + 1e-6);
            }
        }
    }
}
