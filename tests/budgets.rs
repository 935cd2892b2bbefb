//! How many taps away things are on the shipped book, by trying every button: the pace that a reader in pain was promised.
//!
//! Routing sees a summary of the memory (weeks, worst level, gate), never single ticks, so screens with the same summary count as one.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::{HashMap, VecDeque};

use backcare::dialogue::button::Visit;
use backcare::dialogue::{Book, Button, Effect, Event, Input, Kind, Level, NodeId, Press, Reader, Screen, View, step};

mod shipped;

type Summary = (NodeId, Option<(u8, Level, bool)>, bool);

fn summary(screen: &Screen) -> Summary {
    let visit = |visit: &Visit| (visit.weeks, visit.worst, visit.gate.is_some());
    (screen.node, screen.trail.visit.as_ref().map(visit), screen.view == View::Sources)
}

/// The screens one tap from here.
fn next(book: &Book, screen: &Screen) -> Vec<Screen> {
    let page = book.compose(screen, &Reader::default());
    let tokens = page.rows.into_iter().flatten().filter_map(|key| match key.press {
        Press::Token(token) => Some(token),
        Press::Url(_) => None,
    });
    let shown = tokens
        .flat_map(|token| step(book, Reader::default(), &Input { at: shipped::noon(), event: Event::Pressed(token) }).effects);
    shown
        .filter_map(|effect| match effect {
            Effect::Show(screen) | Effect::Send(screen) => Some(screen),
            Effect::Erase(_) | Effect::Rate { .. } => None,
        })
        .collect()
}

/// Taps to every screen from one, and the way there.
fn reach(book: &Book, from: Screen) -> HashMap<Summary, (usize, Vec<String>)> {
    reach_while(book, from, |_| true)
}

/// The same, but leading on only from the kinds that are asked for.
fn reach_while(book: &Book, from: Screen, leads_on: impl Fn(&Kind) -> bool) -> HashMap<Summary, (usize, Vec<String>)> {
    let mut found = HashMap::from([(summary(&from), (0, vec![book.name(from.node).to_owned()]))]);
    let mut queue = VecDeque::from([from]);
    while let Some(screen) = queue.pop_front() {
        let (taps, path) = found[&summary(&screen)].clone();
        if !leads_on(&book.node(screen.node).kind) {
            continue;
        }
        for to in next(book, &screen) {
            found.entry(summary(&to)).or_insert_with(|| {
                let path = path.iter().cloned().chain([book.name(to.node).to_owned()]).collect();
                queue.push_back(to.clone());
                (taps + 1, path)
            });
        }
    }
    found
}

fn fewest(book: &Book, found: &HashMap<Summary, (usize, Vec<String>)>, wanted: impl Fn(&Kind) -> bool) -> usize {
    let taps = found.iter().filter(|((node, ..), _)| wanted(&book.node(*node).kind)).map(|(_, (taps, _))| *taps);
    taps.min().expect("it can be reached")
}

#[test]
fn help_of_every_kind_is_as_near_as_promised() {
    let book = shipped::book();
    let found = reach(book, Screen::of(book.home()));
    let advice = |wanted: Level| fewest(book, &found, |kind| matches!(kind, Kind::Advice { level, .. } if *level == wanted));
    assert!(advice(Level::Emergency) <= 2);
    assert!(advice(Level::Now) <= 5);
    assert!(advice(Level::SelfCare) <= 6);
    assert!(fewest(book, &found, |kind| matches!(kind, Kind::Steps(_))) <= 3);
    for (id, most) in [("hurts-now", 1), ("tips", 1)] {
        let at = book.find(id).unwrap();
        assert!(found[&(at, None, false)].0 <= most, "{id}");
    }
}

/// Every page, however it was come by, is at most two taps from the start of the triage or is advice to call for help itself.
#[test]
fn help_is_never_more_than_two_taps_away() {
    let book = shipped::book();
    let help = book.help().expect("the shipped book has help");
    let everything = reach(book, Screen::of(book.home()));
    let from_home = everything.len();
    assert!(from_home > book.len(), "only {from_home} screens were tried");
    for (at, id, node) in book.nodes().filter(|(.., node)| !matches!(node.kind, Kind::Outcome { .. })) {
        // In the triage already, or on the page that says to call now.
        let triage =
            matches!(node.kind, Kind::Weeks { .. } | Kind::Checklist(_) | Kind::Advice { level: Level::Emergency, .. });
        let near = |screen: Screen| next(book, &screen).iter().any(|screen| screen.node == help);
        // As it is really shown: through its gate, or as a form.
        let opened = Event::Pressed(Button::open(book.hash(at)).token());
        let turn = step(book, Reader::default(), &Input { at: shipped::noon(), event: opened });
        let [Effect::Show(screen)] = turn.effects.as_slice() else { panic!("{id}") };
        let helps = triage || at == help || near(screen.clone()) || next(book, screen).into_iter().any(near);
        assert!(helps, "from {id}, help is further than two taps");
    }
}

/// However the lists are answered, the triage ends in advice: there is a way to it from every screen of it.
#[test]
fn every_way_through_the_triage_ends_in_advice() {
    let book = shipped::book();
    let triage = |kind: &Kind| matches!(kind, Kind::Question { .. } | Kind::Weeks { .. } | Kind::Checklist(_));
    let found = reach_while(book, Screen::of(book.help().unwrap()), triage);
    for (screen, (_, path)) in &found {
        if let Kind::Weeks { .. } | Kind::Checklist(_) = book.node(screen.0).kind {
            let mut at = Screen::of(screen.0);
            at.trail.visit = screen.1.map(|(weeks, worst, _)| Visit {
                hour: u32::try_from(shipped::noon().as_second() / 3600).unwrap(),
                fingerprint: book.fingerprint(),
                weeks,
                floor: worst,
                worst,
                gate: None,
                ticks: 0,
            });
            let ends = reach_while(book, at, triage);
            assert!(ends.keys().any(|(node, ..)| matches!(book.node(*node).kind, Kind::Advice { .. })), "{path:?}");
        }
    }
    assert!(found.len() > 50, "only {} screens were tried", found.len());
}

#[test]
fn no_page_is_wider_than_a_thumb_finds_its_way() {
    let book = shipped::book();
    for (at, id, node) in book.nodes() {
        let (Kind::Page { .. } | Kind::Advice { .. }) = &node.kind else { continue };
        let page = book.compose(&Screen::of(at), &Reader::default());
        let footer = usize::from(!node.alone && at != book.home());
        let own = page.rows.len() - footer.min(page.rows.len());
        assert!(own <= 3, "{id} has {own} rows of its own");
        let buttons: usize = page.rows.iter().take(own).map(Vec::len).sum();
        assert!(buttons <= 5, "{id} has {buttons} buttons of its own");
        assert!(page.rows.iter().all(|row| row.len() <= 3), "{id} has a row of more than three");
    }
}
