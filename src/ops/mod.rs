//! The ops port: whether the bot lives and is ready, what it counts, and a page for whoever keeps it running.
//!
//! Plain words for operators stand here; readers never see them. Never here: a chat, a word of a reader, a token, a way to change
//! anything. Nobody is asked for a password, so it listens on this machine alone unless told otherwise.

mod desk;
mod history;
mod look;
mod metrics;
mod page;
mod plot;
mod serve;
mod words;

pub use desk::Desk;
pub use look::{BookLook, Look};
pub use page::page;
pub use serve::serve;
pub use words::stats;
