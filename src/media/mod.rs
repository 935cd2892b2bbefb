//! The pictures of a book, as a channel sends them: drawings become PNG, photographs stay as they are.
//!
//! A picture is known by what it holds: the same content is the same picture, whatever its file is called. Never here: a file that is
//! opened, a network, a word.

mod draw;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use draw::Drawing;
pub use draw::Undrawable;

/// A profile picture's side, in pixels: Telegram shows it no larger.
pub const PROFILE_SIDE: u16 = 640;

/// A picture, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    pub content: Content,
    /// A PNG or a JPEG.
    pub bytes: Arc<[u8]>,
    /// What a file of it ends in.
    pub kind: &'static str,
}

/// What a picture holds, in short: two with the same are the same picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Content(u128);

impl Content {
    fn of(bytes: &[u8]) -> Content {
        Content(xxhash_rust::xxh3::xxh3_128(bytes))
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Makes a picture of what lies in a file. The name tells its kind by its end.
///
/// # Errors
/// What is in it is no such picture.
pub fn picture(name: &str, content: &Arc<[u8]>) -> Result<Picture, Undrawable> {
    let (bytes, kind): (Arc<[u8]>, _) = match kind(name, content)? {
        Kind::Drawing(drawing) => (drawing.png()?.into(), "png"),
        Kind::Photograph(kind) => (Arc::clone(content), kind),
    };
    Ok(Picture { content: Content::of(&bytes), bytes, kind })
}

/// Whether a picture can be made of what lies in a file; much faster than to make it.
///
/// # Errors
/// What is in it is no such picture.
pub fn check(name: &str, content: &[u8]) -> Result<(), Undrawable> {
    kind(name, content).map(drop)
}

enum Kind {
    Drawing(Box<Drawing>),
    /// Sent as it is; what a file of it ends in.
    Photograph(&'static str),
}

fn kind(name: &str, content: &[u8]) -> Result<Kind, Undrawable> {
    match name.rsplit_once('.').map_or("", |(_, kind)| kind) {
        "svg" => Drawing::read(content).map(|drawing| Kind::Drawing(Box::new(drawing))),
        "png" if content.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(Kind::Photograph("png")),
        "jpg" if content.starts_with(b"\xff\xd8\xff") => Ok(Kind::Photograph("jpg")),
        kind => Err(Undrawable(format!("what is in it is no {}", kind.to_uppercase()))),
    }
}

/// All pictures of a book, each drawn when it is first asked for, and then kept.
#[derive(Default)]
pub struct Gallery {
    files: HashMap<String, (Arc<[u8]>, Drawn)>,
}

/// What came of drawing a file, once it was tried.
type Drawn = OnceLock<Option<Arc<Picture>>>;

impl Gallery {
    pub fn new(files: impl IntoIterator<Item = (String, Arc<[u8]>)>) -> Gallery {
        Gallery { files: files.into_iter().map(|(name, content)| (name, (content, OnceLock::new()))).collect() }
    }

    /// The pictures of newer files: those that hold what they held before need not be drawn again.
    #[must_use]
    pub fn renewed(&self, files: impl IntoIterator<Item = (String, Arc<[u8]>)>) -> Gallery {
        let drawn = |name: &str, content: &Arc<[u8]>| {
            let known = self.files.get(name).filter(|(known, _)| known == content);
            known.map(|(_, drawn)| drawn.clone()).unwrap_or_default()
        };
        let files = files.into_iter().map(|(name, content)| {
            let drawn = drawn(&name, &content);
            (name, (content, drawn))
        });
        Gallery { files: files.collect() }
    }

    /// The picture of a file; `None` if there is no such file, or no picture in it. The first time it takes some milliseconds.
    pub fn picture(&self, name: &str) -> Option<Arc<Picture>> {
        let (content, drawn) = self.files.get(name)?;
        drawn.get_or_init(|| picture(name, content).ok().map(Arc::new)).clone()
    }

    /// A file as an address that holds all of it, as it lies there: a drawing stays sharp at any size. `None` if there is none. A book
    /// whose pictures are none doesn't go live, so they are not looked into.
    pub fn data(&self, name: &str) -> Option<String> {
        let (content, _) = self.files.get(name)?;
        let kind = match name.rsplit_once('.').map_or("", |(_, kind)| kind) {
            "svg" => "svg+xml",
            "png" => "png",
            "jpg" => "jpeg",
            _ => return None,
        };
        Some(format!("data:image/{kind};base64,{}", data_encoding::BASE64.encode(content)))
    }

    /// A square drawing as @BotFather takes it; `None` if there is no such file, or it is no square drawing.
    pub fn profile(&self, name: &str) -> Option<Vec<u8>> {
        let (content, _) = self.files.get(name)?;
        let Ok(Kind::Drawing(drawing)) = kind(name, content) else { return None };
        drawing.sized(PROFILE_SIDE.into()).ok().filter(|_| drawing.is_square())
    }

    /// Draws all that is not drawn yet.
    pub fn draw(&self) {
        self.files.keys().for_each(|name| drop(self.picture(name)));
    }
}

impl fmt::Debug for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gallery({} files)", self.files.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &[u8] =
        br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 6"><rect width="8" height="6" fill="red"/></svg>"#;

    fn size(png: &[u8]) -> (u32, u32) {
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    }

    #[test]
    fn a_drawing_fills_the_width_of_a_phone_and_keeps_its_shape() {
        let picture = picture("square.svg", &SQUARE.into()).unwrap();
        assert_eq!(picture.kind, "png");
        assert_eq!(size(&picture.bytes), (960, 720));
    }

    #[test]
    fn what_is_no_picture_says_so() {
        for (name, content) in [("a.svg", &b"<svg"[..]), ("a.png", b"GIF89a"), ("a.jpg", b""), ("a", b"")] {
            assert!(picture(name, &content.into()).is_err(), "{name}");
        }
    }

    #[test]
    fn what_was_drawn_is_drawn_again_only_if_the_file_holds_something_else() {
        let before = Gallery::new([("a.svg".into(), SQUARE.into()), ("b.svg".into(), SQUARE.into())]);
        let (a, b) = (before.picture("a.svg").unwrap(), before.picture("b.svg").unwrap());
        let red = String::from_utf8(SQUARE.to_vec()).unwrap().replace("red", "blue");
        let after = before.renewed([("a.svg".into(), SQUARE.into()), ("b.svg".into(), red.as_bytes().into())]);
        assert!(Arc::ptr_eq(&after.picture("a.svg").unwrap(), &a));
        assert_ne!(after.picture("b.svg").unwrap().content, b.content);
    }

    #[test]
    fn the_same_drawing_under_another_name_is_the_same_picture() {
        let gallery = Gallery::new([("a.svg".into(), SQUARE.into()), ("b.svg".into(), SQUARE.into())]);
        assert_eq!(gallery.picture("a.svg").unwrap().content, gallery.picture("b.svg").unwrap().content);
        assert_eq!(gallery.picture("c.svg"), None);
    }
}
