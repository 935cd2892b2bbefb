//! The webhook: updates are brought to the bot, one at a time for each chat, again and again until it takes them.
//!
//! They go to the address that was set; or, as if a balancer stood there, to one replica after another, past those that refuse the
//! connection.

use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Response, header};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::Shared;
use super::call::{Params, Refused};
use super::faults::Twice;
use super::world::World;

/// Between a call that failed and the next, where the bot names no time; Telegram's first is a second or two.
const PAUSE: Duration = Duration::from_millis(100);

/// What is known about the calls.
#[derive(Debug)]
pub struct Webhook {
    pub secret: String,
    pub connections: usize,
    /// Addresses with a port, instead of the host that was set.
    pub replicas: Vec<String>,
    /// Whoever does not answer within this time is hung up on.
    pub patience: Duration,
    pub deliveries: Vec<Delivery>,
    /// The next replica's turn.
    turn: usize,
    /// Updates that are under way.
    open: HashSet<i64>,
    /// Milliseconds before which an update is not brought again.
    again_at: HashMap<i64, u64>,
}

impl Default for Webhook {
    fn default() -> Self {
        Self {
            secret: String::new(),
            connections: 40,
            replicas: Vec::new(),
            patience: Duration::from_secs(60),
            deliveries: Vec::new(),
            turn: 0,
            open: HashSet::new(),
            again_at: HashMap::new(),
        }
    }
}

/// One call. Times are milliseconds since the fake began.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub update: i64,
    /// The replica that was called last for it; empty: the address that was set.
    pub replica: String,
    pub started: u64,
    pub ended: u64,
    /// `None`: there was no answer.
    pub status: Option<u16>,
}

/// setWebhook: what Telegram refuses, and http for everybody but this machine.
pub fn set(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let url = params.text("url").unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let is_here = host.starts_with("127.0.0.1:") || host.starts_with("localhost:");
    if !url.is_empty() && scheme != "https" && !(scheme == "http" && is_here) {
        return Err(Refused::bad("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let port = host.rsplit_once(':').map_or("443", |(_, port)| port);
    if scheme == "https" && !["443", "80", "88", "8443"].contains(&port) {
        return Err(Refused::bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"));
    }
    let secret = params.text("secret_token").unwrap_or_default();
    if secret.len() > 256 || !secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return Err(Refused::bad("secret token contains unallowed characters"));
    }
    let connections = usize::try_from(params.int("max_connections").unwrap_or(40)).unwrap_or(40);
    world.webhook.connections = connections.clamp(1, 100);
    world.webhook.secret = secret;
    world.profile.webhook = url;
    if let Some(Value::Array(kinds)) = params.json("allowed_updates") {
        let kinds = kinds.iter().filter_map(Value::as_str).map(str::to_owned);
        world.polling.allowed = kinds.collect();
    }
    Ok(true.into())
}

/// Brings what waits, for as long as the fake lives.
pub async fn deliver(shared: Arc<Shared>) {
    let client = Client::builder().no_proxy().build().expect("a client");
    let mut changes = shared.changes();
    loop {
        changes.mark_unchanged();
        let (due, next) = shared.world().due();
        for update in due {
            tokio::spawn(bring(shared.clone(), client.clone(), update));
        }
        let wake = async {
            match next {
                Some(after) => sleep(Duration::from_millis(after)).await,
                None => pending().await,
            }
        };
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = wake => {}
        }
    }
}

/// Brings one update, twice if the faults say so.
async fn bring(shared: Arc<Shared>, client: Client, update: i64) {
    let twice = shared.world().doubles(update);
    let taken = if twice == Some(Twice::SameBatch) {
        let (one, other) = tokio::join!(call(&shared, &client, update), call(&shared, &client, update));
        one.and(other)
    } else {
        call(&shared, &client, update).await
    };
    if taken.is_ok() && twice == Some(Twice::NextBatch) {
        let _ = call(&shared, &client, update).await;
    }
    let mut world = shared.world();
    world.webhook.open.remove(&update);
    match taken {
        Ok(()) => {
            world.queue.retain(|id| *id != update);
            world.webhook.again_at.remove(&update);
            world.profile.webhook_error.clear();
        }
        Err((why, wait)) => {
            world.profile.webhook_error = why;
            let at = world.now() + u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            world.webhook.again_at.insert(update, at);
        }
    }
    drop(world);
    shared.changed();
}

/// Why an update was not taken, and how long it waits now.
type NotTaken = (String, Duration);

async fn call(shared: &Arc<Shared>, client: &Client, update: i64) -> Result<(), NotTaken> {
    let (url, replicas, secret, patience, body, started) = {
        let mut world = shared.world();
        let now = world.now();
        let json = world.update_mut(update).map(|update| {
            update.handed_out.push(now);
            update.json.to_string()
        });
        let replicas = world.webhook.in_turn();
        let webhook = &world.webhook;
        (world.profile.webhook.clone(), replicas, webhook.secret.clone(), webhook.patience, json.unwrap_or_default(), now)
    };
    shared.changed();
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned())).unwrap_or_default();
    let targets: Vec<(String, String)> = if replicas.is_empty() {
        vec![(String::new(), url)]
    } else {
        replicas.into_iter().map(|replica| (replica.clone(), format!("http://{replica}{path}"))).collect()
    };
    let mut last = (String::new(), None, Err((String::from("Connection refused"), PAUSE)));
    for (replica, target) in targets {
        let request = client.post(target).header("X-Telegram-Bot-Api-Secret-Token", &secret);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        last = match timeout(patience, request.send()).await {
            Ok(Ok(response)) => (replica, Some(response.status().as_u16()), told(&response)),
            Ok(Err(error)) if error.is_connect() => {
                last.0 = replica;
                continue;
            }
            Ok(Err(_)) => (replica, None, Err((String::from("Connection closed"), PAUSE))),
            Err(_) => (replica, None, Err((String::from("Connection timed out"), PAUSE))),
        };
        break;
    }
    let (replica, status, taken) = last;
    let mut world = shared.world();
    let ended = world.now();
    world.webhook.deliveries.push(Delivery { update, replica, started, ended, status });
    taken
}

fn told(response: &Response) -> Result<(), NotTaken> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let again = response.headers().get(header::RETRY_AFTER).and_then(|after| after.to_str().ok()?.parse().ok());
    Err((format!("Wrong response from the webhook: {status}"), again.map_or(PAUSE, Duration::from_secs)))
}

impl Webhook {
    /// All replicas, beginning with the one whose turn it is.
    fn in_turn(&mut self) -> Vec<String> {
        self.turn += 1;
        let count = self.replicas.len();
        (0..count).map(|nth| self.replicas[(self.turn + nth) % count].clone()).collect()
    }
}

impl World {
    /// What is to be brought now, and in how many milliseconds to look again.
    fn due(&mut self) -> (Vec<i64>, Option<u64>) {
        let room = self.webhook.connections.saturating_sub(self.webhook.open.len());
        // Nobody beyond this machine is ever called.
        let is_near = !self.webhook.replicas.is_empty() || self.profile.webhook.starts_with("http://");
        if self.profile.webhook.is_empty() || !is_near || room == 0 {
            return (Vec::new(), None);
        }
        let now = self.now();
        let chat_of = |id: &i64| self.update(*id).and_then(|update| update.chat);
        let mut busy: HashSet<i64> = self.webhook.open.iter().filter_map(chat_of).collect();
        let (mut due, mut next) = (Vec::new(), None::<u64>);
        for id in self.queue.iter().filter(|id| !self.webhook.open.contains(id)) {
            if due.len() == room {
                break;
            }
            // The order of a chat is kept: its next one is brought when the one before was taken.
            if chat_of(id).is_some_and(|chat| !busy.insert(chat)) {
                continue;
            }
            match self.webhook.again_at.get(id).filter(|at| **at > now) {
                Some(at) => next = Some(next.map_or(at - now, |next| next.min(at - now))),
                None => due.push(*id),
            }
        }
        self.webhook.open.extend(&due);
        (due, next)
    }
}
