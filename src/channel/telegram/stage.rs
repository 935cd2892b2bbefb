//! The messages in which exercises are counted.
//!
//! A screen of a count is tried once: the next is due in a moment. A text is edited as one; a picture is changed only when another one is
//! due, else the words under it.

use std::sync::Arc;

use async_trait::async_trait;

use super::api::Failure;
use super::deliver::{Out, Place, show};
use super::ready::Message;
use crate::dialogue::Effect;
use crate::service::Answer;
use crate::service::coach::{Became, Shown, Stage};

pub struct Chats(pub Arc<Out>);

impl Chats {
    fn message(&self, answer: Answer) -> Option<Arc<Message>> {
        let Answer { volume, reader, effects, .. } = answer;
        let screen = effects.into_iter().find_map(Effect::screen)?;
        Some(self.0.ready.message(&volume, &screen, &reader))
    }
}

#[async_trait]
impl Stage for Chats {
    async fn count(&self, chat: i64, shown: Shown, answer: Answer) -> Became {
        let out = &*self.0;
        let Some(message) = self.message(answer) else { return Became::Skipped };
        let picture = message.picture.as_ref().map(|picture| picture.content);
        let done = if picture.is_some() && picture == shown.picture {
            out.api.edit_caption(chat, shown.message, &message.fields).await
        } else {
            out.change(chat, shown.message, &message).await
        };
        match done {
            Ok(()) | Err(Failure::NotModified) => Became::Shown(Shown { picture, ..shown }),
            Err(Failure::TooMany(wait)) => {
                out.pacer.refused(chat, wait);
                Became::Skipped
            }
            Err(Failure::Broken(_) | Failure::Unauthorized | Failure::Conflict(_)) => Became::Skipped,
            Err(failure) => {
                if failure == Failure::Gone {
                    out.pacer.gave_back();
                }
                Became::Over
            }
        }
    }

    async fn end(&self, chat: i64, shown: Shown, answer: Answer) {
        let Some(message) = self.message(answer) else { return };
        let place = Place { chat, message: Some(shown.message), photo: shown.picture.is_some(), query: None };
        show(&self.0, &place, &message).await;
    }
}
