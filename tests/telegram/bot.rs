//! The bot as a child process, and what its readers do over and over.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::fake::{Fake, Message, Outcome, PATIENCE, Person, TOKEN};

/// The first button of the home screen.
pub const HURTS: &str = "It hurts now";

pub const DATA_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Settings of a bot that hears by a webhook. The port is any that is free; the fake is told which.
pub const HOOKED: [(&str, &str); 2] = [("WEBHOOK_URL", "https://bot.example.org/hook-4711"), ("WEBHOOK_ADDR", "0")];

/// How a bot hears of updates.
#[derive(Clone, Copy)]
pub enum Way {
    Polls,
    Hears,
}

impl Way {
    pub async fn start(self, fake: &Fake, dir: &TempDir) -> Bot {
        match self {
            Way::Polls => Bot::start(fake, dir).await,
            Way::Hears => Bot::start_hooked(fake, dir, &[]).await,
        }
    }
}

/// Makes each story a test of a bot that polls and a test of a bot that hears by a webhook.
#[macro_export]
macro_rules! either_way {
    ($($story:ident),* $(,)?) => {
        mod polls {
            $(#[tokio::test]
            async fn $story() {
                super::$story($crate::bot::Way::Polls).await;
            })*
        }
        mod hears {
            $(#[tokio::test]
            async fn $story() {
                super::$story($crate::bot::Way::Hears).await;
            })*
        }
    };
}

/// A running bot; it is killed when it is dropped, and what it printed is shown if the test failed.
pub struct Bot {
    child: Child,
    output: PathBuf,
}

impl Bot {
    /// Starts on the shipped book with its data in `dir`, and waits for the first poll.
    pub async fn start(fake: &Fake, dir: &TempDir) -> Self {
        Self::start_with(fake, dir, &[]).await
    }

    /// The same with other settings.
    pub async fn start_with(fake: &Fake, dir: &TempDir, settings: &[(&str, &str)]) -> Self {
        let before = fake.polls();
        let mut bot = Self::spawn(&fake.url(), dir, settings);
        let polls = fake.wait_until("the bot's first poll", |fake| fake.polls() > before);
        let ended = tokio::select! {
            () = polls => None,
            status = bot.ended() => Some(status),
        };
        if let Some(status) = ended {
            panic!("the bot ended at once, {status}:\n{}", bot.output());
        }
        bot
    }

    /// Starts it behind a webhook, waits until Telegram was told, and sets it behind the webhook's address, alone.
    pub async fn start_hooked(fake: &Fake, dir: &TempDir, settings: &[(&str, &str)]) -> Self {
        let set = |fake: &Fake| fake.calls_of("setWebhook").iter().filter(|call| call.outcome == Outcome::Done).count();
        let before = set(fake);
        let settings: Vec<_> = HOOKED.iter().chain(settings).copied().collect();
        let mut bot = Self::spawn(&fake.url(), dir, &settings);
        let told = fake.wait_until("the webhook to be set", |fake| set(fake) > before);
        tokio::select! {
            () = told => {}
            status = bot.ended() => panic!("the bot ended at once, {status}:\n{}", bot.output()),
        }
        fake.balance(&[&bot.hook()]);
        bot
    }

    /// Where its webhook listens.
    pub fn hook(&self) -> String {
        let line = self.lines(&["webhook listens at"]).pop().expect("it says where");
        line.split_whitespace().last().expect("an address").to_owned()
    }

    /// Starts it and waits for nothing. An empty value takes a setting away.
    pub fn spawn(api: &str, dir: &TempDir, settings: &[(&str, &str)]) -> Self {
        let database = format!("sqlite://{}", dir.path().join("bot.db").display());
        let defaults = [
            ("DIALOGUES", concat!(env!("CARGO_MANIFEST_DIR"), "/dialogues")),
            ("TELOXIDE_TOKEN", TOKEN),
            ("TELOXIDE_API_URL", api),
            ("DATABASE_URL", &database),
            ("DATA_KEY", DATA_KEY),
            ("RUST_LOG", "info"),
            // People in tests have faster thumbs.
            ("CHAT_RATE", "0"),
        ];
        let output = dir.path().join("output");
        let log = OpenOptions::new().create(true).append(true).open(&output).expect("a log file");
        let copy = |log: &File| log.try_clone().expect("a second handle of the log file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
        // In a folder of its own, so that no `.env` of the developer's is read.
        command.arg("run").current_dir(dir.path()).env_clear().stdin(Stdio::null()).stdout(copy(&log)).stderr(log);
        for (name, value) in defaults.iter().chain(settings) {
            match *value {
                "" => command.env_remove(name),
                value => command.env(name, value),
            };
        }
        Self { child: command.spawn().expect("the bot's binary"), output }
    }

    /// Ends it as a power cut would.
    pub fn kill9(mut self) {
        self.child.kill().expect("a bot that still runs");
        self.child.wait().expect("the end of a killed process");
    }

    /// Asks it to end, as a service manager does.
    pub fn term(&self) {
        self.signal("-TERM");
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        self.signal("-INT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status();
        assert!(sent.expect("the kill command").success(), "no process to send {signal} to");
    }

    /// How it ended, within `patience`.
    pub async fn wait_exit(&mut self, patience: Duration) -> ExitStatus {
        match timeout(patience, self.ended()).await {
            Ok(status) => status,
            Err(_) => panic!("the bot still runs after {patience:?}:\n{}", self.output()),
        }
    }

    async fn ended(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().expect("the state of a child") {
                return status;
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// All that it and its predecessors in the same folder have printed.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.output).unwrap_or_default()).into_owned()
    }

    /// The printed lines that hold one of `words`, in any case.
    pub fn lines(&self, words: &[&str]) -> Vec<String> {
        let holds = |line: &&str| words.iter().any(|word| line.to_lowercase().contains(&word.to_lowercase()));
        self.output().lines().filter(holds).map(str::to_owned).collect()
    }

    /// What it printed about panics, in the words of Rust or in its own.
    pub fn breaks(&self) -> Vec<String> {
        self.lines(&["panicked", "something broke", "this is a bug"])
    }

    /// Waits until such a line is printed.
    pub async fn wait_line(&self, words: &[&str]) {
        let printed = async {
            while self.lines(words).is_empty() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(PATIENCE, printed).await.is_ok(), "no line with {words:?} in:\n{}", self.output());
    }
}

impl Drop for Bot {
    // Into the output of the failed test.
    #[allow(clippy::print_stderr)]
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let output = self.output();
            let tail = output.char_indices().rev().nth(4000).map_or(0, |(at, _)| at);
            eprintln!("the bot printed:\n{}", &output[tail..]);
        }
    }
}

pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Says something, and waits for all of the answer.
pub async fn say(fake: &Fake, person: &Person, text: &str) -> Message {
    fake.wait_shown(person.say(text)).await;
    fake.chat(person.id).last()
}

/// Presses, and waits for all of the answer.
pub async fn press(fake: &Fake, person: &Person, label: &str) -> Message {
    fake.wait_shown(person.press(label)).await;
    fake.chat(person.id).last()
}

/// Presses the `nth` button of the newest message.
pub async fn press_nth(fake: &Fake, person: &Person, nth: usize) -> Message {
    let screen = fake.chat(person.id).last();
    let labels = screen.labels();
    let label = labels.get(nth).unwrap_or_else(|| panic!("no button {nth} in {labels:?} under:\n{}", screen.text));
    fake.wait_shown(person.press_on(screen.id, label)).await;
    fake.chat(person.id).last()
}

/// Whether any file in `dir` that begins with `name` holds these bytes.
pub fn holds(dir: &Path, name: &str, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(dir).expect("the folder").map(|entry| entry.expect("an entry of it"));
    let files = files.filter(|file| file.file_name().to_string_lossy().starts_with(name));
    // A file of the database may go away between the list and the look.
    files.filter_map(|file| std::fs::read(file.path()).ok()).any(|file| file.windows(bytes.len()).any(|w| w == bytes))
}
