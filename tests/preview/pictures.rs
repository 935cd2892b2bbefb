//! The pictures of the README: made by `UPDATE=1 cargo test --test preview`, to be looked at; held to be there and shown.

use std::fs;
use std::path::{Path, PathBuf};

use crate::author::{Author, NEWEST};

/// Each with its size.
const PICTURES: [(&str, (u32, u32)); 2] = [("docs/preview.png", (1280, 800)), ("docs/preview-phone.png", (390, 844))];

/// What still comes at once on a slow line.
const MOST_BYTES: usize = 250_000;

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

#[tokio::test]
async fn the_readme_shows_the_preview() {
    if std::env::var_os("UPDATE").is_some() {
        taken().await;
    }
    let readme = fs::read_to_string(path("README.md")).unwrap();
    for (file, size) in PICTURES {
        let picture =
            fs::read(path(file)).unwrap_or_else(|error| panic!("{file}: {error}: UPDATE=1 cargo test --test preview"));
        let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"), "{file} is no PNG");
        assert_eq!((number(16), number(20)), size, "{file}");
        assert!(picture.len() < MOST_BYTES, "{file} has {} bytes", picture.len());
        let alt = readme.split(&format!("({file})")).next().filter(|before| before.len() < readme.len());
        let alt = alt.and_then(|before| before.strip_suffix(']')?.rsplit_once("![")).map(|(_, alt)| alt);
        assert!(alt.is_some_and(|alt| alt.len() > 40), "README.md shows no {file}, or doesn't say what is on it: {alt:?}");
    }
}

async fn taken() {
    let Some(author) = Author::begin().await else { return };
    let window = &author.window;
    author.does(async || window.choose("Country", "England, Scotland or Wales").await).await;
    for pressed in ["When should I get help?", "None of these", "20 to 27", "None of these", "None of these"] {
        author.press(pressed).await;
    }
    for pressed in ["Larger", "Here"] {
        window.click(pressed).await;
    }
    window.eval("document.activeElement.blur()").await;
    window.screenshot(&path(PICTURES[0].0)).await;

    let (wide, high) = PICTURES[1].1;
    window.size(wide, high).await;
    window.dark().await;
    author.does(async || window.choose("Language", "العربية").await).await;
    author.types("/start all-fours").await;
    author.does(async || window.click(&format!("{NEWEST} .row:nth-child(3) .key")).await).await;
    let picture = format!("document.querySelector('{NEWEST} img')");
    window.wait_until("the picture", &format!("{picture}?.complete && {picture}.naturalWidth > 0")).await;
    window.eval("document.activeElement.blur()").await;
    window.eval("document.querySelector('.phone').scrollIntoView({ block: 'end' })").await;
    window.screenshot(&path(PICTURES[1].0)).await;
}
