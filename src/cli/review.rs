//! `backcare review`: what clinicians have sent back comes into the book's `reviews.yaml`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::{FINDINGS, USAGE, say};
use crate::author::review::{Sent, merge, read};
use crate::dialogue::Unreviewed;
use crate::dialogue::words::Phrase;
use crate::source::{self, REVIEWS_FILE};

pub fn review(dialogues: &Path, files: &[PathBuf]) -> ExitCode {
    let loaded = source::load(dialogues);
    let Some(book) = loaded.book.as_ref().filter(|_| loaded.report.errors() == 0) else {
        eprint!("{}", loaded.report);
        eprintln!("Nothing was written: mend this first, so that nothing is lost.");
        return ExitCode::from(FINDINGS);
    };
    let (mut sent, mut is_refused) = (Vec::new(), false);
    for path in files {
        let file = path.display().to_string();
        match source::folder::sent_text(path).and_then(|text| read(&text, book.id(), latest_day())) {
            Ok(returned) => sent.push(Sent { file, returned }),
            Err(why) => {
                eprintln!("{file}: {why}.");
                is_refused = true;
            }
        }
    }
    let merged = merge(&loaded, book, sent);
    if merged.has_reviews && book.words().phrase(Phrase::Checked).blocks.is_empty() {
        eprintln!(
            "Nothing was written: readers are told who has checked a page, and words.yaml has no words for it yet. Write into it, as \
             you would say it: `{}: Checked by {{name}}, on {{date}}.`",
            Phrase::Checked.name()
        );
        return ExitCode::from(FINDINGS);
    }
    let path = dialogues.join(REVIEWS_FILE);
    if let Some(text) = &merged.text
        && let Err(error) = source::folder::write(&path, text)
    {
        eprintln!("{} cannot be written: {error}.", path.display());
        return ExitCode::from(USAGE);
    }
    for came in &merged.came {
        say(came);
    }
    if !merged.came.is_empty() {
        let Unreviewed { pages, of } = merged.left;
        let (is, path) = (if merged.text.is_some() { "was written" } else { "stays as it is" }, path.display());
        say(format_args!("{path} {is}. {} of {of} pages are reviewed, {pages} are left.\n", of - pages));
    }
    let is_kept = merged.came.iter().all(|came| came.lost.is_empty());
    match (is_refused, is_kept) {
        (true, _) => ExitCode::from(USAGE),
        (false, false) => ExitCode::from(FINDINGS),
        (false, true) => ExitCode::SUCCESS,
    }
}

/// The day that it is where days begin first: a reviewer may live there.
fn latest_day() -> Date {
    let first = Offset::from_hours(14).unwrap_or(Offset::UTC);
    Timestamp::now().to_zoned(TimeZone::fixed(first)).date()
}
