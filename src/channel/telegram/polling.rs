//! The update loop. Holding the offset back until all is answered would make `getUpdates` return at once, so instead: what is still
//! unanswered is written to the inbox before the next call, and that call acknowledges.

use std::sync::Arc;
use std::time::Duration;

use log::{error, info, warn};
use teloxide::prelude::*;
use tokio::sync::watch;

use super::RunError;
use super::api::{Api, Failure};
use super::hand::{Hand, Held};
use super::inbound::Update;
use super::lanes::Lanes;
use crate::service::meter::Meter;

/// How long Telegram may hold a call open.
const LONG_POLL_SECONDS: u64 = 30;
const BATCH: u8 = 100;
/// Answers that come this soon are waited for instead of written down: meanwhile nobody else's update is taken.
const SOON: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

pub struct Poller {
    api: Api,
    hand: Arc<Hand>,
    lanes: Lanes,
    meter: Arc<Meter>,
    /// The first update that Telegram may send next.
    offset: i64,
    trouble: Trouble,
}

/// What went wrong of late: said once when it begins and once when it ends.
#[derive(Default)]
struct Trouble {
    times: u32,
    said: bool,
}

impl Poller {
    pub fn new(api: Api, hand: Arc<Hand>, lanes: Lanes, meter: Arc<Meter>) -> Poller {
        Poller { api, hand, lanes, meter, offset: 0, trouble: Trouble::default() }
    }

    /// Takes updates until told to stop.
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<(), RunError> {
        // The first call asks without waiting: whether Telegram hears us is then known at once, however quiet the day is.
        let mut wait = 0;
        loop {
            let reply = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
                reply = self.api.updates(self.offset, wait, BATCH) => reply,
            };
            match reply {
                Ok(reply) => {
                    wait = LONG_POLL_SECONDS;
                    self.take(&reply).await;
                }
                Err(failure) => {
                    let pause = self.failed(failure).await?;
                    tokio::select! {
                        _ = stop.wait_for(|stop| *stop) => return Ok(()),
                        () = tokio::time::sleep(pause) => {}
                    }
                }
            }
        }
    }

    /// The last word to Telegram: all that was taken is answered or in the inbox.
    pub async fn confirm(&self) {
        if self.offset > 0 {
            // If it does not arrive, the same updates come again at the next start.
            let _ = tokio::time::timeout(Duration::from_secs(2), self.api.updates(self.offset, 0, 1)).await;
        }
    }

    async fn take(&mut self, reply: &[u8]) {
        let Ok(read) = Update::read_all(reply) else {
            warn!("Telegram's reply to getUpdates could not be read; asking again.");
            tokio::time::sleep(Duration::from_secs(1)).await;
            return;
        };
        self.trouble.ended();
        if read.is_empty() {
            return;
        }
        let ids = read.iter().filter_map(|each| each.as_ref().map_or_else(|id| *id, |update| Some(update.id)));
        let next = ids.max().map_or(self.offset, |last| last + 1);
        let all = read.len();
        let read: Vec<Update> = read.into_iter().filter_map(Result::ok).collect();
        self.meter.could_not_read(u64::try_from(all - read.len()).unwrap_or(0));
        let (batch, held) = self.hand.take(read);
        for each in &held {
            self.lanes.hear(Arc::clone(each));
        }
        if self.lanes.typical() < SOON {
            // Late ones are written down.
            let _ = tokio::time::timeout(SOON, batch.answered()).await;
        }
        self.write_down(&held, &batch).await;
        self.offset = next;
        self.lanes.room().await;
    }

    /// Until it is written or answered, nothing is acknowledged.
    async fn write_down(&self, held: &[Arc<Held>], batch: &super::hand::Batch) {
        while self.hand.write_down(held).await.is_err() {
            if tokio::time::timeout(Duration::from_secs(1), batch.answered()).await.is_ok() {
                return;
            }
        }
    }

    /// Says once what is wrong and what to do, and how long to wait before the next call.
    async fn failed(&mut self, failure: Failure) -> Result<Duration, RunError> {
        let pause = self.trouble.pause();
        match failure {
            Failure::Unauthorized => return Err(RunError::Unauthorized),
            Failure::TooMany(wait) => return Ok(wait),
            Failure::Conflict(why) if why.contains("webhook") => {
                warn!("A webhook is set for this bot and would keep all updates; it is removed, because this bot polls.");
                if self.api.bot().delete_webhook().await.is_err() {
                    return Ok(Duration::from_secs(3));
                }
            }
            Failure::Conflict(_) => {
                self.trouble.says(
                    "Another program polls with this token, and each update goes to one of them only. Stop the other one.",
                );
                return Ok(Duration::from_secs(3));
            }
            // A call or two may fail on any day; what lasts is told.
            Failure::Broken(why) if self.trouble.times > 2 => self.trouble.says(&format!(
                "Telegram cannot be reached ({why}); trying until it can. Check the network, and TELOXIDE_API_URL if it is set."
            )),
            Failure::Refused(why) => self.trouble.says(&format!("Telegram refuses to hand out updates: {why}.")),
            Failure::Broken(_)
            | Failure::NotModified
            | Failure::CannotEdit
            | Failure::Expired
            | Failure::Gone
            | Failure::UnknownPicture => {}
        }
        Ok(pause)
    }
}

impl Trouble {
    /// From 50 ms on, doubled each time.
    fn pause(&mut self) -> Duration {
        let pause = Duration::from_millis(50 << self.times.min(10));
        self.times += 1;
        pause.min(LONGEST_PAUSE)
    }

    /// Says it once, until it has ended.
    fn says(&mut self, what: &str) {
        if !std::mem::replace(&mut self.said, true) {
            error!("{what}");
        }
    }

    fn ended(&mut self) {
        if self.said {
            info!("Updates arrive again.");
        }
        *self = Trouble::default();
    }
}
