//! Weekly tips: the one thing the bot does unasked. Which tip, when, and when not.
//!
//! Pure: time comes in as an argument, "random" is a hash. Nothing here sends; `service` does, by what is decided here.

mod choose;
pub(super) mod form;
mod screens;
mod typed;
mod when;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use super::ids::NodeId;
use super::level::{MOST_WEEKS, WeekRange};
use super::text::Rich;

pub use choose::{choose, week_on};
pub use form::Act;
pub use when::{Decision, decide, decide_begun, first_slot, next_slot};

/// `weekly.yaml`: the tips and the rules by which they are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tips {
    pub policy: Policy,
    /// By id: what was seen is remembered by id, so an edited book repeats nothing and loses nobody's place.
    pub tips: IndexMap<String, Tip>,
}

impl Tips {
    /// Whether any tip is for some weeks only. Where none is, no reader is asked for a week, and none is kept.
    pub fn fit_weeks(&self) -> bool {
        self.tips.values().any(|tip| tip.weeks.is_some())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    pub text: Rich,
    /// The weeks it fits; `None` fits any, and readers who keep no week.
    pub weeks: Option<WeekRange>,
    /// The page it comes from.
    pub from: NodeId,
    /// Keys of the book's sources.
    pub sources: Vec<String>,
    pub withdrawn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The day and hour of a reader who chose none.
    pub day: Weekday,
    pub hour: i8,
    /// A tip that could not be sent is still sent for so many hours; then it is skipped.
    pub late_hours: u32,
    /// No tip arrives from this local hour on,
    pub quiet_from: i8,
    /// and none before this one.
    pub quiet_to: i8,
    /// The tip of this week is the last.
    pub last_week: u8,
    /// So is this one, for readers who keep no week.
    pub most: u16,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { day: Weekday::Monday, hour: 9, late_hours: 12, quiet_from: 21, quiet_to: 8, last_week: MOST_WEEKS, most: 52 }
    }
}

/// What a reader signed up for, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// IANA name, such as Europe/London.
    pub zone: String,
    pub day: Weekday,
    /// Local, 0 to 23.
    pub hour: i8,
    /// The day on which week 0 began; only with the reader's consent.
    pub week_zero: Option<Date>,
    /// The first day on which a tip may come again.
    pub paused_until: Option<Date>,
    /// Tips sent so far.
    pub sent: u16,
    /// When the last one was sent.
    pub last: Option<Timestamp>,
    /// The next one; worked out anew whenever something changes.
    pub next: Slot,
}

/// A tip that was begun, perhaps sent, and not recorded: whoever had it in hand died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    pub on: Date,
    pub tip: String,
    /// The clock it was due by, even if the subscription has ended with it.
    pub zone: String,
    pub hour: i8,
}

/// One occurrence of the weekly tip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The local day it belongs to: what it is known by, however late it is sent.
    pub on: Date,
    /// When it is to be looked at: its time, or the morning it is held until.
    pub at: Timestamp,
}
