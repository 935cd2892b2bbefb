//! A bounded memory of readers in front of a store.
//!
//! Strangers are remembered as such too, so that a chat costs one look at the database. What is written goes to the store, and the reader
//! is looked up anew: a tip may be begun at the same instant as a turn is saved, and only the store knows which came last.
//!
//! Never here: the inbox; readers with weekly tips, whom another process may be sending theirs; a store in which other processes change
//! readers without.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use quick_cache::sync::Cache;

use super::{Counts, Crowd, Due, Kept, Store, StoreError, UnderWay, Unseen};
use crate::dialogue::Reader;

pub struct Cached<S> {
    store: S,
    /// `None`: nothing is remembered of this reader. Boxed, because that is so of most.
    readers: Cache<i64, Option<Box<Reader>>>,
}

/// Drops what is kept of a reader when a write has ended, well or not. A look that is under way then is not kept either.
struct Writing<'a> {
    readers: &'a Cache<i64, Option<Box<Reader>>>,
    chat: i64,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.readers.remove(&self.chat);
    }
}

impl<S: Store> Cached<S> {
    pub fn new(store: S, capacity: usize) -> Cached<S> {
        Cached { store, readers: Cache::new(capacity) }
    }

    fn writing(&self, chat: i64) -> Writing<'_> {
        Writing { readers: &self.readers, chat }
    }
}

#[async_trait]
impl<S: Store> Store for Cached<S> {
    async fn reader(&self, chat: i64) -> Result<Reader, StoreError> {
        // While one turn looks a reader up, a second one waits for it.
        match self.readers.get_value_or_guard_async(&chat).await {
            Ok(known) => Ok(known.map(|reader| *reader).unwrap_or_default()),
            Err(guard) => {
                let reader = self.store.reader(chat).await?;
                if reader.weekly.is_none() {
                    // Refused if the reader was written meanwhile: then it is only this answer that was a moment too early.
                    let _ = guard.insert((reader != Reader::default()).then(|| Box::new(reader.clone())));
                }
                Ok(reader)
            }
        }
    }

    async fn save(&self, chat: i64, reader: &Reader) -> Result<(), StoreError> {
        let _writing = self.writing(chat);
        self.store.save(chat, reader).await
    }

    async fn change(&self, chat: i64, before: &Reader, after: &Reader) -> Result<bool, StoreError> {
        let _writing = self.writing(chat);
        self.store.change(chat, before, after).await
    }

    async fn forget(&self, chat: i64) -> Result<(), StoreError> {
        let _writing = self.writing(chat);
        self.store.forget(chat).await
    }

    async fn kept(&self, chat: i64) -> Result<Kept, StoreError> {
        self.store.kept(chat).await
    }

    async fn forget_unseen(&self, since: Date, today: Date, most: usize) -> Result<Unseen, StoreError> {
        let unseen = self.store.forget_unseen(since, today, most).await?;
        for chat in unseen.forgotten.iter().chain(&unseen.dated) {
            drop(self.writing(*chat));
        }
        Ok(unseen)
    }

    async fn claim(&self, now: Timestamp, lease: Timestamp, most: usize) -> Result<Vec<Due>, StoreError> {
        self.store.claim(now, lease, most).await
    }

    async fn begin(
        &self,
        chat: i64,
        on: Date,
        tip: &str,
        claimed: &Reader,
        after: &Reader,
        lease: Timestamp,
    ) -> Result<bool, StoreError> {
        let _writing = self.writing(chat);
        self.store.begin(chat, on, tip, claimed, after, lease).await
    }

    async fn put_off(&self, chat: i64, claimed: &Reader, after: &Reader) -> Result<bool, StoreError> {
        let _writing = self.writing(chat);
        self.store.put_off(chat, claimed, after).await
    }

    async fn delivered(&self, chat: i64, on: Date, late: Option<Timestamp>) -> Result<(), StoreError> {
        self.store.delivered(chat, on, late).await
    }

    async fn gone(&self, chat: i64) -> Result<(), StoreError> {
        let _writing = self.writing(chat);
        self.store.gone(chat).await
    }

    async fn due(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.store.due(now).await
    }

    async fn rate(&self, chat: i64, tip: &str, helpful: bool, missing: Option<&str>) -> Result<(), StoreError> {
        self.store.rate(chat, tip, helpful, missing).await
    }

    async fn inbox(&self, answered: &[i64], unanswered: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
        self.store.inbox(answered, unanswered).await
    }

    async fn waiting(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.store.waiting().await
    }

    async fn picture(&self, content: &str) -> Result<Option<String>, StoreError> {
        self.store.picture(content).await
    }

    async fn keep_picture(&self, content: &str, id: &str) -> Result<(), StoreError> {
        self.store.keep_picture(content, id).await
    }

    async fn keep_exercise(&self, chat: i64, under_way: &UnderWay) -> Result<(), StoreError> {
        self.store.keep_exercise(chat, under_way).await
    }

    async fn end_exercise(&self, chat: i64) -> Result<(), StoreError> {
        self.store.end_exercise(chat).await
    }

    async fn left_exercises(&self, first: bool) -> Result<Vec<(i64, UnderWay)>, StoreError> {
        self.store.left_exercises(first).await
    }

    async fn stop_exercise(&self, chat: i64, message: i64) -> Result<(), StoreError> {
        self.store.stop_exercise(chat, message).await
    }

    async fn exercise_is_ours(&self, chat: i64, message: i64) -> bool {
        self.store.exercise_is_ours(chat, message).await
    }

    async fn counts(&self, now: Timestamp) -> Result<Counts, StoreError> {
        self.store.counts(now).await
    }

    async fn take_over(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.store.take_over().await
    }

    async fn is_ours(&self, update: i64) -> bool {
        self.store.is_ours(update).await
    }

    fn share(&self, replies: u32) -> Crowd {
        self.store.share(replies)
    }

    async fn close(&self) {
        self.store.close().await;
    }
}
