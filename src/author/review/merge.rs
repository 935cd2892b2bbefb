//! Reviews that came back, brought into `reviews.yaml`: what is new is added, what others said stays, and what the book has overtaken is
//! told. The same file twice changes nothing.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use indexmap::IndexMap;
use jiff::civil::Date;

use super::returned::{Returned, one_line};
use super::written;
use crate::author::yaml::{key, line, scalar};
use crate::dialogue::{Book, Unreviewed};
use crate::source::{Comment, Loaded, PageReview, Reviewed, Reviews};

/// So much that could not be kept is told of one file; who sent more has another book before them.
const TOLD: usize = 20;

/// A review, and the file in which it came.
#[derive(Debug, Clone)]
pub struct Sent {
    pub file: String,
    pub returned: Returned,
}

/// What there is to write, and what came of each file.
#[derive(Debug)]
pub struct Merged {
    /// The new `reviews.yaml`, if it is another than the one that is there.
    pub text: Option<String>,
    pub came: Vec<Came>,
    /// Whether any page is marked as reviewed in it.
    pub has_reviews: bool,
    /// What is left to review.
    pub left: Unreviewed,
}

/// What came of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Came {
    pub file: String,
    pub by: String,
    pub on: Date,
    /// Pages whose tick is new.
    pub reviewed: usize,
    /// Comments that are new, or stand in the place of an earlier one.
    pub comments: usize,
    /// Ticks and comments that were there before.
    pub known: usize,
    /// What could not be kept, a line each.
    pub lost: Vec<String>,
}

/// Brings reviews into those that the book has. `book` is that of `loaded`.
pub fn merge(loaded: &Loaded, book: &Book, mut sent: Vec<Sent>) -> Merged {
    // An earlier word never stands in the place of a later one.
    sent.sort_by_key(|sent| sent.returned.on);
    let mut merging = Merging { book, reviews: &loaded.reviews, pages: loaded.reviews.pages.clone() };
    let came = sent.iter().map(|sent| merging.take(sent)).collect();
    let before = loaded.reviews.file.and_then(|file| loaded.report.file(file)).map(|file| &*file.text);
    let text = merging.text(before.unwrap_or_default());
    let has_reviews = merging.pages.values().any(|page| page.reviewed.is_some());
    Merged { text: Some(text).filter(|text| Some(text.as_str()) != before), came, has_reviews, left: merging.left() }
}

struct Merging<'a> {
    book: &'a Book,
    /// As they are in the book.
    reviews: &'a Reviews,
    /// As they will be.
    pages: IndexMap<String, PageReview>,
}

impl Merging<'_> {
    fn take(&mut self, Sent { file, returned }: &Sent) -> Came {
        let (by, on) = (returned.by(), returned.on);
        let mut came = Came { file: file.clone(), by, on, reviewed: 0, comments: 0, known: 0, lost: Vec::new() };
        for (id, said) in &returned.pages {
            let (book, reviews) = (self.book, self.reviews);
            let page = book.find_moved(id).map(|page| book.name(page));
            let Some((page, now)) = page.and_then(|page| Some((page, reviews.fingerprint(page)?))) else {
                let lost = match said.comment.as_str() {
                    "" => String::from("its tick is not kept"),
                    comment => format!("not kept: \"{}\"", one_line(comment, 200)),
                };
                came.lost.push(format!("There is no page `{}`; {lost}.", one_line(id, 60)));
                continue;
            };
            if said.right && said.fingerprint() == Some(now) {
                let is_new = self.tick(page, now, &came);
                *(if is_new { &mut came.reviewed } else { &mut came.known }) += 1;
            } else if said.right {
                let exported = returned.exported;
                came.lost.push(format!("`{page}` has changed since it was exported on {exported}; its tick is not kept."));
            }
            if !said.comment.is_empty() {
                let is_new = self.comment(page, &said.comment, &came);
                *(if is_new { &mut came.comments } else { &mut came.known }) += 1;
            }
        }
        came
    }

    fn page(&mut self, page: &str) -> &mut PageReview {
        let new = || PageReview { key: page.to_owned(), ..PageReview::default() };
        self.pages.entry(page.to_owned()).or_insert_with(new)
    }

    /// Whether it is news that the page is right. What somebody else has said of the page as it stands is theirs.
    fn tick(&mut self, page: &str, now: u32, Came { by, on, .. }: &Came) -> bool {
        let reviewed = &mut self.page(page).reviewed;
        let holds = |there: &Reviewed| there.of == now && (!is_same(&there.by, by) || there.on >= *on);
        let is_new = !reviewed.as_ref().is_some_and(holds);
        if is_new {
            *reviewed = Some(Reviewed { by: by.clone(), on: *on, of: now });
        }
        is_new
    }

    /// Whether a comment is news; then it stands in the place of earlier ones by the same reviewer.
    fn comment(&mut self, page: &str, says: &str, Came { by, on, .. }: &Came) -> bool {
        let comments = &mut self.page(page).comments;
        let is_own = |there: &Comment| is_same(&there.by, by);
        if comments.iter().any(|there| is_own(there) && (there.says == says || there.on > *on)) {
            return false;
        }
        let at = comments.iter().position(is_own).unwrap_or(comments.len());
        comments.retain(|there| !is_own(there));
        comments.insert(at, Comment { by: by.clone(), on: *on, says: says.to_owned() });
        true
    }

    fn left(&self) -> Unreviewed {
        let wanted: Vec<_> = self.book.nodes().filter(|(at, _, _)| self.book.wants_review(*at)).collect();
        let is_current = |id: &str| {
            let reviewed = self.pages.get(id).and_then(|page| page.reviewed.as_ref());
            reviewed.is_some_and(|reviewed| self.reviews.fingerprint(id) == Some(reviewed.of))
        };
        let left = wanted.iter().filter(|(at, id, _)| !is_current(id) && !self.book.rests_on_reviewed(*at));
        Unreviewed { pages: left.count(), of: wanted.len() }
    }

    // --- as it is written --------------------------------------------------------------------------------------------------------------

    /// Entries that stay as they are keep every sign of their own, and what stands between entries stays too.
    fn text(&self, before: &str) -> String {
        let there = &self.reviews.pages;
        let is_line = |at: usize| at == 0 || before.as_bytes().get(at - 1) == Some(&b'\n');
        if !there.values().all(|page| is_line(page.span.from)) {
            let all: Vec<String> = self.pages.values().map(entry).collect();
            return format!("{HEAD}\n{}", all.join("\n"));
        }
        let mut text = before.to_owned();
        let starts: BTreeSet<usize> = there.values().map(|page| page.span.from).collect();
        let mut changed: Vec<(&PageReview, &PageReview)> =
            there.iter().filter_map(|(id, old)| Some((old, self.pages.get(id)?))).filter(|(old, new)| old != new).collect();
        changed.sort_by_key(|(old, _)| std::cmp::Reverse(old.span.from));
        for (old, new) in changed {
            let next = starts.range(old.span.from + 1..).next().copied().unwrap_or(before.len());
            text.replace_range(old.span.from..end(before, old.span.from, old.span.to.min(next)), entry(new).trim_end());
        }
        let mut new: Vec<_> = self.pages.iter().filter(|(id, _)| !there.contains_key(*id)).collect();
        new.sort_by_key(|(id, _)| self.book.find(id));
        for (_, new) in new {
            let is_begun = !text.trim().is_empty();
            if !is_begun {
                HEAD.clone_into(&mut text);
            }
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push('\n');
            text.push_str(&entry(new));
        }
        text
    }
}

const HEAD: &str =
    "# What clinicians said of the pages. `backcare review` writes it, and so may you: take out what you have seen to.\n";

/// The end of the line on which the last word of an entry stands.
fn end(text: &str, from: usize, to: usize) -> usize {
    let last = from + text.get(from..to).unwrap_or_default().trim_end().len();
    text.get(last..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| last + end)
}

fn entry(page: &PageReview) -> String {
    let mut out = format!("{}:\n", key(&page.key));
    // Writing to a String cannot fail, here and below.
    if let Some(Reviewed { by, on, of }) = &page.reviewed {
        let _ = write!(out, "  reviewed-by: {}\n  reviewed-on: {on}\n  of: {}\n", line(by), written(*of));
    }
    if !page.comments.is_empty() {
        out.push_str("  comments:\n");
    }
    for Comment { by, on, says } in &page.comments {
        let _ = write!(out, "    - by: {}\n      on: {on}\n", line(by));
        scalar(&mut out, "      ", "says", says);
    }
    out
}

/// Whether two names are of the same reviewer.
fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl fmt::Display for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let Came { file, by, on, reviewed, comments, known, lost } = self;
        let news: Vec<String> = [(*reviewed, "page"), (*comments, "comment")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what) + if what == "page" { " reviewed" } else { "" })
            .collect();
        let news = if news.is_empty() { String::from("nothing new") } else { news.join(", ") };
        write!(f, "{file}: {by}, {on}: {news}")?;
        if *known > 0 {
            write!(f, ", {known} known before")?;
        }
        writeln!(f)?;
        for line in lost.iter().take(TOLD) {
            writeln!(f, "  {line}")?;
        }
        match lost.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => writeln!(f, "  And {more} more."),
        }
    }
}
