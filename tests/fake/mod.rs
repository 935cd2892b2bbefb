//! A Telegram for tests: the Bot API on 127.0.0.1, with people who write and press.
//!
//! It refuses what Telegram refuses, in Telegram's words, fails when told to, and remembers every
//! call, so that a test can say what a reader saw instead of what the bot did.
//!
//! ```ignore
//! let fake = Fake::start().await;               // the bot: TELOXIDE_API_URL=fake.url()
//! let anna = fake.person(7);
//! fake.wait_answered(anna.say("/start")).await;
//! fake.wait_answered(anna.press("It hurts now")).await;
//! assert!(fake.chat(7).last().text.starts_with("Lie on your side"));
//! assert!(fake.refusals().is_empty());
//! ```
//!
//! `http` is the wire, `methods`, `polling` and `webhook` are the Bot API, `text`, `html` and `keyboard` its
//! rules, `people` its users, `faults` its bad days, `world` what is known of it all, `view` a look at a chat.

// Each test crate has this module to itself, and none of them needs all of it.
#![allow(dead_code, unused_imports)]

mod call;
mod faults;
mod html;
mod http;
mod keyboard;
mod methods;
mod parts;
mod people;
mod photos;
mod polling;
mod text;
mod view;
mod webhook;
mod world;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use call::{Call, Outcome, Params, Refusal, at_once};
pub use faults::{Fault, Faults};
pub use keyboard::Button;
pub use people::{Group, Person, location, photo, sticker, voice};
pub use view::ChatView;
pub use webhook::Delivery;
pub use world::{Message, Press, Profile, Reply, Update};

use view::show;
use world::World;

/// The only token that the fake knows.
pub const TOKEN: &str = "123456:TEST";

/// How long the waits below wait before they fail the test. A guard, not a measure.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What the server and the people share: the world, and word that it has changed.
struct Shared {
    token: String,
    world: Mutex<World>,
    news: watch::Sender<()>,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        // A test that failed while it held the lock leaves nothing half done.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.news.send_replace(());
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }
}

/// The fake; it ends when it is dropped.
pub struct Fake {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: JoinHandle<()>,
    /// Brings updates to a webhook.
    bringer: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
        self.bringer.abort();
    }
}

impl Fake {
    /// Starts on a free port, in the runtime of the test.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    /// Starts where a bot looks for it already.
    pub async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("the port of a listener");
        let world = Mutex::new(World::new(TOKEN));
        let (token, news) = (TOKEN.to_owned(), watch::Sender::new(()));
        let shared = Arc::new(Shared { token, world, news });
        let server = tokio::spawn(http::serve(listener, shared.clone()));
        let bringer = tokio::spawn(webhook::deliver(shared.clone()));
        Self { shared, address, server, bringer }
    }

    /// What goes into `TELOXIDE_API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn person(&self, id: i64) -> Person {
        self.shared.world().chat(id, "private");
        Person { shared: self.shared.clone(), id }
    }

    /// A group of `kind` `group` or `supergroup`; its id is negative, as Telegram's are.
    pub fn group(&self, id: i64, kind: &'static str) -> Group {
        self.shared.world().chat(id, kind);
        Group { shared: self.shared.clone(), id }
    }

    pub fn chat(&self, id: i64) -> ChatView<'_> {
        ChatView { fake: self, id }
    }

    /// Puts any update in the queue, as it is but for its `update_id`.
    pub fn push_update(&self, update: Value) -> i64 {
        let id = self.shared.world().push(update);
        self.shared.changed();
        id
    }

    /// Changes what goes wrong, from the next call on.
    pub fn faults(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.shared.world().faults);
    }

    /// Telegram has had enough of this chat: sends and edits there meet 429 for so many seconds.
    pub fn limit_chat(&self, chat: i64, seconds: u64) {
        let mut world = self.shared.world();
        let until = world.now() + seconds * 1000;
        world.faults.limit(chat, until);
    }

    /// Somebody else polls with the same token: every poll ends with 409 after this time.
    pub fn rival(&self, patience: Option<Duration>) {
        self.shared.world().polling.rival = patience;
    }

    /// A webhook is set already, as if by an earlier program.
    pub fn set_webhook(&self, url: &str) {
        self.shared.world().profile.webhook = url.to_owned();
    }

    /// The replicas behind the webhook's address, by address and port: each is called in its turn, and those that refuse the connection
    /// are passed over.
    pub fn balance(&self, replicas: &[&str]) {
        self.shared.world().webhook.replicas = replicas.iter().map(|&replica| replica.to_owned()).collect();
        self.shared.changed();
    }

    /// How long an answer of the webhook is waited for; then the fake hangs up.
    pub fn webhook_patience(&self, patience: Duration) {
        self.shared.world().webhook.patience = patience;
    }

    /// All calls of the webhook that have ended.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.world().webhook.deliveries.clone()
    }

    /// What the bot has given Telegram for its calls.
    pub fn webhook_secret(&self) -> String {
        self.shared.world().webhook.secret.clone()
    }

    /// Whether the bot has confirmed an update, so that it will not come again.
    pub fn is_confirmed(&self, update: i64) -> bool {
        !self.shared.world().queue.contains(&update)
    }

    /// Updates don't get to the webhook.
    pub fn fail_webhook(&self, why: &str) {
        self.shared.world().profile.webhook_error = why.to_owned();
    }

    /// Telegram's clock shows so many seconds more than ours.
    pub fn shift_clock(&self, seconds: i64) {
        self.shared.world().clock_off = seconds;
    }

    /// The answer to this press comes too late from now on.
    pub fn expire(&self, update: i64) {
        if let Some(press) = self.shared.world().update_mut(update).and_then(|u| u.press.as_mut()) {
            press.expired = true;
        }
    }

    /// Milliseconds since the fake began; all times of calls and messages count from there.
    pub fn now(&self) -> u64 {
        self.shared.world().now()
    }

    pub fn update(&self, id: i64) -> Update {
        let update = self.shared.world().update(id).cloned();
        update.unwrap_or_else(|| panic!("there is no update {id}"))
    }

    pub fn updates(&self) -> Vec<Update> {
        self.shared.world().updates.clone()
    }

    /// Updates that were handed out and have no answer: no reply to a message, no answerCallbackQuery for a press. Groups and what
    /// happens in silence by nature, such as a block, are left out.
    pub fn unanswered(&self) -> Vec<i64> {
        let world = self.shared.world();
        let group = |u: &Update| u.chat.is_some_and(|chat| chat < 0);
        let waits = |u: &&Update| !u.handed_out.is_empty() && u.wants_reply() && !group(u) && !answered(u);
        world.updates.iter().filter(waits).map(|update| update.id).collect()
    }

    /// Presses whose button still spins, handed out or not.
    pub fn unanswered_presses(&self) -> Vec<i64> {
        let world = self.shared.world();
        let spins = |u: &&Update| u.press.as_ref().is_some_and(|press| press.answered.is_none());
        world.updates.iter().filter(spins).map(|u| u.id).collect()
    }

    /// Updates that were answered more than once for a reader to see.
    pub fn doubled(&self) -> Vec<i64> {
        let world = self.shared.world();
        let seen = |u: &&Update| u.replies.iter().filter(|reply| reply.visible).count() > 1;
        world.updates.iter().filter(seen).map(|u| u.id).collect()
    }

    /// Updates that a crash right now may leave half done: handed out and not answered in full, or with a call in their chat that
    /// ended less than `grace` ago.
    pub fn in_flight(&self, grace: Duration) -> Vec<i64> {
        let world = self.shared.world();
        let since = world.now().saturating_sub(u64::try_from(grace.as_millis()).unwrap_or(u64::MAX));
        let late = |call: &&Call| call.ended.is_none_or(|ended| ended >= since);
        let busy: HashSet<_> = world.calls.iter().filter(late).filter_map(|call| call.chat).collect();
        let handed_out = || world.updates.iter().filter(|update| !update.handed_out.is_empty());
        let newest: HashMap<_, _> = handed_out().map(|update| (update.chat, update.id)).collect();
        let at_risk = |u: &&Update| {
            let unfinished = !answered(u) || u.replies.is_empty();
            unfinished || (newest[&u.chat] == u.id && u.chat.is_some_and(|chat| busy.contains(&chat)))
        };
        handed_out().filter(at_risk).map(|update| update.id).collect()
    }

    /// Everything that was refused; a correct bot is refused nothing but what a test provokes.
    pub fn refusals(&self) -> Vec<Refusal> {
        self.shared.world().refusals.clone()
    }

    /// All calls, in the order in which they began.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.world().calls.clone()
    }

    /// How many calls there were, polls among them.
    pub fn call_count(&self) -> usize {
        self.shared.world().calls.len()
    }

    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|c| c.method.eq_ignore_ascii_case(method)).collect()
    }

    /// The calls for a chat, answers to its presses included.
    pub fn calls_in(&self, chat: i64) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.chat == Some(chat)).collect()
    }

    /// How many polls there were.
    pub fn polls(&self) -> usize {
        self.shared.world().polling.started
    }

    /// Every update below this offset is confirmed: Telegram will not send it again.
    pub fn confirmed_offset(&self) -> i64 {
        self.shared.world().polling.confirmed
    }

    pub fn allowed_updates(&self) -> Vec<String> {
        self.shared.world().polling.allowed.clone()
    }

    /// What the bot has told about itself.
    /// The ids of pictures that were brought and are still known.
    pub fn photos(&self) -> Vec<String> {
        self.shared.world().photos.clone()
    }

    /// No picture has its id any more.
    pub fn forget_photos(&self) {
        self.shared.world().photos.clear();
    }

    pub fn profile(&self) -> Profile {
        self.shared.world().profile.clone()
    }

    /// Waits until a poll is open, the first sign that a bot is there and has nothing to do.
    pub async fn wait_polling(&self) {
        self.wait("a poll", |world| (world.polling.open > 0).then_some(())).await;
    }

    /// Waits for the answer: to a message any message or edit, to a press its answerCallbackQuery.
    pub async fn wait_answered(&self, update: i64) {
        let done = |world: &World| world.update(update).filter(|u| answered(u)).map(|_| ());
        self.wait(&format!("an answer to update {update}"), done).await;
    }

    /// Waits until all of it is there: the press answered, and something shown for it. An edit to
    /// what was shown already counts.
    pub async fn wait_shown(&self, update: i64) {
        let shown = |u: &&Update| answered(u) && !u.replies.is_empty();
        let done = |world: &World| world.update(update).filter(shown).map(|_| ());
        self.wait(&format!("all of the answer to update {update}"), done).await;
    }

    /// Waits for a message of the bot that `wanted` accepts.
    pub async fn wait_for(&self, chat: i64, patience: Duration, wanted: impl Fn(&Message) -> bool) -> Message {
        let what = format!("a certain message in chat {chat}");
        let find = |world: &World| {
            let messages = world.chats.get(&chat)?.messages.values();
            messages.filter(|m| m.from_bot && !m.deleted).find(|m| wanted(m)).cloned()
        };
        match timeout(patience, self.until(find)).await {
            Ok(message) => message,
            Err(_) => self.give_up(&what),
        }
    }

    /// Waits for anything that can be seen on the fake itself.
    pub async fn wait_until(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let mut changes = self.shared.changes();
        let seen = async {
            while !done(self) {
                let _ = changes.changed().await;
            }
        };
        if timeout(PATIENCE, seen).await.is_err() {
            self.give_up(what)
        }
    }

    async fn wait<T>(&self, what: &str, find: impl Fn(&World) -> Option<T>) -> T {
        match timeout(PATIENCE, self.until(find)).await {
            Ok(found) => found,
            Err(_) => self.give_up(what),
        }
    }

    /// Looks again at every change until there is something.
    async fn until<T>(&self, find: impl Fn(&World) -> Option<T>) -> T {
        let mut changes = self.shared.changes();
        loop {
            if let Some(found) = find(&self.shared.world()) {
                return found;
            }
            // The sender lives as long as `self`.
            let _ = changes.changed().await;
        }
    }

    /// Fails the test with what there was instead.
    fn give_up(&self, what: &str) -> ! {
        let world = self.shared.world();
        let mut seen = format!("waited in vain for {what}; {} polls", world.polling.started);
        for refusal in world.refusals.iter().rev().take(5) {
            let _ = write!(seen, "\nrefused: {} {}", refusal.method, refusal.description);
        }
        for call in world.calls.iter().rev().take(10) {
            let _ = write!(seen, "\ncalled: {} {:?} {:?}", call.method, call.chat, call.outcome);
        }
        for &chat in world.chats.keys().take(5) {
            let _ = write!(seen, "\n{}", show(&world, chat));
        }
        drop(world);
        panic!("{seen}")
    }
}

/// Whether an update needs nothing more: a press wants its answerCallbackQuery, all else a reply.
fn answered(update: &Update) -> bool {
    match &update.press {
        Some(press) => press.answered.is_some(),
        None => !update.replies.is_empty(),
    }
}
