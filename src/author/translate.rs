//! A language's folder, written for a translator: every text of the book above its words, what is missing and what has changed since.
//!
//! Nothing that was translated is ever lost: words for texts that are gone stay at the end of their file. It only says what to write;
//! files are read and written in `source`.

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::path::PathBuf;

use indexmap::IndexMap;

use super::yaml::{is_odd, key, scalar};
use crate::source::{Credits, Draft, Entry, Page, Text, fingerprint};

/// What there is to write, and how far the language has come.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Translated {
    /// Files that change. Words that move stand in the file that takes them before they leave the other one.
    pub files: Vec<(PathBuf, String)>,
    pub language: String,
    pub texts: usize,
    pub missing: usize,
    pub stale: usize,
    /// Kept, though the book has no such text where they stand.
    pub astray: usize,
}

/// Brings a language's folder up to date. Words of the accepted ways are taken to fit the texts as they are now.
///
/// # Errors
/// An accepted way that no text has, or whose text has no words yet: one sentence.
pub fn translate(mut draft: Draft, accept: &[String]) -> Result<Translated, String> {
    let took = bring_home(&mut draft);
    for way in accept {
        accepted(&mut draft, way)?;
    }
    let mut done = Translated { language: draft.language.clone(), ..Translated::default() };
    let (first, last): (Vec<&mut Page>, Vec<&mut Page>) = draft.pages.iter_mut().partition(|page| took.contains(&page.name));
    for page in first.into_iter().chain(last) {
        stamp(page);
        done.count(page);
        let has_words = page.texts.iter().any(|text| text.is_needed) || !page.entries.is_empty();
        if !has_words && page.written.is_none() {
            continue;
        }
        let text = written(page, &draft.language);
        if page.written.as_ref() != Some(&text) {
            done.files.push((page.path.clone(), text));
        }
    }
    Ok(done)
}

/// Puts words that stand in another file than their text into the right one, and says which files took some. Where there are words
/// already, both stay.
fn bring_home(draft: &mut Draft) -> Vec<String> {
    let mut taken: HashSet<(String, String)> = HashSet::new();
    for page in &draft.pages {
        let said = page.entries.iter().filter(|(_, entry)| entry.say.is_some());
        taken.extend(said.map(|(way, _)| (page.name.clone(), way.clone())));
    }
    let mut leaving: Vec<(String, String, Entry)> = Vec::new();
    for page in &mut draft.pages {
        let astray: Vec<(String, String)> = page
            .entries
            .iter()
            .filter_map(|(way, entry)| {
                let home = draft.ways.home(way, &page.name).filter(|home| *home != page.name)?.to_owned();
                let is_free = entry.say.is_none() || taken.insert((home.clone(), way.clone()));
                is_free.then(|| (home, way.clone()))
            })
            .collect();
        for (home, way) in astray {
            leaving.extend(page.entries.shift_remove(&way).map(|entry| (home, way, entry)));
        }
    }
    let mut took = Vec::new();
    for (home, way, entry) in leaving {
        if let Some(page) = draft.pages.iter_mut().find(|page| page.name == home) {
            let there = page.entries.entry(way).or_default();
            let notes: Vec<String> = [there.note.take(), entry.note].into_iter().flatten().collect();
            if entry.say.is_some() {
                (there.of, there.say) = (entry.of, entry.say);
            }
            there.note = (!notes.is_empty()).then(|| notes.join("\n"));
            took.push(home);
        }
    }
    took
}

fn accepted(draft: &mut Draft, way: &str) -> Result<(), String> {
    let with_text = draft.pages.iter_mut().filter(|page| page.texts.iter().any(|text| text.way == way));
    let mut entries = with_text.filter_map(|page| page.entries.get_mut(way)).filter(|entry| entry.say.is_some()).peekable();
    if entries.peek().is_some() {
        entries.for_each(|entry| entry.of = None);
        return Ok(());
    }
    Err(match draft.ways.near(way) {
        Some(near) if near == way => format!("{way} has no words in this language yet."),
        Some(near) => format!("The book has no text {way}. Did you mean {near}?"),
        None => format!("The book has no text {way}."),
    })
}

/// Marks words that were written just now as those of today's text.
fn stamp(page: &mut Page) {
    for text in &page.texts {
        if let Some(entry) = page.entries.get_mut(&text.way).filter(|entry| entry.say.is_some()) {
            entry.of.get_or_insert_with(|| fingerprint(&text.words));
        }
    }
    // An empty entry for a text that is gone holds nothing of anybody's.
    let texts = &page.texts;
    page.entries.retain(|way, entry| *entry != Entry::default() || texts.iter().any(|text| text.way == *way));
}

impl Translated {
    fn count(&mut self, page: &Page) {
        for text in &page.texts {
            let entry = page.entries.get(&text.way).filter(|entry| entry.say.is_some());
            self.texts += usize::from(text.is_needed);
            self.missing += usize::from(text.is_needed && entry.is_none());
            self.stale += usize::from(entry.is_some_and(|entry| is_stale(text, entry)));
        }
        self.astray += gone(page).count();
    }
}

fn is_stale(text: &Text, entry: &Entry) -> bool {
    entry.of.is_some_and(|of| of != fingerprint(&text.words))
}

/// What the book's file has no text for.
fn gone(page: &Page) -> impl Iterator<Item = (&String, &Entry)> {
    let texts: HashSet<&str> = page.texts.iter().map(|text| text.way.as_str()).collect();
    page.entries.iter().filter(move |(way, _)| !texts.contains(way.as_str()))
}

impl fmt::Display for Translated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} texts, {} missing, {} stale", self.language, self.texts, self.missing, self.stale)?;
        if self.astray > 0 { write!(f, ", {} astray", self.astray) } else { Ok(()) }
    }
}

// --- as it is written ----------------------------------------------------------------------------------------------------------------

fn written(page: &Page, language: &str) -> String {
    let mut out = format!(
        "# {language}: write the words behind `say`, and what you want to remember behind `note`. Other comments are not kept.\n\
         # A text that has changed says so. Once its words fit again, take its `of` out: `backcare translate {language}` writes it anew.\n"
    );
    credits(&mut out, &page.credits);
    for text in &page.texts {
        let entry = page.entries.get(&text.way);
        if text.is_needed || entry.is_some_and(|entry| *entry != Entry::default()) {
            let nothing = Entry::default();
            let entry = entry.unwrap_or(&nothing);
            out.push('\n');
            if is_stale(text, entry) {
                out.push_str("# CHANGED since it was translated. It says now:\n");
            }
            for line in text.words.lines() {
                comment(&mut out, line);
            }
            put(&mut out, &text.way, entry);
        }
    }
    let gone: IndexMap<&String, &Entry> = gone(page).collect();
    if !gone.is_empty() {
        out.push_str("\n# --- The book has none of these texts here. Take out what nobody needs. ---\n");
    } else if page.texts.is_empty() {
        out.push_str("\n# The book has no such file any more: take this one away.\n");
    }
    for (way, entry) in gone {
        out.push('\n');
        put(&mut out, way, entry);
    }
    out
}

fn credits(out: &mut String, credits: &Credits) {
    let date = credits.checked_on.map(|date| date.to_string());
    let told = [("translated", &credits.translated), ("checked-by", &credits.checked_by), ("checked-on", &date)];
    let told: Vec<(&str, &String)> = told.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))).collect();
    if !told.is_empty() {
        out.push('\n');
    }
    for (key, value) in told {
        scalar(out, "", key, value);
    }
}

fn put(out: &mut String, way: &str, entry: &Entry) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}:", key(way));
    if let Some(of) = entry.of {
        let _ = writeln!(out, "  of: {of:08x}");
    }
    match &entry.say {
        Some(say) => scalar(out, "  ", "say", say),
        None => out.push_str("  say:\n"),
    }
    if let Some(note) = &entry.note {
        scalar(out, "  ", "note", note);
    }
}

fn comment(out: &mut String, line: &str) {
    let line: String = line.chars().map(|char| if is_odd(char) { ' ' } else { char }).collect();
    let _ = writeln!(out, "{}", format!("# {line}").trim_end());
}
