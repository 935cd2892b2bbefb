//! The picture as Mermaid, which GitHub, GitLab and many editors draw by themselves.

use std::fmt::Write as _;

use super::svg::colours;
use super::{Look, Page, Picture, shortened};

/// A label of an answer is cut behind so many columns.
const LABEL: usize = 32;

pub fn mermaid(picture: &Picture) -> String {
    let mut out = format!("---\ntitle: \"{}\"\n---\nflowchart TD\n", front(&picture.title));
    // Writing to a String cannot fail.
    for page in &picture.boxes {
        let _ = writeln!(out, "  {}[\"{}\"]:::{}", name(&page.id), words(page), class(page.look));
    }
    for way in &picture.ways {
        let (Some(from), Some(to)) = (picture.boxes.get(way.from), picture.boxes.get(way.to)) else { continue };
        let line = if way.dashed { "-.->" } else { "-->" };
        let label = way.label.as_ref().map(|label| format!("|\"{}\"|", escaped(&shortened(label, LABEL)))).unwrap_or_default();
        let _ = writeln!(out, "  {} {line}{label} {}", name(&from.id), name(&to.id));
    }
    for look in Look::ALL.into_iter().filter(|look| picture.boxes.iter().any(|page| page.look == *look)) {
        let (fill, edge, ink) = colours(look);
        let _ = writeln!(out, "  classDef {} fill:{fill},stroke:{edge},color:{ink}", class(look));
    }
    let beside: Vec<String> = picture.boxes.iter().filter(|page| page.beside).map(|page| name(&page.id)).collect();
    if !beside.is_empty() {
        let _ = writeln!(out, "  classDef beside stroke-dasharray:4 3\n  class {} beside", beside.join(","));
    }
    out
}

fn words(page: &Page) -> String {
    let detail = page.detail.as_ref().map(|detail| format!("<br/><i>{}</i>", escaped(detail))).unwrap_or_default();
    format!("<small>{}</small><br/>{}{detail}", escaped(page.look.word()), escaped(&page.label))
}

/// A page's id as Mermaid takes it: some words mean something there, so each gets a letter before it. Ids hold no underscore, so no
/// two become one.
fn name(id: &str) -> String {
    format!("p_{}", id.replace('-', "_"))
}

fn class(look: Look) -> String {
    match look {
        Look::Advice(level) => level.name().replace('-', ""),
        look => look.key().to_owned(),
    }
}

/// Inside double quotes only few signs mean something, and all of them have a number.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for char in words.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match char {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '|' | '\\' => {
                let _ = write!(out, "#{};", u32::from(char));
            }
            char if char.is_control() => {}
            char => out.push(char),
        }
    }
    out
}

/// The head is YAML.
fn front(words: &str) -> String {
    let words: String = words.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    words.replace('\\', "\\\\").replace('"', "\\\"")
}
