//! Every way through a book, tried: what its safety rules are proved over.
//!
//! [`Ways`] presses every button of every screen over the real `step`, until nothing new is shown; [`judge`] asks what can be come to,
//! and how soon. Nothing here says what is right: that is the book's `rules`.

mod judge;
mod key;
mod ways;

pub use judge::{Broken, judge, too_far};
pub use ways::{Edge, MOST, Sort, State, Via, Ways};
