//! The preview and the file for reviewers, audited for people who can't see, hear or point, in all their looks.
//!
//! `SHOW=folder` writes what was audited there, to be looked at.

use std::path::Path;

use crate::author::Author;
use crate::browser::driver::Window;

/// The boxes of the map whose words can hardly be told from what they stand on.
const PALE: &str = "(() => {
    const light = colour => {
        const parts = colour.match(/\\d+/g).slice(0, 3).map(part => part / 255);
        const [r, g, b] = parts.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const ratio = (one, other) => Math.max(light(one) / light(other), light(other) / light(one));
    const fill = one => getComputedStyle(one).fill;
    const words = box => [...box.querySelectorAll('text')];
    const isPale = box => words(box).some(each => ratio(fill(each), fill(box.querySelector('rect'))) < 4.5);
    return [...document.querySelectorAll('#map .box')].filter(isPale).map(box => box.dataset.page);
})()";

/// What stands in anybody's way, each line under the name of the look.
pub async fn findings(window: &Window, name: &str) -> Vec<String> {
    if let Some(folder) = std::env::var_os("SHOW") {
        window.screenshot(&Path::new(&folder).join(format!("{name}.png"))).await;
    }
    // axe can't tell what lies behind the words of a drawing; those of the map are measured by themselves.
    let is_ours = |line: &String| !(line.starts_with("not measured: color-contrast") && line.contains(" at text["));
    window.axe().await.into_iter().filter(is_ours).map(|line| format!("{name}: {line}")).collect()
}

struct Audit<'a> {
    author: &'a Author,
    found: Vec<String>,
}

impl Audit<'_> {
    async fn look(&mut self, name: &str) {
        self.found.extend(findings(&self.author.window, name).await);
    }

    /// Every box of the map can be read: 4.5 to 1 at least.
    async fn map(&mut self) {
        let pale = self.author.window.eval(PALE).await;
        self.found.extend(pale.as_array().unwrap().iter().map(|id| format!("the box of {id} is pale")));
    }

    async fn views(&mut self, name: &str) {
        for view in ["map", "problems", "weekly", "walk"] {
            self.author.looks_at(view).await;
            self.look(&format!("{name}-{view}")).await;
        }
    }
}

pub async fn nothing_stands_in_the_way_of_anybody(author: &Author) {
    author.starts_over().await;
    let window = &author.window;
    let mut audit = Audit { author, found: Vec::new() };
    author.press("When should I get help?").await;
    audit.views("light").await;
    audit.map().await;
    window.dark().await;
    audit.views("dark").await;

    author.does(async || window.choose("Language", "العربية").await).await;
    author.types("/start lifting").await;
    audit.look("dark-arabic").await;
    window.light().await;
    window.click("Commands").await;
    // Nobody reads what lies under them, and that can't be measured.
    let over = findings(window, "light-arabic-commands").await;
    audit.found.extend(over.into_iter().filter(|line| !line.contains("overlapped by another element")));
    window.click("Commands").await;

    window.size(390, 844).await;
    audit.look("small-arabic").await;
    author.does(async || window.choose("Language", "English").await).await;
    audit.views("small").await;
    window.dark().await;
    audit.look("small-dark").await;
    assert!(audit.found.is_empty(), "{:#?}", audit.found);
    author.has_no_complaints().await;
}
