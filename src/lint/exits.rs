//! Where the buttons of a page lead, as a reader can press them: what the rules about ways out walk through.

use crate::dialogue::button::Button;
use crate::dialogue::{Book, Kind, NodeId, Press, Reader, Screen};

/// What one page offers.
#[derive(Debug, Default)]
pub struct Exits {
    /// The pages that one press can come to.
    pub to: Vec<NodeId>,
    /// A button opens something outside of the chat.
    pub outside: bool,
    pub buttons: usize,
}

/// The ways on from the first screen of a page; those of an exercise through all its steps.
pub fn exits(book: &Book, at: NodeId) -> Exits {
    let rows = book.compose(&Screen::of(at), &Reader::default()).rows;
    let mut exits = Exits { to: book.node(at).leads_to(), ..Exits::default() };
    for key in rows.iter().flatten() {
        exits.buttons += 1;
        match &key.press {
            Press::Url(_) | Press::Share { .. } => exits.outside = true,
            Press::Token(token) => {
                let page = Button::from_token(token).and_then(|button| book.by_hash(button.page));
                exits.to.extend(page.filter(|page| *page != at));
            }
        }
    }
    exits
}

/// The pages that ask a question first, beside the question: its answer leads on to them.
pub fn gated(book: &Book) -> impl Iterator<Item = (NodeId, NodeId)> {
    book.nodes().filter_map(|(at, _, node)| match &node.kind {
        Kind::Steps(steps) => steps.before.map(|gate| (gate, at)),
        _ => None,
    })
}
