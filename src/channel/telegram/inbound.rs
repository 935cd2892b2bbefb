//! What comes in: the few fields of an update that the bot reads.
//!
//! Own types, because teloxide drops the text of a message that holds an entity it does not know, and because these are also what lies
//! sealed in the inbox: the less of an update is kept, the better. Anything unknown is passed over, never refused.

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::dialogue::{Event, Input, Located};
use crate::places;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Update {
    #[serde(rename = "update_id")]
    pub id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_query: Option<Query>,
    #[serde(skip_serializing_if = "Option::is_none")]
    my_chat_member: Option<Membership>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Message {
    #[serde(rename = "message_id")]
    id: i64,
    chat: Chat,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    /// Telegram's own notes in a chat; nobody said them, so nobody waits for an answer.
    #[serde(flatten)]
    note: Note,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Location {
    latitude: f64,
    longitude: f64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Note {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pinned_message: Option<Present>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message_auto_delete_timer_changed: Option<Present>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chat_background_set: Option<Present>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boost_added: Option<Present>,
}

/// A field of which only its presence counts.
#[derive(Debug, Clone, Copy)]
struct Present;

impl Serialize for Present {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bool(true)
    }
}

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(from).map(|_| Present)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type", default)]
    kind: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Person {
    id: i64,
    /// As IETF writes them, `pt-br`: the language of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language_code: Option<String>,
}

impl Person {
    /// The two letters of the language.
    fn language(&self) -> Option<String> {
        let code = self.language_code.as_deref()?.get(..2)?.to_ascii_lowercase();
        Some(code)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Query {
    id: String,
    from: Person,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Pressed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Pressed {
    message_id: i64,
    chat: Chat,
    /// It shows a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    photo: Option<Present>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Membership {
    chat: Chat,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_chat_member: Option<Member>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Member {
    #[serde(default)]
    status: String,
}

/// An update as the bot takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub chat: i64,
    pub input: Input,
    /// The press to answer.
    pub query: Option<String>,
    /// The message to edit in place.
    pub message: Option<i64>,
    /// Whether that message shows a picture.
    pub photo: bool,
    /// Two letters for the language of the reader's app.
    pub language: Option<String>,
}

impl Update {
    /// Reads the reply to `getUpdates`. An update that cannot be read is passed over alone: `None`, and its id if it has one.
    ///
    /// # Errors
    /// A reply that is no list of updates.
    pub fn read_all(reply: &[u8]) -> Result<Vec<Result<Update, Option<i64>>>, serde_json::Error> {
        #[derive(Deserialize)]
        struct Reply<T> {
            result: Vec<T>,
        }
        #[derive(Deserialize)]
        struct Bare {
            update_id: i64,
        }
        if let Ok(reply) = serde_json::from_slice::<Reply<Update>>(reply) {
            return Ok(reply.result.into_iter().map(Ok).collect());
        }
        let reply: Reply<Box<RawValue>> = serde_json::from_slice(reply)?;
        let one = |raw: &RawValue| {
            let bare = |()| serde_json::from_str::<Bare>(raw.get()).ok().map(|bare| bare.update_id);
            Update::from_bytes(raw.get().as_bytes()).ok_or(()).map_err(bare)
        };
        Ok(reply.result.iter().map(|raw| one(raw)).collect())
    }

    /// For the inbox: only what [`Update::heard`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Strings, numbers and options of them always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// One update as Telegram or the inbox has it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Update> {
        serde_json::from_slice(bytes).ok()
    }

    /// How many bytes it holds on to, as near as matters: what people wrote is all that can be long.
    pub fn weight(&self) -> usize {
        let message = self.message.as_ref();
        let texts = message.into_iter().flat_map(|message| [&message.text, &message.caption]);
        let query = self.callback_query.as_ref();
        let pressed = query.into_iter().flat_map(|query| [Some(&query.id), query.data.as_ref()]).flatten();
        let long: usize = texts.flatten().chain(pressed).map(String::len).sum();
        size_of::<Update>() + long
    }

    /// The press to answer.
    pub fn query(&self) -> Option<&str> {
        self.callback_query.as_ref().map(|query| query.id.as_str())
    }

    /// The chat whose order this update belongs to: the one in which [`Update::heard`] hears it.
    pub fn chat(&self) -> i64 {
        let query = self.callback_query.as_ref().map(Query::chat);
        let message = || self.message.as_ref().map(|message| message.chat.id);
        let member = || self.my_chat_member.as_ref().map(|member| member.chat.id);
        query.or_else(message).or_else(member).unwrap_or(0)
    }

    /// The latitude and longitude that were sent, for as long as it takes to look up what is near.
    pub fn place(&self) -> Option<(f64, f64)> {
        self.message.as_ref().and_then(Message::place)
    }

    /// What the core is told; `None` where nobody waits for an answer.
    pub fn heard(&self, at: Timestamp) -> Option<Heard> {
        if let Some(query) = &self.callback_query {
            let event = Event::Pressed(query.data.clone().unwrap_or_default());
            let message = query.message.as_ref().map(|message| message.message_id);
            let private = query.message.as_ref().is_none_or(|message| message.chat.is_private());
            let event = if private { event } else { Event::InGroup };
            let photo = query.message.as_ref().is_some_and(|message| message.photo.is_some());
            return Some(Heard {
                chat: query.chat(),
                input: Input { at, event },
                query: Some(query.id.clone()),
                message,
                photo,
                language: query.from.language(),
            });
        }
        if let Some(message) = &self.message {
            let event = message.event()?;
            let language = message.from.as_ref().and_then(Person::language);
            return Some(Heard { language, ..Heard::unasked(message.chat.id, Input { at, event }) });
        }
        let member = self.my_chat_member.as_ref()?;
        if member.chat.is_private() {
            let blocked = member.new_chat_member.as_ref().is_some_and(|member| member.status == "kicked");
            let input = Input { at, event: Event::Blocked };
            return blocked.then(|| Heard::unasked(member.chat.id, input));
        }
        let joined =
            member.new_chat_member.as_ref().is_some_and(|member| matches!(&*member.status, "member" | "administrator"));
        let event = (joined && !member.chat.is_private() && member.chat.kind != "channel").then_some(Event::InGroup)?;
        Some(Heard::unasked(member.chat.id, Input { at, event }))
    }
}

impl Heard {
    /// What is no press.
    fn unasked(chat: i64, input: Input) -> Heard {
        Heard { chat, input, query: None, message: None, photo: false, language: None }
    }
}

impl Message {
    fn place(&self) -> Option<(f64, f64)> {
        self.location.as_ref().map(|Location { latitude, longitude }| (*latitude, *longitude))
    }

    fn event(&self) -> Option<Event> {
        if !self.chat.is_private() {
            return Some(Event::InGroup);
        }
        if let Some(words) = self.text.as_ref().or(self.caption.as_ref()) {
            let message = u32::try_from(self.id).unwrap_or(0);
            return Some(Event::Said { words: words.clone(), message });
        }
        // What is near it is looked up once it is this chat's turn.
        if let Some((latitude, longitude)) = self.place() {
            return Some(Event::Located(Located { zone: places::zone_at(latitude, longitude), nearest: Vec::new() }));
        }
        let note = &self.note;
        let notes = [note.pinned_message, note.message_auto_delete_timer_changed, note.chat_background_set, note.boost_added];
        notes.iter().all(Option::is_none).then_some(Event::Unreadable)
    }
}

impl Query {
    fn chat(&self) -> i64 {
        self.message.as_ref().map_or(self.from.id, |message| message.chat.id)
    }
}

impl Chat {
    /// Old clients of the API leave the kind out; people have positive ids.
    fn is_private(&self) -> bool {
        self.kind == "private" || (self.kind.is_empty() && self.id > 0)
    }
}
