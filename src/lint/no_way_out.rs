//! BC0045: pages that only lead to each other, round and round, and never to home or to advice.

use super::Case;
use super::dead_end::is_dead_end;
use super::exits::{exits, gated};
use crate::dialogue::{Book, Kind, NodeId};
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0045",
    name: "no-way-out",
    severity: Severity::Error,
    summary: "Pages lead only to each other: from them no button ever comes to home or to advice.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let graph = Graph::of(book);
    let mut seen = vec![false; book.len()];
    flood(graph.out.clone(), &mut seen, |at| &graph.from[index(at)]);
    for (at, _, _) in book.nodes() {
        // Pages that hang together are one mistake, told once.
        let caught = flood(vec![at], &mut seen, |at| &graph.beside[index(at)]);
        let Some(first) = caught.iter().min() else { continue };
        // Without the fixed row, a page needs a way out of its own.
        let alone = caught.iter().filter(|at| book.node(**at).alone).min();
        let place = spans.page(book.name(*alone.unwrap_or(first)));
        let hint = "Give one of them a link that leads out, or take `alone: true` out, so that it gets the fixed row.";
        findings.push(Finding::new(&RULE, place, message(book, &caught), hint));
    }
}

fn message(book: &Book, caught: &[NodeId]) -> String {
    let mut caught = caught.to_vec();
    caught.sort_unstable();
    let name = |at: &NodeId| format!("`{}`", book.name(*at));
    let from = match caught.as_slice() {
        [] => String::new(),
        [one] => name(one),
        [one, other] => format!("{} and {}", name(one), name(other)),
        [one, other, third] => format!("{}, {} and {}", name(one), name(other), name(third)),
        [one, other, more @ ..] => format!("{}, {} and {} other pages", name(one), name(other), more.len()),
    };
    format!("From {from} no button ever comes to home or to advice.")
}

/// Which page leads where, by the places of pages in the book.
struct Graph {
    /// Where a walk may well end.
    out: Vec<NodeId>,
    from: Vec<Vec<NodeId>>,
    /// Both ways.
    beside: Vec<Vec<NodeId>>,
}

impl Graph {
    fn of(book: &Book) -> Graph {
        let mut graph = Graph { out: Vec::new(), from: vec![Vec::new(); book.len()], beside: vec![Vec::new(); book.len()] };
        for (at, _, node) in book.nodes() {
            let exits = exits(book, at);
            let good = at == book.home() || matches!(node.kind, Kind::Advice { .. } | Kind::Weekly);
            // The notice of a page that was taken back has help and the menu; a dead end is told as that.
            if good || exits.outside || node.withdrawn.is_some() || is_dead_end(node, &exits) {
                graph.out.push(at);
            }
            exits.to.into_iter().for_each(|to| graph.add(at, to));
        }
        gated(book).for_each(|(gate, onto)| graph.add(gate, onto));
        graph
    }

    fn add(&mut self, at: NodeId, to: NodeId) {
        self.from[index(to)].push(at);
        self.beside[index(to)].push(at);
        self.beside[index(at)].push(to);
    }
}

fn index(at: NodeId) -> usize {
    at.0 as usize
}

/// Marks and returns all pages that can be come to from `open`, those that were seen before left out.
fn flood<'g>(mut open: Vec<NodeId>, seen: &mut [bool], next: impl Fn(NodeId) -> &'g Vec<NodeId>) -> Vec<NodeId> {
    let mut found = Vec::new();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut seen[index(at)], true) {
            found.push(at);
            open.extend(next(at));
        }
    }
    found
}
