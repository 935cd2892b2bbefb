//! Buttons out in the world: what each meant, and what today's book makes of it.

use crate::dialogue::button::{Deed, Trail};
use crate::dialogue::words::Phrase;
use crate::dialogue::{Book, Button, Effect, Event, Hash, Input, Kind, Node, NodeId, Reader, Stage, step};
use crate::walk::noon;

/// A button that does something else than it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ButtonChange {
    /// `page`, or `page.answer`.
    pub button: String,
    pub before: String,
    pub after: String,
    pub fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is answered with a notice and the nearest page.
    Lost,
    /// It leads elsewhere, or counts otherwise.
    Changed,
    /// Its question is asked again: its edition was raised.
    AskedAgain,
}

pub fn changed(old: &Book, new: &Book) -> Vec<ButtonChange> {
    let mut changed: Vec<ButtonChange> = Vec::new();
    for (at, id, node) in old.nodes().filter(|(_, _, node)| !matches!(node.kind, Kind::Outcome { .. })) {
        let Some(page) = new.by_hash(Hash::of(id)) else {
            changed.push(ButtonChange { button: id.to_owned(), before: id.to_owned(), after: nothing(), fate: Fate::Lost });
            // Its answers may have moved on their own; those that have not are lost with it.
            changed.extend(
                node.answer_keys()
                    .into_iter()
                    .filter_map(|key| answer(old, new, at, key))
                    .filter(|button| button.fate != Fate::Lost),
            );
            continue;
        };
        if new.node(page).withdrawn.is_some() && node.withdrawn.is_none() {
            let after = String::from("taken back: its reason, help and the menu");
            changed.push(ButtonChange { button: id.to_owned(), before: id.to_owned(), after, fate: Fate::Changed });
        }
        changed.extend(node.answer_keys().into_iter().filter_map(|key| answer(old, new, at, key)));
    }
    changed.sort_by_key(|button| button.fate);
    changed
}

fn nothing() -> String {
    String::from("nothing: a notice and the nearest page")
}

/// An answer, or a row of a list, pressed in both books.
fn answer(old: &Book, new: &Book, page: NodeId, key: &str) -> Option<ButtonChange> {
    let change = |before, after, fate| Some(ButtonChange { button: format!("{}.{key}", old.name(page)), before, after, fate });
    let before = meaning(old, old.node(page), key);
    let (today, today_key) = match new.moved_answer(old.hash(page), Hash::of(key)) {
        Some((today, key)) => (today, key.to_owned()),
        None => match new.by_hash(old.hash(page)) {
            Some(today) => (today, key.to_owned()),
            None => return change(before, nothing(), Fate::Lost),
        },
    };
    if !new.node(today).answer_keys().contains(&today_key.as_str()) {
        return change(before, nothing(), Fate::Lost);
    }
    if is_asked_again(old, new, page, key) {
        return change(before, String::from("the question, once more"), Fate::AskedAgain);
    }
    let after = meaning(new, new.node(today), &today_key);
    // A page that only got a new id is the same page.
    let same = before == after || renamed(old, new, &before) == after;
    if same { None } else { change(before, after, Fate::Changed) }
}

/// What an answer does, in words.
fn meaning(book: &Book, node: &Node, key: &str) -> String {
    use crate::dialogue::book::Goto;
    match &node.kind {
        Kind::Question { answers, .. } => match answers.get(key).map(|answer| answer.goto) {
            Some(Goto::Node(to)) => format!("leads to {}", book.name(to)),
            Some(Goto::Onward) => String::from("goes on to the exercise"),
            None => nothing(),
        },
        Kind::Weeks { answers, .. } => match answers.get(key).map(|answer| answer.stage) {
            Some(Stage::Weeks(weeks)) => format!("weeks {weeks}"),
            Some(Stage::Outside) => String::from("outside"),
            Some(Stage::Unknown) => String::from("all weeks"),
            None => nothing(),
        },
        Kind::Checklist(list) => list.signs.get(key).map_or_else(nothing, |sign| {
            let weeks = sign.weeks.map(|weeks| format!(", weeks {weeks}"));
            format!("counts as {}{}", sign.level, weeks.unwrap_or_default())
        }),
        _ => nothing(),
    }
}

fn renamed(old: &Book, new: &Book, meaning: &str) -> String {
    let page = meaning.strip_prefix("leads to ").and_then(|id| old.find(id)).and_then(|page| new.by_hash(old.hash(page)));
    page.map_or_else(|| meaning.to_owned(), |page| format!("leads to {}", new.name(page)))
}

/// Whether today's book asks a question again when an old answer to it is pressed.
fn is_asked_again(old: &Book, new: &Book, page: NodeId, key: &str) -> bool {
    let Kind::Question { edition, .. } = old.node(page).kind else { return false };
    let deed = Deed::Answer { key: Hash::of(key), edition };
    let button = Button { deed, page: old.hash(page), kept: false, trail: Trail::default() };
    let turn = step(new, Reader::default(), &Input { at: noon(), event: Event::Pressed(button.token()) });
    turn.effects.into_iter().filter_map(Effect::screen).any(|screen| screen.notice == Some(Phrase::AskedAgain))
}

/// Questions and lists whose words changed while their edition did not: only their author knows whether they still mean the same.
pub fn reworded(old: &Book, new: &Book) -> Vec<String> {
    let pairs = old.nodes().filter_map(|(_, id, node)| Some((id, node, new.node(new.by_hash(Hash::of(id))?))));
    let mut reworded = Vec::new();
    for (id, before, after) in pairs {
        match (&before.kind, &after.kind) {
            (
                Kind::Question { text, answers, edition },
                Kind::Question { text: new_text, answers: new_answers, edition: new_edition },
            ) if edition == new_edition => {
                if text != new_text {
                    reworded.push(id.to_owned());
                }
                let label = |key: &String| new_answers.get(key).map(|answer| &answer.label);
                let differs = answers.iter().filter(|(key, answer)| label(key).is_some_and(|label| *label != answer.label));
                reworded.extend(differs.map(|(key, _)| format!("{id}.{key}")));
            }
            (Kind::Checklist(list), Kind::Checklist(today)) if list.edition == today.edition => {
                let label = |key: &String| today.signs.get(key).map(|sign| &sign.label);
                let differs = list.signs.iter().filter(|(key, sign)| label(key).is_some_and(|label| *label != sign.label));
                reworded.extend(differs.map(|(key, _)| format!("{id}.{key}")));
            }
            _ => {}
        }
    }
    reworded
}
