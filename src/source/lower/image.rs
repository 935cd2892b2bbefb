//! A picture beside a text. Whether its file is there is for `lint` to say.

use super::desk::Desk;
use super::keys::{ALT, IMAGE_FILE, IMAGE_MAP};
use crate::dialogue::book::Image;
use crate::source::rule;
use crate::source::tree::Tree;

/// What every phone can show, drawn or photographed.
pub const PICTURES: [&str; 3] = ["svg", "png", "jpg"];
/// Heard at one go by whoever has a screen read out.
const ALT_CHARACTERS: usize = 200;

impl Desk<'_> {
    pub fn image(&mut self, tree: &Tree) -> Option<Image> {
        let fields = self.fields(tree, tree.span, &IMAGE_MAP)?;
        let file = self.need(&fields, &IMAGE_FILE).and_then(|tree| self.file(tree, IMAGE_FILE.name));
        let alt = self.need(&fields, &ALT).and_then(|tree| self.alt(tree));
        Some(Image { file: file?, alt: alt? })
    }

    /// The name of a picture's file.
    pub fn file(&mut self, tree: &Tree, key: &str) -> Option<String> {
        let name = self.raw(tree, key)?;
        let kind = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, kind)| kind);
        let message = if name.starts_with('.') || name.contains(['/', '\\', ':']) {
            format!("`{name}` isn't the plain name of a file.")
        } else if !PICTURES.contains(&kind) {
            format!("`{name}` isn't a picture that can be shown.")
        } else {
            return Some(name.to_owned());
        };
        let hint = "Put the picture into the folder `media` and write its name alone; it ends in .svg, .png or .jpg.";
        self.add(&rule::WRONG_VALUE, tree.span, message, hint);
        None
    }

    fn alt(&mut self, tree: &Tree) -> Option<String> {
        let alt = self.words(tree, ALT.name)?;
        let characters = alt.chars().count();
        if characters > ALT_CHARACTERS {
            let message = format!("`alt` has {characters} characters; {ALT_CHARACTERS} are allowed.");
            self.add(&rule::WRONG_VALUE, tree.span, message, "Say in a few words what the picture shows.");
            return None;
        }
        Some(alt)
    }
}
