//! What Telegram shows of the bot beside the chat: its commands, from the book.

use std::sync::Arc;
use std::time::Duration;

use log::warn;
use teloxide::prelude::*;
use teloxide::types::BotCommand;

use super::api::Api;
use crate::dialogue::Book;

const PAUSE: Duration = Duration::from_secs(30);

/// Sets the commands and keeps trying: the bot works without them, so nothing waits for this.
pub async fn set(api: Api, book: Arc<Book>) {
    let commands: Vec<_> = book.commands().iter().map(|each| BotCommand::new(&each.name, &each.description)).collect();
    let mut said = false;
    while let Err(error) = api.bot().set_my_commands(commands.clone()).await {
        if let teloxide::RequestError::Api(why) = &error {
            warn!("Telegram refused the book's commands: {why}. Mend `commands` in book.yaml.");
            return;
        }
        if !std::mem::replace(&mut said, true) {
            warn!("The book's commands could not be set; trying again every {} s.", PAUSE.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
