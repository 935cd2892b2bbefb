//! Which turns lead to help: what no limit may hold back.
//!
//! Never here: the limit itself, or what is said instead.

use super::book::{Book, Kind, NodeId};
use super::turn::{Effect, Screen, View};
use super::understand::Goal;

/// Whether what a turn does shows help, asks for it, or suggests it: advice, everything that asks before advice, and suggestions among
/// which one of these is.
pub fn leads_to_help(book: &Book, effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Show(screen) | Effect::Send(screen) => shows_help(book, screen),
        Effect::After { .. } | Effect::Erase(_) | Effect::Rate { .. } | Effect::Export | Effect::Leaflet | Effect::Forget => {
            false
        }
    })
}

fn shows_help(book: &Book, screen: &Screen) -> bool {
    let suggested: &[Goal] = match &screen.view {
        View::Phrase(_, goals) => goals,
        _ => &[],
    };
    let suggested = suggested.iter().chain(&screen.also).any(|goal| matches!(goal, Goal::Page(page) if is_help(book, *page)));
    suggested || (screen.view == View::Whole && is_help(book, screen.node))
}

fn is_help(book: &Book, page: NodeId) -> bool {
    let asks_or_tells =
        matches!(book.node(page).kind, Kind::Advice { .. } | Kind::Question { .. } | Kind::Weeks { .. } | Kind::Checklist(_));
    // What ends the weekly tips is a loss: nobody who writes of one is left without an answer.
    asks_or_tells || book.help() == Some(page) || book.node(page).ends_weekly
}
