//! A real browser without a window, to see what people see. None, and a line that says so, where Chromium is not installed: `scripts/test`
//! installs it where it may.
//!
//! `Browser` here shows one page and ends; `driver::Window` stays open, and a test clicks and types in it.

#![allow(clippy::print_stderr, dead_code)] // what is not run is told; not every suite looks at everything

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

mod axe;
mod chromedriver;
pub mod driver;

pub struct Browser {
    program: PathBuf,
    /// What it remembers; nothing from one test to the next.
    folder: TempDir,
}

impl Browser {
    pub fn find() -> Option<Browser> {
        Some(Browser { program: chromium()?, folder: TempDir::new().unwrap() })
    }

    /// The page at an address once it stands, as the browser has it, and what it complained of.
    pub fn page(&self, url: &str) -> (String, Vec<String>) {
        let output = self.run(&["--dump-dom", url]);
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        // What a page's own console says: what it may not load, what is wrong in it.
        let complaints = log.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect();
        (String::from_utf8_lossy(&output.stdout).into_owned(), complaints)
    }

    pub fn screenshot(&self, url: &str, size: (u32, u32), file: &Path) {
        let size = format!("--window-size={},{}", size.0, size.1);
        let file = format!("--screenshot={}", file.display());
        self.run(&[&size, "--hide-scrollbars", &file, url]);
    }

    pub fn pdf(&self, url: &str, file: &Path) {
        self.run(&[&format!("--print-to-pdf={}", file.display()), "--no-pdf-header-footer", url]);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let profile = format!("--user-data-dir={}", self.folder.path().display());
        let quiet = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
        ];
        let mut command = Command::new(&self.program);
        command.args(quiet).arg(profile).args(arguments).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }
}

/// Chromium's program, under any of its names.
fn chromium() -> Option<PathBuf> {
    let found = program(&["chromium", "chromium-browser", "google-chrome"]);
    found.or_else(|| not_run("there is no Chromium (scripts/test installs it on Debian)"))
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).flat_map(|folder| names.iter().map(move |name| folder.join(name))).find(|path| path.is_file())
}

/// Says why a test passes without having looked; where it must look, it fails.
fn not_run<T>(why: &str) -> Option<T> {
    assert!(std::env::var_os("REQUIRE_CHROMIUM").is_none(), "{why}, and REQUIRE_CHROMIUM is set");
    eprintln!("NOT RUN: {why}");
    None
}
