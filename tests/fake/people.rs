//! The people on the other side: they write, press, block, and add bots to groups.
//!
//! Each of these puts an update in the bot's queue and answers with its id. They panic where a
//! person could not do it either, such as pressing a button that is not there: that is a failed test.

use std::sync::Arc;

use serde_json::{Value, json};

use super::keyboard::Markup;
use super::text::Formatted;
use super::world::{Chat, World, unix_time};
use super::{Shared, show};

/// Somebody with a private chat with the bot.
#[derive(Clone)]
pub struct Person {
    pub(super) shared: Arc<Shared>,
    pub id: i64,
}

impl Person {
    /// Sets the language of their app, such as `en` or `pt-br`.
    #[must_use]
    pub fn language(self, code: &str) -> Self {
        self.chat(|chat| chat.language = Some(code.to_owned()));
        self
    }

    /// Has written before this fake began, so that the bot may write first.
    #[must_use]
    pub fn met(self) -> Self {
        self.chat(|chat| chat.known = true);
        self
    }

    /// Writes a text.
    pub fn say(&self, text: &str) -> i64 {
        self.send_other(text_fields(text))
    }

    /// Sends any message: the fields come on top of who, where and when. See [`voice`] and others.
    pub fn send_other(&self, fields: Value) -> i64 {
        let update = self.shared.world().message(self.id, self.id, fields);
        self.shared.changed();
        update
    }

    /// Presses a button on the newest of the bot's messages that has it.
    pub fn press(&self, label: &str) -> i64 {
        let with_button = {
            let world = self.shared.world();
            let messages = world.chats.get(&self.id).into_iter().flat_map(|c| c.messages.values());
            let mut live = messages.filter(|message| !message.deleted).rev();
            live.find(|message| message.button(label).is_some()).map(|message| message.id)
        };
        match with_button {
            Some(message) => self.press_on(message, label),
            None => panic!("no button \"{label}\" in chat {}:\n{}", self.id, self.screen()),
        }
    }

    /// Presses a button on a certain message.
    pub fn press_on(&self, message: i64, label: &str) -> i64 {
        let data = {
            let world = self.shared.world();
            let shown = world.chats.get(&self.id).and_then(|chat| chat.messages.get(&message));
            let button = shown.filter(|m| !m.deleted).and_then(|m| m.button(label));
            button.and_then(|button| button.data.clone())
        };
        match data {
            Some(data) => self.press_data(message, &data),
            None => panic!("nothing to press as \"{label}\" on {message}:\n{}", self.screen()),
        }
    }

    /// Presses whatever `data` says, whether a button shows it or not: an old button or a forged one.
    pub fn press_data(&self, message: i64, data: &str) -> i64 {
        let update = self.shared.world().press(self.id, message, data);
        self.shared.changed();
        update
    }

    /// Blocks the bot.
    pub fn block(&self) -> i64 {
        self.member("kicked", true)
    }

    pub fn unblock(&self) -> i64 {
        self.member("member", false)
    }

    fn member(&self, status: &str, blocked: bool) -> i64 {
        self.chat(|chat| chat.blocked = blocked);
        let update = self.shared.world().member(self.id, self.id, status);
        self.shared.changed();
        update
    }

    /// Deletes their account; Telegram tells the bot nothing.
    pub fn deactivate(&self) {
        self.chat(|chat| chat.deactivated = true);
    }

    fn chat(&self, change: impl FnOnce(&mut Chat)) {
        change(self.shared.world().chat(self.id, "private"));
        self.shared.changed();
    }

    fn screen(&self) -> String {
        show(&self.shared.world(), self.id)
    }
}

/// A group or a supergroup.
#[derive(Clone)]
pub struct Group {
    pub(super) shared: Arc<Shared>,
    pub id: i64,
}

impl Group {
    /// A member writes something that the bot can see: a command, a mention, a reply to it.
    pub fn say(&self, person: i64, text: &str) -> i64 {
        let update = self.shared.world().message(self.id, person, text_fields(text));
        self.shared.changed();
        update
    }

    pub fn add_bot(&self, by: i64) -> i64 {
        self.member(by, "member", false)
    }

    pub fn remove_bot(&self, by: i64) -> i64 {
        self.member(by, "kicked", true)
    }

    fn member(&self, by: i64, status: &str, blocked: bool) -> i64 {
        let mut world = self.shared.world();
        if let Some(chat) = world.chats.get_mut(&self.id) {
            chat.known = true;
            chat.blocked = blocked;
        }
        let update = world.member(self.id, by, status);
        drop(world);
        self.shared.changed();
        update
    }
}

/// A text with the entity that makes its first word a command.
fn text_fields(text: &str) -> Value {
    let mut fields = json!({"text": text});
    if text.starts_with('/') {
        let command = text.split_whitespace().next().unwrap_or(text);
        let length = command.encode_utf16().count();
        fields["entities"] = json!([{"type": "bot_command", "offset": 0, "length": length}]);
    }
    fields
}

/// A voice message, for [`Person::send_other`].
pub fn voice() -> Value {
    let voice = json!({"file_id": "AwACAg", "file_unique_id": "AgADv", "duration": 3});
    json!({"voice": voice})
}

/// A photo, with a caption unless it is empty.
pub fn photo(caption: &str) -> Value {
    let size = json!({"file_id": "AgACAg", "file_unique_id": "AQADp", "width": 90, "height": 90});
    let mut fields = json!({"photo": [size]});
    if !caption.is_empty() {
        fields["caption"] = caption.into();
    }
    fields
}

pub fn sticker() -> Value {
    json!({"sticker": {
        "file_id": "CAACAg", "file_unique_id": "AgADs", "type": "regular", "width": 512,
        "height": 512, "is_animated": false, "is_video": false, "emoji": "👍",
    }})
}

pub fn location(latitude: f64, longitude: f64) -> Value {
    json!({"location": {"latitude": latitude, "longitude": longitude}})
}

impl World {
    /// A message by a person, in their own chat or in a group.
    fn message(&mut self, chat: i64, from: i64, fields: Value) -> i64 {
        let user = self.chat(from, "private").user_json();
        let now = self.now();
        let chat = self.chat(chat, "private");
        chat.known = true;
        let text = fields["text"].as_str().or(fields["caption"].as_str()).unwrap_or_default();
        let formatted = Formatted { text: text.to_owned(), entities: Vec::new() };
        let id = chat.add(false, formatted, Markup::default(), now);
        let mut message = json!({"message_id": id, "date": unix_time(), "chat": chat.json(), "from": user});
        for (field, value) in fields.as_object().into_iter().flatten() {
            message[field] = value.clone();
        }
        self.push(json!({"message": message}))
    }

    fn press(&mut self, person: i64, message: i64, data: &str) -> i64 {
        let chat = self.chat(person, "private").clone();
        let pressed = match chat.messages.get(&message) {
            Some(message) if !message.faded => self.message_json(&chat, message),
            // Telegram has forgotten it, or it never was.
            _ => json!({"message_id": message, "chat": chat.json(), "date": 0}),
        };
        let query = format!("{}", 3_000_000_000_000_000 + self.presses.len());
        self.push(json!({"callback_query": {
            "id": query,
            "from": chat.user_json(),
            "message": pressed,
            "chat_instance": format!("{}", 40_000 + person),
            "data": data,
        }}))
    }

    /// Tells the bot what it is now in a chat.
    fn member(&mut self, chat: i64, by: i64, status: &str) -> i64 {
        let from = self.chat(by, "private").user_json();
        let bot = self.bot_json();
        let chat = self.chat(chat, "private").json();
        let before = if status == "kicked" { "member" } else { "left" };
        let state = |status: &str| match status {
            "kicked" => json!({"user": bot, "status": "kicked", "until_date": 0}),
            status => json!({"user": bot, "status": status}),
        };
        self.push(json!({"my_chat_member": {
            "chat": chat,
            "from": from,
            "date": unix_time(),
            "old_chat_member": state(before),
            "new_chat_member": state(status),
        }}))
    }
}
