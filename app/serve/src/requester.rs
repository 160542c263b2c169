//! Who asks, if a proxy asks for others.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use rfc7239::NodeName;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A proxy, or a network of them, that is believed about who asks through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedProxy(IpNet);

/// Why a text names no proxy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProxy {
    #[error("{0:?} is neither an address, such as 10.0.0.5, nor a network, such as 10.0.0.0/8")]
    Form(String),
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

/// Those that are believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<TrustedProxy>);

impl FromIterator<TrustedProxy> for TrustedProxies {
    fn from_iter<T: IntoIterator<Item = TrustedProxy>>(proxies: T) -> Self {
        Self(proxies.into_iter().collect())
    }
}

impl TrustedProxies {
    fn contains(&self, address: IpAddr) -> bool {
        self.0
            .iter()
            .any(|TrustedProxy(one)| one.contains(&address))
    }

    /// The address of who asks, of a request that came from `peer`.
    ///
    /// Only a trusted proxy is believed. Each adds at the right end of `X-Forwarded-For` or `Forwarded`
    /// (RFC 7239) whom its request came from, so the requester is the rightmost address there that is
    /// no trusted proxy's: what stands left of it may be made up. Where there is none that can be read,
    /// it is the last proxy that could be followed to. So it is, too, where both headers are there and
    /// differ: most proxies write one and pass on what a client wrote into the other.
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

    /// Goes from `peer` back along `hops`, the nearest first, to the first that is no trusted proxy.
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

/// A header's values, the last first, if it is there. One that is no text reads as an unknown hop.
fn values(headers: &HeaderMap, name: HeaderName) -> Option<impl Iterator<Item = &str>> {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    (!values.is_empty()).then(|| values.into_iter().rev())
}

/// An element of `X-Forwarded-For`: an address, to which some proxies add the port.
fn plain_hop(element: &str) -> Option<IpAddr> {
    let element = element.trim();
    let with_port = || element.parse::<SocketAddr>().ok().map(|it| it.ip());
    element.parse().ok().or_else(with_port)
}

/// An element of `Forwarded`.
fn standard_hop(element: Result<rfc7239::Forwarded, rfc7239::RfcError>) -> Option<IpAddr> {
    match element.ok()?.forwarded_for?.name {
        NodeName::Ip(address) => Some(address),
        NodeName::Unknown | NodeName::Obfuscated(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who asks, if the proxy at 10.0.0.1 is asked with these headers.
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
    fn strangers_are_not_believed() {
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
    fn the_rightmost_hop_that_is_no_proxy_asks() {
        for (value, expected) in [
            ("198.51.100.1", "198.51.100.1"),
            // What a client made up stands left of what the proxy added.
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
            // A quote that a client left open hides nothing that the proxy added.
            ("for=\"203.0.113.5, for=198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(requester(&[("forwarded", value)]), expected, "{value}");
        }
    }

    #[test]
    fn a_header_may_be_there_twice() {
        let lines = [
            ("x-forwarded-for", "203.0.113.5"),
            ("x-forwarded-for", "198.51.100.1, 10.0.0.9"),
        ];
        assert_eq!(requester(&lines), "198.51.100.1");
    }

    #[test]
    fn what_cannot_be_followed_is_the_proxys_own() {
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
    fn headers_that_differ_are_not_believed() {
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
