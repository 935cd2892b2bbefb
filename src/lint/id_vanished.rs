//! BC0036: ids that were published ride in buttons out in the world. `ids.lock` lists them; none may go without a word in `moved`.

use std::collections::BTreeSet;

use super::Case;
use crate::dialogue::{Book, Hash};
use crate::source::{Finding, LOCK_FILE, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0036",
    name: "id-vanished",
    severity: Severity::Error,
    summary: "A page or an answer that was published is gone, and `moved` does not say where to: old buttons would lose their meaning.",
};

pub fn check(case: &Case, findings: &mut Vec<Finding>) {
    let Some(lock) = &case.shelf.lock else { return };
    let today = published(case.book);
    for id in lock.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if today.contains(id) || has_moved(case.book, id) {
            continue;
        }
        let what = if id.contains('.') { "answer" } else { "page" };
        let message = format!("The {what} `{id}` was published, and is gone.");
        let hint = format!(
            "Write `{id}: ` and its new id under `moved` in book.yaml. Never sent to anybody? Then take its line out of {LOCK_FILE}."
        );
        findings.push(Finding::new(&RULE, case.spans.in_book(&["moved"]), message, hint));
    }
}

/// All that buttons name: pages as `page`, answers and rows as `page.key`.
pub fn published(book: &Book) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for (_, id, node) in book.nodes() {
        ids.insert(id.to_owned());
        ids.extend(node.answer_keys().into_iter().map(|key| format!("{id}.{key}")));
    }
    ids
}

/// A line of the list that today's book still answers, page and answer by what `moved` says of them.
fn has_moved(book: &Book, id: &str) -> bool {
    match id.split_once('.') {
        None => book.by_hash(Hash::of(id)).is_some(),
        Some((page, answer)) => {
            let (page, answer) = (Hash::of(page), Hash::of(answer));
            let has = |page| book.node(page).answer_keys().into_iter().any(|key| Hash::of(key) == answer);
            book.moved_answer(page, answer).is_some() || book.by_hash(page).is_some_and(has)
        }
    }
}

/// The list as it is written: what was published before stays in it while it still leads somewhere.
pub fn lock(book: &Book, before: Option<&str>) -> String {
    let mut ids = published(book);
    let known =
        before.into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    ids.extend(known.filter(|id| has_moved(book, id)).map(str::to_owned));
    let lines: Vec<String> = ids.into_iter().collect();
    format!(
        "# Ids that were published. Written by `backcare check --lock`; none may vanish without a line in `moved`.\n{}\n",
        lines.join("\n")
    )
}
