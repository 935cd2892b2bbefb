//! Rich text: what an author wrote, read once, and what a reader gets, filled in.
//!
//! [`Rich`] is the author's Markdown after parsing: blocks of styled pieces with named slots.
//! [`Text`] is one filling of it: plain words plus marks over them. Neither knows a channel's markup.

use std::sync::Arc;

/// Authored text: paragraphs and list items, with slots for words that depend on the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rich {
    pub blocks: Vec<Block>,
}

/// A paragraph or a list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What stands between this block and the one before it.
    pub gap: Gap,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The next line: items of one list.
    Line,
    /// An empty line: paragraphs.
    Blank,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub what: What,
    pub style: Style,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Words(String),
    /// A placeholder, by name: `{emergency}`.
    Slot(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Style {
    pub bold: bool,
    pub italic: bool,
    pub link: Option<Arc<str>>,
}

impl Rich {
    /// A text of one unstyled piece.
    pub fn plain(words: impl Into<String>) -> Rich {
        let piece = Piece { what: What::Words(words.into()), style: Style::default() };
        Rich { blocks: vec![Block { gap: Gap::Blank, pieces: vec![piece] }] }
    }

    pub fn is_empty(&self) -> bool {
        self.blocks
            .iter()
            .all(|block| block.pieces.iter().all(|piece| matches!(&piece.what, What::Words(words) if words.trim().is_empty())))
    }

    /// The names of all slots, in order of appearance, repeats included.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|block| &block.pieces).filter_map(|piece| match &piece.what {
            What::Slot(name) => Some(name.as_str()),
            What::Words(_) => None,
        })
    }

    /// Fills every slot. A block with a slot that has nothing to say (`Some("")`) vanishes whole, so that "You ticked:" never
    /// stands alone; a slot nobody knows (`None`) is left empty, for a reader must never see a brace.
    pub fn fill<'a>(&'a self, mut word: impl FnMut(&str) -> Option<std::borrow::Cow<'a, str>>) -> Text {
        let mut text = Text::default();
        'blocks: for block in &self.blocks {
            let before = (text.words.len(), text.marks.len());
            if !text.words.is_empty() {
                text.words.push_str(if block.gap == Gap::Line { "\n" } else { "\n\n" });
            }
            for piece in &block.pieces {
                let from = text.words.len();
                match &piece.what {
                    What::Words(words) => text.words.push_str(words),
                    What::Slot(name) => match word(name) {
                        Some(said) if said.is_empty() => {
                            text.words.truncate(before.0);
                            text.marks.truncate(before.1);
                            continue 'blocks;
                        }
                        Some(said) => text.words.push_str(&said),
                        None => {}
                    },
                }
                text.mark(from, &piece.style);
            }
        }
        text
    }
}

/// What stands before an item of a list.
pub const BULLET: &str = "• ";

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOf {
    /// Without the bullet.
    pub text: Text,
    pub is_item: bool,
    /// Whether it begins a paragraph or a list.
    pub begins: bool,
}

/// Words ready to be read, with marks over byte ranges of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub words: String,
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// First byte of [`Text::words`] that the mark covers.
    pub from: usize,
    /// One past the last byte.
    pub to: usize,
    pub kind: MarkKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkKind {
    Bold,
    Italic,
    Link(Arc<str>),
}

impl Text {
    pub fn plain(words: impl Into<String>) -> Text {
        Text { words: words.into(), marks: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Sets `other` under this text, after an empty line.
    pub fn append(&mut self, other: Text) {
        if other.is_empty() {
            return;
        }
        if !self.is_empty() {
            self.words.push_str("\n\n");
        }
        let shift = self.words.len();
        self.words.push_str(&other.words);
        self.marks.extend(other.marks.into_iter().map(|mark| Mark { from: mark.from + shift, to: mark.to + shift, ..mark }));
    }

    /// Line by line, each with its own marks.
    pub fn lines(&self) -> Vec<LineOf> {
        let mut at = 0;
        let mut lines = Vec::new();
        let mut after_gap = true;
        for line in self.words.split('\n') {
            let (from, to) = (at, at + line.len());
            at = to + 1;
            if line.is_empty() {
                after_gap = true;
                continue;
            }
            let item = line.strip_prefix(BULLET);
            let from = from + item.map_or(0, |_| BULLET.len());
            lines.push(LineOf { text: self.part(from, to), is_item: item.is_some(), begins: std::mem::take(&mut after_gap) });
        }
        lines
    }

    /// Some of its bytes, with the marks over them.
    fn part(&self, from: usize, to: usize) -> Text {
        let inside = |mark: &&Mark| mark.from < to && from < mark.to;
        let marks = self.marks.iter().filter(inside).map(|mark| Mark {
            from: mark.from.max(from) - from,
            to: mark.to.min(to) - from,
            kind: mark.kind.clone(),
        });
        Text { words: self.words.get(from..to).unwrap_or_default().to_owned(), marks: marks.collect() }
    }

    fn mark(&mut self, from: usize, style: &Style) {
        let to = self.words.len();
        if from == to {
            return;
        }
        let kinds = [
            style.bold.then_some(MarkKind::Bold),
            style.italic.then_some(MarkKind::Italic),
            style.link.clone().map(MarkKind::Link),
        ];
        for kind in kinds.into_iter().flatten() {
            // A slot splits the author's bold in two; joined again, it is one mark as it was written.
            match self.marks.iter_mut().find(|mark| mark.to == from && mark.kind == kind) {
                Some(before) => before.to = to,
                None => self.marks.push(Mark { from, to, kind }),
            }
        }
    }
}
