//! A drawing in SVG to a PNG. Nothing outside the drawing is looked at: no fonts, no other files.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// As wide as a phone shows it, in pixels: more is only waited for.
const LONGEST_SIDE: f32 = 960.0;

/// Why a file can't be drawn.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Undrawable(pub(super) String);

pub fn png(svg: &[u8]) -> Result<Vec<u8>, Undrawable> {
    let undrawable = |why: &dyn std::fmt::Display| Undrawable(format!("it can't be drawn ({why})"));
    let tree = Tree::from_data(svg, &Options::default()).map_err(|error| undrawable(&error))?;
    let drawn = tree.size();
    let scale = LONGEST_SIDE / drawn.width().max(drawn.height());
    let size = drawn.to_int_size().scale_by(scale).ok_or_else(|| undrawable(&"it has no size"))?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| undrawable(&"it has no size"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| undrawable(&error))
}
