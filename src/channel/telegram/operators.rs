//! Word for the bot's operators in Telegram: plain texts to their own chats, at the pacer's word, unasked or as answers.
//!
//! Never here: a word for readers, or anything that a reader typed.

use std::sync::Arc;

use futures_util::future::join_all;
use log::warn;
use tokio::sync::mpsc;

use super::api::Failure;
use super::deliver::{Out, try_to_send};
use super::inbound::Heard;
use super::ready::Message;
use crate::dialogue::{Event, Page, Text};
use crate::service::operator::Operator;

/// Who is told, what there is to tell, and who answers what they ask.
pub struct Operators {
    chats: Vec<i64>,
    answers: Option<Arc<dyn Operator>>,
    news: mpsc::UnboundedReceiver<String>,
}

impl Operators {
    pub fn new(chats: Vec<i64>, news: mpsc::UnboundedReceiver<String>, answers: Arc<dyn Operator>) -> Operators {
        Operators { chats, answers: Some(answers), news }
    }

    /// Nobody is told anything, and nobody may ask.
    pub fn nobody() -> Operators {
        Operators { chats: Vec::new(), answers: None, news: mpsc::unbounded_channel().1 }
    }

    /// For the lanes, which hear what is asked.
    pub(super) fn desk(&self) -> Desk {
        Desk { chats: self.chats.clone(), answers: self.answers.clone() }
    }

    /// Tells all of them each news, for as long as there may be more.
    pub(super) async fn tell(mut self, out: Arc<Out>) {
        while let Some(news) = self.news.recv().await {
            let message = message(news);
            join_all(self.chats.iter().map(|chat| tell_one(&out, *chat, &message))).await;
        }
    }
}

/// Answers what operators ask in their own chats.
pub(super) struct Desk {
    chats: Vec<i64>,
    answers: Option<Arc<dyn Operator>>,
}

impl Desk {
    /// The answer to an operator's command; `None` for everybody and everything else.
    pub(super) async fn answer(&self, heard: &Heard) -> Option<Message> {
        let Event::Said { words, .. } = &heard.input.event else { return None };
        let answers = self.answers.as_ref().filter(|_| self.chats.contains(&heard.chat))?;
        answers.answer(words).await.map(message)
    }
}

fn message(text: String) -> Message {
    Message::plain(&Page { text: Text::plain(text), image: None, rows: Vec::new() })
}

async fn tell_one(out: &Out, chat: i64, message: &Message) {
    match try_to_send(out, chat, message).await {
        None => {}
        Some(Failure::Gone) => {
            warn!("ADMINS: the bot may not write to {chat}. It may once that person has sent it /start.");
        }
        Some(_) => warn!("ADMINS: {chat} could not be told. What there was to tell is in this log."),
    }
}
