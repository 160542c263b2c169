//! A verification request, read from the path and the query.

use std::fmt;

use pedigree_client::identifier::{Expiry, Gln, Gtin, InvalidIdentifier};
use pedigree_manifest::{InvalidSerial, check_serial};
use pedigree_verify::verdict::Label;
use serde::Deserialize;

/// The only context that the first releases of the standard define.
const CONTEXT: &str = "dscsaSaleableReturn";

/// The maximum length of a correlation identifier, in characters. A UUID has 36.
const MAX_CORRELATION: usize = 64;

/// The parameters of the path `/verify/gtin/{gtin}/lot/{lot}/ser/{serial}`, decoded.
#[derive(Deserialize)]
pub struct Path {
    gtin: String,
    lot: String,
    serial: String,
}

/// The parameters of the query; others are ignored.
#[derive(Default, Deserialize)]
pub struct Parameters {
    exp: Option<String>,
    context: Option<String>,
    #[serde(rename = "corrUUID")]
    correlation: Option<String>,
    #[serde(rename = "reqGLN")]
    requester: Option<String>,
}

/// A valid verification request.
pub struct Request {
    /// What the pack's label says.
    pub label: Label,
}

/// Why a request is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error(transparent)]
    Identifier(#[from] InvalidIdentifier),
    #[error(transparent)]
    Serial(#[from] InvalidSerial),
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    #[error("the expiry date {0:?} is not in the form YYMMDD")]
    ExpiryForm(String),
    #[error("the context {0:?} is not supported: use `{CONTEXT}`")]
    Context(String),
    #[error("corrUUID must consist of 1 to {MAX_CORRELATION} hexadecimal digits and hyphens")]
    Correlation,
    #[error("the path or the query cannot be read: {0}")]
    Encoding(String),
}

impl Parameters {
    /// The correlation identifier, which the answer repeats.
    ///
    /// # Errors
    ///
    /// If it is not in the form of one.
    pub fn correlation(&self) -> Result<Option<String>, Malformed> {
        let Some(text) = &self.correlation else {
            return Ok(None);
        };
        let is_valid = (1..=MAX_CORRELATION).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        match is_valid {
            true => Ok(Some(text.clone())),
            false => Err(Malformed::Correlation),
        }
    }
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// Which of its parameters is missing or invalid.
    pub fn read(path: Path, parameters: &Parameters) -> Result<Self, Malformed> {
        let context = parameters.context.as_deref();
        match context.ok_or(Malformed::Missing("context"))? {
            CONTEXT => {}
            other => return Err(Malformed::Context(other.to_owned())),
        }
        let expiry = parameters.exp.as_deref();
        let expiry = expiry.ok_or(Malformed::Missing("exp"))?;
        if expiry.len() != 6 || !expiry.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed::ExpiryForm(expiry.to_owned()));
        }
        if let Some(requester) = &parameters.requester {
            requester.parse::<Gln>()?;
        }
        parameters.correlation()?;
        check_serial(&path.serial)?;
        Ok(Self {
            label: Label {
                gtin: path.gtin.parse::<Gtin>()?,
                lot_number: path.lot.parse()?,
                expiry: Some(expiry.parse::<Expiry>()?),
                serial: Some(path.serial),
            },
        })
    }
}

/// Without the serial number, for logs.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} lot {}", self.label.gtin, self.label.lot_number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(gtin: &str, lot: &str, serial: &str) -> Path {
        Path {
            gtin: gtin.to_owned(),
            lot: lot.to_owned(),
            serial: serial.to_owned(),
        }
    }

    fn parameters(exp: &str) -> Parameters {
        Parameters {
            exp: Some(exp.to_owned()),
            context: Some(CONTEXT.to_owned()),
            ..Parameters::default()
        }
    }

    fn refusal(path: Path, parameters: &Parameters) -> String {
        let refused = Request::read(path, parameters).map(|request| request.to_string());
        refused.unwrap_err().to_string()
    }

    #[test]
    fn a_complete_request_is_read() {
        let parameters = Parameters {
            correlation: Some("08dd5e1b-78e7-4dee-9f55-e69f5edf099b".to_owned()),
            requester: Some("9506000000022".to_owned()),
            ..parameters("290200")
        };
        let request = Request::read(path("09506000134352", "A/1", "SN%1"), &parameters).unwrap();
        assert_eq!(request.label.expiry.unwrap().label(), 20_290_200);
        assert_eq!(request.label.serial.as_deref(), Some("SN%1"));
        assert_eq!(parameters.correlation().unwrap(), parameters.correlation);
        assert_eq!(request.to_string(), "09506000134352 lot A/1");
    }

    #[test]
    fn errors_name_the_problem() {
        let good = || path("09506000134352", "A1", "SN-1");
        for (path, parameters, reason) in [
            (
                path("09506000134353", "A1", "S"),
                parameters("290200"),
                "check digit",
            ),
            (
                path("09506000134352", "A 1", "S"),
                parameters("290200"),
                "character set 82",
            ),
            (
                path("09506000134352", "A1", "123456789012345678901"),
                parameters("290200"),
                "allows 20",
            ),
            (good(), parameters("2029-02"), "YYMMDD"),
            (good(), parameters("291301"), "no such day"),
            (
                good(),
                Parameters {
                    exp: None,
                    ..parameters("")
                },
                "exp is missing",
            ),
            (
                good(),
                Parameters {
                    context: None,
                    ..parameters("290200")
                },
                "context is missing",
            ),
            (
                good(),
                Parameters {
                    context: Some("curiosity".to_owned()),
                    ..parameters("290200")
                },
                "dscsaSaleableReturn",
            ),
            (
                good(),
                Parameters {
                    correlation: Some("<script>".to_owned()),
                    ..parameters("290200")
                },
                "corrUUID",
            ),
            (
                good(),
                Parameters {
                    requester: Some("9506000000021".to_owned()),
                    ..parameters("290200")
                },
                "check digit",
            ),
        ] {
            let refusal = refusal(path, &parameters);
            assert!(refusal.contains(reason), "{reason}: {refusal}");
        }
    }
}
