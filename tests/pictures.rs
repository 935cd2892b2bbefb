//! The drawings of the shipped book: all of them can be drawn, none is heavy, and people can look at all of them at once.
//!
//! `docs/pictures.md` is written from the book: `UPDATE=1 cargo test --test pictures`. `SHOW=folder` writes each as readers get it.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backcare::dialogue::Kind;
use backcare::dialogue::book::Image;
use backcare::media::picture;

mod shipped;

/// What a phone on a slow line still gets at once.
const MOST_BYTES: usize = 60_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn media(file: &str) -> PathBuf {
    root().join("dialogues/media").join(file)
}

/// Each file with the page and the step that shows it, and what it shows.
fn shown() -> BTreeMap<&'static str, (Vec<String>, &'static str)> {
    let mut shown: BTreeMap<&str, (Vec<String>, &str)> = BTreeMap::new();
    let mut add = |image: &'static Image, at: String| {
        shown.entry(&image.file).or_insert_with(|| (Vec::new(), &image.alt)).0.push(at);
    };
    for (_, id, node) in shipped::book().nodes() {
        node.image.iter().for_each(|image| add(image, format!("`{id}`")));
        if let Kind::Steps(steps) = &node.kind {
            for (step, image) in (1..).zip(&steps.steps).filter_map(|(at, step)| Some((at, step.image.as_ref()?))) {
                add(image, format!("`{id}`, step {step}"));
            }
        }
    }
    shown
}

#[test]
fn every_drawing_is_light() {
    let keep = std::env::var_os("SHOW").map(PathBuf::from);
    let shown = shown();
    assert!(shown.len() >= 30, "{}", shown.len());
    let mut heavy = Vec::new();
    for file in shown.keys() {
        let drawn = picture(file, &fs::read(media(file)).unwrap().into()).unwrap_or_else(|error| panic!("{file}: {error}"));
        if drawn.bytes.len() >= MOST_BYTES {
            heavy.push(format!("{file} has {} bytes", drawn.bytes.len()));
        }
        if let Some(folder) = &keep {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(file.replace(".svg", ".png")), &drawn.bytes).unwrap();
        }
    }
    assert!(heavy.is_empty(), "{heavy:?}");
}

/// Nothing of a drawing depends on whose screen it is on: no font, no colour of the page around it, nothing from elsewhere.
#[test]
fn every_drawing_looks_the_same_everywhere() {
    for entry in fs::read_dir(root().join("dialogues/media")).unwrap() {
        let path = entry.unwrap().path();
        let svg = fs::read_to_string(&path).unwrap();
        for foreign in ["<text", "currentColor", "<style", "href", "<script", "font"] {
            assert!(!svg.contains(foreign), "{} has {foreign}", path.display());
        }
        assert!(svg.contains("<rect width="), "{} has no background of its own", path.display());
    }
}

#[test]
fn all_of_them_can_be_looked_at_in_docs() {
    let mut fresh = String::from(
        "# The pictures of the book\n\nWritten by `UPDATE=1 cargo test --test pictures` from the book; don't edit it by hand. \
         Look at each after a change: is the position right?\n\n| | | |\n|---|---|---|\n",
    );
    let cells: Vec<String> = shown()
        .iter()
        .map(|(file, (pages, alt))| {
            let alt = alt.replace('&', "&amp;").replace('"', "&quot;").replace('|', "&#124;");
            let picture = format!("<img src=\"../dialogues/media/{file}\" width=\"260\" alt=\"{alt}\">");
            format!("{picture}<br>**{file}** · {}<br>{alt}", pages.join(", "))
        })
        .collect();
    for row in cells.chunks(3) {
        let _ =
            writeln!(fresh, "| {} |", (0..3).map(|at| row.get(at).map_or("", String::as_str)).collect::<Vec<_>>().join(" | "));
    }
    let profile = shipped::book().picture().expect("the bot has a profile picture");
    let _ = write!(
        fresh,
        "\n## The profile picture\n\n<img src=\"../dialogues/media/{profile}\" width=\"160\" alt=\"\"> \
         <img src=\"../dialogues/media/{profile}\" width=\"40\" alt=\"\">\n\n\
         As in a profile, and as in a list of chats, where Telegram makes it round. It shows a sore back and no pregnancy: whoever looks over \
         a shoulder sees it too. [Operate](operate.md#a-token) says how it gets there.\n"
    );
    let path = root().join("docs/pictures.md");
    if fs::read_to_string(&path).unwrap_or_default() != fresh {
        assert!(std::env::var_os("UPDATE").is_some(), "the pictures have changed: UPDATE=1 cargo test --test pictures");
        fs::write(path, fresh).unwrap();
    }
}

#[test]
fn the_profile_picture_is_written_as_botfather_takes_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("profile.png");
    let backcare = |dialogues: &str| {
        let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
        bot.args(["--dialogues", dialogues, "picture", "--out"]).arg(&file).current_dir(root()).output().unwrap()
    };
    let done = backcare("dialogues");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("@BotFather"));
    let png = fs::read(&file).unwrap();
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert!(png.starts_with(b"\x89PNG") && (number(16), number(20)) == (640, 640));
    let none = backcare("examples/knee");
    assert!(none.status.code() == Some(2) && String::from_utf8_lossy(&none.stderr).contains("no profile picture"));
}
