//! Packs that are dispensed as they are scanned.

use serde_json::{Value, json};

use super::{ledger_with_serials, lines};
use crate::{GTIN, PHARMACY, cli::Ledger};

/// What a scanner sends for the pack of lot `A2` with this serial number.
fn scan(serial: &str) -> String {
    format!("]d201{GTIN}1749020010A2\u{1d}21{serial}")
}

/// A ledger whose pharmacy has most of lot `A2`: units 0 to 499, 500 to 899, and 900 to 949 in
/// quarantine. Units 950 to 999 are the maker's, and units 100 to 199 are recalled.
fn ledger_with_stock() -> (Ledger, String) {
    let (ledger, manifest, _) = ledger_with_serials();
    let notice = ledger.path("notice.txt");
    std::fs::write(&notice, "Glass particles. Stop using it.").unwrap();
    for (site, command) in [
        ("maker", format!("split {GTIN}/A2 --units 50")),
        ("maker", format!("split {GTIN}/A2 --units 450")),
        ("maker", format!("ship {GTIN}/A2 --to {PHARMACY}")),
        ("maker", format!("ship {GTIN}/A2#500 --to {PHARMACY}")),
        ("pharmacy", format!("receive {GTIN}/A2")),
        ("pharmacy", format!("receive {GTIN}/A2#500")),
        ("pharmacy", format!("split {GTIN}/A2#500 --units 50")),
        ("pharmacy", format!("quarantine {GTIN}/A2#900")),
        (
            "maker",
            format!(
                "recall open {GTIN}/A2 --units 100-199 --class I --depth consumer --reason \
                 foreign-body --notice {notice} --notice-address https://example.org/1"
            ),
        ),
    ] {
        ledger.by(site, &format!("{command} --yes")).succeeds();
    }
    (ledger, manifest)
}

#[test]
fn each_scanned_pack_is_dispensed_once_and_only_if_it_is_verified() {
    let (ledger, manifest) = ledger_with_stock();
    let dispense = format!("scan --dispense --manifest {manifest}");

    // Nothing is sent without --yes, in a dry run, without manifests, or for a site that does not dispense.
    let one = format!("{}\n", scan("SN-00000"));
    ledger
        .by_with_input("pharmacy", &dispense, &one)
        .fails_saying("pass --yes");
    ledger
        .by_with_input("pharmacy", "scan --dispense --yes", &one)
        .fails_saying("name the lots' manifests");
    ledger
        .by_with_input("maker", &format!("{dispense} --yes"), &one)
        .fails_saying("acts for no site that dispenses");
    let dry = ledger.by_with_input("pharmacy", &format!("{dispense} --dry-run"), &one);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    let answers = lines(&dry.stdout);
    assert_eq!(answers[0]["dispense"]["state"], "would_be_dispensed");
    assert!(answers[0]["dispense"]["rent_lamports"].as_i64() > Some(0));
    assert_eq!(answers[1]["summary"]["would_be_dispensed"], 1);
    ledger
        .by("pharmacy", &format!("unit {GTIN}/A2 0"))
        .succeeds();

    // One after the other; a refused pack does not end the run.
    let serials = [
        "SN-00000", "SN-00000", "SN-00600", "SN-00950", "SN-00900", "SN-00100", "SN-1",
    ];
    let mut scans: Vec<String> = serials.iter().map(|serial| scan(serial)).collect();
    scans.extend([
        format!("(01){GTIN}(10)A1"),
        format!("(01){GTIN}(10)A1(21)SN-1"),
        format!("(01){GTIN}(17)490300(10)A2(21)SN-00001"),
        "no scan".to_owned(),
    ]);
    let evidence = ledger.path("evidence");
    let bulk = ledger.by_with_input(
        "pharmacy",
        &format!("{dispense} --evidence {evidence} --yes"),
        &scans.join("\r\n"),
    );
    assert_eq!(bulk.code, 1, "{}", bulk.stderr);
    let answers = lines(&bulk.stdout);
    let (totals, answers) = answers.split_last().unwrap();
    let expected = [
        ("verified", "dispensed", Some(0), ""),
        (
            "not_verified",
            "not_dispensed",
            Some(0),
            "unit 0 is dispensed by pharmacy (9506000000039) at ",
        ),
        ("verified", "dispensed", Some(600), ""),
        (
            "verified",
            "not_dispensed",
            Some(950),
            "in the custody of maker",
        ),
        (
            "verified",
            "not_dispensed",
            Some(900),
            "ConsignmentQuarantined",
        ),
        ("not_verified", "not_dispensed", Some(100), ""),
        ("not_verified", "not_dispensed", None, ""),
        (
            "verified",
            "not_dispensed",
            None,
            "no serial number was read",
        ),
        ("not_verified", "not_dispensed", None, ""),
        ("not_verified", "not_dispensed", Some(1), ""),
    ];
    assert_eq!(answers.len(), expected.len() + 1);
    for (answer, (outcome, state, unit, reason)) in answers.iter().zip(expected) {
        assert_eq!(answer["outcome"], outcome, "{answer}");
        assert_eq!(answer["dispense"]["state"], state, "{answer}");
        assert_eq!(answer["unit"].as_u64(), unit, "{answer}");
        let said = answer["dispense"]["reason"].as_str().unwrap_or_default();
        assert!(said.contains(reason), "{answer}");
        assert_eq!(said.is_empty(), reason.is_empty(), "{answer}");
    }
    let unreadable = &answers[expected.len()];
    assert_eq!(
        (&unreadable["outcome"], unreadable.get("dispense")),
        (&json!("unreadable"), None)
    );
    assert_eq!(
        totals["summary"],
        json!({
            "scans": 11,
            "verified": 5,
            "dispensed": 2,
            "not_verified": {
                "No_match_GTIN_Serial": 1,
                "No_match_GTIN_Serial_Expiry": 1,
                "No_reason_provided": 1,
                "Not_for_re-distribution": 1,
                "Recalled": 1,
            },
            "unreadable": 1,
            "unanswered": 0,
        })
    );

    // What was dispensed is on record, the rest is not. The two are of different consignments.
    let [first, second] = [0, 2].map(|place: usize| &answers[place]["dispense"]);
    assert_ne!(first["consignment"], second["consignment"]);
    for (unit, is_active) in [
        (0, false),
        (600, false),
        (1, true),
        (100, true),
        (900, true),
    ] {
        let shown = ledger.by("pharmacy", &format!("unit {GTIN}/A2 {unit}"));
        let shown = match is_active {
            true => shown.succeeds(),
            false => shown.answers_no(),
        };
        assert_eq!(shown["active"], is_active, "{shown}");
    }
    let kept = answers[0]["evidence"].as_str().unwrap();
    ledger
        .by("maker", &format!("evidence check {kept}"))
        .succeeds();
    for consignment in [first, second].map(|dispense| dispense["consignment"].as_str().unwrap()) {
        let trace = ledger
            .by("maker", &format!("trace {consignment}"))
            .succeeds();
        assert_eq!(trace["finding"], "proven");
    }
}

#[test]
fn packs_are_taken_from_the_consignment_that_is_named() {
    let (ledger, manifest) = ledger_with_stock();
    let dispense =
        format!("scan --dispense --consignment {GTIN}/A2#500 --manifest {manifest} --yes");
    let answer = |serial: &str| -> Value {
        let reply = ledger.by("pharmacy", &format!("{dispense} {}", scan(serial)));
        serde_json::from_str(&reply.stdout).expect("an answer in JSON")
    };
    assert_eq!(answer("SN-00501")["dispense"]["state"], "dispensed");
    let other = answer("SN-00001");
    assert_eq!(other["outcome"], "verified");
    let reason = other["dispense"]["reason"].as_str().unwrap();
    assert!(
        reason.contains("not one of the named consignment's"),
        "{reason}"
    );

    // As a person reads it.
    let said = |serial: &str| {
        let command = format!("{dispense} {}", scan(serial));
        ledger.by_person("pharmacy", &command).stdout
    };
    let done = said("SN-00502");
    assert!(
        done.starts_with("DISPENSED 09506000134352 lot A2 serial SN-00502: unit 502"),
        "{done}"
    );
    let again = said("SN-00502");
    assert!(again.starts_with("NOT DISPENSED"), "{again}");
    assert!(
        again.contains("unit 502 is dispensed by pharmacy"),
        "{again}"
    );
    let recalled = said("SN-00150");
    assert!(recalled.starts_with("RECALLED"), "{recalled}");
    assert!(
        recalled.trim_end().ends_with("; not dispensed"),
        "{recalled}"
    );
}
