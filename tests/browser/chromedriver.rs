//! `chromedriver` as a child on a free port, and the browser that it starts. Neither outlives the test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;

use super::driver::{PATIENCE, PAUSE};

pub struct Chromedriver {
    child: Child,
    /// The browser's process: it would outlive a driver that is killed.
    browser: Option<u64>,
    /// Its profile and all that both leave lying about.
    folder: TempDir,
}

impl Chromedriver {
    pub fn start(program: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(program);
        command.arg("--port=0").env("TMPDIR", folder.path()).stdin(Stdio::null());
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Self { child, browser: None, folder }
    }

    /// A new browser with an empty profile.
    pub async fn connect(&mut self, chromium: PathBuf) -> Client {
        let url = format!("http://127.0.0.1:{}", self.port().await);
        let wanted = self.wanted(&chromium);
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&url).await;
        let client = client.unwrap_or_else(|error| panic!("Chromium does not start: {error}\n{}", self.log()));
        self.browser = client.capabilities().and_then(|told| told["goog:processID"].as_u64());
        client
    }

    /// It finds a free one by itself, and says which.
    async fn port(&mut self) -> u16 {
        let begun = Instant::now();
        loop {
            let log = self.log();
            let said = log.split_once("successfully on port ").and_then(|(_, rest)| rest.split_once('.'));
            if let Some(port) = said.and_then(|(port, _)| port.parse().ok()) {
                return port;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "chromedriver does not start ({ended:?}): {log}");
            sleep(PAUSE).await;
        }
    }

    fn wanted(&self, chromium: &Path) -> Capabilities {
        let profile = format!("--user-data-dir={}", self.profile().display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en-GB",
            &profile,
        ];
        let wanted = json!({
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "pageLoad": PATIENCE.as_millis(), "script": PATIENCE.as_millis() },
        });
        let Value::Object(wanted) = wanted else { unreachable!("it is an object") };
        wanted
    }

    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// What it has printed.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.path().join("log")).unwrap_or_default()).into_owned()
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        if let Some(browser) = self.browser {
            // It may have crashed, which is for the test to say.
            let _ = Command::new("kill").args(["-KILL", &browser.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The browser's helpers notice by themselves, and may write until then.
        let begun = Instant::now();
        while fs::remove_dir_all(self.folder.path()).is_err() && self.folder.path().exists() && begun.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
