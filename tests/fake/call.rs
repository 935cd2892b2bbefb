//! One call of a method: what it asks, how it is refused, how it is remembered.

use serde_json::{Map, Value};

use super::faults::Fault;

/// The parameters of a call, wherever they stood. In a query or a form, numbers and JSON are text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(pub Map<String, Value>);

impl Params {
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1")
    }

    /// An object or a list. Text that is not JSON stays text, which no caller accepts.
    pub fn json(&self, name: &str) -> Option<Value> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())),
            other => Some(other.clone()),
        }
    }
}

/// An answer with `ok: false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: u16,
    pub description: String,
    pub retry_after: Option<u64>,
}

impl Refused {
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None }
    }

    pub fn bad(why: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", why.as_ref()))
    }

    pub fn forbidden(why: &str) -> Self {
        Self::new(403, format!("Forbidden: {why}"))
    }

    pub fn conflict(why: &str) -> Self {
        Self::new(409, format!("Conflict: {why}"))
    }

    pub fn too_many(retry_after: u64) -> Self {
        let description = format!("Too Many Requests: retry after {retry_after}");
        Self { code: 429, description, retry_after: Some(retry_after) }
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Read, and on its way.
    Open,
    Done,
    /// Refused for what it asked.
    Refused(String),
    /// Met a fault; `carried_out` tells whether it had its effect nevertheless.
    Failed {
        fault: Fault,
        carried_out: bool,
    },
    /// The caller hung up first.
    Abandoned,
}

impl Outcome {
    /// Whether the caller can't know that it was carried out, and will ask again. (An answer that is garbled has arrived.)
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Failed { fault: Fault::DropAfter, .. } | Self::Abandoned)
    }
}

/// One line of the log. Times are milliseconds since the fake began.
#[derive(Clone, Debug)]
pub struct Call {
    pub number: usize,
    /// As the documentation spells it.
    pub method: String,
    /// The chat it is for; for an answer to a press, the chat of the press.
    pub chat: Option<i64>,
    pub message: Option<i64>,
    /// The update whose press it answers.
    pub press: Option<i64>,
    /// The update whose answer it is taken for.
    pub update: Option<i64>,
    pub params: Params,
    pub started: u64,
    pub ended: Option<u64>,
    pub outcome: Outcome,
}

/// The most of these calls that were under way at the same moment. Give the calls a delay: without
/// one they are over within the millisecond in which they begin.
pub fn at_once(calls: &[Call]) -> usize {
    let running = |call: &Call, at: u64| call.started <= at && call.ended.is_none_or(|end| end > at);
    let together = |at: u64| calls.iter().filter(|call| running(call, at)).count();
    calls.iter().map(|call| together(call.started).max(1)).max().unwrap_or(0)
}

/// Something that Telegram would not have done, and why.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub method: String,
    pub chat: Option<i64>,
    pub code: u16,
    pub description: String,
    pub params: Params,
}
