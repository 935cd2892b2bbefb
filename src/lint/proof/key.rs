//! When two screens count as one: what routing can tell apart, and nothing else.
//!
//! Routing sees of a triage's memory the weeks and the worst tick of each list, never single ticks; so a list is tried with none ticked
//! and with each row alone. Where no list, advice or gate can follow, it does not even see that. A property test presses at random and
//! comes to nothing that was not tried.

use std::collections::HashMap;

use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::button::{TICKS, Visit};
use crate::dialogue::{Book, Hash, Kind, Level, NodeId, Reader, Screen, View};
use crate::lint::exits::gated;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    node: NodeId,
    view: (u8, u8),
    notice: bool,
    onto: Onto,
    /// There is a triage's memory, whatever it holds.
    remembers: bool,
    memory: Option<Memory>,
    gate: Option<Hash>,
    weekly: Option<Weekly>,
    /// The exercise that came to its end here.
    finished: Option<NodeId>,
    /// On a page that shows what the reader keeps: whether there is any.
    keeps: Option<bool>,
}

/// The page that Back returns to. Which one it is, is not told apart: each is tried on its own, and a proof takes the worst of them. Behind
/// a gate it is the page that comes next, and that is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Onto {
    Nothing,
    Back,
    Next(NodeId),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Memory {
    weeks: u8,
    floor: Level,
    /// The worst tick of each list. That a ticked row may be hidden at these weeks changes nothing: it can't be unticked, and the list
    /// without it is tried as well.
    lists: Vec<Option<Level>>,
}

/// Of the weekly tips, what their screens tell apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Weekly {
    /// Clocks of the reader's country: none known, one, several.
    zones: u8,
    on: bool,
    paused: bool,
    week: bool,
}

/// Which pages the memory matters on.
#[derive(Debug)]
pub struct Keys<'a> {
    book: &'a Book,
    matters: Vec<bool>,
    gates: Vec<bool>,
}

impl<'a> Keys<'a> {
    pub fn new(book: &'a Book) -> Keys<'a> {
        let mut gates = vec![false; book.len()];
        for (gate, _) in gated(book) {
            gates[gate.0 as usize] = true;
        }
        Keys { book, matters: matters(book, &gates), gates }
    }

    pub fn key(&self, screen: &Screen, reader: &Reader) -> Key {
        let at = screen.node.0 as usize;
        let visit = screen.trail.visit.as_ref();
        let onto = screen.trail.onto.and_then(|hash| self.book.by_hash(hash));
        Key {
            node: screen.node,
            view: view(&screen.view),
            notice: screen.notice.is_some(),
            onto: match onto {
                Some(onto) if self.gates[at] => Onto::Next(onto),
                Some(_) if self.matters[at] => Onto::Back,
                _ => Onto::Nothing,
            },
            remembers: visit.is_some(),
            memory: visit.filter(|_| self.matters[at]).map(|visit| self.memory(visit)),
            gate: visit.and_then(|visit| visit.gate),
            weekly: matches!(screen.view, View::Form(_)).then(|| self.weekly(reader)),
            finished: screen.finished,
            keeps: match self.book.node(screen.node).kind {
                Kind::Saved { .. } => Some(self.book.saved(reader).next().is_some()),
                Kind::UnitNumber { .. } => Some(reader.unit_number.is_some()),
                _ => None,
            },
        }
    }

    /// The page that Back may return to from here, which the key does not tell.
    pub fn returns_to(&self, screen: &Screen) -> Option<NodeId> {
        let at = screen.node.0 as usize;
        let onto = screen.trail.onto.and_then(|hash| self.book.by_hash(hash));
        onto.filter(|_| self.matters[at] && !self.gates[at])
    }

    fn memory(&self, visit: &Visit) -> Memory {
        let stage = self.book.stage(visit.weeks);
        let ticked = |number: usize| visit.ticks >> number & 1 == 1;
        let lists = self.book.checklists().map(|(_, list, first)| {
            let first = usize::from(first);
            let rows = (first..TICKS).zip(list.signs.values()).filter(|(number, _)| ticked(*number));
            let mut worst = rows.map(|(_, sign)| sign.level).max();
            // Not sure has the place behind the rows, and counts as the worst of them.
            if first + list.signs.len() < TICKS && ticked(first + list.signs.len()) {
                let asked = list.signs.values().filter(|sign| stage.concerns(sign.weeks));
                worst = worst.max(asked.map(|sign| sign.level).max());
            }
            worst
        });
        Memory { weeks: visit.weeks, floor: visit.floor, lists: lists.collect() }
    }

    fn weekly(&self, reader: &Reader) -> Weekly {
        let region = reader.region.as_deref().filter(|id| *id != UNKNOWN_REGION).and_then(|id| self.book.regions().get(id));
        let subscription = reader.weekly.as_ref();
        Weekly {
            zones: region.map_or(0, |region| region.zones.len().min(2)).try_into().unwrap_or(2),
            on: subscription.is_some(),
            paused: subscription.is_some_and(|weekly| weekly.paused_until.is_some()),
            week: subscription.is_some_and(|weekly| weekly.week_zero.is_some()),
        }
    }
}

fn view(view: &View) -> (u8, u8) {
    match view {
        View::Whole => (0, 0),
        View::Step(step) => (1, *step),
        View::Sources => (2, 0),
        View::Form(text) => (3, *text as u8),
        View::Tip { rated, told, .. } => (4, rated.map_or(0, |helpful| 1 + u8::from(helpful) + 2 * u8::from(*told))),
        // Wherever a count stands, it leads to the same.
        View::Guided { cue, .. } => (6, *cue as u8),
        View::Phrase(phrase, _) => (5, *phrase as u8),
        View::Nearest(_) => (7, 0),
        View::TakeOut => (8, 0),
        View::Missing { end } => (9, u8::from(*end)),
    }
}

/// The pages from which a page that reads the memory can be come to without a new triage: by what they offer, and by Back.
fn matters(book: &Book, gates: &[bool]) -> Vec<bool> {
    let reads = |at: NodeId| match book.node(at).kind {
        Kind::Checklist(_) | Kind::Weeks { .. } | Kind::Outcome { .. } | Kind::Advice { .. } => true,
        _ => gates[at.0 as usize] || Some(at) == book.help(),
    };
    let ends = |at: NodeId| at == book.home() || Some(at) == book.help();
    let mut before: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    for (at, _, node) in book.nodes() {
        for to in node.leads_to().into_iter().chain([book.parent(at)]).filter(|to| !ends(*to)) {
            before.entry(to).or_default().push(at);
        }
    }
    let mut matters = vec![false; book.len()];
    let mut open: Vec<NodeId> = book.nodes().map(|(at, _, _)| at).filter(|at| reads(*at)).collect();
    while let Some(at) = open.pop() {
        let seen = &mut matters[at.0 as usize];
        if !*seen {
            *seen = true;
            open.extend(before.get(&at).into_iter().flatten());
        }
    }
    matters
}
