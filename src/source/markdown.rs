//! The small Markdown of books to rich text: bold, italic, links, lists, paragraphs, and placeholders in braces.
//!
//! A well-kept parser reads it; what lies beyond the small set is reported, never shown as it stands. No YAML here, and no pages.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset};

use super::rule::{self, Rule};
use crate::dialogue::Rich;
use crate::dialogue::text::{BULLET, Block, Gap, Piece, Style, What};

/// A text that was read, with what the writer of the text should know.
#[derive(Debug, Default)]
pub struct Parsed {
    pub rich: Rich,
    /// Each placeholder, braces included.
    pub slots: Vec<(String, Range<usize>)>,
    pub problems: Vec<Problem>,
}

/// Something wrong at some bytes of the text.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    pub rule: &'static Rule,
    pub at: Range<usize>,
    pub message: String,
    pub hint: &'static str,
}

/// Reads a text. It always ends, and always gives something.
pub fn parse(text: &str) -> Parsed {
    let mut reader = Reader { text, ..Reader::default() };
    for (event, at) in TextMergeWithOffset::new(Parser::new_ext(text, Options::empty()).into_offset_iter()) {
        reader.event(event, at);
    }
    reader.flush();
    reader.parsed
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    parsed: Parsed,
    gap: Option<Gap>,
    pieces: Vec<Piece>,
    bold: u32,
    italic: u32,
    links: Vec<Arc<str>>,
    list: Option<List>,
    /// Depth inside something that was refused: said once, then left alone.
    refused: u32,
}

#[derive(Default)]
struct List {
    number: Option<u64>,
    items: u32,
    /// Bytes of the current item's bullet.
    bullet: usize,
    paragraphs: u32,
}

const BOLD_INSTEAD: &str = "Write the words **in bold** instead.";

impl Reader<'_> {
    fn event(&mut self, event: Event, at: Range<usize>) {
        if self.refused > 0 {
            match event {
                Event::Start(_) => self.refused += 1,
                Event::End(_) => self.refused -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag, at),
            Event::Text(words) => self.words(&words, at),
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Code(_) => self.problem(at, "Words in backticks are not used here.", BOLD_INSTEAD),
            // Its opening was reported.
            Event::InlineHtml(html) if html.starts_with("</") => {}
            Event::Html(_) | Event::InlineHtml(_) => {
                self.problem(at, "HTML is not used here.", "Take the words in `<` and `>` out.");
            }
            Event::Rule => self.problem(at, "A line across the page is not used here.", "Leave an empty line instead."),
            _ => self.problem(
                at,
                "This kind of Markdown is not used here.",
                "Use bold, italic, links, lists and paragraphs only.",
            ),
        }
    }

    fn start(&mut self, tag: Tag, at: Range<usize>) {
        match tag {
            Tag::Paragraph => self.paragraph(at),
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } if dest_url.starts_with("https://") || dest_url.starts_with("http://") => {
                self.links.push(dest_url.as_ref().into());
            }
            Tag::List(_) if self.list.is_some() => {
                self.refuse(at, "A list inside a list is not used here.", "Make it one list.");
            }
            Tag::List(number) => {
                self.flush();
                self.list = Some(List { number, ..List::default() });
            }
            Tag::Item => self.item(),
            other => {
                let (message, hint) = unsupported(&other);
                self.refuse(at, message, hint);
            }
        }
    }

    fn end(&mut self, tag: TagEnd, at: Range<usize>) {
        match tag {
            TagEnd::Paragraph if self.list.is_none() => self.flush(),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link => {
                self.links.pop();
            }
            TagEnd::Item => self.end_item(at),
            TagEnd::List(_) => self.list = None,
            _ => {}
        }
    }

    fn paragraph(&mut self, at: Range<usize>) {
        let Some(list) = &mut self.list else { return };
        list.paragraphs += 1;
        if list.paragraphs > 1 {
            self.problem(at, "A list item is one paragraph.", "Take the empty line out, or end the list first.");
            self.push("\n");
        }
    }

    fn item(&mut self) {
        let Some(list) = &mut self.list else { return };
        let gap = if list.items == 0 { Gap::Blank } else { Gap::Line };
        let bullet = match list.number {
            Some(first) => format!("{}. ", first.saturating_add(u64::from(list.items))),
            None => String::from(BULLET),
        };
        list.items += 1;
        list.paragraphs = 0;
        list.bullet = bullet.len();
        self.gap = Some(gap);
        self.push(&bullet);
    }

    fn end_item(&mut self, at: Range<usize>) {
        let bullet = self.list.as_ref().map_or(0, |list| list.bullet);
        let is_bare = matches!(self.pieces.as_slice(), [Piece { what: What::Words(words), .. }] if words.len() == bullet);
        if is_bare {
            self.problem(at, "This list item is empty.", "Write something after it, or take it out.");
        }
        self.flush();
    }

    /// Ends a block.
    fn flush(&mut self) {
        let gap = self.gap.take().unwrap_or(Gap::Blank);
        let pieces = std::mem::take(&mut self.pieces);
        if !pieces.is_empty() {
            self.parsed.rich.blocks.push(Block { gap, pieces });
        }
    }

    fn style(&self) -> Style {
        Style { bold: self.bold > 0, italic: self.italic > 0, link: self.links.last().cloned() }
    }

    fn push(&mut self, words: &str) {
        let style = self.style();
        match self.pieces.last_mut() {
            Some(Piece { what: What::Words(before), style: same }) if *same == style => before.push_str(words),
            _ => self.pieces.push(Piece { what: What::Words(words.to_owned()), style }),
        }
    }

    /// Words between marks: placeholders become slots.
    fn words(&mut self, words: &str, at: Range<usize>) {
        // Where nothing was escaped, every byte of the words is a byte of the text; else the whole is pointed at.
        let exact = self.text.get(at.clone()) == Some(words);
        let place = |from: usize, to: usize| if exact { at.start + from..at.start + to } else { at.clone() };
        if let Some(stars) = words.find("**") {
            self.problem(place(stars, stars + 2), "These stars stay stars: the bold words have no proper end.", STARS);
        }
        let mut rest = 0;
        while let Some(open) = words.get(rest..).and_then(|tail| tail.find('{')).map(|found| rest + found) {
            self.push_some(words.get(rest..open));
            let name = words.get(open + 1..).and_then(|tail| tail.split_once('}')).map(|(name, _)| name);
            let name = name.filter(|name| is_slot(name));
            rest = open + 1 + name.map_or(0, |name| name.len() + 1);
            match name {
                Some(name) => {
                    let style = self.style();
                    self.pieces.push(Piece { what: What::Slot(name.to_owned()), style });
                    self.parsed.slots.push((name.to_owned(), place(open, rest)));
                }
                None => self.parsed.problems.push(Problem {
                    rule: &rule::UNKNOWN_PLACEHOLDER,
                    at: place(open, rest),
                    message: String::from("A brace opens here, but no placeholder follows."),
                    hint: "A placeholder is one name in braces, as in {emergency}: small letters, digits and hyphens.",
                }),
            }
        }
        self.push_some(words.get(rest..));
    }

    fn push_some(&mut self, words: Option<&str>) {
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            self.push(words);
        }
    }

    fn problem(&mut self, at: Range<usize>, message: &str, hint: &'static str) {
        self.parsed.problems.push(Problem { rule: &rule::MARKDOWN, at, message: message.to_owned(), hint });
    }

    fn refuse(&mut self, at: Range<usize>, message: &str, hint: &'static str) {
        self.problem(at, message, hint);
        self.refused = 1;
    }
}

const STARS: &str = "Put `**` directly before the first and directly after the last bold word, in the same paragraph.";

fn is_slot(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn unsupported(tag: &Tag) -> (&'static str, &'static str) {
    match tag {
        Tag::Heading { .. } => (
            "A heading is not used here.",
            "Write the words **in bold** instead; a line of `---` or `===` makes a heading too.",
        ),
        Tag::CodeBlock(CodeBlockKind::Indented) => {
            ("Markdown takes a line with this many spaces before it for computer code.", "Take the extra spaces out.")
        }
        Tag::CodeBlock(CodeBlockKind::Fenced(_)) => ("A block of computer code is not used here.", BOLD_INSTEAD),
        Tag::BlockQuote(_) => ("`>` at the start of a line, for a quotation, is not used here.", "Use quote marks."),
        Tag::HtmlBlock => ("HTML is not used here.", "Take the words in `<` and `>` out."),
        Tag::Image { .. } => ("A picture does not go into a text.", "Take the `!` out to make it a link."),
        Tag::Link { .. } => ("A link must start with https:// or http://.", "For a page of this book, use `links`."),
        _ => ("This kind of Markdown is not used here.", "Use bold, italic, links, lists and paragraphs only."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text as it will be read, its slots in angle brackets, and the marks over it.
    fn read(text: &str) -> (String, Vec<(String, String)>) {
        let parsed = parse(text);
        assert_eq!(parsed.problems, []);
        let filled = parsed.rich.fill(|name| Some(format!("<{name}>").into()));
        let marks = filled.marks.iter().map(|mark| (format!("{:?}", mark.kind), filled.words[mark.from..mark.to].to_owned()));
        (filled.words.clone(), marks.collect())
    }

    #[test]
    fn bold_goes_on_over_a_slot() {
        let (words, marks) = read("**Call {unit} now**, or *{emergency}*.");
        assert_eq!(words, "Call <unit> now, or <emergency>.");
        let marks: Vec<_> = marks.iter().map(|(kind, words)| (kind.as_str(), words.as_str())).collect();
        assert_eq!(marks, [("Bold", "Call <unit> now"), ("Italic", "<emergency>")]);
    }

    #[test]
    fn lists_stand_line_by_line_and_apart_from_what_is_around_them() {
        let (words, _) = read("Any of these?\n- one\n- **two**\n\nOr:\n\n3. three\n4. four\n");
        assert_eq!(words, "Any of these?\n\n• one\n• two\n\nOr:\n\n3. three\n4. four");
    }

    #[test]
    fn a_line_break_stays_one() {
        assert_eq!(read("one\ntwo\n\nthree\n- four\n  five\n").0, "one\ntwo\n\nthree\n\n• four\nfive");
    }

    #[test]
    fn links_keep_their_words_and_their_address() {
        let (words, marks) = read("See [the **NHS**](https://nhs.uk) \\* now");
        assert_eq!(words, "See the NHS * now");
        assert!(marks.contains(&("Link(\"https://nhs.uk\")".to_owned(), "the NHS".to_owned())), "{marks:?}");
    }

    #[test]
    fn slots_are_told_with_their_place() {
        assert_eq!(parse("a {b-1} c").slots, [("b-1".to_owned(), 2..7)]);
        assert_eq!(parse("a {B} {} {").problems.len(), 3);
    }
}
