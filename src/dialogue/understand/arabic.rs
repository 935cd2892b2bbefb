//! What Arabic writes onto a word: the article, short words before it, pronouns behind it.
//!
//! Never here: what a word means.

/// The article, alone and with what is written onto it.
const ARTICLES: [&str; 10] = ["وال", "فال", "بال", "كال", "عال", "هال", "ولل", "فلل", "ال", "لل"];
/// "and", "then", "in", "for", "as", "on", "that", and the signs of the future.
const BEFORE: [&str; 9] = ["و", "ف", "ب", "ل", "ك", "ع", "ه", "س", "ح"];
/// Pronouns, plurals, what turns a word into its denial. The longest first.
const BEHIND: [&str; 18] =
    ["كما", "هما", "ها", "هم", "كم", "نا", "ني", "ين", "ات", "ان", "وا", "ي", "ك", "ه", "ا", "ش", "و", "ت"];
/// Shorter roots than this are no words.
const LEAST: usize = 3;

pub fn is_arabic(word: &str) -> bool {
    word.chars().all(|char| matches!(char, '\u{621}'..='\u{64a}'))
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// The word without its article.
pub fn stem(word: &str) -> &str {
    let bare = ARTICLES.iter().find_map(|article| word.strip_prefix(article).filter(|rest| letters(rest) >= LEAST));
    bare.unwrap_or(word)
}

/// What the word may be without what is written onto it, the likeliest first.
pub fn bare(word: &str) -> Vec<String> {
    let mut fronts = vec![word];
    fronts.extend(word.strip_prefix('و').map(stem));
    fronts.extend(BEFORE.iter().filter_map(|before| word.strip_prefix(before)).filter(|rest| letters(rest) + 1 >= LEAST));
    let mut all: Vec<String> = fronts.iter().map(|front| (*front).to_owned()).collect();
    for front in fronts {
        for rest in BEHIND.iter().filter_map(|behind| front.strip_suffix(behind)).filter(|rest| letters(rest) >= LEAST) {
            all.push(rest.to_owned());
            // Before a pronoun the last letter of a feminine word is written open.
            all.extend(rest.strip_suffix('ت').map(|rest| format!("{rest}ه")));
        }
        if letters(front) >= LEAST {
            all.push(format!("{front}ه"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_falls_and_short_words_keep_theirs() {
        assert_eq!(stem("والنزيف"), "نزيف");
        assert_eq!(stem("بالظهر"), "ظهر");
        assert_eq!(stem("الم"), "الم");
    }

    #[test]
    fn a_word_is_found_under_what_is_written_onto_it() {
        assert!(bare("وظهري").contains(&"ظهر".to_owned()));
        assert!(bare("مشيمتي").contains(&"مشيمه".to_owned()));
    }
}
