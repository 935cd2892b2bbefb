//! Screens that say or offer something else: each page of the old book by the shortest walk to it, and what the same taps show today.

use std::collections::HashSet;

use crate::dialogue::{Book, Button, Effect, Event, Input, Kind, Page, Press, Reader, Screen, View, step};
use crate::lint::proof::{MOST, Ways};
use crate::render;
use crate::walk::noon;

/// A screen before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageChange {
    pub page: String,
    /// The lines of a walk to it, as it is today's readers' last time.
    pub walk: Vec<String>,
    /// What it said, its buttons in brackets under it.
    pub before: String,
    pub after: String,
}

pub fn changed(old: &Book, new: &Book) -> Vec<PageChange> {
    let ways = Ways::all(old, MOST);
    let mut order: Vec<usize> = (0..ways.states.len()).collect();
    let lines = |at: usize| ways.beginning(at).len() + ways.states[at].depth as usize;
    order.sort_by_key(|at| (lines(*at), *at));
    let mut seen = HashSet::new();
    let mut changed = Vec::new();
    for at in order {
        let state = &ways.states[at];
        // Each screen of a page once: what was ticked on the way changes only what is said back.
        let Some(view) = authored(&state.screen.view) else { continue };
        if !seen.insert((state.screen.node, view)) {
            continue;
        }
        let before = told(&ways.page(at));
        let Some(after) = today(old, new, &state.screen, &state.reader) else { continue };
        if before != after {
            let page = old.name(state.screen.node).to_owned();
            changed.push(PageChange { page, walk: ways.walk_to(at), before, after });
        }
    }
    changed
}

/// The screens that authors write; `None` for those that only repeat what stands elsewhere.
fn authored(view: &View) -> Option<(u8, u8)> {
    match view {
        View::Whole => Some((0, 0)),
        View::Step(step) => Some((1, *step)),
        View::Form(text) => Some((2, *text as u8)),
        View::Guided { .. }
        | View::Sources
        | View::TakeOut
        | View::Missing { .. }
        | View::Tip { .. }
        | View::Nearest(_)
        | View::Phrase(..) => None,
    }
}

/// What the new book shows where the old one showed a screen; `None` where it is gone, which is told elsewhere.
fn today(old: &Book, new: &Book, screen: &Screen, reader: &Reader) -> Option<String> {
    let hash = old.hash(screen.node);
    let node = new.by_hash(hash)?;
    let shown = match screen.view {
        // Where a walk stood before a gate or in a triage is carried over; the ticks mean the same if the lists are the same.
        View::Whole if matches!(old.node(screen.node).kind, Kind::Weekly | Kind::Outcome { .. }) => return None,
        View::Whole if screen.trail.visit.is_none() => {
            let event = Event::Pressed(Button { trail: screen.trail.clone(), ..Button::open(hash) }.token());
            let turn = step(new, reader.clone(), &Input { at: noon(), event });
            turn.effects.into_iter().find_map(Effect::screen)?
        }
        _ => Screen { node, ..screen.clone() },
    };
    // A page that has got a gate shows the gate: the page itself is compared.
    let shown = if shown.node == node { shown } else { Screen { node, ..screen.clone() } };
    Some(told(&new.compose(&shown, reader)))
}

/// A page as text: bold and links seen, buttons in their rows.
fn told(page: &Page) -> String {
    let mut told = render::written(&page.text);
    for row in &page.rows {
        let row: Vec<String> = row
            .iter()
            .map(|key| match &key.press {
                Press::Url(url) => format!("[{}]({url})", key.label),
                Press::Share { page, .. } => format!("[{}]({page})", key.label),
                Press::Token(_) => format!("[{}]", key.label),
            })
            .collect();
        told.push('\n');
        told.push_str(&row.join(" "));
    }
    told
}
