//! The proofs of the book's rules: what holds is not called broken, what is broken is shown, and nothing was left untried.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use backcare::dialogue::{Book, Button, Effect, Event, Input, Kind, Press, Reader, Screen, View, step};
use backcare::lint::proof::{MOST, Ways};
use backcare::lint::{self, Checked};
use backcare::source::Report;
use backcare::walk::Walk;
use proptest::prelude::*;

mod shipped;

fn ways() -> &'static Ways<'static> {
    static WAYS: OnceLock<Ways<'static>> = OnceLock::new();
    WAYS.get_or_init(|| Ways::all(shipped::book(), MOST))
}

// --- what the shipped book promises --------------------------------------------------------------------------------------------------

/// The pace that a reader in pain was promised stands in the book itself, where nobody takes it out unseen.
#[test]
fn the_shipped_book_promises_its_pace_and_keeps_it() {
    let front = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues/book.yaml")).unwrap();
    for promise in [
        "within: {page: doctor, taps: 2}",
        "always: {from: doctor, ends_in: {kind: advice}}",
        "never: {after: {advice: emergency}, offers: {kind: steps}}",
        "budget: {from: home, to: tips, taps: 1, screens: 2}",
        "budget: {from: home, to: hurts-now, taps: 1, screens: 2}",
        "budget: {from: home, to: {advice: emergency}, taps: 2, screens: 3}",
        "budget: {from: home, to: {advice: now}, taps: 5, screens: 5}",
        "budget: {from: home, to: {advice: self-care}, taps: 6, screens: 7}",
        "budget: {from: home, to: {kind: steps}, taps: 3}",
        "budget: {from: home, to: {weekly: on}, taps: 2, region: gb}",
        "budget: {from: home, to: {weekly: on}, taps: 3, region: unknown}",
        "budget: {from: {weekly: tip}, to: {weekly: off}, taps: 1}",
    ] {
        assert!(front.contains(&format!("- {promise}")), "the book no longer promises {promise}");
    }
    let Checked { report, proof, .. } = lint::examine(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"), None);
    assert_eq!(report.to_string(), "");
    let proof = proof.expect("something was proved");
    assert!(proof.rules >= 12 && proof.screens > shipped::book().len() * 2 && proof.taps > proof.screens, "{proof:?}");
}

// --- nothing is left untried -----------------------------------------------------------------------------------------------------------

fn shown(book: &Book, reader: &Reader, event: Event) -> Option<(Screen, Reader)> {
    let turn = step(book, reader.clone(), &Input { at: shipped::noon(), event });
    let screen = turn.effects.into_iter().find_map(|effect| match effect {
        Effect::Show(screen) | Effect::Send(screen) => Some(screen),
        Effect::After { .. } | Effect::Erase(_) | Effect::Rate { .. } | Effect::Export | Effect::Leaflet | Effect::Forget => {
            None
        }
    })?;
    Some((screen, turn.reader))
}

/// How many rows of its list a screen has ticked.
fn ticks(book: &Book, screen: &Screen) -> u32 {
    let Kind::Checklist(list) = &book.node(screen.node).kind else { return 0 };
    let rows = (1u128 << (list.signs.len() + 1)) - 1;
    screen.trail.visit.as_ref().map_or(0, |visit| (visit.ticks >> book.first_tick(screen.node) & rows).count_ones())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// Whoever taps at random, several rows of a list ticked and unticked, back and forth, from any page: each screen is one that the
    /// proof has tried. A list with several rows ticked is met again, as itself, behind its Done.
    #[test]
    fn random_taps_come_to_nothing_untried(from in any::<prop::sample::Index>(), taps in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..60)) {
        let book = shipped::book();
        let pages: Vec<&str> = book.nodes().filter(|(_, _, node)| !matches!(node.kind, Kind::Outcome { .. })).map(|(_, id, _)| id).collect();
        let (mut screen, mut reader) = shown(book, &Reader::default(), Event::Started(Some(from.get(&pages).to_string()))).unwrap();
        let mut walk = vec![format!("> /start {}", from.get(&pages))];
        for (tap, prefer_ticks) in taps {
            let page = book.compose(&screen, &reader);
            let mut tokens: Vec<String> = page.rows.into_iter().flatten().filter_map(|key| match key.press {
                Press::Token(token) => Some(token),
                Press::Url(_) | Press::Share { .. } => None,
            }).collect();
            let is_tick = |token: &String| matches!(Button::from_token(token).unwrap().deed, backcare::dialogue::button::Deed::Tick { .. });
            if prefer_ticks && tokens.iter().any(is_tick) {
                tokens.retain(is_tick);
            }
            if tokens.is_empty() {
                break;
            }
            let labels = book.compose(&screen, &reader).rows.into_iter().flatten();
            walk.extend(labels.filter(|key| key.press == Press::Token(tap.get(&tokens).clone())).map(|key| format!("[{}]", key.label)));
            let Some((next, after)) = shown(book, &reader, Event::Pressed(tap.get(&tokens).clone())) else { break };
            (screen, reader) = (next, after);
            if ticks(book, &screen) <= 1 {
                prop_assert!(ways().knows(&screen, &reader), "{} {:?}\n{}", book.name(screen.node), screen.trail, walk.join("\n"));
            }
        }
    }
}

/// What stands on the list depends on the reader, so it is tried both ways, and the way to a full one can be walked.
#[test]
fn the_list_of_saved_pages_is_tried_empty_and_full() {
    let (book, ways) = (shipped::book(), ways());
    let lists = || (0..ways.states.len()).filter(|at| Some(ways.states[*at].screen.node) == book.saved_page());
    let full = |at: &usize| book.saved(&ways.states[*at].reader).next().is_some();
    let taking_out = lists().find(|at| ways.states[*at].screen.view == View::TakeOut).expect("pages can be taken out");
    assert!(lists().any(|at| full(&at)) && lists().any(|at| !full(&at)));
    let walk = ways.walk_to(taking_out).join("\n");
    Walk::read(&walk).play(book, shipped::noon()).unwrap_or_else(|strayed| panic!("{strayed}"));
    let emptied = ways.states[taking_out].edges.iter().find(|edge| !full(&edge.to));
    assert!(emptied.is_some_and(|edge| Some(ways.states[edge.to].screen.node) == book.saved_page()), "the last one goes");
}

// --- what is broken is shown -----------------------------------------------------------------------------------------------------------

/// A book of these pages and rules.
fn checked(rules: &str, pages: &str) -> Report {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/base");
    let read = |name: &str| fs::read_to_string(base.join(name)).unwrap();
    let front = format!("{}rules:\n{rules}", read("book.yaml").replace("home: home", "home: start"));
    let pages = format!(
        "source: house\nstart:\n  title: Start\n  text: Hello\n  links: [help, first]\nhelp:\n  title: Help\n  advice: now\n  text: Call\n{pages}"
    );
    let files = [("book.yaml", front), ("words.yaml", read("words.yaml")), ("pages.yaml", pages)];
    lint::check_files(files.map(|(name, text)| (name.to_owned(), text)).into()).1
}

fn broken(rules: &str, pages: &str) -> Vec<(String, String)> {
    let report = checked(rules, pages);
    let broken = report.findings().iter().filter(|finding| finding.rule.name == "rule-broken");
    broken.map(|finding| (finding.message.clone(), finding.walk.clone().unwrap_or_default())).collect()
}

const QUESTION: &str =
    "first:\n  title: First\n  question: Which?\n  answers:\n    a: {label: A, goto: second}\n    b: {label: B, goto: help}\n";
const ALWAYS: &str = "  - always: {from: first, ends_in: {kind: advice}}\n";

#[test]
fn a_path_that_ends_in_advice_holds() {
    let pages = format!("{QUESTION}second:\n  title: Second\n  question: And?\n  answers:\n    c: {{label: C, goto: help}}\n");
    assert_eq!(broken(ALWAYS, &pages), []);
}

#[test]
fn a_path_that_ends_elsewhere_is_shown() {
    let pages = format!("{QUESTION}second:\n  title: Second\n  text: Nothing more.\n");
    let broken = broken(ALWAYS, &pages);
    assert_eq!(broken[0].0, "A walk from `first` ends at `second`.");
    assert_eq!(broken[0].1, "> /start\n[First]\n[A]\nNothing more.");
}

#[test]
fn a_path_that_goes_home_without_advice_is_shown() {
    let pages = format!("{QUESTION}second:\n  title: Second\n  text: Enough.\n  links: [start, help]\n");
    assert_eq!(broken(ALWAYS, &pages)[0].0, "A walk from `first` ends at `second`.");
}

#[test]
fn a_ring_without_an_end_is_shown() {
    let ring = "second:\n  title: Second\n  question: Again?\n  answers:\n    c: {label: C, goto: third}\nthird:\n  title: Third\n  question: And again?\n  answers:\n    d: {label: D, goto: second}\n";
    assert_eq!(broken(ALWAYS, &format!("{QUESTION}{ring}"))[0].0, "A walk from `first` ends at `second`.");
}

/// A page that was taken back offers help and the menu, and that is no advice.
#[test]
fn a_triage_with_a_page_taken_back_does_not_end_in_advice() {
    let pages = format!(
        "{QUESTION}second:\n  title: Second\n  withdrawn: It was wrong.\n  question: And?\n  answers:\n    c: {{label: C, goto: third}}\nthird:\n  title: Third\n  question: Well?\n  answers:\n    d: {{label: D, goto: help}}\n"
    );
    assert_eq!(broken(ALWAYS, &pages)[0].0, "A walk from `first` ends at `second`.");
}

const LISTS: &str = "first:
  title: First
  checklist: Any?
  signs:
    mild: {label: Mild, level: soon}
    grave: {label: Grave, level: emergency}
  none: None
  unsure: not sure
  then: out
out:
  outcome: {worst: {emergency: call, now: help, today: help, soon: rest, self-care: rest}}
call:
  title: Call
  advice: emergency
  text: Call now
  links: [LINK]
rest:
  title: Rest
  advice: soon
  text: Rest
  links: [stretch]
stretch:
  title: A stretch
  steps: [{text: Reach up}]
  then: start
";
const NEVER: &str = "  - never: {after: {advice: emergency}, offers: {kind: steps}}\n";

/// Each row is tried: the one that leads to an emergency page which offers an exercise is found behind its tick.
#[test]
fn what_must_never_follow_an_emergency_is_found_behind_its_row() {
    assert_eq!(broken(NEVER, &LISTS.replace("LINK", "help")), []);
    let found = broken(NEVER, &LISTS.replace("LINK", "rest"));
    assert_eq!(found[0].0, "After `call` the way to `stretch` is open.");
    assert!(found[0].1.ends_with("[Rest]\n[A stretch]\nStep 1 of 1"), "{}", found[0].1);
    // From home on, another path begins.
    assert_eq!(broken(NEVER, &LISTS.replace("LINK", "start")), []);
}

#[test]
fn a_budget_counts_taps_and_screens_and_a_tick_is_no_screen() {
    let pages = LISTS.replace("LINK", "help");
    let budget = |taps: u32, screens: u32| {
        broken(&format!("  - budget: {{from: start, to: {{advice: emergency}}, taps: {taps}, screens: {screens}}}\n"), &pages)
    };
    assert_eq!(budget(2, 3), [], "Not sure is a short way");
    assert_eq!(budget(1, 3)[0].0, "From `start` it takes 2 taps; the book allows 1.");
    assert_eq!(budget(2, 2)[0].0, "From `start` it takes 3 screens; the book allows 2.");
    let soon = |taps: u32, screens: u32| {
        broken(&format!("  - budget: {{from: first, to: {{advice: soon}}, taps: {taps}, screens: {screens}}}\n"), &pages)
    };
    assert_eq!(soon(2, 2), []);
}

#[test]
fn what_can_not_be_come_to_is_no_budget_kept() {
    let budget = "  - budget: {from: start, to: {kind: steps}, taps: 5}\n";
    assert_eq!(
        broken(budget, "first:\n  title: First\n  text: Hello\n")[0].0,
        "Nothing of the kind can be come to from `start`."
    );
}

/// Far away is what the furthest screen is: here the sources of a page three links deep.
#[test]
fn a_screen_that_is_too_far_is_shown_with_its_way() {
    let pages = "first:\n  title: First\n  alone: true\n  text: One\n  links: [second]\nsecond:\n  title: Second\n  alone: true\n  text: Two\n  links: [third]\nthird:\n  title: Third\n  text: Three\n";
    let within = |taps: u32| broken(&format!("  - within: {{page: help, taps: {taps}}}\n"), pages);
    assert_eq!(within(3), []);
    let found = within(2);
    assert_eq!(found[0].0, "One screen is more than 2 taps from `help`: from `first` it takes 3.");
    assert_eq!(found[0].1, "> /start\n[First]\n[Second]\n[Third]\n[Get help]\nCall");
}

#[test]
fn rules_that_can_not_be_read_are_told() {
    for (rule, told) in [
        ("  - within: {page: nowhere, taps: 2}\n", "There is no page `nowhere`."),
        ("  - within: {page: help}\n", "`taps` is missing."),
        ("  - within: {page: help, taps: many}\n", "`taps` is a whole number from 0 to 50, not `many`."),
        ("  - nevr: {after: help, offers: first}\n", "`nevr` isn't a key of a rule."),
        ("  - never: {after: {advice: dire}, offers: first}\n", "`dire` isn't"),
        ("  - never: {after: {kind: leaflet}, offers: first}\n", "`leaflet` isn't a `kind`."),
        ("  - {within: {page: help, taps: 1}, never: {after: help, offers: first}}\n", "A rule says one thing."),
        ("  - budget: {from: start, to: {weekly: perhaps}, taps: 1}\n", "`perhaps` isn't a `weekly`."),
        ("  - budget: {from: start, to: help, taps: 1, region: moon}\n", "There is no region `moon`."),
    ] {
        let report = checked(rule, "first:\n  title: First\n  text: Hello\n");
        assert!(report.errors() >= 1 && report.to_string().contains(told), "{rule}\n{report}");
    }
}

#[test]
fn a_tip_turns_off_in_one_tap_and_the_proof_has_seen_one() {
    let tip = |state: &&backcare::lint::proof::State| matches!(state.screen.view, View::Tip { .. });
    assert!(ways().states.iter().filter(tip).count() >= 1);
}
