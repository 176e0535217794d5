//! Who asks, for the quota alone: by the token as it stands, or by the address, also behind proxies.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use ipnet::IpNet;

/// The proxies whose `X-Forwarded-For` is believed; anyone can send that header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(pub Vec<IpNet>);

impl Proxies {
    /// These addresses and ranges (CIDR); none where one of them is neither.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        let one = |text: &str| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
        texts.into_iter().map(one).collect::<Option<_>>().map(Self)
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(&address))
    }

    /// The address nearest to the service that is no proxy: what stands left of it in the header is only its word.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.has(peer) {
            return peer;
        }
        let lines: Vec<&str> = headers.get_all("X-Forwarded-For").map(|line| line.to_str().unwrap_or_default()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).map_while(|hop| hop.trim().parse::<IpAddr>().ok());
        let mut nearest = peer;
        for hop in hops.map(|hop| hop.to_canonical()) {
            nearest = hop;
            if !self.has(hop) {
                break;
            }
        }
        nearest
    }
}

/// One number for everyone who asks.
pub fn caller(proxies: &Proxies, peer: Option<IpAddr>, headers: &HeaderMap) -> u64 {
    let mut hasher = DefaultHasher::new();
    match headers.get(AUTHORIZATION) {
        Some(token) => token.as_bytes().hash(&mut hasher),
        None => peer.map(|peer| proxies.client(peer, headers)).hash(&mut hasher),
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(proxies: &[&str], peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_str(line).unwrap());
        }
        let proxies = Proxies::parse(proxies.iter().copied()).unwrap();
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn everyone_behind_a_trusted_proxy_is_someone_of_their_own() {
        let trusted = ["10.0.0.0/8", "127.0.0.1", "fd00::/8"];
        assert_eq!(client(&trusted, "127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client(&trusted, "127.0.0.1", &["203.0.113.7, 10.2.3.4"]), "203.0.113.7");
        assert_eq!(client(&trusted, "fd00::1", &["203.0.113.7", "10.2.3.4"]), "203.0.113.7");
        assert_eq!(client(&trusted, "::ffff:127.0.0.1", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(client(&trusted, "127.0.0.1", &["10.1.1.1, 10.2.3.4"]), "10.1.1.1", "someone within the college");
    }

    #[test]
    fn nobody_chooses_the_address_that_they_are_counted_by() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client(&[], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7", "no proxy is trusted unless set");
        assert_eq!(client(&trusted, "203.0.113.7", &["198.51.100.1"]), "203.0.113.7", "this is no proxy");
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7", "the left one is their word");
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(client(&trusted, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_proxy_is_an_address_or_a_range() {
        assert_eq!(Proxies::parse(["10.0.0.0/33"]), None);
        assert_eq!(Proxies::parse(["proxy.college.example"]), None);
    }
}
