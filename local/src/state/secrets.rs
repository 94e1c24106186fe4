//! The API key and the signing secret that the stack makes for itself. They are kept, so that a restart
//! breaks no script and redelivered webhooks verify with the same secret.

use std::path::Path;
use std::{fmt, fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{StateError, private_file};

/// The made secrets. `Debug` shows nothing of them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// What a caller sends as `x-api-key` or bearer token.
    pub(crate) api_key: String,
    /// Standard Webhooks secret, `whsec_` and 32 bytes in base64.
    pub(crate) signing_secret: String,
}

impl Secrets {
    /// SHA-256 of the API key in lower-case hex, as `INBOUND_API_KEYS` holds it.
    pub(crate) fn api_key_hash(&self) -> String {
        hex::encode(Sha256::digest(self.api_key.as_bytes()))
    }

    pub(super) fn from_random(key: &[u8; 24], signing: &[u8; 32]) -> Self {
        Self {
            api_key: format!("rwg_local_{}", hex::encode(key)),
            signing_secret: format!("whsec_{}", STANDARD.encode(signing)),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// The secrets in the file at `path`, made and written if there is none.
pub(super) fn load_or_make(path: &Path) -> Result<Secrets, StateError> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map_err(|error| StateError::Damaged { path: path.to_owned(), problem: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(path).map_err(|source| StateError::Unusable { path: path.to_owned(), source })
        }
        Err(source) => Err(StateError::Unusable { path: path.to_owned(), source }),
    }
}

fn make(path: &Path) -> io::Result<Secrets> {
    let (mut key, mut signing) = ([0; 24], [0; 32]);
    getrandom::fill(&mut key).and_then(|()| getrandom::fill(&mut signing)).map_err(io::Error::other)?;
    let secrets = Secrets::from_random(&key, &signing);
    private_file::write_json(path, &secrets)?;
    Ok(secrets)
}
