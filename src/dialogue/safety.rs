//! What a book promises of itself: its safety rules, and what they speak of. Proving them is `lint`'s work.

use super::ids::NodeId;
use super::level::Level;
use super::node::{Kind, Node};
use super::turn::{Reader, Screen, View};
use super::words::FormText;

/// One of the book's `rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SafetyRule {
    /// From every screen it is at most so many taps to a page.
    Within { page: NodeId, taps: u32 },
    /// A path that has been at `after` never comes to `offers`.
    Never { after: Select, offers: Select },
    /// Every path from `from` comes to `ends_in`.
    Always { from: Select, ends_in: Select },
    /// The nearest `to` is at most so many taps, and screens, from `from`.
    Budget { from: Select, to: Select, taps: u32, screens: Option<u32>, region: Option<String> },
}

/// Which screens are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    Page(NodeId),
    Advice(Level),
    Kind(KindName),
    Weekly(WeeklyState),
}

/// The kinds of pages, as authors name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindName {
    Page,
    Question,
    Weeks,
    Checklist,
    Advice,
    Steps,
    Regions,
    Languages,
    Services,
    Form,
    Saved,
    UnitNumber,
}

/// Where the weekly tips stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeeklyState {
    /// They have just been turned on.
    On,
    /// They have just been turned off.
    Off,
    /// One of them has just come.
    Tip,
}

impl KindName {
    pub const ALL: [KindName; 12] = [
        KindName::Page,
        KindName::Question,
        KindName::Weeks,
        KindName::Checklist,
        KindName::Advice,
        KindName::Steps,
        KindName::Regions,
        KindName::Languages,
        KindName::Services,
        KindName::Form,
        KindName::Saved,
        KindName::UnitNumber,
    ];

    pub fn name(self) -> &'static str {
        match self {
            KindName::Page => "page",
            KindName::Question => "question",
            KindName::Weeks => "weeks",
            KindName::Checklist => "checklist",
            KindName::Advice => "advice",
            KindName::Steps => "steps",
            KindName::Regions => "regions",
            KindName::Languages => "languages",
            KindName::Services => "services",
            KindName::Form => "form",
            KindName::Saved => "saved",
            KindName::UnitNumber => "unit-number",
        }
    }

    /// What a page is; a junction has no screen, and so no name.
    pub fn of(node: &Node) -> Option<KindName> {
        Some(match node.kind {
            Kind::Page { .. } => KindName::Page,
            Kind::Question { .. } => KindName::Question,
            Kind::Weeks { .. } => KindName::Weeks,
            Kind::Checklist(_) => KindName::Checklist,
            Kind::Advice { .. } => KindName::Advice,
            Kind::Steps(_) => KindName::Steps,
            Kind::Regions { .. } => KindName::Regions,
            Kind::Languages { .. } => KindName::Languages,
            Kind::Services(_) => KindName::Services,
            Kind::Saved { .. } => KindName::Saved,
            Kind::UnitNumber { .. } => KindName::UnitNumber,
            Kind::Weekly => KindName::Form,
            Kind::Outcome { .. } => return None,
        })
    }
}

impl WeeklyState {
    pub const ALL: [WeeklyState; 3] = [WeeklyState::On, WeeklyState::Off, WeeklyState::Tip];

    pub fn name(self) -> &'static str {
        match self {
            WeeklyState::On => "on",
            WeeklyState::Off => "off",
            WeeklyState::Tip => "tip",
        }
    }
}

impl Select {
    /// Whether a screen is one of those meant.
    pub fn takes(self, node: &Node, screen: &Screen, reader: &Reader) -> bool {
        let is_shown = matches!(screen.view, View::Whole | View::Step(_) | View::Guided { .. }) && node.withdrawn.is_none();
        match self {
            // A form is a page, whatever it says.
            Select::Page(page) => screen.node == page && (is_shown || matches!(screen.view, View::Form(_))),
            Select::Advice(wanted) => is_shown && matches!(node.kind, Kind::Advice { level, .. } if level == wanted),
            Select::Kind(KindName::Form) => matches!(screen.view, View::Form(_)),
            Select::Kind(kind) => is_shown && KindName::of(node) == Some(kind),
            Select::Weekly(WeeklyState::On) => screen.view == View::Form(FormText::On) && reader.weekly.is_some(),
            Select::Weekly(WeeklyState::Off) => screen.view == View::Form(FormText::Off) && reader.weekly.is_none(),
            Select::Weekly(WeeklyState::Tip) => matches!(screen.view, View::Tip { .. }),
        }
    }
}
