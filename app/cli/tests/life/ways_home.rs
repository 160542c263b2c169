//! Goods that get home, or to their destruction, whatever became of who has them; units that are cleared; and
//! lots whose manufacturer is gone.

use serde_json::{Value, json};

use super::{made, recalls::terms};
use crate::{
    GTIN, LOT, MAKER, OTHER_MAKER, PHARMACY, WHOLESALER, admit, cli::Ledger, trading_ledger,
};

const CARRIER: &str = "9506000000053";
const INSPECTOR: &str = "9506000000060";
const REVERSE_DISTRIBUTOR: &str = "9506000000077";
const LABORATORY: &str = "9506000000084";

/// The wholesaler's goods, 300 units.
const SHELF: &str = "09506000134352/A1#9700";

impl Ledger {
    /// Admits a further site.
    fn has_site(&self, name: &str, gln: &str, roles: &str) {
        self.make_keypair(name);
        admit(self, name, gln, &format!("--roles {roles}"));
    }

    /// What keeps the first consignment of a site's stock from being sold.
    fn obstacles(&self, name: &str) -> Value {
        self.inventory(name)["consignments"][0]["obstacles"].clone()
    }

    /// The last line of a consignment's history, which is proven.
    fn last_entry(&self, consignment: &str) -> Value {
        let trace = self.by("maker", &format!("trace {consignment}")).succeeds();
        assert_eq!(trace["finding"], "proven");
        trace["entries"].as_array().unwrap().last().unwrap().clone()
    }
}

/// A ledger on which the wholesaler owns 300 units, [`SHELF`].
fn ledger_with_a_shelf() -> Ledger {
    let ledger = trading_ledger();
    ledger.does("maker", &format!("split {LOT} --units 300"));
    ledger.delivers(SHELF, "maker", ("wholesaler", WHOLESALER));
    ledger
}

/// The same, with a 3PL that stores them, and a regulator.
fn ledger_with_stored_goods() -> Ledger {
    let ledger = ledger_with_a_shelf();
    ledger.has_site("carrier", CARRIER, "logistics");
    ledger.has_site("inspector", INSPECTOR, "regulator");
    ledger.does(
        "wholesaler",
        &format!("ship {SHELF} --to {CARRIER} --kind logistics"),
    );
    ledger.does("carrier", &format!("receive {SHELF}"));
    ledger
}

#[test]
fn a_3pl_that_is_revoked_sends_goods_home_to_their_owner() {
    let ledger = ledger_with_stored_goods();
    ledger.has_site("returns", REVERSE_DISTRIBUTOR, "reverse-distributor");
    ledger.does("carrier", &format!("split {SHELF} --units 100"));
    let rest = format!("{LOT}#9900");
    ledger.does("authority", &format!("partner revoke {CARRIER}"));
    for elsewhere in [
        format!("ship {SHELF} --to {PHARMACY} --kind logistics"),
        format!("withdraw {SHELF} --as sampled"),
        format!("quarantine {SHELF}"),
        format!("case open {SHELF}"),
    ] {
        ledger.is_refused("carrier", &elsewhere, "SenderRevoked");
    }

    // The owner is found by itself, and takes the goods back as it does any other return.
    let offered = ledger.does("carrier", &format!("return {SHELF}"));
    assert!(offered["done"].as_str().unwrap().contains(WHOLESALER));
    ledger.does("wholesaler", &format!("receive {SHELF}"));
    assert_eq!(
        ledger.obstacles("wholesaler"),
        json!(["return not verified"])
    );
    ledger.does("wholesaler", &format!("return verify {SHELF}"));
    ledger.delivers(SHELF, "wholesaler", ("pharmacy", PHARMACY));
    let events = ledger.proves(SHELF);
    assert_eq!(
        events[events.len() - 5..],
        [
            "offered",
            "accepted",
            "return verified",
            "offered",
            "accepted"
        ]
    );

    // Or they go to a reverse distributor, which waits for their owner: the 3PL condemns nothing.
    ledger.does(
        "carrier",
        &format!("ship {rest} --to {REVERSE_DISTRIBUTOR} --kind disposal"),
    );
    ledger.does("returns", &format!("receive {rest}"));
    let destroy = |witness| {
        let witness = ledger.keypair(witness);
        format!("destroy {rest} --witness-keypair {witness}")
    };
    ledger.is_refused("returns", &destroy("maker"), "OwnerNotAsked");
    ledger.does("returns", &destroy("wholesaler"));
    assert_eq!(ledger.proves(&rest).last().unwrap(), "destroyed");
}

#[test]
fn a_regulator_has_goods_brought_from_a_silent_site_to_a_reverse_distributor() {
    let ledger = ledger_with_stored_goods();
    ledger.has_site("returns", REVERSE_DISTRIBUTOR, "reverse-distributor");
    let recover = format!(
        "recover {SHELF} --to {REVERSE_DISTRIBUTOR} --to-keypair {}",
        ledger.keypair("returns")
    );
    // Neither the owner nor the receiver does it alone.
    ledger.is_refused("wholesaler", &recover, "NotRegulator");
    ledger.is_refused("returns", &recover, "NotRegulator");

    // An offer does not hold the goods, nor does the offer outlive them.
    ledger.does(
        "carrier",
        &format!("ship {SHELF} --to {PHARMACY} --kind logistics"),
    );
    ledger.does("inspector", &recover);
    assert_eq!(ledger.by("pharmacy", "inbox").succeeds(), json!([]));
    ledger
        .by("pharmacy", &format!("receive {SHELF} --yes"))
        .fails_saying("is not on offer");
    let owned = ledger.by("wholesaler", "inventory --owned").succeeds();
    assert_eq!(
        owned["consignments"][0]["custodian"],
        format!("returns ({REVERSE_DISTRIBUTOR})")
    );

    // The history says who had them brought, from whom and to whom.
    let entry = ledger.last_entry(SHELF);
    assert_eq!(entry["event"], "recovered");
    for (part, site) in [
        ("regulator", format!("inspector ({INSPECTOR})")),
        ("from", format!("carrier ({CARRIER})")),
        ("to", format!("returns ({REVERSE_DISTRIBUTOR})")),
    ] {
        assert_eq!(entry[part], site);
    }
    let told = ledger.by_person("maker", &format!("trace {SHELF}"));
    assert!(
        told.stdout
            .contains(&format!("recovered (by inspector ({INSPECTOR}))")),
        "{}",
        told.stdout
    );

    ledger.does(
        "returns",
        &format!(
            "destroy {SHELF} --witness-keypair {}",
            ledger.keypair("inspector")
        ),
    );
    let entry = ledger.last_entry(SHELF);
    assert_eq!(entry["witness"], format!("inspector ({INSPECTOR})"));
}

#[test]
fn stolen_goods_that_were_found_are_condemned_until_a_regulator_says_otherwise() {
    let ledger = ledger_with_stored_goods();
    ledger.does("carrier", &format!("withdraw {SHELF} --as stolen"));
    ledger.is_refused(
        "carrier",
        &format!("return {SHELF} --to {WHOLESALER}"),
        "UnitsGone",
    );
    let recover = format!(
        "recover {SHELF} --to {WHOLESALER} --to-keypair {}",
        ledger.keypair("wholesaler")
    );
    ledger.does("inspector", &recover);
    assert_eq!(
        ledger.obstacles("wholesaler"),
        json!(["condemned", "return not verified"])
    );
    let sell = format!("ship {SHELF} --to {PHARMACY}");
    ledger.is_refused("wholesaler", &sell, "Condemned");
    let release = format!("release {SHELF} --restrictions condemned");
    ledger.is_refused("wholesaler", &release, "LiftedByRegulator");
    ledger.does("inspector", &release);
    ledger.is_refused("inspector", &release, "NotRestricted");
    ledger.does("wholesaler", &format!("return verify {SHELF}"));
    ledger.does("wholesaler", &sell);
    let told = ledger.by_person("maker", &format!("trace {SHELF}"));
    assert!(told.stdout.contains("released (no longer condemned)"));
}

#[test]
fn goods_that_were_condemned_go_to_disposal_until_a_regulator_frees_them() {
    let ledger = ledger_with_stored_goods();
    let resolve = |case: &str| format!("case resolve {case} --condemned");
    let case = made(&ledger.does("wholesaler", &format!("case open {SHELF}")));
    let shown = ledger
        .by("carrier", &format!("case show {case}"))
        .succeeds();
    assert_eq!(shown["opened_as"], "owner");
    let told = ledger.by_person("carrier", &format!("case show {case}"));
    assert!(
        told.stdout
            .contains(&format!("by wholesaler ({WHOLESALER}), as owner")),
        "{}",
        told.stdout
    );
    ledger.is_refused("wholesaler", &resolve(&case), "CaseNotDetermined");
    ledger.does("wholesaler", &format!("case determine {case}"));
    ledger.does("wholesaler", &resolve(&case));
    assert_eq!(ledger.obstacles("carrier"), json!(["condemned"]));
    let home = format!("return {SHELF}");
    ledger.is_refused("carrier", &home, "Condemned");
    ledger.does(
        "inspector",
        &format!("release {SHELF} --restrictions condemned"),
    );
    ledger.does("carrier", &home);
}

#[test]
fn suspect_packs_go_to_a_laboratory_and_are_cleared() {
    let ledger = ledger_with_a_shelf();
    ledger.has_site("laboratory", LABORATORY, "laboratory");
    ledger.has_site("inspector", INSPECTOR, "regulator");
    ledger.delivers(SHELF, "wholesaler", ("pharmacy", PHARMACY));
    ledger.does("maker", &format!("lot open-pages {GTIN} A1"));
    let doubtful = format!("decommission {SHELF} --units 9710-9711 --as suspect");
    ledger.does("pharmacy", &doubtful);
    assert_eq!(
        ledger.obstacles("pharmacy"),
        json!(["partly damaged or suspect"])
    );
    let unit = |number: u32, is_active: bool| {
        let reply = ledger.by("maker", &format!("unit {LOT} {number}"));
        match is_active {
            true => reply.succeeds(),
            false => reply.answers_no(),
        }
    };
    let fate = unit(9710, false)["fate"].clone();
    assert!(fate.as_str().unwrap().starts_with("suspect"), "{fate}");

    // What is there travels: to the laboratory, and home to the pharmacy that owns it.
    let examine = format!("ship {SHELF} --to {LABORATORY} --kind examination");
    ledger.does("pharmacy", &examine);
    ledger.does("laboratory", &format!("receive {SHELF}"));
    let clear = format!("clear {SHELF} --units 9710-9711");
    ledger.is_refused("laboratory", &clear, "SenderRole");
    let offered = ledger.does("laboratory", &format!("return {SHELF}"));
    assert!(offered["done"].as_str().unwrap().contains(PHARMACY));
    ledger.does("pharmacy", &format!("receive {SHELF}"));
    ledger.does("pharmacy", &clear);
    ledger.does("pharmacy", &format!("return verify {SHELF}"));
    unit(9710, true);
    ledger.does("pharmacy", &format!("dispense {SHELF} --units 9710"));

    // A regulator clears more than the custodian does; damaged packs are not cleared.
    for (number, fate, refusal) in [
        (9720, "illegitimate", Some("UnitNotRestorable")),
        (9721, "stolen", Some("UnitNotRestorable")),
        (9722, "suspect", None),
    ] {
        let units = format!("{SHELF} --units {number}");
        ledger.does("pharmacy", &format!("decommission {units} --as {fate}"));
        let clear = format!("clear {units}");
        if let Some(refusal) = refusal {
            ledger.is_refused("pharmacy", &clear, refusal);
        }
        ledger.does("inspector", &clear);
        unit(number, true);
    }
    let damaged = format!("{SHELF} --units 9723");
    ledger.does("pharmacy", &format!("decommission {damaged} --as damaged"));
    ledger.is_refused(
        "inspector",
        &format!("clear {damaged}"),
        "UnitNotRestorable",
    );

    // What was sampled is put back within ten days.
    let sampled = format!("decommission {SHELF} --units 9730");
    ledger.does("pharmacy", &format!("{sampled} --as sampled"));
    unit(9730, false);
    ledger.does("pharmacy", &format!("{sampled} --undo"));
    unit(9730, true);
    ledger
        .by("pharmacy", &format!("{sampled} --undo --as sampled --yes"))
        .asks_for("cannot be used with");
    let events = ledger.proves(SHELF);
    for event in ["suspect", "cleared", "sampled", "decommission undone"] {
        assert!(events.contains(&event.to_owned()), "{event}: {events:?}");
    }

    // What became of a single pack is proven from the transactions, whatever records were closed.
    for (number, is_active, expected) in [
        (9710, false, json!(["suspect", "cleared", "dispensed"])),
        (9720, true, json!(["illegitimate", "cleared"])),
        (9730, true, json!(["sampled", "decommission undone"])),
        (9740, true, json!([])),
    ] {
        let reply = ledger.by("maker", &format!("unit {LOT} {number} --history"));
        let shown = match is_active {
            true => reply.succeeds(),
            false => reply.answers_no(),
        };
        let history = &shown["history"];
        assert_eq!(history["finding"], "proven");
        let entries = history["entries"].as_array().unwrap().iter();
        let events: Vec<&Value> = entries.clone().map(|entry| &entry["event"]).collect();
        assert_eq!(json!(events), expected);
        assert!(entries.clone().all(|entry| entry["time"].is_i64()));
    }
    let told = ledger.by_person("maker", &format!("unit {LOT} 9720 --history"));
    assert!(told.stdout.contains("proven:"), "{}", told.stdout);
    assert!(told.stdout.contains(&format!("inspector ({INSPECTOR})")));
}

#[test]
fn a_lot_whose_product_passed_on_is_adopted_and_recalled() {
    let ledger = ledger_with_a_shelf();
    ledger.has_site("heir", OTHER_MAKER, "manufacturer");
    ledger.does("authority", &format!("partner revoke {MAKER}"));
    ledger.does(
        "authority",
        &format!("product move {GTIN} --to {OTHER_MAKER}"),
    );
    ledger.is_refused("heir", &format!("quarantine --lot {LOT}"), "NotOverseer");
    let adopt = format!("lot adopt {GTIN} A1");
    ledger
        .by("maker", &format!("{adopt} --yes"))
        .fails_saying("may not act for heir");
    ledger.does("heir", &adopt);
    ledger.is_refused("heir", &adopt, "LotAdopted");
    let show = format!("lot show {GTIN} A1");
    let lot = ledger.by("pharmacy", &show).succeeds();
    assert_eq!(lot["manufacturer"], format!("heir ({OTHER_MAKER})"));
    assert_eq!(lot["minted_by"], format!("maker ({MAKER})"));
    let told = ledger.by_person("pharmacy", &show);
    assert!(told.stdout.contains(&format!("by maker ({MAKER})")));

    // It oversees the lot, and what it recalls comes home to it.
    ledger.does("heir", &format!("quarantine --lot {LOT}"));
    ledger.does("heir", &format!("release --lot {LOT}"));
    let open = format!("recall open {LOT} --units 9700-9999 {}", terms(&ledger));
    let recall = made(&ledger.does("heir", &open));
    let offered = ledger.does("wholesaler", &format!("return {SHELF}"));
    assert!(offered["done"].as_str().unwrap().contains(OTHER_MAKER));
    ledger.does("heir", &format!("receive {SHELF}"));
    let status = ledger
        .by("heir", &format!("recall status {recall}"))
        .succeeds();
    assert_eq!(status["effectiveness"]["back"], 300);
    // So does what the former manufacturer still has.
    ledger.does("maker", &format!("return {LOT}"));
    ledger.does("heir", &format!("receive {LOT}"));
    assert_eq!(ledger.inventory("heir")["total_units"], 10_000);
}

#[test]
fn what_a_3pl_stores_leaves_before_a_witness_of_its_owner() {
    let ledger = ledger_with_stored_goods();
    ledger.does("maker", &format!("lot open-pages {GTIN} A1"));
    ledger.does("carrier", &format!("split {SHELF} --units 100 --times 2"));
    let [sampled, destroyed] = [9800, 9900].map(|first| format!("{LOT}#{first}"));
    let before = |command: &str, witness| {
        let witness = ledger.keypair(witness);
        format!("{command} --witness-keypair {witness}")
    };

    let destroy = format!("destroy {destroyed}");
    ledger.is_refused("carrier", &before(&destroy, "maker"), "OwnerNotAsked");
    ledger.does("carrier", &before(&destroy, "wholesaler"));
    let entry = ledger.last_entry(&destroyed);
    assert_eq!(entry["event"], "destroyed");
    assert_eq!(entry["witness"], format!("wholesaler ({WHOLESALER})"));
    let told = ledger.by_person("maker", &format!("trace {destroyed}"));
    let said = format!("destroyed (also signed by wholesaler ({WHOLESALER}))");
    assert!(told.stdout.contains(&said), "{}", told.stdout);

    // Samples too, also of single packs; and what a case holds, before who opened it.
    let sample = format!("withdraw {sampled} --as sampled");
    ledger.is_refused("carrier", &sample, "OwnerNotAsked");
    ledger.does("carrier", &before(&sample, "wholesaler"));
    let packs = format!("decommission {SHELF} --units 9710 --as sampled");
    ledger.is_refused("carrier", &packs, "OwnerNotAsked");
    let case = made(&ledger.does("inspector", &format!("case open {SHELF}")));
    ledger.is_refused("carrier", &before(&packs, "wholesaler"), "HeldByCase");
    ledger.does("carrier", &before(&packs, "inspector"));
    let steal = format!("decommission {SHELF} --units 9711 --as stolen");
    ledger.is_refused("carrier", &steal, "LeavesNoRecord");
    ledger.is_refused("carrier", &before(&steal, "wholesaler"), "HeldByCase");
    ledger.does("inspector", &format!("case resolve {case} --cleared"));
    ledger.is_refused("carrier", &steal, "LeavesNoRecord");
    ledger.does("carrier", &before(&steal, "wholesaler"));
    let damaged = format!("decommission {SHELF} --units 9713 --as damaged");
    ledger.is_refused("carrier", &damaged, "OwnerNotAsked");
    ledger.does("carrier", &before(&damaged, "wholesaler"));

    // An operator of the owner is found by its key, whatever else the key is for.
    let appoint = format!(
        "operator appoint {} --name Auditor --permissions witness --until 90days",
        ledger.address("pharmacy")
    );
    ledger.does("wholesaler", &appoint);
    let others = packs.replace("9710", "9712");
    ledger.does("carrier", &before(&others, "pharmacy"));
    let entry = ledger.last_entry(SHELF);
    assert_eq!(entry["witness"], format!("wholesaler ({WHOLESALER})"));
}

#[test]
fn a_pharmacy_dispenses_what_it_stores_with_its_owners_signature() {
    let ledger = ledger_with_a_shelf();
    ledger.does("maker", &format!("lot open-pages {GTIN} A1"));
    ledger.does(
        "wholesaler",
        &format!("ship {SHELF} --to {PHARMACY} --kind logistics"),
    );
    ledger.does("pharmacy", &format!("receive {SHELF}"));
    let dispense = format!("dispense {SHELF} --units");
    ledger
        .by("pharmacy", &format!("{dispense} 9700 --yes"))
        .fails_saying("may not act for wholesaler");
    let owner = format!("--owner-keypair {}", ledger.keypair("wholesaler"));
    ledger.does("pharmacy", &format!("{dispense} 9700 {owner}"));
    let appoint = format!(
        "operator appoint {} --name Till --permissions dispense --until 90days",
        ledger.address("pharmacy")
    );
    ledger.does("wholesaler", &appoint);
    ledger.does("pharmacy", &format!("{dispense} 9701"));
    assert_eq!(
        ledger.last_entry(SHELF)["witness"],
        format!("wholesaler ({WHOLESALER})")
    );
}
