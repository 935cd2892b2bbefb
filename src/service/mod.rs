//! A turn as it is lived: load the reader, step, save what changed.
//!
//! The service knows no channel and no SQL. It never fails: when the store or the core breaks, the reader still gets an answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use log::error;

use crate::dialogue::{Book, Effect, Event, Input, Reader, Turn, step};
use crate::store::Store;

pub struct Service {
    pub book: Arc<Book>,
    pub store: Arc<dyn Store>,
}

/// What a channel carries out for a reader.
pub struct Answer {
    pub reader: Reader,
    pub effects: Vec<Effect>,
}

impl Service {
    /// Answers one input of one chat.
    pub async fn turn(&self, chat: i64, input: &Input) -> Answer {
        let known = match self.store.reader(chat).await {
            Ok(reader) => Some(reader),
            Err(error) => {
                error!("a reader could not be looked up and is answered as a new one: {error}");
                None
            }
        };
        let before = known.clone().unwrap_or_default();
        let turn = self.step(&before, input);
        // A reader who could not be read must not be overwritten by what we made up instead.
        if known.is_some()
            && turn.reader != before
            && let Err(error) = self.store.save(chat, &turn.reader).await
        {
            error!("what a reader chose could not be saved: {error}");
        }
        Answer { reader: turn.reader, effects: turn.effects }
    }

    /// A step that panics costs one answer: the reader gets a kind way on, and nothing of theirs changes.
    fn step(&self, reader: &Reader, input: &Input) -> Turn {
        let guarded = |input: &Input| catch_unwind(AssertUnwindSafe(|| step(&self.book, reader.clone(), input))).ok();
        guarded(input).unwrap_or_else(|| {
            error!("a turn broke; the reader was told. This is a bug.");
            let broken = Input { at: input.at, event: Event::Broken };
            guarded(&broken).unwrap_or(Turn { reader: reader.clone(), effects: Vec::new() })
        })
    }
}
