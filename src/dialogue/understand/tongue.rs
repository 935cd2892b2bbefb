//! Which language something is written in: the book's own, or another. A short text is told by its words before its letters, for a
//! guess from letters alone takes "bad back" for Dutch.

use whatlang::{Detector, Lang, Script, detect_script};

use super::lexicon::Said;

/// What is shorter tells no language.
const LETTERS: usize = 3;
/// Fewer words tell no language either.
const LEAST: usize = 2;
/// Of so many words, one that the book knows may be chance.
const FEW: usize = 3;

/// Languages that are written in Arabic letters.
const WRITTEN_IN_ARABIC: [&str; 4] = ["ar", "fa", "ps", "ur"];

/// The language of a text, as a two-letter code where it has one. `None`: the book's own, or too little to tell.
pub fn other(text: &str, said: &Said, own: &str) -> Option<&'static str> {
    let letters = text.chars().filter(|char| char.is_alphabetic()).count();
    if letters < LETTERS {
        return None;
    }
    let script = detect_script(text)?;
    if script == Script::Arabic && WRITTEN_IN_ARABIC.contains(&own) {
        // From a few words nobody tells them apart.
        return None;
    }
    if script != Script::Latin {
        let language = Detector::new().detect_lang(text).map_or("", code);
        return (language != own).then_some(language);
    }
    let words: Vec<_> = said.words.iter().filter(|word| word.number.is_none()).collect();
    let known = words.iter().filter(|word| word.is_known()).count();
    if words.len() < LEAST || 2 * known > words.len() {
        return None;
    }
    let info = whatlang::detect(text)?;
    let foreign_letters = text.chars().any(|char| char.is_alphabetic() && !char.is_ascii());
    let strange = FEW * known <= words.len() || foreign_letters || info.is_reliable();
    let plausible = words.iter().all(|word| foreign_letters || can_be_said(&word.text));
    (strange && plausible).then(|| code(info.lang())).filter(|language| *language != own)
}

/// Letters hit at random have no vowels where a language would.
fn can_be_said(word: &str) -> bool {
    let hard = |char: char| !"aeiouy".contains(char);
    word.len() < 4
        || !word.as_bytes().windows(5).any(|run| run.iter().all(|byte| hard(char::from(*byte))))
            && word.contains(|char| !hard(char))
}

/// Two letters where the language has them: ISO 639-1.
fn code(language: Lang) -> &'static str {
    match language {
        Lang::Eng => "en",
        Lang::Spa => "es",
        Lang::Pol => "pl",
        Lang::Ara => "ar",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Urd => "ur",
        Lang::Hin => "hi",
        Lang::Ron => "ro",
        Lang::Por => "pt",
        Lang::Tur => "tr",
        Lang::Cmn => "zh",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Pes => "fa",
        Lang::Ben => "bn",
        Lang::Pan => "pa",
        other => other.code(),
    }
}
