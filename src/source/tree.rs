//! YAML as a tree of raw scalars with a span on every key and value. It knows YAML, and nothing of books.
//!
//! Nothing is converted: `000` stays `000` and `Yes` stays `Yes`. Double keys are kept, for the reader of the tree to judge.
//! Anchors, aliases, merges and tags are refused, so a small file never unfolds into a large tree; depth is bounded.

use serde_saphyr::granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, Span as EventSpan, StructureStyle, options};

use super::finding::Span;

/// The deepest book file has about six levels; what is deeper is no book.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub span: Span,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Scalar {
        raw: String,
        style: ScalarStyle,
    },
    List {
        items: Vec<Tree>,
        /// Written in `[...]`.
        flow: bool,
    },
    Map {
        entries: Vec<Entry>,
        /// Written in `{...}`.
        flow: bool,
    },
    /// Nothing was written.
    Nothing,
    /// It could not be read, and that has been reported: nothing more is to be said of it.
    Broken,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Tree,
}

/// YAML that is valid and yet refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub span: Span,
    pub what: Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Anchor,
    /// `*name`, though most who write it meant bold words.
    Alias,
    Merge,
    Tag,
    SecondDocument,
    /// A key that is a list or a mapping.
    OddKey,
}

/// Where and why reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    pub at: usize,
    pub kind: ErrorKind,
}

impl Tree {
    pub fn broken(span: Span) -> Tree {
        Tree { span, what: What::Broken }
    }

    /// The first value of a key, if this is a mapping.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.what {
            What::Map { entries, .. } => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }
}

/// Reads `text`; spans count from `offset`, for a part of a file.
pub fn parse(text: &str, offset: usize) -> Result<(Tree, Vec<Refusal>), Stop> {
    let settings: Options = options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let parser = Parser::new_from_str_with_options(text, settings);
    let mut growing = Growing { parser, offset, end: offset, refused: Vec::new() };
    let mut tree = None;
    while let Some((event, span)) = growing.next()? {
        match event {
            Event::DocumentStart(..) if tree.is_some() => growing.refuse(Refused::SecondDocument, span),
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event => {
                let value = growing.value(event, span)?;
                tree.get_or_insert(value);
            }
        }
    }
    let nothing = Tree { span: Span::new(offset, offset), what: What::Nothing };
    Ok((tree.unwrap_or(nothing), growing.refused))
}

struct Growing<'a> {
    parser: Parser<'a, serde_saphyr::granit_parser::StrInput<'a>>,
    offset: usize,
    /// Where the last event ended.
    end: usize,
    refused: Vec<Refusal>,
}

impl<'a> Growing<'a> {
    /// The next event that is not about an anchor; those are refused on the way.
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Stop> {
        loop {
            match self.parser.next() {
                None => return Ok(None),
                Some(Err(error)) => {
                    let at = self.offset + error.marker().byte_offset().unwrap_or(0);
                    return Err(Stop { at, kind: error.kind().clone() });
                }
                Some(Ok((event, span))) => {
                    let place = self.place(&span);
                    if let Event::Anchor(..) = event {
                        self.refuse(Refused::Anchor, place);
                        continue;
                    }
                    if let Some(tag) = span.tag_span().filter(|_| event.tag().is_some()) {
                        let tag = self.place(&tag);
                        self.refuse(Refused::Tag, tag);
                    }
                    self.end = self.end.max(place.to);
                    return Ok(Some((event, place)));
                }
            }
        }
    }

    fn place(&self, span: &EventSpan) -> Span {
        // A parser over a `str` always knows its bytes; without them the start of the text is still a true place.
        let range = span.byte_range().unwrap_or_default();
        Span::new(self.offset + range.start, self.offset + range.end)
    }

    fn refuse(&mut self, what: Refused, span: Span) {
        self.refused.push(Refusal { span, what });
    }

    /// The value that begins with `event`. It calls itself once a level; the parser's limits bound the depth.
    fn value(&mut self, event: Event<'a>, span: Span) -> Result<Tree, Stop> {
        match event {
            Event::Scalar(_, ScalarStyle::Plain, ..) if span.is_empty() => Ok(Tree { span, what: What::Nothing }),
            Event::Scalar(raw, style, ..) => Ok(Tree { span, what: What::Scalar { raw: raw.into_owned(), style } }),
            Event::SequenceStart(style, ..) => self.list(style, span),
            Event::MappingStart(style, ..) => self.map(style, span),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(Refused::Alias, span);
                Ok(Tree::broken(span))
            }
            _ => Ok(Tree::broken(span)),
        }
    }

    fn list(&mut self, style: StructureStyle, start: Span) -> Result<Tree, Stop> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.value(event, span)?);
        }
        let flow = style == StructureStyle::Flow;
        Ok(Tree { span: self.whole(start, flow, items.last()), what: What::List { items, flow } })
    }

    fn map(&mut self, style: StructureStyle, start: Span) -> Result<Tree, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::MappingEnd {
                break;
            }
            let key = self.value(event, span)?;
            let Some((event, span)) = self.next()? else { break };
            let value = self.value(event, span)?;
            match key.what {
                What::Scalar { raw, .. } if raw == "<<" => self.refuse(Refused::Merge, key.span),
                What::Scalar { raw, .. } => entries.push(Entry { key: raw, key_span: key.span, value }),
                What::Broken => {}
                _ => self.refuse(Refused::OddKey, key.span),
            }
        }
        let flow = style == StructureStyle::Flow;
        Ok(Tree { span: self.whole(start, flow, entries.last().map(|entry| &entry.value)), what: What::Map { entries, flow } })
    }

    /// From the start of a collection to its closing bracket, or to the end of its last value.
    fn whole(&self, start: Span, flow: bool, last: Option<&Tree>) -> Span {
        let end = if flow { self.end } else { last.map_or(start.to, |last| last.span.to) };
        Span::new(start.from, end)
    }
}
