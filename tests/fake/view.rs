//! What a test sees of a chat.

use std::fmt::Write as _;

use super::Fake;
use super::world::{Message, World};

/// The chat as a reader sees it, for the message of a failed test.
pub(super) fn show(world: &World, chat: i64) -> String {
    let mut seen = format!("chat {chat}:\n");
    let messages = world.chats.get(&chat).into_iter().flat_map(|chat| chat.messages.values());
    for message in messages.filter(|message| !message.deleted) {
        let who = if message.from_bot { "bot" } else { "reader" };
        let _ = writeln!(seen, "  {} {who}: {}", message.id, message.text.replace('\n', "\n    "));
        if message.from_bot {
            let _ = writeln!(seen, "    {:?}", message.labels());
        }
    }
    seen
}

/// One chat, as it stands at each question.
pub struct ChatView<'a> {
    pub(super) fake: &'a Fake,
    pub id: i64,
}

impl ChatView<'_> {
    /// The bot's messages, oldest first, deleted ones included.
    pub fn messages(&self) -> Vec<Message> {
        let world = self.fake.shared.world();
        let messages = world.chats.get(&self.id).into_iter().flat_map(|c| c.messages.values());
        messages.filter(|message| message.from_bot).cloned().collect()
    }

    /// The files that the bot sent, oldest first: name and content.
    pub fn files(&self) -> Vec<(String, String)> {
        self.messages().into_iter().filter_map(|message| message.document).collect()
    }

    /// The bot's newest message, files aside.
    pub fn last(&self) -> Message {
        let newest = self.messages().into_iter().rfind(|message| !message.deleted && message.document.is_none());
        newest.unwrap_or_else(|| panic!("the bot has said nothing in chat {}", self.id))
    }

    pub fn message(&self, id: i64) -> Message {
        let found = self.messages().into_iter().find(|message| message.id == id);
        found.unwrap_or_else(|| panic!("the bot has no message {id} in chat {}", self.id))
    }

    /// From now on Telegram refuses to edit or delete this message.
    pub fn freeze(&self, message: i64) {
        self.change(message, |message| message.frozen = true);
    }

    /// So old that Telegram has forgotten it: it can't be edited, and a press on it arrives
    /// without its text.
    pub fn fade(&self, message: i64) {
        self.change(message, |message| (message.frozen, message.faded) = (true, true));
    }

    fn change(&self, message: i64, change: impl FnOnce(&mut Message)) {
        let mut world = self.fake.shared.world();
        let chat = world.chats.get_mut(&self.id);
        if let Some(message) = chat.and_then(|chat| chat.messages.get_mut(&message)) {
            change(message);
        }
    }

    /// The chat in words, for the message of an assertion.
    pub fn show(&self) -> String {
        show(&self.fake.shared.world(), self.id)
    }
}
