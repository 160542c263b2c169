//! Answers, with the codes of the standard.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{SecondsFormat, Utc};
use pedigree_client::identifier::Gln;
use pedigree_verify::{
    pack::PackVerification,
    verdict::{AdditionalInformation, FailureReason},
};
use serde::Serialize;

/// The answer to a verification request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200: the product identifier was looked up.
    Verification(Verification),
    /// 400: the request is invalid, for this reason.
    Malformed(String),
    /// 404: the responder does not answer for the product.
    OtherProduct,
    /// 429: the requester sends too many requests.
    TooMany { retry_after_seconds: u64 },
    /// 503: the ledger is not available.
    Unavailable,
}

/// Whether a product identifier is verified, as the message states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_failure_reason: Option<FailureReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_info: Option<AdditionalInformation>,
}

impl Verification {
    /// The message has room for one reason and one piece of information: the most serious ones. A pack
    /// that is recalled, expired or suspect is not for redistribution, though its label is correct.
    pub fn of(pack: &PackVerification) -> Self {
        let failure = pack.failure();
        // Nothing is known about a pack that was never made.
        let additional_info = match failure {
            Some(FailureReason::NoMatchGtinSerial) => None,
            _ => pack.additional_information().first().copied(),
        };
        let withheld = additional_info.map(|_| FailureReason::NotForRedistribution);
        Self {
            verified: pack.is_verified(),
            verification_failure_reason: failure.or(withheld),
            additional_info,
        }
    }
}

impl Answer {
    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Verification(_) => StatusCode::OK,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::OtherProduct => StatusCode::NOT_FOUND,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Its name in logs and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Verification(verification) => match verification.verification_failure_reason {
                None => "verified",
                Some(reason) => reason.code(),
            },
            Self::Malformed(_) => "malformed",
            Self::OtherProduct => "other_product",
            Self::TooMany { .. } => "too_many",
            Self::Unavailable => "unavailable",
        }
    }

    /// The message's text about an error.
    fn error(&self) -> Option<String> {
        Some(match self {
            Self::Verification(_) => return None,
            Self::Malformed(reason) => reason.clone(),
            Self::OtherProduct => {
                "this responder does not answer for the product: check the GTIN, or ask its \
                 manufacturer's responder"
                    .to_owned()
            }
            Self::TooMany {
                retry_after_seconds,
            } => format!("too many requests: try again in {retry_after_seconds} s"),
            Self::Unavailable => "the ledger is not available: try again in a minute".to_owned(),
        })
    }

    /// The HTTP response of the site `responder` to the request with this correlation identifier.
    pub fn to_response(&self, responder: Gln, correlation: Option<String>) -> Response {
        let message = Message {
            timestamp: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            responder,
            correlation,
            data: match self {
                Self::Verification(verification) => Some(*verification),
                _ => None,
            },
            error: self.error(),
        };
        let mut response = (self.status(), Json(message)).into_response();
        let headers = response.headers_mut();
        // An answer is valid only now, and its URI identifies a pack.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Self::TooMany {
            retry_after_seconds,
        } = self
        {
            headers.insert(header::RETRY_AFTER, (*retry_after_seconds).into());
        }
        response
    }
}

/// The body of every answer to a verification request.
#[derive(Serialize)]
struct Message {
    timestamp: String,
    #[serde(rename = "responderGLN")]
    responder: Gln,
    #[serde(rename = "corrUUID", skip_serializing_if = "Option::is_none")]
    correlation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Verification>,
    /// Why there is no `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}
