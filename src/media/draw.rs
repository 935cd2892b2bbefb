//! A drawing in SVG to a PNG. Nothing outside the drawing is looked at: no fonts, no other files.

use std::fmt::Display;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// As wide as a phone shows it, in pixels: more is only waited for.
const LONGEST_SIDE: f32 = 960.0;

/// Why a file can't be drawn.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Undrawable(pub(super) String);

/// A drawing, read and not yet drawn.
pub struct Drawing(Tree);

impl Drawing {
    pub fn read(svg: &[u8]) -> Result<Drawing, Undrawable> {
        Tree::from_data(svg, &Options::default()).map(Drawing).map_err(|error| undrawable(&error))
    }

    pub fn is_square(&self) -> bool {
        (self.0.size().width() - self.0.size().height()).abs() < 0.5
    }

    pub fn png(&self) -> Result<Vec<u8>, Undrawable> {
        self.sized(LONGEST_SIDE)
    }

    /// So many pixels along its longest side.
    pub fn sized(&self, longest: f32) -> Result<Vec<u8>, Undrawable> {
        let drawn = self.0.size();
        let scale = longest / drawn.width().max(drawn.height());
        let size = drawn.to_int_size().scale_by(scale).ok_or_else(|| undrawable(&"it has no size"))?;
        let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| undrawable(&"it has no size"))?;
        resvg::render(&self.0, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        pixels.encode_png().map_err(|error| undrawable(&error))
    }
}

fn undrawable(why: &dyn Display) -> Undrawable {
    Undrawable(format!("it can't be drawn ({why})"))
}
