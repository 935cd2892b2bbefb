//! Telegram: updates in, pages out. teloxide appears in this room alone.
//!
//! An update is acknowledged to Telegram only after it was answered or lies sealed in the inbox. Order is kept in each chat; a slow
//! chat holds nobody else up.

mod api;
mod checkup;
mod courier;
mod deliver;
mod hand;
mod inbound;
mod lanes;
mod operators;
mod polling;
mod profile;
mod ready;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use log::{info, warn};
use teloxide::Bot;
use tokio::sync::watch;

use crate::service::pacer::{self, Pacer};
use crate::service::{Service, weekly};

pub use api::Api;
pub use checkup::{Checkup, Trouble, Webhook, checkup};
pub use inbound::{Heard, Update};
pub use operators::Operators;

/// In-flight work is given this long at a stop.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Why the bot could not run on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("Telegram does not know this token. Copy TELOXIDE_TOKEN again from @BotFather (/mybots, your bot, API Token).")]
    Unauthorized,
    #[error("TELOXIDE_API_URL: {0}")]
    Address(String),
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// Makes teloxide's bot for a token and the address of an API; any address but Telegram's own is called without a proxy, for a proxy
/// set for the machine would capture calls to loopback too.
///
/// # Errors
/// An address that is none.
pub fn bot(token: &str, api_url: &str) -> Result<Bot, RunError> {
    let url = reqwest::Url::parse(api_url).map_err(|_| RunError::Address(format!("{api_url} is no http address")))?;
    let mut client = teloxide::net::default_reqwest_settings();
    if url.as_str().trim_end_matches('/') != teloxide::net::TELEGRAM_API_URL {
        client = client.no_proxy();
    }
    let client = client.build().map_err(|error| RunError::Address(error.to_string()))?;
    Ok(Bot::with_client(token, client).set_api_url(url))
}

/// Serves the bot until `stop` turns true, then ends in-flight work.
///
/// # Errors
/// A token that Telegram does not know, a store that cannot be read at the start.
pub async fn run(
    bot: Bot,
    service: Service,
    rate: u32,
    operators: Operators,
    mut stop: watch::Receiver<bool>,
) -> Result<(), RunError> {
    let api = Api::new(bot, Arc::clone(&service.meter)).map_err(RunError::Address)?;
    let service = Arc::new(service);
    let hand = Arc::new(hand::Hand::new(Arc::clone(&service.store)));
    let pacer = Arc::new(Pacer::new(rate, tokio::time::Instant::now));
    let ready = Arc::new(ready::Ready::new(service.running.clone()));
    let meter = Arc::clone(&service.meter);
    let out = Arc::new(deliver::Out { api: api.clone(), ready, pacer: Arc::clone(&pacer), meter });
    let lanes = lanes::Lanes::new(Arc::clone(&out), Arc::clone(&service), Arc::clone(&hand), operators.desk());
    let sweeper = tokio::spawn(Arc::clone(&hand).sweep());
    for update in hand.left_over().await? {
        lanes.take(update);
    }
    let heir = tokio::spawn(Arc::clone(&hand).take_over({
        let lanes = lanes.clone();
        move |left| lanes.take(left)
    }));
    let sharing = tokio::spawn(pacer::keep_share(pacer, Arc::clone(&service.store), rate));
    let beside =
        [tokio::spawn(profile::keep(api.clone(), service.running.clone())), tokio::spawn(operators.tell(Arc::clone(&out)))];
    let book = service.book();
    info!("{} speaks: {} pages, from the book {}.", book.title(), book.len(), book.id());
    drop(book);
    let weekly = weekly::Run::new(Arc::clone(&service), Arc::new(courier::TipCourier(out)), Timestamp::now, rate);
    let weekly = tokio::spawn(Arc::new(weekly).run(stop.clone()));
    let mut poller = polling::Poller::new(api, Arc::clone(&hand), lanes.clone());
    let ended = poller.run(&mut stop).await;
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    heir.abort();
    info!("Stopping: no new updates are taken; up to {} s for those in hand.", LAST_WORK.as_secs());
    let last_work = async {
        lanes.idle().await;
        // A run that broke has said so; what it had begun is taken up again at the next start.
        let _ = weekly.await;
    };
    if tokio::time::timeout(LAST_WORK, last_work).await.is_err() {
        warn!("{} updates are still unanswered; they lie in the inbox and are answered at the next start.", lanes.in_hand());
    }
    sweeper.abort();
    sharing.abort();
    poller.confirm().await;
    hand.sweep_up().await;
    ended
}
