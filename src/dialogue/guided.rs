//! An exercise done together: the bot counts through moves and holds, repetition by repetition.
//!
//! Where a count stands rides in the button that leads on, as everything else does. There is no clock here: a turn says after how many
//! seconds its next screen is due, and whoever has a clock brings it back as [`super::Event::Ticked`].

use std::borrow::Cow;

use super::book::{Image, Kind, NodeId, Steps};
use super::button::{Button, Deed, Trail, Visit};
use super::compose::{Composer, Key};
use super::level::Level;
use super::step::Stepper;
use super::text::Text;
use super::turn::{Effect, Screen, View};
use super::words::{Label, Phrase};

/// For a move where the book names no time.
const MOVE: u32 = 4;
/// To get into place, before the first repetition: at least so long.
const READY: u32 = 10;
/// Between two screens of a stretch. Telegram takes about one edit a second in a chat, and the eye needs no more than this.
const BEAT: u16 = 2;
/// How often a count can be made slower.
pub const SLOWEST: u8 = 2;
/// The bar is as long as there are seconds, and no longer than this.
const CELLS: u32 = 10;

/// Where a count stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// Counted from 0, as all of these.
    pub step: u8,
    pub repetition: u8,
    /// Of the step: the move first, then the hold.
    pub second: u16,
    /// How often it was made slower.
    pub pace: u8,
}

/// What becomes of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    Count,
    Pause,
    /// The bot was gone meanwhile, and asks whether to go on.
    Away,
}

impl Cue {
    pub const ALL: [Cue; 3] = [Cue::Count, Cue::Pause, Cue::Away];
}

/// What an author has given a time: how long each step takes, and which of them are repeated.
impl Steps {
    /// Whether there is anything to count.
    pub fn is_guided(&self) -> bool {
        self.pace.is_some() || self.steps.iter().any(|step| step.hold_seconds.is_some() || step.pace.is_some())
    }

    /// Whether the first step is only there to get into place: it is done once, the others are repeated.
    fn has_lead(&self) -> bool {
        self.steps.len() > 1 && self.steps.first().is_some_and(|step| step.hold_seconds.is_none())
    }

    fn times(&self) -> u8 {
        u8::try_from(self.repeat.unwrap_or(1)).unwrap_or(u8::MAX).max(1)
    }

    /// Seconds of the move, and of the hold behind it. A slower pace gives more time to move; a hold is as long as the book says.
    fn stretch(&self, step: u8, pace: u8) -> (u16, u16) {
        let own = self.steps.get(usize::from(step));
        let usual = self.pace.unwrap_or(MOVE);
        let usual = if step == 0 && self.has_lead() { usual.max(READY) } else { usual };
        let moves = own.and_then(|step| step.pace).unwrap_or(usual).clamp(1, 600);
        let slower = (moves * (2 + u32::from(pace.min(SLOWEST)))).div_ceil(2);
        let holds = own.and_then(|step| step.hold_seconds).unwrap_or(0).min(600);
        (u16::try_from(slower).unwrap_or(u16::MAX), u16::try_from(holds).unwrap_or(u16::MAX))
    }

    /// The nearest place in this exercise: the book may have changed since a button was made.
    fn nearest(&self, spot: Spot) -> Spot {
        let step = spot.step.min(u8::try_from(self.steps.len().saturating_sub(1)).unwrap_or(u8::MAX));
        let pace = spot.pace.min(SLOWEST);
        let (moves, holds) = self.stretch(step, pace);
        Spot { step, repetition: spot.repetition.min(self.times() - 1), second: spot.second.min(moves + holds - 1), pace }
    }

    /// After how many seconds something else is to be shown, and what; `None` once all is done.
    fn next(&self, spot: Spot) -> (u16, Option<Spot>) {
        let (moves, holds) = self.stretch(spot.step, spot.pace);
        let end = if spot.second < moves { moves } else { moves + holds };
        let left = end.saturating_sub(spot.second).max(1);
        // Never two screens within a second of each other.
        let wait = if left < 2 * BEAT { left } else { BEAT };
        let second = spot.second + wait;
        if second < moves + holds {
            return (wait, Some(Spot { second, ..spot }));
        }
        let after = Spot { second: 0, ..spot };
        if usize::from(spot.step) + 1 < self.steps.len() {
            return (wait, Some(Spot { step: spot.step + 1, ..after }));
        }
        let first = u8::from(self.has_lead());
        let again = spot.repetition + 1 < self.times();
        (wait, again.then_some(Spot { step: first, repetition: spot.repetition.saturating_add(1), ..after }))
    }

    /// How many seconds are left until all is done.
    pub fn seconds_left(&self, spot: Spot) -> u32 {
        let mut seconds = 0;
        let mut at = Some(self.nearest(spot));
        while let Some(spot) = at {
            let (wait, next) = self.next(spot);
            seconds += u32::from(wait);
            at = next;
        }
        seconds
    }

    /// A picture that a message shows stays one: a step without a picture shows the one before.
    pub(super) fn image_at(&self, step: u8) -> Option<&Image> {
        let until = self.steps.get(..=usize::from(step)).unwrap_or(&self.steps);
        let before = until.iter().rev().find_map(|step| step.image.as_ref());
        before.or_else(|| self.steps.iter().find_map(|step| step.image.as_ref()))
    }
}

/// A count's button with another cue, at the beginning of its step; `None` if it is none of a count.
pub fn cued(button: &Button, cue: Cue) -> Option<Button> {
    let Deed::Guide { spot, .. } = button.deed else { return None };
    let spot = Spot { second: 0, ..spot };
    Some(Button { deed: Deed::Guide { cue, spot }, ..button.clone() })
}

/// A count's button as it may be written down: that the question before the exercise was passed, and nothing that was ticked.
pub fn without_ticks(button: &Button) -> Button {
    let visit = button.trail.visit.as_ref().map(|visit| Visit {
        weeks: 0,
        floor: Level::SelfCare,
        worst: Level::SelfCare,
        ticks: 0,
        ..visit.clone()
    });
    Button { trail: Trail { onto: None, visit }, ..button.clone() }
}

impl Stepper<'_> {
    /// A screen of a count, and when the next is due.
    pub(super) fn guided(&self, page: NodeId, cue: Cue, spot: Spot, trail: Trail) -> Vec<Effect> {
        let screen = self.open(page, trail);
        let node = self.book.node(page);
        let Kind::Steps(steps) = &node.kind else {
            return vec![Effect::Show(Screen { notice: Some(Phrase::Stale), ..screen })];
        };
        // Its gate comes first; and what was taken back is done by nobody.
        if screen.node != page || node.withdrawn.is_some() || !steps.is_guided() {
            return vec![Effect::Show(screen)];
        }
        let spot = steps.nearest(spot);
        let (seconds, next) = steps.next(spot);
        let (deed, page) = match next {
            Some(spot) => (Deed::Guide { cue: Cue::Count, spot }, page),
            None => self.book.end_of_exercise(page, steps.then),
        };
        let then = Button { deed, page: self.book.hash(page), kept: false, trail: screen.trail.clone() };
        let show = Effect::Show(Screen { view: View::Guided { cue, spot }, ..screen });
        if cue == Cue::Count { vec![show, Effect::After { seconds, then }] } else { vec![show] }
    }
}

impl<'a> Composer<'a> {
    pub(super) fn guided(&self, steps: &'a Steps, cue: Cue, spot: Spot) -> (Text, Vec<Vec<Key>>) {
        let spot = steps.nearest(spot);
        let is_lead = spot.step == 0 && steps.has_lead();
        let mut text = Text::default();
        if steps.times() > 1 && !is_lead {
            text.append(self.counted(Phrase::Count, u32::from(spot.repetition) + 1, steps.times().into()));
        }
        text.append(match cue {
            Cue::Count => self.stretch(steps, spot, is_lead),
            Cue::Pause => self.phrase(Phrase::Paused),
            Cue::Away => self.phrase(Phrase::Away),
        });
        if let Some(step) = steps.steps.get(usize::from(spot.step)) {
            text.append(self.fill(&step.text));
        }
        text.append(self.phrase(Phrase::StopIf));
        let guide = |label, cue, spot| self.key(self.label(label), Deed::Guide { cue, spot }, self.screen.node);
        let from_here = Spot { second: 0, ..spot };
        let mut row = Vec::with_capacity(3);
        match cue {
            Cue::Count => {
                row.push(guide(Label::Pause, Cue::Pause, spot));
                if spot.pace < SLOWEST {
                    row.push(guide(Label::Slower, Cue::Count, Spot { pace: spot.pace + 1, ..from_here }));
                }
            }
            Cue::Pause | Cue::Away => row.push(guide(Label::GoOn, Cue::Count, from_here)),
        }
        row.push(self.key(self.label(Label::Stop), Deed::Open, steps.then));
        (text, std::iter::once(row).chain(self.help_key().map(|help| vec![help])).collect())
    }

    /// What to do now, with a bar of the seconds that it takes.
    fn stretch(&self, steps: &'a Steps, spot: Spot, is_lead: bool) -> Text {
        let (moves, holds) = steps.stretch(spot.step, spot.pace);
        let (phrase, done, all) = match spot.second {
            second if second >= moves => (Phrase::CountHold, second - moves, holds),
            second if is_lead => (Phrase::CountReady, second, moves),
            second => (Phrase::CountMove, second, moves),
        };
        let (done, all) = (u32::from(done), u32::from(all).max(1));
        let cells = all.min(CELLS);
        let full = usize::try_from(done * cells / all).unwrap_or(0);
        let cells = usize::try_from(cells).unwrap_or(0);
        let words = self.book.words();
        words.phrase(phrase).fill(|name| match name {
            "n" => Some(Cow::Owned((all - done.min(all)).to_string())),
            "bar" => {
                Some(Cow::Owned(words.label(Label::BarDone).repeat(full) + &words.label(Label::BarLeft).repeat(cells - full)))
            }
            _ => self.word(name),
        })
    }
}
