//! `backcare preview`: reads the book whenever it is saved, and shows it on a page of this machine.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use jiff::{Timestamp, Zoned};
use tokio::net::TcpListener;

use super::authors::tell;
use super::operators::runtime;
use super::reload::Ear;
use super::{FINDINGS, PreviewArgs, USAGE, say, walks};
use crate::lint;
use crate::preview::{Desk, Door, Edition, export, serve};
use crate::source::{Files, Loaded};

/// Files that stay as they are for so long are saved. Shorter than for a bot that runs: half a save scares nobody here.
const QUIET: Duration = Duration::from_millis(40);

pub fn preview(dialogues: &Path, args: &PreviewArgs) -> ExitCode {
    match &args.export {
        Some(out) => written(dialogues, out, args.region.as_deref()),
        None => shown(dialogues, args),
    }
}

/// The book as one file for a clinician. What may not go live isn't worth her time.
fn written(dialogues: &Path, out: &Path, region: Option<&str>) -> ExitCode {
    let files = Files::read(dialogues);
    let loaded = Arc::new(files.load());
    let report = lint::report(&loaded, None);
    let edition = match Edition::of(&loaded, &files, None) {
        Some(edition) if report.errors() == 0 => edition,
        _ => {
            eprint!("{report}");
            eprintln!("The book in {} has mistakes: mend them before a clinician reads it.", dialogues.display());
            return ExitCode::from(FINDINGS);
        }
    };
    let regions = edition.book(None).regions();
    if let Some(region) = region.filter(|region| !regions.contains_key(*region)) {
        let known: Vec<&str> = regions.keys().map(String::as_str).collect();
        eprintln!("--region {region}: the book knows {}.", known.join(", "));
        return ExitCode::from(USAGE);
    }
    tell(&export(&edition, region, Zoned::now().date()), Some(out))
}

fn shown(dialogues: &Path, args: &PreviewArgs) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    let desk = Arc::new(Desk::new(walks::folder(dialogues, args.walks.as_deref()), Timestamp::now));
    let opened = runtime.block_on(open(args.addr));
    let (listener, door) = match opened {
        Ok(opened) => opened,
        Err(why) => {
            eprintln!("The preview cannot listen at {}: {why}. Choose another address: --addr.", args.addr);
            return ExitCode::from(USAGE);
        }
    };
    if let Err(error) = follow(dialogues.to_owned(), &desk) {
        eprintln!("No thread can be started to read the book: {error}.");
        return ExitCode::from(USAGE);
    }
    say(format!("The preview is at {}\nIt shows what is saved in {}. Ctrl-C ends it.\n", door.url(), dialogues.display()));
    if !door.address.ip().is_loopback() {
        eprintln!("Whoever in this network knows that address can read the book and save walks here.");
    }
    runtime.block_on(async {
        tokio::select! {
            () = serve(listener, door, desk) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    });
    ExitCode::SUCCESS
}

async fn open(address: SocketAddr) -> std::io::Result<(TcpListener, Door)> {
    let listener = TcpListener::bind(address).await?;
    let door = Door::at(listener.local_addr()?)?;
    Ok((listener, door))
}

/// Checking and drawing begin so long after the book was read: what is to be seen at once has the machine to itself.
const AFTER: Duration = Duration::from_millis(150);

/// Reads the book at once and whenever it is saved. Checking and drawing have threads of their own, so that words are seen before they are
/// judged; of several books that wait, only the newest is looked at.
fn follow(dir: PathBuf, desk: &Arc<Desk>) -> std::io::Result<()> {
    let check = worker("check", desk, |desk, loaded| desk.checked(lint::report(loaded, Some(Zoned::now().date()))))?;
    let draw = worker("draw", desk, |desk, _| desk.draw())?;
    let desk = Arc::clone(desk);
    thread::Builder::new().name(String::from("read")).spawn(move || {
        let mut ear = Ear::on(&dir);
        let mut seen = None;
        loop {
            let files = settled(&dir);
            if seen.as_ref() != Some(&files) {
                let loaded = Arc::new(files.load());
                desk.read(&loaded, &files);
                for worker in [&check, &draw] {
                    // A worker ends with the process alone.
                    let _ = worker.send(Arc::clone(&loaded));
                }
                seen = Some(files);
            }
            if ear.wait() {
                // The folder itself may have been replaced. Listening comes before looking, so that nothing gets between.
                ear = Ear::on(&dir);
            }
        }
    })?;
    Ok(())
}

/// The files once they have stayed as they are for a moment.
fn settled(dir: &Path) -> Files {
    let mut before = Files::read(dir);
    loop {
        thread::sleep(QUIET);
        let now = Files::read(dir);
        if now == before {
            return now;
        }
        before = now;
    }
}

fn worker(name: &str, desk: &Arc<Desk>, work: fn(&Desk, &Loaded)) -> std::io::Result<Sender<Arc<Loaded>>> {
    let (send, books): (_, Receiver<Arc<Loaded>>) = mpsc::channel();
    let desk = Arc::clone(desk);
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        while let Ok(mut loaded) = books.recv() {
            thread::sleep(AFTER);
            while let Ok(newer) = books.try_recv() {
                loaded = newer;
            }
            if catch_unwind(AssertUnwindSafe(|| work(&desk, &loaded))).is_err() {
                eprintln!("Looking at the book broke; the preview goes on with the next save. This is a bug.");
            }
        }
    })?;
    Ok(send)
}
