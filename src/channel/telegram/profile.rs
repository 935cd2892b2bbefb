//! What Telegram shows of the bot beside the chat: its commands and descriptions, from the running book.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use log::warn;
use teloxide::RequestError;
use teloxide::prelude::*;
use teloxide::types::BotCommand;

use super::api::Api;
use crate::dialogue::Book;
use crate::service::Running;

const PAUSE: Duration = Duration::from_secs(30);

/// What Telegram was told since the start.
#[derive(Default)]
struct Told {
    commands: Option<Vec<BotCommand>>,
    description: Option<String>,
    short_description: Option<String>,
}

/// Tells Telegram at the start, and again whenever a book wants something else. The bot works without it, so nothing waits for this.
pub async fn keep(api: Api, mut running: Running) {
    let (mut told, mut said) = (Told::default(), false);
    loop {
        let book = Arc::clone(running.borrow_and_update().own());
        let again = match told.tell(api.bot(), &book).await {
            Ok(()) => {
                said = false;
                false
            }
            Err(RequestError::Api(why)) => {
                warn!("Telegram refused the book's commands or descriptions: {why}. Mend them in book.yaml.");
                false
            }
            Err(_) => {
                if !std::mem::replace(&mut said, true) {
                    warn!("The book's commands could not be set; trying again every {} s.", PAUSE.as_secs());
                }
                true
            }
        };
        drop(book);
        let newer = async {
            // Nobody is left who could swap the book.
            if running.changed().await.is_err() {
                pending::<()>().await;
            }
        };
        tokio::select! {
            () = newer => {}
            () = tokio::time::sleep(PAUSE), if again => {}
        }
    }
}

impl Told {
    /// Tells what differs. What no book has told is left as it is; what a book no longer tells is taken away.
    async fn tell(&mut self, bot: &Bot, book: &Book) -> Result<(), RequestError> {
        let commands = book.commands().iter().map(|each| BotCommand::new(&each.name, &each.description));
        let commands = Some(commands.collect::<Vec<_>>());
        if self.commands != commands {
            bot.set_my_commands(commands.iter().flatten().cloned()).await?;
            self.commands = commands;
        }
        if self.description.as_deref() != book.description() {
            bot.set_my_description().description(book.description().unwrap_or_default()).await?;
            self.description = book.description().map(str::to_owned);
        }
        if self.short_description.as_deref() != book.short_description() {
            bot.set_my_short_description().short_description(book.short_description().unwrap_or_default()).await?;
            self.short_description = book.short_description().map(str::to_owned);
        }
        Ok(())
    }
}
