//! This process among its like: its number, its lease, and what lies in the inbox for it.
//!
//! A replica renews its lease every second. If it can't for as long as the lease lasts, the others take it for dead and answer what it
//! had in the inbox; so from then on it answers none of that itself, until it has asked the server whether it still lives. The server's
//! clock decides, and the replica's own deadline counts from before it asked, so it never believes in its lease for longer than the
//! others do. What a dead replica may have sent twice is what it was answering at that moment.
//!
//! **Rate limits.** With each renewal a replica says how many replies a second it sends, and learns what all of them send. Its share of
//! the rate ([`Crowd::share`]) is its own replies and an even part of what all replies leave free. Weighed against it: one budget in the
//! database, a round trip for every message, at 1000 a second a table of one hot row; and one leader for the tips, which still has to be
//! told of the replies of the others, and idles whenever it is the busy one. Shares cost one small statement a second, hold when all
//! replies arrive at one replica (as they do while polling), and let a run of tips use the whole rate.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgPool;
use sqlx::{PgConnection, PgExecutor, Row};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::key;
use crate::store::Crowd;
use crate::store::seal::DataKey;

/// Long enough for a server to be started again, short enough that what a dead replica left is answered while its reader still looks.
const LEASE: Duration = Duration::from_secs(10);
const BEAT: Duration = Duration::from_secs(1);
/// A beat that takes longer has failed.
const BEAT_TIMEOUT: Duration = Duration::from_secs(3);

const REGISTER: &str =
    "INSERT INTO replicas (leased_until) VALUES (clock_timestamp() + make_interval(secs => $1)) RETURNING id";
const RENEW: &str = "UPDATE replicas SET leased_until = clock_timestamp() + make_interval(secs => $2), replies = $3 WHERE id = $1 \
     RETURNING (SELECT count(*) FROM replicas AS o WHERE o.id <> $1 AND o.leased_until > clock_timestamp()), \
     (SELECT coalesce(sum(replies), 0)::bigint FROM replicas AS o WHERE o.id <> $1 AND o.leased_until > clock_timestamp())";
const LEAVE: &str = "DELETE FROM replicas WHERE id = $1";

pub(super) struct Replica {
    state: Mutex<State>,
    changed: Notify,
    replies: AtomicU32,
    key: DataKey,
    /// It was taken for dead, and meanwhile the database was given another key: what it sealed, nobody could open.
    retired: AtomicBool,
}

struct State {
    id: i64,
    sure_until: Instant,
    /// Updates in the inbox that are this replica's to answer.
    mine: HashSet<i64>,
    crowd: Crowd,
}

impl Replica {
    pub(super) async fn register(connection: &mut PgConnection, key: DataKey) -> Result<Replica, sqlx::Error> {
        let asked = Instant::now();
        let id = sqlx::query_scalar(REGISTER).bind(LEASE.as_secs_f64()).fetch_one(connection).await?;
        let state = State { id, sure_until: asked + LEASE, mine: HashSet::new(), crowd: Crowd::default() };
        let (changed, replies, retired) = (Notify::new(), AtomicU32::new(0), AtomicBool::new(false));
        Ok(Replica { state: Mutex::new(state), changed, replies, key, retired })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn id(&self) -> i64 {
        self.state().id
    }

    /// Renews the lease for as long as the process lives.
    pub(super) async fn live(&self, pool: &PgPool) {
        while !self.is_retired() {
            tokio::time::sleep(BEAT).await;
            // What failed is tried again at the next beat; callers that need the server say so in the log.
            let _ = tokio::time::timeout(BEAT_TIMEOUT, self.beat(pool)).await;
        }
    }

    async fn beat(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut connection = pool.acquire().await?;
        let (id, replies) = (self.id(), self.replies.load(Ordering::Relaxed));
        let asked = Instant::now();
        let renew = sqlx::query(RENEW).bind(id).bind(LEASE.as_secs_f64()).bind(i32::try_from(replies).unwrap_or(i32::MAX));
        let renewed = renew.fetch_optional(&mut *connection).await?;
        if let Some(row) = renewed {
            let (others, theirs): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
            let mut state = self.state();
            state.sure_until = asked + LEASE;
            state.crowd = Crowd { replicas: number(others).saturating_add(1), replies: replies.saturating_add(number(theirs)) };
        } else {
            // Taken for dead: what was in the inbox is another's to answer, or lies there for whoever comes first.
            let id = sqlx::query_scalar(REGISTER).bind(LEASE.as_secs_f64()).fetch_one(&mut *connection).await?;
            if !key::is_still(&mut connection, &self.key).await? {
                log::error!(
                    "the database was given a new key while this process was away: set DATA_KEY to it, and start again"
                );
                self.retired.store(true, Ordering::Relaxed);
                self.changed.notify_waiters();
                return sqlx::query(LEAVE).bind(id).execute(&mut *connection).await.map(drop);
            }
            log::warn!(
                "the database was out of reach for longer than {} s; updates in the inbox are taken up anew",
                LEASE.as_secs()
            );
            let mut state = self.state();
            (state.id, state.sure_until) = (id, asked + LEASE);
            state.mine.clear();
        }
        self.changed.notify_waiters();
        Ok(())
    }

    /// Gives up the lease, so that nobody has to wait for its end.
    pub(super) async fn leave(&self, database: impl PgExecutor<'_>) -> Result<(), sqlx::Error> {
        sqlx::query(LEAVE).bind(self.id()).execute(database).await.map(drop)
    }

    /// Whether it may ask the database nothing any more.
    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    /// These lie in the inbox for the replica `id`, those no longer.
    pub(super) fn note(&self, id: i64, mine: impl IntoIterator<Item = i64>, answered: &[i64]) {
        let mut state = self.state();
        // Under an earlier number it was taken for dead meanwhile: then they are not its own any more.
        if state.id == id {
            state.mine.extend(mine);
        }
        for answered in answered {
            state.mine.remove(answered);
        }
    }

    /// Waits while that is not known.
    pub(super) async fn is_mine(&self, update: i64) -> bool {
        loop {
            let changed = self.changed.notified();
            if self.is_retired() {
                return false;
            }
            {
                let state = self.state();
                if Instant::now() < state.sure_until {
                    return state.mine.contains(&update);
                }
            }
            changed.await;
        }
    }

    /// Whether no other process lives, as far as is known.
    pub(super) fn is_alone(&self) -> bool {
        self.state().crowd.replicas <= 1
    }

    pub(super) fn share(&self, replies: u32) -> Crowd {
        self.replies.store(replies, Ordering::Relaxed);
        self.state().crowd
    }
}
