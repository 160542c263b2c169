//! The wallet's side of a Solana Pay *transaction request* (specification 1.1): a link such as
//! `solana:https://…`, often a QR Code, from which a transaction is fetched that is made for the key that
//! asks.
//!
//! Whoever is at the other end, or on the way, is not trusted: answers are small and in time or nothing, no
//! redirect is followed, and of a transaction only its bytes count. What is in them is for
//! [`cosigning`](crate::cosigning).

use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

use reqwest::{
    Certificate, Client, RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE},
    redirect::Policy,
};
use serde::Deserialize;
use serde_json::json;
use solana_pubkey::Pubkey;

use crate::partial_transaction::{InvalidTransaction, PartialTransaction};

/// The scheme of a link.
const SCHEME: &str = "solana:";
/// Characters of a link at most, as other wallets have it.
const MAX_LINK: usize = 2_048;
/// Bytes of an answer at most; a transaction has 1,232, in base64 1,644.
const MAX_ANSWER: usize = 16 * 1024;
/// Characters of a text in an answer that are shown.
const MAX_TEXT: usize = 200;
/// How long an answer may take, to its last byte.
const PATIENCE: Duration = Duration::from_secs(10);

/// A link from which a transaction is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(Url);

/// Why a text is not such a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLink {
    /// It does not begin with `solana:`, or is no URL behind that.
    #[error("{0:?} is not a link to a transaction: it begins with solana:https://")]
    Form(String),
    /// It asks for a payment, not for a signature.
    #[error("{0:?} asks for a payment: a handoff's link begins with solana:https://")]
    Payment(String),
    /// It is not encrypted, and does not stay on this machine.
    #[error("{0} is not encrypted: only https:// is, and http:// is for this machine alone")]
    NotEncrypted(Url),
}

impl Link {
    /// The link behind which this address answers.
    ///
    /// # Errors
    ///
    /// [`InvalidLink::NotEncrypted`] if it is neither HTTPS nor a loopback address.
    pub fn to(url: Url) -> Result<Self, InvalidLink> {
        let is_local = match url.host() {
            Some(url::Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(url::Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        match url.scheme() {
            "https" if url.has_host() => Ok(Self(url)),
            "http" if is_local => Ok(Self(url)),
            _ => Err(InvalidLink::NotEncrypted(url)),
        }
    }

    /// The host that answers, as it is to be shown to a person.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Whether a text could be such a link, and nothing else.
    pub fn is_meant(text: &str) -> bool {
        text.get(..SCHEME.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }
}

impl FromStr for Link {
    type Err = InvalidLink;

    fn from_str(text: &str) -> Result<Self, InvalidLink> {
        let text = text.trim();
        let form = || InvalidLink::Form(shown(text));
        if !Self::is_meant(text) || text.len() > MAX_LINK {
            return Err(form());
        }
        // What follows a question mark are parameters of the protocol: a link that has its own is encoded.
        let (link, _) = text[SCHEME.len()..]
            .split_once('?')
            .unwrap_or((&text[SCHEME.len()..], ""));
        let link = percent_encoding::percent_decode_str(link)
            .decode_utf8()
            .map_err(|_| form())?;
        if link.parse::<Pubkey>().is_ok() {
            return Err(InvalidLink::Payment(shown(text)));
        }
        Self::to(Url::parse(&link).map_err(|_| form())?)
    }
}

/// As it is written into QR Codes.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SCHEME)?;
        let link = self.0.as_str();
        match self.0.query() {
            None => f.write_str(link),
            Some(_) => {
                percent_encoding::utf8_percent_encode(link, percent_encoding::NON_ALPHANUMERIC)
                    .fmt(f)
            }
        }
    }
}

/// Why no transaction was fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The other end cannot be reached, is not the one that its certificate names, or is too slow.
    #[error("{host} does not answer ({reason}): check the network, and with --ca its certificate")]
    Unreachable {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// The other end declined, and perhaps said why.
    #[error("{host} declined ({status}): {message}")]
    Declined {
        /// The host.
        host: String,
        /// The status of its answer.
        status: StatusCode,
        /// What it said; not to be trusted.
        message: String,
    },
    /// The other end sent the client elsewhere.
    #[error(
        "{host} sends elsewhere, which is not followed: ask for a link to where it is answered"
    )]
    Redirected {
        /// The host.
        host: String,
    },
    /// The answer is longer than any that is needed.
    #[error("{host} answered with more than {MAX_ANSWER} bytes: it does not serve transactions")]
    TooLong {
        /// The host.
        host: String,
    },
    /// The answer is not of the form that the specification has.
    #[error("{host} answered with something else than a transaction: ask for another link")]
    Form {
        /// The host.
        host: String,
    },
    /// The transaction is not one that could be signed here.
    #[error("{host} sent a transaction that is not signed here: {reason}")]
    Transaction {
        /// The host.
        host: String,
        /// Why.
        reason: InvalidTransaction,
    },
    /// The certificate of the authority cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
}

/// Who asks for a signature, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it calls itself.
    pub label: String,
    /// The address of its picture.
    pub icon: Option<String>,
}

/// A transaction that was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The transaction.
    pub transaction: PartialTransaction,
    /// What the other end says about it; not to be trusted.
    pub message: Option<String>,
}

/// Fetches transactions from one link.
#[derive(Debug)]
pub struct Requester {
    http: Client,
    link: Link,
}

impl Requester {
    /// A requester that trusts the usual certificate authorities and those in `authorities`, each a PEM file's
    /// contents.
    ///
    /// # Errors
    ///
    /// [`RequestError::Certificate`].
    pub fn new(link: Link, authorities: &[Vec<u8>]) -> Result<Self, RequestError> {
        let unusable = |error: reqwest::Error| RequestError::Certificate(innermost(&error));
        let mut http = Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .no_proxy();
        for pem in authorities {
            let certificates = Certificate::from_pem_bundle(pem).map_err(unusable)?;
            if certificates.is_empty() {
                let reason = "the file holds none in PEM".to_owned();
                return Err(RequestError::Certificate(reason));
            }
            for certificate in certificates {
                http = http.add_root_certificate(certificate);
            }
        }
        let http = http.build().map_err(unusable)?;
        Ok(Self { http, link })
    }

    /// The host that is asked.
    pub fn host(&self) -> String {
        self.link.host()
    }

    /// Asks who is at the other end. The request does not say who asks.
    ///
    /// # Errors
    ///
    /// [`RequestError`].
    pub async fn label(&self) -> Result<Label, RequestError> {
        #[derive(Deserialize)]
        struct Answer {
            label: String,
            icon: Option<String>,
        }
        let answer = self.ask(self.http.get(self.link.0.clone())).await?;
        let answer: Answer = self.read(&answer)?;
        Ok(Label {
            label: shown(&answer.label),
            icon: answer.icon.map(|icon| shown(&icon)),
        })
    }

    /// Asks for a transaction that `account` signs. `None`: nothing is left to be signed.
    ///
    /// # Errors
    ///
    /// [`RequestError`].
    pub async fn transaction(&self, account: &Pubkey) -> Result<Option<Fetched>, RequestError> {
        #[derive(Deserialize)]
        struct Answer {
            transaction: String,
            message: Option<String>,
        }
        let body = json!({ "account": account.to_string() }).to_string();
        let request = self
            .http
            .post(self.link.0.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let answer = match self.ask(request).await {
            Err(RequestError::Declined { status, .. }) if status == StatusCode::GONE => {
                return Ok(None);
            }
            answer => answer?,
        };
        let answer: Answer = self.read(&answer)?;
        let transaction = PartialTransaction::from_text(&answer.transaction);
        Ok(Some(Fetched {
            transaction: transaction.map_err(|reason| RequestError::Transaction {
                host: self.host(),
                reason,
            })?,
            message: answer.message.map(|message| shown(&message)),
        }))
    }

    /// Sends a request and reads the answer, which is not too long.
    async fn ask(&self, request: RequestBuilder) -> Result<Vec<u8>, RequestError> {
        let unreachable = |error: reqwest::Error| RequestError::Unreachable {
            host: self.host(),
            reason: innermost(&error),
        };
        let request = request.header(ACCEPT, "application/json");
        let mut response: Response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(RequestError::Redirected { host: self.host() });
        }
        let mut answer = Vec::new();
        while let Some(part) = response.chunk().await.map_err(unreachable)? {
            if answer.len() + part.len() > MAX_ANSWER {
                return Err(RequestError::TooLong { host: self.host() });
            }
            answer.extend_from_slice(&part);
        }
        match status {
            StatusCode::OK => Ok(answer),
            _ => Err(RequestError::Declined {
                host: self.host(),
                status,
                message: said(&answer),
            }),
        }
    }

    fn read<'a, T: Deserialize<'a>>(&self, answer: &'a [u8]) -> Result<T, RequestError> {
        serde_json::from_slice(answer).map_err(|_| RequestError::Form { host: self.host() })
    }
}

/// What an answer that declines says.
fn said(answer: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Declined {
        message: String,
    }
    let declined: Option<Declined> = serde_json::from_slice(answer).ok();
    declined.map_or_else(|| "it does not say why".to_owned(), |it| shown(&it.message))
}

/// A text of somebody else's, as it may be shown in a terminal: short, and without control characters.
fn shown(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|character| !character.is_control() && !is_directional(*character))
        .take(MAX_TEXT)
        .collect();
    text.trim().to_owned()
}

/// Whether a character changes the direction of the text around it.
const fn is_directional(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The innermost reason of a failed request.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut reason = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_encrypted_or_stay_on_this_machine() {
        for (text, host) in [
            ("solana:https://dock.example/handoff/1", "dock.example"),
            (
                "SOLANA:https://dock.example:8443/handoff/1",
                "dock.example:8443",
            ),
            (
                "solana:https%3A%2F%2Fdock.example%2Fhandoff%3Forder%3D1?label=x",
                "dock.example",
            ),
            ("solana:http://127.0.0.1:8080/1", "127.0.0.1:8080"),
            ("solana:http://[::1]:8080/1", "[::1]:8080"),
            ("solana:http://localhost/1", "localhost"),
        ] {
            let link: Link = text.parse().unwrap();
            assert_eq!(link.host(), host, "{text}");
            assert_eq!(link.to_string().parse(), Ok(link));
        }
        for text in [
            "solana:http://dock.example/1",
            "solana:http://127.0.0.1.example/1",
            "solana:http://localhost.example/1",
            "solana:http://127.0.0.1@dock.example/1",
            "solana:http://0.0.0.0/1",
            "solana:http://10.0.0.1/1",
            "solana:file:///etc/passwd",
            "solana:ftp://127.0.0.1/1",
        ] {
            let error = text.parse::<Link>().unwrap_err();
            assert!(matches!(error, InvalidLink::NotEncrypted(_)), "{text}");
        }
        for text in [
            "",
            "https://dock.example",
            "solana:",
            "solana:%ff",
            "solana:dock",
        ] {
            let error = text.parse::<Link>().unwrap_err();
            assert!(matches!(error, InvalidLink::Form(_)), "{text}");
        }
        let long = format!("solana:https://dock.example/{}", "x".repeat(MAX_LINK));
        assert!(matches!(long.parse::<Link>(), Err(InvalidLink::Form(_))));
        let payment = format!("solana:{}?amount=1", Pubkey::new_unique());
        assert!(matches!(
            payment.parse::<Link>(),
            Err(InvalidLink::Payment(_))
        ));
    }

    #[test]
    fn a_link_with_a_query_is_encoded() {
        let url: Url = "https://dock.example/handoff?order=1&b=2".parse().unwrap();
        let link = Link::to(url).unwrap();
        assert!(!link.to_string().contains(['?', '&']), "{link}");
        assert_eq!(link.to_string().parse(), Ok(link));
    }

    #[test]
    fn an_authority_without_a_certificate_is_refused() {
        let link: Link = "solana:https://dock.example/1".parse().unwrap();
        let error = Requester::new(link, &[b"nothing".to_vec()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the certificate cannot be used: the file holds none in PEM"
        );
    }

    #[test]
    fn texts_of_others_do_not_steer_the_terminal() {
        assert_eq!(shown(" Maker\u{1b}[2J\r\nAG "), "Maker[2JAG");
        assert_eq!(shown("\u{202e}reversed\u{2066}"), "reversed");
        assert_eq!(shown(&"x".repeat(10_000)).len(), MAX_TEXT);
        assert_eq!(said(br#"{"message":"no\u0007"}"#), "no");
        assert_eq!(said(b"<html>"), "it does not say why");
    }
}
