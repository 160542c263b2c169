//! The service conforms to its description, and gives every answer in it.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use pedigree_serve::{OPENAPI, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    endpoint::{AT_ONCE, Behaviour, CORRELATION, GTIN, Manufacturer, limits, verification},
    log::captured,
};

const VERIFY: &str = "/verify/gtin/{gtin}/lot/{lot}/ser/{serial}";

/// An HTTP response.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

async fn ask(service: &Router, uri: &str, body: &'static str) -> Reply {
    let mut request = Request::get(uri)
        .header("content-length", body.len())
        .body(Body::from(body))
        .expect("a request");
    let requester = SocketAddr::from(([192, 0, 2, 1], 40_000));
    request.extensions_mut().insert(ConnectInfo(requester));
    let response = service.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.expect("a body").to_bytes(),
    }
}

/// The description, and the responses that were seen.
struct Contract {
    description: Value,
    seen: BTreeSet<(String, String)>,
}

impl Contract {
    fn new() -> Self {
        Self {
            description: serde_json::from_str(OPENAPI).expect("JSON"),
            seen: BTreeSet::new(),
        }
    }

    /// Every path with each of its documented statuses.
    fn documented(&self) -> BTreeSet<(String, String)> {
        let paths = self.description["paths"].as_object().expect("paths");
        paths
            .iter()
            .flat_map(|(path, item)| {
                let responses = item["get"]["responses"].as_object().expect("responses");
                responses
                    .keys()
                    .map(|status| (path.clone(), status.clone()))
            })
            .collect()
    }

    /// Asserts that a response is as documented for its status at `path`.
    #[track_caller]
    fn check(&mut self, path: &str, reply: &Reply) {
        let status = reply.status.as_u16().to_string();
        self.seen.insert((path.to_owned(), status.clone()));
        let mut pointer = format!(
            "/paths/{}/get/responses/{status}",
            path.replace('~', "~0").replace('/', "~1")
        );
        let lookup = |pointer: &str| self.description.pointer(pointer).cloned();
        let response = lookup(&pointer).unwrap_or_else(|| panic!("{path} {status}: undocumented"));
        if let Some(reference) = response["$ref"].as_str() {
            pointer = reference.trim_start_matches('#').to_owned();
        }
        for (header, rule) in lookup(&format!("{pointer}/headers"))
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let value = reply.headers.get(header).expect("a documented header");
            self.validate(&rule["schema"], &json!(value.to_str().expect("text")));
        }
        let Some(content) = lookup(&format!("{pointer}/content")) else {
            assert!(
                reply.body.is_empty(),
                "{path} {status}: an undocumented body"
            );
            return;
        };
        let (media_type, rule) = content
            .as_object()
            .and_then(|content| content.iter().next())
            .expect("a media type");
        let sent = reply.headers["content-type"].to_str().expect("text");
        assert!(sent.starts_with(media_type), "{path} {status}: {sent}");
        let body = match media_type.as_str() {
            "application/json" => reply.json(),
            _ => json!(str::from_utf8(&reply.body).expect("text")),
        };
        self.validate(&rule["schema"], &body);
    }

    #[track_caller]
    fn validate(&self, schema: &Value, instance: &Value) {
        // References are relative to the whole description.
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.description["components"],
        });
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        if let Err(error) = validator.validate(instance) {
            panic!("{instance}: {error}");
        }
    }
}

#[tokio::test]
async fn every_documented_response_is_given_as_documented() {
    let manufacturer = Manufacturer::new();
    let mut contract = Contract::new();
    let service = router(manufacturer.responder(AT_ONCE), &limits(1_000));

    for (uri, status, body) in [
        (verification("A1", "SN-1", "490200"), 200, ""),
        (verification("A1", "SN-1", "490200"), 413, "a body"),
        (verification("A1", "SN-1", "2049-02"), 400, ""),
        (
            verification("A1", "SN-1", "490200") + "&exp=490200",
            400,
            "",
        ),
        (verification("%FF", "SN-1", "490200"), 400, ""),
        (
            verification("A1", "SN-1", "490200").replace(GTIN, "09506000134369"),
            404,
            "",
        ),
    ] {
        let reply = ask(&service, &uri, body).await;
        assert_eq!(reply.status, status, "{uri}");
        contract.check(VERIFY, &reply);
    }
    for path in ["/health", "/ready", "/metrics", "/openapi.json"] {
        contract.check(path, &ask(&service, path, "").await);
    }

    // A ledger that fails or is too slow.
    for behaviour in [
        Behaviour::Fails,
        Behaviour::AnswersAfter(Duration::from_secs(60)),
    ] {
        let service = router(manufacturer.responder(behaviour), &limits(1_000));
        let reply = ask(&service, &verification("A1", "SN-1", "490200"), "").await;
        assert_eq!(reply.status, 503);
        contract.check(VERIFY, &reply);
        let reply = ask(&service, "/ready", "").await;
        assert_eq!(reply.status, 503);
        contract.check("/ready", &reply);
        assert_eq!(ask(&service, "/health", "").await.status, 204);
    }

    // One that answers of fewer accounts than it was asked for: what is left out might be the pack's page.
    let service = router(manufacturer.responder(Behaviour::LeavesOne), &limits(1_000));
    let reply = ask(&service, &verification("A1", "SN-1", "490200"), "").await;
    assert_eq!(reply.status, 503);
    contract.check(VERIFY, &reply);

    // A requester that exceeds the limit.
    let service = router(manufacturer.responder(AT_ONCE), &limits(1));
    let uri = verification("A1", "SN-1", "490200");
    assert_eq!(ask(&service, &uri, "").await.status, 200);
    let reply = ask(&service, &uri, "").await;
    assert_eq!(reply.status, 429);
    contract.check(VERIFY, &reply);

    assert_eq!(contract.seen, contract.documented());
}

#[tokio::test]
async fn verifications_have_the_codes_of_the_standard() {
    let service = router(Manufacturer::new().responder(AT_ONCE), &limits(1_000));
    let mut contract = Contract::new();
    let withheld = |information: Option<&str>| {
        let mut data = json!({
            "verified": false,
            "verificationFailureReason": "Not_for_re-distribution",
        });
        if let Some(information) = information {
            data["additionalInfo"] = json!(information);
        }
        data
    };
    let mismatch = |code: &str| json!({ "verified": false, "verificationFailureReason": code });
    for (lot, serial, exp, expected) in [
        ("A1", "SN-1", "490200", json!({ "verified": true })),
        ("A1", "SN-1", "490228", json!({ "verified": true })),
        ("B2", "SN%2F5", "490200", json!({ "verified": true })),
        ("A1", "SN-2", "490200", withheld(None)),
        ("A1", "SN-3", "490200", withheld(Some("Suspect"))),
        ("A1", "SN-4", "490200", withheld(Some("Recalled"))),
        ("X4", "SN-6", "240229", withheld(Some("Expired"))),
        ("A1", "SN-0", "490200", mismatch("No_match_GTIN_Serial")),
        ("A1", "SN-7", "490200", mismatch("No_match_GTIN_Serial")),
        ("B2", "SN-1", "490200", mismatch("No_match_GTIN_Serial_Lot")),
        ("C3", "SN-1", "490200", mismatch("No_match_GTIN_Serial_Lot")),
        ("D6", "SN-8", "490200", json!({ "verified": true })),
        // The first is genuine and the second is not, but no manifest shows it.
        ("D6", "SN-9", "490200", mismatch("No_reason_provided")),
        ("D6", "SN-0", "490200", mismatch("No_reason_provided")),
        (
            "A1",
            "SN-1",
            "490300",
            mismatch("No_match_GTIN_Serial_Expiry"),
        ),
        (
            "B2",
            "SN-1",
            "490300",
            mismatch("No_match_GTIN_Serial_Lot_Expiry"),
        ),
    ] {
        let reply = ask(&service, &verification(lot, serial, exp), "").await;
        contract.check(VERIFY, &reply);
        let answer = reply.json();
        assert_eq!(answer["data"], expected, "lot {lot} serial {serial} {exp}");
        assert_eq!(answer["corrUUID"], CORRELATION);
        assert_eq!(answer["responderGLN"], "9506000000015");
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn serial_numbers_are_in_neither_logs_nor_metrics() {
    let service = router(Manufacturer::new().responder(AT_ONCE), &limits(1_000));
    for uri in [
        verification("A1", "SN-1", "490200"),
        verification("A1", "SN-404", "490200"),
        verification("A1", "SN-1", "unread"),
    ] {
        ask(&service, &uri, "").await;
    }
    let logged = captured();
    assert_eq!(logged.matches("answered").count(), 3, "{logged}");
    assert!(logged.contains(&format!("{GTIN} lot A1")), "{logged}");
    let metrics = ask(&service, "/metrics", "").await;
    let metrics = str::from_utf8(&metrics.body).expect("text");
    assert!(
        metrics.contains("answer=\"No_match_GTIN_Serial\"} 1"),
        "{metrics}"
    );
    for text in [&logged, metrics] {
        assert!(!text.contains("SN-"), "{text}");
    }
}
