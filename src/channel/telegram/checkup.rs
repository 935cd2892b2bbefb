//! What Telegram says of a token, of a webhook and of the time, asked once and without serving anybody.

use std::time::Duration;

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Response, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use teloxide::Bot;

use super::api::reason;

const PATIENCE: Duration = Duration::from_secs(10);

/// Why a question had no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The token is wrong, or was revoked.
    Unauthorized,
    /// Telegram was not reached, or not understood: why.
    Unreached(String),
}

/// A webhook as it stands with Telegram.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// Empty: none is set.
    pub url: String,
    #[serde(default, rename = "pending_update_count")]
    pub pending: u64,
    #[serde(rename = "last_error_message")]
    pub last_error: Option<String>,
    /// When that was, in seconds since 1970.
    #[serde(rename = "last_error_date")]
    pub last_error_at: Option<i64>,
}

impl Webhook {
    /// Where it leads. What stands behind the host may be a secret.
    pub fn host(&self) -> &str {
        host_of(&self.url)
    }
}

/// Host and port of an address.
pub(super) fn host_of(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| rest).split(['/', '?', '#']).next().unwrap_or_default()
}

#[derive(Debug)]
pub struct Checkup {
    /// The bot's name, without the @.
    pub name: Result<String, Trouble>,
    pub webhook: Result<Webhook, Trouble>,
    /// How far our clock is ahead of Telegram's, if it said.
    pub ahead: Option<SignedDuration>,
}

/// Asks Telegram.
pub async fn checkup(bot: &Bot) -> Checkup {
    #[derive(Deserialize)]
    struct Me {
        #[serde(default)]
        username: String,
    }
    let (me, ahead) = ask::<Me>(bot, "getMe").await;
    let webhook = match &me {
        Ok(_) => ask(bot, "getWebhookInfo").await.0,
        Err(trouble) => Err(trouble.clone()),
    };
    Checkup { name: me.map(|me| me.username), webhook, ahead }
}

async fn ask<T: DeserializeOwned>(bot: &Bot, method: &str) -> (Result<T, Trouble>, Option<SignedDuration>) {
    let base = bot.api_url();
    let url = format!("{}/bot{}/{method}", base.as_str().trim_end_matches('/'), bot.token());
    let response = match bot.client().post(url).timeout(PATIENCE).send().await {
        Ok(response) => response,
        Err(error) => return (Err(Trouble::Unreached(reason(&error))), None),
    };
    let ahead = ahead(&response, Timestamp::now());
    (read(response).await, ahead)
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Trouble> {
    #[derive(Deserialize)]
    struct Reply<T> {
        result: T,
    }
    let status = response.status();
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => return Err(Trouble::Unauthorized),
        _ if !status.is_success() => return Err(Trouble::Unreached(format!("it answered {status}"))),
        _ => {}
    }
    let bytes = response.bytes().await.map_err(|error| Trouble::Unreached(reason(&error)))?;
    let reply: Result<Reply<T>, _> = serde_json::from_slice(&bytes);
    reply.map(|reply| reply.result).map_err(|_| Trouble::Unreached(String::from("what answered is no Bot API")))
}

fn ahead(response: &Response, now: Timestamp) -> Option<SignedDuration> {
    let date = response.headers().get(header::DATE)?.to_str().ok()?;
    Some(now.duration_since(rfc2822::parse(date).ok()?.timestamp()))
}
