//! A text as HTML: paragraphs, lists, bold, italic, links. What an author wrote is never markup here.

use maud::{Markup, html};

use crate::dialogue::text::LineOf;
use crate::dialogue::{MarkKind, Text};

/// Lines that stand together.
enum Block {
    Paragraph(Vec<Text>),
    List(Vec<Text>),
}

/// A text with its paragraphs and lists.
pub fn words(text: &Text) -> Markup {
    html! {
        @for block in blocks(text) {
            @match block {
                Block::List(items) => ul { @for item in &items { li { (inline(item)) } } },
                Block::Paragraph(lines) => p {
                    @for (number, line) in lines.iter().enumerate() {
                        @if number > 0 { br; }
                        (inline(line))
                    }
                },
            }
        }
    }
}

fn blocks(text: &Text) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for LineOf { text, is_item, begins } in text.lines() {
        match blocks.last_mut() {
            Some(Block::List(items)) if is_item && !begins => items.push(text),
            Some(Block::Paragraph(lines)) if !is_item && !begins => lines.push(text),
            _ if is_item => blocks.push(Block::List(vec![text])),
            _ => blocks.push(Block::Paragraph(vec![text])),
        }
    }
    blocks
}

/// One line, with its marks.
pub fn inline(text: &Text) -> Markup {
    let mut ends: Vec<usize> = text.marks.iter().flat_map(|mark| [mark.from, mark.to]).collect();
    ends.push(text.words.len());
    ends.sort_unstable();
    ends.dedup();
    let mut at = 0;
    let mut pieces = Vec::with_capacity(ends.len());
    for end in ends.into_iter().filter(|end| *end > 0) {
        let over = text.marks.iter().filter(|mark| mark.from <= at && end <= mark.to).map(|mark| &mark.kind);
        let piece = html! { (text.words.get(at..end).unwrap_or_default()) };
        pieces.push(over.fold(piece, |piece, kind| match kind {
            MarkKind::Bold => html! { b { (piece) } },
            MarkKind::Italic => html! { i { (piece) } },
            MarkKind::Link(url) => html! { a href=(url) { (piece) } },
        }));
        at = end;
    }
    html! { @for piece in &pieces { (piece) } }
}
