//! One turn of a conversation: who reads, what happened, what follows.

use jiff::Timestamp;
use jiff::civil::Date;

use super::book::NodeId;
use super::button::{Button, Trail};
use super::guided::{Cue, Spot};
use super::nearby::{Located, Near};
use super::rate::Ratings;
use super::understand::Goal;
use super::weekly::Subscription;
use super::words::{FormText, Phrase};

/// What is remembered of a reader: only what they chose themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Key of the book's regions; `None` while unknown.
    pub region: Option<String>,
    /// One of the book's languages, by its two letters; `None` while it is whatever the channel says.
    pub language: Option<String>,
    /// The weekly tips, while they are wanted.
    pub weekly: Option<Subscription>,
    /// The question that typed words may answer.
    pub asked: Option<Asked>,
    /// Ids of the pages that they saved, the newest first.
    pub saved: Vec<String>,
    /// The phone number of their own maternity unit, as they typed it.
    pub unit_number: Option<String>,
    /// What they thought of pages.
    pub ratings: Ratings,
    /// The day of the last visit, by UTC; only while anything else is remembered.
    pub seen: Option<Date>,
}

impl Reader {
    /// Whether nothing is remembered that a reader chose: such a one leaves no row.
    pub fn is_stranger(&self) -> bool {
        let Reader { region, language, weekly, asked, saved, unit_number, ratings, seen: _ } = self;
        let chose_nothing = region.is_none() && language.is_none() && weekly.is_none() && asked.is_none();
        chose_nothing && saved.is_empty() && unit_number.is_none() && ratings.is_empty()
    }
}

/// A question whose answer is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A city, for the time zone.
    Zone,
    /// A week or a due date, and how often it could not be read.
    Week { tries: u8 },
    /// The phone number of their own maternity unit.
    UnitNumber,
}

/// Something that happened in a chat, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Stamped by the channel: the core has no clock.
    pub at: Timestamp,
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A first contact, perhaps through a link that names a page.
    Started(Option<String>),
    /// A button with this callback data, whoever wrote it.
    Pressed(String),
    /// The next screen of a count is due: the button that [`Effect::After`] named.
    Ticked(String),
    /// Words, and the channel's number for their message (0: none), so that they can be taken away again.
    Said { words: String, message: u32 },
    /// A place that was sent; the channel has looked up what is wanted of it, and forgotten it.
    Located(Located),
    /// The weekly tip is due; what was seen so far, in order, and a number of the reader's own.
    TipDue { reader: u64, seen: Vec<String> },
    /// A tip that was begun and perhaps not sent: the same again.
    TipBegun { tip: String },
    /// The reader blocked the bot.
    Blocked,
    /// Something that holds no words: a picture, a voice message.
    Unreadable,
    /// The chat is one of several people.
    InGroup,
    /// The last turn broke.
    Broken,
    /// More came at once than one chat is answered.
    TooFast,
}

/// What the service does next: save the reader if it changed, then carry out the effects in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub reader: Reader,
    pub effects: Vec<Effect>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// In place of the screen that was pressed.
    Show(Screen),
    /// As a new message.
    Send(Screen),
    /// Press this on the screen that is shown now, once so many seconds have passed and nothing else has happened to it.
    After { seconds: u16, then: Button },
    /// Take away what the reader typed, where the channel can.
    Erase(u32),
    /// Remember whether a tip was helpful, and what was missing if it was not and the reader said so.
    Rate { tip: String, helpful: bool, missing: Option<String> },
    /// Send the reader a file with all that is kept of them.
    Export,
    /// Send the reader the book's leaflet as a file.
    Leaflet,
    /// Delete all that is kept of the reader, before the page is shown that says so.
    Forget,
}

impl Effect {
    /// What it shows, if it shows something.
    pub fn screen(self) -> Option<Screen> {
        match self {
            Effect::Show(screen) | Effect::Send(screen) => Some(screen),
            Effect::After { .. }
            | Effect::Erase(_)
            | Effect::Rate { .. }
            | Effect::Export
            | Effect::Leaflet
            | Effect::Forget => None,
        }
    }
}

/// What to show, by name: `Book::compose` turns it into words and buttons for one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    pub node: NodeId,
    pub view: View,
    pub trail: Trail,
    /// A line above the page: why it is not what was asked for.
    pub notice: Option<Phrase>,
    /// The channel's number of the message that was typed (0: none).
    pub typed: u32,
    /// The page has just ended the weekly tips.
    pub ended: bool,
    /// The exercise that came to its end here, if readers are asked about it.
    pub finished: Option<NodeId>,
    /// Other things that may have been meant.
    pub also: Vec<Goal>,
    /// When, for screens that say a week.
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// The page itself; of an exercise, its first step.
    Whole,
    /// A step of an exercise, from 0.
    Step(u8),
    /// An exercise done together.
    Guided { cue: Cue, spot: Spot },
    /// Behind More: where the page comes from, and what can be done with it.
    Sources,
    /// The saved pages, as buttons that take them out.
    TakeOut,
    /// A screen of the weekly sign-up.
    Form(FormText),
    /// The page of services, with those nearest to the place that was sent.
    Nearest(Vec<Near>),
    /// Asks what was missing on the page; `end`: at the end of the exercise that it is.
    Missing { end: bool },
    /// A weekly tip, what the reader thought of it, and whether they told what was missing.
    Tip { tip: String, last: bool, rated: Option<bool>, told: bool },
    /// A phrase of the bot's own with pages it may have meant, help and menu; the node is home.
    Phrase(Phrase, Vec<Goal>),
}

impl Screen {
    pub fn of(node: NodeId) -> Screen {
        Screen {
            node,
            view: View::Whole,
            trail: Trail::default(),
            notice: None,
            typed: 0,
            ended: false,
            finished: None,
            also: Vec::new(),
            at: None,
        }
    }

    /// Whether every reader of a region sees the same, so that it can be kept ready.
    pub fn is_plain(&self) -> bool {
        self.view == View::Whole
            && self.trail == Trail::default()
            && self.notice.is_none()
            && self.typed == 0
            && !self.ended
            && self.finished.is_none()
            && self.also.is_empty()
    }
}
