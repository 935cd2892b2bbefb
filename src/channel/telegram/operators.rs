//! Word for the bot's operators in Telegram: plain texts to their own chats, at the pacer's word.
//!
//! Never here: a word for readers, or anything that a reader typed.

use std::sync::Arc;

use futures_util::future::join_all;
use log::warn;
use tokio::sync::mpsc;

use super::api::Failure;
use super::deliver::{Out, try_to_send};
use crate::dialogue::{Page, Text};
use crate::render;

/// Who is told, and what there is to tell.
pub struct Operators {
    chats: Vec<i64>,
    news: mpsc::UnboundedReceiver<String>,
}

impl Operators {
    pub fn new(chats: Vec<i64>, news: mpsc::UnboundedReceiver<String>) -> Operators {
        Operators { chats, news }
    }

    /// Nobody is told anything.
    pub fn nobody() -> Operators {
        Operators { chats: Vec::new(), news: mpsc::unbounded_channel().1 }
    }

    /// Tells all of them each news, for as long as there may be more.
    pub(super) async fn tell(mut self, out: Arc<Out>) {
        while let Some(news) = self.news.recv().await {
            let page = Page { text: Text::plain(news), image: None, rows: Vec::new() };
            let fields = Arc::from(render::telegram(&page).0);
            join_all(self.chats.iter().map(|chat| tell_one(&out, *chat, &fields))).await;
        }
    }
}

async fn tell_one(out: &Out, chat: i64, fields: &Arc<str>) {
    match try_to_send(out, chat, fields).await {
        None => {}
        Some(Failure::Gone) => {
            warn!("ADMINS: the bot may not write to {chat}. It may once that person has sent it /start.");
        }
        Some(_) => warn!("ADMINS: {chat} could not be told. What there was to tell is in this log."),
    }
}
