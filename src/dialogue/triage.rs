//! The triage's arithmetic: which rows are asked, how bad the ticks are, which list comes next.
//!
//! Levels only ever rise: ticks are read by today's levels, and a floor that an older book left is never undercut.

use jiff::Timestamp;

use super::book::{Book, Checklist, Kind, NodeId, Sign};
use super::button::{TICKS, Visit};
use super::level::{Level, Stage};

const HOUR: i64 = 3600;

fn hour(at: Timestamp) -> u32 {
    u32::try_from(at.as_second() / HOUR).unwrap_or(0)
}

fn bit(number: usize) -> u128 {
    if number < TICKS { 1 << number } else { 0 }
}

impl Visit {
    pub(super) fn begin(book: &Book, at: Timestamp) -> Visit {
        Visit {
            hour: hour(at),
            fingerprint: book.fingerprint(),
            weeks: 0,
            floor: Level::SelfCare,
            worst: Level::SelfCare,
            gate: None,
            ticks: 0,
        }
    }

    /// Whether ticks and weeks still mean what they meant when they were given.
    pub(super) fn is_fresh(&self, book: &Book, at: Timestamp) -> bool {
        let age = hour(at).checked_sub(self.hour);
        let limit = book.limits().memory_hours;
        self.fingerprint == book.fingerprint() && age.is_some_and(|age| limit.is_none_or(|limit| age <= limit))
    }

    /// The same visit begun again: what can no longer be trusted is dropped, the worst level stays as the floor.
    pub(super) fn renewed(&self, book: &Book, at: Timestamp) -> Visit {
        let floor = self.floor.max(self.worst);
        Visit { floor, worst: floor, ..Visit::begin(book, at) }
    }

    pub(super) fn stage(&self, book: &Book) -> Stage {
        book.stage(self.weeks)
    }

    pub(super) fn has(&self, number: usize) -> bool {
        self.ticks & bit(number) != 0
    }

    pub(super) fn toggle(&mut self, book: &Book, number: usize) {
        self.ticks ^= bit(number);
        self.worst = self.weigh(book);
    }

    pub(super) fn set(&mut self, book: &Book, number: usize) {
        self.ticks |= bit(number);
        self.worst = self.weigh(book);
    }

    pub(super) fn clear(&mut self, book: &Book, number: usize) {
        self.ticks &= !bit(number);
        self.worst = self.weigh(book);
    }

    /// The worst of the floor and of all ticks, by today's levels.
    fn weigh(&self, book: &Book) -> Level {
        let lists = book.checklists().filter_map(|(_, list, first)| {
            let ticked = ticked(self, list, first).map(|sign| sign.level).max();
            let unsure = if self.has(unsure_bit(list, first)) { worst_row(list, self.stage(book)) } else { None };
            ticked.max(unsure)
        });
        lists.max().unwrap_or(self.floor).max(self.floor)
    }

    /// What was ticked, in the words of the rows.
    pub(super) fn said(&self, book: &Book) -> String {
        let mut said: Vec<String> = Vec::new();
        for (_, list, first) in book.checklists() {
            said.extend(ticked(self, list, first).map(|sign| inside_a_sentence(&sign.label)));
            if self.has(unsure_bit(list, first)) {
                said.push(list.unsure.clone());
            }
        }
        said.join("; ")
    }
}

/// A label begins with a capital, a word inside a sentence does not; a word that is all capitals is a name.
fn inside_a_sentence(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), second) if second.is_none_or(|second| !second.is_uppercase()) => {
            first.to_lowercase().chain(second).chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

fn ticked<'a>(visit: &Visit, list: &'a Checklist, first: u8) -> impl Iterator<Item = &'a Sign> {
    let ticks = visit.ticks;
    (usize::from(first)..).zip(list.signs.values()).filter(move |(number, _)| ticks & bit(*number) != 0).map(|(_, sign)| sign)
}

/// The bit of Not sure: behind those of the rows.
pub(super) fn unsure_bit(list: &Checklist, first: u8) -> usize {
    usize::from(first) + list.signs.len()
}

/// The rows that are asked at a stage, with their bits.
pub(super) fn asked(list: &Checklist, first: u8, stage: Stage) -> impl Iterator<Item = (usize, &String, &Sign)> {
    let numbered = (usize::from(first)..).zip(&list.signs).map(|(number, (key, sign))| (number, key, sign));
    numbered.filter(move |(_, _, sign)| stage.concerns(sign.weeks))
}

fn worst_row(list: &Checklist, stage: Stage) -> Option<Level> {
    asked(list, 0, stage).map(|(_, _, sign)| sign.level).max()
}

/// Where a list leads: past those that ask nothing, and straight to the end once nothing later could be worse.
pub(super) fn onward(book: &Book, from: NodeId, visit: &Visit) -> NodeId {
    let stage = visit.stage(book);
    let mut lists = Vec::new();
    let mut at = from;
    // A ring of lists would never end; no walk visits more lists than there are pages.
    for _ in 0..book.len() {
        match &book.node(at).kind {
            Kind::Checklist(list) => {
                lists.push((at, worst_row(list, stage)));
                at = list.then;
            }
            _ => break,
        }
    }
    let worse = lists.iter().find(|(list, worst)| *list != from && worst.is_some_and(|worst| worst > visit.worst));
    if worse.is_none() { at } else { next_asking(&lists, from).unwrap_or(at) }
}

fn next_asking(lists: &[(NodeId, Option<Level>)], from: NodeId) -> Option<NodeId> {
    lists.iter().find(|(list, worst)| *list != from && worst.is_some()).map(|(list, _)| *list)
}

/// The advice of an outcome for the worst sign.
pub(super) fn advice(worst: &[NodeId; 5], level: Level) -> NodeId {
    worst[level as usize]
}
