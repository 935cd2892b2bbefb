//! Pictures: brought once as a file, known by an id from then on. A text may become a picture; a picture never becomes text again.

use serde_json::{Map, Value};

use super::call::{Params, Refused};
use super::methods::{self, NOT_MODIFIED, chat_id, written};
use super::text::{self, Formatted};
use super::world::World;
use super::{keyboard, text::units};

const LONGEST_CAPTION: usize = 1024;
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The words under a picture: as those of a text, but they may be left out, and are fewer.
pub fn caption(fields: &Params) -> Result<Formatted, Refused> {
    let renamed = [("caption", "text"), ("caption_entities", "entities"), ("parse_mode", "parse_mode")];
    let fields: Map<String, Value> =
        renamed.into_iter().filter_map(|(from, to)| Some((to.to_owned(), fields.0.get(from)?.clone()))).collect();
    if !fields.contains_key("text") {
        return Ok(Formatted::default());
    }
    let read = text::read(&Params(fields))?;
    if units(&read.text) > LONGEST_CAPTION {
        return Err(Refused::bad("message caption is too long"));
    }
    Ok(read)
}

/// The id of a picture that a call names, or that of the file it brings.
fn photo(world: &mut World, named: &str, params: &Params) -> Result<String, Refused> {
    let Some(attached) = named.strip_prefix("attach://") else {
        let known = world.photos.iter().any(|photo| photo == named);
        return if known { Ok(named.to_owned()) } else { Err(Refused::bad("wrong file identifier/HTTP URL specified")) };
    };
    let file = params.json(attached).unwrap_or_default();
    let content = file["content"].as_str().unwrap_or_default();
    if content.is_empty() || content.len() > MOST_BYTES {
        return Err(Refused::bad("there is no photo in the request"));
    }
    if !content.contains("PNG") && !content.contains("JFIF") {
        return Err(Refused::bad("IMAGE_PROCESS_FAILED"));
    }
    let id = format!("photo-{}-{}", world.photos.len() + 1, file["file_name"].as_str().unwrap_or_default());
    world.photos.push(id.clone());
    Ok(id)
}

pub fn send_photo(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let formatted = caption(params)?;
    let chat = chat_id(params)?;
    let markup = keyboard::read(params)?;
    world.writable(chat)?;
    let photo = photo(world, &params.text("photo").unwrap_or_default(), params)?;
    let now = world.now();
    let chat = world.writable(chat)?;
    let (chat_id, id) = (chat.id, chat.add(true, formatted, markup, now));
    if let Some(message) = chat.messages.get_mut(&id) {
        message.photo = Some(photo);
    }
    world.replied(chat_id, id, true, true);
    Ok(written(world, chat_id, id))
}

pub fn edit_message_media(world: &mut World, params: &Params) -> Result<Value, Refused> {
    let media = params.json("media").unwrap_or_default();
    let Some(fields) = media.as_object().filter(|_| media["type"] == "photo") else {
        return Err(Refused::bad("can't parse InputMedia: media not found"));
    };
    let formatted = caption(&Params(fields.clone()))?;
    let chat = chat_id(params)?;
    let markup = keyboard::read_for_edit(params)?;
    world.writable(chat)?;
    let photo = photo(world, media["media"].as_str().unwrap_or_default(), params)?;
    let now = world.now();
    let chat = world.writable(chat)?;
    let chat_id = chat.id;
    let message = methods::message(&mut chat.messages, params, "edit")?;
    let id = message.id;
    if message.frozen || !message.from_bot {
        return Err(Refused::bad("message can't be edited"));
    }
    let same =
        message.photo.as_ref() == Some(&photo) && (&message.text, &message.entities) == (&formatted.text, &formatted.entities);
    if same && message.markup.rows == markup.rows {
        world.replied(chat_id, id, false, false);
        return Err(Refused::bad(NOT_MODIFIED));
    }
    message.photo = Some(photo);
    message.rewrite(formatted, markup, now);
    world.replied(chat_id, id, false, true);
    Ok(written(world, chat_id, id))
}
