//! Keys in key services: stand-ins that speak the services' protocols, and sign with a keypair of their own.

use std::{net::TcpStream, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use solana_signer::Signer as _;

use super::{
    stand_in::{Asked, stand_in, write},
    *,
};

/// A key service that signs what `answer` finds in a question. Returns its address.
fn service(answer: impl Fn(&Asked) -> (&'static str, Value) + Send + 'static) -> String {
    let link = stand_in(move |asked, stream: &mut TcpStream| {
        let (status, body) = answer(asked);
        write(stream, status, &body);
    });
    let url = link.strip_prefix("solana:").expect("a link");
    url.strip_suffix("/handoff/1").expect("a path").to_owned()
}

/// The bytes in a field of a question's body.
fn bytes_in(asked: &Asked, field: &str) -> Vec<u8> {
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    let text = body[field].as_str().expect("a field");
    BASE64_STANDARD.decode(text).expect("base64")
}

#[test]
fn a_key_in_aws_kms_signs() {
    let ledger = trading_ledger();
    let keypair = Arc::new(ledger.read_keypair("wholesaler"));
    let address = keypair.pubkey();
    let kms = service(move |asked| {
        assert!(
            asked
                .head
                .to_lowercase()
                .contains("x-amz-target: trentservice.sign")
        );
        assert!(
            asked.head.contains("AWS4-HMAC-SHA256 Credential=id/"),
            "{}",
            asked.head
        );
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        assert_eq!(body["KeyId"], "alias/wholesaler");
        assert_eq!(body["SigningAlgorithm"], "ED25519_SHA_512");
        let signature = keypair.sign_message(&bytes_in(asked, "Message"));
        let signature = BASE64_STANDARD.encode(signature);
        (
            "200 OK",
            json!({ "KeyId": "alias/wholesaler", "Signature": signature }),
        )
    });
    let variables = [
        ("AWS_ENDPOINT_URL_KMS", kms.as_str()),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let source = format!("aws-kms://alias/wholesaler?address={address}&region=eu-central-1");
    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {WHOLESALER}"));
    ledger
        .by_source(&source, &format!("cosign {file} {LOT} --yes"), &variables)
        .succeeds();
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));
}

#[test]
fn a_key_in_vault_signs_and_no_other() {
    let ledger = trading_ledger();
    let keypair = Arc::new(ledger.read_keypair("wholesaler"));
    let address = keypair.pubkey();
    let vault = service(move |asked| {
        let path = "POST /v1/transit/sign/wholesaler ";
        if !asked.head.starts_with(path) || !asked.head.contains("x-vault-token: token") {
            return ("403 Forbidden", json!({ "errors": ["permission denied"] }));
        }
        let signature = keypair.sign_message(&bytes_in(asked, "input"));
        let signature = format!("vault:v1:{}", BASE64_STANDARD.encode(signature));
        ("200 OK", json!({ "data": { "signature": signature } }))
    });
    let variables = [("VAULT_ADDR", vault.as_str()), ("VAULT_TOKEN", "token")];
    // The service has another key than the one that was named.
    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {PHARMACY}"));
    let cosign = format!("cosign {file} {LOT} --yes");
    let forged = format!("vault://wholesaler?address={}", ledger.address("pharmacy"));
    ledger
        .by_source(&forged, &cosign, &variables)
        .fails_saying("cannot sign");

    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {WHOLESALER}"));
    let cosign = format!("cosign {file} {LOT} --yes");
    let source = format!("vault://wholesaler?address={address}");
    ledger
        .by_source(&source, &cosign, &[("VAULT_ADDR", &vault)])
        .fails_saying("VAULT_TOKEN has to be set");
    let readable = [
        ("VAULT_ADDR", "http://vault.example"),
        ("VAULT_TOKEN", "token"),
    ];
    ledger
        .by_source(&source, &cosign, &readable)
        .fails_saying("is not encrypted");
    let wrong = [("VAULT_ADDR", vault.as_str()), ("VAULT_TOKEN", "other")];
    ledger
        .by_source(&source, &cosign, &wrong)
        .fails_saying("cannot sign");
    ledger.by_source(&source, &cosign, &variables).succeeds();
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));
}
