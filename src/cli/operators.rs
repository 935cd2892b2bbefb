//! What operators run beside the bot: numbers from its store, and a look at everything that it needs.

use std::process::ExitCode;

use jiff::Timestamp;

use super::{Failed, USAGE, say};
use crate::config::{Environment, VARIABLES};
use crate::ops;
use crate::store;

/// `backcare stats`: needs no token and no key, and changes nothing.
pub fn stats(environment: &Environment, json: bool) -> ExitCode {
    let default = VARIABLES.iter().find(|variable| variable.name == "DATABASE_URL").map_or("", |variable| variable.default);
    let url = environment.get("DATABASE_URL").unwrap_or_else(|| default.to_owned());
    if let Some(beside) = store::beside(&url).filter(|beside| !beside.file.exists()) {
        eprintln!("{}: there is no database yet; the bot makes it when it first runs.", beside.file.display());
        return ExitCode::from(USAGE);
    }
    let counts = match runtime().map(|runtime| runtime.block_on(store::counts(&url, Timestamp::now()))) {
        Ok(Ok(counts)) => counts,
        Ok(Err(error)) => return Failed::of(&error).exit(),
        Err(code) => return code,
    };
    match serde_json::to_string_pretty(&counts) {
        Ok(text) if json => say(text + "\n"),
        _ => say(ops::stats(&counts)),
    }
    ExitCode::SUCCESS
}

/// A runtime for a command that asks a few questions and ends.
pub fn runtime() -> Result<tokio::runtime::Runtime, ExitCode> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        eprintln!("The program cannot start: {error}.");
        ExitCode::from(USAGE)
    })
}
