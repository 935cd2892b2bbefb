//! Keyboards, and what Telegram refuses in them.

use serde_json::{Value, json};

use super::call::{Params, Refused};
use super::text::check_url;

const MOST_BUTTONS: usize = 100;
const WIDEST_ROW: usize = 8;
const LONGEST_DATA: usize = 64;

/// A button under a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    pub label: String,
    pub data: Option<String>,
    pub url: Option<String>,
    /// As the bot sent it.
    pub json: Value,
}

/// What a `reply_markup` comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markup {
    pub rows: Vec<Vec<Button>>,
    /// A keyboard in place of the reader's own, or its removal. It belongs to no message.
    pub other: Option<Value>,
}

impl Markup {
    /// As it stands in a message; nothing without buttons.
    pub fn inline(&self) -> Option<Value> {
        let rows = self.rows.iter().map(|row| row.iter().map(|b| b.json.clone()).collect());
        let rows: Vec<Vec<Value>> = rows.collect();
        (!rows.is_empty()).then(|| json!({"inline_keyboard": rows}))
    }
}

/// Reads the `reply_markup` of a message that is sent.
pub fn read(params: &Params) -> Result<Markup, Refused> {
    let Some(markup) = params.json("reply_markup") else {
        return Ok(Markup::default());
    };
    let Some(object) = markup.as_object() else {
        return Err(Refused::bad("object expected as reply markup"));
    };
    if let Some(rows) = object.get("inline_keyboard") {
        return inline(rows);
    }
    if let Some(rows) = object.get("keyboard") {
        let rows = rows.as_array().ok_or_else(|| not_a_list("keyboard"))?;
        let buttons = rows.iter().flat_map(|row| row.as_array().into_iter().flatten());
        for button in buttons {
            let label = button.as_str().or(button["text"].as_str()).unwrap_or_default();
            if label.is_empty() {
                return Err(Refused::bad("keyboard button text must be non-empty"));
            }
        }
    }
    Ok(Markup { rows: Vec::new(), other: Some(markup) })
}

/// Reads the `reply_markup` of an edit, where only buttons under the message can stand.
pub fn read_for_edit(params: &Params) -> Result<Markup, Refused> {
    match read(params)? {
        Markup { other: Some(_), .. } => Err(Refused::bad("inline keyboard expected")),
        markup => Ok(markup),
    }
}

fn not_a_list(field: &str) -> Refused {
    Refused::bad(format!("field \"{field}\" must be of type Array"))
}

/// Rows without buttons are left out, as Telegram does.
fn inline(rows: &Value) -> Result<Markup, Refused> {
    let mut kept = Vec::new();
    for row in rows.as_array().ok_or_else(|| not_a_list("inline_keyboard"))? {
        let row = row.as_array().ok_or_else(|| not_a_list("inline_keyboard"))?;
        let row = row.iter().map(button).collect::<Result<Vec<_>, _>>()?;
        if row.len() > WIDEST_ROW {
            return Err(Refused::bad("REPLY_MARKUP_INVALID"));
        }
        if !row.is_empty() {
            kept.push(row);
        }
    }
    if kept.iter().map(Vec::len).sum::<usize>() > MOST_BUTTONS {
        return Err(Refused::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok(Markup { rows: kept, other: None })
}

/// What a button may do besides calling back and opening a link.
const OTHER_ACTIONS: &[&str] = &[
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "web_app",
    "login_url",
];

fn button(json: &Value) -> Result<Button, Refused> {
    let unreadable = |why| Refused::bad(format!("can't parse inline keyboard button: {why}"));
    let text = |field: &str| json[field].as_str().filter(|text| !text.is_empty());
    let label = match &json["text"] {
        Value::String(label) => label.trim().to_owned(),
        Value::Null => return Err(unreadable("Can't find field \"text\"")),
        _ => return Err(unreadable("Field \"text\" must be of type String")),
    };
    if label.is_empty() {
        return Err(Refused::bad("inline keyboard button text must be non-empty"));
    }
    let (data, url) = (text("callback_data"), text("url"));
    let other = OTHER_ACTIONS.iter().any(|action| !json[*action].is_null());
    if data.is_none() && url.is_none() && !other {
        return Err(unreadable("Text buttons are unallowed in the inline keyboard"));
    }
    if let Some(url) = url {
        check_url(url).map_err(|why| Refused::bad(format!("inline keyboard button URL '{url}' is invalid: {why}")))?;
    }
    if data.is_some_and(|data| data.len() > LONGEST_DATA) {
        return Err(Refused::bad("BUTTON_DATA_INVALID"));
    }
    let (data, url) = (data.map(str::to_owned), url.map(str::to_owned));
    Ok(Button { label, data, url, json: json.clone() })
}
