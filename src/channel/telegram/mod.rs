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
mod name;
mod operators;
mod photos;
mod polling;
mod profile;
mod ready;
mod stage;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use log::{info, warn};
use teloxide::Bot;
use tokio::sync::watch;

use crate::service::coach::Coach;
use crate::service::flood::Flood;
use crate::service::pacer::{self, Pacer};
use crate::service::{Service, weekly};

pub use api::Api;
pub use checkup::{Checkup, Trouble, Webhook, checkup};
pub use inbound::{Heard, Update};
pub use operators::Operators;
pub use webhook::{Hook, check_webhook_secret, check_webhook_url};

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

/// How the bot serves.
pub struct Terms {
    /// Messages a second.
    pub rate: u32,
    /// Updates a minute that one chat is answered; 0: all.
    pub chat_rate: u32,
    /// Where Telegram brings updates; without it they are asked for.
    pub hook: Option<Hook>,
}

/// How updates come. Behind it, both ways share every line.
enum Listener {
    Polls(polling::Poller),
    Hears(webhook::Server),
}

impl Listener {
    /// Takes updates until told to stop.
    async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<(), RunError> {
        match self {
            Listener::Polls(poller) => poller.run(stop).await,
            Listener::Hears(server) => server.run(stop).await,
        }
    }

    /// Waits until nobody waits for a word about an update any more.
    async fn ended(&mut self) {
        if let Listener::Hears(server) = self {
            server.ended().await;
        }
    }

    /// The last word to Telegram: what it has to bring again, and what not.
    async fn confirm(&mut self) {
        match self {
            Listener::Polls(poller) => poller.confirm().await,
            Listener::Hears(server) => server.cut(),
        }
    }
}

/// Serves the bot until `stop` turns true, then ends in-flight work.
///
/// # Errors
/// A token that Telegram does not know, a store that cannot be read at the start.
pub async fn run(
    bot: Bot,
    service: Service,
    Terms { rate, chat_rate, hook }: Terms,
    operators: Operators,
    mut stop: watch::Receiver<bool>,
) -> Result<(), RunError> {
    let api = Api::new(bot, Arc::clone(&service.meter)).map_err(RunError::Address)?;
    let service = Arc::new(service);
    let hand = Arc::new(hand::Hand::new(Arc::clone(&service.store)));
    let pacer = Arc::new(Pacer::new(rate, tokio::time::Instant::now));
    let name = Arc::new(name::Name::default());
    let ready = Arc::new(ready::Ready::new(service.running.clone(), Arc::clone(&name)));
    let meter = Arc::clone(&service.meter);
    let photos = photos::Photos::new(Arc::clone(&service.store));
    let out = deliver::Out { api: api.clone(), ready, photos, pacer: Arc::clone(&pacer), meter: Arc::clone(&meter) };
    let (out, flood) = (Arc::new(out), Flood::new(chat_rate));
    let stage = Arc::new(stage::Chats(Arc::clone(&out)));
    let now = tokio::time::Instant::now;
    let coach = Arc::new(Coach::new(Arc::clone(&service), Arc::clone(&pacer), stage, Timestamp::now, now));
    let lanes = lanes::Lanes::new(
        Arc::clone(&out),
        Arc::clone(&service),
        Arc::clone(&coach),
        Arc::clone(&hand),
        operators.desk(),
        flood,
    );
    let coaching = tokio::spawn(coach.run(stop.clone()));
    let sweeper = tokio::spawn(Arc::clone(&hand).sweep());
    for update in hand.left_over().await? {
        lanes.take(update);
    }
    let heir = tokio::spawn(Arc::clone(&hand).take_over({
        let lanes = lanes.clone();
        move |left| lanes.take(left)
    }));
    let sharing = tokio::spawn(pacer::keep_share(pacer, Arc::clone(&service.store), rate));
    let beside = [
        tokio::spawn(profile::keep(api.clone(), service.running.clone())),
        tokio::spawn(operators.tell(Arc::clone(&out))),
        tokio::spawn(name::learn(api.clone(), name)),
    ];
    let book = Arc::clone(service.library().own());
    info!("{} speaks: {} pages, from the book {}.", book.title(), book.len(), book.id());
    drop(book);
    let weekly = weekly::Run::new(Arc::clone(&service), Arc::new(courier::TipCourier(out)), Timestamp::now, rate);
    let weekly = tokio::spawn(Arc::new(weekly).run(stop.clone()));
    let (hand_too, lanes_too) = (Arc::clone(&hand), lanes.clone());
    let mut listener = match hook {
        None => Listener::Polls(polling::Poller::new(api, hand_too, lanes_too, meter)),
        Some(hook) => Listener::Hears(webhook::Server::new(api, hook, hand_too, lanes_too, meter)),
    };
    let ended = listener.run(&mut stop).await;
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    heir.abort();
    info!("Stopping: no new updates are taken; up to {} s for those in hand.", LAST_WORK.as_secs());
    let last_work = async {
        listener.ended().await;
        lanes.idle().await;
        // It ends at the same stop, and knows nothing of other ends. A run that broke has said so; what it had begun is taken up again
        // at the next start.
        if ended.is_ok() {
            let _ = weekly.await;
        }
    };
    if tokio::time::timeout(LAST_WORK, last_work).await.is_err() {
        warn!("{} updates are still unanswered; they lie in the inbox and are answered at the next start.", lanes.in_hand());
    }
    sweeper.abort();
    sharing.abort();
    coaching.abort();
    listener.confirm().await;
    hand.sweep_up().await;
    ended
}
