//! Hears that something was saved in the folder of the book, or that the folder itself was replaced.
//!
//! It says that there may be something new and never what: editors, `git` and mounted volumes save in too many ways to be told apart.

use std::ffi::OsStr;
use std::path::{Path, absolute};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Not all is heard: some disks, such as those of a network or of another system, say nothing. So there is a look now and then.
const NOW_AND_THEN: Duration = Duration::from_secs(2);
/// And more often where nothing can be heard.
const OFTEN: Duration = Duration::from_millis(500);

pub struct Ear {
    /// Why nothing can be heard, if so.
    pub deaf: Option<notify::Error>,
    heard: Receiver<()>,
    /// Kept, so that the silence of a deaf ear lasts as long as any other.
    _says: Sender<()>,
    _watcher: Option<RecommendedWatcher>,
}

impl Ear {
    /// Listens from now on to what stands at `dir` at this moment.
    pub fn on(dir: &Path) -> Ear {
        let (says, heard) = mpsc::channel();
        let (watcher, deaf) = match watch(dir, says.clone()) {
            Ok(watcher) => (Some(watcher), None),
            Err(error) => (None, Some(error)),
        };
        Ear { deaf, heard, _says: says, _watcher: watcher }
    }

    /// Waits until something is heard, or until it is time for a look all the same. Whether something was heard.
    pub fn wait(&self) -> bool {
        let patience = if self.deaf.is_none() { NOW_AND_THEN } else { OFTEN };
        self.heard.recv_timeout(patience).is_ok()
    }
}

fn watch(dir: &Path, says: Sender<()>) -> notify::Result<RecommendedWatcher> {
    let dir = absolute(dir)?;
    let name = dir.file_name().map(OsStr::to_os_string);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| !matters(&event, name.as_deref())) {
            return;
        }
        // It was put away in this moment, and another listens in its place.
        let _ = says.send(());
    })?;
    watcher.watch(&dir, RecursiveMode::Recursive)?;
    if let Some(parent) = dir.parent() {
        // The folder, or the link to it, may be replaced by another of its name. Where that can't be heard, it is seen now and then.
        let _ = watcher.watch(parent, RecursiveMode::NonRecursive);
    }
    Ok(watcher)
}

/// Reading changes nothing, and neighbours of the folder don't matter.
fn matters(event: &Event, name: Option<&OsStr>) -> bool {
    let reads = matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
    let is_inside = |path: &Path| name.is_none_or(|name| path.iter().any(|part| part == name));
    event.need_rescan() || (!reads && event.paths.iter().any(|path| is_inside(path)))
}
