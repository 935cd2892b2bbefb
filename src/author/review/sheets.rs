//! What a clinician is given of each page: all its screens as readers see them, where it comes from, and what was said of it before.
//!
//! Pure, and without markup: whoever writes the page that she reads makes bubbles of it.

use std::borrow::Cow;

use crate::dialogue::book::{Kind, Source};
use crate::dialogue::safety::KindName;
use crate::dialogue::words::FormText;
use crate::dialogue::{Book, Level, Node, NodeId, Page, Reader, Screen, Stage, View};
use crate::source::{Comment, Loaded, Reviewed};

/// A page of the book.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub page: NodeId,
    pub id: &'a str,
    /// Its id, if it has no title.
    pub title: &'a str,
    /// `None` of a junction, which has no screen.
    pub kind: Option<KindName>,
    pub level: Option<Level>,
    /// File and line.
    pub at: String,
    /// To be sent back with what is said of it, see [`super::written`].
    pub fingerprint: u32,
    /// Each with its id in the book.
    pub sources: Vec<(&'a str, &'a Source)>,
    /// Whether somebody has to check it before the public reads it.
    pub wants_review: bool,
    /// Whether somebody has: as it stands, or all that it rests on.
    pub is_reviewed: bool,
    /// The last review, and whether it holds of the page as it stands.
    pub review: Option<(&'a Reviewed, bool)>,
    /// What was said of it, and not seen to yet.
    pub comments: &'a [Comment],
    pub faces: Vec<Face<'a>>,
}

/// A screen of it.
#[derive(Debug)]
pub struct Face<'a> {
    pub shows: Shows<'a>,
    pub page: Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows<'a> {
    /// The page as it opens.
    Whole,
    /// A step of an exercise, from 1.
    Step(usize),
    /// A page of services where the operator has a list of them; elsewhere it opens as [`Shows::Whole`].
    Asking,
    /// What stands above the nearest of them.
    Found,
    /// A weekly tip that comes from the page, by its id.
    Tip(&'a str),
}

/// All pages of a book in their order, in the words of a region; `None` for readers whose region is not known, who are told numbers by
/// country. None at all where there is no book.
pub fn sheets<'a>(loaded: &'a Loaded, region: Option<&str>) -> Vec<Sheet<'a>> {
    let Some(book) = &loaded.book else { return Vec::new() };
    let reader = Reader { region: region.map(str::to_owned), ..Reader::default() };
    book.nodes().map(|(page, id, node)| sheet(loaded, book, (page, id, node), &reader)).collect()
}

fn sheet<'a>(loaded: &'a Loaded, book: &'a Book, (page, id, node): (NodeId, &'a str, &'a Node), reader: &Reader) -> Sheet<'a> {
    let reviews = &loaded.reviews;
    let place = loaded.spans.page(id);
    let said = reviews.pages.get(id);
    Sheet {
        page,
        id,
        title: node.title.as_deref().unwrap_or(id),
        kind: KindName::of(node),
        level: if let Kind::Advice { level, .. } = node.kind { Some(level) } else { None },
        at: loaded.report.file(place.file).map(|file| file.address_of(place.span.from)).unwrap_or_default(),
        fingerprint: reviews.fingerprint(id).unwrap_or_default(),
        sources: node
            .sources
            .iter()
            .filter_map(|id| book.sources().get_key_value(id))
            .map(|(id, it)| (id.as_str(), it))
            .collect(),
        wants_review: book.wants_review(page),
        is_reviewed: book.is_reviewed(page),
        review: said.and_then(|said| said.reviewed.as_ref()).map(|review| (review, reviews.current(id).is_some())),
        comments: said.map_or(&[], |said| &said.comments),
        faces: faces(book, page, node, reader),
    }
}

fn faces<'a>(book: &'a Book, page: NodeId, node: &Node, reader: &Reader) -> Vec<Face<'a>> {
    let face = |shows, view| Face { shows, page: book.compose(&Screen { view, ..Screen::of(page) }, reader) };
    let mut faces: Vec<Face> = match &node.kind {
        Kind::Outcome { .. } => Vec::new(),
        Kind::Steps(steps) if node.withdrawn.is_none() => {
            let steps = (0..steps.steps.len()).filter_map(|step| Some((step + 1, u8::try_from(step).ok()?)));
            steps.map(|(number, step)| face(Shows::Step(number), View::Step(step))).collect()
        }
        Kind::Weekly => vec![face(Shows::Whole, View::Form(FormText::Offer))],
        Kind::Services(services) if node.withdrawn.is_none() => {
            let whole = face(Shows::Whole, View::Whole);
            let word = |name: &str| book.say(reader.region.as_deref(), Stage::Unknown, name).map(Cow::Borrowed);
            let asking = Page { text: services.ask.fill(word), ..whole.page.clone() };
            vec![whole, Face { shows: Shows::Asking, page: asking }, face(Shows::Found, View::Nearest(Vec::new()))]
        }
        _ => vec![face(Shows::Whole, View::Whole)],
    };
    let tips = book.tips().into_iter().flat_map(|tips| &tips.tips).filter(|(_, tip)| tip.from == page && !tip.withdrawn);
    faces
        .extend(tips.map(|(id, _)| face(Shows::Tip(id), View::Tip { tip: id.clone(), last: false, rated: None, told: false })));
    faces
}
