//! JSON Schemas of a book's files, so that an editor completes, explains and checks while an author types. All of it comes from the
//! declarations that the files are read by; what depends on other files, such as whether a page exists, is left to `check`.

use serde_json::{Map, Value, json};

use crate::dialogue::understand::{BEYOND, Wish};
use crate::source::lower::keys::{
    BOOK, CHECKED_BY, CHECKED_ON, COMMENTS, KINDS, Key, PAGE, PAGE_REVIEW, RESERVED, REVIEW_OF, REVIEWED_BY, REVIEWED_ON,
    SOURCE, Shape, TEXT, TRANSLATED, TRANSLATION, UNDERSTANDING, WARNING, WEEKLY,
};
use crate::source::lower::takes::{Names, Takes};
use crate::source::lower::{phrases, weekly_words};

/// The kinds of files that a book has; all files but the seven with a name of their own are `pages`, and those in a language's folder are
/// `translation`.
pub const FILES: [&str; 9] = ["book", "words", "understanding", "signs", "asks", "weekly", "reviews", "pages", "translation"];

const ID: &str = "^[a-z0-9-]+$";

/// The schema of one kind of file, as text; `None` if there is no such kind.
pub fn schema(kind: &str) -> Option<String> {
    let mut defs = Defs::default();
    let mut top = match kind {
        "book" => defs.shape(&BOOK),
        "words" => words(&mut defs),
        "understanding" => defs.shape(&UNDERSTANDING),
        "signs" => {
            let warning = defs.point(&WARNING);
            json!({"type": "object", "propertyNames": {"pattern": ID}, "additionalProperties": warning})
        }
        "asks" => asks(&mut defs),
        "weekly" => defs.shape(&WEEKLY),
        "reviews" => reviews(&mut defs),
        "pages" => pages(&mut defs),
        "translation" => translation(&mut defs),
        _ => return None,
    };
    let about = match kind {
        "book" => "The front page of a book: where it starts, its commands, its sources, its regions.",
        "words" => "The bot's own phrases.",
        "understanding" => "Words that mean the same, and what tells how a thing is meant.",
        "signs" => "The warning signs, the most urgent first.",
        "asks" => "How people ask for pages, in their own words.",
        "weekly" => "The weekly tips, and when they are sent.",
        "reviews" => "What clinicians said of the pages: who has found which one right, and comments.",
        "translation" => "The words of one file in another language, each under the way to it.",
        _ => "Pages of a book, each under its id.",
    };
    let fields = top.as_object_mut()?;
    let mut whole = Map::new();
    whole.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("title".into(), json!(format!("Backcare: {kind}")));
    whole.insert("description".into(), json!(about));
    whole.append(fields);
    whole.insert("$defs".into(), Value::Object(defs.known));
    serde_json::to_string_pretty(&whole).ok().map(|text| text + "\n")
}

/// A language's file: who stands for it, and under each way its words; nothing where they are still missing.
fn translation(defs: &mut Defs) -> Value {
    let mut schema = defs.keys([&TRANSLATED, &CHECKED_BY, &CHECKED_ON].into_iter());
    let mut entry = defs.shape(&TRANSLATION);
    // What waits for a translator is empty.
    for key in TRANSLATION.all() {
        entry["properties"][key.name]["type"] = json!(["string", "number", "boolean", "null"]);
    }
    schema["additionalProperties"] = json!({"anyOf": [entry, {"type": "null"}]});
    schema
}

/// Under each page what was said of it. A review is whole, or there is none; what is left of one that was seen to may be empty.
fn reviews(defs: &mut Defs) -> Value {
    let mut review = defs.shape(&PAGE_REVIEW);
    let whole = [&REVIEWED_BY, &REVIEWED_ON, &REVIEW_OF].map(|key| key.name);
    let others = |name: &str| json!(whole.iter().filter(|other| **other != name).collect::<Vec<_>>());
    review["dependentRequired"] = Value::Object(whole.iter().map(|name| ((*name).to_owned(), others(name))).collect());
    let comments = &mut review["properties"][COMMENTS.name];
    comments["type"] = json!(["array", "null"]);
    comments["minItems"] = json!(0);
    review["type"] = json!(["object", "null"]);
    json!({"type": "object", "propertyNames": {"pattern": ID}, "additionalProperties": review})
}

/// Shapes that were met, each under its name.
#[derive(Default)]
struct Defs {
    known: Map<String, Value>,
    met: Vec<&'static Shape>,
}

impl Defs {
    /// A pointer to a shape. Its name is reserved before it is looked into, for a shape may hold itself.
    fn point(&mut self, shape: &'static Shape) -> Value {
        let name = shape.name.replace(['`', '.'], "").replace(' ', "-");
        let met = self.met.iter().find(|other| other.name == shape.name);
        debug_assert!(met.is_none_or(|met| std::ptr::eq(*met, shape)), "two shapes are called {}", shape.name);
        if met.is_none() {
            self.met.push(shape);
            self.known.insert(name.clone(), Value::Null);
            let schema = self.shape(shape);
            self.known.insert(name.clone(), schema);
        }
        json!({"$ref": format!("#/$defs/{name}")})
    }

    fn shape(&mut self, shape: &'static Shape) -> Value {
        let mut schema = self.keys(shape.all());
        let needs: Vec<&str> = shape.needs.iter().map(|key| key.name).collect();
        if !needs.is_empty() {
            schema["required"] = json!(needs);
        }
        let there = |group: &&[&'static Key]| {
            let keys: Vec<Value> = group.iter().map(|key| json!({"required": [key.name]})).collect();
            json!({"anyOf": keys})
        };
        let groups: Vec<Value> = shape.one_of.iter().map(there).collect();
        if !groups.is_empty() {
            schema["oneOf"] = json!(groups);
        }
        schema
    }

    /// Exactly these keys, each with what it is for.
    fn keys<'k>(&mut self, keys: impl Iterator<Item = &'k Key>) -> Value {
        let properties: Map<String, Value> = keys.map(|key| (key.name.to_owned(), self.key(key))).collect();
        json!({"type": "object", "properties": properties, "additionalProperties": false})
    }

    fn key(&mut self, key: &Key) -> Value {
        let mut schema = self.takes(&key.takes);
        schema["description"] = json!(key.what);
        schema
    }

    fn takes(&mut self, takes: &Takes) -> Value {
        match takes {
            Takes::Anything => json!({}),
            // A text of digits alone is a number to YAML, and a text to the book.
            Takes::Words => json!({"type": ["string", "number", "boolean"], "pattern": r"^[^\n{]*\S[^\n{]*\n?$"}),
            Takes::Plain | Takes::Text => json!({"type": ["string", "number", "boolean"], "pattern": r"\S"}),
            Takes::Page | Takes::Id | Takes::Source => json!({"type": ["string", "number"], "pattern": ID}),
            Takes::Moved => json!({"type": ["string", "number"], "pattern": r"^[a-z0-9-]+(\.[a-z0-9-]+)?$"}),
            Takes::Language => json!({"type": "string", "pattern": "^[a-z]{2}$"}),
            Takes::Flag => json!({"type": "boolean"}),
            Takes::Number(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
            Takes::Measure(unit, most) => json!({"type": "string", "pattern": format!("^{}{unit}$", up_to(*most))}),
            Takes::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}),
            Takes::File(ends) => {
                json!({"type": "string", "pattern": format!(r"^[^./\\:][^/\\:]*\.({})$", ends().join("|"))})
            }
            Takes::Address => json!({"type": "string", "pattern": r"^https?://[^/\s]\S*$"}),
            Takes::Weeks => json!({"type": ["string", "number"], "pattern": r"^([0-9]+\.\.[0-9]*|\.\.[0-9]+)$"}),
            Takes::Hours => json!({"type": "string", "pattern": r"^([01]?[0-9]|2[0-3])\.\.([01]?[0-9]|2[0-3])$"}),
            Takes::OneOf(names) => json!({"enum": names()}),
            Takes::ListOf(item) => json!({"type": "array", "items": self.takes(item), "minItems": 1}),
            Takes::SoMany(count, item) => {
                json!({"type": "array", "items": self.takes(item), "minItems": count, "maxItems": count})
            }
            Takes::One(shape) => self.point(shape),
            Takes::Each(names, each) => {
                let each = self.takes(each);
                json!({"type": "object", "minProperties": 1, "propertyNames": named(*names), "additionalProperties": each})
            }
            Takes::Either(ways) => json!({"anyOf": ways.iter().map(|way| self.takes(way)).collect::<Vec<_>>()}),
        }
    }
}

fn named(names: Names) -> Value {
    match names {
        Names::Ids => json!({"pattern": ID}),
        Names::Commands => json!({"pattern": "^[a-z0-9_]{1,32}$"}),
        Names::Languages => json!({"pattern": "^[a-z]{2}$"}),
        Names::Moved => json!({"pattern": r"^[a-z0-9-]+(\.[a-z0-9-]+)?$"}),
        Names::Fixed(names) => json!({"enum": names()}),
        Names::Free => json!({}),
    }
}

/// Numbers from 1 to at most `most`, as a pattern: as long as `most` at most, digit by digit.
fn up_to(most: u32) -> String {
    let digits = most.to_string();
    let mut ways: Vec<String> = Vec::new();
    for (at, digit) in digits.bytes().enumerate() {
        let rest = digits.len() - at - 1;
        let low = if at == 0 { b'1' } else { b'0' };
        if digit > low {
            let before = digits.get(..at).unwrap_or_default();
            ways.push(format!("{before}[{}-{}][0-9]{{{rest}}}", char::from(low), char::from(digit - 1)));
        }
    }
    if digits.len() > 1 {
        ways.push(format!("[1-9][0-9]{{0,{}}}", digits.len() - 2));
    }
    ways.push(digits);
    format!("0*({})", ways.join("|"))
}

/// The phrases; the words of the sign-up are for books with weekly tips.
fn words(defs: &mut Defs) -> Value {
    let all = |defs: &mut Defs, keys: &[Key], needed: &[&str]| {
        let mut schema = defs.keys(keys.iter());
        schema["required"] = json!(needed);
        schema
    };
    let mut weekly = all(defs, &weekly_words::keys(), &weekly_words::needed());
    weekly["description"] = json!("The words of the weekly sign-up. A book without weekly tips leaves it out.");
    let mut schema = all(defs, &phrases::keys(), &phrases::needed());
    schema["properties"][phrases::WEEKLY] = weekly;
    schema
}

fn asks(defs: &mut Defs) -> Value {
    let phrases = defs.takes(&Takes::ListOf(&Takes::Plain));
    let told = |name: &str, what: &str| {
        let mut schema = phrases.clone();
        schema["description"] = json!(what);
        (name.to_owned(), schema)
    };
    let wish = |wish: Wish| match wish {
        Wish::Stop => "How people ask for no more weekly tips.",
        Wish::Change => "How people ask for tips at another time.",
        Wish::Week => "How people say that their week is another.",
    };
    let wishes = Wish::ALL.into_iter().map(|each| told(each.name(), wish(each)));
    let own: Map<String, Value> = wishes.chain([told(BEYOND, "What people ask that the book has nothing about.")]).collect();
    json!({
        "type": "object",
        "properties": own,
        "patternProperties": {ID: phrases},
        "additionalProperties": false,
    })
}

/// Page ids, and what stands under each. The kind of a page is told by one key; asking for that key first, an editor complains of
/// what is wrong with a question as a question.
fn pages(defs: &mut Defs) -> Value {
    let mut page = defs.point(&PAGE);
    for (key, shape) in KINDS.iter().rev() {
        let kind = defs.point(shape);
        page = json!({"if": {"required": [key.name]}, "then": kind, "else": page});
    }
    // What is offered on a page that has nothing yet.
    let telling: Map<String, Value> = KINDS
        .iter()
        .map(|(key, _)| *key)
        .chain([&TEXT])
        .map(|key| (key.name.to_owned(), json!({"description": key.what})))
        .collect();
    page["type"] = json!("object");
    page["properties"] = Value::Object(telling);
    defs.known.insert("any-page".into(), page);
    let mut own: Map<String, Value> = RESERVED.iter().map(|name| ((*name).to_owned(), json!(false))).collect();
    own.insert(SOURCE.name.into(), defs.key(&SOURCE));
    json!({
        "type": "object",
        "properties": own,
        "propertyNames": {"pattern": ID},
        "additionalProperties": {"$ref": "#/$defs/any-page"},
    })
}
