//! axe-core, the audit for accessibility. npm brings it (`scripts/test`), in the version that `package.json` beside this file names.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::not_run;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");

/// Its script and a run of it; none, and a line that says so, where it is not installed.
pub fn script() -> Option<String> {
    let installed: PathBuf = Path::new(FOLDER).join("node_modules/axe-core");
    let ours = json(&Path::new(FOLDER).join("package.json")).expect("package.json names it");
    let is_ours = json(&installed.join("package.json")).is_some_and(|it| it["version"] == ours["devDependencies"]["axe-core"]);
    let script = fs::read_to_string(installed.join("axe.min.js")).ok().filter(|_| is_ours);
    let script = script.map(|script| script + "\n" + include_str!("audit.js"));
    script.or_else(|| not_run("axe-core is not installed in the version of tests/browser/package.json (scripts/test gets it)"))
}

fn json(file: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// What it found, a line for each place: rule, how grave, where, and what is wrong there. A contrast that it couldn't make out is among it:
/// what was not measured is not well.
pub fn lines(found: &Value) -> Vec<String> {
    let rules = |kind: &str| found[kind].as_array().expect("a result of axe").iter();
    let is_contrast = |rule: &&Value| rule["id"] == "color-contrast";
    let mut lines: Vec<String> = rules("violations").flat_map(places).collect();
    lines.extend(rules("incomplete").filter(is_contrast).flat_map(places).map(|line| format!("not measured: {line}")));
    if rules("inapplicable").any(|rule| is_contrast(&rule)) {
        lines.push(String::from("color-contrast: nowhere measured"));
    }
    lines
}

fn places(rule: &Value) -> Vec<String> {
    let (id, impact) = (rule["id"].as_str().unwrap_or_default(), rule["impact"].as_str().unwrap_or("unrated"));
    let nodes = rule["nodes"].as_array().into_iter().flatten();
    let line = |node: &Value| {
        let place: Vec<&str> = node["target"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let why = node["failureSummary"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{id} ({impact}) at {}: {why}", place.join(" "))
    };
    nodes.map(line).collect()
}
