//! How long a step takes on the shipped book, and how long the book takes to load and check.
//!
//! Run with `cargo bench --bench core`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::hint::black_box;
use std::path::Path;

use backcare::dialogue::Facility;
use backcare::dialogue::{Book, Button, Effect, Event, Input, Press, Reader, step};
use backcare::places::{Facilities, NEAREST};
use backcare::render;
use divan::Bencher;

#[path = "../tests/shipped/mod.rs"]
mod shipped;

fn main() {
    divan::main();
}

fn input(event: Event) -> Input {
    Input { at: shipped::noon(), event }
}

fn token(book: &Book, page: &str) -> String {
    let at = book.find(page).unwrap_or_else(|| panic!("the shipped book has no page {page}"));
    Button::open(book.hash(at)).token()
}

/// The tokens on a page, as a reader would press them.
fn keys(book: &Book, event: Event) -> Vec<String> {
    let turn = step(book, Reader::default(), &input(event));
    let [Effect::Show(screen) | Effect::Send(screen)] = turn.effects.as_slice() else { panic!("one screen") };
    let page = book.compose(screen, &turn.reader);
    let tokens = page.rows.into_iter().flatten().filter_map(|key| match key.press {
        Press::Token(token) => Some(token),
        Press::Url(_) | Press::Share { .. } => None,
    });
    tokens.collect()
}

#[divan::bench]
fn step_to_a_page(bencher: Bencher) {
    let book = shipped::book();
    let input = input(Event::Pressed(token(book, "lifting")));
    bencher.bench(|| step(book, Reader::default(), black_box(&input)));
}

#[divan::bench]
fn step_ticks_a_sign(bencher: Bencher) {
    let book = shipped::book();
    let row = keys(book, Event::Pressed(token(book, "baby-signs"))).remove(0);
    let input = input(Event::Pressed(row));
    bencher.bench(|| step(book, Reader::default(), black_box(&input)));
}

#[divan::bench]
fn step_with_a_token_of_no_book(bencher: Bencher) {
    let input = input(Event::Pressed("?".repeat(64)));
    bencher.bench(|| step(shipped::book(), Reader::default(), black_box(&input)));
}

#[divan::bench]
fn step_of_twenty_words(bencher: Bencher) {
    let words = "hello i was wondering how i should sleep at night now because my back and my hips hurt so much lately";
    let input = input(Event::Said { words: words.to_owned(), message: 1 });
    bencher.bench(|| step(shipped::book(), Reader::default(), black_box(&input)));
}

/// The limit of one message is four thousand characters; this is what somebody could send who does not keep to it.
#[divan::bench(sample_count = 20)]
fn understand_a_megabyte(bencher: Bencher) {
    let text = "hello i was wondering how i should sleep at night now because my back and my hips hurt so much ".repeat(11_000);
    bencher.bench(|| shipped::book().index().read(black_box(&text)));
}

#[divan::bench]
fn compose_and_render_a_checklist(bencher: Bencher) {
    let book = shipped::book();
    let turn = step(book, Reader::default(), &input(Event::Pressed(token(book, "baby-signs"))));
    let [Effect::Show(screen)] = turn.effects.as_slice() else { panic!("one screen") };
    bencher.bench(|| render::telegram(&book.compose(black_box(screen), &turn.reader), &|_, _| None));
}

#[divan::bench(sample_count = 50)]
fn load_and_check_the_shipped_book() {
    let dialogues = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues");
    let (book, _) = backcare::lint::check_dir(&dialogues);
    assert!(book.is_some());
}

/// All over the earth, in an order that has nothing to do with where they are.
fn facilities(count: u32) -> Facilities {
    let mut state = 1u64;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from((state >> 33) % most).expect("below the most")
    };
    let facility = |number: u32| Facility {
        name: number.to_string(),
        kind: String::new(),
        latitude: below(180_000_000) - 90_000_000,
        longitude: below(360_000_000) - 180_000_000,
        phone: None,
        link: None,
    };
    Facilities::new((0..count).map(facility).collect())
}

#[divan::bench]
fn nearest_five_of_100_000_services(bencher: Bencher) {
    let facilities = facilities(100_000);
    bencher.bench(|| facilities.nearest(black_box(51.5), black_box(-0.12), NEAREST));
}
