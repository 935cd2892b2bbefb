//! `backcare key`: a fresh key, a new one for all that is sealed, and giving up what no key opens.
//!
//! Never here: a key as an argument, which would stand in lists of processes and in the shell's history; a key printed but by `key new`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::operate::{run, told};
use super::{FINDINGS, Failed, say};
use crate::config::{self, Environment};
use crate::store::{self, DataKey, GivenUp, NewKey, Place, Resealed};

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Print a fresh key, for DATA_KEY
    #[command(after_help = "Example: backcare key new > new.key")]
    New,
    /// Seal everything with a new key; stop the bot first
    #[command(
        after_help = "The database is the one of DATABASE_URL. The old key is DATA_KEY, or lies in data.key beside an SQLite file: then the new one takes its place there, and is made if none is named. It may be killed at any time: then all is sealed with the old key or all with the new one; run it again. Keep the old key for as long as there are backups from before.\nExample: backcare key rotate                      # with NEW_DATA_KEY in the environment or in .env\nExample: backcare key rotate --new-key new.key"
    )]
    Rotate {
        /// The file that holds the new key, or - for standard input [default: the setting NEW_DATA_KEY]
        #[arg(long, value_name = "FILE")]
        new_key: Option<PathBuf>,
    },
    /// Count what the key does not open, because another was lost; with --yes, delete that, and go on with this key
    #[command(
        after_help = "Readers stay, with their country and their tips; what goes is weeks and updates that wait. Stop the bot first.\nExample: backcare key give-up"
    )]
    GiveUp {
        /// Delete it
        #[arg(long)]
        yes: bool,
    },
}

pub fn key(environment: &Environment, command: KeyCommand) -> ExitCode {
    match command {
        KeyCommand::New => {
            let fresh = NewKey::fresh();
            told(fresh.map(|key| format!("{}\n", key.reveal())).map_err(|error| Failed::of(&error)))
        }
        KeyCommand::Rotate { new_key } => told(rotated(environment, new_key.as_deref())),
        KeyCommand::GiveUp { yes } => match given_up(environment, yes) {
            Ok((text, code)) => {
                say(text);
                code
            }
            Err(failed) => failed.exit(),
        },
    }
}

fn rotated(environment: &Environment, new_key: Option<&Path>) -> Result<String, Failed> {
    let (url, old) = settings(environment)?;
    let new = match new_key {
        Some(file) => Some(read_key(file)?),
        None => config::key::<NewKey>("NEW_DATA_KEY", |name| environment.get(name))?,
    };
    let Resealed { values, place } = run(store::rotate(&url, old, new))?;
    let mut text = String::new();
    for (table, sealed) in &values {
        let _ = writeln!(text, "{table:<14} {sealed:>10}");
    }
    text.push_str(if values.is_empty() {
        "Everything is sealed with the new key already.\n"
    } else {
        "Everything is sealed with the new key, and the old one opens nothing here any more.\n"
    });
    match place {
        Place::Settings => text.push_str(
            "Now set DATA_KEY to the new key, for every replica, and take NEW_DATA_KEY away. Keep the old key in a safe place for as long \
             as there are backups from before: they open with it alone.\n",
        ),
        Place::Files { new, old } => {
            let _ = writeln!(text, "{} holds the new key: keep a copy of it elsewhere.", new.display());
            if let Some(old) = old {
                let _ = writeln!(
                    text,
                    "{} holds the old one. Backups from before open with it alone: remove it once the last of them is gone.",
                    old.display()
                );
            }
        }
    }
    Ok(text)
}

fn given_up(environment: &Environment, really: bool) -> Result<(String, ExitCode), Failed> {
    let (url, key) = settings(environment)?;
    let GivenUp { values, fits } = run(store::give_up(&url, key, really))?;
    let mut text = String::new();
    for (table, closed, of) in &values {
        let _ = writeln!(text, "{table:<14} {closed} of {of}");
    }
    let is_whole = fits && values.iter().all(|(_, closed, _)| *closed == 0);
    if is_whole {
        text.push_str("Everything opens with this key; there is nothing to give up.\n");
    } else if really {
        text.push_str("Those are deleted, for they did not open. This is the key of the database now.\n");
    } else {
        text.push_str(
            "So many do not open with this key. Nothing was deleted. If the right key is nowhere to be found, delete them and go on with \
             this one: backcare key give-up --yes\n",
        );
    }
    Ok((text, if is_whole || really { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) }))
}

fn settings(environment: &Environment) -> Result<(String, Option<DataKey>), String> {
    let lookup = |name: &str| environment.get(name);
    if !environment.findings.is_empty() {
        return Err(environment.findings.join("\n"));
    }
    Ok((config::database_url(lookup), config::key("DATA_KEY", lookup)?))
}

fn read_key(file: &Path) -> Result<NewKey, String> {
    if file.to_str().is_some_and(|text| text.parse::<NewKey>().is_ok()) {
        return Err(String::from(
            "--new-key: names a file, and a key as an argument can be seen in the list of processes and in the shell's history: take \
             another one (backcare key new)",
        ));
    }
    let text =
        config::file_or_input(file).map_err(|error| format!("--new-key: {} could not be read: {error}", file.display()))?;
    text.parse::<NewKey>().map_err(|error| format!("--new-key: what {} holds {error}", file.display()))
}
