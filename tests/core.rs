//! Properties of the core, on the shipped book: whatever comes in, an answer goes out that Telegram would take.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::sync::Arc;

use backcare::dialogue::book::Data;
use backcare::dialogue::button::{Deed, TOKEN_BYTES, Trail, Visit};
use backcare::dialogue::guided::{Cue, SLOWEST, Spot};
use backcare::dialogue::weekly::Act;
use backcare::dialogue::words::FormText;
use backcare::dialogue::{
    Book, Button, Effect, Event, Facility, HIGHEST, Hash, Input, Kind, Level, Located, Near, Page, PageAct, Press, Reader,
    Screen, View, step,
};
use backcare::render;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

mod shipped;

/// What Telegram refuses, as its documentation states the limits.
fn accepts(page: &Page) -> Result<(), String> {
    let units = render::units(&page.text.words);
    if page.text.words.trim().is_empty() || units > render::TEXT_UNITS {
        return Err(format!("a text of {units} units"));
    }
    if page.text.marks.len() > 100 || page.rows.iter().map(Vec::len).sum::<usize>() > 100 {
        return Err("too many entities or buttons".to_owned());
    }
    for mark in &page.text.marks {
        if mark.from >= mark.to || page.text.words.get(mark.from..mark.to).is_none() {
            return Err(format!("a mark that covers nothing: {mark:?}"));
        }
    }
    for row in &page.rows {
        if row.is_empty() || row.len() > 8 {
            return Err(format!("a row of {}", row.len()));
        }
        for key in row {
            match &key.press {
                _ if key.label.trim().is_empty() => return Err("a button without a label".to_owned()),
                Press::Token(token) if token.is_empty() || token.len() > TOKEN_BYTES => return Err(format!("token {token}")),
                Press::Url(url) if !url.starts_with("http") => return Err(format!("address {url}")),
                _ => {}
            }
        }
    }
    if page.text.words.contains(['{', '}']) {
        return Err("a brace is left".to_owned());
    }
    Ok(())
}

/// One turn, its answer held against Telegram's limits.
fn answer(book: &Book, reader: Reader, at: Timestamp, event: Event) -> (Reader, Page) {
    let turn = step(book, reader, &Input { at, event: event.clone() });
    let shown = turn.effects.iter().find_map(|effect| match effect {
        Effect::Show(screen) | Effect::Send(screen) => Some(screen),
        Effect::After { .. } | Effect::Erase(_) | Effect::Rate { .. } | Effect::Export | Effect::Leaflet | Effect::Forget => {
            None
        }
    });
    let page = book.compose(shown.unwrap_or_else(|| panic!("no answer to {event:?}")), &turn.reader);
    accepts(&page).unwrap_or_else(|fault| panic!("{fault}\nafter {event:?}:\n{page:?}"));
    (turn.reader, page)
}

fn regions() -> impl Strategy<Value = Reader> {
    let known: Vec<_> = shipped::book().regions().keys().cloned().collect();
    prop_oneof![Just(None), proptest::sample::select(known).prop_map(Some), "[a-z]{2}".prop_map(Some)]
        .prop_map(|region| Reader { region, ..Reader::default() })
}

/// A button of this book as often as one of no book.
fn hashes() -> impl Strategy<Value = Hash> {
    let mut known: Vec<Hash> = Vec::new();
    for (_, id, node) in shipped::book().nodes() {
        known.push(Hash::of(id));
        match &node.kind {
            Kind::Question { answers, .. } => known.extend(answers.keys().map(|key| Hash::of(key))),
            Kind::Weeks { answers, .. } => known.extend(answers.keys().map(|key| Hash::of(key))),
            Kind::Checklist(list) => known.extend(list.signs.keys().map(|key| Hash::of(key))),
            _ => {}
        }
    }
    known.extend(shipped::book().rating().into_iter().flat_map(|rating| rating.missing.keys().map(|id| Hash::of(id))));
    for (id, region) in shipped::book().regions() {
        known.push(Hash::of(id));
        known.extend(region.zones.keys().map(|zone| Hash::of(zone)));
    }
    known.extend(shipped::book().tips().into_iter().flat_map(|tips| tips.tips.keys().map(|tip| Hash::of(tip))));
    prop_oneof![4 => proptest::sample::select(known), 1 => any::<u32>().prop_map(Hash)]
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Yes),
        Just(Act::No),
        hashes().prop_map(Act::Country),
        hashes().prop_map(Act::Zone),
        proptest::sample::select(FormText::ALL).prop_map(Act::See),
        (0..7u8).prop_map(Act::Day),
        (0..24u8).prop_map(Act::Hour),
        (0..9u8).prop_map(Act::Pause),
        Just(Act::ForgetWeek),
        Just(Act::Stop),
    ]
}

fn guides() -> impl Strategy<Value = Deed> {
    let cues = proptest::sample::select(&Cue::ALL[..]);
    (cues, any::<u8>(), any::<u8>(), any::<u16>(), 0..=SLOWEST)
        .prop_map(|(cue, step, repetition, second, pace)| Deed::Guide { cue, spot: Spot { step, repetition, second, pace } })
}

fn page_acts() -> impl Strategy<Value = PageAct> {
    prop_oneof![
        Just(PageAct::Save),
        Just(PageAct::Unsave),
        Just(PageAct::Choose),
        hashes().prop_map(PageAct::TakeOut),
        (1..=HIGHEST, any::<bool>()).prop_map(|(value, end)| PageAct::Rate { value, end }),
        any::<bool>().prop_map(|end| PageAct::Unrate { end }),
        (hashes(), any::<bool>()).prop_map(|(choice, end)| PageAct::Missing { choice, end }),
        (hashes(), hashes()).prop_map(|(tip, choice)| PageAct::MissingInTip { tip, choice }),
        Just(PageAct::Finish),
    ]
}

fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Open),
        (hashes(), 0..3u8).prop_map(|(key, edition)| Deed::Answer { key, edition }),
        hashes().prop_map(|sign| Deed::Tick { sign }),
        Just(Deed::Done),
        Just(Deed::Unsure),
        any::<u8>().prop_map(Deed::Step),
        guides(),
        hashes().prop_map(Deed::Region),
        Just(Deed::More),
        page_acts().prop_map(Deed::OnPage),
        any::<u32>().prop_map(|typed| Deed::Hide { typed }),
        acts().prop_map(Deed::Form),
        (hashes(), any::<bool>(), any::<bool>()).prop_map(|(tip, helpful, last)| Deed::Rate { tip, helpful, last }),
    ]
}

fn visits() -> impl Strategy<Value = Visit> {
    let now = u32::try_from(shipped::noon().as_second() / 3600).unwrap();
    let levels = || proptest::sample::select(&Level::ALL[..]);
    let prints = prop_oneof![3 => Just(shipped::book().fingerprint()), 1 => any::<u32>()];
    let hours = prop_oneof![3 => Just(now), 1 => 0..(1u32 << 24)];
    let gate = proptest::option::of(hashes());
    (hours, prints, any::<u8>(), levels(), levels(), gate, any::<u128>()).prop_map(
        |(hour, fingerprint, weeks, floor, worst, gate, ticks)| Visit { hour, fingerprint, weeks, floor, worst, gate, ticks },
    )
}

fn buttons() -> impl Strategy<Value = Button> {
    let trails =
        (proptest::option::of(hashes()), proptest::option::of(visits())).prop_map(|(onto, visit)| Trail { onto, visit });
    (deeds(), hashes(), any::<bool>(), trails).prop_map(|(deed, page, kept, trail)| Button { deed, page, kept, trail })
}

/// The longest values that a list of services may have.
fn nearby() -> impl Strategy<Value = Near> {
    let link = "https://example[a-z/]{0,985}";
    let places =
        ("\\PC{1,120}", "\\PC{0,80}", -90_000_000..=90_000_000, -180_000_000..=180_000_000, proptest::option::of(link));
    (places, 0..20_100_000u32).prop_map(|((name, kind, latitude, longitude, link), metres)| {
        // A brace of the operator's own is no forgotten placeholder, but looks like one to the test.
        let [name, kind] = [name, kind].map(|words: String| words.replace(['{', '}'], "("));
        let phone = Some("+44 20 7946 0101".to_owned());
        Near { facility: Arc::new(Facility { name, kind, latitude, longitude, phone, link }), metres }
    })
}

/// Any old thing that can arrive.
fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => buttons().prop_map(|button| Event::Pressed(button.token())),
        1 => buttons().prop_map(|button| Event::Ticked(button.token())),
        1 => "\\PC{0,64}".prop_map(Event::Pressed),
        1 => proptest::collection::vec(any::<u8>(), 0..64).prop_map(|bytes| Event::Pressed(String::from_utf8_lossy(&bytes).into_owned())),
        1 => ("\\PC{0,200}", any::<u32>()).prop_map(|(words, message)| Event::Said { words, message }),
        1 => "(/[a-z]{0,12}(@[a-z]{0,8})?( \\PC{0,70})?)".prop_map(|words| Event::Said { words, message: 0 }),
        1 => proptest::option::of("[A-Za-z0-9_-]{0,64}").prop_map(Event::Started),
        1 => Just(Event::Unreadable),
        1 => (proptest::option::of("[A-Za-z]{1,9}/[A-Za-z_]{1,9}"), proptest::collection::vec(nearby(), 0..6))
            .prop_map(|(zone, nearest)| Event::Located(Located { zone, nearest })),
    ]
}

/// Whether an event is somebody's yes to a question.
fn answers(event: &Event) -> bool {
    let Event::Pressed(token) = event else { return false };
    matches!(Button::from_token(token), Some(Button { deed: Deed::Answer { .. }, .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_button_survives_its_token(button in buttons()) {
        let token = button.token();
        prop_assert!(token.len() <= TOKEN_BYTES, "{} bytes", token.len());
        prop_assert_eq!(Button::from_token(&token), Some(button));
    }

    #[test]
    fn a_token_means_one_thing_or_nothing(token in "1?[A-Za-z0-9_=-]{0,66}") {
        if let Some(button) = Button::from_token(&token) {
            prop_assert_eq!(button.token(), token);
        }
    }

    #[test]
    fn anything_in_any_order_gets_an_answer(reader in regions(), events in proptest::collection::vec((events(), 0..72i64), 1..12)) {
        let (mut reader, mut at) = (reader, shipped::noon());
        for (event, hours) in events {
            (reader, _) = answer(shipped::book(), reader, at, event);
            at += SignedDuration::from_hours(hours);
        }
    }

    /// Nothing is deleted but by an answer; then nothing of the turn is remembered, and the page that says so is shown. Of a stranger not
    /// even the day is.
    #[test]
    fn nobody_is_forgotten_unasked(reader in regions(), event in events()) {
        let book = shipped::book();
        let turn = step(book, reader, &Input { at: shipped::noon(), event: event.clone() });
        let deletes = |screen: &Screen| screen.view == View::Whole && book.node(screen.node).data() == Some(Data::Deleted);
        let shown = turn.effects.iter().any(|effect| matches!(effect, Effect::Show(s) | Effect::Send(s) if deletes(s)));
        let forgets = turn.effects.contains(&Effect::Forget);
        prop_assert_eq!(forgets, shown);
        prop_assert!(!forgets || (answers(&event) && turn.reader == Reader::default()), "{:?}", event);
        prop_assert!(turn.reader.seen.is_none() || !turn.reader.is_stranger());
    }

    /// Presses only what is on the screen, at random, for a long time: each screen leads on.
    #[test]
    fn no_walk_by_buttons_ends(reader in regions(), presses in proptest::collection::vec(any::<prop::sample::Index>(), 1..60)) {
        let (mut reader, mut page) = answer(shipped::book(), reader, shipped::noon(), Event::Started(None));
        for press in presses {
            let tokens: Vec<_> = page.rows.iter().flatten().filter_map(|key| match &key.press {
                Press::Token(token) => Some(token.clone()),
                Press::Url(_) | Press::Share { .. } => None,
            }).collect();
            prop_assert!(!tokens.is_empty(), "no way on from {:?}", page.text.words);
            (reader, page) = answer(shipped::book(), reader, shipped::noon(), Event::Pressed(press.get(&tokens).clone()));
        }
    }

    /// The worst of all ticks decides, whatever else is ticked beside it and however stale the memory is.
    #[test]
    fn the_worst_never_falls(visit in visits(), deed in prop_oneof![Just(Deed::Done), Just(Deed::Unsure)], list in any::<prop::sample::Index>()) {
        let book = shipped::book();
        let lists: Vec<_> = book.checklists().map(|(at, _, _)| at).collect();
        let fresh = visit.fingerprint == book.fingerprint();
        let button = Button { deed, page: book.hash(*list.get(&lists)), kept: false, trail: Trail { onto: None, visit: Some(visit.clone()) } };
        let turn = step(book, Reader::default(), &Input { at: shipped::noon(), event: Event::Pressed(button.token()) });
        let [Effect::Show(Screen { node, trail, .. })] = turn.effects.as_slice() else { panic!("{:?}", turn.effects) };
        let after = trail.visit.as_ref().map(|visit| visit.worst);
        prop_assert!(after >= Some(visit.floor));
        if !fresh {
            prop_assert!(after >= Some(visit.worst), "a level of an older book was forgotten");
        }
        if let Kind::Advice { level, .. } = &book.node(*node).kind {
            prop_assert_eq!(Some(*level), after);
        }
    }
}

/// By a link, by a button, by a name it had before: the question comes first, and its answer deletes whatever this turn knew.
#[test]
fn what_is_deleted_is_asked_about_however_it_is_come_to() {
    let book = shipped::book();
    let (page, question) = (book.find("forgotten").unwrap(), book.find("forget").unwrap());
    let reader = Reader { region: Some("gb".into()), ..Reader::default() };
    let open = Button::open(book.hash(page)).token();
    for event in [Event::Started(Some("forgotten".into())), Event::Pressed(open)] {
        let turn = step(book, reader.clone(), &Input { at: shipped::noon(), event });
        let [Effect::Show(screen) | Effect::Send(screen)] = turn.effects.as_slice() else { panic!("{:?}", turn.effects) };
        assert_eq!((screen.node, turn.reader.region.as_deref()), (question, Some("gb")));
    }
    let press = |key: &str| {
        let deed = Deed::Answer { key: Hash::of(key), edition: 1 };
        let event = Event::Pressed(Button { deed, ..Button::open(book.hash(question)) }.token());
        step(book, reader.clone(), &Input { at: shipped::noon(), event })
    };
    assert_eq!(press("keep").effects.len(), 1);
    let turn = press("delete");
    let [Effect::Show(screen), Effect::Forget] = turn.effects.as_slice() else { panic!("{:?}", turn.effects) };
    assert_eq!((screen.node, turn.reader), (page, Reader::default()));
}

#[test]
fn every_page_composes_for_every_region() {
    let book = shipped::book();
    let regions = book.regions().keys().cloned().map(Some).chain([None]);
    for region in regions {
        for (at, id, _) in book.nodes() {
            let reader = Reader { region: region.clone(), ..Reader::default() };
            let (_, page) = answer(book, reader, shipped::noon(), Event::Pressed(Button::open(book.hash(at)).token()));
            assert!(!page.rows.is_empty(), "{id} leads nowhere");
        }
    }
}

#[test]
fn a_megabyte_of_anything_is_answered() {
    for words in ["a".repeat(1 << 20), "🩸".repeat(1 << 18), "i feel ".repeat(150_000), "\u{202e}".repeat(1 << 19)] {
        answer(shipped::book(), Reader::default(), shipped::noon(), Event::Said { words, message: 7 });
    }
}
