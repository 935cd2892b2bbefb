//! Exercises that are being counted: where each stands, so that a restart can offer to go on. Both stores understand this SQL.
//!
//! Never here: what a reader answered; the token was stripped of it.

use jiff::Timestamp;

/// An exercise that is being counted in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    /// The message that shows it.
    pub message: i64,
    /// The button that leads on.
    pub token: String,
    /// When it would have been pressed.
    pub due: Timestamp,
}

pub(super) const END: &str = "DELETE FROM exercises WHERE chat = $1";
