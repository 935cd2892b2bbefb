//! The mistakes, one row each: what is changed in which file, what is found, and on which line.

pub struct Mistake {
    pub name: &'static str,
    pub file: &'static str,
    pub change: Change,
    /// The name of the rule that finds it.
    pub rule: &'static str,
    /// File and words of the line on which it is found.
    pub at: (&'static str, &'static str),
}

#[derive(Clone, Copy)]
pub enum Change {
    /// Words that the file holds once, and what stands there instead.
    Swap(&'static str, &'static str),
    /// More at the end of the file.
    Append(&'static str),
    /// The file is gone.
    Remove,
    /// A file that the book has none of.
    Beside(&'static str),
}

use Change::{Append, Beside, Remove, Swap};

/// A mistake that is found in the file in which it was made.
const fn of(name: &'static str, file: &'static str, change: Change, rule: &'static str, line: &'static str) -> Mistake {
    Mistake { name, file, change, rule, at: (file, line) }
}

/// A mistake that is found in another file than that in which it was made.
const fn told_in(mut mistake: Mistake, file: &'static str) -> Mistake {
    mistake.at = (file, mistake.at.1);
    mistake
}

#[rustfmt::skip] // a row is read from left to right
pub const MISTAKES: &[Mistake] = &[
    // --- YAML ----------------------------------------------------------------------------------------------------------------------
    of("a quote is never closed", "triage.yaml", Swap("\"Yes, any of these\"", "\"Yes, any of these"), "syntax", "\"Yes, any of these"),
    of("a tab for an indent", "home.yaml", Swap("  title: It hurts now", "\ttitle: It hurts now"), "syntax", "title: It hurts now"),
    of("a colon inside a title", "sleep.yaml", Swap("title: Lying on your back", "title: In bed: on your back"), "syntax", "title: In bed"),
    of("no space after a colon", "sleep.yaml", Swap("title: Pillows", "title:Pillows"), "syntax", "title:Pillows"),
    of("a bracket is never closed", "sleep.yaml", Swap("links: [pillows, bed, on-your-back, mattress, evenings]", "links: [pillows, bed, on-your-back, mattress, evenings"), "syntax", "links: [pillows, bed, on-your-back"),
    of("a text begins with stars", "sleep.yaml", Swap("text: |\n    **Roll, then sit.**", "text: **Roll, then sit.**"), "syntax", "text: **Roll"),
    of("a text begins with a brace", "talk.yaml", Swap("text: |\n    Hello, good to hear from you.", "text: {emergency} is what you call."), "syntax", "text: {emergency}"),
    of("a key is indented like a text", "tips.yaml", Swap("  links: [bags, toddler, turning]", "      links: [bags, toddler, turning]"), "syntax", "links: [bags, toddler, turning]"),
    of("an anchor", "sleep.yaml", Swap("title: Pillows", "title: &pillows Pillows"), "refused-yaml", "&pillows"),
    of("a second document", "sleep.yaml", Append("\n---\nsecond:\n  title: Second\n"), "refused-yaml", "---"),
    of("a # cuts a title", "pain-relief.yaml", Swap("title: Heat pad", "title: Heat pad #1"), "cut-text", "title: Heat pad"),
    of("a comma in braces", "triage.yaml", Swap("\"Waters gone, or a leak\"", "Waters gone, or a leak"), "cut-text", "Waters gone"),
    // --- keys and values -----------------------------------------------------------------------------------------------------------
    of("a key misspelt", "pain-relief.yaml", Swap("  title: Warm bath", "  tilte: Warm bath"), "unknown-key", "tilte"),
    of("a key that means nothing", "pain-relief.yaml", Swap("  title: Warm bath", "  title: Warm bath\n  colour: blue"), "unknown-key", "colour"),
    of("the key that tells the kind misspelt", "crisis.yaml", Swap("  question: |", "  qeustion: |"), "unknown-key", "qeustion"),
    of("a key twice", "pain-relief.yaml", Swap("  title: Warm bath", "  title: Warm bath\n  title: Bath"), "repeated-key", "title: Bath"),
    of("a page twice", "sleep.yaml", Append("\npillows:\n  title: More pillows\n  text: Take two.\n"), "repeated-page", "pillows:"),
    of("a row without its level", "triage.yaml", Swap("knock: {label: \"A fall, a knock or an assault\", level: now}", "knock: {label: \"A fall, a knock or an assault\"}"), "missing-key", "knock:"),
    of("a text that says nothing", "talk.yaml", Swap("text: |\n    Sorry, I understand English, Spanish, Polish and Arabic only. In an emergency, call {emergency} and name your language.", "text: \"\""), "empty", "text: \"\""),
    of("a text where a list belongs", "pain-relief.yaml", Swap("links: [painkiller, heat-pad, aspirin]", "links: painkiller"), "wrong-type", "links: painkiller"),
    of("a level that there is not", "advice.yaml", Swap("advice: soon", "advice: later"), "wrong-value", "advice: later"),
    of("weeks that end before they begin", "triage.yaml", Swap("weeks: \"16..\"", "weeks: \"16..12\""), "wrong-value", "16..12"),
    of("weeks that are none", "weekly.yaml", Swap("last-week: 41", "last-week: forty"), "wrong-value", "last-week: forty"),
    of("a date that is none", "book.yaml", Swap("reviewed: 2015-02-05", "reviewed: 2015-02-30"), "wrong-value", "2015-02-30"),
    of("a button of the fixed row that there is not", "book.yaml", Swap("footer: [back, help, more]", "footer: [back, halp, more]"), "wrong-value", "halp"),
    of("a rating that there is not", "book.yaml", Swap("scale: yes-no", "scale: thumbs"), "wrong-value", "thumbs"),
    of("a choice without its label", "book.yaml", Swap("    too-long: Too long", "    too-long:"), "empty", "too-long:"),
    of("words of the rating left out", "words.yaml", Swap("helped: It helped\n", ""), "missing-key", "back:"),
    of("seconds without their unit", "exercises.yaml", Swap("hold: 4s", "hold: 4"), "wrong-value", "hold: 4"),
    of("an address that is none", "body.yaml", Swap("https://www.nhs.uk/pregnancy/keeping-well/have-a-healthy-diet/", "nhs.uk/healthy-diet"), "wrong-value", "nhs.uk/healthy-diet"),
    of("an id with capitals", "pain-relief.yaml", Swap("\nheat-pad:\n", "\nHeat-pad:\n"), "bad-id", "Heat-pad:"),
    of("a page of two kinds", "advice.yaml", Swap("advice: soon\n", "advice: soon\n  question: What now?\n"), "unclear-kind", "question:"),
    of("a page of no kind", "by-week.yaml", Append("\nnothing:\n  title: Nothing\n"), "unclear-kind", "nothing:"),
    // --- names ---------------------------------------------------------------------------------------------------------------------
    of("a link to a page that is not there", "sleep.yaml", Swap("links: [pillows, sleep, rest]", "links: [pilows, sleep, rest]"), "unknown-page", "pilows"),
    of("an answer that leads nowhere", "triage.yaml", Swap("goto: call-now-not-sure", "goto: call-now-unsure"), "unknown-page", "call-now-unsure"),
    of("a row of the triage that leads nowhere", "triage.yaml", Swap("then: pain-signs", "then: pain-sings"), "unknown-page", "pain-sings"),
    told_in(of("a page that is gone", "pain-relief.yaml", Swap("\naspirin:\n", "\nacetyl:\n"), "unknown-page", "aspirin:"), "asks.yaml"),
    of("a sign that leads nowhere", "signs.yaml", Append("\nodd:\n  goto: nowhere-at-all\n  says: [zebra]\n  examples: [zebra]\n"), "unknown-page", "nowhere-at-all"),
    of("asks for a page that is not there", "asks.yaml", Append("\nno-such-page:\n  - zebra crossing\n"), "unknown-page", "no-such-page"),
    of("a tip from a page that is not there", "weekly.yaml", Swap("from: turning", "from: turnign"), "unknown-page", "turnign"),
    of("moved to an answer that is not there", "book.yaml", Append("\nmoved:\n  doctor.perhaps: doctor.mabye\n"), "unknown-page", "doctor.mabye"),
    of("a source misspelt", "sleep.yaml", Swap("source: nhs-tiredness-sleep", "source: nhs-sleep"), "unknown-source", "source: nhs-sleep"),
    told_in(of("a source taken out of the list", "book.yaml", Swap("  nice-ng201:", "  nice-2021:"), "unknown-source", "nice-ng201"), "pain-relief.yaml"),
    of("a placeholder misspelt", "crisis.yaml", Swap("Call {crisis-line}.", "Call {crisis-lien}."), "unknown-placeholder", "{crisis-lien}"),
    of("a placeholder that the unknown region lost", "book.yaml", Swap("advice-line: your midwife or doctor\n", "advise-line: your midwife or doctor\n"), "unknown-placeholder", "advice-line: your midwife, your GP or 111"),
    of("a placeholder in a title", "sleep.yaml", Swap("title: Pillows", "title: Pillows for {midwife}"), "unknown-placeholder", "{midwife}"),
    of("a meaning without words", "signs.yaml", Swap("\"{numb} from the waist\"", "\"{nubm} from the waist\""), "unknown-meaning", "{nubm}"),
    of("a heading in a text", "sleep.yaml", Swap("    **Roll, then sit.**", "    # Roll, then sit."), "unsupported-markdown", "# Roll"),
    of("a picture in a text", "sleep.yaml", Swap("    **Roll, then sit.**", "    ![Rolling](roll.png) Roll, then sit."), "unsupported-markdown", "![Rolling]"),
    of("a page lost its title", "pain-relief.yaml", Swap("  title: Heat pad\n", ""), "unlabelled-button", "heat-pad:"),
    of("home misspelt", "book.yaml", Swap("home: home", "home: hone"), "no-home", "home: hone"),
    of("a phrase of the bot is missing", "words.yaml", Swap("stale: This button is from an older version. Here is the nearest page I have now.\n", ""), "missing-key", "back: Back"),
    of("the words are gone", "words.yaml", Remove, "missing-file", ""),
    // --- the book as a whole -------------------------------------------------------------------------------------------------------
    of("too many words", "sleep.yaml", Swap("Or roll on to your side.", "Or roll on to your side. And then, when you have done that, lie there for as long as you like, and turn over again whenever you want to, as often as you want to, all night long."), "over-budget", "From 16 weeks, **don't lie"),
    of("too many buttons", "sleep.yaml", Swap("links: [pillows, bed, on-your-back, mattress, evenings]", "links: [pillows, bed, on-your-back, mattress, evenings, rest]"), "over-budget", "links: [pillows, bed, on-your-back"),
    of("too many rows to tick", "triage.yaml", Swap("    knock:", "    itch: {label: Itchy hands, level: now}\n    knock:"), "over-budget", "signs:"),
    of("a budget with a digit lost", "book.yaml", Swap("page-words: 60", "page-words: 6"), "over-budget", "page-words: 6"),
    of("a phrase longer than a message", "words.yaml", Swap("unchecked: No clinician has checked it for this bot yet.", concat!("unchecked: No clinician has checked it for this bot yet. ", include_str!("long.txt"))), "text-too-long", "unchecked:"),
    of("a page that nothing leads to", "sleep.yaml", Append("\nisland:\n  title: An island\n  text: Nobody comes here.\n"), "unreachable", "island:"),
    of("help is not told", "book.yaml", Swap("help: doctor\n", ""), "no-help", "format: 1"),
    told_in(of("two pages ask for the weeks", "by-week.yaml", Append("\nweeks-again:\n  weeks: How many weeks?\n  title: Your weeks\n  answers:\n    any: {label: Any, all: true}\n  then: outcome\n  asks: [zebra]\n"), "weeks-twice", "weeks:"), "triage.yaml"),
    told_in(of("a page asked for like another", "sleep.yaml", Append("\nzebra:\n  title: Zebra\n  text: Stripes.\n  asks: [how do i lift things]\n"), "same-ask", "how do i lift things"), "tips.yaml"),
    of("an ask that is a warning sign", "sleep.yaml", Append("\nzebra:\n  title: Zebra\n  text: Stripes.\n  asks: [cant feel my leg]\n"), "ask-astray", "cant feel my leg"),
    of("a sign that no example has", "signs.yaml", Append("\nzebra:\n  goto: call-now\n  says: [zebra]\n  examples: [i saw a horse]\n"), "sign-without-example", "says: [zebra]"),
    of("a tip for weeks that get none", "weekly.yaml", Swap("    from: turning\n", "    from: turning\n    weeks: \"42..\"\n"), "tip-never-sent", "42.."),
    of("a page without its file's source", "sleep.yaml", Swap("source: nhs-tiredness-sleep\n", ""), "no-source", "sleep:"),
    told_in(of("a published id is gone", "ids.lock", Beside("home\nold-page\n"), "id-vanished", "format: 1"), "book.yaml"),
    of("a warning turned off for nothing", "book.yaml", Swap("off:\n", "off:\n  BC0029: {sleep: It is found by typing}\n"), "nothing-turned-off", "sleep: It is found"),
    of("an error turned off", "book.yaml", Swap("off:\n", "off:\n  BC0014: We know\n"), "nothing-turned-off", "BC0014: We know"),
    of("a source past its review", "book.yaml", Swap("    title: Back pain in pregnancy\n    publisher: NHS\n", "    title: Back pain in pregnancy\n    publisher: NHS\n    due: 2026-10-01\n"), "review-due", "due: 2026-10-01"),
    told_in(of("a command that deletes without a question", "book.yaml", Swap("forget: {page: forget,", "forget: {page: forgotten,"), "deleted-unasked", "forget: {page: forgotten"), "book.yaml"),
    of("nothing is asked before all is deleted", "about.yaml", Swap("goto: forgotten}", "goto: privacy-kept}"), "deleted-unasked", "data: deleted"),
    // --- what is said --------------------------------------------------------------------------------------------------------------
    of("it is called nothing serious", "sleep.yaml", Swap("    **Roll, then sit.**", "    It's nothing serious. **Roll, then sit.**"), "unsafe-wording", "It's nothing serious"),
    of("one country's number in a text", "sleep.yaml", Swap("    **Roll, then sit.**", "    Call 999. **Roll, then sit.**"), "literal-number", "Call 999"),
    of("a sentence that no child follows", "sleep.yaml", Swap("Or roll on to your side.", "Alternatively, individuals experiencing considerable discomfort throughout pregnancy should transition progressively towards lateral positioning."), "hard-to-read", "Alternatively, individuals"),
    of("a picture that is not there", "sleep.yaml", Swap("file: bed.svg", "file: beds.svg"), "image-missing", "file: beds.svg"),
    of("a picture that nobody can hear", "sleep.yaml", Swap("  title: Getting out of bed\n", "  title: Getting out of bed\n  image: {file: bed.svg}\n"), "missing-key", "image: {file: bed.svg}"),
    // --- the book's own rules ------------------------------------------------------------------------------------------------------
    told_in(of("an exercise behind the call for help", "advice.yaml", Swap("    - {to: violence, label: If somebody hurt you}", "    - {to: all-fours, label: Meanwhile}"), "rule-broken", "{advice: now}, offers"), "book.yaml"),
    told_in(of("a screen more before the first tip", "home.yaml", Swap("    - [hurts-now, tips]\n", "    - [hurts-now, subjects]\n"), "rule-broken", "to: tips, taps: 1"), "book.yaml"),
    of("a promise to nowhere", "book.yaml", Swap("within: {page: doctor,", "within: {page: docter,"), "unknown-page", "page: docter"),
    of("a promise that can't be kept", "book.yaml", Swap("to: {advice: emergency}, taps: 2,", "to: {advice: emergency}, taps: 1,"), "rule-broken", "to: {advice: emergency}"),
    // --- the shape of pages --------------------------------------------------------------------------------------------------------
    of("a page without a button", "talk.yaml", Swap("    Sorry, I understand English, Spanish, Polish and Arabic only. In an emergency, call {emergency} and name your language.\n  links: [[doctor], [home]]", "    Sorry, I understand English, Spanish, Polish and Arabic only. In an emergency, call {emergency} and name your language."), "dead-end", "other-language:"),
    of("a book without its fixed row", "book.yaml", Swap("footer: [back, help, more]\n", ""), "dead-end", "format: 1"),
    of("pages that lead only to each other", "by-week.yaml", Append("\nround:\n  title: Round\n  alone: true\n  text: Go on.\n  links: [and-round]\n  asks: [zebra]\n\nand-round:\n  title: And round\n  alone: true\n  text: Go on.\n  links: [round]\n"), "no-way-out", "round:"),
    of("two answers that say the same", "triage.yaml", Swap("maybe: {label: Not sure,", "maybe: {label: None of these,"), "same-label", "none: {label: None of these"),
    of("a link called like the fixed row", "sleep.yaml", Swap("links: [pillows, sleep, rest]", "links: [pillows, sleep, {to: rest, label: back}]"), "same-label", "label: back"),
    of("two pages with one title", "tips.yaml", Swap("  title: Turning round", "  title: Lifting"), "same-label", "title: Lifting"),
    of("two phrases of the bot that are the same", "words.yaml", Swap("more: More", "more: Back"), "same-label", "more: Back"),
    of("a title too long for any button", "pain-relief.yaml", Swap("title: Heat pad", "title: A heat pad or a hot water bottle for your back"), "long-label", "title: A heat pad"),
    of("a label too long for its row", "home.yaml", Swap("    - [hurts-now, tips]\n    - [doctor]\n    - [exercises, weekly]", "    - [hurts-now, doctor]\n    - [tips, exercises]\n    - [weekly]"), "long-label", "[hurts-now, doctor]"),
    of("more rows than a phone shows", "triage.yaml", Swap("    wee: {label", "    itch: {label: Itchy hands, level: now}\n    wee: {label"), "too-many-rows", "signs:"),
    of("a sign of an emergency that ends on a plain page", "triage.yaml", Swap("{emergency: call-now,", "{emergency: tips,"), "sign-without-advice", "emergency: tips"),
    of("advice less urgent than its sign", "triage.yaml", Swap("now: call-unit,", "now: call-today,"), "sign-without-advice", "now: call-today"),
    of("a list that ends on a plain page", "triage.yaml", Swap("then: outcome", "then: tips"), "sign-without-advice", "then: tips"),
    of("yes that leads to a tip", "triage.yaml", Swap("{label: \"Yes, any of these\", goto: call-now}", "{label: \"Yes, any of these\", goto: tips}"), "sign-without-advice", "goto: tips"),
    of("advice without its file's source", "advice.yaml", Swap("source: [nhs-red-flags, nhs-back-pain, nhs-pre-eclampsia, general]\n", ""), "advice-without-source", "call-now:"),
    of("a sign that the leaflet leaves out", "book.yaml", Swap("        today: |\n          **Call now and ask to be seen today:** {advice-line}. No answer? Go to {emergency-department}.\n", ""), "leaflet-lacks-signs", "leaflet:"),
    of("a page of the leaflet that there is not", "book.yaml", Swap("pages: [sleep, pillows, bed,", "pages: [sleep, pilows, bed,"), "unknown-page", "pilows"),
    of("a checklist on the leaflet", "book.yaml", Swap("pages: [sleep, pillows, bed,", "pages: [sleep, pain-signs, bed,"), "wrong-value", "pain-signs"),
    of("a profile picture that is not there", "book.yaml", Swap("picture: profile.svg ", "picture: face.svg "), "image-missing", "picture:"),
    of("a language that nobody has begun", "book.yaml", Swap("languages: [en]", "languages: [en, es]"), "translation-missing", "languages: [en, es]"),
    // --- reviews -------------------------------------------------------------------------------------------------------------------
    of("a page that has changed since its review", "reviews.yaml", Beside("lifting:\n  reviewed-by: Ann Lee, midwife\n  reviewed-on: 2026-11-20\n  of: 00000000\n"), "review-stale", "reviewed-by"),
    of("a comment that nobody has seen to", "reviews.yaml", Beside("lifting:\n  comments:\n    - {by: Ann Lee, on: 2026-11-20, says: And twins?}\n"), "review-comment", "And twins?"),
    of("a review of a page that there is not", "reviews.yaml", Beside("liftin:\n  comments:\n    - {by: Ann Lee, on: 2026-11-20, says: And twins?}\n"), "unknown-page", "liftin:"),
];
