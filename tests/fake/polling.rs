//! getUpdates: who polls, what is handed out, what is confirmed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::Shared;
use super::call::{Params, Refused};
use super::faults::Twice;
use super::world::World;

const CONFLICT: &str = "terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK: &str = "can't use getUpdates method while webhook is active; \
                       use deleteWebhook to delete the webhook first";

/// What is known about the polls.
#[derive(Debug, Default)]
pub struct Polling {
    /// How many there were; the newest one has the word.
    pub started: usize,
    /// How many are waiting now.
    pub open: usize,
    /// What offsets have confirmed: every update below it is gone.
    pub confirmed: i64,
    /// With a rival, every poll ends with 409 after this time.
    pub rival: Option<Duration>,
    /// The kinds of updates that the bot asked for; Telegram remembers the last list.
    pub allowed: Vec<String>,
    /// Handed out twice already, or due for the next batch.
    doubled: HashSet<i64>,
    due_again: Vec<i64>,
}

impl Polling {
    /// Whether the bot gets updates of this kind. Without a list, all but a few.
    pub fn wants(&self, update: &Value) -> bool {
        let asked_for_only = ["chat_member", "message_reaction", "message_reaction_count"];
        let kinds: Vec<&String> = update.as_object().into_iter().flat_map(|u| u.keys()).filter(|k| *k != "update_id").collect();
        if self.allowed.is_empty() {
            return !kinds.iter().any(|kind| asked_for_only.contains(&kind.as_str()));
        }
        // What has no kind that Telegram knows is a test's own, and always wanted.
        kinds.is_empty() || kinds.iter().any(|kind| self.allowed.contains(kind) || !known(kind))
    }
}

/// The kinds that can stand in `allowed_updates` and that tests use.
fn known(kind: &str) -> bool {
    let kinds = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"];
    kinds.contains(&kind)
}

/// Waits for updates as long as the caller asked for, unless another poll begins.
pub async fn get_updates(shared: Arc<Shared>, params: Params) -> Result<Value, Refused> {
    let seconds = u64::try_from(params.int("timeout").unwrap_or(0)).unwrap_or(0).min(50);
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let limit = usize::try_from(params.int("limit").unwrap_or(100)).unwrap_or(100).clamp(1, 100);
    let mut changes = shared.changes();
    let (mine, rival) = {
        let mut world = shared.world();
        if !world.profile.webhook.is_empty() {
            return Err(Refused::conflict(WEBHOOK));
        }
        world.polling.started += 1;
        world.polling.open += 1;
        if let Some(Value::Array(kinds)) = params.json("allowed_updates") {
            let kinds = kinds.iter().filter_map(Value::as_str).map(str::to_owned);
            world.polling.allowed = kinds.collect();
        }
        world.confirm(params.int("offset").unwrap_or(0));
        (world.polling.started, world.polling.rival)
    };
    let _open = OpenPoll(shared.clone());
    shared.changed();
    if let Some(patience) = rival {
        sleep_until(Instant::now() + patience).await;
        return Err(Refused::conflict(CONFLICT));
    }
    loop {
        {
            let mut world = shared.world();
            if world.polling.started != mine {
                return Err(Refused::conflict(CONFLICT));
            }
            let batch = world.hand_out(limit);
            if !batch.is_empty() || Instant::now() >= deadline {
                return Ok(batch.into());
            }
        }
        // Either there is news or the time is over; the loop looks which.
        let _ = timeout_at(deadline, changes.changed()).await;
    }
}

/// Counts a poll as open until it ends, also when the caller hangs up.
struct OpenPoll(Arc<Shared>);

impl Drop for OpenPoll {
    fn drop(&mut self) {
        self.0.world().polling.open -= 1;
        self.0.changed();
    }
}

impl World {
    /// Forgets what is below `offset`; a negative one keeps that many of the newest.
    fn confirm(&mut self, offset: i64) {
        let offset = if offset < 0 {
            let kept = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let first = self.queue.len().saturating_sub(kept);
            self.queue.get(first).copied().unwrap_or(0)
        } else {
            offset
        };
        self.polling.confirmed = self.polling.confirmed.max(offset);
        while self.queue.front().is_some_and(|&id| id < offset) {
            self.queue.pop_front();
        }
    }

    /// Whether this update comes twice, told once.
    pub fn doubles(&mut self, id: i64) -> Option<Twice> {
        self.faults.doubles(id).filter(|_| self.polling.doubled.insert(id))
    }

    fn hand_out(&mut self, limit: usize) -> Vec<Value> {
        let mut ids = std::mem::take(&mut self.polling.due_again);
        for id in self.queue.iter().copied().take(limit) {
            ids.push(id);
            match self.faults.doubles(id).filter(|_| self.polling.doubled.insert(id)) {
                Some(Twice::SameBatch) => ids.push(id),
                Some(Twice::NextBatch) => self.polling.due_again.push(id),
                None => {}
            }
        }
        let now = self.now();
        let mut batch = Vec::new();
        for id in ids {
            if let Some(update) = self.update_mut(id) {
                update.handed_out.push(now);
                batch.push(update.json.clone());
            }
        }
        batch
    }
}
