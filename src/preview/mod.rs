//! What an author sees while writing: a phone with the real conversation, the map of the book, what is wrong with it, the weekly calendar.
//! A page on this machine, drawn by the server, that shows every saved edit at once.
//!
//! `phone` holds the conversation and knows no HTML; `desk` holds all of it; `serve` is the wire. Never here: a rule of its own about what a
//! book may be, a reader's data, a file that is read.

mod bubble;
mod chat;
mod desk;
mod edition;
mod export;
mod page;
mod phone;
mod play;
mod problems;
mod serve;
mod weekly;

pub use desk::Desk;
pub use edition::Edition;
pub use export::export;
pub use serve::{Door, serve};
