//! `backcare test` and `backcare chat --replay`: walks read from their folder, played, told, and written anew where that is asked for.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::authors::ended_well;
use super::open::open_book;
use super::{FINDINGS, TestArgs, USAGE, say};
use crate::author::walks::{Coverage, Named, fill, play, updated};
use crate::channel::terminal;
use crate::service::with_place;
use crate::source::folder as files;
use crate::walk::Walk;

/// The folder of walks inside a book's.
const OWN: &str = "walks";
/// The folder of walks of a book that has none inside.
const BESIDE: &str = "tests/walks";
/// Where walks are written that nobody thought of.
const FILLED: &str = "filled";
const KIND: &str = "walk";

/// Where the walks of a book are.
pub fn folder(dialogues: &Path, named: Option<&Path>) -> PathBuf {
    let own = dialogues.join(OWN);
    named.map_or_else(|| if own.is_dir() { own } else { PathBuf::from(BESIDE) }, Path::to_owned)
}

pub fn test(dialogues: &Path, args: &TestArgs) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    let dir = folder(dialogues, args.walks.as_deref());
    let walks = match files::texts(&dir, KIND) {
        Ok(walks) => walks,
        Err(error) => {
            eprintln!("The walks in {} cannot be read: {error}. Name their folder: --walks.", dir.display());
            return ExitCode::from(USAGE);
        }
    };
    let named = walks.into_iter().map(|(path, text)| Named { name: path.display().to_string(), text });
    let wanted = |walk: &Named| args.filter.is_empty() || args.filter.iter().any(|word| walk.name.contains(word.as_str()));
    let walks: Vec<Named> = named.filter(wanted).collect();
    if walks.is_empty() {
        eprintln!("No walk in {} is meant: there is no *.{KIND}, or none whose path holds these words.", dir.display());
        return ExitCode::from(USAGE);
    }
    let results = play(&book, &walks, with_place);
    say(&results);
    if args.update
        && let Err(error) = update(&walks, &results.strayed)
    {
        eprintln!("A walk cannot be written: {error}.");
        return ExitCode::from(USAGE);
    }
    // What a few walks reach tells nothing.
    if args.filter.is_empty() {
        let coverage = Coverage::of(&book, &results.reached);
        say(&coverage);
        if args.fill {
            let written = fill(&book, &coverage).into_iter().try_fold(0, |count, walk| {
                let path = dir.join(FILLED).join(format!("{}.{KIND}", walk.name));
                files::write(&path, &walk.text).map(|()| count + 1)
            });
            match written {
                Ok(count) => say(format_args!("{count} walks written to {}\n", dir.join(FILLED).display())),
                Err(error) => {
                    eprintln!("A walk cannot be written: {error}.");
                    return ExitCode::from(USAGE);
                }
            }
        }
    }
    if results.all_arrive() { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) }
}

fn update(walks: &[Named], strayed: &[(String, Vec<crate::walk::Strayed>)]) -> std::io::Result<()> {
    for (name, strayed) in strayed {
        let text = walks.iter().find(|walk| walk.name == *name).and_then(|walk| updated(&walk.text, strayed));
        if let Some(text) = text {
            files::write(Path::new(name), &text)?;
            say(format_args!("{name}: written anew\n"));
        }
    }
    Ok(())
}

pub fn replay(dialogues: &Path, file: &Path) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    let text = match files::text(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{} cannot be read: {error}.", file.display());
            return ExitCode::from(USAGE);
        }
    };
    match terminal::replay(&book, &Walk::read(&text)) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(strayed)) => {
            eprintln!("{}:{strayed}", file.display());
            ExitCode::from(FINDINGS)
        }
        Err(error) => ended_well(Err(error)),
    }
}
