//! The authored texts of a page, each with the way to it, its pictures, and the weekly tips: what several rules walk through.

use crate::dialogue::weekly::Tip;
use crate::dialogue::{Book, Kind, Node, Rich};
use crate::source::{Place, Spans};

/// The key of the bot's profile picture.
const PICTURE: &str = "picture";

/// A text of a page: the way to it in the file, and the text.
pub struct Authored<'a> {
    pub way: Vec<String>,
    pub text: &'a Rich,
}

/// Each screen's own text; a withdrawn page keeps its old one out of sight, and is skipped.
pub fn screens(node: &Node) -> Vec<Authored<'_>> {
    let one = |key: &str, text| vec![Authored { way: vec![key.to_owned()], text }];
    match &node.kind {
        _ if node.withdrawn.is_some() => Vec::new(),
        Kind::Page { text, .. } | Kind::Advice { text, .. } => one("text", text),
        Kind::Question { text, .. } => one("question", text),
        Kind::Weeks { text, .. } => one("weeks", text),
        Kind::Checklist(list) => one("checklist", &list.text),
        Kind::Regions { text, .. } => one("regions", text),
        Kind::Languages { text, .. } => one("languages", text),
        Kind::Services(services) => {
            let found = Authored { way: vec![String::from("found"), String::from("text")], text: &services.found.text };
            let own = one("services", &services.ask).into_iter().chain(one("without", &services.without));
            own.chain([found]).collect()
        }
        Kind::Saved { text } => one("saved", text),
        Kind::UnitNumber { text } => one("unit-number", text),
        Kind::Outcome { .. } | Kind::Weekly => Vec::new(),
        Kind::Steps(steps) => {
            let ways = (0..).map(|at: usize| vec![String::from("steps"), at.to_string(), String::from("text")]);
            steps.steps.iter().zip(ways).map(|(step, way)| Authored { way, text: &step.text }).collect()
        }
    }
}

/// The weekly tips that are sent, with their ids: those that were taken back are skipped.
pub fn sent(book: &Book) -> impl Iterator<Item = (&str, &Tip)> {
    let tips = book.tips().into_iter().flat_map(|tips| &tips.tips);
    tips.filter(|(_, tip)| !tip.withdrawn).map(|(id, tip)| (id.as_str(), tip))
}

/// A picture and where it is shown.
pub struct Shown<'a> {
    /// `None`: on the bot's profile.
    page: Option<&'a str>,
    /// The step of an exercise.
    step: Option<String>,
    pub file: &'a str,
}

impl Shown<'_> {
    /// Where its file is named.
    pub fn place(&self, spans: &Spans) -> Place {
        self.page.map_or_else(|| spans.in_book(&[PICTURE]), |page| spans.at(page, &self.way()))
    }

    /// The way to the name of its file.
    fn way(&self) -> Vec<&str> {
        let step = self.step.as_ref().map(|step| ["steps", step.as_str()]);
        step.into_iter().flatten().chain(["image", "file"]).collect()
    }
}

/// All pictures of the book, those of pages that were taken back too: they may come again.
pub fn images(book: &Book) -> impl Iterator<Item = Shown<'_>> {
    let profile = book.picture().into_iter().map(|file| Shown { page: None, step: None, file });
    let pages = book.nodes().flat_map(|(_, page, node)| {
        let page = Some(page);
        let own = node.image.iter().map(move |image| Shown { page, step: None, file: &image.file });
        let steps = if let Kind::Steps(steps) = &node.kind { steps.steps.as_slice() } else { &[] };
        let moves = steps
            .iter()
            .enumerate()
            .filter_map(move |(at, step)| Some(Shown { page, step: Some(at.to_string()), file: &step.image.as_ref()?.file }));
        own.chain(moves)
    });
    profile.chain(pages)
}

impl Authored<'_> {
    pub fn way(&self) -> Vec<&str> {
        self.way.iter().map(String::as_str).collect()
    }
}
