//! The preview as an author lives it: the process over a copy of the shipped book, and a real browser that is pressed, typed in and audited.
//!
//! `author` starts and ends both; each of the others tells stories of one kind. Nothing here trusts time. A browser, and a book that is
//! proved, take seconds: so stories follow each other in one window.
//! `UPDATE=1 cargo test --test preview` makes the pictures of the README; `SHOW=folder` writes what each audit has seen there.

#![allow(clippy::expect_used, clippy::pedantic, clippy::print_stderr, clippy::unwrap_used)] // a test that cannot go on fails

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

use author::Author;

#[tokio::test]
async fn an_author_looks_round() {
    let Some(author) = Author::begin().await else { return };
    phone::it_is_pressed_and_read_like_a_chat(&author).await;
    map::it_is_searched_pressed_and_used_by_keys(&author).await;
    walks::a_tip_is_read_and_a_conversation_is_kept(&author).await;
    audit::nothing_stands_in_the_way_of_anybody(&author).await;
}

#[tokio::test]
async fn an_author_writes() {
    let Some(author) = Author::begin().await else { return };
    edits::what_is_saved_is_seen(&author).await;
}
