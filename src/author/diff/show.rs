//! A difference as an author reads it.

use std::fmt::{self, Write as _};

use similar::{ChangeTag, TextDiff};

use super::{ButtonChange, Difference, Fate, PageChange};

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "Readers would see no difference.");
        }
        listed(f, "Pages that appeared", &self.appeared)?;
        listed(f, "Pages that vanished", &self.vanished)?;
        let moved: Vec<String> = self.moved.iter().map(|(old, new)| format!("{old} is now {new}")).collect();
        listed(f, "Pages that moved", &moved)?;
        if !self.changed.is_empty() {
            writeln!(f, "What readers would see differently:\n")?;
            for change in &self.changed {
                page(f, change)?;
            }
        }
        for (fate, heading) in [
            (Fate::Lost, "Buttons in old chats that LOSE their meaning, for want of a line in `moved`"),
            (Fate::Changed, "Buttons in old chats that mean something else"),
            (Fate::AskedAgain, "Old answers that are asked for again"),
        ] {
            let buttons = self.buttons.iter().filter(|button| button.fate == fate);
            listed(f, heading, &buttons.map(told).collect::<Vec<_>>())?;
        }
        listed(f, "Worded anew; raise `edition` if the meaning changed", &self.reworded)?;
        listed(f, "Weekly tips", &self.tips)?;
        listed(f, "Words of regions", &self.sayings)
    }
}

fn told(button: &ButtonChange) -> String {
    let ButtonChange { button, before, after, fate } = button;
    match fate {
        Fate::Lost => format!("{button}: {after}"),
        _ => format!("{button}: {before}; now {after}"),
    }
}

fn listed(f: &mut fmt::Formatter<'_>, heading: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "{heading}:")?;
    for line in lines {
        writeln!(f, "  {line}")?;
    }
    writeln!(f)
}

/// The walk, then the lines that differ among those that don't.
fn page(f: &mut fmt::Formatter<'_>, change: &PageChange) -> fmt::Result {
    let mut out = format!("{}  ({})\n", change.walk.join(" "), change.page);
    let diff = TextDiff::from_lines(change.before.as_str(), change.after.as_str());
    for line in diff.iter_all_changes() {
        let sign = match line.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        let text = line.value().trim_end();
        if !text.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "  {sign} {text}");
        }
    }
    writeln!(f, "{out}")
}
