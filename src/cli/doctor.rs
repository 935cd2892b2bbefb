//! `backcare doctor`: everything that the bot needs, looked at once; a line each, with what to do about it.
//!
//! It serves nobody. What it makes is what `run` would make: the database, its tables, the key file. Never printed: the token, a key,
//! the path of a webhook, which may hold a secret.

use std::path::Path;
use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp, Zoned};

use super::operators::runtime;
use super::{FINDINGS, USAGE, say};
use crate::channel::telegram::{self, Checkup, Trouble, Webhook};
use crate::config::{Settings, SettingsError};
use crate::dialogue::Unreviewed;
use crate::lint::{self, Checked};
use crate::store::{self, DataKey, KeyFile};

/// A clock that is further off sends tips at the wrong time, and fails TLS before long.
const CLOCK_OFF: SignedDuration = SignedDuration::from_secs(30);
/// With less than this, a busy day may fill the disk.
const LITTLE: u64 = 200_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Good,
    Warning,
    Bad,
    /// Nobody could be asked.
    Unknown,
}

/// What was looked at, how it is, and what to do.
struct Line(&'static str, Mark, String);

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Line(what, mark, told) = self;
        let mark = match mark {
            Mark::Good => '✔',
            Mark::Warning => '!',
            Mark::Bad => '✘',
            Mark::Unknown => '–',
        };
        writeln!(f, "{mark} {what:<9} {told}")
    }
}

pub fn doctor(dialogues: Option<&Path>) -> ExitCode {
    let settings = match Settings::load() {
        Ok(settings) => settings,
        Err(SettingsError { lines }) => {
            for line in lines {
                say(Line("settings", Mark::Bad, line));
            }
            return ExitCode::from(USAGE);
        }
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    let mut lines = vec![Line("settings", Mark::Good, String::from("all of them can be read"))];
    match telegram::bot(settings.token.reveal(), &settings.api_url) {
        Ok(bot) => {
            let wanted = settings.webhook.as_ref().map(|webhook| webhook.url.as_str());
            lines.extend(of_telegram(&runtime.block_on(telegram::checkup(&bot)), wanted));
        }
        Err(error) => lines.push(Line("token", Mark::Bad, error.to_string())),
    }
    lines.push(runtime.block_on(database(&settings.database_url, settings.data_key.clone())));
    lines.extend(beside(&settings.database_url, settings.data_key.is_some()));
    lines.extend(book(dialogues.unwrap_or(&settings.dialogues)));
    for line in &lines {
        say(line);
    }
    if lines.iter().any(|Line(_, mark, _)| *mark == Mark::Bad) { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}

fn of_telegram(Checkup { name, webhook, ahead }: &Checkup, wanted: Option<&str>) -> [Line; 3] {
    let unknown = || String::from("not known, because Telegram did not answer");
    let token = match name {
        Ok(name) => Line("token", Mark::Good, format!("Telegram knows it: @{name}")),
        Err(Trouble::Unauthorized) => {
            let told = "Telegram does not know it; copy TELOXIDE_TOKEN again from @BotFather (/mybots, your bot, API Token)";
            Line("token", Mark::Bad, told.to_owned())
        }
        Err(Trouble::Unreached(why)) => {
            let told = format!("Telegram cannot be reached ({why}); check the network, and TELOXIDE_API_URL if it is set");
            Line("token", Mark::Bad, told)
        }
    };
    let webhook = match (webhook, wanted) {
        (Err(_), _) => Line("webhook", Mark::Unknown, unknown()),
        (Ok(webhook), None) => of_polling(webhook),
        (Ok(webhook), Some(url)) => of_webhook(webhook, url),
    };
    let clock = match ahead {
        None => Line("clock", Mark::Unknown, unknown()),
        Some(ahead) if ahead.abs() <= CLOCK_OFF => Line("clock", Mark::Good, String::from("agrees with Telegram's")),
        Some(ahead) => {
            let side = if ahead.is_negative() { "behind" } else { "ahead of" };
            let told = format!(
                "{} s {side} Telegram's, so tips come at the wrong time; set it, and keep it by NTP (timedatectl set-ntp true)",
                ahead.abs().as_secs()
            );
            Line("clock", Mark::Bad, told)
        }
    };
    [token, webhook, clock]
}

/// The webhook of a bot that polls.
fn of_polling(webhook: &Webhook) -> Line {
    let pending = webhook.pending;
    if webhook.url.is_empty() {
        return Line("webhook", Mark::Good, format!("none is set, as it should be; {pending} updates wait"));
    }
    let told = format!(
        "one is set to {}, so another program gets the updates; {pending} wait{}. Stop that one; `backcare run` then takes the \
         webhook away. If this bot shall have it, set WEBHOOK_URL",
        webhook.host(),
        last_error(webhook),
    );
    Line("webhook", Mark::Bad, told)
}

/// The webhook of a bot that wants one at `url`.
fn of_webhook(webhook: &Webhook, url: &str) -> Line {
    let (host, pending) = (webhook.host(), webhook.pending);
    if webhook.url.is_empty() {
        let told = format!("none is set yet; `backcare run` sets it; {pending} updates wait");
        return Line("webhook", Mark::Warning, told);
    }
    if webhook.url != url {
        let told = format!(
            "one is set to another address than WEBHOOK_URL names, at {host}; {pending} updates wait. `backcare run` sets its own: start \
             it again once no other program is meant"
        );
        return Line("webhook", Mark::Bad, told);
    }
    let Some(error) = &webhook.last_error else {
        return Line("webhook", Mark::Good, format!("set to {host}, as it should be; {pending} updates wait"));
    };
    let failed = last_error(webhook);
    if pending == 0 {
        return Line("webhook", Mark::Good, format!("set to {host}, as it should be; no update waits; Telegram{failed}"));
    }
    Line("webhook", Mark::Bad, format!("set to {host}, but {pending} updates wait; Telegram{failed}. {}", advice(error)))
}

fn last_error(webhook: &Webhook) -> String {
    let Some(error) = &webhook.last_error else { return String::new() };
    let at = webhook.last_error_at.and_then(|second| Timestamp::from_second(second).ok());
    let ago = at.map(|at| Timestamp::now().duration_since(at).as_mins().max(0));
    let ago = ago.map_or_else(String::new, |minutes| format!(", {minutes} minutes ago"));
    format!(" last failed there{ago}: {error}")
}

/// What to do about an error that Telegram met.
fn advice(error: &str) -> &'static str {
    let error = error.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if holds(&["403", "401"]) {
        "It comes with another secret: WEBHOOK_SECRET has to be the same for all replicas; start them again"
    } else if holds(&["404", "405"]) {
        "The proxy or the bot knows no such path: the proxy has to hand on the path of WEBHOOK_URL as it is"
    } else if holds(&["502", "504"]) {
        "The proxy finds no bot: check that it runs, and that the proxy calls what WEBHOOK_ADDR names"
    } else if holds(&["503"]) {
        "The bot could neither answer nor write down: see its log, and the line about the database"
    } else if holds(&["ssl", "certificate", "tls"]) {
        "Renew the proxy's certificate, and let it send the whole chain"
    } else {
        "Check that the address leads to the proxy from outside, and that its port is open"
    }
}

/// Opens it, brings it to today's tables, writes nothing that stays, and opens what is sealed.
async fn database(url: &str, key: Option<DataKey>) -> Line {
    let looked = async {
        let store = store::open(url, key).await?;
        // Forgets nobody: no chat has this number. It takes the way of every write.
        let written = store.forget(0).await;
        let waiting = store.waiting().await;
        store.close().await;
        written?;
        waiting
    };
    match looked.await {
        Ok(waiting) => {
            let told = format!(
                "opens with this key, has today's tables, and can be written; {} updates wait in the inbox",
                waiting.len()
            );
            Line("database", Mark::Good, told)
        }
        Err(error) => Line("database", Mark::Bad, error.to_string()),
    }
}

fn beside(url: &str, key_is_set: bool) -> Vec<Line> {
    let Some(beside) = store::beside(url) else { return Vec::new() };
    let file = beside.key_file.display();
    let key = match (beside.key, key_is_set) {
        (KeyFile::Open, _) => {
            Line("key", Mark::Bad, format!("{file}: others on this machine can read it; do: chmod 600 {file}"))
        }
        (KeyFile::Closed, true) => {
            let told =
                format!("DATA_KEY is set, and {file} lies beside the database all the same; remove it if nothing needs it");
            Line("key", Mark::Warning, told)
        }
        (KeyFile::Missing, true) => Line("key", Mark::Good, String::from("DATA_KEY is set; none lies beside the database")),
        (KeyFile::Closed, false) => {
            let told =
                format!("{file} is for its owner alone; for real use set DATA_KEY, and keep it elsewhere than the database");
            Line("key", Mark::Good, told)
        }
        (KeyFile::Missing, false) => Line("key", Mark::Unknown, format!("{file} is made once the database opens")),
    };
    let disk = match beside.free {
        Ok(free) if free < LITTLE => {
            Line("disk", Mark::Bad, format!("only {} free beside the database; make room", bytes(free)))
        }
        Ok(free) => Line("disk", Mark::Good, format!("{} free beside the database", bytes(free))),
        Err(error) => Line("disk", Mark::Unknown, format!("the free room beside the database is not known: {error}")),
    };
    vec![key, disk]
}

fn bytes(count: u64) -> String {
    let mega = count / 1_000_000;
    if mega >= 1000 { format!("{}.{} GB", mega / 1000, mega % 1000 / 100) } else { format!("{mega} MB") }
}

fn book(dialogues: &Path) -> Vec<Line> {
    let Checked { book, report, .. } = lint::examine(dialogues, Some(Zoned::now().date()));
    let place = dialogues.display();
    let Some(book) = book else {
        let told = format!("{place}: {} mistakes, so the bot would not start; see `backcare check`", report.errors());
        return vec![Line("book", Mark::Bad, told)];
    };
    let warnings = match report.warnings() {
        0 => String::from("nothing is wrong with it"),
        warnings => format!("no mistakes, {warnings} warnings; see `backcare check`"),
    };
    let mut lines = vec![Line("book", Mark::Good, format!("{place}: {} pages, {warnings}", book.len()))];
    let Unreviewed { pages, of } = book.unreviewed();
    if pages > 0 {
        let told = format!("no clinician has checked {pages} of {of} pages; don't offer the bot to the public before one has");
        lines.push(Line("review", Mark::Warning, told));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://bot.example.org/secret-4711";

    fn told(webhook: &Webhook) -> (Mark, String) {
        let Line(_, mark, told) = of_webhook(webhook, URL);
        assert!(!told.contains("4711"), "{told}");
        (mark, told)
    }

    fn set(error: Option<&str>, pending: u64) -> Webhook {
        let last_error = error.map(str::to_owned);
        Webhook { url: URL.to_owned(), pending, last_error_at: last_error.as_ref().map(|_| 1), last_error }
    }

    #[test]
    fn a_webhook_of_the_bots_own_is_well_until_something_waits_behind_an_error() {
        assert!(told(&set(None, 3)).0 == Mark::Good);
        let (mark, past) = told(&set(Some("Wrong response from the webhook: 502 Bad Gateway"), 0));
        assert!(mark == Mark::Good && past.contains("502") && past.contains("minutes ago"), "{past}");
        for (error, what_to_do) in [
            ("Wrong response from the webhook: 502 Bad Gateway", "the proxy calls what WEBHOOK_ADDR names"),
            ("Wrong response from the webhook: 403 Forbidden", "WEBHOOK_SECRET has to be the same"),
            ("Wrong response from the webhook: 404 Not Found", "the path of WEBHOOK_URL"),
            ("Wrong response from the webhook: 503 Service Unavailable", "see its log"),
            ("SSL error {error:0A000086:SSL routines::certificate verify failed}", "the proxy's certificate"),
            ("Connection timed out", "its port is open"),
        ] {
            let (mark, told) = told(&set(Some(error), 12));
            assert!(mark == Mark::Bad && told.contains("12 updates wait") && told.contains(what_to_do), "{told}");
        }
    }

    #[test]
    fn a_webhook_that_is_missing_is_set_at_the_start_and_another_is_told() {
        let (mark, missing) = told(&Webhook::default());
        assert!(mark == Mark::Warning && missing.contains("`backcare run` sets it"), "{missing}");
        let (mark, other) = told(&Webhook { url: "https://elsewhere.example.org/".to_owned(), ..Webhook::default() });
        assert!(mark == Mark::Bad && other.contains("elsewhere.example.org"), "{other}");
    }
}
