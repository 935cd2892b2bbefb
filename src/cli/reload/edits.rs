//! What has become of the book's files since they were last looked at: nothing, a good book, or one with mistakes.
//!
//! Whatever told us to look, contents decide. What was read is what is checked, and it counts only if it still stands there afterwards:
//! so half a save never goes live, and never scares anybody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use crate::cli::open::{Offers, library};
use crate::lint::{self, Checked};
use crate::service::library::Library;
use crate::source::{Files, Report};

/// Files that stay as they are for so long are saved.
const QUIET: Duration = Duration::from_millis(150);

/// The folder of a book over time.
pub struct Edits {
    dir: PathBuf,
    offers: Offers,
    /// What the running book was made of.
    live: Files,
    /// What was looked at last.
    seen: Files,
}

pub enum Edit {
    /// The files say what they said before.
    None,
    /// A library to go on with; `mended` if the files were bad before.
    Good { library: Arc<Library>, mended: bool },
    /// The files were bad, and say again what the running book was made of.
    Undone,
    /// A book that may not go live; `first` if the files were good before.
    Bad { report: Report, first: bool },
    /// The check itself broke.
    Broke,
}

impl Edits {
    /// Begins with a running book that was made of `files`, as they were read from `dir`.
    pub fn new(dir: PathBuf, files: Files, offers: Offers) -> Edits {
        Edits { dir, offers, seen: files.clone(), live: files }
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Looks at the files. If they differ it takes as long as they take to stay still, and to be checked.
    pub fn look(&mut self) -> Edit {
        let mut now = Files::read(&self.dir);
        loop {
            if now == self.seen {
                return Edit::None;
            }
            let settled = self.settled(now);
            if settled == self.seen {
                return Edit::None;
            }
            let checked = (settled != self.live).then(|| catch_unwind(AssertUnwindSafe(|| lint::examine_read(&settled, None))));
            now = Files::read(&self.dir);
            if now == settled {
                let were_bad = self.seen != self.live;
                self.seen = settled;
                return match checked {
                    None => Edit::Undone,
                    Some(Ok(checked)) => self.judge(checked, were_bad),
                    Some(Err(_)) => Edit::Broke,
                };
            }
        }
    }

    /// The files once they have stayed as they are for a moment.
    fn settled(&self, mut before: Files) -> Files {
        loop {
            sleep(QUIET);
            let now = Files::read(&self.dir);
            if now == before {
                return now;
            }
            before = now;
        }
    }

    fn judge(&mut self, Checked { book, editions, report, .. }: Checked, were_bad: bool) -> Edit {
        match book {
            Some(book) => {
                self.live = self.seen.clone();
                Edit::Good { library: Arc::new(library(book, editions, &self.live, self.offers)), mended: were_bad }
            }
            None => Edit::Bad { report, first: !were_bad },
        }
    }
}
