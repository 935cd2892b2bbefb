//! The keys of the files beside pages and `book.yaml`: how people say things, the weekly tips, the texts of other languages, reviews.

use super::super::takes::Names::{Fixed, Free, Ids};
use super::super::takes::Takes::{self, Date, Each, Hours, ListOf, Measure, Number, One, OneOf, Page, Plain, Weeks, Words};
use super::{GOTO, Key, PHRASES, SOURCE, Shape, TEXT, WEEK, counts, cues, days};

// --- understanding.yaml, signs.yaml -----------------------------------------------------------------------------------------------

keys! {
    CUES = "cues": Each(Fixed(cues), &PHRASES), "What tells how a thing is meant: denied, past, only asked about, somebody else's.";
    MEANINGS = "words": Each(Ids, &PHRASES), "Words and phrases that mean the same, under a name for what they mean.";
    SPELLING = "spelling": Each(Free, &Words), "Short forms and emoji, and what they stand for.";
    OTHER_LANGUAGE = "other-language": Page, "The page that answers in a language that the book does not speak.";

    SAYS = "says": PHRASES, "What makes the sign: meanings in braces and words as they are, all of them in one sentence.";
    EXAMPLES = "examples": PHRASES, "Sentences in which the sign is there, in people's own words.";
    PAST = "past": OneOf(counts), "counts: what lies in the past is a sign all the same.";
    ASKED = "asked": OneOf(counts), "counts: who only asks about it is answered as if it were there.";
    WARNING_WEEKS = "weeks": Weeks, "The weeks in which it is a sign, as 16.. or ..14 or 20..36.";
}

shapes! {
    UNDERSTANDING = "`understanding.yaml`": &[&CUES, &MEANINGS, &SPELLING, &OTHER_LANGUAGE];
    WARNING = "a warning sign": &[&GOTO, &WARNING_WEEKS, &PAST, &ASKED, &SAYS, &EXAMPLES] => needs &[&GOTO, &SAYS, &EXAMPLES];
}

// --- weekly.yaml -----------------------------------------------------------------------------------------------------------------

keys! {
    POLICY = "policy": One(&POLICY_MAP), "When tips are sent, and when not.";
    TIPS = "tips": Each(Ids, &One(&TIP)), "The weekly tips, each under an id that never changes.";

    DAY = "day": OneOf(days), "The day on which a tip comes to readers who chose none, as monday.";
    HOUR = "hour": Number(0, 23), "The hour at which it comes to them, from 0 to 23.";
    // After a day, the tip is no longer that day's.
    LATE = "late": Measure('h', 24), "How late a tip is still sent, as 12h; after that it is skipped.";
    QUIET = "quiet": Hours, "The hours in which no tip arrives, as 21..8.";
    LAST_WEEK = "last-week": WEEK, "The week whose tip is the last; left out, the last that the book counts.";
    // Nearly two years of them.
    MOST = "most": Number(1, 100), "How many tips readers get who keep no week.";

    TIP_WEEKS = "weeks": Weeks, "The weeks that it fits, as 16.. or ..14 or 20..36; left out, any week.";
    FROM_PAGE = "from": Page, "The page that this tip comes from; a button leads there.";
    TIP_WITHDRAWN = "withdrawn": Plain, "Why this tip was taken back; it is no longer sent.";
}

shapes! {
    WEEKLY = "`weekly.yaml`": &[&SOURCE, &POLICY, &TIPS] => needs &[&TIPS];
    POLICY_MAP = "`policy`": &[&DAY, &HOUR, &LATE, &QUIET, &LAST_WEEK, &MOST];
    TIP = "a tip": &[&TIP_WEEKS, &FROM_PAGE, &SOURCE, &TIP_WITHDRAWN, &TEXT] => needs &[&FROM_PAGE, &TEXT];
}

// --- a language's files ------------------------------------------------------------------------------------------------------------

keys! {
    OF = "of": Takes::Id, "The fingerprint of the text that was translated; `backcare translate` writes it.";
    SAID = "say": Plain, "The words in this language.";
    NOTE = "note": Plain, "A translator's own note.";

    TRANSLATED = "translated": Words, "Who translated this file: machine, or a name.";
    CHECKED_BY = "checked-by": Words, "Who has checked it.";
    CHECKED_ON = "checked-on": Date, "When it was last checked.";
}

shapes! {
    TRANSLATION = "a translated text": &[&OF, &SAID, &NOTE];
}

// --- reviews.yaml ------------------------------------------------------------------------------------------------------------------

keys! {
    REVIEWED_BY = "reviewed-by": Words, "Who has found this page right, as readers are told: a name, a comma, a role.";
    REVIEWED_ON = "reviewed-on": Date, "The day on which they did.";
    REVIEW_OF = "of": Takes::Id, "The fingerprint of the page as they saw it; `backcare review` writes it.";
    COMMENTS = "comments": ListOf(&One(&COMMENT)), "What was said of this page. Take a comment out once the page is mended.";

    COMMENT_BY = "by": Words, "Who says it: a name, a comma, a role.";
    COMMENT_ON = "on": Date, "The day on which they said it.";
    COMMENT_SAYS = "says": Plain, "What they say.";
}

shapes! {
    PAGE_REVIEW = "a page's review": &[&REVIEWED_BY, &REVIEWED_ON, &REVIEW_OF, &COMMENTS];
    COMMENT = "a comment": &[&COMMENT_BY, &COMMENT_ON, &COMMENT_SAYS] => needs &[&COMMENT_BY, &COMMENT_ON, &COMMENT_SAYS];
}
