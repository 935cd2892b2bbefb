//! Settings: what an operator can choose, read once at start from the environment and, under it, from `.env`.
//!
//! Everything that is wrong is told at once. A variable is one row of [`VARIABLES`] and one line in [`Settings::from_env`];
//! `.env.example` is written from that table. Never here: a variable that nothing reads; a token, a key or an address with a
//! password in an error or a log line.

use std::fmt;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::channel::telegram;
use crate::store::{self, DataKey, KeyError};

pub use crate::environment::Environment;

/// A setting as the operator sees it.
pub struct Variable {
    pub name: &'static str,
    /// What counts where it is not set; empty where there is no fixed value.
    pub default: &'static str,
    pub why: &'static str,
}

pub const VARIABLES: [Variable; 16] = [
    Variable {
        name: "TELOXIDE_TOKEN",
        default: "",
        why: "The bot's token. Needed to run; @BotFather in Telegram makes one (/newbot). Whoever has it is the bot: keep it secret.",
    },
    Variable {
        name: "TELOXIDE_API_URL",
        default: "https://api.telegram.org",
        why: "Where the Bot API answers: Telegram's, a server of your own, or one for trying things out.",
    },
    Variable {
        name: "DATABASE_URL",
        default: "sqlite://data/backcare.db",
        why: "Where the little that is remembered is kept: an SQLite file, made where it is missing, or postgres://USER:PASSWORD@HOST/DATABASE.",
    },
    Variable {
        name: "DATA_KEY",
        default: "",
        why: "Seals updates in hand: 64 hex digits (backcare key new). Not set, one is made in data.key beside an SQLite file.",
    },
    Variable {
        name: "DIALOGUES",
        default: "dialogues",
        why: "The folder with the book of dialogues: every word that the bot says.",
    },
    Variable {
        name: "SERVICES",
        default: "",
        why: "A CSV file of services near readers: name,kind,latitude,longitude,phone,link. Read at start. Not set: the region's official finder is named.",
    },
    Variable {
        name: "RATE",
        default: "30",
        why: "Messages a second that Telegram lets this bot send, weekly tips and replies together: 30, up to 1000 with paid broadcast.",
    },
    Variable {
        name: "CHAT_RATE",
        default: "60",
        why: "Updates a minute that one chat is answered, half of them at once. Help and warning signs always are. 0: no limit.",
    },
    Variable {
        name: "WEBHOOK_URL",
        default: "",
        why: "The https address to which Telegram brings updates, with a path that nobody guesses. Not set: the bot polls.",
    },
    Variable {
        name: "WEBHOOK_ADDR",
        default: "8080",
        why: "Where the webhook listens for the proxy that holds the certificate: a port (this machine alone) or an address with one.",
    },
    Variable {
        name: "WEBHOOK_SECRET",
        default: "",
        why: "What Telegram has to say with each update: 1 to 256 of A-Z, a-z, 0-9, _ and -. Not set, it follows from the token.",
    },
    Variable {
        name: "RETENTION",
        default: "365d",
        why: "Readers who have not come for so many days are forgotten, weekly tips and all: 1d to 365d, for the book promises a year at most.",
    },
    Variable {
        name: "UNCHECKED_TRANSLATIONS",
        default: "off",
        why: "off: pages of triage and advice stay in the book's own language until somebody has checked their translation. on: they are shown, and say so.",
    },
    Variable {
        name: "ADMINS",
        default: "",
        why: "Who may ask /status and /stats in Telegram, and is told when an edit of the book can't go live: numbers of people, with commas between.",
    },
    Variable {
        name: "OPS_ADDR",
        default: "",
        why: "Where health, metrics and a page for operators answer: a port (9464: this machine alone) or an address with one. Not set: nowhere.",
    },
    Variable {
        name: "RUST_LOG",
        default: "info",
        why: "How much is logged: error, warn, info, debug or trace, also by part of the program (warn,backcare=debug).",
    },
];

/// What `run` works with.
#[derive(Debug)]
pub struct Settings {
    pub token: Token,
    /// With http or https, without a slash at its end.
    pub api_url: String,
    pub database_url: String,
    /// `None`: the key in the file beside the data.
    pub data_key: Option<DataKey>,
    pub dialogues: PathBuf,
    /// The list of services near readers, if there is one.
    pub services: Option<PathBuf>,
    /// Messages a second, 1 to 1000.
    pub rate: u32,
    /// Updates a minute that one chat is answered; 0: all.
    pub chat_rate: u32,
    /// `None`: the bot polls.
    pub webhook: Option<Webhook>,
    /// Readers who have not come for so many days are forgotten.
    pub retention_days: u16,
    /// Pages of triage and advice are shown in translations that nobody has checked.
    pub unchecked_translations: bool,
    /// Private chats of those who look after the book.
    pub admins: Vec<i64>,
    /// Where the ops port listens, if anywhere.
    pub ops: Option<SocketAddr>,
    /// Filters, as `env_logger` reads them.
    pub log: String,
}

/// Where Telegram brings updates. Printing it prints neither the path nor the secret.
pub struct Webhook {
    pub url: String,
    pub listens_at: SocketAddr,
    /// `None`: one that follows from the token.
    pub secret: Option<String>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({})", self.listens_at)
    }
}

/// A bot's token. Printing it prints nothing of it; [`Token::reveal`] is for the one place that calls the API.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// Every setting that is wrong, one line each: its name, what is wrong, what to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SettingsError {
    pub lines: Vec<String>,
}

impl std::error::Error for SettingsError {}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}

impl Settings {
    /// From the process's environment over `.env` in the working folder.
    pub fn load() -> Result<Settings, SettingsError> {
        let environment = Environment::read();
        let mut lines = environment.findings.clone();
        match Settings::from_env(|name| environment.get(name)) {
            Ok(settings) if lines.is_empty() => return Ok(settings),
            Ok(_) => {}
            Err(error) => lines.extend(error.lines),
        }
        Err(SettingsError { lines })
    }

    /// Pure: `lookup` gives a variable's value. An empty value counts as not set.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Settings, SettingsError> {
        let mut lines = Vec::new();
        let given = |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let or_default = |name: &str| given(name).unwrap_or_else(|| default(name).to_owned());
        let mut note = |name: &str, wrong: String| lines.push(format!("{name}: {wrong}"));

        let token = token(given("TELOXIDE_TOKEN")).map_err(|wrong| note("TELOXIDE_TOKEN", wrong)).ok();
        let api_url = api_url(&or_default("TELOXIDE_API_URL")).map_err(|wrong| note("TELOXIDE_API_URL", wrong)).ok();
        let database_url = or_default("DATABASE_URL");
        if let Err(wrong) = store::check_url(&database_url) {
            note("DATABASE_URL", wrong);
        }
        let data_key = given("DATA_KEY").map(|key| key.parse::<DataKey>()).transpose();
        if matches!(data_key, Ok(None)) && store::needs_key(&database_url) {
            note("DATA_KEY", KeyError::Missing.to_string());
        }
        let data_key = data_key.map_err(|wrong| note("DATA_KEY", wrong.to_string())).ok();
        let dialogues = PathBuf::from(or_default("DIALOGUES"));
        let services = given("SERVICES").map(PathBuf::from);
        let rate = rate(&or_default("RATE")).map_err(|wrong| note("RATE", wrong)).ok();
        let unchecked = or_default("UNCHECKED_TRANSLATIONS");
        let unchecked = switch(&unchecked).map_err(|wrong| note("UNCHECKED_TRANSLATIONS", wrong)).ok();
        let retention = retention(&or_default("RETENTION")).map_err(|wrong| note("RETENTION", wrong)).ok();
        let admins = admins(&or_default("ADMINS")).map_err(|wrong| note("ADMINS", wrong)).ok();
        let ops = given("OPS_ADDR").map(|address| listens_at(&address)).transpose();
        let ops = ops.map_err(|wrong| note("OPS_ADDR", wrong)).ok();
        let chat_rate = chat_rate(&or_default("CHAT_RATE")).map_err(|wrong| note("CHAT_RATE", wrong)).ok();
        let (hook, secret) = (given("WEBHOOK_URL"), given("WEBHOOK_SECRET"));
        let is_telegrams = api_url.as_ref().is_none_or(|url| url == default("TELOXIDE_API_URL"));
        if let Some(Err(wrong)) = hook.as_ref().map(|url| telegram::check_webhook_url(url, is_telegrams)) {
            note("WEBHOOK_URL", wrong);
        }
        let hook_at = listens_at(&or_default("WEBHOOK_ADDR")).map_err(|wrong| note("WEBHOOK_ADDR", wrong)).ok();
        if let Some(Err(wrong)) = secret.as_ref().map(|secret| telegram::check_webhook_secret(secret)) {
            note("WEBHOOK_SECRET", wrong);
        }
        let log = or_default("RUST_LOG");
        if let Err(wrong) = check_log(&log) {
            note("RUST_LOG", wrong);
        }

        let all = || {
            let listens_at = hook_at?;
            let webhook = hook.map(|url| Webhook { url, listens_at, secret });
            let (token, api_url, data_key, rate, chat_rate) = (token?, api_url?, data_key?, rate?, chat_rate?);
            let (retention_days, unchecked_translations, admins, ops) = (retention?, unchecked?, admins?, ops?);
            Some(Settings {
                token,
                api_url,
                database_url,
                data_key,
                dialogues,
                services,
                rate,
                chat_rate,
                webhook,
                retention_days,
                unchecked_translations,
                admins,
                ops,
                log,
            })
        };
        match all() {
            Some(settings) if lines.is_empty() => Ok(settings),
            _ => Err(SettingsError { lines }),
        }
    }
}

/// A key alone, for commands that need nothing else; if it is set.
pub fn key<K: FromStr<Err = KeyError>>(name: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<Option<K>, String> {
    let given = lookup(name).filter(|key| !key.trim().is_empty());
    given.map(|key| key.parse()).transpose().map_err(|wrong| format!("{name}: {wrong}"))
}

/// What stands in a file, or for `-` on standard input.
pub fn file_or_input(path: &Path) -> io::Result<String> {
    if path == Path::new("-") { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) }
}

/// The store's address alone, for commands that need nothing else.
pub fn database_url(lookup: impl Fn(&str) -> Option<String>) -> String {
    let given = lookup("DATABASE_URL").map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
    given.unwrap_or_else(|| default("DATABASE_URL").to_owned())
}

fn default(name: &str) -> &'static str {
    VARIABLES.iter().find(|variable| variable.name == name).map_or("", |variable| variable.default)
}

fn token(given: Option<String>) -> Result<Token, String> {
    let token =
        given.ok_or("is not set; ask @BotFather in Telegram for one (/newbot) and put it into .env or the environment")?;
    let well_formed = token.split_once(':').is_some_and(|(id, secret)| {
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
        !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit()) && !secret.is_empty() && secret.bytes().all(plain)
    });
    if !well_formed {
        return Err("is no token: one is digits, a colon, then letters, digits, - and _; copy it whole from @BotFather".into());
    }
    Ok(Token(token))
}

fn api_url(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !known || host.is_empty() || host.starts_with(':') || url.contains(|c: char| c.is_whitespace() || c == '?' || c == '#') {
        return Err(format!("is no http(s) address; write one like {}", default("TELOXIDE_API_URL")));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn rate(given: &str) -> Result<u32, String> {
    let rate = given.parse::<u32>().ok().filter(|rate| (1..=1000).contains(rate));
    rate.ok_or_else(|| {
        format!("is no number from 1 to 1000; write {}, unless Telegram lets this bot send more", default("RATE"))
    })
}

fn chat_rate(given: &str) -> Result<u32, String> {
    let rate = given.parse::<u32>().ok().filter(|rate| *rate <= 10_000);
    rate.ok_or_else(|| format!("is no number from 0 to 10000; write {}, or 0 for no limit", default("CHAT_RATE")))
}

/// Whether pages of triage and advice are shown though nobody has checked their translation, as it was set; `off` if it was not.
pub fn unchecked_translations(given: Option<&str>) -> Result<bool, String> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    switch(given.unwrap_or(default("UNCHECKED_TRANSLATIONS"))).map_err(|wrong| format!("UNCHECKED_TRANSLATIONS: {wrong}"))
}

fn switch(given: &str) -> Result<bool, String> {
    match given {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(String::from("is neither on nor off")),
    }
}

/// Days, written as `365d`: a number alone could be hours or weeks.
fn retention(given: &str) -> Result<u16, String> {
    let days = given.strip_suffix('d').and_then(|days| days.parse().ok()).filter(|days| (1..=365).contains(days));
    days.ok_or_else(|| format!("is no number of days from 1d to 365d; write {}", default("RETENTION")))
}

/// Each once, in the order in which they are given.
fn admins(given: &str) -> Result<Vec<i64>, String> {
    let mut admins = Vec::new();
    for id in given.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        let number = id.parse::<i64>().ok().filter(|number| *number > 0);
        // A group has a number below zero, and the bot leaves groups.
        let number = number
            .ok_or_else(|| format!("\"{id}\" is no number of a person in Telegram; write them like 12345678, 23456789"))?;
        if !admins.contains(&number) {
            admins.push(number);
        }
    }
    Ok(admins)
}

/// A port alone is for this machine alone: wider than that is only what somebody has asked for.
fn listens_at(given: &str) -> Result<SocketAddr, String> {
    let port = given.parse::<u16>().ok().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    port.or_else(|| given.parse().ok())
        .ok_or_else(|| String::from("is neither a port nor an address with one; write one like 9464, or like 10.0.0.5:9464"))
}

/// `env_logger` passes over what it doesn't know, and an operator would wonder where the lines are.
fn check_log(filters: &str) -> Result<(), String> {
    let directives = filters.split('/').next().unwrap_or_default().split(',');
    for level in directives.filter_map(|directive| directive.split_once('=')).map(|(_, level)| level.trim()) {
        if level.parse::<log::LevelFilter>().is_err() {
            return Err(format!("\"{level}\" is no level; take one of off, error, warn, info, debug, trace"));
        }
    }
    Ok(())
}

/// `.env.example`, to the letter.
pub fn example() -> String {
    let top = "# Copy to .env and fill in. What stands in the environment counts before what stands here; what is empty or left out has\n\
               # its default, which is shown.";
    let setting = |Variable { name, default, why }: &Variable| {
        // The token has to be filled in; the rest is left to the program, so that a better default arrives by itself.
        let comment = if *name == "TELOXIDE_TOKEN" { "" } else { "# " };
        format!("# {why}\n{comment}{name}={default}")
    };
    let paragraphs: Vec<String> = [top.to_owned()].into_iter().chain(VARIABLES.iter().map(setting)).collect();
    paragraphs.join("\n\n") + "\n"
}
