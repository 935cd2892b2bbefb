//! axe-core, the audit for accessibility. npm brings it (`scripts/test`), in the version that `package.json` beside this file names.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::not_run;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");

/// Runs it over the whole page, once its script stands there.
pub const RUN: &str = "return axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false })";

/// Its script; none, and a line that says so, where it is not installed.
pub fn script() -> Option<String> {
    let installed: PathBuf = Path::new(FOLDER).join("node_modules/axe-core");
    let ours = json(&Path::new(FOLDER).join("package.json")).expect("package.json names it");
    let is_ours = json(&installed.join("package.json")).is_some_and(|it| it["version"] == ours["devDependencies"]["axe-core"]);
    let script = fs::read_to_string(installed.join("axe.min.js")).ok().filter(|_| is_ours);
    script.or_else(|| not_run("axe-core is not installed in the version of tests/browser/package.json (scripts/test gets it)"))
}

fn json(file: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// What it found, a line for each place: rule, how grave, where, and what is wrong there.
pub fn lines(found: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for violation in found["violations"].as_array().expect("a result of axe") {
        let (rule, impact) = (&violation["id"], violation["impact"].as_str().unwrap_or("unrated"));
        for node in violation["nodes"].as_array().into_iter().flatten() {
            let place: Vec<&str> = node["target"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let why = node["failureSummary"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
            lines.push(format!("{} ({impact}) at {}: {why}", rule.as_str().unwrap_or_default(), place.join(" ")));
        }
    }
    lines
}
