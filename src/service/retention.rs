//! Readers who have not come for the retention time are forgotten: at the start, and once a day from then on.
//!
//! Every replica does it; each batch is one transaction, and what one has its hands on another passes over. A weekly tip that arrives is
//! no visit: only the reader can show that they still want it.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use log::{error, info};

use crate::store::{Store, StoreError};

/// Readers of one transaction: a few milliseconds' work, so that no turn waits long behind it.
const BATCH: usize = 200;
/// Between batches, for the turns.
const PAUSE: Duration = Duration::from_millis(20);
/// Between runs, and after one that failed.
const DAILY: Duration = Duration::from_hours(24);
const AGAIN: Duration = Duration::from_mins(10);

/// Forgets for as long as the bot runs whoever was not here for so many days.
pub async fn keep(store: Arc<dyn Store>, days: u16, clock: fn() -> Timestamp) {
    let mut failing = false;
    loop {
        let pause = match run(&*store, days, Zoned::new(clock(), TimeZone::UTC).date()).await {
            Ok(0) => DAILY,
            Ok(forgotten) => {
                info!("{forgotten} readers who had not come for {days} days are forgotten.");
                DAILY
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    error!("readers who have not come for {days} days could not be forgotten; trying until they are: {error}");
                }
                AGAIN
            }
        };
        failing = failing && pause == AGAIN;
        tokio::time::sleep(pause).await;
    }
}

/// One run over all of them; how many were forgotten.
///
/// # Errors
/// The store's. What was forgotten by then stays forgotten.
pub async fn run(store: &dyn Store, days: u16, today: Date) -> Result<u64, StoreError> {
    let since = today.checked_sub(i64::from(days).days()).unwrap_or(Date::MIN);
    let mut forgotten = 0;
    loop {
        let unseen = store.forget_unseen(since, today, BATCH).await?;
        forgotten += u64::try_from(unseen.forgotten.len()).unwrap_or(0);
        if !unseen.found_some() {
            return Ok(forgotten);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
