//! The picture as SVG: one file without scripts and fonts of its own, on white so that it can be read in dark mode too.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::layers::{self, Line, Plan, Size, Spot};
use super::{Look, Page, Picture, Way, shortened};
use crate::dialogue::Level;

/// More boxes than this side by side can't be read on a screen: such a picture runs from left to right, and is long instead of wide.
const MOST_ABREAST: usize = 8;
const MARGIN: f64 = 24.0;
const TITLE: f64 = 34.0;
const LEGEND: f64 = 26.0;
const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
/// How wide a letter is, in parts of the size of the font: a little more than most are, so that nothing runs over.
const LETTER: f64 = 0.58;
const INK: &str = "#1f2430";
const LINE: &str = "#5b6472";

/// What fills a box, its edge, and its words. The more urgent, the darker, so that grey paper tells it too; every pair of fill and
/// words has a contrast of 4.5 or more.
pub fn colours(look: Look) -> (&'static str, &'static str, &'static str) {
    match look {
        Look::Advice(Level::Emergency) => ("#7f1d1d", "#4a0f0f", "#ffffff"),
        Look::Advice(Level::Now) => ("#b3471a", "#7a2f10", "#ffffff"),
        Look::Advice(Level::Today) => ("#f0b548", "#9a6b12", INK),
        Look::Advice(Level::Soon) => ("#f8e0a0", "#a8862c", INK),
        Look::Advice(Level::SelfCare) => ("#e2f0dc", "#5c8a4a", INK),
        Look::Question | Look::Weeks => ("#dbe8f6", "#3f6ea3", INK),
        Look::Checklist => ("#e8e2f4", "#6b57a0", INK),
        Look::Outcome => ("#eceef1", "#5b6472", INK),
        Look::Exercise => ("#d9efec", "#3c807a", INK),
        Look::Page => ("#ffffff", "#8a919c", INK),
        Look::Regions | Look::Form => ("#f6f3ee", "#8c7b62", INK),
    }
}

/// A box with its words broken into lines.
struct Shape<'a> {
    page: &'a Page,
    lines: Vec<String>,
    wide: f64,
    high: f64,
}

impl Shape<'_> {
    fn of(page: &Page) -> Shape<'_> {
        let lines = broken(&page.label, 24, 3);
        let detail = page.detail.as_deref().unwrap_or_default();
        let widest = lines.iter().map(|line| wide(line, 14.0) * 1.06);
        let widest = widest.chain([wide(page.look.word(), 11.0), wide(detail, 11.0)]).fold(0.0, f64::max);
        let high = 32.0 + 18.0 * count(lines.len()) + if detail.is_empty() { 0.0 } else { 16.0 };
        Shape { page, lines, wide: (widest + 28.0).clamp(116.0, 280.0), high }
    }
}

/// Lines go down or to the right; everything else is the same.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Down,
    Right,
}

impl Turn {
    fn size(self, wide: f64, high: f64) -> Size {
        match self {
            Turn::Down => Size { along: high, across: wide },
            Turn::Right => Size { along: wide, across: high },
        }
    }

    fn x(self, spot: Spot) -> f64 {
        MARGIN + if self == Turn::Down { spot.across } else { spot.along }
    }

    fn y(self, spot: Spot) -> f64 {
        MARGIN + TITLE + if self == Turn::Down { spot.along } else { spot.across }
    }
}

/// What the picture is for.
#[derive(Clone, Copy)]
enum Use<'a> {
    /// A file of its own.
    File,
    /// A part of a web page, where every box opens its page; some are grey.
    Map { grey: &'a dyn Fn(&str) -> bool },
}

/// A file of its own.
pub fn svg(picture: &Picture) -> String {
    drawn(picture, Use::File)
}

/// A map for a web page: every box is a link that holds its page's id in `data-page`, every line those of its ends; those that are `grey`
/// have that class. It brings no style of its own, as pages with a strict policy want it.
pub fn map(picture: &Picture, grey: &dyn Fn(&str) -> bool) -> String {
    drawn(picture, Use::Map { grey })
}

fn drawn(picture: &Picture, use_: Use) -> String {
    let shapes: Vec<Shape> = picture.boxes.iter().map(Shape::of).collect();
    let labels: Vec<Option<String>> =
        picture.ways.iter().map(|way| way.label.as_ref().map(|label| shortened(label, 32))).collect();
    let bare: Vec<Line> = picture.ways.iter().map(|way| Line { from: way.from, to: way.to, label: Size::default() }).collect();
    let turn = turn(&layers::rows(shapes.len(), &bare));
    let sizes: Vec<Size> = shapes.iter().map(|shape| turn.size(shape.wide, shape.high)).collect();
    let lines: Vec<Line> = bare
        .iter()
        .zip(&labels)
        .map(|(line, label)| {
            let room = label.as_ref().map(|label| turn.size(wide(label, 12.0) + 8.0, 20.0));
            Line { label: room.unwrap_or_default(), ..*line }
        })
        .collect();
    let plan = layers::plan(&sizes, &lines);
    let legend = Legend::of(picture);
    let (inner_wide, inner_high) = match turn {
        Turn::Down => (plan.whole.across, plan.whole.along),
        Turn::Right => (plan.whole.along, plan.whole.across),
    };
    let wide = (inner_wide + 2.0 * MARGIN).max(wide(&picture.title, 20.0) + 2.0 * MARGIN).max(420.0);
    let (key, key_high) = legend.draw(wide, inner_high + MARGIN + TITLE + 40.0);
    let high = inner_high + MARGIN * 2.0 + TITLE + 24.0 + key_high;
    let mut out = head(&picture.title, wide, high, use_);
    let mut crowds = vec![0; shapes.len()];
    for way in &picture.ways {
        crowds[way.from] += 1;
        crowds[way.to] += 1;
    }
    let hand = Hand { use_, turn, plan: &plan, shapes: &shapes, sizes: &sizes, crowds };
    for (number, way) in picture.ways.iter().enumerate() {
        hand.line(&mut out, number, way);
    }
    for (shape, spot) in shapes.iter().zip(&plan.boxes) {
        draw_box(&mut out, shape, (turn.x(*spot), turn.y(*spot)), use_);
    }
    for ((label, spot), way) in labels.iter().zip(&plan.labels).zip(&picture.ways) {
        if let Some(label) = label {
            draw_label(&mut out, label, way, turn.x(*spot), turn.y(*spot));
        }
    }
    out.push_str(&key);
    out.push_str("</svg>\n");
    out
}

fn turn(rows: &[usize]) -> Turn {
    let mut abreast = vec![0usize; rows.len()];
    for row in rows {
        abreast[*row] += 1;
    }
    if abreast.into_iter().max().unwrap_or(0) > MOST_ABREAST { Turn::Right } else { Turn::Down }
}

fn head(title: &str, wide: f64, high: f64, use_: Use) -> String {
    let title = escaped(title);
    let own = match use_ {
        Use::File => "style=\"max-width:100%;height:auto;background:#ffffff\" role=\"img\"",
        Use::Map { .. } => "role=\"group\"",
    };
    // In a page it would pop up wherever nothing else has a title.
    let name = if matches!(use_, Use::File) { format!("<title>{title}</title>\n") } else { String::new() };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" \
         {own} aria-label=\"{title}\" font-family=\"{FONT}\">\n\
         {name}\
         <defs>\n\
         <marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
         <path d=\"M0 0.8 L10 5 L0 9.2 L2.4 5 z\" fill=\"{LINE}\"/></marker>\n\
         </defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"{MARGIN}\" y=\"{:.0}\" font-size=\"20\" font-weight=\"600\" fill=\"{INK}\">{title}</text>\n",
        MARGIN + 14.0
    )
}

fn draw_box(out: &mut String, shape: &Shape, (x, y): (f64, f64), use_: Use) {
    let Shape { page, lines, wide, high } = shape;
    let (fill, edge, ink) = colours(page.look);
    let (left, top) = (x - wide / 2.0, y - high / 2.0);
    let round = if page.look == Look::Outcome { high / 2.0 } else { 9.0 };
    let dashes = if page.beside { " stroke-dasharray=\"5 4\"" } else { "" };
    let says = if page.says.is_empty() { String::new() } else { format!(": {}", page.says) };
    let id = escaped(&page.id);
    let (opening, closing) = match use_ {
        Use::File => (String::from("<g>"), "</g>\n"),
        Use::Map { grey } => {
            let class = if grey(&page.id) { "box grey" } else { "box" };
            // What is heard begins with what is seen, in its order.
            let name =
                escaped(&format!("{} {} {}", page.look.word(), lines.join(" "), page.detail.as_deref().unwrap_or_default()));
            (format!("<a href=\"#{id}\" data-page=\"{id}\" class=\"{class}\" aria-label=\"{name}\">"), "</a>\n")
        }
    };
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{opening}<title>{}</title><rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" rx=\"{round:.1}\" \
         fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"1.6\"{dashes}/>",
        escaped(&format!("{}{says}", page.id))
    );
    // Else the words of two lines are one to whoever hears them.
    let gap = if matches!(use_, Use::Map { .. }) { " " } else { "" };
    let mut line = |words: &str, at: f64, size: u8, more: &str| {
        let _ = write!(
            out,
            "{gap}<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"{ink}\"{more}>{}</text>",
            top + at,
            escaped(words)
        );
    };
    line(page.look.word(), 18.0, 11, " letter-spacing=\"0.3\"");
    let mut at = 37.0;
    for words in lines {
        line(words, at, 14, " font-weight=\"600\"");
        at += 18.0;
    }
    if let Some(detail) = &page.detail {
        line(detail, at - 1.0, 11, "");
    }
    out.push_str(closing);
}

fn draw_label(out: &mut String, label: &str, way: &Way, x: f64, y: f64) {
    // A rim of white, so that the line is seen to run behind the words.
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"12\" text-anchor=\"middle\" fill=\"{INK}\" stroke=\"#ffffff\" stroke-width=\"5\" \
         stroke-linejoin=\"round\" paint-order=\"stroke\"><title>{}</title>{}</text>",
        y + 4.0,
        escaped(way.label.as_deref().unwrap_or_default()),
        escaped(label)
    );
}

// --- lines -------------------------------------------------------------------------------------------------------------------------

struct Hand<'a> {
    use_: Use<'a>,
    turn: Turn,
    plan: &'a Plan,
    shapes: &'a [Shape<'a>],
    sizes: &'a [Size],
    /// How many lines touch each box.
    crowds: Vec<usize>,
}

impl Hand<'_> {
    fn line(&self, out: &mut String, number: usize, way: &Way) {
        let (from, to) = (self.plan.boxes[way.from], self.plan.boxes[way.to]);
        let (begin, end) = (self.plan.rows[way.from], self.plan.rows[way.to]);
        let passes = &self.plan.passes[number];
        // Within a row a line leaves below and comes back from below; upwards it leaves above.
        let leaves = if begin > end { -1.0 } else { 1.0 };
        let arrives = if begin < end { -1.0 } else { 1.0 };
        let next = passes.first().copied().unwrap_or(to);
        let last = passes.last().copied().unwrap_or(from);
        let apart = if way.from == way.to { self.sizes[way.from].across } else { 0.0 };
        let start = self.gate(way.from, leaves, Spot { across: next.across - apart, ..next });
        let stop = self.gate(way.to, arrives, Spot { across: last.across + apart, ..last });
        let mut path = format!("M{:.1} {:.1}", self.turn.x(start), self.turn.y(start));
        if begin == end {
            let dip = |spot: Spot| Spot { along: spot.along + 44.0, ..spot };
            self.curve(&mut path, dip(start), dip(stop), stop);
        } else {
            let mut at = start;
            for spot in passes.iter().copied().chain([stop]) {
                let middle = f64::midpoint(at.along, spot.along);
                self.curve(&mut path, Spot { along: middle, ..at }, Spot { along: middle, ..spot }, spot);
                at = spot;
            }
        }
        let dashes = if way.dashed { " stroke-dasharray=\"5 4\"" } else { "" };
        let name = |number: usize| escaped(&self.shapes[number].page.label);
        let id = |number: usize| escaped(&self.shapes[number].page.id);
        let ends = match self.use_ {
            Use::File => String::new(),
            Use::Map { .. } => format!(" data-from=\"{}\" data-to=\"{}\"", id(way.from), id(way.to)),
        };
        let label = way.label.as_ref().map(|label| format!(": {}", escaped(label))).unwrap_or_default();
        let _ = writeln!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{LINE}\" stroke-width=\"1.5\"{dashes}{ends} marker-end=\"url(#head)\"><title>{} → {}{label}</title></path>",
            name(way.from),
            name(way.to)
        );
    }

    fn curve(&self, path: &mut String, one: Spot, two: Spot, to: Spot) {
        let (x, y) = (|spot| self.turn.x(spot), |spot| self.turn.y(spot));
        let _ = write!(path, " C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", x(one), y(one), x(two), y(two), x(to), y(to));
    }

    /// Where a line touches a box: the side towards which it runs, a little to where it comes from or goes to, so that several
    /// don't meet in one point.
    fn gate(&self, number: usize, face: f64, towards: Spot) -> Spot {
        let (middle, size) = (self.plan.boxes[number], self.sizes[number]);
        let reach = if self.crowds[number] > 1 { size.across * 0.3 } else { 0.0 };
        let aside = ((towards.across - middle.across) * 0.25).clamp(-reach, reach);
        Spot { along: middle.along + face * size.along / 2.0, across: middle.across + aside }
    }
}

// --- the legend --------------------------------------------------------------------------------------------------------------------

/// What the colours of this picture mean; dashed lines say it themselves.
struct Legend {
    looks: Vec<Look>,
}

impl Legend {
    fn of(picture: &Picture) -> Legend {
        let looks = Look::ALL.into_iter().filter(|look| picture.boxes.iter().any(|page| page.look == *look)).collect();
        Legend { looks }
    }

    /// Drawn below `top`, and how high it is.
    fn draw(&self, most: f64, top: f64) -> (String, f64) {
        let mut out = String::new();
        let (mut x, mut y) = (MARGIN, top);
        let mut next = |words: &str| {
            let room = 30.0 + wide(words, 12.0) + 18.0;
            if x + room > most && x > MARGIN {
                x = MARGIN;
                y += LEGEND;
            }
            x += room;
            (x - room, y)
        };
        let words = |out: &mut String, x: f64, y: f64, words: &str| {
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\" fill=\"{INK}\">{words}</text>",
                x + 28.0,
                y + 4.0
            );
        };
        for look in &self.looks {
            let (fill, edge, _) = colours(*look);
            let (x, y) = next(look.word());
            let round = if *look == Look::Outcome { 7 } else { 4 };
            let _ = write!(
                out,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"22\" height=\"14\" rx=\"{round}\" fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"1.4\"/>",
                y - 7.0
            );
            words(&mut out, x, y, look.word());
        }
        (out, y - top + LEGEND)
    }
}

// --- words -------------------------------------------------------------------------------------------------------------------------

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn wide(words: &str, size: f64) -> f64 {
    count(words.width()) * size * LETTER
}

/// Words in lines of about so many columns; what has no room is cut, and shown to be.
fn broken(words: &str, columns: usize, most: usize) -> Vec<String> {
    let words = shortened(words, columns * most - most);
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let is_full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if is_full => *line = shortened(&format!("{line} {word}"), columns),
            _ => lines.push(shortened(word, columns)),
        }
    }
    lines
}

fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for char in words.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML knows no other signs of control, and two that are no letters at all.
            '\n' | '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            char if char.is_control() => {}
            char => out.push(char),
        }
    }
    out
}
