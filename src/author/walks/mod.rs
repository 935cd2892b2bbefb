//! `backcare test`: the walks of a book played, what does not hold told, and what no walk reaches counted.

mod coverage;
mod fill;

use std::fmt::{self, Write as _};

pub use coverage::{Coverage, Reached};
pub use fill::fill;

use crate::dialogue::Book;
use crate::walk::{Chat, Fault, Look, Strayed, Walk, noon};

/// A walk with its file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub text: String,
}

/// What came of playing walks.
#[derive(Debug)]
pub struct Results {
    pub played: usize,
    /// Walks that left their path, by name.
    pub strayed: Vec<(String, Vec<Strayed>)>,
    /// Files that hold no conversation.
    pub empty: Vec<String>,
    pub reached: Reached,
}

/// Plays all walks, `look` as a channel does. What they reach is counted together.
pub fn play(book: &Book, walks: &[Named], look: Look) -> Results {
    let mut results = Results { played: 0, strayed: Vec::new(), empty: Vec::new(), reached: Reached::default() };
    for Named { name, text } in walks {
        let walk = Walk::read(text);
        if walk.0.is_empty() {
            results.empty.push(name.clone());
            continue;
        }
        results.played += 1;
        let reached = &mut results.reached;
        let chat = Chat::new(book, noon()).with(look);
        let strayed = walk.run(chat, &mut |event, chat| reached.note(book, event, &chat.screens));
        if !strayed.is_empty() {
            results.strayed.push((name.clone(), strayed));
        }
    }
    results
}

impl Results {
    pub fn all_arrive(&self) -> bool {
        self.strayed.is_empty() && self.empty.is_empty()
    }
}

/// The text of a walk with what is said today in place of what was. What is pressed stays: a button that is gone is for its author to
/// think about. `None` if nothing changes.
pub fn updated(text: &str, strayed: &[Strayed]) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut changed = false;
    for Strayed { line, fault, .. } in strayed {
        let (Fault::Unsaid { expected, got }, Some(line)) = (fault, lines.get_mut(line - 1)) else { continue };
        if got.is_empty() {
            continue;
        }
        *line = line.replacen(expected.as_str(), got, 1);
        changed = true;
    }
    changed.then(|| lines.join("\n") + "\n")
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in &self.empty {
            writeln!(f, "{name}: holds no conversation\n")?;
        }
        for (name, strayed) in &self.strayed {
            let mut shown = String::new();
            for Strayed { line, fault, .. } in strayed {
                // Writing to a String cannot fail.
                let _ = writeln!(shown, "{name}:{line}");
                let _ = writeln!(shown, "{}", indented(&fault.to_string()));
            }
            if let Some(last) = strayed.last() {
                let _ = writeln!(shown, "  the bot showed:\n{}", indented(&last.shown));
            }
            writeln!(f, "{shown}")?;
        }
        let failed = self.strayed.len() + self.empty.len();
        match failed {
            0 => writeln!(f, "{}, all arrive", counted(self.played, "walk")),
            _ => writeln!(f, "{}, {failed} of them don't arrive", counted(self.played + self.empty.len(), "walk")),
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
