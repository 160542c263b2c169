//! Goods after minting: split, packed, disputed, sold, returned, merged and destroyed, by sites and by
//! their operators.

mod recalls;
mod token;
mod ways_home;

use serde_json::{Value, json};

use crate::{
    GTIN, LOT, MAKER, PHARMACY, WHOLESALER,
    cli::{Ledger, Reply},
    trading_ledger,
};

const PALLET: &str = "106141412345678908";
const CASE: &str = "106141412345678915";

impl Ledger {
    /// Runs a command that sends and that the custody program refuses.
    #[track_caller]
    fn is_refused(&self, name: &str, command: &str, error: &str) -> Value {
        let reply = self.by(name, &format!("{command} --yes"));
        let refusal = reply.fails_saying(error);
        assert_eq!(refusal["refusal"]["program"], "custody");
        refusal
    }

    /// Asserts that a consignment's history is proven; returns its events.
    fn proves(&self, consignment: &str) -> Vec<String> {
        let trace = self.by("maker", &format!("trace {consignment}")).succeeds();
        assert_eq!(trace["finding"], "proven");
        let entries = trace["entries"].as_array().unwrap().iter();
        entries
            .map(|entry| entry["event"].as_str().unwrap().to_owned())
            .collect()
    }

    fn inventory(&self, name: &str) -> Value {
        self.by(name, "inventory").succeeds()
    }
}

/// The address of the only account that a command created.
fn made(reply: &Value) -> String {
    let made = reply["made"].as_array().unwrap();
    assert_eq!(made.len(), 1, "{reply}");
    made[0]["address"].as_str().unwrap().to_owned()
}

#[test]
fn goods_live_from_the_packaging_line_to_the_incinerator() {
    let ledger = trading_ledger();
    let wholesaler = ("wholesaler", WHOLESALER);

    // The maker packs a pallet and a case from the lot, and finds them in its inventory.
    let split = ledger.does(
        "maker",
        &format!("split {LOT} --units 2000 --sscc {PALLET},{CASE}"),
    );
    assert_eq!(split["made"].as_array().unwrap().len(), 2);
    let pallet = split["made"][0]["address"].as_str().unwrap();
    let stock = ledger.inventory("maker");
    assert_eq!(stock["total_units"], 10_000);
    let names: Vec<&Value> = (0..3)
        .map(|i| &stock["consignments"][i]["consignment"])
        .collect();
    assert_eq!(names, [LOT, &format!("{LOT}#6000"), &format!("{LOT}#8000")]);
    let found = ledger.by("pharmacy", &format!("sscc {PALLET}")).succeeds();
    assert_eq!(found["consignments"][0]["address"], pallet);
    ledger.does("maker", &format!("unpack {CASE}"));
    ledger.by("maker", &format!("sscc {CASE}")).answers_no();
    ledger.does("maker", &format!("pack {LOT}#6000 {CASE}"));

    // The wholesaler finds the pallet in its inbox, three packs short, and has that corrected.
    ledger.does(
        "maker",
        &format!("ship {PALLET} --to {WHOLESALER} --within 2h"),
    );
    ledger.does(
        "maker",
        &format!("ship {CASE} --to {WHOLESALER} --within 1h"),
    );
    let inbox = ledger.by("wholesaler", "inbox").succeeds();
    assert_eq!(
        inbox[0]["consignment"],
        format!("{LOT}#6000"),
        "the sooner deadline first"
    );
    assert_eq!(inbox[1]["consignment_address"], pallet);
    assert_eq!(inbox[1]["lapsed"], false);
    ledger.does("maker", &format!("cancel {CASE}"));
    let received = ledger.does(
        "wholesaler",
        &format!("receive {PALLET} --discrepancy shortage --units 3"),
    );
    let case = made(&received);
    assert_eq!(
        ledger.inventory("wholesaler")["consignments"][0]["open_cases"],
        1
    );
    ledger.is_refused(
        "wholesaler",
        &format!("ship {PALLET} --to {PHARMACY}"),
        "UnderCase",
    );
    let listed = ledger
        .by("maker", &format!("case list --lot {LOT}"))
        .succeeds();
    assert_eq!(listed[0]["address"], case);
    assert_eq!(
        (&listed[0]["reason"], &listed[0]["units"]),
        (&json!("shortage"), &json!(3))
    );
    assert_eq!(listed[0]["answer_by"]["overdue"], false);
    ledger.is_refused(
        "maker",
        &format!("case resolve {case} --cleared"),
        "NotInvestigator",
    );
    ledger.does("wholesaler", &format!("case resolve {case} --cleared"));
    let resolved = ledger.by("maker", &format!("case show {case}")).succeeds();
    assert_eq!(resolved["state"], "cleared");
    assert_eq!(
        ledger
            .by("maker", &format!("case list --lot {LOT}"))
            .succeeds(),
        json!([])
    );

    // Sold on to the pharmacy, they come back, and are not sold again before they are verified.
    ledger.delivers(PALLET, "wholesaler", ("pharmacy", PHARMACY));
    ledger.does("pharmacy", &format!("return {PALLET}"));
    ledger.does("wholesaler", &format!("receive {PALLET}"));
    let sell_again = format!("ship {PALLET} --to {PHARMACY}");
    ledger.is_refused("wholesaler", &sell_again, "ReturnNotVerified");
    ledger.does("wholesaler", &format!("return verify {PALLET}"));
    ledger.does("wholesaler", &format!("quarantine {PALLET}"));
    ledger.is_refused("wholesaler", &sell_again, "ConsignmentQuarantined");
    let stock = ledger.inventory("wholesaler");
    assert_eq!(
        stock["consignments"][0]["obstacles"],
        json!(["quarantined"])
    );
    ledger.does("wholesaler", &format!("release {PALLET}"));

    // Some are destroyed with the maker as the witness, some become samples.
    let split = ledger.does(
        "wholesaler",
        &format!("split {PALLET} --units 100 --times 2"),
    );
    let destroyed = split["made"][0]["address"].as_str().unwrap();
    let sampled = split["made"][1]["address"].as_str().unwrap();
    let alone = format!(
        "destroy {destroyed} --witness-keypair {}",
        ledger.keypair("wholesaler")
    );
    ledger.is_refused("wholesaler", &alone, "WitnessIsActor");
    let witnessed = format!(
        "destroy {destroyed} --witness-keypair {}",
        ledger.keypair("maker")
    );
    ledger.does("wholesaler", &witnessed);
    let undo = format!("withdraw {sampled} --undo");
    ledger.is_refused("wholesaler", &undo, "NotWithdrawn");
    ledger.does("wholesaler", &format!("withdraw {sampled} --as sampled"));
    ledger.does("wholesaler", &undo);
    assert_eq!(ledger.proves(sampled).last().unwrap(), "withdrawal undone");
    ledger.does("wholesaler", &format!("withdraw {sampled} --as sampled"));
    let stock = ledger.inventory("wholesaler");
    assert_eq!(stock["total_units"], 1_800);

    // Two neighbours with histories of their own are merged.
    let both = format!(
        "handoff {LOT} {CASE} --to {WHOLESALER} --to-keypair {}",
        ledger.keypair("wholesaler")
    );
    ledger.does("maker", &both);
    let case_address = ledger.inventory("wholesaler")["consignments"][1]["address"].clone();
    ledger.does("wholesaler", &format!("merge {LOT}"));
    ledger.is_refused("wholesaler", &format!("merge {LOT}"), "NamedByCase");
    let case_address = case_address.as_str().unwrap();
    ledger
        .by("maker", &format!("trace {case_address}"))
        .fails_saying("was merged into");
    let stock = ledger.inventory("wholesaler");
    assert_eq!(stock["consignments"][0]["quantity"], 8_000);
    assert_eq!(stock["total_units"], 9_800);

    assert_eq!(
        ledger.proves(LOT),
        [
            "minted",
            "split",
            "split",
            "unpacked",
            "packed",
            "offered",
            "cancelled",
            "handed over",
            "handed over",
            "merged"
        ]
    );
    assert_eq!(
        ledger.proves(pallet),
        [
            "minted",
            "split",
            "offered",
            "accepted",
            "case resolved",
            "offered",
            "accepted",
            "offered",
            "accepted",
            "return verified",
            "quarantined",
            "released",
            "split",
            "split"
        ]
    );
    assert_eq!(ledger.proves(destroyed).last().unwrap(), "destroyed");
    assert_eq!(ledger.proves(sampled).last().unwrap(), "sampled");
    let kept = ledger
        .by("wholesaler", &format!("archive {pallet}"))
        .succeeds();
    assert_eq!(kept["settled"], 3, "none of them six years old");
    let wholesale = ledger.by_person(wholesaler.0, "inventory");
    assert!(
        wholesale.stdout.contains("2 consignments, 9800 units"),
        "{}",
        wholesale.stdout
    );
}

#[test]
fn a_pallet_of_25_consignments_is_handed_over_in_two_transactions() {
    let ledger = trading_ledger();
    let split = ledger.does("maker", &format!("split {LOT} --units 10 --times 24"));
    let children = split["made"].as_array().unwrap().iter();
    let mut all: Vec<&str> = children
        .map(|made| made["address"].as_str().unwrap())
        .collect();
    assert!(split["transactions"].as_array().unwrap().len() > 1);
    all.push(LOT);
    let handoff = |consignments: &[&str], (name, gln): (&str, &str)| {
        let consignments = consignments.join(" ");
        let keypair = ledger.keypair(name);
        format!("handoff {consignments} --to {gln} --to-keypair {keypair}")
    };

    let to_wholesaler = handoff(&all, ("wholesaler", WHOLESALER));
    let dry = ledger.by("maker", &format!("{to_wholesaler} --dry-run"));
    assert_eq!(dry.succeeds()["transactions"], 2);
    let handed = ledger.does("maker", &to_wholesaler);
    assert_eq!(handed["transactions"].as_array().unwrap().len(), 2);
    let stock = ledger.inventory("wholesaler");
    assert_eq!(stock["consignments"].as_array().unwrap().len(), 25);
    assert_eq!(stock["total_units"], 10_000);
    for consignment in [all[0], all[23], LOT] {
        assert_eq!(ledger.proves(consignment).last().unwrap(), "handed over");
    }
    ledger
        .by("maker", &format!("{to_wholesaler} --yes"))
        .fails_saying("may not act for wholesaler");

    // One may not be handed over, so nothing in its transaction is: it is the lot's last.
    let aside = all[0];
    ledger.does("wholesaler", &format!("quarantine {aside}"));
    let to_pharmacy = handoff(&all, ("pharmacy", PHARMACY));
    let refused = ledger.is_refused("wholesaler", &to_pharmacy, "ConsignmentQuarantined");
    let said = refused["error"].as_str().unwrap();
    assert!(
        said.contains("only the first 1 of 2 transactions"),
        "{said}"
    );
    let place = &refused["refusal"]["place"];
    let number = place["number"].as_u64().unwrap();
    assert_eq!(place["consignment"], aside);
    assert!(
        said.contains(&format!("consignment {number} of the batch")),
        "{said}"
    );
    assert!(refused["refusal"]["code"].as_u64().unwrap() < 1 << 16);

    // The rest is handed over at the second try.
    ledger.does("wholesaler", &format!("release {aside}"));
    let left = ledger.inventory("wholesaler");
    let left = left["consignments"].as_array().unwrap();
    assert_eq!(left.len() as u64, number);
    let left: Vec<&str> = left
        .iter()
        .map(|one| one["consignment"].as_str().unwrap())
        .collect();
    let handed = ledger.does("wholesaler", &handoff(&left, ("pharmacy", PHARMACY)));
    assert!(handed.get("transactions").is_none(), "one is enough");
    assert_eq!(ledger.inventory("pharmacy")["total_units"], 10_000);
}

#[test]
fn goods_are_sold_where_they_are_and_go_back_by_the_sale_they_came_with() {
    let ledger = trading_ledger();
    ledger.delivers(LOT, "maker", ("wholesaler", WHOLESALER));
    ledger
        .by("wholesaler", &format!("return {LOT} --to {PHARMACY} --yes"))
        .fails_saying("there is no accepted offer by which");
    ledger.delivers(LOT, "wholesaler", ("pharmacy", PHARMACY));
    let sell = format!(
        "sell {LOT} --to {MAKER} --to-keypair {}",
        ledger.keypair("maker")
    );
    ledger.does("pharmacy", &sell);
    let owned = ledger.by("maker", "inventory --owned").succeeds();
    assert_eq!(
        owned["consignments"][0]["custodian"],
        format!("pharmacy ({PHARMACY})")
    );
    assert_eq!(ledger.inventory("maker")["consignments"], json!([]));

    // The wholesaler sold them to the pharmacy, which only stores them now.
    let back = format!("return {LOT} --to {WHOLESALER}");
    ledger
        .by("pharmacy", &format!("{back} --yes"))
        .fails_saying("there is no accepted offer by which");
    ledger.does("pharmacy", &format!("return verify {LOT}"));
    let sell = format!(
        "sell {LOT} --to {PHARMACY} --to-keypair {}",
        ledger.keypair("pharmacy")
    );
    ledger.does("maker", &sell);
    let offered = ledger.does("pharmacy", &back);
    assert!(
        offered["done"]
            .as_str()
            .unwrap()
            .contains("reversing the sale")
    );
    ledger.does("wholesaler", &format!("receive {LOT}"));
    let events = ledger.proves(LOT);
    assert_eq!(
        events[5..],
        ["sold", "return verified", "sold", "offered", "accepted"]
    );
    ledger.does("wholesaler", &format!("withdraw {LOT} --as stolen"));
    ledger.is_refused("wholesaler", &format!("return {LOT}"), "UnitsGone");
}

#[test]
fn a_whole_lot_is_frozen_and_condemned() {
    let ledger = trading_ledger();
    ledger.does("maker", &format!("quarantine --lot {LOT}"));
    let verify = format!("verify {GTIN} A1");
    let answer = ledger.by("pharmacy", &verify).answers_no();
    assert_eq!(answer["additional_information"], json!(["Suspect"]));
    ledger.does("maker", &format!("release --lot {LOT}"));
    ledger.is_refused(
        "pharmacy",
        &format!("quarantine --lot {LOT}"),
        "NotOverseer",
    );

    let opened = ledger.does("maker", &format!("case open --lot {LOT} --units 40"));
    let case = made(&opened);
    ledger.is_refused(
        "maker",
        &format!("ship {LOT} --to {PHARMACY}"),
        "LotUnderCase",
    );
    let [determination, resolution] = ["11", "22"].map(|byte| byte.repeat(32));
    let document = format!("--document {determination}");
    ledger.does("maker", &format!("case determine {case} {document}"));
    let listed = ledger
        .by("maker", &format!("case list --lot {LOT}"))
        .succeeds();
    assert_eq!(listed[0]["state"], "illegitimate");
    assert_eq!(listed[0]["about"], LOT);
    assert_eq!(listed[0]["notify_by"]["overdue"], false);
    ledger.does("maker", &format!("case notify {case}"));
    ledger.is_refused(
        "maker",
        &format!("case resolve {case} --cleared"),
        "CaseDetermined",
    );
    let document = format!("--document {resolution}");
    let resolve = format!("case resolve {case} --condemned {document}");
    ledger.does("maker", &resolve);
    let shown = ledger.by("maker", &format!("case show {case}")).succeeds();
    assert_eq!(shown["determination"], determination);
    assert_eq!(shown["notification"], Value::Null);
    assert_eq!(shown["document"], resolution);
    let told = ledger.by_person("maker", &format!("case show {case}"));
    assert!(told.stdout.contains(&determination), "{}", told.stdout);
    let answer = ledger.by("pharmacy", &verify).answers_no();
    assert_eq!(
        answer["additional_information"],
        json!(["Illegitimate", "Suspect"])
    );
}

#[test]
fn a_watched_sites_changes_are_printed() {
    let ledger = trading_ledger();
    let mut watch = ledger.watch("wholesaler");
    ledger.does("maker", &format!("split {LOT} --units 4000"));
    let part = format!("{LOT}#6000");
    ledger.does("maker", &format!("ship {part} --to {WHOLESALER}"));
    let offer = watch.until(|line| line["what"] == "offer");
    assert_eq!(
        offer["about"], part,
        "the split does not concern the wholesaler"
    );
    assert_eq!(offer["now"]["state"], "offered");
    assert!(offer["slot"].as_u64().unwrap() > 0);

    ledger.does(
        "wholesaler",
        &format!("receive {part} --discrepancy damage"),
    );
    let mut told: Vec<String> = (0..3)
        .map(|_| watch.until(|_| true)["what"].as_str().unwrap().to_owned())
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["case", "consignment", "offer"]);
    ledger.does("wholesaler", &format!("pack {part} {PALLET}"));
    let packed = watch.until(|line| line["what"] == "consignment");
    assert_eq!(packed["change"], format!("package none → {PALLET}"));
    assert_eq!(packed["before"]["package"], "");
    watch.stop();
}

#[test]
fn an_operator_acts_within_its_permissions() {
    let ledger = trading_ledger();
    ledger.make_keypair("scanner");
    let key = ledger.address("scanner");
    ledger.does(
        "maker",
        &format!("operator appoint {key} --name Scanner --permissions ship,pack --until 90days"),
    );

    let split = ledger.does("scanner", &format!("split {LOT} --units 4000"));
    let part = made(&split);
    ledger.does("scanner", &format!("ship {LOT} --to {PHARMACY}"));
    ledger.does("scanner", &format!("cancel {LOT}"));
    let both = format!(
        "handoff {LOT} {part} --to {WHOLESALER} --to-keypair {}",
        ledger.keypair("wholesaler")
    );
    ledger.is_refused(
        "scanner",
        &format!("quarantine {LOT}"),
        "OperatorPermission",
    );
    assert_eq!(
        ledger.inventory("scanner")["total_units"],
        10_000,
        "its site's"
    );
    ledger.does("scanner", &both);
    assert_eq!(ledger.proves(&part), ["minted", "split", "handed over"]);

    // It acts for its own site only.
    let Reply { code, stderr, .. } = ledger.by("scanner", &format!("pack {LOT} {PALLET} --yes"));
    assert_eq!(code, 2);
    assert!(stderr.contains("may not act for wholesaler"), "{stderr}");
}

#[test]
fn packs_are_dispensed_once_and_tracked_one_by_one() {
    let ledger = trading_ledger();
    let pharmacy = ("pharmacy", PHARMACY);
    ledger.does("maker", &format!("split {LOT} --units 200"));
    let shelf = format!("{LOT}#9800");
    ledger.delivers(&shelf, "maker", pharmacy);

    // Single packs are not tracked until the lot's pages are open: 10,000 units take two.
    ledger
        .by("pharmacy", &format!("dispense {shelf} --units 9810 --yes"))
        .fails_saying("pedigree lot open-pages");
    let lot = LOT.replace('/', " ");
    let opened = ledger.does("maker", &format!("lot open-pages {lot}"));
    assert!(opened.get("signature").is_some(), "{opened}");
    ledger
        .by("maker", &format!("lot open-pages {lot} --yes"))
        .fails_saying("open already");

    ledger.does(
        "pharmacy",
        &format!("dispense {shelf} --units 9810,9820-9822"),
    );
    let unit = ledger.by("maker", &format!("unit {LOT} 9810")).answers_no();
    let fate = unit["fate"].as_str().unwrap();
    assert!(
        fate.starts_with("dispensed by") && fate.contains(PHARMACY),
        "{fate}"
    );
    let unit = ledger.by("maker", &format!("unit {LOT} 9811")).succeeds();
    assert_eq!(unit["fate"], "active");

    // The same pack again: refused with who had it and when, or with a case.
    let twice = ledger
        .by(
            "pharmacy",
            &format!("dispense {shelf} --units 9811,9821 --yes"),
        )
        .answers_no();
    assert_eq!(
        (&twice["unit"], &twice["units_gone"]),
        (&json!(9821), &json!(1))
    );
    assert!(
        twice["fate"].as_str().unwrap().contains(PHARMACY),
        "{twice}"
    );
    let again = format!("dispense {shelf} --units 9821 --open-case --yes");
    let case = made(&ledger.by("pharmacy", &again).answers_no());
    ledger.is_refused(
        "pharmacy",
        &format!("dispense {shelf} --units 9830"),
        "UnderCase",
    );
    ledger.does("pharmacy", &format!("case resolve {case} --cleared"));

    // What was not handed out goes back on the shelf; what is damaged does not.
    ledger.does("pharmacy", &format!("dispense {shelf} --units 9822 --undo"));
    ledger.is_refused(
        "pharmacy",
        &format!("dispense {shelf} --units 9822 --undo"),
        "UnitNotDispensed",
    );
    ledger.does(
        "pharmacy",
        &format!("decommission {shelf} --units 9899 --as damaged"),
    );
    let watched = format!(
        "decommission {shelf} --units 9899 --as destroyed --witness-keypair {}",
        ledger.keypair("wholesaler")
    );
    ledger.does("pharmacy", &watched);

    // The consignment cannot be sold as a whole, but what is split off can.
    let back = format!("return {shelf}");
    ledger.is_refused("pharmacy", &back, "PartlyGone");
    ledger.does("pharmacy", &format!("split {shelf} --units 100"));
    ledger.does("pharmacy", &format!("return {LOT}#9900"));
    let events = ledger.proves(&shelf);
    for event in ["dispensed", "dispense undone", "damaged", "destroyed"] {
        assert!(events.contains(&event.to_owned()), "{event}: {events:?}");
    }
    let stock = ledger.inventory("pharmacy");
    assert_eq!(
        stock["consignments"][0]["obstacles"],
        json!(["partly gone"])
    );
}

#[test]
fn a_lots_serials_go_from_the_packaging_line_to_the_counter() {
    let ledger = trading_ledger();
    let (serials, manifest) = (ledger.path("serials.csv"), ledger.path("lot.manifest"));
    let list: String = (0..300)
        .map(|unit| format!("{},SN-{unit:05}\n", 106_141_412_345_678_908_u64))
        .collect();
    let mint = format!("lot mint {GTIN} SERIAL-1 --expiry 2028-02 --manifest {manifest}");

    // A fault in the list is reported with its line, and leaves no file behind.
    for (fault, said) in [
        ("sscc,serial\n,A1\n,A2\n,A1\n", "4"),
        ("sscc,serial\n,A1\n,A 2\n", "3"),
        ("sscc,serial\n,ABCDEFGHIJKLMNOPQRSTU\n", "2"),
    ] {
        std::fs::write(&serials, fault).unwrap();
        let refused = ledger
            .by("maker", &format!("{mint} --serials {serials} --yes"))
            .fails_saying(&format!("line {said}"));
        assert!(refused["refusal"].is_null(), "{refused}");
        assert!(!std::path::Path::new(&manifest).exists());
    }
    std::fs::write(&serials, format!("sscc,serial\n{list}")).unwrap();
    ledger.does("maker", &format!("{mint} --serials {serials}"));
    ledger
        .by("maker", &format!("{mint} --yes"))
        .fails_saying("all its pages are open");
    let proven = ledger.by("maker", &format!("manifest check {manifest}"));
    assert_eq!(proven.succeeds()["units"], 300);
    let shown = ledger.by(
        "maker",
        &format!("manifest show {manifest} --serial SN-00042"),
    );
    assert_eq!(shown.succeeds()["unit"]["index"], 42);
    ledger
        .by(
            "maker",
            &format!("manifest show {manifest} --serial SN-00300"),
        )
        .answers_no();

    // The pharmacy gets the serial numbers of what it bought, and no others.
    let lot = format!("{GTIN}/SERIAL-1");
    ledger.does("maker", &format!("split {lot} --units 100"));
    let shelf = format!("{lot}#200");
    ledger.delivers(&shelf, "maker", ("pharmacy", PHARMACY));
    let part = ledger.path("shelf.manifest");
    let extract = format!("manifest extract {manifest} --consignment {shelf} --to {part}");
    assert_eq!(ledger.by("maker", &extract).succeeds()["units"], 100);
    let proven = ledger.by("pharmacy", &format!("manifest check {part}"));
    assert_eq!(proven.succeeds()["first_unit"], 200);
    ledger
        .by(
            "pharmacy",
            &format!("manifest show {part} --serial SN-00199"),
        )
        .answers_no();

    // At the counter: the answer is about the pack itself, with evidence.
    let evidence = ledger.path("evidence.json");
    let verify = format!("verify {GTIN} SERIAL-1 --expiry 2028-02-29 --manifest {part} --serial");
    let verified = ledger
        .by(
            "pharmacy",
            &format!("{verify} SN-00250 --consignment {shelf} --evidence {evidence}"),
        )
        .succeeds();
    assert_eq!(
        verified["unit"],
        json!({ "index": 250, "disposition": "active" })
    );
    let checked = ledger
        .by("maker", &format!("evidence check {evidence}"))
        .succeeds();
    assert_eq!(checked["changed_since"], json!([]));
    let unknown = ledger
        .by("pharmacy", &format!("{verify} SN-00042"))
        .answers_no();
    assert_eq!(
        unknown["verification_failure_reason"], "No_reason_provided",
        "the rest of the lot may have it"
    );
    let whole = verify.replace(&part, &manifest);
    let unknown = ledger
        .by("maker", &format!("{whole} SN-00300"))
        .answers_no();
    assert_eq!(
        unknown["verification_failure_reason"],
        "No_match_GTIN_Serial"
    );
    ledger
        .by(
            "pharmacy",
            &format!("verify {GTIN} A1 --manifest {part} --serial SN-00250"),
        )
        .fails_saying("the manifest is of lot SERIAL-1");

    let dispense = format!("dispense {shelf} --manifest {part} --serial");
    ledger.does("pharmacy", &format!("{dispense} SN-00250,SN-00299"));
    let unit = ledger.by("maker", &format!("unit {lot} 250")).answers_no();
    assert!(unit["fate"].as_str().unwrap().starts_with("dispensed"));
    let gone = ledger
        .by("pharmacy", &format!("{verify} SN-00250"))
        .answers_no();
    assert_eq!(
        gone["verification_failure_reason"],
        "Not_for_re-distribution"
    );
    let checked = ledger
        .by("maker", &format!("evidence check {evidence}"))
        .succeeds();
    assert_eq!(checked["verdict"]["failure"], json!(null));
    assert_eq!(checked["changed_since"].as_array().unwrap().len(), 2);
    let forged = std::fs::read_to_string(&evidence)
        .unwrap()
        .replace("SN-00250", "SN-00251");
    std::fs::write(&evidence, forged).unwrap();
    ledger
        .by("maker", &format!("evidence check {evidence} --offline"))
        .answers_no();
    ledger
        .by("pharmacy", &format!("{dispense} SN-00042 --yes"))
        .fails_saying("has no serial number SN-00042");

    // Another manifest of the same lot number is not the lot's.
    let other = ledger.path("other.manifest");
    ledger
        .by(
            "maker",
            &format!(
                "lot mint {GTIN} SERIAL-1 --expiry 2028-02 --manifest {other} --generate 300 --yes"
            ),
        )
        .fails_saying("was minted before, with other serial numbers");
    ledger
        .by("maker", &format!("manifest check {other}"))
        .answers_no();
}
