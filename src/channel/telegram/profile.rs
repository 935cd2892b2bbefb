//! What Telegram shows of the bot beside the chat: its commands and descriptions, from the book.

use std::sync::Arc;
use std::time::Duration;

use log::warn;
use teloxide::RequestError;
use teloxide::prelude::*;
use teloxide::types::BotCommand;

use super::api::Api;
use crate::dialogue::Book;

const PAUSE: Duration = Duration::from_secs(30);

/// Sets everything and keeps trying: the bot works without it, so nothing waits for this.
pub async fn set(api: Api, book: Arc<Book>) {
    let mut said = false;
    while let Err(error) = set_once(api.bot(), &book).await {
        if let RequestError::Api(why) = &error {
            warn!("Telegram refused the book's commands or descriptions: {why}. Mend them in book.yaml.");
            return;
        }
        if !std::mem::replace(&mut said, true) {
            warn!("The book's commands could not be set; trying again every {} s.", PAUSE.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn set_once(bot: &Bot, book: &Book) -> Result<(), RequestError> {
    let commands = book.commands().iter().map(|each| BotCommand::new(&each.name, &each.description));
    bot.set_my_commands(commands).await?;
    if let Some(description) = book.description() {
        bot.set_my_description().description(description).await?;
    }
    if let Some(description) = book.short_description() {
        bot.set_my_short_description().short_description(description).await?;
    }
    Ok(())
}
