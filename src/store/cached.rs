//! A bounded memory of readers in front of a store that this process alone writes to.
//!
//! Strangers are remembered as such too, so that a chat costs one look at the database. What is saved goes to the store first.
//! Never here: the inbox; a store that other processes write to.

use async_trait::async_trait;
use quick_cache::sync::Cache;

use super::{Store, StoreError};
use crate::dialogue::Reader;

pub struct Cached<S> {
    store: S,
    /// `None`: nothing is remembered of this reader. Boxed, because that is so of most.
    readers: Cache<i64, Option<Box<Reader>>>,
}

impl<S: Store> Cached<S> {
    pub fn new(store: S, capacity: usize) -> Cached<S> {
        Cached { store, readers: Cache::new(capacity) }
    }
}

#[async_trait]
impl<S: Store> Store for Cached<S> {
    async fn reader(&self, chat: i64) -> Result<Reader, StoreError> {
        // While one turn looks a reader up, a second one waits for it; a save that comes between wins over what was looked up.
        let load = async { self.store.reader(chat).await.map(|reader| boxed(&reader)) };
        Ok(self.readers.get_or_insert_async(&chat, load).await?.map(|reader| *reader).unwrap_or_default())
    }

    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError> {
        // Removed first: if the write fails or is given up half-way, the next look asks the store.
        self.readers.remove(&chat);
        self.store.save(chat, reader).await?;
        self.readers.insert(chat, boxed(reader));
        Ok(())
    }

    async fn forget(&self, chat: i64) -> Result<(), StoreError> {
        self.readers.remove(&chat);
        self.store.forget(chat).await?;
        self.readers.insert(chat, None);
        Ok(())
    }

    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
        self.store.inbox(answered, unanswered).await
    }

    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.store.waiting().await
    }

    async fn close(&self) {
        self.store.close().await;
    }
}

fn boxed(reader: &Reader) -> Option<Box<Reader>> {
    (*reader != Reader::default()).then(|| Box::new(reader.clone()))
}
