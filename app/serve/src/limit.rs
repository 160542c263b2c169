//! Limits on clients, and the rate limit of each requester.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::{NonZeroU32, NonZeroUsize},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::requester::TrustedProxies;

/// What clients may do.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a second from one IPv4 address or one IPv6 network of 64 bits.
    pub per_second: NonZeroU32,
    /// Open connections; further ones wait until one is closed.
    pub connections: NonZeroUsize,
    /// How long a client may take to send the head of a request, from the time of connection or of the
    /// last answer, and how long it may read nothing of an answer. Then its connection is closed.
    pub client_patience: Duration,
    /// The proxies whose headers are believed about the address of a requester.
    pub trusted_proxies: TrustedProxies,
}

/// Idle requesters are forgotten after this many requests.
const TIDY_EVERY: u32 = 4_096;

/// The rate limit of each requester.
pub struct RateLimit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    requests: AtomicU32,
}

impl RateLimit {
    /// Allows each requester `per_second` requests a second, and as many at once.
    pub fn new(per_second: NonZeroU32) -> Self {
        Self {
            limiter: RateLimiter::keyed(Quota::per_second(per_second)),
            clock: DefaultClock::default(),
            requests: AtomicU32::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// If it exceeds the limit: the number of seconds after which to try again, at least 1.
    pub fn check(&self, requester: IpAddr) -> Result<(), u64> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let outcome = self.limiter.check_key(&network(requester));
        outcome.map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            wait.as_secs() + 1
        })
    }
}

/// The IPv4 address, or the network of 64 bits that an IPv6 subscriber is assigned.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            Ipv6Addr::from_bits(network).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_per_requester() {
        let limit = RateLimit::new(NonZeroU32::new(2).unwrap());
        let check = |address: &str| limit.check(address.parse().unwrap());
        assert_eq!(check("192.0.2.1"), Ok(()));
        assert_eq!(check("::ffff:192.0.2.1"), Ok(()));
        assert_eq!(check("192.0.2.1"), Err(1));
        assert_eq!(check("192.0.2.2"), Ok(()));
        assert_eq!(check("2001:db8::1"), Ok(()));
        assert_eq!(check("2001:db8::2"), Ok(()));
        assert_eq!(check("2001:db8::3"), Err(1));
        assert_eq!(check("2001:db8:0:1::1"), Ok(()));
    }
}
