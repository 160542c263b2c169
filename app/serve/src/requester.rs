//! The address of the requester behind proxies.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use rfc7239::NodeName;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A proxy, or a network of proxies, whose headers are believed about the address of a requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedProxy(IpNet);

/// Why a text does not identify a proxy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProxy {
    /// It is neither an address nor a network.
    #[error("{0:?} is neither an address, such as 10.0.0.5, nor a network, such as 10.0.0.0/8")]
    Form(String),
    /// It is an address with the prefix length of a network.
    #[error("{0} is an address within a network: write {1} for the network, or the address alone")]
    HostBits(IpNet, IpNet),
}

impl FromStr for TrustedProxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(address.to_canonical().into()));
        }
        let network: IpNet = text
            .parse()
            .map_err(|_| InvalidProxy::Form(text.to_owned()))?;
        match network.trunc() {
            whole if whole == network => Ok(Self(network)),
            whole => Err(InvalidProxy::HostBits(network, whole)),
        }
    }
}

impl fmt::Display for TrustedProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The trusted proxies; by default none.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<TrustedProxy>);

impl FromIterator<TrustedProxy> for TrustedProxies {
    fn from_iter<T: IntoIterator<Item = TrustedProxy>>(proxies: T) -> Self {
        Self(proxies.into_iter().collect())
    }
}

impl TrustedProxies {
    /// No proxies.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.0
            .iter()
            .any(|TrustedProxy(one)| one.contains(&address))
    }

    /// The address of the requester of a request that arrived from `peer`.
    ///
    /// Only trusted proxies are believed. Each proxy appends the address that it received the request
    /// from to `X-Forwarded-For` or `Forwarded` (RFC 7239), so the requester is the rightmost address
    /// that does not belong to a trusted proxy; a client can forge what is left of it. If an address
    /// cannot be read before that, the requester is the last proxy that was reached. If both headers are
    /// present and disagree, it is `peer`, because most proxies write one of them and pass on what a
    /// client wrote in the other.
    pub fn requester(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return peer;
        }
        let plain = values(headers, X_FORWARDED_FOR)
            .map(|values| self.follow(peer, values.flat_map(|it| it.rsplit(',')).map(plain_hop)));
        let standard = values(headers, header::FORWARDED).map(|values| {
            self.follow(
                peer,
                values
                    .flat_map(|it| rfc7239::parse(it).rev())
                    .map(standard_hop),
            )
        });
        match (plain, standard) {
            (Some(plain), Some(standard)) if plain != standard => peer,
            (Some(address), _) | (None, Some(address)) => address,
            (None, None) => peer,
        }
    }

    /// Follows `hops`, the nearest first, from `peer` to the first that is not a trusted proxy.
    fn follow(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        let mut reached = peer;
        for hop in hops {
            let Some(hop) = hop.map(|hop| hop.to_canonical()) else {
                break;
            };
            reached = hop;
            if !self.contains(hop) {
                break;
            }
        }
        reached
    }
}

/// The values of a header, the last first; `None` if it is absent. A value that is not text is replaced
/// with an empty one, which is an unknown hop.
fn values(headers: &HeaderMap, name: HeaderName) -> Option<impl Iterator<Item = &str>> {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    (!values.is_empty()).then(|| values.into_iter().rev())
}

/// Reads an element of `X-Forwarded-For`: an address, to which some proxies add the port.
fn plain_hop(element: &str) -> Option<IpAddr> {
    let element = element.trim();
    let with_port = || element.parse::<SocketAddr>().ok().map(|it| it.ip());
    element.parse().ok().or_else(with_port)
}

/// Reads an element of `Forwarded`.
fn standard_hop(element: Result<rfc7239::Forwarded, rfc7239::RfcError>) -> Option<IpAddr> {
    match element.ok()?.forwarded_for?.name {
        NodeName::Ip(address) => Some(address),
        NodeName::Unknown | NodeName::Obfuscated(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The requester of a request with these headers from the proxy at 10.0.0.1.
    fn requester(headers: &[(&'static str, &'static str)]) -> String {
        requester_behind("10.0.0.1", headers)
    }

    fn requester_behind(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let proxies = ["10.0.0.0/24", "2001:db8:a::1", "192.0.2.7"];
        let proxies: TrustedProxies = proxies
            .iter()
            .map(|text| text.parse::<TrustedProxy>().unwrap())
            .collect();
        let headers = headers
            .iter()
            .map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let peer = peer.parse().unwrap();
        proxies.requester(peer, &headers).to_string()
    }

    #[test]
    fn headers_from_other_addresses_are_ignored() {
        let claims = [
            ("x-forwarded-for", "198.51.100.1"),
            ("forwarded", "for=198.51.100.1"),
        ];
        assert_eq!(requester_behind("203.0.113.9", &claims), "203.0.113.9");
        assert_eq!(requester_behind("10.0.1.1", &claims), "10.0.1.1");
        assert_eq!(
            TrustedProxies::default()
                .requester([127, 0, 0, 1].into(), &HeaderMap::new())
                .to_string(),
            "127.0.0.1"
        );
    }

    #[test]
    fn the_requester_is_the_rightmost_address_that_is_not_a_proxys() {
        for (value, expected) in [
            ("198.51.100.1", "198.51.100.1"),
            // The client forged the address on the left.
            ("203.0.113.5, 198.51.100.1", "198.51.100.1"),
            ("198.51.100.1,10.0.0.9 , 192.0.2.7", "198.51.100.1"),
            ("198.51.100.1:40000", "198.51.100.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("::ffff:198.51.100.1, 2001:db8:a::1", "198.51.100.1"),
            ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ] {
            assert_eq!(
                requester(&[("x-forwarded-for", value)]),
                expected,
                "{value}"
            );
        }
        for (value, expected) in [
            ("for=198.51.100.1", "198.51.100.1"),
            (
                "for=203.0.113.5, For=198.51.100.1;proto=https",
                "198.51.100.1",
            ),
            ("for=\"[2001:db8::1]:4711\";by=_x", "2001:db8::1"),
            ("for=\"198.51.100.1:80\", for=10.0.0.9", "198.51.100.1"),
            // An unclosed quote of a client does not hide what the proxy added.
            ("for=\"203.0.113.5, for=198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(requester(&[("forwarded", value)]), expected, "{value}");
        }
    }

    #[test]
    fn repeated_headers_are_read_in_order() {
        let lines = [
            ("x-forwarded-for", "203.0.113.5"),
            ("x-forwarded-for", "198.51.100.1, 10.0.0.9"),
        ];
        assert_eq!(requester(&lines), "198.51.100.1");
    }

    #[test]
    fn requests_without_a_readable_address_count_as_the_proxys() {
        assert_eq!(requester(&[]), "10.0.0.1");
        for value in ["", "unknown", "198.51.100.1, nobody", "198.51.100.1,"] {
            assert_eq!(
                requester(&[("x-forwarded-for", value)]),
                "10.0.0.1",
                "{value}"
            );
        }
        assert_eq!(requester(&[("x-forwarded-for", "x, 10.0.0.9")]), "10.0.0.9");
        for value in ["for=_hidden", "for=unknown", "proto=https", "nothing"] {
            assert_eq!(requester(&[("forwarded", value)]), "10.0.0.1", "{value}");
        }
    }

    #[test]
    fn headers_that_disagree_are_ignored() {
        let both =
            |plain, standard| requester(&[("x-forwarded-for", plain), ("forwarded", standard)]);
        assert_eq!(both("198.51.100.1", "for=198.51.100.1"), "198.51.100.1");
        assert_eq!(both("198.51.100.1", "for=203.0.113.5"), "10.0.0.1");
        assert_eq!(both("203.0.113.5", "for=198.51.100.1"), "10.0.0.1");
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        let read = |text: &str| text.parse::<TrustedProxy>().map(|it| it.to_string());
        assert_eq!(read("10.0.0.5").unwrap(), "10.0.0.5/32");
        assert_eq!(read("2001:db8::/32").unwrap(), "2001:db8::/32");
        let reason = read("10.0.0.5/8").unwrap_err().to_string();
        assert!(reason.contains("write 10.0.0.0/8"), "{reason}");
        let reason = read("proxy.example").unwrap_err().to_string();
        assert!(reason.contains("such as 10.0.0.0/8"), "{reason}");
    }
}
