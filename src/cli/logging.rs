//! The log of a running bot, and what never gets into it.
//!
//! **The cap.** Whatever `RUST_LOG` asks for, and of whichever part, it is heard for the bot's own lines alone. Everything below the bot
//! is held at `warn`: at `debug` and `trace` hyper prints addresses, and the token is part of every address; others print the bytes of what
//! readers typed, or of what the database is sent. It is a list of who may speak and not of who may not, because the next library
//! is on neither. The bot's own lines name no chat, no word of a reader and no token: `tests/telegram/secrets.rs` reads them all.

use log::{LevelFilter, Log, Metadata, Record, error};

/// The bot's own parts, by the first piece of their names.
const OURS: &str = env!("CARGO_CRATE_NAME");

/// Logs from here on. A panic says where it happened and no more, for its message can hold what somebody typed.
pub fn start(filters: &str) {
    let log = pretty_env_logger::formatted_timed_builder().parse_filters(filters).build();
    let most = log.filter();
    if log::set_boxed_logger(Box::new(Capped(log))).is_ok() {
        log::set_max_level(most);
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!("something broke at {place}");
    }));
}

struct Capped<L>(L);

impl<L: Log> Log for Capped<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().split("::").next() == Some(OURS);
        (is_ours || metadata.level() <= LevelFilter::Warn) && self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.0.log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}
