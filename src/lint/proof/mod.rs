//! Every way through a book, tried: what its safety rules are proved over.
//!
//! [`Ways`] presses every button of every screen over the real `step`, until nothing new is shown; [`judge`] asks what can be come to,
//! and how soon. Nothing here says what is right: that is the book's `rules`.

mod explore;
mod judge;
mod key;
mod ways;

pub use judge::{Broken, help_too_far, judge};
pub use ways::{Edge, MOST, Sort, State, Via, Ways};
