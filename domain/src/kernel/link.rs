//! Addresses elsewhere that people give: read by a browser, never by us.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::SchemaFormat, schema::Type};

/// An absolute address (RFC 3986) of the scheme `https`, without user information, of at most 2000 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SecureLink(String);

const START: &str = "https://";
const MAX: usize = 2000;
/// What may stand after the host besides letters and digits.
const AFTER_HOST: &str = "-._~:/?#[]@!$&'()*+,;=%";
const PATTERN: &str =
    r"^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?$";

impl SecureLink {
    /// The address, or none where it is no such address.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(START).filter(|_| text.len() <= MAX)?;
        let (authority, after) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let edge = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric());
        let host_fits = edge(host.chars().next())
            && edge(host.chars().next_back())
            && host.chars().all(|sign| sign.is_ascii_alphanumeric() || ".-".contains(sign));
        let port_fits = port.is_none_or(|port| (1..=5).contains(&port.len()) && port.bytes().all(|digit| digit.is_ascii_digit()));
        let after_fits = after.chars().all(|sign| sign.is_ascii_alphanumeric() || AFTER_HOST.contains(sign));
        (host_fits && port_fits && after_fits).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SecureLink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("link"))
    }
}

impl utoipa::PartialSchema for SecureLink {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("uri".into())))
            .min_length(Some(9))
            .max_length(Some(MAX))
            .pattern(Some(PATTERN))
            .into()
    }
}
impl utoipa::ToSchema for SecureLink {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_named_host_over_https_and_to_nothing_else() {
        for link in ["https://e-to.voorbeeld.nl", "https://e-to.voorbeeld.nl:8443/cursus/12?les=3#opdracht", "https://10.0.0.1/"]
        {
            assert_eq!(SecureLink::parse(link).map(|link| link.0).as_deref(), Some(link));
        }
        for other in [
            "http://e-to.voorbeeld.nl",
            "https://",
            "https:///pad",
            "https://wie@e-to.voorbeeld.nl/",
            "https://e-to.voorbeeld.nl/een pad",
            "https://-e.nl",
            "https://e-to.voorbeeld.nl:poort/",
            "javascript:alert(1)",
            "https://e-to.voorbeeld.nl/<script>",
            "https://café.nl",
        ] {
            assert_eq!(SecureLink::parse(other), None, "{other}");
        }
        assert_eq!(SecureLink::parse(&format!("https://e.nl/{}", "a".repeat(2000))), None);
    }
}
