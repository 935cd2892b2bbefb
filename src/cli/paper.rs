//! What of a book leaves the screen: the leaflet, the profile picture.

use std::path::Path;
use std::process::ExitCode;

use super::authors::tell;
use super::open::{Offers, Open, Unchecked, open, open_for};
use super::{Failed, LeafletArgs, USAGE, say};
use crate::config::{Environment, unchecked_translations};
use crate::media;
use crate::service::library::Volume;
use crate::source;

pub fn leaflet(dialogues: &Path, environment: &Environment, args: LeafletArgs) -> ExitCode {
    let unchecked = match unchecked_translations(environment.get("UNCHECKED_TRANSLATIONS").as_deref()) {
        Ok(true) => Unchecked::Shown,
        Ok(false) => Unchecked::Original,
        Err(wrong) => return Failed::from(wrong).exit(),
    };
    let library = match open_for(dialogues, Offers { unchecked, ..Offers::AUTHORS }) {
        Ok(Open { library, .. }) => library,
        Err(code) => return code,
    };
    let LeafletArgs { language, region, bot, out } = args;
    let language = language.unwrap_or_else(|| library.own().language().to_owned());
    let Some(book) = library.speaks(&language).cloned() else {
        let known: Vec<&str> = library.books().map(|book| book.language()).collect();
        return Failed::from(format!("--language {language}: the book speaks {}.", known.join(", "))).exit();
    };
    if let Some(region) = region.as_deref().filter(|region| !book.regions().contains_key(*region)) {
        let known: Vec<&str> = book.regions().keys().map(String::as_str).collect();
        return Failed::from(format!("--region {region}: the book knows {}.", known.join(", "))).exit();
    }
    let link = match bot.as_deref().map(|name| name.trim_start_matches('@')) {
        Some(name) if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
            return Failed::from(format!("--bot {name}: a bot's name is made of letters, digits and _.")).exit();
        }
        name => name.map(|name| format!("https://t.me/{name}")),
    };
    match (Volume { library, book }).leaflet(region.as_deref(), link.as_deref()) {
        Some(file) => tell(&file.content, out.as_deref()),
        None => Failed::from(String::from("The book has no leaflet: say under `leaflet` in book.yaml what is printed.")).exit(),
    }
}

pub fn picture(dialogues: &Path, out: &Path) -> ExitCode {
    let library = match open(dialogues) {
        Ok(Open { library, .. }) => library,
        Err(code) => return code,
    };
    let Some(name) = library.own().picture() else {
        return Failed::from(String::from("The book has no profile picture: name one under `picture` in book.yaml.")).exit();
    };
    let Some(picture) = library.gallery.profile(name) else {
        return Failed::from(format!("{name} can't be drawn as a square.")).exit();
    };
    if let Err(error) = source::folder::write_bytes(out, &picture) {
        eprintln!("{} cannot be written: {error}.", out.display());
        return ExitCode::from(USAGE);
    }
    say(format_args!(
        "{}: {side} by {side} pixels. Send it to @BotFather: /setuserpic\n",
        out.display(),
        side = media::PROFILE_SIDE
    ));
    ExitCode::SUCCESS
}
