//! What Telegram shows of the bot beside the chat: its commands and descriptions, from the running book, in each of its languages.

use std::collections::HashMap;
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
use crate::service::library::Library;

const PAUSE: Duration = Duration::from_secs(30);

/// What Telegram was told since the start, by language; the empty one is the book's own, for everybody else.
type AllTold = HashMap<String, Told>;

#[derive(Default)]
struct Told {
    commands: Option<Vec<BotCommand>>,
    description: Option<String>,
    short_description: Option<String>,
}

/// Tells Telegram at the start, and again whenever a book wants something else. The bot works without it, so nothing waits for this.
pub async fn keep(api: Api, mut running: Running) {
    let (mut told, mut said) = (AllTold::new(), false);
    loop {
        let library = Arc::clone(&running.borrow_and_update());
        let again = match tell(api.bot(), &library, &mut told).await {
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
        drop(library);
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

/// Tells what differs, in every language. A language that the book has no longer is told nothing, and Telegram shows the book's own.
async fn tell(bot: &Bot, library: &Library, told: &mut AllTold) -> Result<(), RequestError> {
    for book in library.books() {
        let is_own = Arc::ptr_eq(book, library.own());
        let language = if is_own { "" } else { book.language() };
        told.entry(language.to_owned()).or_default().tell(bot, book, language).await?;
    }
    let gone: Vec<String> = told.keys().filter(|code| !code.is_empty() && library.speaks(code).is_none()).cloned().collect();
    for language in gone {
        bot.delete_my_commands().language_code(language.clone()).await?;
        bot.set_my_description().description("").language_code(language.clone()).await?;
        bot.set_my_short_description().short_description("").language_code(language.clone()).await?;
        told.remove(&language);
    }
    Ok(())
}

impl Told {
    /// Tells what differs. What no book has told is left as it is; what a book no longer tells is taken away.
    async fn tell(&mut self, bot: &Bot, book: &Book, language: &str) -> Result<(), RequestError> {
        let commands = book.commands().iter().map(|each| BotCommand::new(&each.name, &each.description));
        let commands = Some(commands.collect::<Vec<_>>());
        if self.commands != commands {
            bot.set_my_commands(commands.iter().flatten().cloned()).language_code(language).await?;
            self.commands = commands;
        }
        if self.description.as_deref() != book.description() {
            bot.set_my_description().description(book.description().unwrap_or_default()).language_code(language).await?;
            self.description = book.description().map(str::to_owned);
        }
        if self.short_description.as_deref() != book.short_description() {
            let said = book.short_description().unwrap_or_default();
            bot.set_my_short_description().short_description(said).language_code(language).await?;
            self.short_description = book.short_description().map(str::to_owned);
        }
        Ok(())
    }
}
