//! What the bot makes of sentences: for scripts a line of JSON each, for authors which words counted.

use std::fmt::Write as _;
use std::io::{self, BufRead, Write};

use serde::Serialize;

use crate::dialogue::Book;
use crate::dialogue::understand::{Goal, Understood, Verdict};
use crate::lint::name;

#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    /// Best first, at most three; empty if it was not understood.
    top: Vec<Guess>,
}

#[derive(Serialize)]
struct Guess {
    node: String,
    score: f32,
}

/// One sentence a line in, one JSON object a line out. Bytes that are no UTF-8 are read as far as they can be.
///
/// # Errors
/// Where lines cannot be read or written.
pub fn lines(book: &Book, mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let top = book.index().read(text).top().into_iter();
        let top =
            top.map(|(goal, score)| Guess { node: name(book, goal).to_owned(), score: (score * 1000.0).round() / 1000.0 });
        serde_json::to_writer(&mut to, &Line { text, top: top.collect() })?;
        to.write_all(b"\n")?;
        to.flush()?;
        bytes.clear();
    }
    Ok(())
}

/// What was made of one sentence, and which words counted.
pub fn why(book: &Book, text: &str) -> String {
    let reading = book.index().read(text);
    let why = reading.why(book.index());
    let named = |goals: &[Goal]| goals.iter().map(|goal| name(book, *goal)).collect::<Vec<_>>().join(", ");
    let understood = match &reading.understood {
        Understood::Sign(page) => format!("a warning sign: {}", book.name(*page)),
        Understood::Sure(goal) => format!("sure: {}", name(book, *goal)),
        Understood::Nearly(goal, also) => format!("nearly sure: {}; or {}", name(book, *goal), named(also)),
        Understood::Unsure(goals) if goals.is_empty() => String::from("not understood"),
        Understood::Unsure(goals) => format!("not sure: {}", named(goals)),
        Understood::OtherLanguage(page, language) => format!("another language ({language}): {}", book.name(*page)),
    };
    let mut said = format!("{understood}\n");
    // Writing to a String cannot fail.
    for (sign, verdict, words) in &why.signs {
        let verdict = match verdict {
            Verdict::Counts => "counts",
            Verdict::Asked => "is only asked about",
            Verdict::Denied => "is denied",
            Verdict::Past => "is past",
            Verdict::Others => "is somebody else's",
            Verdict::OtherWeeks => "is no sign in this week",
        };
        let _ = writeln!(said, "sign {sign} {verdict}: {}", words.join(" + "));
    }
    if let Some(week) = reading.week {
        let _ = writeln!(said, "week {week}");
    }
    for (words, meaning) in &why.meanings {
        let _ = writeln!(said, "\"{words}\" means {{{meaning}}}");
    }
    if let Some(nearest) = why.nearest.filter(|_| !why.words.is_empty()) {
        let words: Vec<String> = why.words.iter().take(8).map(|(word, speaks)| format!("{word} {speaks:.1}")).collect();
        let _ = writeln!(said, "words for {}: {}", name(book, nearest), words.join(", "));
    }
    for (goal, share) in reading.ranked.iter().take(5) {
        let _ = writeln!(said, "{:5.1} %  {}", share * 100.0, name(book, *goal));
    }
    said
}
