//! How much is taken from requesters, and how often each may ask.

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

/// How much is taken from requesters.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Questions a second from one address, or from one network of 64 bits of IPv6.
    pub per_second: NonZeroU32,
    /// Connections at a time; further ones wait until one ends.
    pub connections: NonZeroUsize,
    /// How long a client may take to send a request's head, counted from the connection or from the
    /// last answer, and how long it may take nothing of an answer. Then its connection is closed.
    pub client_patience: Duration,
    /// Who is believed about the address of a requester.
    pub trusted_proxies: TrustedProxies,
}

/// Questions after which requesters that have been quiet are forgotten.
const TIDY_EVERY: u32 = 4_096;

/// Counts each requester's questions.
pub struct RateLimit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl RateLimit {
    /// `per_second` questions a second and requester, as many at once.
    pub fn new(per_second: NonZeroU32) -> Self {
        Self {
            limiter: RateLimiter::keyed(Quota::per_second(per_second)),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts a question; if it is one too many, the seconds after which the next may come.
    pub fn check(&self, requester: IpAddr) -> Result<(), u64> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let outcome = self.limiter.check_key(&network(requester));
        outcome.map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            wait.as_secs() + 1
        })
    }
}

/// The address, or of IPv6 the network of 64 bits that a subscriber is given whole.
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
    fn one_requesters_haste_is_not_anothers() {
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
