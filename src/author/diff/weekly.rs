//! Weekly tips and the words of regions: what is sent and said otherwise.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::dialogue::Book;
use crate::dialogue::book::Saying;
use crate::dialogue::weekly::Tip;
use crate::render;

pub fn tips(old: &Book, new: &Book) -> Vec<String> {
    let none = IndexMap::new();
    let before = old.tips().map_or(&none, |tips| &tips.tips);
    let after = new.tips().map_or(&none, |tips| &tips.tips);
    let mut lines = Vec::new();
    for (id, tip) in before {
        match after.get(id) {
            None => lines.push(format!("{id}: no longer there")),
            Some(today) => lines.extend(between(old, new, tip, today).into_iter().map(|what| format!("{id}: {what}"))),
        }
    }
    let appeared = after.iter().filter(|(id, _)| !before.contains_key(*id));
    lines.extend(appeared.map(|(id, tip)| format!("{id}: new, for {}", weeks(tip))));
    if let (Some(before), Some(after)) = (old.tips(), new.tips())
        && before.policy != after.policy
    {
        lines.push(String::from("the policy: when tips are sent, and when not"));
    }
    lines
}

fn between(old: &Book, new: &Book, before: &Tip, after: &Tip) -> Vec<String> {
    let said = |tip: &Tip| render::written(&tip.text.fill(|slot| Some(format!("{{{slot}}}").into())));
    let mut what = Vec::new();
    if before.withdrawn != after.withdrawn {
        what.push(String::from(if after.withdrawn { "taken back" } else { "sent again" }));
    }
    if before.weeks != after.weeks {
        what.push(format!("for {}, before for {}", weeks(after), weeks(before)));
    }
    if said(before) != said(after) {
        what.push(format!("said \"{}\", says \"{}\"", said(before).replace('\n', " "), said(after).replace('\n', " ")));
    }
    if old.hash(before.from) != new.hash(after.from) {
        what.push(format!("comes from {}, before from {}", new.name(after.from), old.name(before.from)));
    }
    what
}

fn weeks(tip: &Tip) -> String {
    tip.weeks.map_or_else(|| String::from("any week"), |weeks| format!("weeks {weeks}"))
}

/// Placeholders that a region says otherwise. A screen is compared as somebody sees it whose region is not known.
pub fn sayings(old: &Book, new: &Book) -> Vec<String> {
    let said = |sayings: Option<&Vec<Saying>>| {
        let words = sayings.map(|sayings| sayings.iter().map(|saying| saying.words.as_str()).collect::<Vec<_>>().join(" / "));
        words.unwrap_or_else(|| String::from("nothing"))
    };
    let mut lines = Vec::new();
    for (id, region) in new.regions() {
        let Some(before) = old.regions().get(id) else {
            lines.push(format!("{id}: a new region"));
            continue;
        };
        let names: BTreeSet<&String> = before.say.keys().chain(region.say.keys()).collect();
        for name in names.into_iter().filter(|name| before.say.get(*name) != region.say.get(*name)) {
            lines.push(format!(
                "{id}: {{{name}}} was \"{}\", is \"{}\"",
                said(before.say.get(name)),
                said(region.say.get(name))
            ));
        }
    }
    let gone = old.regions().keys().filter(|id| !new.regions().contains_key(*id));
    lines.extend(gone.map(|id| format!("{id}: no longer a region")));
    lines
}
