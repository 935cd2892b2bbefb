//! Hot reload: an edited book goes live once it is checked; one with mistakes does not, and its author is told where they are.
//!
//! `ear` hears that something was saved, `edits` reads and checks it, and here the running book is swapped. The words here are for
//! operators: no reader sees them, and nothing of a reader is in them.

mod ear;
mod edits;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use log::{error, info};
use tokio::sync::{mpsc, watch};

use crate::cli::open::Offers;
use crate::service::library::Library;
use crate::source::{Files, Report};
pub use ear::Ear;
pub use edits::{Edit, Edits};

/// So many mistakes are told; `check` tells all.
const TOLD: usize = 5;
/// A message holds no more than 4096 letters, and nobody reads so many.
const LONGEST: usize = 2000;

/// Follows the folder that the running book was read from, as `files`, for as long as the process lives. It has a thread of its own:
/// reading and checking would hold others up.
///
/// # Errors
/// No thread can be started.
pub fn follow(
    dir: PathBuf,
    files: Files,
    offers: Offers,
    running: watch::Sender<Arc<Library>>,
    admins: mpsc::UnboundedSender<String>,
) -> io::Result<()> {
    let desk = Desk { running, admins };
    thread::Builder::new().name(String::from("reload")).spawn(move || desk.work(dir, files, offers)).map(drop)
}

struct Desk {
    running: watch::Sender<Arc<Library>>,
    admins: mpsc::UnboundedSender<String>,
}

impl Desk {
    fn work(&self, dir: PathBuf, files: Files, offers: Offers) {
        let mut ear = Ear::on(&dir);
        if let Some(why) = &ear.deaf {
            info!("Changes in {} cannot be heard ({why}), so it is looked at twice a second.", dir.display());
        }
        let mut edits = Edits::new(dir, files, offers);
        let mut heard = false;
        loop {
            let edit = edits.look();
            // What was found and not heard stands in another folder than the one that is listened to.
            let missed = !heard && !matches!(edit, Edit::None);
            self.take(edit);
            heard = missed || ear.wait();
            if heard {
                // The folder itself may have been replaced. Listening comes before looking, so that nothing gets between.
                ear = Ear::on(edits.dir());
            }
        }
    }

    fn take(&self, edit: Edit) {
        match edit {
            Edit::None => {}
            Edit::Good { library, mended } => {
                // Before it goes live, so that nobody's message waits for it.
                library.prepare();
                let pages = library.own().len();
                self.running.send_replace(library);
                if mended {
                    self.tell(format!("The book is mended and live: {pages} pages."));
                } else {
                    info!("The book was read again and is live: {pages} pages.");
                }
            }
            Edit::Undone => {
                let pages = self.running.borrow().own().len();
                self.tell(format!("The book is mended: its files say again what is live, {pages} pages."));
            }
            Edit::Bad { report, first } => self.refuse(&report, first),
            Edit::Broke => error!("Checking the edited book broke, so the one before stays live. This is a bug."),
        }
    }

    fn tell(&self, news: String) {
        info!("{news}");
        // Nobody listens any more when the bot is about to end.
        let _ = self.admins.send(news);
    }

    /// The log is told of every edit that fails; the admins of the first, until one is good.
    fn refuse(&self, report: &Report, first: bool) {
        let head = "The edited book has mistakes, so the one before stays live.";
        let lines = report.brief(TOLD);
        error!("{head}");
        for line in &lines {
            error!("{line}");
        }
        if first {
            let told: String = format!("{head}\n\n{}", lines.join("\n")).chars().take(LONGEST).collect();
            let _ = self.admins.send(told);
        }
    }
}
