//! Several replicas under one limit of Telegram's: each with a pacer of its own, told once a second of the others. Time is virtual.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::sync::{Arc, Mutex};
use std::time::Duration;

use backcare::service::pacer::{Bucket, Pacer};
use backcare::store::Crowd;
use tokio::time::{Instant, sleep, sleep_until};

const RATE: u32 = 30;

/// What all replicas say of themselves; what one reads is up to a second old, as in the store.
type Told = Arc<Mutex<Vec<u32>>>;

/// Keeps a replica to its share, as `keep_share` does over a store that renews once a second.
async fn keep_share(pacer: Arc<Pacer>, told: Told, nth: usize) {
    let (mut replies, mut before, mut known) = (0_u32, f64::from(RATE), Crowd { replicas: 3, replies: 0 });
    sleep(Duration::from_millis(300 * nth as u64)).await;
    loop {
        sleep(Duration::from_secs(1)).await;
        replies = pacer.take_replies().max(replies - replies.div_ceil(8));
        let share = known.share(RATE, replies);
        pacer.share(share.min(before), RATE, known.replicas);
        before = share;
        let mut told = told.lock().unwrap();
        told[nth] = replies;
        known.replies = told.iter().sum();
    }
}

struct Outcome {
    tips: u32,
    refused: u32,
    /// The slowest reply in a hundred.
    slow: Duration,
}

/// A minute of tips at three replicas, with so many replies a second at each.
async fn minute(replies: [f64; 3], shared: bool) -> Outcome {
    let limit = Arc::new(Mutex::new((Bucket::new(f64::from(RATE), 5.0, Instant::now()), 0, 0)));
    let (told, waits) = (Told::new(Mutex::new(vec![0; 3])), Arc::new(Mutex::new(Vec::new())));
    let (begun, end) = (Instant::now() + Duration::from_secs(10), Instant::now() + Duration::from_secs(70));
    let mut tasks = Vec::new();
    for (nth, a_second) in replies.into_iter().enumerate() {
        let pacer = Arc::new(Pacer::new(RATE, Instant::now));
        if shared {
            tasks.push(tokio::spawn(keep_share(Arc::clone(&pacer), Arc::clone(&told), nth)));
        }
        // Counted once all know of one another.
        let arrives = {
            let limit = Arc::clone(&limit);
            move |tip: bool| {
                let (now, mut limit) = (Instant::now(), limit.lock().unwrap());
                if limit.0.level(now) >= 1.0 {
                    limit.0.take(0.0, now);
                    limit.1 += u32::from(tip && now > begun);
                } else {
                    limit.2 += u32::from(now > begun);
                }
            }
        };
        let (tipper, tipped) = (Arc::clone(&pacer), arrives.clone());
        tasks.push(tokio::spawn(async move {
            for chat in 1_000_000.. {
                tipper.tip(chat).await;
                tipped(true);
            }
        }));
        let waits = Arc::clone(&waits);
        tasks.push(tokio::spawn(async move {
            for chat in 0.. {
                if a_second == 0.0 {
                    return;
                }
                sleep(Duration::from_secs_f64(1.0 / a_second)).await;
                let (pacer, waits, arrives, asked) = (Arc::clone(&pacer), Arc::clone(&waits), arrives.clone(), Instant::now());
                tokio::spawn(async move {
                    pacer.reply(chat).await;
                    arrives(false);
                    if asked > begun {
                        waits.lock().unwrap().push(asked.elapsed());
                    }
                });
            }
        }));
    }
    sleep_until(end).await;
    tasks.iter().for_each(|task| task.abort());
    let mut waits = waits.lock().unwrap().clone();
    waits.sort();
    let slow = waits.get(waits.len() * 99 / 100).copied().unwrap_or_default();
    let limit = limit.lock().unwrap();
    Outcome { tips: limit.1, refused: limit.2, slow }
}

#[tokio::test(start_paused = true)]
async fn three_replicas_keep_to_one_rate_and_use_it() {
    // None, evenly spread, all at one replica (as while it polls), a rush at one.
    for replies in [[0.0; 3], [3.0; 3], [9.0, 0.0, 0.0], [24.0, 0.0, 0.0]] {
        let Outcome { tips, refused, slow } = minute(replies, true).await;
        let all: f64 = replies.iter().sum();
        assert!(refused <= 2, "{replies:?}: {refused} refused");
        assert!(f64::from(tips) >= (f64::from(RATE) * 0.93 - all) * 60.0 - 60.0, "{replies:?}: {tips} tips");
        assert!(slow <= Duration::from_millis(250), "{replies:?}: a reply in a hundred waits {slow:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn replicas_that_know_nothing_of_each_other_do_not() {
    let Outcome { refused, .. } = minute([3.0; 3], false).await;
    assert!(refused > 1000, "{refused} refused: then no shares would be needed");
}
