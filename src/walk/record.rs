//! A conversation written down as a walk, while it is held or afterwards.

use jiff::Timestamp;

use super::{Chat, Line};

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// What was said and pressed so far, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    about: String,
    lines: Vec<Line>,
}

impl Recording {
    /// Begins a walk; `about` is its first comment.
    pub fn begin(about: &str, at: Option<Timestamp>, region: Option<&str>) -> Recording {
        let region = region.map(|region| Line::Region(region.to_owned()));
        Recording {
            about: about.to_owned(),
            lines: at.map(|at| Line::At(whole_seconds(at))).into_iter().chain(region).collect(),
        }
    }

    pub fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The button that was pressed.
    pub fn pressed(&mut self, chat: &Chat) {
        self.lines.extend(chat.pressed.clone().map(Line::Press));
    }

    /// What the screen says after a turn, its first line. Words that a walk would read as something else are left out.
    pub fn showed(&mut self, headline: Option<&str>) {
        let line = headline.map(|line| Line::Expect(line.to_owned()));
        self.lines.extend(line.filter(|line| Line::read(&line.to_string()) == *line));
    }

    /// The walk as a file.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(ToString::to_string).collect();
        format!("# {}\n{}\n", self.about, lines.join("\n"))
    }
}
