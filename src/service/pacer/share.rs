//! A replica's share of the rate, set anew every second.
//!
//! Never here: how a share is reckoned (`Crowd::share`), or how replicas learn of one another (the store).

use std::sync::Arc;
use std::time::Duration;

use super::Pacer;
use crate::store::Store;

const ROUND: Duration = Duration::from_secs(1);
/// A rush is believed at once and forgotten slowly: `1 - 1/8` of it is left a second later.
const FORGETS: u32 = 8;

/// Keeps a pacer to its share of `rate`, for as long as the bot runs.
pub async fn keep_share(pacer: Arc<Pacer>, store: Arc<dyn Store>, rate: u32) {
    let (mut replies, mut before) = (0_u32, f64::from(rate));
    loop {
        tokio::time::sleep(ROUND).await;
        replies = pacer.take_replies().max(replies - replies.div_ceil(FORGETS));
        let crowd = store.share(replies);
        let share = crowd.share(rate, replies);
        // What is less counts now; what is more, a round later, when the others know of it.
        pacer.share(share.min(before), rate, crowd.replicas);
        before = share;
    }
}
