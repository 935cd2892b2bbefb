//! Plots as SVG: shapes alone, which stretch with the page. Words stand beside them as text, so that they stay readable on a phone.
//!
//! Every shape is closed by `{}`: left open, the next one would lie inside it. No styles in the drawing: the page's policy allows none. Classes name colours of the style sheet.

use std::fmt::Write as _;

use maud::{Markup, html};

/// So many points are drawn at most; more are drawn as means.
const POINTS: usize = 144;
const HEIGHT: f64 = 100.0;

/// A line over time with the ground under it filled, and its highest mark.
pub struct Line {
    pub drawing: Markup,
    pub top: u32,
    /// So many numbers became one point.
    pub each: usize,
}

/// What `numbers` look like, oldest first.
pub fn line(numbers: &[u32], name: &str) -> Line {
    let each = numbers.len().div_ceil(POINTS).max(1);
    let points: Vec<f64> = numbers.rchunks(each).rev().map(mean).collect();
    let highest = points.iter().copied().fold(0.0, f64::max);
    let top = round_up(highest);
    let wide = points.len().saturating_sub(1).max(1);
    let mut path = String::new();
    for (at, point) in (0_u32..).zip(&points) {
        let y = HEIGHT * (1.0 - point / f64::from(top));
        // Writing to a String cannot fail.
        let _ = write!(path, "{}{at} {y:.2}", if at == 0 { "M" } else { "L" });
    }
    if points.len() == 1 {
        path.push_str("h1");
    }
    let ground = format!("{path}V{HEIGHT}H0Z");
    let drawing = html! {
        svg viewBox=(format!("0 0 {wide} {HEIGHT}")) preserveAspectRatio="none" role="img" aria-label=(name) {
            @for y in [0, 50, 100] { line.grid x1="0" x2=(wide) y1=(y) y2=(y) {} }
            path.ground d=(ground) {}
            path.line d=(path) {}
        }
    };
    Line { drawing, top, each }
}

/// Parts of a whole side by side, each with its colour; what is 0 takes no room. Whoever has the page read out hears the words and numbers
/// beside it instead.
pub fn parts(parts: &[(&str, u64)], whole: u64) -> Markup {
    let mut from = 0;
    let rects = parts.iter().map(|(class, part)| {
        let at = from;
        from += part;
        (*class, at, *part)
    });
    let rects: Vec<_> = rects.filter(|(_, _, part)| *part > 0).collect();
    html! {
        svg viewBox=(format!("0 0 {} 1", whole.max(1))) preserveAspectRatio="none" aria-hidden="true" {
            @for (class, at, part) in rects { rect class=(class) x=(at) y="0" width=(part) height="1" {} }
        }
    }
}

fn mean(numbers: &[u32]) -> f64 {
    let sum: f64 = numbers.iter().map(|number| f64::from(*number)).sum();
    sum / f64::from(u32::try_from(numbers.len()).unwrap_or(1).max(1))
}

/// The next number above that is easy to read: 2, 4, 6 or 10, with zeros behind; each of them has a whole half.
fn round_up(highest: f64) -> u32 {
    let mut tens = 1_u32;
    loop {
        for step in [2, 4, 6, 10] {
            let top = tens.saturating_mul(step);
            if f64::from(top) >= highest || top == u32::MAX {
                return top;
            }
        }
        tens = tens.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_easy_to_read_and_above_everything() {
        let tops = [0.0, 2.0, 3.0, 4.5, 11.0, 53.0, 600.5, 4.1e9].map(round_up);
        assert_eq!(tops, [2, 2, 4, 6, 20, 60, 1000, u32::MAX]);
    }

    #[test]
    fn a_day_of_minutes_is_drawn_as_means_of_ten() {
        let line = line(&vec![7; 1440], "messages");
        assert_eq!((line.each, line.top), (10, 10));
        assert!(line.drawing.into_string().contains("viewBox=\"0 0 143 100\""));
        // One number is a line too, and none is an empty ground.
        assert!(super::line(&[3], "one").drawing.into_string().contains("M0 25.00h1"));
        assert_eq!(super::line(&[], "none").top, 2);
    }
}
