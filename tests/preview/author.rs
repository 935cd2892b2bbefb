//! An author at work: `backcare preview` as a child over a copy of the book, the window that shows it, and what is done over and over.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::json;
use tempfile::TempDir;

use crate::browser::driver::Window;

/// The newest message of the phone.
pub const NEWEST: &str = "#phone [data-newest]";

/// A running preview. It is killed when it is dropped, and what it printed is shown if the test failed.
pub struct Preview {
    folder: TempDir,
    child: Child,
    pub url: String,
}

impl Preview {
    pub fn start() -> Preview {
        Preview::start_after(|_| {})
    }

    /// The same after some change to the book.
    pub fn start_after(change: impl FnOnce(&Path)) -> Preview {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("dialogues");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"), &book);
        change(&book);
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
        command
            .arg("--dialogues")
            .arg(&book)
            .args(["preview", "--addr", "127.0.0.1:0", "--walks"])
            .arg(folder.path().join("walks"));
        let mut child = command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("The preview is at ").unwrap_or_else(|| panic!("no address: {line:?}")).to_owned();
        Preview { folder, child, url }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Any other command of the program over the same book.
    pub fn backcare(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
        command.arg("--dialogues").arg(self.path("dialogues")).args(arguments).current_dir(&self.folder);
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// Saves a file of the book with other words in it, at once, as editors do.
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        let (path, fresh) = (self.path("dialogues").join(file), self.path("fresh"));
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{file}: {old}");
        fs::write(&fresh, text.replace(old, new)).unwrap();
        fs::rename(fresh, path).unwrap();
    }

    /// The line of a file, counted from 1, in which these words begin.
    pub fn line(&self, file: &str, words: &str) -> usize {
        let text = fs::read_to_string(self.path("dialogues").join(file)).unwrap();
        text[..text.find(words).unwrap()].matches('\n').count() + 1
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the preview printed:\n{}", fs::read_to_string(self.path("log")).unwrap_or_default());
        }
    }
}

/// All files of a folder, with those of its folders.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, to).unwrap();
        }
    }
}

/// Somebody in front of the preview.
pub struct Author {
    pub preview: Preview,
    pub window: Window,
}

impl Author {
    /// Has the page before them; `None` where there is no browser.
    pub async fn begin() -> Option<Author> {
        let preview = Preview::start();
        let window = Window::open(&preview.url).await?;
        let author = Author { preview, window };
        author.is_whole().await;
        Some(author)
    }

    /// Waits until the book is read and drawn, and each part of the page came; it may still be checked.
    pub async fn is_whole(&self) {
        let there = format!(
            "document.querySelector('{NEWEST}') && document.querySelector('#map svg') && document.querySelector('#who')"
        );
        self.window.wait_until("the whole page", &there).await;
    }

    /// The page and the conversation as they are at first; who reads stays.
    pub async fn starts_over(&self) {
        self.window.reload().await;
        self.is_whole().await;
        self.does(async || self.window.click("Start over").await).await;
        self.reads("A sore back wears you out.").await;
    }

    /// Waits until the proofs of the book as it is now are told.
    pub async fn is_checked(&self) {
        self.window.wait_until("the check", "!document.querySelector('#problems .sum').textContent.includes('Checking')").await;
    }

    /// Presses a button of the newest message, and waits until that is done.
    pub async fn press(&self, label: &str) {
        let keys = format!("[...document.querySelectorAll('{NEWEST} .key')]");
        let which = format!("{keys}.findIndex(key => key.innerText.trim() === {})", json!(label));
        self.window.wait_until(&format!("the button {label}"), &format!("{which} >= 0")).await;
        let token = self.window.eval(&format!("{keys}[{which}].dataset.token")).await;
        let key = format!("{NEWEST} [data-token=\"{}\"]", token.as_str().expect("a button that is pressed"));
        self.does(async || self.window.click(&key).await).await;
    }

    /// Types a message, sends it, and waits until it is answered.
    pub async fn types(&self, words: &str) {
        self.does(async || {
            self.window.type_into("Message", words).await;
            self.window.press_key("Enter").await;
        })
        .await;
    }

    /// Does something that changes the phone, and waits until it shows that.
    pub async fn does(&self, deed: impl AsyncFnOnce()) {
        let version = "Number(document.querySelector('.chat-of').dataset.version)";
        let before = self.window.eval(version).await;
        deed().await;
        self.window.wait_until("the phone's answer", &format!("{version} > {before}")).await;
    }

    /// Waits until the newest message says so.
    pub async fn reads(&self, words: &str) {
        let said = format!("(document.querySelector('{NEWEST} .words')?.innerText ?? '').replace(/\\s+/g, ' ')");
        self.window.wait_until(&format!("the message {words:?}"), &format!("{said}.includes({})", json!(words))).await;
    }

    /// The page that the phone shows.
    pub async fn here(&self) -> String {
        self.window.eval("document.querySelector('.chat-of').dataset.here").await.as_str().unwrap_or_default().to_owned()
    }

    /// Which messages stand in the chat, by their numbers.
    pub async fn messages(&self) -> Vec<u64> {
        let numbers = self
            .window
            .eval("[...document.querySelectorAll('#phone [data-message]')].map(one => Number(one.dataset.message))")
            .await;
        numbers.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
    }

    /// Opens one of the views beside the phone.
    pub async fn looks_at(&self, view: &str) {
        self.window.click(&format!("#tab-{view}")).await;
        self.window.wait_until(view, &format!("!document.querySelector('#panel-{view}').hidden")).await;
    }

    /// Nothing has gone wrong in the page that nobody saw.
    pub async fn has_no_complaints(&self) {
        assert_eq!(self.window.complaints().await, [""; 0]);
    }
}
