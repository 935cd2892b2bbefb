//! Files on the wire: `multipart/form-data` as RFC 7578 has it, as far as the Bot API needs it.

use serde_json::{Map, Value, json};

/// The fields of a form; a file among them is an object with its name and its content. `None`: it is no such form.
pub fn read(kind: &str, body: &[u8]) -> Option<Map<String, Value>> {
    let boundary = kind.split_once("boundary=")?.1.trim_matches('"');
    let body = String::from_utf8_lossy(body);
    let mark = format!("--{boundary}");
    let mut fields = Map::new();
    for part in body.split(mark.as_str()).skip(1) {
        if part.starts_with("--") {
            return Some(fields);
        }
        let (head, content) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let content = content.strip_suffix("\r\n")?;
        let named = |name: &str| {
            let (_, rest) = head.split_once(&format!(" {name}=\""))?;
            rest.split_once('"').map(|(named, _)| named.to_owned())
        };
        let value = match named("filename") {
            Some(file) => json!({"file_name": file, "content": content}),
            None => content.into(),
        };
        fields.insert(named("name")?, value);
    }
    // It ended before its end.
    None
}
