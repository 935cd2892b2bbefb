//! The page around the phone: who reads, and the map, the problems, the weekly calendar and the walk beside it.

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};

use super::chat::phone;
use super::desk::{State, Versions};
use super::problems::problems;
use super::weekly::{Whose, calendar};
use crate::author::graph::{Look, svg};
use crate::dialogue::MOST_WEEKS;
use crate::dialogue::book::UNKNOWN_REGION;

pub const STYLE: &str = include_str!("style.css");
pub const SCRIPT: &str = include_str!("script.js");

/// What stands beside the phone: its name in the page, and for people.
const PANELS: [(&str, &str); 4] = [("map", "Map"), ("problems", "Problems"), ("weekly", "Weekly"), ("walk", "Walk")];

pub fn page(state: &State, versions: Versions, today: Date) -> Markup {
    let title = state.edition.as_ref().map_or("Backcare", |edition| edition.book(None).title());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – preview" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="style.css";
                script src="script.js" defer {}
            }
            body {
                header {
                    h1 { (title) " " span { "preview" } }
                    p #live role="status" { "Connecting…" }
                    button #look type="button" aria-pressed="false" { "Dark" }
                }
                main {
                    section #setting aria-label="Who reads" data-version=(versions.book) { (setting(state)) }
                    section.phone aria-label="Phone" {
                        div #phone { (phone(state, versions.phone)) }
                        form #say autocomplete="off" {
                            button #commands type="button" aria-expanded="false" aria-label="Commands" { "/" }
                            input name="words" aria-label="Message" placeholder="Message" maxlength="4096" dir="auto";
                            button type="submit" aria-label="Send" { (icon("M2 2.5 14.5 8 2 13.5 4 8.8 9 8 4 7.2z")) }
                        }
                    }
                    section.desk aria-label="Book" {
                        div.tabs role="tablist" aria-label="Views of the book" {
                            @for (number, (name, title)) in PANELS.into_iter().enumerate() {
                                button type="button" role="tab" id={ "tab-" (name) } aria-controls={ "panel-" (name) }
                                    aria-selected=(if number == 0 { "true" } else { "false" }) tabindex=(if number == 0 { "0" } else { "-1" }) {
                                    (title) @if name == "problems" { " " span #count {} }
                                }
                            }
                        }
                        div.panel #panel-map role="tabpanel" aria-labelledby="tab-map" { (map()) }
                        div.panel #panel-problems role="tabpanel" aria-labelledby="tab-problems" hidden { div #problems { (problems(state, versions.problems)) } }
                        div.panel #panel-weekly role="tabpanel" aria-labelledby="tab-weekly" hidden { (weekly(state, today)) }
                        div.panel #panel-walk role="tabpanel" aria-labelledby="tab-walk" hidden { (walk()) }
                    }
                }
            }
        }
    }
}

/// Who reads, and when.
pub fn setting(state: &State) -> Markup {
    let Some(edition) = &state.edition else { return html! {} };
    let book = edition.book(None);
    let chosen = state.setting();
    let language = chosen.language.as_deref().unwrap_or(book.language());
    html! {
        form #who autocomplete="off" {
            label { "Language " select name="language" {
                @for each in edition.languages() {
                    option value=(each) selected[each == language] { (book.languages().get(each).map_or(each, String::as_str)) }
                }
            } }
            label { "Country " select name="region" {
                option value="" selected[chosen.region.is_none()] { "not known" }
                @for (id, region) in book.regions().iter().filter(|(id, _)| *id != UNKNOWN_REGION) {
                    option value=(id) selected[chosen.region.as_ref() == Some(id)] { (region.name) }
                }
            } }
            label { "Week told " select name="week" {
                option value="" selected[chosen.week.is_none()] { "none" }
                @for week in 0..=MOST_WEEKS { option value=(week) selected[chosen.week == Some(week)] { (week) } }
            } }
            label { "Day " input type="date" name="date" value=[state.date.map(|date| date.to_string())]; }
            div.buttons {
                button type="button" data-deed="start-over" { "Start over" }
                button type="button" data-deed="undo" { "Take back" }
            }
        }
    }
}

/// A sign on a button that has its name elsewhere.
fn icon(shape: &str) -> Markup {
    html! { svg.icon viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true" { path d=(shape) {} } }
}

fn map() -> Markup {
    html! {
        form.tools #find autocomplete="off" {
            input type="search" name="words" placeholder="Find a page" aria-label="Find a page";
            span #hits role="status" {}
            button type="button" data-zoom="out" aria-label="Smaller" { (icon("M3 7.2h10v1.6H3z")) }
            button type="button" data-zoom="in" aria-label="Larger" { (icon("M3 7.2h4.2V3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3z")) }
            button type="button" data-zoom="fit" { "All" }
            button type="button" data-zoom="here" { "Here" }
        }
        div #map tabindex="0" role="region" aria-label="Map of the book" { p.nothing { "The map is being drawn…" } }
        ul.legend aria-label="What the colours mean" {
            @for look in Look::ALL {
                @let (fill, edge, _) = svg::colours(look);
                li { svg width="14" height="10" aria-hidden="true" { rect width="14" height="10" rx="2" fill=(fill) stroke=(edge) {} } (look.word()) }
            }
            li { "thick rim: in the phone now" }
            li { "grey: nothing leads there" }
        }
    }
}

fn weekly(state: &State, today: Date) -> Markup {
    let whose = Whose::usual(today);
    html! {
        form.tools #whose autocomplete="off" {
            label { "Week on the first day " select name="week" {
                option value="" { "none kept" }
                @for week in 0..=MOST_WEEKS { option value=(week) selected[whose.week == Some(week)] { (week) } }
            } }
            label { "First day " input type="date" name="from" value=(whose.from) required; }
            label { "Time zone " input name="zone" value=(whose.zone) required; }
        }
        div #calendar { @if let Some(edition) = &state.edition { (calendar(edition, &whose)) } }
    }
}

fn walk() -> Markup {
    html! {
        p { "The conversation so far, as a test that " code { "backcare test" } " plays. Start over, hold the conversation that should always go like this, and keep it." }
        div #recorded {}
        form.tools #save autocomplete="off" {
            button type="button" data-deed="copy" { "Copy" }
            label { "Name " input name="name" placeholder="night-pain" pattern="[a-z0-9\\-]+" maxlength="60" required; }
            button type="submit" { "Save" }
            span #saved role="status" {}
        }
    }
}

/// The conversation as a walk.
pub fn recorded(state: &State) -> Markup {
    match state.phone.as_ref().map(super::phone::Phone::walk) {
        Some(Ok(walk)) => html! { pre tabindex="0" { code { (walk) } } },
        Some(Err(why)) => html! { p.nothing { (why) } },
        None => html! { p.nothing { "There is no conversation yet." } },
    }
}
