//! The methods of the Bot API, but for getUpdates: what each does and what it refuses.

use serde_json::{Value, json};

use super::call::{Params, Refused};
use super::keyboard::{self, Markup};
use super::photos;
use super::text::{self, Formatted, units};
use super::webhook;
use super::world::{Message, World, unix_time};

type Method = fn(&mut World, &Params) -> Result<Value, Refused>;

const METHODS: &[(&str, Method)] = &[
    ("getMe", get_me),
    ("getWebhookInfo", get_webhook_info),
    ("setWebhook", webhook::set),
    ("deleteWebhook", delete_webhook),
    ("sendMessage", send_message),
    ("sendDocument", send_document),
    ("sendPhoto", photos::send_photo),
    ("editMessageMedia", photos::edit_message_media),
    ("editMessageCaption", edit_message_caption),
    ("sendChatAction", send_chat_action),
    ("editMessageText", edit_message_text),
    ("editMessageReplyMarkup", edit_message_reply_markup),
    ("deleteMessage", delete_message),
    ("answerCallbackQuery", answer_callback_query),
    ("setMyCommands", set_my_commands),
    ("getMyCommands", get_my_commands),
    ("setMyName", set_my_name),
    ("setMyDescription", set_my_description),
    ("setMyShortDescription", set_my_short_description),
    ("leaveChat", leave_chat),
];

const OLD_QUERY: &str = "query is too old and response timeout expired or query ID is invalid";
pub(super) const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup \
    are exactly the same as a current content and reply markup of the message";

/// A method's name as the documentation spells it; callers may use any case.
pub fn spelled(method: &str) -> &str {
    if method.eq_ignore_ascii_case("getUpdates") {
        return "getUpdates";
    }
    let known = METHODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(method));
    known.map_or(method, |(name, _)| name)
}

pub fn carry_out(world: &mut World, method: &str, params: &Params) -> Result<Value, Refused> {
    let known = METHODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(method));
    let (name, method) = known.ok_or_else(|| Refused::new(404, "Not Found"))?;
    let result = method(world, params);
    // Nobody will see the answer, and the update has had it nevertheless.
    let in_vain = result.as_ref().is_err_and(|refused| refused.code == 403);
    if let Some(chat) = params.int("chat_id").filter(|_| in_vain && *name != "sendChatAction") {
        let edited = params.int("message_id");
        world.replied(chat, edited.unwrap_or(0), edited.is_none(), false);
    }
    result
}

fn get_me(world: &mut World, _: &Params) -> Result<Value, Refused> {
    let mut me = world.bot_json();
    let abilities = [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
        ("has_topics_enabled", false),
        ("allows_users_to_create_topics", false),
    ];
    for (ability, has) in abilities {
        me[ability] = has.into();
    }
    Ok(me)
}

fn get_webhook_info(world: &mut World, _: &Params) -> Result<Value, Refused> {
    let mut info = json!({
        "url": world.profile.webhook,
        "has_custom_certificate": false,
        "pending_update_count": world.queue.len(),
    });
    if !world.profile.webhook_error.is_empty() {
        info["last_error_message"] = world.profile.webhook_error.as_str().into();
        info["last_error_date"] = unix_time().into();
    }
    Ok(info)
}

fn delete_webhook(world: &mut World, params: &Params) -> Result<Value, Refused> {
    world.profile.webhook.clear();
    if params.flag("drop_pending_updates") {
        world.queue.clear();
    }
    Ok(true.into())
}

pub(super) fn chat_id(params: &Params) -> Result<Option<i64>, Refused> {
    if params.text("chat_id").unwrap_or_default().is_empty() {
        return Err(Refused::bad("chat_id is empty"));
    }
    Ok(params.int("chat_id"))
}

fn send_message(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let formatted = text::read(params)?;
    let chat_id = chat_id(params)?;
    let markup = keyboard::read(params)?;
    let now = world.now();
    let chat = world.writable(chat_id)?;
    if let Some(reply) = params.json("reply_parameters") {
        let Some(original) = reply["message_id"].as_i64() else {
            return Err(Refused::bad("can't find field \"message_id\""));
        };
        let found = chat.messages.get(&original).is_some_and(|message| !message.deleted);
        if !found && reply["allow_sending_without_reply"] != true {
            return Err(Refused::bad("message to be replied not found"));
        }
    }
    let (chat_id, id) = (chat.id, chat.add(true, formatted, markup, now));
    world.replied(chat_id, id, true, true);
    Ok(written(world, chat_id, id))
}

/// Beside the page that announces it: the page is the answer to the update.
fn send_document(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let chat_id = chat_id(params)?;
    let document = params.json("document").unwrap_or_default();
    let (Some(name), Some(content)) = (document["file_name"].as_str(), document["content"].as_str()) else {
        return Err(Refused::bad("there is no document in the request"));
    };
    if content.is_empty() {
        return Err(Refused::bad("file must be non-empty"));
    }
    let document = (name.to_owned(), content.to_owned());
    let now = world.now();
    let chat = world.writable(chat_id)?;
    let (chat_id, id) = (chat.id, chat.add(true, Formatted::default(), Markup::default(), now));
    if let Some(message) = chat.messages.get_mut(&id) {
        message.document = Some(document);
    }
    Ok(written(world, chat_id, id))
}

fn send_chat_action(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let chat_id = chat_id(params)?;
    world.writable(chat_id)?;
    if params.text("action").unwrap_or_default().is_empty() {
        return Err(Refused::bad("wrong parameter action in request"));
    }
    Ok(true.into())
}

/// A message in a chat, as the answer to a call.
pub(super) fn written(world: &World, chat: i64, message: i64) -> Value {
    let chat = world.chats.get(&chat);
    let message = chat.and_then(|chat| chat.messages.get(&message).map(|m| (chat, m)));
    message.map_or(Value::Null, |(chat, message)| world.message_json(chat, message))
}

fn edit_message_text(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let formatted = text::read(params)?;
    edit(world, params, Some(formatted), false)
}

fn edit_message_caption(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let formatted = photos::caption(params)?;
    edit(world, params, Some(formatted), true)
}

fn edit_message_reply_markup(world: &mut World, params: &Params) -> Result<Value, Refused> {
    edit(world, params, None, false)
}

fn edit(world: &mut World, params: &Params, new: Option<Formatted>, caption: bool) -> Result<Value, Refused> {
    let chat_id = chat_id(params)?;
    let markup = keyboard::read_for_edit(params)?;
    let now = world.now();
    let chat = world.writable(chat_id)?;
    let chat_id = chat.id;
    let message = message(&mut chat.messages, params, "edit")?;
    let id = message.id;
    if message.frozen || !message.from_bot {
        return Err(Refused::bad("message can't be edited"));
    }
    if message.photo.is_some() != caption && new.is_some() {
        let missing = if caption { "caption" } else { "text" };
        return Err(Refused::bad(format!("there is no {missing} in the message to edit")));
    }
    let new = new.unwrap_or_else(|| Formatted { text: message.text.clone(), entities: message.entities.clone() });
    let same_text = message.text == new.text && message.entities == new.entities;
    if same_text && message.markup.rows == markup.rows {
        world.replied(chat_id, id, false, false);
        return Err(Refused::bad(NOT_MODIFIED));
    }
    message.rewrite(new, markup, now);
    world.replied(chat_id, id, false, true);
    Ok(written(world, chat_id, id))
}

pub(super) fn message<'a>(
    messages: &'a mut std::collections::BTreeMap<i64, Message>,
    params: &Params,
    purpose: &str,
) -> Result<&'a mut Message, Refused> {
    let Some(id) = params.int("message_id") else {
        return Err(Refused::bad("message identifier is not specified"));
    };
    let found = messages.get_mut(&id).filter(|message| !message.deleted);
    found.ok_or_else(|| Refused::bad(format!("message to {purpose} not found")))
}

fn delete_message(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let chat_id = chat_id(params)?;
    let now = world.now();
    let chat = world.writable(chat_id)?;
    let others_allowed = chat.kind == "private";
    let message = message(&mut chat.messages, params, "delete")?;
    if message.frozen || !(message.from_bot || others_allowed) {
        return Err(Refused::bad("message can't be deleted"));
    }
    message.deleted = true;
    message.changed = now;
    Ok(true.into())
}

fn answer_callback_query(world: &mut World, params: &Params) -> Result<Value, Refused> {
    if params.text("text").is_some_and(|text| units(&text) > 200) {
        return Err(Refused::bad("MESSAGE_TOO_LONG"));
    }
    let now = world.now();
    let query = params.text("callback_query_id").unwrap_or_default();
    let update = world.presses.get(&query).copied();
    let press = update.and_then(|id| world.update_mut(id)).and_then(|u| u.press.as_mut());
    match press {
        Some(press) if press.answered.is_none() && !press.expired => {
            press.answered = Some(now);
            Ok(true.into())
        }
        _ => Err(Refused::bad(OLD_QUERY)),
    }
}

/// Where a text about the bot applies: the scope and the language that the call names.
fn place(params: &Params) -> Result<String, Refused> {
    let language = params.text("language_code").unwrap_or_default();
    let two_letters = language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
    if !language.is_empty() && !two_letters {
        return Err(Refused::bad("LANG_CODE_INVALID"));
    }
    let scope = params.json("scope").and_then(|scope| scope["type"].as_str().map(str::to_owned));
    let scope = scope.unwrap_or_else(|| "default".to_owned());
    Ok(if language.is_empty() { scope } else { format!("{scope}/{language}") })
}

fn set_my_commands(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let commands = params.json("commands").unwrap_or_default();
    let Some(list) = commands.as_array() else {
        return Err(Refused::bad("can't parse commands: expected an Array of BotCommand"));
    };
    if list.len() > 100 {
        return Err(Refused::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in list {
        let name = command["command"].as_str().unwrap_or_default();
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !(1..=32).contains(&name.len()) || !name.bytes().all(letters) {
            return Err(Refused::bad("BOT_COMMAND_INVALID"));
        }
        let description = command["description"].as_str().unwrap_or_default();
        if !(1..=256).contains(&units(description)) {
            return Err(Refused::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    world.profile.commands.insert(place(params)?, commands);
    Ok(true.into())
}

fn get_my_commands(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let commands = world.profile.commands.get(&place(params)?);
    Ok(commands.cloned().unwrap_or_else(|| json!([])))
}

fn own_text(params: &Params, field: &str, longest: usize) -> Result<String, Refused> {
    let text = params.text(field).unwrap_or_default();
    if units(&text) > longest {
        return Err(Refused::bad(format!("{} is too long", field.replace('_', " "))));
    }
    Ok(text)
}

fn set_my_name(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let name = own_text(params, "name", 64)?;
    world.profile.names.insert(place(params)?, name);
    Ok(true.into())
}

fn set_my_description(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let description = own_text(params, "description", 512)?;
    world.profile.descriptions.insert(place(params)?, description);
    Ok(true.into())
}

fn set_my_short_description(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let description = own_text(params, "short_description", 120)?;
    world.profile.short_descriptions.insert(place(params)?, description);
    Ok(true.into())
}

fn leave_chat(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let chat_id = chat_id(params)?;
    let chat = world.writable(chat_id)?;
    if chat.kind == "private" {
        return Err(Refused::bad("chat member status can't be changed in private chats"));
    }
    chat.blocked = true;
    Ok(true.into())
}
