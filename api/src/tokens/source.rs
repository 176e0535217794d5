//! Where an issuer publishes its keys, and how they are fetched from there.

use std::{net::IpAddr, time::Duration};

use reqwest::{Client, Url, redirect::Policy};
use serde::Deserialize;

use super::keys::KeySet;

/// The longest that one fetch may take, discovery included.
const PATIENCE: Duration = Duration::from_secs(3);

/// The largest document that is read, in bytes.
const LARGEST_DOCUMENT: usize = 256 * 1024;

/// Why the keys of an issuer cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("issuer and audience must both be given")]
    Unnamed,
    #[error("not an address of https, or of http on the loopback interface: {0}")]
    Insecure(String),
    #[error("the issuer did not answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
    #[error("the issuer answered {0}")]
    Refused(u16),
    #[error("the issuer's answer is larger than {} KiB", LARGEST_DOCUMENT / 1024)]
    TooLarge,
    #[error("the issuer's answer is not the JSON that was asked for")]
    Unreadable,
    #[error("the issuer's configuration names another issuer")]
    AnotherIssuer,
    #[error("the issuer publishes no key that can be used")]
    NoKeys,
    #[error(transparent)]
    Connection(#[from] reqwest::Error),
}

/// Where the keys are.
enum Place {
    Known(Url),
    /// The configuration that says where (OpenID Connect Discovery 1.0, section 4): read anew at every fetch, so that
    /// an issuer can move its keys.
    Discovered {
        configuration: Url,
        issuer: String,
    },
}

pub(super) struct Source {
    client: Client,
    place: Place,
}

impl Source {
    pub fn new(issuer: &str, jwks_uri: Option<&str>) -> Result<Self, SourceError> {
        let place = match jwks_uri {
            Some(address) => Place::Known(secure(address)?),
            None => Place::Discovered {
                configuration: secure(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))?,
                issuer: issuer.to_owned(),
            },
        };
        // A redirect could lead anywhere, and an issuer has no need of one.
        let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE).build()?;
        Ok(Self { client, place })
    }

    /// The keys as they are published now: at least one, or an error.
    pub async fn fetch(&self) -> Result<KeySet, SourceError> {
        tokio::time::timeout(PATIENCE, self.published()).await.map_err(|_| SourceError::TooSlow)?
    }

    async fn published(&self) -> Result<KeySet, SourceError> {
        let document = match &self.place {
            Place::Known(address) => self.get(address.clone()).await?,
            Place::Discovered { configuration, issuer } => {
                self.get(jwks_address(&self.get(configuration.clone()).await?, issuer)?).await?
            }
        };
        let keys = KeySet::read(&document).ok_or(SourceError::Unreadable)?;
        if keys.is_empty() { Err(SourceError::NoKeys) } else { Ok(keys) }
    }

    async fn get(&self, address: Url) -> Result<Vec<u8>, SourceError> {
        let mut response = self.client.get(address).send().await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(SourceError::Refused(response.status().as_u16()));
        }
        let mut document = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if document.len() + chunk.len() > LARGEST_DOCUMENT {
                return Err(SourceError::TooLarge);
            }
            document.extend_from_slice(&chunk);
        }
        Ok(document)
    }
}

/// Where this configuration says that the keys are. It must be the issuer's own (Discovery 1.0, 4.3).
fn jwks_address(configuration: &[u8], issuer: &str) -> Result<Url, SourceError> {
    #[derive(Deserialize)]
    struct Configuration {
        issuer: String,
        jwks_uri: String,
    }
    let configuration: Configuration = serde_json::from_slice(configuration).map_err(|_| SourceError::Unreadable)?;
    if configuration.issuer != issuer {
        return Err(SourceError::AnotherIssuer);
    }
    secure(&configuration.jwks_uri)
}

/// Whether this is an address that nobody on the way can answer for: of https, or of this very machine.
pub fn is_secure(address: &str) -> bool {
    secure(address).is_ok()
}

fn secure(address: &str) -> Result<Url, SourceError> {
    let insecure = || SourceError::Insecure(address.to_owned());
    let url = Url::parse(address).map_err(|_| insecure())?;
    let fits = match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_loopback),
        _ => false,
    };
    if fits { Ok(url) } else { Err(insecure()) }
}

/// Whether this host is this very machine.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_very_machine() {
        for address in ["https://login.college.nl/keys", "http://localhost:3000", "http://127.0.0.1:9/a", "http://[::1]:9/a"] {
            assert!(secure(address).is_ok(), "{address}");
        }
        let insecure = [
            "http://login.college.nl/keys",
            "http://127.0.0.1.college.nl/",
            "http://localhost.college.nl/",
            "http://localhost@college.nl/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "file:///etc/passwd",
            "ftp://localhost/",
            "data:application/json,{}",
            "college",
            "",
        ];
        for address in insecure {
            assert!(matches!(secure(address), Err(SourceError::Insecure(_))), "{address}");
        }
    }

    #[test]
    fn a_configuration_that_names_another_issuer_is_not_followed() {
        let configuration = br#"{"issuer": "https://else.nl", "jwks_uri": "https://login.nl/keys"}"#;
        assert!(matches!(jwks_address(configuration, "https://login.nl"), Err(SourceError::AnotherIssuer)));
        assert!(jwks_address(configuration, "https://else.nl").is_ok());
        let downgrade = br#"{"issuer": "https://else.nl", "jwks_uri": "http://else.nl/keys"}"#;
        assert!(matches!(jwks_address(downgrade, "https://else.nl"), Err(SourceError::Insecure(_))));
    }
}
