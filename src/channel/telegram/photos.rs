//! Pictures on their way to Telegram: the bytes of each are sent once; from then on Telegram knows it by an id of its own.
//!
//! The id is kept in the store by what the picture holds, so that other replicas and the next start have it too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use log::error;

use super::api::Failure;
use crate::media::{Content, Picture};
use crate::store::Store;

/// How a picture is handed over.
#[derive(Clone)]
pub enum Photo {
    /// By the id that Telegram gave it.
    Known(Arc<str>),
    Bytes(Arc<Picture>),
}

pub struct Photos {
    store: Arc<dyn Store>,
    known: Mutex<HashMap<Content, Slot>>,
}

/// The id of one picture, once it is known. Who brings the bytes holds it, and the others wait for the id.
type Slot = Arc<tokio::sync::Mutex<Option<Arc<str>>>>;

impl Photos {
    pub fn new(store: Arc<dyn Store>) -> Photos {
        Photos { store, known: Mutex::default() }
    }

    /// Makes a call that shows a picture, with its id if there is one. The call tells the id of what it brought.
    pub async fn show<F: Future<Output = Result<Option<String>, Failure>>>(
        &self,
        picture: &Arc<Picture>,
        call: impl Fn(Photo) -> F,
    ) -> Result<(), Failure> {
        let slot = self.slot(picture.content);
        let mut id = slot.lock().await;
        if id.is_none() {
            *id = self.stored(picture.content).await;
        }
        if let Some(known) = id.clone() {
            drop(id);
            match call(Photo::Known(Arc::clone(&known))).await {
                // Telegram has lost it, or it is another bot's.
                Err(Failure::UnknownPicture) => id = slot.lock().await,
                done => return done.map(drop),
            }
            // Somebody may have brought it again meanwhile.
            if let Some(newer) = id.clone().filter(|newer| *newer != known) {
                drop(id);
                return call(Photo::Known(newer)).await.map(drop);
            }
        }
        let brought = call(Photo::Bytes(Arc::clone(picture))).await?;
        if let Some(brought) = brought {
            if let Err(error) = self.store.keep_picture(&picture.content.to_string(), &brought).await {
                error!("Telegram's id of a picture could not be kept, so it is sent whole again after a restart: {error}");
            }
            *id = Some(brought.into());
        }
        Ok(())
    }

    fn slot(&self, content: Content) -> Slot {
        Arc::clone(self.known.lock().unwrap_or_else(PoisonError::into_inner).entry(content).or_default())
    }

    async fn stored(&self, content: Content) -> Option<Arc<str>> {
        match self.store.picture(&content.to_string()).await {
            Ok(id) => id.map(Arc::from),
            Err(error) => {
                error!("Telegram's id of a picture could not be looked up, so it is sent whole: {error}");
                None
            }
        }
    }
}
