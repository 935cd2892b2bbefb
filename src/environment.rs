//! The process's variables over those of a `.env` file. Never here: what a variable means, or a secret in a finding.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

/// The process's variables, and those of a `.env` file where the process has none.
#[derive(Debug, Default)]
pub struct Environment {
    file: HashMap<String, String>,
    /// Lines of the file that cannot be read: where, and what to do.
    pub findings: Vec<String>,
}

impl Environment {
    /// `.env` of the working folder; it may be missing.
    pub fn read() -> Environment {
        Environment::from_file(Path::new(".env"))
    }

    pub fn from_file(path: &Path) -> Environment {
        let name = path.display();
        match fs::read_to_string(path) {
            Ok(text) => Environment::from_text(&name.to_string(), &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Environment::default(),
            Err(error) => {
                let finding =
                    format!("{name}: could not be read: {error}; make it a text file in UTF-8 that this user can read");
                Environment { file: HashMap::new(), findings: vec![finding] }
            }
        }
    }

    /// The first of two lines with one name counts. A broken line hides no other.
    pub fn from_text(name: &str, text: &str) -> Environment {
        let mut environment = Environment::default();
        let read = Rc::new(Cell::new(0));
        let lines = Lines { rest: text.trim_start_matches('\u{feff}').as_bytes(), read: Rc::clone(&read) };
        // The line end: without one, dotenvy refuses a last line with a blank at its end.
        for pair in dotenvy::from_read_iter(lines.chain(&b"\n"[..])) {
            match pair {
                Ok((name, value)) => {
                    environment.file.entry(name).or_insert(value);
                }
                // What stands there may be a secret, so only the number of the line it starts on is told.
                Err(dotenvy::Error::LineParse(broken, _)) => {
                    let line = (read.get() + 1).saturating_sub(broken.lines().count().max(1)).max(1);
                    let advice = "write NAME=value, and quote a value that holds blanks, quotes or $: 'value'";
                    environment.findings.push(format!("{name}:{line}: this line cannot be read; {advice}"));
                }
                Err(error) => {
                    environment.findings.push(format!("{name}: could not be read: {error}; make it a text file in UTF-8"));
                    break;
                }
            }
        }
        environment
    }

    pub fn get(&self, name: &str) -> Option<String> {
        let own = std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        own.filter(|value| !value.is_empty()).or_else(|| self.file.get(name).cloned())
    }
}

/// Hands out a text line by line and counts, since dotenvy doesn't say where it was.
struct Lines<'a> {
    rest: &'a [u8],
    read: Rc<Cell<usize>>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.rest.iter().position(|&byte| byte == b'\n').map_or(self.rest.len(), |end| end + 1);
        let (now, later) = self.rest.split_at(end.min(buffer.len()));
        buffer[..now.len()].copy_from_slice(now);
        self.rest = later;
        if now.ends_with(b"\n") || (later.is_empty() && !now.is_empty()) {
            self.read.set(self.read.get() + 1);
        }
        Ok(now.len())
    }
}
