//! The book as it was in a git revision, read with the author's own git.

use std::fmt;
use std::path::Path;
use std::process::Command;

use super::opened::is_yaml;
use super::{Loaded, load_files};

/// Why a revision could not be read, in the words of git where it had any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRevision(String);

impl fmt::Display for NoRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads the book of a folder as it was in a revision.
///
/// # Errors
/// No git, no such revision, or no book in it.
pub fn load_revision(dir: &Path, revision: &str) -> Result<Loaded, NoRevision> {
    // The name of an option is no revision.
    if revision.starts_with('-') {
        return Err(NoRevision(format!("`{revision}` is no folder and no revision")));
    }
    let listed = git(dir, &["ls-tree", "-z", "--name-only", revision, "./"])?;
    let names = listed.split('\0').map(str::to_owned).filter(|name| is_yaml(name));
    let files: Result<Vec<(String, String)>, NoRevision> = names
        .map(|name| {
            let text = git(dir, &["show", &format!("{revision}:./{name}")])?;
            Ok((name, text))
        })
        .collect();
    let files = files?;
    if files.is_empty() {
        return Err(NoRevision(format!("there is no book in {} at `{revision}`", dir.display())));
    }
    Ok(load_files(files))
}

fn git(dir: &Path, arguments: &[&str]) -> Result<String, NoRevision> {
    let done = Command::new("git").arg("-C").arg(dir).args(arguments).output();
    let done = done.map_err(|error| NoRevision(format!("git can't be started: {error}")))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        let first = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
        return Err(NoRevision(format!("git says: {first}")));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
