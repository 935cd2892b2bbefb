//! The kinds of pages: what an author can write between two buttons.
//!
//! A node names other nodes by [`NodeId`]; it holds no state of a reader and no words of the bot's own.

use indexmap::IndexMap;

use super::ids::NodeId;
use super::level::{Level, Stage, WeekRange};
use super::nearby::Services;
use super::text::Rich;

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a key of its own, and authors combine them freely
pub struct Node {
    pub title: Option<String>,
    /// Keys of [`Parts::sources`].
    pub sources: Vec<String>,
    /// Rows of the first document that this page carries.
    pub covers: Vec<String>,
    pub asks: Vec<String>,
    /// Never edited away.
    pub keep: bool,
    /// Without the fixed row of buttons.
    pub alone: bool,
    /// Readers are never asked whether it helped.
    pub unrated: bool,
    pub withdrawn: Option<Rich>,
    /// Coming here ends the weekly tips: what they were for is over.
    pub ends_weekly: bool,
    /// What coming here does with what is kept of the reader.
    pub data: Option<Data>,
    /// Whoever comes here also gets the leaflet as a file.
    pub leaflet: bool,
    /// Shown with the text.
    pub image: Option<Image>,
    pub kind: Kind,
}

/// What becomes of what is kept of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// They get all of it as a file.
    Sent,
    /// All of it is deleted. Only the answer of a question leads here: whoever comes another way is asked that question.
    Deleted,
}

impl Data {
    pub const ALL: [Data; 2] = [Data::Sent, Data::Deleted];

    /// What authors write.
    pub fn name(self) -> &'static str {
        match self {
            Data::Sent => "sent",
            Data::Deleted => "deleted",
        }
    }
}

/// A picture in the book's folder `media`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its file's name.
    pub file: String,
    /// What it shows, for whoever can't see it.
    pub alt: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Page {
        text: Rich,
        links: Vec<LinkRow>,
    },
    Question {
        text: Rich,
        answers: IndexMap<String, Answer>,
        edition: u8,
    },
    Weeks {
        text: Rich,
        answers: IndexMap<String, WeekAnswer>,
        then: NodeId,
    },
    Checklist(Checklist),
    /// A junction without a screen: it leads to the advice for the worst sign.
    Outcome {
        worst: [NodeId; 5],
    },
    Advice {
        level: Level,
        text: Rich,
        links: Vec<LinkRow>,
    },
    Steps(Steps),
    /// The sign-up to the weekly tips, and where it stands. Its words are the bot's own.
    Weekly,
    /// The pages that the reader saved, one button each.
    Saved {
        text: Rich,
    },
    /// Asks for the number of the reader's own maternity unit, and says it once it is there.
    UnitNumber {
        text: Rich,
    },
    /// One button for each region of the book.
    Regions {
        text: Rich,
        then: NodeId,
    },
    /// One button for each language of the book.
    Languages {
        text: Rich,
        then: NodeId,
    },
    /// Asks for a place; what is near it is listed.
    Services(Services),
}

/// Own buttons: loose ones are packed by the engine, a row stays as the author laid it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkRow {
    Loose(Link),
    Row(Vec<Link>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Instead of the target's title.
    pub label: Option<String>,
    pub to: Target,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Node(NodeId),
    Url(String),
    /// Turns the message into that page and takes away what was typed.
    Hide(NodeId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub label: String,
    pub goto: Goto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goto {
    Node(NodeId),
    /// To the page that this question was asked before.
    Onward,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekAnswer {
    pub label: String,
    pub stage: Stage,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    pub text: Rich,
    pub signs: IndexMap<String, Sign>,
    /// Label of "none of these".
    pub none: String,
    /// How Not sure is said back.
    pub unsure: String,
    pub then: NodeId,
    pub edition: u8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    pub label: String,
    pub level: Level,
    pub weeks: Option<WeekRange>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    pub steps: Vec<Move>,
    /// How often the whole is done.
    pub repeat: Option<u32>,
    /// Seconds that a move takes where a step names none of its own.
    pub pace: Option<u32>,
    /// A question asked once a visit, before the first step.
    pub before: Option<NodeId>,
    pub then: NodeId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub text: Rich,
    pub hold_seconds: Option<u32>,
    /// Seconds that the move takes.
    pub pace: Option<u32>,
    pub image: Option<Image>,
}

impl Node {
    /// Whether people are asked something by it that only they can answer.
    pub(super) fn is_question(&self) -> bool {
        matches!(self.kind, Kind::Question { .. })
    }

    /// The pages that one tap from here can reach, junctions not yet followed.
    pub fn leads_to(&self) -> Vec<NodeId> {
        let linked = |rows: &[LinkRow]| -> Vec<NodeId> {
            let links = rows.iter().flat_map(|row| match row {
                LinkRow::Loose(link) => std::slice::from_ref(link),
                LinkRow::Row(links) => links,
            });
            links
                .filter_map(|link| match link.to {
                    Target::Node(node) | Target::Hide(node) => Some(node),
                    Target::Url(_) => None,
                })
                .collect()
        };
        match &self.kind {
            Kind::Page { links, .. } | Kind::Advice { links, .. } | Kind::Services(Services { links, .. }) => linked(links),
            Kind::Question { answers, .. } => answers
                .values()
                .filter_map(|answer| match answer.goto {
                    Goto::Node(node) => Some(node),
                    Goto::Onward => None,
                })
                .collect(),
            Kind::Weeks { then, .. } | Kind::Regions { then, .. } | Kind::Languages { then, .. } => vec![*then],
            Kind::Checklist(list) => vec![list.then],
            Kind::Outcome { worst } => worst.to_vec(),
            Kind::Steps(steps) => steps.before.into_iter().chain([steps.then]).collect(),
            Kind::Weekly | Kind::Saved { .. } | Kind::UnitNumber { .. } => Vec::new(),
        }
    }

    /// What is done with what is kept of the reader when this page is shown; nothing, if it was taken back.
    pub fn data(&self) -> Option<Data> {
        self.data.filter(|_| self.withdrawn.is_none())
    }

    /// Whether the next page must come as a new message, because this one may be needed again.
    pub fn is_kept(&self) -> bool {
        self.keep || matches!(self.kind, Kind::Advice { level, .. } if level >= Level::Today)
    }

    /// What people can answer here: the keys that ride in buttons.
    pub fn answer_keys(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Question { answers, .. } => answers.keys().map(String::as_str).collect(),
            Kind::Weeks { answers, .. } => answers.keys().map(String::as_str).collect(),
            Kind::Checklist(list) => list.signs.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The authored text of the first screen; a junction has none.
    pub fn text(&self) -> Option<&Rich> {
        match &self.kind {
            Kind::Page { text, .. }
            | Kind::Question { text, .. }
            | Kind::Weeks { text, .. }
            | Kind::Advice { text, .. }
            | Kind::Regions { text, .. }
            | Kind::Languages { text, .. }
            | Kind::Saved { text }
            | Kind::UnitNumber { text } => Some(text),
            Kind::Checklist(list) => Some(&list.text),
            Kind::Services(services) => Some(&services.ask),
            Kind::Steps(steps) => steps.steps.first().map(|step| &step.text),
            Kind::Outcome { .. } | Kind::Weekly => None,
        }
    }
}
