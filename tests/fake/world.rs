//! What the fake knows: who is there, what was said, what is waiting, what was called.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::call::{Call, Refusal, Refused};
use super::faults::Faults;
use super::keyboard::{Button, Markup};
use super::polling::Polling;
use super::text::Formatted;
use super::webhook::Webhook;

const FIRST_UPDATE: i64 = 700_000_001;

/// Everything, behind one lock.
pub struct World {
    born: Instant,
    pub bot: i64,
    pub chats: BTreeMap<i64, Chat>,
    pub updates: Vec<Update>,
    /// Ids of updates that the bot has not confirmed yet, by its offset or by its answer to a call.
    pub queue: VecDeque<i64>,
    pub presses: HashMap<String, i64>,
    pub calls: Vec<Call>,
    /// The number of the call that is carried out right now.
    pub current: usize,
    /// Numbers of calls that were carried out unknown to their callers, and may be repeated.
    pub lost: Vec<usize>,
    /// How many calls of a method there were for a chat: the fault of a call depends on it.
    pub counts: HashMap<(String, Option<i64>), usize>,
    pub refusals: Vec<Refusal>,
    pub faults: Faults,
    pub polling: Polling,
    pub webhook: Webhook,
    pub profile: Profile,
    /// Ids of pictures that were brought.
    pub photos: Vec<String>,
    /// Seconds by which Telegram's clock differs from ours.
    pub clock_off: i64,
}

/// What the bot tells about itself, by scope and language.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub commands: BTreeMap<String, Value>,
    pub names: BTreeMap<String, String>,
    pub descriptions: BTreeMap<String, String>,
    pub short_descriptions: BTreeMap<String, String>,
    pub webhook: String,
    /// Why the last update did not get there; empty: it did.
    pub webhook_error: String,
}

/// A chat with a person, or a group.
#[derive(Clone, Debug, Default)]
pub struct Chat {
    pub id: i64,
    /// `private`, `group` or `supergroup`.
    pub kind: &'static str,
    pub language: Option<String>,
    /// Nobody can be written to who has not written first.
    pub known: bool,
    pub blocked: bool,
    pub deactivated: bool,
    pub messages: BTreeMap<i64, Message>,
    /// The updates from this chat, oldest first.
    pub updates: Vec<i64>,
}

/// A message as it stands now.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub id: i64,
    pub from_bot: bool,
    pub text: String,
    /// Name and content of the file that it brought.
    pub document: Option<(String, String)>,
    /// The id of its picture; the text is what stands under it.
    pub photo: Option<String>,
    pub entities: Vec<Value>,
    pub keyboard: Vec<Vec<Button>>,
    pub edits: usize,
    pub deleted: bool,
    /// When it was sent, and when it last changed, in milliseconds since the fake began.
    pub sent: u64,
    pub changed: u64,
    pub(super) date: u64,
    pub(super) markup: Markup,
    /// Telegram refuses to edit or delete it.
    pub(super) frozen: bool,
    /// A press on it arrives without its text, as with very old messages.
    pub(super) faded: bool,
}

impl Message {
    pub(super) fn rewrite(&mut self, new: Formatted, markup: Markup, now: u64) {
        self.text = new.text;
        self.entities = new.entities;
        self.keyboard.clone_from(&markup.rows);
        self.markup = Markup { rows: markup.rows, other: None };
        self.edits += 1;
        self.changed = now;
    }

    pub fn labels(&self) -> Vec<&str> {
        self.buttons().map(|button| button.label.as_str()).collect()
    }

    pub fn button(&self, label: &str) -> Option<&Button> {
        self.buttons().find(|button| button.label == label)
    }

    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.keyboard.iter().flatten()
    }
}

/// An update, and what became of it.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: i64,
    pub json: Value,
    pub chat: Option<i64>,
    pub press: Option<Press>,
    /// When it was handed out, by getUpdates or by a call; more than once after a restart or by a fault.
    pub handed_out: Vec<u64>,
    pub replies: Vec<Reply>,
    /// Of a kind that the bot did not ask for: never handed out.
    pub unwanted: bool,
}

impl Update {
    /// Whether somebody waits for an answer. Nobody does who has blocked the bot; a group does that has let it in.
    pub fn wants_reply(&self) -> bool {
        let joined = &self.json["my_chat_member"]["chat"]["type"];
        let said = &self.json["message"]["chat"]["id"];
        self.press.is_some() || said.is_i64() || (joined.is_string() && joined != "private")
    }
}

/// The part of an update that is a callback query.
#[derive(Clone, Debug)]
pub struct Press {
    pub query: String,
    pub message: Option<i64>,
    /// When answerCallbackQuery came.
    pub answered: Option<u64>,
    pub expired: bool,
}

/// What a reader saw because of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    pub at: u64,
    pub message: i64,
    /// False for an edit to what was there already.
    pub visible: bool,
    pub sent: bool,
}

impl World {
    pub fn new(token: &str) -> Self {
        let bot = token.split(':').next().and_then(|id| id.parse().ok()).unwrap_or(1);
        Self {
            born: Instant::now(),
            bot,
            chats: BTreeMap::new(),
            updates: Vec::new(),
            queue: VecDeque::new(),
            presses: HashMap::new(),
            calls: Vec::new(),
            current: 0,
            lost: Vec::new(),
            counts: HashMap::new(),
            refusals: Vec::new(),
            faults: Faults::default(),
            polling: Polling::default(),
            webhook: Webhook::default(),
            profile: Profile::default(),
            photos: Vec::new(),
            clock_off: 0,
        }
    }

    /// Milliseconds since the fake began.
    pub fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The chat, made at first sight.
    pub fn chat(&mut self, id: i64, kind: &'static str) -> &mut Chat {
        self.chats.entry(id).or_insert_with(|| Chat { id, kind, ..Chat::default() })
    }

    pub fn update(&self, id: i64) -> Option<&Update> {
        self.updates.get(usize::try_from(id - FIRST_UPDATE).ok()?)
    }

    pub fn update_mut(&mut self, id: i64) -> Option<&mut Update> {
        self.updates.get_mut(usize::try_from(id - FIRST_UPDATE).ok()?)
    }

    /// Gives `json` the next `update_id` and puts it in the queue.
    pub fn push(&mut self, mut json: Value) -> i64 {
        let id = FIRST_UPDATE + i64::try_from(self.updates.len()).unwrap_or(i64::MAX / 2);
        json["update_id"] = id.into();
        let query = &json["callback_query"];
        let press = query["id"].as_str().map(|query_id| Press {
            query: query_id.to_owned(),
            message: query["message"]["message_id"].as_i64(),
            answered: None,
            expired: false,
        });
        let kinds = ["message", "edited_message", "my_chat_member", "channel_post"];
        let chat = kinds.iter().find_map(|kind| json[*kind]["chat"]["id"].as_i64());
        let chat = chat.or_else(|| query["message"]["chat"]["id"].as_i64());
        if let Some(press) = &press {
            self.presses.insert(press.query.clone(), id);
        }
        if let Some(chat) = chat.and_then(|chat| self.chats.get_mut(&chat)) {
            chat.updates.push(id);
        }
        let unwanted = !self.polling.wants(&json);
        if !unwanted {
            self.queue.push_back(id);
        }
        let (handed_out, replies) = (Vec::new(), Vec::new());
        self.updates.push(Update { id, json, chat, press, handed_out, replies, unwanted });
        id
    }

    /// The chat that a call is for, if the bot may write to it.
    pub fn writable(&mut self, id: Option<i64>) -> Result<&mut Chat, Refused> {
        let chat = id.and_then(|id| self.chats.get_mut(&id)).filter(|chat| chat.known);
        let chat = chat.ok_or_else(|| Refused::bad("chat not found"))?;
        if chat.deactivated {
            return Err(Refused::forbidden("user is deactivated"));
        }
        match (chat.blocked, chat.kind) {
            (false, _) => Ok(chat),
            (true, "private") => Err(Refused::forbidden("bot was blocked by the user")),
            (true, kind) => Err(Refused::forbidden(&format!("bot was kicked from the {kind} chat"))),
        }
    }

    /// Puts down which update a reply belongs to. The repetition of a call whose answer never arrived belongs where that one did. An
    /// edit belongs to the oldest press on its message, a new message to the oldest update of the chat, of those handed out and not
    /// replied to. Where there is none the reply is one too many, and goes to the last that was replied to. That is exact as long as
    /// a person waits for the answer before they go on.
    pub fn replied(&mut self, chat: i64, message: i64, sent: bool, visible: bool) {
        let repeated = self.repeated();
        let Some(updates) = self.chats.get(&chat).map(|chat| &chat.updates) else { return };
        let fits = |update: &Update| {
            let on_it = |press: &Press| press.message == Some(message);
            sent || update.press.as_ref().is_some_and(on_it)
        };
        let known = |id: &i64| self.update(*id).filter(|u| !u.handed_out.is_empty() && u.wants_reply());
        let handed_out: Vec<&Update> = updates.iter().filter_map(known).collect();
        let open = handed_out.iter().find(|u| u.replies.is_empty() && fits(u));
        let last = || handed_out.iter().rev().find(|u| !u.replies.is_empty());
        let owner = repeated.or_else(|| open.or_else(last).map(|update| update.id));
        let reply = Reply { at: self.now(), message, visible, sent };
        let current = self.current;
        if let Some(call) = self.calls.get_mut(current) {
            call.update = owner;
        }
        if let Some(update) = owner.and_then(|id| self.update_mut(id)) {
            update.replies.push(reply);
        }
    }

    /// The update of the call that this one repeats word for word, because its answer never arrived.
    fn repeated(&mut self) -> Option<i64> {
        let call = self.calls.get(self.current)?;
        let same = |number: &usize| {
            let lost = self.calls.get(*number);
            lost.is_some_and(|l| (l.chat, &l.method, &l.params) == (call.chat, &call.method, &call.params))
        };
        let place = self.lost.iter().position(same)?;
        let lost = self.lost.remove(place);
        self.calls.get(lost)?.update
    }

    /// A message as Telegram writes it.
    pub fn message_json(&self, chat: &Chat, message: &Message) -> Value {
        let from = if message.from_bot { self.bot_json() } else { chat.user_json() };
        let mut json = json!({
            "message_id": message.id,
            "date": message.date,
            "chat": chat.json(),
            "from": from,
            "text": message.text,
        });
        if let Some(photo) = &message.photo {
            let sizes =
                [90, 960].map(|width| json!({"file_id": photo, "file_unique_id": photo, "width": width, "height": width}));
            json["photo"] = json!(sizes);
            json["caption"] = json["text"].take();
        }
        if let Some((name, _)) = &message.document {
            json["document"] = json!({"file_id": format!("file-{}", message.id), "file_name": name});
        }
        if !message.entities.is_empty() {
            json["entities"] = message.entities.clone().into();
        }
        if let Some(markup) = message.markup.inline() {
            json["reply_markup"] = markup;
        }
        if message.edits > 0 {
            json["edit_date"] = unix_time().into();
        }
        json
    }

    pub fn bot_json(&self) -> Value {
        json!({
            "id": self.bot,
            "is_bot": true,
            "first_name": "Backcare",
            "username": "backcare_test_bot",
        })
    }
}

impl Chat {
    /// A new message at the end of the chat.
    pub fn add(&mut self, from_bot: bool, formatted: Formatted, markup: Markup, now: u64) -> i64 {
        let id = self.messages.last_key_value().map_or(1, |(id, _)| id + 1);
        let message = Message {
            id,
            from_bot,
            text: formatted.text,
            entities: formatted.entities,
            keyboard: markup.rows.clone(),
            markup,
            sent: now,
            changed: now,
            date: unix_time(),
            ..Message::default()
        };
        self.messages.insert(id, message);
        id
    }

    pub fn json(&self) -> Value {
        match self.kind {
            "private" => json!({
                "id": self.id,
                "type": "private",
                "first_name": format!("Person {}", self.id),
            }),
            kind => json!({"id": self.id, "type": kind, "title": format!("Group {}", self.id)}),
        }
    }

    /// The person of a private chat.
    pub fn user_json(&self) -> Value {
        let first_name = format!("Person {}", self.id);
        let mut user = json!({"id": self.id, "is_bot": false, "first_name": first_name});
        if let Some(language) = &self.language {
            user["language_code"] = language.as_str().into();
        }
        user
    }
}

pub fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
