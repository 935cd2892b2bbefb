//! Keeps the webhook set with Telegram: told at the start, until it is heard, and looked after from then on.
//!
//! Never here: taking it away. A replica that stops leaves it to the others, and what comes when none is there waits with Telegram.

use std::time::Duration;

use log::{error, info, warn};

use crate::channel::telegram::RunError;
use crate::channel::telegram::api::{Api, Failure};
use crate::channel::telegram::checkup::{Webhook, host_of};

/// As many as Telegram allows: each waits for a transaction, and all of them share one.
const CONNECTIONS: u8 = 100;
/// Between two looks; on a quiet day they also tell that Telegram is there.
const LOOK: Duration = Duration::from_secs(30);
/// Between two tries to set it.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// For as long as the bot runs, or until Telegram does not know its token.
pub(super) async fn keep(api: &Api, url: &str, secret: &str) -> RunError {
    let mut trouble = Trouble::default();
    loop {
        if let Err(error) = set(api, url, secret).await {
            return error;
        }
        info!("Telegram brings updates to {}.", host_of(url));
        loop {
            tokio::time::sleep(LOOK).await;
            match api.webhook().await {
                Ok(webhook) if webhook.url == url => trouble.look(&webhook),
                Ok(webhook) if webhook.url.is_empty() => {
                    warn!(
                        "The webhook was taken away, so another program polls with this token; it is set again. Stop the other one."
                    );
                    break;
                }
                // It is left alone: perhaps the address has changed, and this replica is the last that does not know.
                Ok(webhook) => trouble.says(&format!(
                    "Telegram brings updates to {} and not to this bot. If nobody has changed WEBHOOK_URL, stop the program there and \
                     start this one again.",
                    webhook.host()
                )),
                Err(Failure::Unauthorized) => return RunError::Unauthorized,
                // Whoever asks /health/ready learns of it when it lasts.
                Err(_) => {}
            }
        }
    }
}

/// Tells Telegram until it is heard.
async fn set(api: &Api, url: &str, secret: &str) -> Result<(), RunError> {
    let (mut pause, mut trouble) = (Duration::from_millis(100), Trouble::default());
    loop {
        let wait = match api.set_webhook(url, secret, CONNECTIONS).await {
            Ok(()) => return Ok(()),
            Err(Failure::Unauthorized) => return Err(RunError::Unauthorized),
            Err(Failure::TooMany(wait)) => wait,
            Err(Failure::Refused(why)) => {
                trouble.says(&format!(
                    "Telegram refuses the webhook, and is asked again: {why}. Mend WEBHOOK_URL or what stands there."
                ));
                LONGEST_PAUSE
            }
            Err(Failure::Broken(why)) if pause > Duration::from_secs(1) => {
                trouble.says(&format!(
                    "Telegram cannot be told of the webhook ({why}); trying until it can. Check the network, and TELOXIDE_API_URL if \
                     it is set."
                ));
                pause
            }
            Err(_) => pause,
        };
        tokio::time::sleep(wait).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// What went wrong of late: each is said once.
#[derive(Default)]
struct Trouble {
    said: Option<String>,
    /// When the last error that was told happened.
    at: Option<i64>,
}

impl Trouble {
    /// What Telegram says of its last tries.
    fn look(&mut self, webhook: &Webhook) {
        let Webhook { pending, last_error, last_error_at, .. } = webhook;
        let is_new = last_error.is_some() && *last_error_at > self.at;
        if is_new && *pending > 0 {
            let error = last_error.as_deref().unwrap_or_default();
            self.says(&format!(
                "Telegram could not deliver ({error}), and {pending} updates wait with it. Look at the proxy before this bot; \
                 `backcare doctor` says what to do."
            ));
        } else if !is_new && *pending == 0 && self.said.take().is_some() {
            info!("Telegram delivers again.");
        }
        self.at = (*last_error_at).max(self.at);
    }

    /// Once, until something else is to be said.
    fn says(&mut self, what: &str) {
        if self.said.is_none() {
            error!("{what}");
            self.said = Some(what.to_owned());
        }
    }
}
