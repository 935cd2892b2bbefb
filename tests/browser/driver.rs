//! A window of a real browser that a test looks into, clicks and types in, by WebDriver.
//!
//! Nothing here trusts time: whatever is not there yet is waited for with patience, and what goes away under a hand is found anew. Where it
//! never comes, the test fails with what the page says and a picture of it.
//!
//! ```ignore
//! let Some(window) = Window::open(&url).await else { return };
//! window.size(390, 844).await;
//! window.click("It hurts now").await;
//! window.wait_for_words("Call 999 now").await;
//! assert_eq!(window.axe().await, [""; 0]);
//! assert_eq!(window.complaints().await, [""; 0]);
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::chromedriver::Chromedriver;
use super::{axe, chromium, not_run, program};

/// Two busy cores are slow, but not that slow.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
pub const PAUSE: Duration = Duration::from_millis(25);

/// How the protocol names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Sets a field that has a picker; false of any other.
const PICK: &str = "const [field, value] = arguments;
    if (!['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range'].includes(field.type)) return false;
    field.value = value;
    for (const told of ['input', 'change']) field.dispatchEvent(new Event(told, { bubbles: true }));
    return true";

pub struct Window {
    client: Client,
    driver: Chromedriver,
}

impl Window {
    /// A browser of its own that shows the page at `url`; none where there is no Chromium or no chromedriver.
    pub async fn open(url: &str) -> Option<Window> {
        let chromium = chromium()?;
        let driver = program(&["chromedriver"]);
        let driver = driver.or_else(|| not_run("there is no chromedriver (scripts/test installs it on Debian)"))?;
        let mut driver = Chromedriver::start(&driver);
        let client = driver.connect(chromium).await;
        let window = Window { client, driver };
        window.size(1280, 800).await;
        window.light().await;
        window.visit(url).await;
        Some(window)
    }

    pub async fn visit(&self, url: &str) {
        self.must("visit", self.client.goto(url).await).await;
    }

    pub async fn reload(&self) {
        self.must("reload", self.client.refresh().await).await;
    }

    /// How large the page is to itself, to the pixel.
    pub async fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub async fn light(&self) {
        self.colours("light").await;
    }

    pub async fn dark(&self) {
        self.colours("dark").await;
    }

    /// With them the wish that nothing moves, so that a test needn't wait until it rests.
    async fn colours(&self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Presses what is called so or, if nothing is, what a CSS selector finds. Of several that are called alike the last one, in a chat the
    /// newest; of several that are selected the first.
    pub async fn click(&self, what: &str) {
        self.patiently(&format!("click on {what:?}"), async || {
            let Some(found) = self.find(what, false).await? else { return Ok(None) };
            match found.click().await {
                // Nobody knows whether it was pressed: twice would be another story.
                Err(error) if error.is_unknown_error() => self.give_up(what, &error.to_string()).await,
                pressed => pressed.map(Some),
            }
        })
        .await;
    }

    /// Puts the text into a field, found by its label or a CSS selector, in place of what it holds, key by key. A date goes in as
    /// `2026-11-28`.
    pub async fn type_into(&self, what: &str, text: &str) {
        self.patiently(&format!("typing into {what:?}"), async || {
            let Some(field) = self.find(what, true).await? else { return Ok(None) };
            // How a date is typed differs by country: it is set, as a picker does.
            if self.client.execute(PICK, vec![json!(field), json!(text)]).await? == true {
                return Ok(Some(()));
            }
            if field.prop("value").await?.is_some_and(|held| !held.is_empty()) {
                field.clear().await?;
            }
            field.send_keys(text).await.map(Some)
        })
        .await;
    }

    /// Chooses from a list (`<select>`) by the words of the choice.
    pub async fn choose(&self, what: &str, label: &str) {
        self.patiently(&format!("choosing {label:?} in {what:?}"), async || {
            let Some(list) = self.find(what, true).await? else { return Ok(None) };
            list.select_by_label(label).await.map(Some)
        })
        .await;
    }

    /// A key for whatever has the focus: `Enter`, `ArrowDown`, `a`, `Shift+Tab`.
    pub async fn press_key(&self, keys: &str) {
        let keys: Vec<char> = keys.split('+').map(key).collect();
        let mut actions = KeyActions::new(String::from("keyboard"));
        for value in keys.iter().copied() {
            actions = actions.then(KeyAction::Down { value });
        }
        for value in keys.iter().rev().copied() {
            actions = actions.then(KeyAction::Up { value });
        }
        self.must("a key", self.client.perform_actions(actions).await).await;
    }

    /// What stands in the first element of a CSS selector, as it is seen. Waits for the element, not for its words.
    pub async fn text(&self, css: &str) -> String {
        let words = "const one = document.querySelector(arguments[0]); return one && (one.innerText ?? one.textContent).trim()";
        let text = self.patiently(css, async || {
            let text = self.client.execute(words, vec![json!(css)]).await?;
            Ok(text.as_str().map(str::to_owned))
        });
        text.await
    }

    /// The same of all that it finds now; none is no failure.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let all = "return [...document.querySelectorAll(arguments[0])].map(one => (one.innerText ?? one.textContent).trim())";
        let texts = self.patiently(css, async || self.client.execute(all, vec![json!(css)]).await.map(Some)).await;
        texts.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The value of an expression in JavaScript; a promise is waited for.
    pub async fn eval(&self, js: &str) -> Value {
        self.must(js, self.client.execute(&format!("return ({js})"), Vec::new()).await).await
    }

    /// Waits until an expression in JavaScript holds. `what` says what is waited for.
    pub async fn wait_until(&self, what: &str, js: &str) {
        let script = format!("return !!({js})");
        self.patiently(&format!("{what} ({js})"), async || {
            let holds = self.client.execute(&script, Vec::new()).await?;
            Ok(holds.as_bool().filter(|holds| *holds))
        })
        .await;
    }

    /// Waits until the page shows these words.
    pub async fn wait_for_words(&self, words: &str) {
        let shown = "document.body.innerText.replace(/\\s+/g, ' ')";
        self.wait_until(&format!("the words {words:?}"), &format!("{shown}.includes({})", json!(words))).await;
    }

    /// What the window shows now.
    pub async fn screenshot(&self, file: &Path) {
        let picture = self.must("a screenshot", self.client.screenshot().await).await;
        fs::write(file, picture).unwrap();
    }

    /// What the page has complained of since this was last asked: errors and warnings of its script, what its policy forbids, what could
    /// not be fetched. The icon is left out that the browser asks for by itself.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.must("the log", self.ask("se/log", json!({ "type": "browser" })).await).await;
        let grave = log.as_array().into_iter().flatten().filter(|line| line["level"] == "SEVERE" || line["level"] == "WARNING");
        let grave = grave.filter_map(|line| line["message"].as_str());
        grave.filter(|line| !line.contains("/favicon.ico")).map(str::to_owned).collect()
    }

    /// What stands in the way of people who can't see, hear or point, as the page is now: nothing, if it is well made. Nothing as well, and
    /// a line that says so, where axe is not installed.
    pub async fn axe(&self) -> Vec<String> {
        let Some(script) = axe::script() else { return Vec::new() };
        // The driver's scripts are not the page's: its policy doesn't stop them.
        let found = self.client.execute(&script, Vec::new()).await;
        axe::lines(&self.must("axe", found).await)
    }

    /// Asks the browser's own tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let asked = self.ask("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await;
        self.must(command, asked).await
    }

    /// Where the browser keeps what it remembers.
    pub fn profile(&self) -> String {
        self.driver.profile().display().to_string()
    }

    async fn ask(&self, path: &'static str, body: Value) -> Result<Value, CmdError> {
        self.client.issue_cmd(Ask { path, body }).await
    }

    async fn find(&self, what: &str, is_field: bool) -> Result<Option<Element>, CmdError> {
        let found = self.client.execute_async(include_str!("find.js"), vec![json!(what), json!(is_field)]).await?;
        let reference = found[ELEMENT].as_str().map(|id| ElementRef::from(id.to_owned()));
        Ok(reference.map(|reference| Element::from_element_id(self.client.clone(), reference)))
    }

    /// Tries until it is done. What is not there, out of reach or gone in the meantime is tried anew; anything else is a failure at once.
    async fn patiently<T>(&self, what: &str, attempt: impl AsyncFn() -> Result<Option<T>, CmdError>) -> T {
        let begun = Instant::now();
        loop {
            let why = match attempt().await {
                Ok(Some(done)) => return done,
                Ok(None) => String::from("not there"),
                Err(error) if is_passing(&error) => error.to_string(),
                Err(error) => self.give_up(what, &error.to_string()).await,
            };
            if begun.elapsed() > PATIENCE {
                self.give_up(what, &why).await;
            }
            sleep(PAUSE).await;
        }
    }

    async fn must<T>(&self, what: &str, done: Result<T, CmdError>) -> T {
        match done {
            Ok(done) => done,
            Err(error) => self.give_up(what, &error.to_string()).await,
        }
    }

    /// Fails with all that helps to see why.
    async fn give_up(&self, what: &str, why: &str) -> ! {
        let picture = match self.client.screenshot().await {
            Ok(picture) => kept(what, &picture).display().to_string(),
            Err(error) => format!("none ({error})"),
        };
        let told = async |path, body| self.ask(path, body).await.unwrap_or_else(|error| json!(error.to_string()));
        let text = json!({ "script": "return location.href + '\\n' + document.body.innerText", "args": [] });
        let (text, log) = (told("execute/sync", text).await, told("se/log", json!({ "type": "browser" })).await);
        let text = text.as_str().unwrap_or("nothing");
        panic!("{what}: {why}\npicture: {picture}\ncomplaints: {log}\nthe page:\n{text}\nchromedriver: {}", self.driver.log());
    }
}

/// Whether pages are audited here.
pub fn can_audit() -> bool {
    axe::script().is_some()
}

/// Whether another attempt may fare better. All of these come before anything is pressed.
fn is_passing(error: &CmdError) -> bool {
    use ErrorStatus::{
        DetachedShadowRoot, ElementClickIntercepted, ElementNotInteractable, InvalidElementState, JavascriptError,
        NoSuchElement, StaleElementReference, UnknownError,
    };
    let CmdError::Standard(error) = error else { return false };
    match error.error {
        // A page that is not whole yet lacks things; a misspelt script stays one.
        JavascriptError => !error.message.contains("SyntaxError"),
        // Unknown to the protocol is what happens between one page and the next.
        DetachedShadowRoot
        | ElementClickIntercepted
        | ElementNotInteractable
        | InvalidElementState
        | NoSuchElement
        | StaleElementReference
        | UnknownError => true,
        _ => false,
    }
}

/// Where it can be looked at after the test.
fn kept(what: &str, picture: &[u8]) -> PathBuf {
    let name: String = what.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    let file = folder.join(format!("{name}-{}.png", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(&file, picture).unwrap();
    file
}

fn key(name: &str) -> char {
    let key = match name {
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => Key::Space,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        letter => {
            let mut letters = letter.chars();
            let only = letters.next().filter(|_| letters.next().is_none());
            return only.unwrap_or_else(|| panic!("{letter:?} is no key"));
        }
    };
    key.into()
}

/// A command that WebDriver leaves to each browser.
#[derive(Debug)]
struct Ask {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Ask {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
