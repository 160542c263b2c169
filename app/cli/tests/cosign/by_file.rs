//! A handoff by file: the sender signs and writes, the receiver looks, compares and submits.

use std::fs;

use super::{keys::typed, *};
use crate::counter::ledger_with_serials;

const CASES: [&str; 2] = ["106141412345678908", "106141412345678915"];

#[test]
fn the_receiver_signs_what_it_expects_and_submits_it() {
    let ledger = trading_ledger();
    let handoff = format!("handoff {LOT} --to {WHOLESALER}");

    // Without the other company's key nothing is sent, and the error says what to do.
    ledger
        .by("maker", &format!("{handoff} --yes"))
        .fails_saying("pass --sign-only");
    ledger
        .by("maker", &format!("{handoff} --dry-run"))
        .succeeds();

    let file = ledger.signed_by("maker", &handoff);
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let transaction = &written["transactions"][0];
    let (maker, wholesaler) = (ledger.address("maker"), ledger.address("wholesaler"));
    assert_eq!(transaction["absent"], serde_json::json!([wholesaler]));
    let signer = transaction["signers"][0].as_str().unwrap();
    assert!(signer.starts_with(&format!("{maker}=")), "{signer}");
    assert_eq!(ledger.custodian(), "maker (9506000000015)");

    // What would be signed is shown without signing it.
    let shown = ledger
        .by("wholesaler", &format!("cosign {file} {LOT} --dry-run"))
        .succeeds();
    let review = &shown["reviewed"][0];
    let handed = &review["handoffs"][0];
    assert_eq!(handed["from"]["site"], "maker (9506000000015)");
    assert_eq!(handed["to"]["site"], format!("wholesaler ({WHOLESALER})"));
    assert_eq!(
        (&handed["kind"], &handed["units"]),
        (&"sale".into(), &10_000.into())
    );
    let goods = &review["goods"]["consignments"][0];
    assert_eq!(
        (&goods["gtin"], &goods["lot_number"]),
        (&GTIN.into(), &"A1".into())
    );
    assert_eq!(review["fee_payer"], maker);
    let instructions = review["instructions"].as_array().unwrap().iter();
    let names: Vec<&str> = instructions
        .map(|it| it["program"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["compute budget", "compute budget", "custody"]);

    // Nobody signs blindly, and nobody else's key will do.
    ledger
        .cosigns("wholesaler", &file, "")
        .fails_saying("name the consignments, or pass --scan");
    let by_another = objections(ledger.cosigns("pharmacy", &file, LOT));
    assert!(by_another[0].contains("does not sign it"), "{by_another:?}");

    let done = ledger.cosigns("wholesaler", &file, LOT).succeeds();
    assert_eq!(done["submitted"].as_array().unwrap().len(), 1);
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));

    // The same file does nothing a second time.
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "changed since the transaction was made",
    );
    let trace = ledger.by("wholesaler", &format!("trace {LOT}")).succeeds();
    assert_eq!(trace["finding"], "proven");
}

#[test]
fn a_person_sees_what_is_signed() {
    let ledger = trading_ledger();
    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {WHOLESALER}"));
    let shown = ledger.by_person("wholesaler", &format!("cosign {file} --dry-run"));
    for expected in [
        "maker (9506000000015)",
        "sale",
        "10000 units",
        "09506000134352/A1",
        "custody: handoff",
        "paid by",
        "with its blockhash",
    ] {
        assert!(
            shown.stdout.contains(expected),
            "{expected}: {}",
            shown.stdout
        );
    }
    // The same at a terminal where a program reads the answer, and a person is asked.
    let keypair = ledger.keypair("wholesaler");
    let url = ledger.url();
    let asked = format!("--url {url} --keypair {keypair} --output json cosign {file}");
    let asked = typed(&asked, &[("sign this?", "n")]);
    for expected in ["custody: handoff", "10000 units", "not sent"] {
        assert!(asked.contains(expected), "{expected}: {asked}");
    }
    assert_eq!(ledger.custodian(), "maker (9506000000015)");
    // Without a terminal there is nobody to agree.
    let unasked = ledger.by_person("wholesaler", &format!("cosign {file} {LOT}"));
    assert!(
        unasked.stderr.contains("stdin is not a terminal"),
        "{unasked:?}"
    );
}

#[test]
fn what_was_scanned_is_compared() {
    let (ledger, manifest, scans) = ledger_with_serials();
    let case = format!("split {GTIN}/A2 --units 100 --sscc {}", CASES[0]);
    ledger.does("maker", &case);
    // Loose packs: the units 890 to 899.
    ledger.does("maker", &format!("split {GTIN}/A2 --units 10"));
    let handoff = format!("handoff {GTIN}/A2#890 {} --to {WHOLESALER}", CASES[0]);
    let scan = |lines: &[&str]| {
        let file = ledger.path("scans.txt");
        fs::write(&file, ledger.own(&lines.join("\n"))).unwrap();
        file
    };
    let scans: Vec<&str> = scans.lines().collect();
    let (case, packs) = (format!("00{}", CASES[0]), &scans[890..900]);
    let all = [&[case.as_str()], packs].concat();
    let cosign = |lines: &[&str], manifest: &str| {
        let options = format!("--scan {}{manifest}", scan(lines));
        let file = ledger.signed_by("maker", &handoff);
        ledger.cosigns("wholesaler", &file, &format!("{options} --dry-run"))
    };
    let with_manifest = format!(" --manifest {manifest}");
    cosign(&all, &with_manifest).succeeds();
    cosign(&all, "").succeeds();

    // A pack too few, a pack too many, another pack, no case, another case.
    let few = &all[..10];
    objects_only(
        cosign(few, &with_manifest),
        "1 units of 09506000134352/A2#890",
    );
    objects_only(cosign(few, ""), "1 units of 09506000134352/A2#890");
    let many = [all.as_slice(), &[scans[7]]].concat();
    objects_only(
        cosign(&many, &with_manifest),
        "1 packs of 09506000134352/A2",
    );
    let other = [few, &[scans[7]]].concat();
    assert_eq!(objections(cosign(&other, &with_manifest)).len(), 2);
    cosign(&other, "").succeeds();
    objects_only(
        cosign(packs, &with_manifest),
        "100 units of 09506000134352/A2#900",
    );
    ledger.does(
        "maker",
        &format!("split {GTIN}/A2 --units 5 --sscc {}", CASES[1]),
    );
    let other_case = format!("00{}", CASES[1]);
    let other_case = [all.as_slice(), &[other_case.as_str()]].concat();
    objects_only(
        cosign(&other_case, &with_manifest),
        "package 106141412345678915",
    );

    // A forged pack, and a scan that says nothing.
    let forged = scans[7].replace("SN-00007", "SN-X");
    let forged = [all.as_slice(), &[forged.as_str()]].concat();
    cosign(&forged, &with_manifest).fails_saying("potentially suspect (No_match_GTIN_Serial)");
    cosign(&["nothing"], "").fails_saying("scan 1 cannot be read");

    let file = ledger.signed_by("maker", &handoff);
    let options = format!("--scan {}{with_manifest}", scan(&all));
    let done = ledger.cosigns("wholesaler", &file, &options).succeeds();
    assert_eq!(done["reviewed"][0]["goods"]["total_units"], 110);
}

#[test]
fn a_buyer_a_witness_and_a_head_office_sign_by_file_too() {
    let ledger = trading_ledger();
    let title = format!("sell {LOT} --to {WHOLESALER}");
    let file = ledger.signed_by("maker", &title);
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "`transfer_title`, which is not part of a handoff",
    );
    let expected = format!("{LOT} --expect transfer_title");
    let sold = ledger.cosigns("wholesaler", &file, &expected).succeeds();
    let event = &sold["reviewed"][0]["instructions"][2]["events"][0];
    assert_eq!(event["event"], "sold");

    // The goods' owner watches.
    let witness = ledger.address("wholesaler");
    let destroy = format!("destroy {LOT} --witness-keypair {witness}");
    let file = ledger.signed_by("maker", &destroy);
    ledger
        .cosigns("wholesaler", &file, &format!("{LOT} --expect destroy"))
        .succeeds();
    let lot = ledger
        .by("maker", &format!("lot show {GTIN} A1"))
        .succeeds();
    assert_eq!(lot["consignments"][0]["status"], "destroyed");

    // Issuer, head office and site: three keys.
    let [head_office, site] = ["wholesaler", "pharmacy"].map(|name| ledger.address(name));
    let join = format!(
        "partner join-firm {PHARMACY} --firm {WHOLESALER} --head-office-keypair {head_office} \
         --site-keypair {site}"
    );
    let file = ledger.signed_by("authority", &join);
    let joined = ledger.by(
        "wholesaler",
        &format!("cosign {file} --expect join_firm --dry-run"),
    );
    let joined = joined.succeeds();
    let sites = &joined["reviewed"][0]["instructions"][2]["sites"];
    assert_eq!(
        sites,
        &serde_json::json!([
            format!("wholesaler ({WHOLESALER})"),
            format!("pharmacy ({PHARMACY})")
        ])
    );
    // There are no goods to compare, so a person has to look.
    ledger
        .cosigns("wholesaler", &file, "--expect join_firm")
        .fails_saying("name the consignments, or pass --scan");
    let url = ledger.url();
    for name in ["wholesaler", "pharmacy"] {
        let keypair = ledger.keypair(name);
        let sign = "--expect join_firm";
        let arguments =
            format!("--url {url} --keypair {keypair} cosign {file} {sign} --outfile {file}");
        let shown = typed(&arguments, &[("sign this?", "y")]);
        assert!(shown.contains("registry: join_firm"), "{shown}");
    }
    let partner = ledger
        .by("pharmacy", &format!("partner show {PHARMACY}"))
        .succeeds();
    assert_eq!(partner["firm"], WHOLESALER);
}
