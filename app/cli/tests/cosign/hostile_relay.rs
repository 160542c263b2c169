//! What whoever is behind a link, or between it and the receiver, could do.

use std::{
    io::Write as _,
    thread::sleep,
    time::{Duration, Instant},
};

use pedigree_client::fee_payer::FeePayer;
use serde_json::json;
use solana_hash::Hash;
use solana_message::Message;
use solana_signer::Signer as _;
use solana_system_interface::instruction::transfer;

use super::{
    hostile_sender::transaction_of,
    stand_in::{label, offers, stand_in, write, write_text},
    *,
};

/// The handoff of the lot's first consignment, signed by the maker, in base64.
fn handoff(ledger: &Ledger) -> String {
    transaction_of(ledger, |_| {}).to_base64()
}

#[test]
fn what_a_hostile_sender_offers_is_not_signed() {
    let ledger = trading_ledger();
    let [maker, wholesaler] =
        ["maker", "wholesaler"].map(|name| ledger.read_keypair(name).pubkey());
    let theft = transfer(&wholesaler, &maker, 1_000_000_000);
    let with_theft = transaction_of(&ledger, |all| all.push(theft));
    objects_only(
        ledger.cosigns("wholesaler", &offers(vec![with_theft.to_base64()]), LOT),
        "which is not part of a handoff",
    );

    ledger.does(
        "maker",
        &format!("lot mint {GTIN} B7 --expiry 2089-02 --quantity 10"),
    );
    let other_lot = ledger.signed_by("maker", &format!("handoff {GTIN}/B7 --to {WHOLESALER}"));
    let other_lot = transaction_in(&other_lot).to_base64();
    objects_only(
        ledger.cosigns("wholesaler", &offers(vec![other_lot]), LOT),
        "09506000134352/B7",
    );
    let to_another = ledger.signed_by("maker", &format!("handoff {LOT} --to {PHARMACY}"));
    let to_another = transaction_in(&to_another).to_base64();
    let reasons = objections(ledger.cosigns("wholesaler", &offers(vec![to_another]), LOT));
    assert!(reasons[0].contains("does not sign it"), "{reasons:?}");

    // The sender has not signed: the receiver's signature alone would be collected.
    let message = transaction_of(&ledger, |_| {}).message().clone();
    let unsigned = PartialTransaction::unsigned(message).to_base64();
    objects_only(
        ledger.cosigns("wholesaler", &offers(vec![unsigned]), LOT),
        "has not signed it, which should have been done before",
    );
    let stale = handoff(&ledger);
    ledger.does("maker", &format!("split {LOT} --units 1"));
    objects_only(
        ledger.cosigns("wholesaler", &offers(vec![stale]), LOT),
        "changed since the transaction was made",
    );
}

#[test]
fn what_was_changed_on_the_way_is_not_signed() {
    let ledger = trading_ledger();
    let mut bytes = transaction_of(&ledger, |_| {}).to_bytes();
    *bytes.last_mut().unwrap() ^= 1;
    let swapped = bs58::encode(bytes).into_string();
    ledger
        .cosigns("wholesaler", &offers(vec![swapped]), LOT)
        .fails_saying("it was changed after it was signed");
}

#[test]
fn what_is_changed_after_it_was_shown_is_not_signed() {
    let ledger = trading_ledger();
    ledger.does("maker", &format!("split {LOT} --units 10 --times 2"));
    let expired = |transaction: &PartialTransaction| {
        let maker = ledger.read_keypair("maker");
        let payer = FeePayer::new(maker.pubkey());
        let message = Message::new_with_blockhash(
            &transaction.instructions(),
            Some(&payer.key),
            &Hash::new_from_array([9; 32]),
        );
        let mut expired = PartialTransaction::unsigned(message);
        expired.sign(&maker).unwrap();
        expired.to_base64()
    };
    let [first, second] = [9_980, 9_990].map(|unit| format!("{LOT}#{unit}"));
    let transaction_of = |consignment: &str| {
        let file = ledger.signed_by("maker", &format!("handoff {consignment} --to {WHOLESALER}"));
        transaction_in(&file)
    };
    let shown = transaction_of(&first);
    let both = format!("{first} {second}");

    // Both were expected, but only the first was shown.
    let swapped = transaction_of(&second).to_base64();
    let link = offers(vec![expired(&shown), swapped]);
    objects_only(
        ledger.cosigns("wholesaler", &link, &both),
        "it was changed after it was shown",
    );
    // The same, with a newer blockhash, is signed; and offered again, it is not.
    let link = offers(vec![expired(&shown), transaction_of(&first).to_base64()]);
    let done = ledger.cosigns("wholesaler", &link, &first).answers_no();
    assert_eq!(done["submitted"].as_array().unwrap().len(), 1);
    let replayed = done["objections"].to_string();
    assert!(
        replayed.contains("changed since the transaction was made"),
        "{replayed}"
    );
}

#[test]
fn answers_are_short_and_in_time_and_from_where_they_were_asked() {
    let ledger = trading_ledger();
    let cosign = |link: &str| ledger.cosigns("wholesaler", link, LOT);
    let endless = stand_in(|_, stream| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"label\":\"";
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(&[b'x'; 4_096]).is_ok() {}
    });
    cosign(&endless).fails_saying("answered with more than 16384 bytes");

    let elsewhere = handoff(&ledger);
    let elsewhere = offers(vec![elsewhere]).replace("solana:", "");
    let redirecting = stand_in(move |_, stream| {
        let answer = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n"
        );
        let _ = stream.write_all(answer.as_bytes());
    });
    cosign(&redirecting).fails_saying("sends elsewhere, which is not followed");

    let dripping = stand_in(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            sleep(Duration::from_millis(200));
        }
    });
    let asked = Instant::now();
    cosign(&dripping).fails_saying("does not answer");
    assert!(asked.elapsed() < Duration::from_secs(60));

    let declining = stand_in(|asked, stream| match asked.method.as_str() {
        "GET" => write(
            stream,
            "200 OK",
            &json!({ "label": "\u{1b}[31mMaker\u{202e}" }),
        ),
        _ => {
            assert!(asked.head.starts_with("POST /handoff/1 ") && asked.body.contains("account"));
            let message = json!({ "message": "not \u{1b}[2Jtoday" });
            write(stream, "503 Service Unavailable", &message);
        }
    });
    let error = cosign(&declining).fails_saying("declined (503 Service Unavailable): not [2Jtoday");
    assert!(!error.to_string().contains('\u{1b}'));
    let nonsense = stand_in(|_, stream| write(stream, "200 OK", &json!([1, 2, 3])));
    cosign(&nonsense).fails_saying("something else than a transaction");
    let no_transaction = stand_in(|asked, stream| match asked.method.as_str() {
        "GET" => write(stream, "200 OK", &label()),
        _ => write(stream, "200 OK", &json!({ "transaction": "AAAA" })),
    });
    cosign(&no_transaction).fails_saying("sent a transaction that is not signed here");
}

#[test]
fn what_else_an_answer_says_does_not_count() {
    let ledger = trading_ledger();
    let answers = |body: String| {
        stand_in(move |asked, stream| match asked.method.as_str() {
            "GET" => write(stream, "200 OK", &label()),
            _ => write_text(stream, "200 OK", &body),
        })
    };
    let theft = transfer(
        &ledger.read_keypair("wholesaler").pubkey(),
        &ledger.read_keypair("maker").pubkey(),
        1_000_000_000,
    );
    let bad = transaction_of(&ledger, |all| all.push(theft)).to_base64();
    let good = handoff(&ledger);
    let dry = |link: &str| ledger.by("wholesaler", &format!("cosign {link} {LOT} --dry-run"));

    // The specification has clients pass over what they do not know, however deep it is.
    let deep = "[".repeat(5_000) + &"]".repeat(5_000);
    let deep = format!("{{\"more\":{deep},\"transaction\":\"{good}\"}}");
    let more = json!({
        "transaction": good,
        "message": "as you wish",
        "account": ledger.address("pharmacy"),
        "redirect": "https://elsewhere.example",
        "reviewed": true,
    });
    for more in [more.to_string(), deep] {
        let shown = dry(&answers(more)).succeeds();
        assert_eq!(shown["objections"], json!([]));
        assert!(!shown.to_string().contains("elsewhere"), "{shown}");
    }
    let swayed =
        json!({ "transaction": bad, "objections": [], "yes": true, "expect": ["transfer"] });
    let reasons = objections(dry(&answers(swayed.to_string())));
    assert!(reasons[0].contains("not part of a handoff"), "{reasons:?}");

    // Neither of two transactions is chosen, and only a text is one.
    let [first, second] = [&good, &bad].map(|it| format!("\"transaction\":\"{it}\""));
    for body in [
        format!("{{{first},{second}}}"),
        format!("{{\"transaction\":[\"{good}\"]}}"),
        format!("{{{first},\"message\":7}}"),
        format!("{{{first}}}{{{second}}}"),
        "null".to_owned(),
        String::new(),
    ] {
        dry(&answers(body)).fails_saying("something else than a transaction");
    }
}
