//! A database that is away when the bot starts: waited for, but not for ever.
//!
//! After a power cut or an update both start at once, and a database may take a moment longer. So one line is logged and the start goes
//! on when it is there. After a minute the process ends with exit code 75, which says that the same may go well later: a service manager
//! then starts it again, and whoever watches sees that something is wrong. Waiting for ever would hide a mistyped host, which can't be told
//! from one that is away; ending at once would leave a laptop or a bare container without a bot because of two seconds.

use std::sync::Arc;
use std::time::Duration;

use log::{info, warn};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::store::{self, Store, StoreError};

const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_secs(1);

/// The store, as soon as it can be opened. `None`: the bot was stopped meanwhile.
pub async fn wait_for<Opening>(
    open: impl Fn() -> Opening,
    mut stop: watch::Receiver<bool>,
) -> Result<Option<Arc<dyn Store>>, StoreError>
where
    Opening: Future<Output = Result<Arc<dyn Store>, StoreError>>,
{
    let trying = async {
        let patience = sleep(PATIENCE);
        tokio::pin!(patience);
        let mut has_waited = false;
        loop {
            match open().await {
                Err(error) if store::may_pass(&error) && !patience.is_elapsed() => {
                    if !has_waited {
                        warn!("{error}. The start waits for it, for {} s at most.", PATIENCE.as_secs());
                    }
                    has_waited = true;
                }
                opened => {
                    if opened.is_ok() && has_waited {
                        info!("The database is there.");
                    }
                    return opened.map(Some);
                }
            }
            tokio::select! {
                () = &mut patience => {}
                () = sleep(PAUSE) => {}
            }
        }
    };
    tokio::select! {
        opened = trying => opened,
        // Nobody who could say so is left: then nobody stops it.
        Ok(_) = stop.wait_for(|stop| *stop) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::Instant;

    use super::*;
    use crate::cli::Failed;

    /// Without a network, so that the clock of the test alone moves.
    async fn away() -> Result<Arc<dyn Store>, StoreError> {
        let source = sqlx::Error::Io(std::io::ErrorKind::ConnectionRefused.into()).into();
        let place = String::from("postgres://me@host:5432/db");
        Err(StoreError::Database { place, doing: "open the database", source, advice: "see that the server runs" })
    }

    #[tokio::test]
    async fn a_database_that_stays_away_ends_the_start_with_75_after_a_minute() {
        tokio::time::pause();
        let (_never, stop) = watch::channel(false);
        let (begun, tries) = (Instant::now(), Cell::new(0));
        let open = || {
            tries.set(tries.get() + 1);
            away()
        };
        let failed = Failed::of(&wait_for(open, stop).await.err().unwrap());
        assert_eq!(failed.code, 75);
        assert!(failed.why.contains("see that the server runs"), "{}", failed.why);
        assert!(begun.elapsed() >= PATIENCE && tries.get() > 1, "{:?} and {} tries", begun.elapsed(), tries.get());
    }

    #[tokio::test]
    async fn what_waiting_cannot_mend_ends_it_at_once_with_2() {
        tokio::time::pause();
        let (_never, stop) = watch::channel(false);
        let begun = Instant::now();
        let failed = Failed::of(&wait_for(|| store::open("sqlite://", None), stop).await.err().unwrap());
        assert_eq!((failed.code, begun.elapsed()), (2, Duration::ZERO), "{}", failed.why);
    }

    #[tokio::test]
    async fn a_stop_is_heard_while_it_waits() {
        let (tell, stop) = watch::channel(false);
        tell.send_replace(true);
        assert!(matches!(wait_for(away, stop).await, Ok(None)));
    }
}
