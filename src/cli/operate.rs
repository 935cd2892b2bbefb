//! What operators run beside `run`: a store moved to the other kind, and the backup of an SQLite file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::{Failed, say};
use crate::config::{self, Environment};
use crate::store::{self, Copied};

/// `backcare move`.
pub fn moved(from: &str, to: &str) -> ExitCode {
    told(run(store::move_all(from, to)).map(|copied| table(&copied)))
}

/// `backcare backup`.
pub fn backed_up(environment: &Environment, file: &Path) -> ExitCode {
    let url = config::database_url(|name| environment.get(name));
    let done = run(store::backup(&url, file));
    told(done.map(|()| {
        format!(
            "{}: the whole database, but for updates in hand. The key to what is sealed is not in it: keep that elsewhere.\n",
            file.display()
        )
    }))
}

pub fn run<T, E: Error + 'static>(work: impl Future<Output = Result<T, E>>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("The program cannot start: {error}."))?;
    runtime.block_on(work).map_err(|error| Failed::of(&error))
}

pub fn told(done: Result<String, Failed>) -> ExitCode {
    match done {
        Ok(text) => {
            say(text);
            ExitCode::SUCCESS
        }
        Err(failed) => failed.exit(),
    }
}

fn table(copied: &[Copied]) -> String {
    let mut text = format!("{:<14} {:>10} {:>10}\n", "table", "there", "here");
    for Copied { table, from, to } in copied {
        let here = to.map_or_else(|| "left".to_owned(), |to| to.to_string());
        let _ = writeln!(text, "{table:<14} {from:>10} {here:>10}");
    }
    let left = copied.iter().any(|copied| copied.to.is_none());
    text.push_str(if left {
        "The bot still runs there: what is in its hands is left to it, and what readers choose from now on stays there too. Better: \
         stop it, empty the copy, and move again.\n"
    } else {
        "All of it is here. Set DATABASE_URL to the new address, and DATA_KEY to the key that was used so far (with SQLite it may lie in \
         data.key): what is sealed was not opened.\n"
    });
    text
}
