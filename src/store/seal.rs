//! Sealing: what a stolen file must not tell, and the key to it.
//!
//! Sealed bytes are a random nonce of 24 bytes, the ciphertext, and its tag (XChaCha20-Poly1305). The table's name and the row's id
//! are authenticated with them, so a row that was moved or swapped is refused like one that was changed.
//!
//! Never here: SQL; a file; a key, or a word of what was sealed, in an error or a log line.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};

const KEY: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;

/// The key to what is sealed. Its cipher wipes itself from memory when it is dropped.
#[derive(Clone)]
pub struct DataKey(XChaCha20Poly1305);

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("is {0} characters long, but a key is 64 hex digits, or 32 bytes in base64; make one with: backcare key new")]
    Length(usize),
    #[error("is neither 64 hex digits nor 32 bytes in base64; make one with: backcare key new")]
    Digits,
    #[error(
        "{path}: what stands there {wrong}. Put the right file back; or remove it, and a new key is made, which opens nothing that \
         was sealed before"
    )]
    InFile { path: PathBuf, wrong: Box<KeyError> },
    #[error("{path}: could not {doing} the key file: {source}; make its folder readable and writable, or set DATA_KEY")]
    File { path: PathBuf, doing: &'static str, source: io::Error },
    #[error(
        "is not set, and with PostgreSQL there is no file for it; make one with: backcare key new, and set the same for all \
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
        sealed.extend_from_slice(&random::<NONCE>()?);
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

/// A key as it is written down, to become the key of a database. Printing it by mistake prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey(String);

impl NewKey {
    /// One that nobody has seen.
    pub fn fresh() -> Result<NewKey, KeyError> {
        let mut bytes = random::<KEY>()?;
        let key = NewKey(HEXLOWER.encode(&bytes));
        bytes.fill(0);
        Ok(key)
    }

    /// What stands in settings and files.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn key(&self) -> Result<DataKey, KeyError> {
        self.0.parse()
    }
}

impl FromStr for NewKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<NewKey, KeyError> {
        text.parse::<DataKey>().map(|_| NewKey(text.trim().to_owned()))
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewKey(hidden)")
    }
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SealError::NoRandomness)?;
    Ok(bytes)
}
