//! The preview as an author lives it: the process over a copy of the shipped book, and a real browser that is pressed, typed in and audited.
//!
//! `author` starts and ends both; each of the others tells stories of one kind. Nothing here trusts time.
//! `UPDATE=1 cargo test --test preview` makes the pictures of the README; `SHOW=folder` writes what each audit has seen there.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

#[path = "preview/audit.rs"]
mod audit;
#[path = "preview/author.rs"]
mod author;
mod browser;
#[path = "preview/door.rs"]
mod door;
#[path = "preview/edits.rs"]
mod edits;
#[path = "preview/map.rs"]
mod map;
#[path = "preview/phone.rs"]
mod phone;
#[path = "preview/pictures.rs"]
mod pictures;
#[path = "preview/review.rs"]
mod review;
#[path = "preview/walks.rs"]
mod walks;
