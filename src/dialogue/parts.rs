//! What a book is made of, as `source` hands it over.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::civil::Date;

use super::ids::NodeId;
use super::leaflet::Leaflet;
use super::level::{WeekCount, WeekRange};
use super::limits::{Limits, NeverSay, Off};
use super::node::Node;
use super::rate::Rating;
use super::safety::SafetyRule;
use super::text::Rich;
use super::understand;
use super::words::Words;

/// What `source` hands over: names resolved, texts parsed, nothing derived yet.
#[derive(Debug, Default)]
pub struct Parts {
    pub id: String,
    pub title: String,
    /// Two letters.
    pub language: String,
    /// All languages of the book by their two letters, its own first, each by its name for itself.
    pub languages: IndexMap<String, String>,
    /// For an empty chat with the bot.
    pub description: Option<String>,
    /// For the bot's profile.
    pub short_description: Option<String>,
    pub home: NodeId,
    /// Where Get help leads: the start of the triage.
    pub help: Option<NodeId>,
    pub footer: Vec<Footer>,
    /// How readers rate pages, if they do.
    pub rating: Option<Rating>,
    pub limits: Limits,
    /// What is counted in weeks, if anything is.
    pub weeks: WeekCount,
    pub commands: Vec<Command>,
    pub sources: IndexMap<String, Source>,
    pub regions: IndexMap<String, Region>,
    pub nodes: IndexMap<String, Node>,
    /// Old page id to today's.
    pub moved_pages: HashMap<String, NodeId>,
    /// Old `(page, answer)` to today's.
    pub moved_answers: HashMap<(String, String), (NodeId, String)>,
    pub words: Words,
    /// What of it is printed, if anything is.
    pub leaflet: Option<Leaflet>,
    /// The bot's profile picture: its file in the book's folder `media`.
    pub picture: Option<String>,
    /// The weekly tips, if the book has any.
    pub tips: Option<super::weekly::Tips>,
    /// How people say what they mean.
    pub understanding: understand::Parts,
    /// What the book promises of itself, each with its place in the list.
    pub rules: Vec<(usize, SafetyRule)>,
    /// Warnings of the checker that this book has turned off.
    pub off: Vec<Off>,
    /// What this book never says.
    pub never_say: Vec<NeverSay>,
    /// Whether the operator has a list of services.
    pub lists_services: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Footer {
    Back,
    Help,
    More,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub name: String,
    pub page: NodeId,
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub title: String,
    pub publisher: Option<String>,
    pub link: Option<String>,
    pub reviewed: Option<Date>,
    pub due: Option<Date>,
    pub clinically_reviewed: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Region {
    pub name: String,
    pub checked: Option<Date>,
    /// What readers whose region is unknown are told under a text that uses the placeholder: labelled numbers by country.
    pub numbers: IndexMap<String, Rich>,
    pub say: HashMap<String, Vec<Saying>>,
    /// Time zones by IANA name, each with the label of its button; most people first.
    pub zones: IndexMap<String, String>,
    /// Dates are written with the month first: 3/12 is 12 March.
    pub month_first: bool,
    /// Distances are told in miles.
    pub miles: bool,
    /// The official finder of services.
    pub finder: Option<String>,
}

/// One way to say a word, for some weeks or for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    pub weeks: Option<WeekRange>,
    pub words: String,
}
