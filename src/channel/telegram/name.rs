//! The bot's own name, which links to it need. Telegram tells it; until it has, no page is offered to be shared.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Url;
use teloxide::prelude::*;

use super::api::Api;

/// Where Telegram lets people choose whom to send a link to.
const SHARE: &str = "https://t.me/share/url";
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

#[derive(Debug, Default)]
pub struct Name(OnceLock<String>);

impl Name {
    /// Where the bot is.
    pub fn link(&self) -> Option<String> {
        self.0.get().map(|name| format!("https://t.me/{name}"))
    }

    /// The address that offers a page to other people, with words beside the link.
    pub fn share(&self, page: &str, words: &str) -> Option<String> {
        let name = self.0.get()?;
        let target = Url::parse_with_params(&format!("https://t.me/{name}"), [("start", page)]).ok()?;
        let share = Url::parse_with_params(SHARE, [("url", target.as_str()), ("text", words)]).ok()?;
        // A space as every app reads it; a plus that was meant is written otherwise already.
        Some(share.as_str().replace('+', "%20"))
    }
}

/// Asks until Telegram has told it. Nothing waits for this.
pub async fn learn(api: Api, name: Arc<Name>) {
    let mut pause = FIRST_PAUSE;
    loop {
        if let Ok(me) = api.bot().get_me().await {
            if let Some(username) = &me.username {
                let _ = name.0.set(username.clone());
            }
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_brings_page_and_words_whole() {
        let name = Name::default();
        assert_eq!(name.share("lifting", "Lifting"), None);
        assert!(name.0.set(String::from("backcare_test_bot")).is_ok());
        let link = name.share("lifting", "Sit & stand + \u{1f642}?").unwrap_or_default();
        let words = "Sit%20%26%20stand%20%2B%20%F0%9F%99%82%3F";
        let target = "https%3A%2F%2Ft.me%2Fbackcare_test_bot%3Fstart%3Dlifting";
        assert_eq!(link, format!("https://t.me/share/url?url={target}&text={words}"));
    }
}
