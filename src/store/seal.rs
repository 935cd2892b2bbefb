//! Sealing: what a stolen file must not tell, and the key to it.
//!
//! Sealed bytes are a random nonce of 24 bytes, the ciphertext, and its tag (XChaCha20-Poly1305). The table's name and the row's id
//! are authenticated with them, so a row that was moved or swapped is refused like one that was changed.
//!
//! Never here: SQL; a key, or a word of what was sealed, in an error or a log line.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};

/// The key's file, beside the data.
pub(super) const KEY_FILE: &str = "data.key";

const KEY: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;

/// The key to what is sealed. Its cipher wipes itself from memory when it is dropped.
#[derive(Clone)]
pub struct DataKey(XChaCha20Poly1305);

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("is {0} characters long, but a key is 64 hex digits, or 32 bytes in base64; make one with: openssl rand -hex 32")]
    Length(usize),
    #[error("is neither 64 hex digits nor 32 bytes in base64; make one with: openssl rand -hex 32")]
    Digits,
    #[error(
        "{path}: what stands there {wrong}. Put the right file back; or remove it, and a new key is made, which opens nothing that \
         was sealed before"
    )]
    InFile { path: PathBuf, wrong: Box<KeyError> },
    #[error("{path}: could not {doing} the key file: {source}; make its folder readable and writable, or set DATA_KEY")]
    File { path: PathBuf, doing: &'static str, source: io::Error },
    #[error(
        "is not set, and with PostgreSQL there is no file for it; make one with openssl rand -hex 32, and set the same for all \
         replicas"
    )]
    Missing,
    #[error(transparent)]
    Seal(#[from] SealError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the system gives no random bytes; nothing can be sealed until it does")]
    NoRandomness,
    #[error("sealed with another key, or changed since")]
    Refused,
}

impl DataKey {
    fn from_bytes(bytes: &[u8; KEY]) -> DataKey {
        DataKey(XChaCha20Poly1305::new(Key::from_slice(bytes)))
    }

    /// `place` and `id` say where the bytes will lie; only from there can they be opened.
    pub fn seal(&self, place: &str, id: i64, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
        sealed.resize(NONCE, 0);
        getrandom::fill(&mut sealed).map_err(|_| SealError::NoRandomness)?;
        sealed.extend_from_slice(plain);
        let (nonce, body) = sealed.split_at_mut(NONCE);
        let tag = self.0.encrypt_in_place_detached(XNonce::from_slice(nonce), &address(place, id), body);
        // Refused only past 256 GB, which no row is.
        sealed.extend_from_slice(&tag.map_err(|_| SealError::Refused)?);
        Ok(sealed)
    }

    pub fn open(&self, place: &str, id: i64, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(SealError::Refused)?;
        let (body, tag) = rest.len().checked_sub(TAG).and_then(|end| rest.split_at_checked(end)).ok_or(SealError::Refused)?;
        let mut plain = body.to_vec();
        self.0
            .decrypt_in_place_detached(XNonce::from_slice(nonce), &address(place, id), &mut plain, Tag::from_slice(tag))
            .map_err(|_| SealError::Refused)?;
        Ok(plain)
    }

    /// The key in this file; where there is none, a new one, readable by its owner alone.
    pub fn from_file_or_new(path: &Path) -> Result<DataKey, KeyError> {
        if let Some(key) = read_file(path)? {
            return Ok(key);
        }
        make_file(path)?;
        // Read back rather than kept: of two processes that start at once, both take the one that came first.
        let missing = || KeyError::File { path: path.into(), doing: "read", source: io::ErrorKind::NotFound.into() };
        read_file(path)?.ok_or_else(missing)
    }
}

/// What is authenticated beside the bytes. The id has a fixed length, so no two places share an address.
fn address(place: &str, id: i64) -> Vec<u8> {
    [place.as_bytes(), &id.to_be_bytes()].concat()
}

impl FromStr for DataKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<DataKey, KeyError> {
        let text = text.trim();
        let bytes = match text.trim_end_matches('=').len() {
            64 => HEXLOWER_PERMISSIVE.decode(text.as_bytes()),
            43 => BASE64_NOPAD.decode(text.trim_end_matches('=').replace('-', "+").replace('_', "/").as_bytes()),
            _ => return Err(KeyError::Length(text.chars().count())),
        };
        let bytes: [u8; KEY] = bytes.ok().and_then(|bytes| bytes.try_into().ok()).ok_or(KeyError::Digits)?;
        Ok(DataKey::from_bytes(&bytes))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(hidden)")
    }
}

fn read_file(path: &Path) -> Result<Option<DataKey>, KeyError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(KeyError::File { path: path.into(), doing: "read", source }),
    };
    if others_can_read(path) {
        log::warn!("{}: others on this machine can read the key to what is sealed; do: chmod 600 {0}", path.display());
    }
    text.parse().map(Some).map_err(|wrong| KeyError::InFile { path: path.into(), wrong: Box::new(wrong) })
}

/// Written whole beside its place, then linked there, so that a kill leaves no half a key and no key is ever overwritten.
fn make_file(path: &Path) -> Result<(), KeyError> {
    let mut bytes = [0; KEY + 4];
    getrandom::fill(&mut bytes).map_err(|_| SealError::NoRandomness)?;
    let (key, name) = bytes.split_at(KEY);
    let draft = path.with_extension(format!("new-{}", HEXLOWER.encode(name)));
    let made = write_draft(&draft, &HEXLOWER.encode(key)).and_then(|()| match fs::hard_link(&draft, path) {
        // Another process came first: its key is the one.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) => fs::rename(&draft, path),
        Ok(()) => Ok(()),
    });
    bytes.fill(0);
    let _ = fs::remove_file(&draft);
    made.map_err(|source| KeyError::File { path: path.into(), doing: "make", source })?;
    keep_entry(path);
    log::warn!(
        "{}: made a new key for what is sealed in the database. It lies beside it, so whoever takes the folder has both: for real \
         use, keep it elsewhere, set DATA_KEY to it and remove the file",
        path.display()
    );
    Ok(())
}

fn write_draft(draft: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// Makes the file's name survive a power cut as well; best effort, since not every file system can.
fn keep_entry(path: &Path) {
    if let Some(folder) = path.parent()
        && let Ok(folder) = fs::File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    {
        let _ = folder.sync_all();
    }
}

#[cfg(unix)]
pub(super) fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
pub(super) fn others_can_read(_: &Path) -> bool {
    false
}
