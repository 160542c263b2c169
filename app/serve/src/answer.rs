//! Answers, in the standard's words.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{SecondsFormat, Utc};
use pedigree_client::{
    identifier::Gln,
    pack::PackVerification,
    verify::{AdditionalInformation, FailureReason},
};
use serde::Serialize;

/// What is answered to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200: the responder knows.
    Finding(Finding),
    /// 400: the question has no meaning.
    Malformed(String),
    /// 404: the responder answers for other products.
    OtherProduct,
    /// 429: the requester asks too often.
    TooMany { retry_after_seconds: u64 },
    /// 503: nobody can say now.
    Unavailable,
}

/// What the responder knows of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_failure_reason: Option<FailureReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_info: Option<AdditionalInformation>,
}

impl Finding {
    /// The standard has one reason and one piece of information: the gravest. A pack whose label is
    /// right but that is recalled, expired or under suspicion is not for redistribution.
    pub fn of(pack: &PackVerification) -> Self {
        let failure = pack.failure();
        // Of a pack that nobody made there is nothing to tell.
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
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Finding(_) => StatusCode::OK,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::OtherProduct => StatusCode::NOT_FOUND,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// In a word, for logs and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Finding(finding) => match finding.verification_failure_reason {
                None => "verified",
                Some(reason) => reason.code(),
            },
            Self::Malformed(_) => "malformed",
            Self::OtherProduct => "other_product",
            Self::TooMany { .. } => "too_many",
            Self::Unavailable => "unavailable",
        }
    }

    fn error(&self) -> Option<String> {
        Some(match self {
            Self::Finding(_) => return None,
            Self::Malformed(reason) => reason.clone(),
            Self::OtherProduct => {
                "this responder does not answer for the product: check the GTIN, or ask its \
                 manufacturer's responder"
                    .to_owned()
            }
            Self::TooMany {
                retry_after_seconds,
            } => format!("too many requests: ask again in {retry_after_seconds} s"),
            Self::Unavailable => "the ledger does not answer now: ask again in a minute".to_owned(),
        })
    }

    /// As HTTP, from the responder `responder` to the request `correlation`.
    pub fn to_response(&self, responder: Gln, correlation: Option<String>) -> Response {
        let message = Message {
            timestamp: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            responder,
            correlation,
            data: match self {
                Self::Finding(finding) => Some(*finding),
                _ => None,
            },
            error: self.error(),
        };
        let mut response = (self.status(), Json(message)).into_response();
        let headers = response.headers_mut();
        // An answer holds for the moment, and its address names a pack.
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

/// The body of every answer about a pack.
#[derive(Serialize)]
struct Message {
    timestamp: String,
    #[serde(rename = "responderGLN")]
    responder: Gln,
    #[serde(rename = "corrUUID", skip_serializing_if = "Option::is_none")]
    correlation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Finding>,
    /// Why there is no finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}
