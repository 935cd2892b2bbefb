//! All asks of a book, on pages and apart from them, each with its place: what the rules about asks walk through.

use crate::dialogue::Book;
use crate::dialogue::understand::{BEYOND, Goal};
use crate::source::{Place, Spans};

pub struct Ask<'a> {
    pub text: &'a str,
    pub goal: Goal,
    /// Where it stands in its list.
    at: usize,
    /// In `asks.yaml`, and not on its page.
    apart: bool,
}

pub fn asked(book: &Book) -> impl Iterator<Item = Ask<'_>> {
    let on_pages = book.nodes().flat_map(|(page, _, node)| {
        (0..).zip(&node.asks).map(move |(at, text)| Ask { text, goal: Goal::Page(page), at, apart: false })
    });
    let apart = book
        .understanding()
        .asks
        .iter()
        .flat_map(|(goal, asks)| (0..).zip(asks).map(move |(at, text)| Ask { text, goal: *goal, at, apart: true }));
    on_pages.chain(apart)
}

pub fn name(book: &Book, goal: Goal) -> &str {
    match goal {
        Goal::Page(page) => book.name(page),
        Goal::Weekly(wish) => wish.name(),
        Goal::Beyond => BEYOND,
    }
}

impl Ask<'_> {
    pub fn place(&self, book: &Book, spans: &Spans) -> Place {
        let (at, name) = (self.at.to_string(), name(book, self.goal));
        if self.apart { spans.in_asks(&[name, &at]) } else { spans.at(name, &["asks", &at]) }
    }
}
