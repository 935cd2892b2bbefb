//! Carries out what a turn decided, until it is done or cannot be.
//!
//! A press is answered and its page shown by two calls side by side. Edits and answers can be repeated without harm; a message that may
//! have been sent is sent again only when the way there broke: better twice than never. Waiting holds up this chat alone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use log::error;

use super::api::{Api, Failure};
use super::photos::Photos;
use super::ready::{Message, Ready};
use crate::dialogue::Effect;
use crate::service::coach::Shown;
use crate::service::meter::Meter;
use crate::service::pacer::{Lane, Pacer};
use crate::service::{Answer, File};

/// Telegram keeps an update for a day; after that nobody waits for its answer.
const GIVE_UP: Duration = Duration::from_hours(24);
/// A press that could not be answered for so long has stopped spinning by itself.
const SPINS: Duration = Duration::from_mins(1);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What every answer goes out by.
pub struct Out {
    pub api: Api,
    pub ready: Arc<Ready>,
    pub photos: Photos,
    pub pacer: Arc<Pacer>,
    pub meter: Arc<Meter>,
}

impl Out {
    /// A message or an edit, at the pacer's word.
    async fn paced<F: Future<Output = Result<(), Failure>>>(&self, chat: i64, call: impl FnOnce() -> F) -> Result<(), Failure> {
        let waiting = self.meter.waits(Lane::Reply);
        let left = self.pacer.reply(chat).await;
        drop(waiting);
        let done = call().await;
        match (&done, left) {
            (Ok(()), Some(left)) => self.pacer.landed(left.elapsed()),
            (Err(Failure::TooMany(wait)), _) => self.pacer.refused(chat, *wait),
            (Err(Failure::Gone), _) => self.pacer.gave_back(),
            _ => {}
        }
        done
    }

    /// A new message.
    pub async fn post(&self, chat: i64, Message { fields, picture }: &Message) -> Result<(), Failure> {
        let Some(picture) = picture else { return self.api.send(chat, fields).await };
        self.photos.show(picture, |photo| self.api.send_photo(chat, fields, photo)).await
    }

    /// In place of what a message shows.
    pub(super) async fn change(&self, chat: i64, shown: i64, Message { fields, picture }: &Message) -> Result<(), Failure> {
        let Some(picture) = picture else { return self.api.edit(chat, shown, fields).await };
        self.photos.show(picture, |photo| self.api.edit_photo(chat, shown, fields, photo)).await
    }
}

/// Where the effects of one update go.
pub struct Place<'a> {
    pub chat: i64,
    /// The message whose button was pressed.
    pub message: Option<i64>,
    /// Whether that message shows a picture.
    pub photo: bool,
    pub query: Option<&'a str>,
}

/// An effect with its words written.
enum Errand {
    Show(Arc<Message>),
    Send(Arc<Message>),
    Erase(u32),
    File(File),
}

/// Carries out all effects, the first beside the answer to the press. What the pressed message shows now, if it still is the one that
/// shows something.
pub async fn deliver(out: &Out, place: &Place<'_>, answer: Answer) -> Option<Shown> {
    let errands = write(out, answer);
    let answer = async {
        if let Some(query) = place.query {
            persist(SPINS, || out.api.answer(query)).await;
        }
    };
    let show = async {
        let mut shown = None;
        for errand in &errands {
            shown = carry_out(out, place, errand).await.or(shown);
        }
        shown
    };
    tokio::join!(answer, show).1
}

/// Writes the words of all effects, with the book of the turn; after that nobody holds that book for a chat that has to wait.
fn write(out: &Out, answer: Answer) -> Vec<Errand> {
    let Answer { volume, reader, effects, mut file } = answer;
    let errands = effects.into_iter().filter_map(|effect| match effect {
        Effect::Show(screen) => Some(Errand::Show(out.ready.message(&volume, &screen, &reader))),
        Effect::Send(screen) => Some(Errand::Send(out.ready.message(&volume, &screen, &reader))),
        Effect::Erase(typed) => Some(Errand::Erase(typed)),
        Effect::Export => file.take().map(Errand::File),
        Effect::Leaflet => out.ready.leaflet(&volume, &reader).map(Errand::File),
        // Carried out by the service before anything is delivered.
        // The next screen of a count is the coach's to bring.
        Effect::After { .. } | Effect::Rate { .. } | Effect::Forget => None,
    });
    errands.collect()
}

async fn carry_out(out: &Out, place: &Place<'_>, errand: &Errand) -> Option<Shown> {
    match errand {
        Errand::Show(message) => return show(out, place, message).await,
        Errand::Send(message) => send(out, place.chat, message).await,
        // Older than Telegram lets us delete, or gone already: the page has said that this may be so.
        Errand::Erase(typed) => {
            persist(SPINS, || out.api.delete(place.chat, i64::from(*typed))).await;
        }
        Errand::File(file) => {
            let send = || out.api.send_file(place.chat, file);
            if let Some(Failure::Refused(why)) = persist(GIVE_UP, || out.paced(place.chat, send)).await {
                error!("Telegram refused a reader's file: {why}. This is a bug.");
            }
        }
    }
    None
}

/// Shows a message in place of the one that was pressed. What Telegram can't turn into it, a picture into words alone, goes once the
/// new one is there.
pub(super) async fn show(out: &Out, place: &Place<'_>, message: &Message) -> Option<Shown> {
    let chat = place.chat;
    let Some(pressed) = place.message else {
        send(out, chat, message).await;
        return None;
    };
    if place.photo && message.picture.is_none() {
        send(out, chat, message).await;
        // Older than Telegram lets us delete: then it stays, and its buttons still work.
        persist(SPINS, || out.api.delete(chat, pressed)).await;
        return None;
    }
    if let Some(Failure::CannotEdit | Failure::Refused(_)) =
        persist(GIVE_UP, || out.paced(chat, || out.change(chat, pressed, message))).await
    {
        send(out, chat, message).await;
        return None;
    }
    let picture = message.picture.as_ref().map(|picture| picture.content);
    Some(Shown { message: pressed, picture })
}

pub(super) async fn send(out: &Out, chat: i64, message: &Message) {
    if let Some(Failure::Refused(why)) = try_to_send(out, chat, message).await {
        error!("Telegram refused a page: {why}. Run `backcare check`; if it finds nothing, this is a bug.");
    }
}

/// Sends a message, and waits out what passes by itself. What is returned is final.
pub(super) async fn try_to_send(out: &Out, chat: i64, message: &Message) -> Option<Failure> {
    persist(GIVE_UP, || out.paced(chat, || out.post(chat, message))).await
}

/// Calls until it is done, until asking again cannot help, or until nobody waits any more. What is returned is final.
async fn persist<F: Future<Output = Result<(), Failure>>>(patience: Duration, mut call: impl FnMut() -> F) -> Option<Failure> {
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let failure = match call().await {
            Ok(()) | Err(Failure::NotModified) => return None,
            Err(failure) => failure,
        };
        let wait = match &failure {
            Failure::TooMany(wait) => *wait,
            // A conflict or a wrong token is for the update loop to report; until it is mended, every call meets it.
            Failure::Broken(_) | Failure::Unauthorized | Failure::Conflict(_) => {
                let wait = pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
                wait
            }
            _ => return Some(failure),
        };
        if begun.elapsed() + wait > patience {
            return Some(failure);
        }
        tokio::time::sleep(wait).await;
    }
}
