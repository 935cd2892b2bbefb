//! Pages as those who review them see them, each as a fingerprint: it changes with every word, label, level and target of the page, and of
//! the weekly tips that come from it. How the YAML is set changes nothing, and neither does what no reader sees.
//!
//! Fingerprints stand in files of authors: what is hashed here must stay as it is, or every review of every book is stale.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::lower::keys::{
    ANSWERS, ASKS, COVERS, EDITION, FROM_PAGE, KEEP, RESERVED, SIGNS, SOURCE, TEXT, TIP_WEEKS, TIP_WITHDRAWN, TIPS, UNRATED,
};
use super::lower::{Leaf, WEEKLY_FILE, holds_pages};
use super::translation::fingerprint;
use super::tree::{Tree, What};

/// The fingerprint of every page, by its id.
pub fn fingerprints(leaves: &[Leaf]) -> HashMap<String, u32> {
    let tips = tips(leaves);
    let mut prints = HashMap::new();
    for leaf in leaves.iter().filter(|leaf| holds_pages(leaf)) {
        let What::Map { entries, .. } = &leaf.tree.what else { continue };
        for page in entries.iter().filter(|entry| !RESERVED.contains(&entry.key.as_str())) {
            let mut seen = String::new();
            put(&page.value, Within::Page, &mut seen);
            for tip in tips.get(page.key.as_str()).into_iter().flatten() {
                seen.push_str(tip);
            }
            prints.entry(page.key.clone()).or_insert_with(|| fingerprint(&seen));
        }
    }
    prints
}

/// What is sent from each page, in an order that doesn't depend on the file's.
fn tips(leaves: &[Leaf]) -> HashMap<&str, Vec<String>> {
    let weekly = leaves.iter().find(|leaf| leaf.name == WEEKLY_FILE);
    let tips = weekly.and_then(|leaf| leaf.tree.get(TIPS.name)).map(|tips| &tips.value.what);
    let mut by_page: HashMap<&str, Vec<String>> = HashMap::new();
    let Some(What::Map { entries, .. }) = tips else { return by_page };
    for tip in entries.iter().map(|entry| &entry.value).filter(|tip| tip.get(TIP_WITHDRAWN.name).is_none()) {
        let Some(What::Scalar { raw, .. }) = tip.get(FROM_PAGE.name).map(|entry| &entry.value.what) else { continue };
        let mut seen = String::from("tip");
        for part in [&TIP_WEEKS, &TEXT].into_iter().filter_map(|key| tip.get(key.name)) {
            put(&part.value, Within::Page, &mut seen);
        }
        by_page.entry(raw.trim()).or_default().push(seen);
    }
    for tips in by_page.values_mut() {
        tips.sort();
    }
    by_page
}

/// What a mapping is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Some of the keys are not for readers.
    Page,
    /// The keys are the author's, and readers see what they hold in their order.
    Choices,
    Other,
}

fn put(tree: &Tree, within: Within, seen: &mut String) {
    match &tree.what {
        What::Scalar { raw, .. } => scalar(raw, seen),
        What::List { items, .. } => {
            seen.push('[');
            for item in items {
                put(item, Within::Other, seen);
            }
            seen.push(']');
        }
        What::Map { entries, .. } => {
            let unseen = [&ASKS, &COVERS, &SOURCE, &KEEP, &UNRATED, &EDITION].map(|key| key.name);
            let is_seen = |key: &str| within != Within::Page || !unseen.contains(&key);
            let mut entries: Vec<_> = entries.iter().filter(|entry| is_seen(&entry.key)).collect();
            if within != Within::Choices {
                entries.sort_by(|a, b| a.key.cmp(&b.key));
            }
            seen.push('{');
            for entry in entries {
                scalar(&entry.key, seen);
                let holds_choices = within == Within::Page && [ANSWERS.name, SIGNS.name].contains(&entry.key.as_str());
                put(&entry.value, if holds_choices { Within::Choices } else { Within::Other }, seen);
            }
            seen.push('}');
        }
        What::Nothing | What::Broken => seen.push('~'),
    }
}

/// The words, with their length before them, so that no word is taken for a sign of ours.
fn scalar(raw: &str, seen: &mut String) {
    let words = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    // Writing to a String cannot fail.
    let _ = write!(seen, "{}:{words}", words.len());
}
