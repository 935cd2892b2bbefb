//! The few Bot API calls that every turn makes, over teloxide's client.
//!
//! They are posted here and not through teloxide's own requests for two reasons: those sleep 10 s inside the call on every 5xx, and
//! parse a whole `Message` of which nothing is needed. Nothing here logs a body or a URL: the one holds what people typed, the other
//! the token.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, StatusCode, Url, header};
use serde::Deserialize;
use serde_json::Value;
use teloxide::Bot;

use super::checkup::Webhook;
use super::photos::Photo;
use crate::media::Picture;
use crate::render::Fields;
use crate::service::File;
use crate::service::meter::Meter;

/// What became of a call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The message already shows just this: as good as done.
    NotModified,
    /// Too old, deleted, or not ours: the page has to be sent anew.
    CannotEdit,
    /// The press was answered before, or too long ago.
    Expired,
    /// Nobody is there: blocked, deactivated, or never met.
    Gone,
    /// Telegram asks to wait.
    TooMany(Duration),
    /// The server or the way there failed; the call may or may not have been carried out.
    Broken(String),
    /// The token is wrong.
    Unauthorized,
    /// Somebody else polls, or a webhook is set.
    Conflict(String),
    /// No picture has this id.
    UnknownPicture,
    /// Any other refusal: asking again would not help.
    Refused(String),
}

/// The Bot API as one bot sees it. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    bot: Bot,
    meter: Arc<Meter>,
    send: Url,
    send_photo: Url,
    edit: Url,
    edit_media: Url,
    edit_caption: Url,
    answer: Url,
    delete: Url,
    updates: Url,
    set_webhook: Url,
    webhook: Url,
    file: Url,
}

/// The methods that are posted here.
const METHODS: [&str; 11] = [
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "editMessageText",
    "editMessageMedia",
    "editMessageCaption",
    "answerCallbackQuery",
    "deleteMessage",
    "getUpdates",
    "setWebhook",
    "getWebhookInfo",
];

/// The kinds of updates that are asked for.
const KINDS: &str = "[\"message\",\"callback_query\",\"my_chat_member\"]";

/// A reply is waited for this long; longer, and the connection counts as broken.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

impl Api {
    /// # Errors
    /// A base that cannot carry paths.
    pub fn new(bot: Bot, meter: Arc<Meter>) -> Result<Api, String> {
        let base = bot.api_url();
        let base = base.as_str().trim_end_matches('/');
        let url = |method: &str| {
            Url::parse(&format!("{base}/bot{}/{method}", bot.token())).map_err(|_| format!("{base} is no address for an API"))
        };
        Ok(Api {
            send: url("sendMessage")?,
            send_photo: url("sendPhoto")?,
            edit: url("editMessageText")?,
            edit_media: url("editMessageMedia")?,
            edit_caption: url("editMessageCaption")?,
            answer: url("answerCallbackQuery")?,
            delete: url("deleteMessage")?,
            updates: url("getUpdates")?,
            set_webhook: url("setWebhook")?,
            webhook: url("getWebhookInfo")?,
            file: url("sendDocument")?,
            bot,
            meter,
        })
    }

    /// teloxide's bot, for the rare calls.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    pub async fn send(&self, chat: i64, Fields { words, keyboard }: &Fields) -> Result<(), Failure> {
        self.carry_out(&self.send, format!("{{\"chat_id\":{chat},{words},\"reply_markup\":{keyboard}}}")).await
    }

    pub async fn edit(&self, chat: i64, message: i64, fields: &Fields) -> Result<(), Failure> {
        self.put_words(&self.edit, chat, message, fields).await
    }

    /// Puts other words under the picture that a message shows.
    pub async fn edit_caption(&self, chat: i64, message: i64, fields: &Fields) -> Result<(), Failure> {
        self.put_words(&self.edit_caption, chat, message, fields).await
    }

    async fn put_words(&self, url: &Url, chat: i64, message: i64, fields: &Fields) -> Result<(), Failure> {
        let Fields { words, keyboard } = fields;
        let body = format!("{{\"chat_id\":{chat},\"message_id\":{message},{words},\"reply_markup\":{keyboard}}}");
        self.carry_out(url, body).await
    }

    /// Sends a picture with its words; tells the id of one that was brought.
    pub async fn send_photo(&self, chat: i64, fields: &Fields, photo: Photo) -> Result<Option<String>, Failure> {
        let Fields { words, keyboard } = fields;
        let named = named(&photo);
        let body = format!("{{\"chat_id\":{chat},\"photo\":{named},{words},\"reply_markup\":{keyboard}}}");
        self.show_photo(&self.send_photo, body, photo).await
    }

    /// Puts a picture with its words in place of what a message shows.
    pub async fn edit_photo(&self, chat: i64, message: i64, fields: &Fields, photo: Photo) -> Result<Option<String>, Failure> {
        let Fields { words, keyboard } = fields;
        let named = named(&photo);
        let media = format!("{{\"type\":\"photo\",\"media\":{named},{words}}}");
        let body = format!("{{\"chat_id\":{chat},\"message_id\":{message},\"media\":{media},\"reply_markup\":{keyboard}}}");
        self.show_photo(&self.edit_media, body, photo).await
    }

    async fn show_photo(&self, url: &Url, body: String, photo: Photo) -> Result<Option<String>, Failure> {
        let Photo::Bytes(picture) = photo else { return self.carry_out(url, body).await.map(|()| None) };
        let reply = self.post(url, Body::Form(body, &picture), PATIENCE).await?;
        Ok(photo_id(&reply))
    }

    /// Answers a press: the button stops spinning.
    pub async fn answer(&self, press: &str) -> Result<(), Failure> {
        let press = Value::from(press);
        self.carry_out(&self.answer, format!("{{\"callback_query_id\":{press}}}")).await
    }

    pub async fn delete(&self, chat: i64, message: i64) -> Result<(), Failure> {
        self.carry_out(&self.delete, format!("{{\"chat_id\":{chat},\"message_id\":{message}}}")).await
    }

    /// Sends a file that a person can read.
    pub async fn send_file(&self, chat: i64, file: &File) -> Result<(), Failure> {
        let document = Part::bytes(file.content.as_bytes().to_vec()).file_name(file.name.clone());
        let document = document.mime_str(file.media).map_err(|error| Failure::Refused(reason(&error)))?;
        let form = Form::new().text("chat_id", chat.to_string()).part("document", document);
        let request = self.bot.client().post(self.file.clone()).multipart(form);
        self.meet(&self.file, request, PATIENCE).await.map(|_| ())
    }

    /// The raw reply to `getUpdates`. The kinds of updates are named in every call: named once, they are lost with a call that fails.
    pub async fn updates(&self, offset: i64, seconds: u64, limit: u8) -> Result<Vec<u8>, Failure> {
        let body = format!("{{\"offset\":{offset},\"timeout\":{seconds},\"limit\":{limit},\"allowed_updates\":{KINDS}}}");
        self.post(&self.updates, Body::Json(body), PATIENCE + Duration::from_secs(seconds)).await
    }

    /// From now on Telegram brings updates to `url`, over at most so many connections at once.
    pub async fn set_webhook(&self, url: &str, secret: &str, connections: u8) -> Result<(), Failure> {
        let (url, secret) = (Value::from(url), Value::from(secret));
        let body = format!(
            "{{\"url\":{url},\"secret_token\":{secret},\"max_connections\":{connections},\"allowed_updates\":{KINDS}}}"
        );
        self.carry_out(&self.set_webhook, body).await
    }

    /// The webhook as it stands with Telegram.
    pub async fn webhook(&self) -> Result<Webhook, Failure> {
        #[derive(Deserialize)]
        struct Reply {
            result: Webhook,
        }
        let reply = self.post(&self.webhook, Body::Json(String::from("{}")), PATIENCE).await?;
        let read: Result<Reply, _> = serde_json::from_slice(&reply);
        read.map(|reply| reply.result).map_err(|_| Failure::Broken(String::from("what answered is no Bot API")))
    }

    /// A success is told by its status alone: a reply that does not parse belongs to a call that was carried out, and sending again
    /// would say it twice.
    async fn carry_out(&self, url: &Url, body: String) -> Result<(), Failure> {
        self.post(url, Body::Json(body), PATIENCE).await.map(|_| ())
    }

    async fn post(&self, url: &Url, body: Body<'_>, patience: Duration) -> Result<Vec<u8>, Failure> {
        let request = self.bot.client().post(url.clone());
        let request = match body {
            Body::Json(json) => {
                request.header(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json")).body(json)
            }
            Body::Form(json, picture) => request.multipart(form(&json, picture)),
        };
        self.meet(url, request, patience).await
    }

    async fn meet(&self, url: &Url, request: RequestBuilder, patience: Duration) -> Result<Vec<u8>, Failure> {
        let begun = Instant::now();
        let (answer, error) = call(request.timeout(patience)).await;
        // The last piece of the address is the method; what stands before it holds the token.
        let method = METHODS.into_iter().find(|method| url.path().ends_with(method)).unwrap_or("other");
        self.meter.called(method, begun.elapsed(), error);
        if answer.is_ok() {
            self.meter.heard(Timestamp::now());
        }
        answer
    }
}

/// The reply, and the code of its error if it has one.
async fn call(request: RequestBuilder) -> (Result<Vec<u8>, Failure>, Option<Cow<'static, str>>) {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return (Err(Failure::Broken(reason(&error))), Some(Cow::Borrowed("no-answer"))),
    };
    let status = response.status();
    let bytes = response.bytes().await;
    if status.is_success() {
        return (Ok(bytes.map(Vec::from).unwrap_or_default()), None);
    }
    (Err(refused(status, &bytes.unwrap_or_default())), Some(Cow::Owned(status.as_str().to_owned())))
}

/// What a call carries.
enum Body<'a> {
    Json(String),
    /// The same fields, and the bytes of a picture that they name.
    Form(String, &'a Picture),
}

/// How the fields of a form name the file beside them.
const ATTACHED: &str = "picture";

fn named(photo: &Photo) -> serde_json::Value {
    match photo {
        Photo::Known(id) => id.as_ref().into(),
        Photo::Bytes(_) => format!("attach://{ATTACHED}").into(),
    }
}

fn form(json: &str, picture: &Picture) -> Form {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let form = fields.into_iter().fold(Form::new(), |form, (name, value)| match value {
        serde_json::Value::String(text) => form.text(name, text),
        value => form.text(name, value.to_string()),
    });
    // The client wants bytes of its own, and this is done once a picture.
    let file = Part::bytes(picture.bytes.to_vec()).file_name(format!("{}.{}", picture.content, picture.kind));
    form.part(ATTACHED, file)
}

/// The id of the largest size of a picture that a reply tells of.
fn photo_id(reply: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Reply {
        result: Sent,
    }
    #[derive(Deserialize)]
    struct Sent {
        photo: Vec<Size>,
    }
    #[derive(Deserialize)]
    struct Size {
        file_id: String,
    }
    let reply: Reply = serde_json::from_slice(reply).ok()?;
    reply.result.photo.into_iter().last().map(|size| size.file_id)
}

/// Why a request failed, without its address, for that holds the token.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if error.is_timeout() {
        "no answer in time".to_owned()
    } else if std::ptr::eq(cause, error as &dyn std::error::Error) {
        "the connection failed".to_owned()
    } else {
        cause.to_string()
    }
}

fn refused(status: StatusCode, body: &[u8]) -> Failure {
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or(Refusal { description: String::new(), parameters: None });
    let says = refusal.description.to_ascii_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| says.contains(word));
    match status.as_u16() {
        401 | 404 => Failure::Unauthorized,
        409 => Failure::Conflict(refusal.description),
        429 => Failure::TooMany(Duration::from_secs(refusal.parameters.and_then(|known| known.retry_after).unwrap_or(1))),
        500.. => Failure::Broken(format!("Telegram answered {status}")),
        403 => Failure::Gone,
        _ if holds(&["message is not modified"]) => Failure::NotModified,
        _ if holds(&["chat not found", "user is deactivated", "peer_id_invalid", "bot was kicked"]) => Failure::Gone,
        _ if holds(&[
            "wrong file identifier",
            "wrong remote file",
            "wrong padding in the string",
            "file reference expired",
        ]) =>
        {
            Failure::UnknownPicture
        }
        _ if holds(&["query is too old", "query id is invalid"]) => Failure::Expired,
        _ if holds(&[
            "message can't be edited",
            "message to edit not found",
            "message_id_invalid",
            "no text in the message",
            "no caption in the message",
        ]) =>
        {
            Failure::CannotEdit
        }
        _ => Failure::Refused(refusal.description),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, description: &str) -> Failure {
        let body = format!("{{\"ok\":false,\"error_code\":{status},\"description\":\"{description}\"}}");
        refused(StatusCode::from_u16(status).unwrap(), body.as_bytes())
    }

    #[test]
    fn telegrams_refusals_are_told_apart() {
        let same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
        assert_eq!(told(400, same), Failure::NotModified);
        assert_eq!(told(400, "Bad Request: message can't be edited"), Failure::CannotEdit);
        assert_eq!(told(400, "Bad Request: message to edit not found"), Failure::CannotEdit);
        let late = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        assert_eq!(told(400, late), Failure::Expired);
        assert_eq!(told(403, "Forbidden: bot was blocked by the user"), Failure::Gone);
        assert_eq!(told(400, "Bad Request: chat not found"), Failure::Gone);
        assert_eq!(told(401, "Unauthorized"), Failure::Unauthorized);
        assert!(matches!(told(502, ""), Failure::Broken(_)));
    }

    #[test]
    fn a_wait_is_read_and_has_a_default() {
        let body = br#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}"#;
        assert_eq!(refused(StatusCode::TOO_MANY_REQUESTS, body), Failure::TooMany(Duration::from_secs(7)));
        assert_eq!(refused(StatusCode::TOO_MANY_REQUESTS, b"<html>"), Failure::TooMany(Duration::from_secs(1)));
    }
}
