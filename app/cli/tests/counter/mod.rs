//! At the counter: labels are drawn, scanned and verified, one by one, in bulk and over HTTP.

mod dispensing;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::{GTIN, MAKER, PHARMACY, cli::Ledger, trading_ledger};

/// Packs in the lot.
const PACKS: usize = 1_000;

/// A ledger with lot `A2` of [`PACKS`] packs, its manifest and a list of scans of all of them.
pub fn ledger_with_serials() -> (Ledger, String, String) {
    let ledger = trading_ledger();
    let (serials, manifest) = (ledger.path("serials.csv"), ledger.path("A2.manifest"));
    let list: String = (0..PACKS).map(|unit| format!("SN-{unit:05}\n")).collect();
    fs::write(&serials, list).unwrap();
    let mint = format!(
        "lot mint {GTIN} A2 --expiry 2049-02 --manifest {manifest} --serials {serials} --yes"
    );
    ledger.by("maker", &mint).succeeds();
    let scans = (0..PACKS)
        .map(|unit| format!("]d201{GTIN}1749020010A2\u{1d}21SN-{unit:05}\r\n"))
        .collect();
    (ledger, manifest, scans)
}

/// The JSON documents of a command that writes one on each line.
fn lines(stdout: &str) -> Vec<Value> {
    let documents = stdout.lines().map(serde_json::from_str);
    documents.collect::<Result<_, _>>().expect("JSON lines")
}

#[test]
fn labels_are_scanned_and_packs_verified() {
    let (ledger, manifest, scans) = ledger_with_serials();

    // A pack's label, drawn from the manifest or from its fields.
    let (png, svg) = (ledger.path("pack.png"), ledger.path("pack.svg"));
    let drawn = format!("label --manifest {manifest} --unit 7 --to {png}");
    assert_eq!(ledger.by("maker", &drawn).succeeds()["labels"], 1);
    let again = format!(
        "label {GTIN}/A2 --serial SN-00007 --to {}",
        ledger.path("7.png")
    );
    ledger.by("maker", &again).succeeds();
    assert_eq!(
        fs::read(&png).unwrap(),
        fs::read(ledger.path("7.png")).unwrap(),
        "the expiry is the ledger's"
    );
    ledger
        .by(
            "maker",
            &format!("label --sscc 106141412345678908 --to {svg}"),
        )
        .succeeds();
    assert!(ledger.read(&svg).contains("(00) 106141412345678908"));
    let sheet = format!("label --manifest {manifest} --all --to {svg}");
    assert_eq!(ledger.by("maker", &sheet).succeeds()["labels"], PACKS);
    ledger
        .by(
            "maker",
            &format!("label --manifest {manifest} --serial SN-1 --to {png}"),
        )
        .fails_saying("has no serial number SN-1");

    // Scanned from the picture, with evidence.
    let (folder, evidence) = (ledger.path("manifests"), ledger.path("evidence"));
    fs::create_dir(&folder).unwrap();
    fs::copy(&manifest, format!("{folder}/A2")).unwrap();
    let with = format!("--manifests {folder}");
    let scanned = ledger
        .by(
            "pharmacy",
            &format!("scan --image {png} {with} --evidence {evidence}"),
        )
        .succeeds();
    assert_eq!(scanned["outcome"], "verified");
    assert_eq!(
        (&scanned["unit"], &scanned["repairs"]),
        (&json!(7), &json!([]))
    );
    let kept = scanned["evidence"].as_str().unwrap();
    ledger
        .by("maker", &format!("evidence check {kept}"))
        .succeeds();

    // A lost separator leaves a lot that was never minted: the other reading is verified.
    let lost = format!("]d201{GTIN}1749020010A221SN-00003");
    let scanned = ledger
        .by("pharmacy", &format!("scan {lost} {with}"))
        .succeeds();
    assert_eq!(scanned["unit"], 3);
    assert!(
        scanned["read_as"]
            .as_str()
            .unwrap()
            .contains("(10)A2(21)SN-00003")
    );

    // Another lot's number, and a pack that was dispensed.
    let wrong_lot = format!("scan (01){GTIN}(17)490200(10)A1(21)SN-00003 {with}");
    let scanned = ledger.by("pharmacy", &wrong_lot).answers_no();
    assert_eq!(
        scanned["verification_failure_reason"],
        "No_match_GTIN_Serial_Lot"
    );
    assert_eq!(scanned["other_lot"], "A2");
    ledger.delivers(&format!("{GTIN}/A2"), "maker", ("pharmacy", PHARMACY));
    ledger.does("pharmacy", &format!("dispense {GTIN}/A2 --units 5"));

    // In bulk: answers in order, totals at the end; unreadable scans are skipped.
    let scans = format!("{scans}no scan\n\n(00)106141412345678908\n");
    let bulk = ledger.by_with_input("pharmacy", &format!("scan {with}"), &scans);
    assert_eq!(bulk.code, 1, "{}", bulk.stderr);
    let answers = lines(&bulk.stdout);
    let (totals, answers) = answers.split_last().unwrap();
    assert_eq!(answers.len(), PACKS + 2);
    for (answer, place) in answers.iter().zip(1..) {
        assert_eq!(answer["scan"], place);
    }
    assert_eq!(
        answers[5]["verification_failure_reason"],
        "Not_for_re-distribution"
    );
    assert_eq!(answers[PACKS]["outcome"], "unreadable");
    assert_eq!(
        totals["summary"],
        json!({
            "scans": PACKS + 2,
            "verified": PACKS - 1,
            "not_verified": { "Not_for_re-distribution": 1 },
            "unreadable": 2,
            "unanswered": 0,
        })
    );
    eprintln!("{} scans a second", totals["per_second"]);
}

#[test]
fn a_verification_router_is_answered() {
    let (ledger, manifest, _) = ledger_with_serials();
    ledger.delivers(&format!("{GTIN}/A2"), "maker", ("pharmacy", PHARMACY));
    ledger.does("pharmacy", &format!("dispense {GTIN}/A2 --units 5"));
    let folder = ledger.path("manifests");
    fs::create_dir(&folder).unwrap();
    ledger
        .by(
            "maker",
            &format!("serve --site {MAKER} --manifests {folder} --port 0"),
        )
        .fails_saying("there is no manifest in");
    fs::copy(&manifest, format!("{folder}/A2")).unwrap();

    let mut service = ledger.start_service(
        "maker",
        &format!("serve --site {MAKER} --manifests {folder} --port 0"),
    );
    let running = service.until(|line| !line["url"].is_null());
    let address = running["url"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap();
    let ask = |lot: &str, serial: &str| {
        let query = "exp=490200&context=dscsaSaleableReturn&corrUUID=1-2-3";
        let reply = get(
            address,
            &ledger.own(&format!(
                "/verify/gtin/{GTIN}/lot/{lot}/ser/{serial}?{query}"
            )),
        );
        let body = reply.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str::<Value>(body).expect("JSON")
    };
    let answer = ask("A2", "SN-00004");
    assert_eq!(answer["data"], json!({ "verified": true }));
    assert_eq!(
        (&answer["responderGLN"], &answer["corrUUID"]),
        (&json!(ledger.own(MAKER)), &json!("1-2-3"))
    );
    for (lot, serial, reason) in [
        ("A2", "SN-00005", "Not_for_re-distribution"),
        ("A1", "SN-00004", "No_match_GTIN_Serial_Lot"),
        ("A2", "SN-4", "No_match_GTIN_Serial"),
    ] {
        let data = &ask(lot, serial)["data"];
        assert_eq!(
            data,
            &json!({ "verified": false, "verificationFailureReason": reason })
        );
    }
    assert!(get(address, "/ready").starts_with("HTTP/1.1 204"));
    assert!(get(address, "/metrics").contains("answer=\"verified\"} 1"));
    service.stop();
}

/// The reply to a GET, head and body.
fn get(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).expect("the server answers");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("sent");
    let mut reply = String::new();
    connection.read_to_string(&mut reply).expect("UTF-8");
    reply
}
