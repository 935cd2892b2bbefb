//! The texts that readers see, each under its way: `lifting.answers.any.label`. What of a book is translated is said here and nowhere
//! else; what a text may hold is for `lower` to say.

use std::collections::HashSet;

use super::lower::keys::{HIDE, LABEL, RESERVED, TO_PAGE};
use super::lower::{BOOK_FILE, OWN_FILES, WEEKLY_FILE, WORDS_FILE};
use super::tree::{Tree, What};

/// Any key.
const ANY: &str = "*";
/// Any item of a list, counted from 1.
const EACH: &str = "#";
/// The buttons under a text.
const BUTTONS: &str = "@";
/// A key before which this stands is left out of the way.
const SILENT: char = '-';

type Pattern = &'static [&'static str];

/// Inside a page, whose id the way begins with.
const OF_PAGES: [Pattern; 22] = [
    &["title"],
    &["withdrawn"],
    &["text"],
    &["question"],
    &["weeks"],
    &["checklist"],
    &["regions"],
    &["languages"],
    &["services"],
    &["without"],
    &["found", ANY],
    &["finder"],
    &["saved"],
    &["unit-number"],
    &["none"],
    &["unsure"],
    &["answers", ANY, "label"],
    &["signs", ANY, "label"],
    &["links", BUTTONS],
    &["image", "alt"],
    &["steps", EACH, "text"],
    &["steps", EACH, "image", "alt"],
];

const OF_BOOK: [Pattern; 19] = [
    &["title"],
    &["description"],
    &["short-description"],
    &["rating", "missing", ANY],
    &["commands", ANY, "description"],
    &["leaflet", "title"],
    &["leaflet", "text"],
    &["leaflet", "sections", EACH, "title"],
    &["leaflet", "sections", EACH, "text"],
    &["leaflet", "sections", EACH, "signs", ANY],
    &["leaflet", "sections", EACH, "notes"],
    &["leaflet", "sources"],
    &["leaflet", "checked"],
    &["leaflet", "chat"],
    &["regions", ANY, "name"],
    &["regions", ANY, "numbers", ANY],
    &["regions", ANY, "zones", ANY],
    &["regions", ANY, "say", ANY],
    &["regions", ANY, "say", ANY, EACH, "-say"],
];

/// Every word of the bot itself.
const OF_WORDS: [Pattern; 4] = [&[ANY], &[ANY, EACH], &[ANY, ANY], &[ANY, ANY, EACH]];

const OF_WEEKLY: [Pattern; 1] = [&["tips", ANY, "text"]];

/// What is done with each text: its way, and the scalar that holds it.
pub type Visit<'v> = dyn FnMut(&str, &mut Tree) + 'v;

/// Visits the texts of one of the book's files, in the order in which they stand there.
pub fn each_text(file: &str, tree: &mut Tree, visit: &mut Visit) {
    match file {
        BOOK_FILE => walk(tree, "", &OF_BOOK, visit),
        WORDS_FILE => walk(tree, "", &OF_WORDS, visit),
        WEEKLY_FILE => walk(tree, "", &OF_WEEKLY, visit),
        _ if OWN_FILES.contains(&file) => {}
        _ => {
            let What::Map { entries, .. } = &mut tree.what else { return };
            for page in entries.iter_mut().filter(|entry| !RESERVED.contains(&entry.key.as_str())) {
                walk(&mut page.value, &page.key, &OF_PAGES, visit);
            }
        }
    }
}

/// Whether a file of the book can hold texts that readers see.
pub fn has_texts(file: &str) -> bool {
    [BOOK_FILE, WORDS_FILE, WEEKLY_FILE].contains(&file) || !OWN_FILES.contains(&file)
}

/// Whether a text has to be said in another language: a sign and a phone number are the same in all of them, and a number that nobody
/// copies is copied right.
pub fn needs_words(text: &str) -> bool {
    let mut inside = false;
    text.chars().any(|char| {
        inside = char == '{' || (inside && char != '}');
        !inside && char.is_alphabetic()
    })
}

fn walk(tree: &mut Tree, way: &str, patterns: &[Pattern], visit: &mut Visit) {
    match &mut tree.what {
        What::Scalar { .. } if patterns.iter().any(|pattern| pattern.is_empty()) => visit(way, tree),
        What::Map { entries, .. } => {
            for entry in entries {
                let key = entry.key.as_str();
                let rest = behind(patterns, |step| step == key || step == ANY || step.strip_prefix(SILENT) == Some(key));
                let silent = patterns.iter().any(|pattern| pattern.first().is_some_and(|step| step.starts_with(SILENT)));
                let step = if silent { "" } else { key };
                walk(&mut entry.value, &onward(way, step), &rest, visit);
            }
        }
        What::List { items, .. } => {
            if patterns.contains(&&[BUTTONS][..]) {
                return buttons(items, way, &mut Seen::default(), visit);
            }
            let rest = behind(patterns, |step| step == EACH);
            for (number, item) in (1..).zip(items) {
                walk(item, &onward(way, &number.to_string()), &rest, visit);
            }
        }
        _ => {}
    }
}

/// What is left of the patterns that begin with such a step.
fn behind(patterns: &[Pattern], fits: impl Fn(&str) -> bool) -> Vec<Pattern> {
    let split = patterns.iter().filter_map(|pattern| pattern.split_first());
    split.filter(|(step, _)| fits(step)).map(|(_, rest)| rest).collect()
}

fn onward(way: &str, step: &str) -> String {
    match (way, step) {
        ("", step) => step.to_owned(),
        (way, "") => way.to_owned(),
        (way, step) => format!("{way}.{step}"),
    }
}

#[derive(Default)]
struct Seen {
    pages: HashSet<String>,
    buttons: usize,
}

/// A button is known by the page that it leads to, so that it may change its place; one that leads out of the book, or to a page that
/// an earlier one leads to, by its place among all buttons of the page.
fn buttons(items: &mut [Tree], way: &str, seen: &mut Seen, visit: &mut Visit) {
    for item in items {
        if let What::List { items, .. } = &mut item.what {
            buttons(items, way, seen, visit);
            continue;
        }
        seen.buttons += 1;
        let page = [&TO_PAGE, &HIDE].into_iter().find_map(|key| match &item.get(key.name)?.value.what {
            What::Scalar { raw, .. } => Some(raw.trim().to_owned()),
            _ => None,
        });
        // A page whose id is a number could be taken for a place.
        let page = page.filter(|page| page.bytes().any(|byte| !byte.is_ascii_digit()) && seen.pages.insert(page.clone()));
        let name = page.unwrap_or_else(|| seen.buttons.to_string());
        let What::Map { entries, .. } = &mut item.what else { continue };
        for entry in entries.iter_mut().filter(|entry| entry.key == LABEL.name) {
            walk(&mut entry.value, &format!("{way}.{name}.{}", LABEL.name), &[&[]], visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    fn ways(file: &str, text: &str) -> Vec<String> {
        let mut ways = Vec::new();
        each_text(file, &mut parse(text, 0).unwrap().0, &mut |way, _| ways.push(way.to_owned()));
        ways
    }

    #[test]
    fn a_page_is_its_words_alone() {
        let text = "source: house\na:\n  title: A\n  source: house\n  asks: [b]\n  question: c\n  answers:\n    x: {label: X, goto: b}\n";
        assert_eq!(ways("more.yaml", text), ["a.title", "a.question", "a.answers.x.label"]);
        let text = "a:\n  steps:\n    - {text: one, hold: 5s}\n    - {text: two, image: {file: a.svg, alt: b}}\n  then: b\n";
        assert_eq!(ways("more.yaml", text), ["a.steps.1.text", "a.steps.2.text", "a.steps.2.image.alt"]);
    }

    #[test]
    fn a_button_is_known_by_its_page_or_else_by_its_place() {
        let text = "a:\n  links:\n    - b\n    - [{to: c, label: C}, {url: \"https://a.org\", label: D}]\n    - {hide: e, label: E}\n    \
                    - {to: c, label: F}\n    - {to: 7, label: G}\n";
        let ways = ways("more.yaml", text);
        assert_eq!(ways, ["a.links.c.label", "a.links.3.label", "a.links.e.label", "a.links.5.label", "a.links.6.label"]);
    }

    #[test]
    fn the_front_page_is_read_where_it_speaks() {
        let text = "format: 1\ntitle: T\nsources: {a: {title: no}}\ncommands: {help: {page: a, description: D}}\nregions:\n  gb:\n    \
                    name: B\n    zones: {Europe/London: Z}\n    checked: 2026-11-23\n    say:\n      unit: [{weeks: ..17, say: U}, {say: V}]\n      \
                    doctor: W\n";
        let found = ways(BOOK_FILE, text);
        let said = ["regions.gb.say.unit.1", "regions.gb.say.unit.2", "regions.gb.say.doctor"];
        let begin = ["title", "commands.help.description", "regions.gb.name", "regions.gb.zones.Europe/London"];
        assert_eq!(found, [&begin[..], &said[..]].concat());
    }

    #[test]
    fn a_sign_and_a_number_need_no_words() {
        assert!(["☑", "999", "{n}/{total}", "+1 800 799"].into_iter().all(|text| !needs_words(text)));
        assert!(["999 or 112", "{n} of {total}", "Schritt"].into_iter().all(needs_words));
    }
}
