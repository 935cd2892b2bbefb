//! Walks for what none reaches: the shortest way to each page and answer, an example of each sign, each tip; played once, so that they
//! say what is said today.

use super::{Coverage, Named};
use crate::dialogue::button::Deed;
use crate::dialogue::safety::Select;
use crate::dialogue::{Book, Button, Hash, Kind, NodeId, Press};
use crate::lint::proof::{Edge, MOST, Via, Ways};
use crate::walk::{Chat, Recording, Walk, noon};

/// A walk for each page, answer, sign and tip that was missed, in that order. What a walk to another one passes gets none of its own.
pub fn fill(book: &Book, coverage: &Coverage) -> Vec<Named> {
    let ways = Ways::all(book, MOST);
    let mut walks = Vec::new();
    let mut found = super::Reached::default();
    for page in coverage.missed("pages") {
        let Some(node) = book.find(page).filter(|_| !found.pages.contains(page)) else { continue };
        let Some(lines) = to_page(&ways, node) else { continue };
        walks.extend(played(book, &format!("page-{page}"), &format!("The page {page}"), &lines, &mut found));
    }
    for answer in coverage.missed("answers") {
        let Some((page, key)) = answer.split_once('.').filter(|_| !found.answers.contains(answer)) else { continue };
        let Some(lines) = book.find(page).and_then(|page| to_answer(&ways, page, key)) else { continue };
        let about = format!("The answer {key} of {page}");
        walks.extend(played(book, &format!("answer-{page}-{key}"), &about, &lines, &mut found));
    }
    for sign in coverage.missed("signs") {
        let Some(example) = example(book, sign).filter(|_| !found.signs.contains(sign)) else { continue };
        let lines = [format!("> {example}")];
        walks.extend(played(book, &format!("sign-{sign}"), &format!("The sign {sign}"), &lines, &mut found));
    }
    for tip in coverage.missed("tips") {
        walks.extend(played(book, &format!("tip-{tip}"), &format!("The tip {tip}"), &[format!("tip: {tip}")], &mut found));
    }
    walks
}

/// A sentence in which a sign is named by its own words.
fn example<'b>(book: &'b Book, sign: &str) -> Option<&'b str> {
    let examples = &book.understanding().signs.get(sign)?.examples;
    examples.iter().map(String::as_str).find(|example| book.index().names_sign(example, sign))
}

/// The lines to a page: by buttons from home, else by its link.
fn to_page(ways: &Ways, page: NodeId) -> Option<Vec<String>> {
    let shows = |at: &usize| {
        let state = &ways.states[*at];
        Select::Page(page).takes(ways.book.node(page), &state.screen, &state.reader)
    };
    let nearest = (0..ways.states.len()).filter(shows).min_by_key(|at| distance(ways, *at))?;
    Some(ways.walk_to(nearest))
}

/// How far a screen is for somebody who begins at home; whoever came by a link began elsewhere.
fn distance(ways: &Ways, at: usize) -> (bool, u32) {
    let by_link = ways.beginning(at).first().is_some_and(|first| first != "> /start");
    (by_link, ways.states[at].depth)
}

/// The lines to an answer: to its page, where the row may be hidden at some weeks, then the press, and Done behind a row.
fn to_answer(ways: &Ways, page: NodeId, key: &str) -> Option<Vec<String>> {
    let book = ways.book;
    let pressed = |at: usize, edge: &Edge| {
        let Via::Button(number) = edge.via else { return false };
        let page = ways.page(at);
        let Some(Press::Token(token)) = page.rows.iter().flatten().nth(number).map(|key| &key.press) else { return false };
        let deed = Button::from_token(token).map(|button| button.deed);
        matches!(deed, Some(Deed::Answer { key: hash, .. } | Deed::Tick { sign: hash }) if hash == Hash::of(key))
    };
    let on_page = (0..ways.states.len()).filter(|at| ways.states[*at].screen.node == page);
    let mut offers: Vec<(usize, Edge)> = on_page
        .flat_map(|at| ways.states[at].edges.iter().map(move |edge| (at, *edge)))
        .filter(|(at, edge)| pressed(*at, edge))
        .collect();
    offers.sort_by_key(|(at, _)| distance(ways, *at));
    let (at, edge) = offers.first()?;
    let mut lines = ways.walk_to(*at);
    lines.push(ways.line(*at, edge.via));
    if matches!(book.node(page).kind, Kind::Checklist(_)) {
        lines.push(format!("[{}]", book.words().label(crate::dialogue::words::Label::Done)));
    }
    Some(lines)
}

/// The walk of these lines, with what is shown at its end; `None` if it does not get there.
fn played(book: &Book, name: &str, about: &str, lines: &[String], found: &mut super::Reached) -> Option<Named> {
    let walk = Walk::read(&lines.join("\n"));
    let mut headline = None;
    let strayed = walk.run(Chat::new(book, noon()), &mut |event, chat| {
        found.note(book, event, &chat.screens);
        headline = chat.headline().map(str::to_owned);
    });
    if !strayed.is_empty() {
        return None;
    }
    let mut recording = Recording::begin(about, None, None);
    walk.0.into_iter().for_each(|(_, line)| recording.add(line));
    recording.showed(headline.as_deref());
    Some(Named { name: name.to_owned(), text: recording.text() })
}
