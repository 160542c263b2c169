//! A recall from its notice to its end, with each site's part in it.

use serde_json::{Value, json};

use super::{made, token};
use crate::{GTIN, LOT, MAKER, PHARMACY, WHOLESALER, admit, cli::Ledger, trading_ledger};

const REGULATOR: &str = "9506000000046";

/// A recall's arguments, except for what is recalled.
pub fn terms(ledger: &Ledger) -> String {
    let notice = ledger.path("notice.txt");
    std::fs::write(&notice, "Glass particles. Stop using it.").unwrap();
    format!(
        "--class I --depth consumer --reason foreign-body --notice {notice} \
         --notice-address https://example.org/recalls/1"
    )
}

#[test]
fn a_recall_stops_every_unit_and_counts_every_unit_back() {
    let ledger = trading_ledger();
    ledger.make_keypair("regulator");
    admit(&ledger, "regulator", REGULATOR, "--roles regulator");
    let (shelf, offered) = (format!("{LOT}#9500"), format!("{LOT}#9000"));
    ledger.does("maker", &format!("split {LOT} --units 500 --times 2"));
    ledger.delivers(&shelf, "maker", ("wholesaler", WHOLESALER));
    ledger.does("wholesaler", &format!("split {shelf} --units 100"));
    let counter = format!("{LOT}#9900");
    ledger.delivers(&counter, "wholesaler", ("pharmacy", PHARMACY));
    ledger.does(
        "maker",
        &format!("lot open-pages {}", LOT.replace('/', " ")),
    );
    ledger.does("pharmacy", &format!("dispense {counter} --units 9900-9909"));
    ledger.does("maker", &format!("ship {offered} --to {WHOLESALER}"));

    // Every site that holds some of it is informed at once, with its affected goods.
    let mut watch = ledger.watch("pharmacy");
    let open = format!("recall open {LOT} --units 9400-9999 {}", terms(&ledger));
    ledger
        .by("wholesaler", &format!("{open} --yes"))
        .fails_saying("NotOverseer");
    let recall = made(&ledger.does("maker", &open));
    let alert = watch.until(|line| line["what"] == "recall");
    assert_eq!(alert["about"], format!("{LOT}#0"));
    assert_eq!(alert["affected"]["consignments"], json!([[counter, 100]]));
    assert_eq!(alert["affected"]["dispensed"], 10);
    watch.stop();

    // From now on nothing goes further down, and all may come back.
    ledger.is_refused("wholesaler", &format!("receive {offered}"), "Recalled");
    ledger.is_refused(
        "wholesaler",
        &format!("ship {shelf} --to {PHARMACY}"),
        "Recalled",
    );
    ledger.is_refused(
        "pharmacy",
        &format!("dispense {counter} --units 9950"),
        "Recalled",
    );
    let refused = ledger
        .by(
            "pharmacy",
            &format!("dispense {counter} --units 9950 --yes"),
        )
        .fails_saying("see https://example.org/recalls/1");
    let by = &refused["refusal"]["recalls"][0];
    assert_eq!(
        (&by["recall"], &by["class"], &by["reason"]),
        (&json!(recall), &json!("I"), &json!("foreign-body"))
    );
    ledger.does("maker", &format!("cancel {offered}"));
    let answer = ledger
        .by("pharmacy", &format!("verify {GTIN} A1 --expiry 2089-02"))
        .answers_no();
    assert_eq!(answer["additional_information"], json!(["Recalled"]));
    assert_eq!(answer["recalls"][0]["class"], "I");
    assert_eq!(answer["recalls"][0]["reason"], "foreign-body");
    let told = ledger.by_person("pharmacy", &format!("verify {GTIN} A1"));
    for part in [
        "RECALLED:",
        "class I to the consumer level",
        "https://example.org/recalls/1",
    ] {
        assert!(told.stdout.contains(part), "{told:?}");
    }
    ledger.does("wholesaler", &format!("return {shelf}"));
    ledger.does("maker", &format!("receive {shelf}"));

    // The sites answer; the status shows their answers next to the ledger's counts.
    let before = ledger
        .by("maker", &format!("recall status {recall}"))
        .answers_no();
    assert_eq!(before["effectiveness"]["distributed"], 500);
    assert_eq!(before["effectiveness"]["accounted_for"], 400);
    ledger.does(
        "pharmacy",
        &format!("recall respond {LOT}#0 --held 0 --quarantined 80"),
    );
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .answers_no();
    assert_eq!(status["effectiveness"]["percent"], 98.0);
    assert_eq!(status["effectiveness"]["back"], 400);
    let depths = status["effectiveness"]["depths"].as_array().unwrap().iter();
    let depths: Vec<Value> = depths
        .map(|it| json!([it["depth"], it["distributed"], it["accounted_for"]]))
        .collect();
    let expected = json!([
        ["wholesale", 0, 0],
        ["retail", 90, 80],
        ["consumer", 10, 10]
    ]);
    assert_eq!(json!(depths), expected);
    let checks = json!({ "concerned": 1, "to_ask": 1, "answered": 1 });
    assert_eq!(status["checks"], checks);
    let pharmacy = status["sites"].as_array().unwrap().iter();
    let pharmacy = pharmacy
        .clone()
        .find(|site| site["gln"] == PHARMACY)
        .unwrap();
    assert_eq!(pharmacy["reported"]["dispensed"], 10);
    assert_eq!(pharmacy["contradictions"][0]["what"], "present");
    let count = format!("recall respond {recall} --held 0 --quarantined 90");
    ledger.does("pharmacy", &count);
    // Counts that are not given stay as they were answered.
    ledger.does("pharmacy", &format!("recall respond {recall}"));
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    assert_eq!(status["effectiveness"]["percent"], 100.0);
    let sites = status["sites"].as_array().unwrap();
    let reported = sites.iter().find(|site| site["gln"] == PHARMACY).unwrap();
    let reported = &reported["reported"];
    assert_eq!(
        (&reported["held"], &reported["quarantined"]),
        (&json!(0), &json!(90))
    );
    let fell = format!("recall respond {recall} --held 1 --dispensed 3 --yes");
    ledger.by("pharmacy", &fell).fails_saying("CountFell");

    // No site downstream can lift it; the regulator reclassifies, narrows and ends it.
    ledger
        .by("pharmacy", &format!("recall terminate {recall} --yes"))
        .fails_saying("NotRegulator");
    let stricter = "--class II --depth retail";
    ledger.does(
        "regulator",
        &format!("recall reclassify {recall} {stricter}"),
    );
    ledger.does(
        "regulator",
        &format!("recall narrow {recall} --units 9500-9999"),
    );
    ledger.does("maker", &format!("ship {offered} --to {WHOLESALER}"));
    ledger.does("maker", &format!("recall complete {recall}"));
    ledger.does("regulator", &format!("recall terminate {recall}"));
    ledger.is_refused(
        "pharmacy",
        &format!("dispense {counter} --units 9950"),
        "Recalled",
    );
    let listed = ledger
        .by("maker", &format!("recall list --gtin {GTIN}"))
        .succeeds();
    assert_eq!(listed, json!([]));
    let listed = ledger
        .by("maker", &format!("recall list --all --gtin {GTIN}"))
        .succeeds();
    assert_eq!(listed[0]["state"], "terminated");

    // The report for the inspector's file.
    let page = ledger.path("recall.html");
    ledger
        .by("regulator", &format!("recall report {recall} --to {page}"))
        .succeeds();
    let page = ledger.read(&page);
    for part in [
        "<svg",
        "class II",
        "https://example.org/recalls/1",
        PHARMACY,
    ] {
        assert!(page.contains(part), "{part}");
    }
    ledger
        .by(
            "regulator",
            &format!("recall report {recall} --to {}", ledger.path("recall.html")),
        )
        .fails_saying("could not create");
}

#[test]
fn all_lots_of_a_product_are_recalled_at_once() {
    let ledger = trading_ledger();
    for lot in ["B2", "C3"] {
        let mint = format!("lot mint {GTIN} {lot} --expiry 2089-02 --quantity 100");
        ledger.does("maker", &mint);
    }
    let opened = ledger.does(
        "maker",
        &format!("recall open --product {GTIN} {}", terms(&ledger)),
    );
    assert_eq!(opened["made"].as_array().unwrap().len(), 3);
    let listed = ledger
        .by("maker", &format!("recall list --gtin {GTIN}"))
        .succeeds();
    let units: u64 = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|recall| recall["quantity"].as_u64().unwrap())
        .sum();
    assert_eq!(units, 10_200);
    // One lot, several recalls.
    let again = format!("recall open {LOT} --units 5-9 {}", terms(&ledger));
    ledger.does("maker", &again);
    let second = ledger
        .by("maker", &format!("recall status {LOT}#1"))
        .succeeds();
    assert_eq!(second["recall"]["number"], 1);
    let expand = format!(
        "recall expand {LOT}#1 --units 0-99 --notice {} --notice-address https://example.org/2",
        ledger.path("notice.txt")
    );
    ledger.does("maker", &expand);
    ledger
        .by("maker", &format!("recall narrow {LOT}#1 --none --yes"))
        .fails_saying("NotRegulator");
}

#[test]
fn what_comes_back_is_paid_for_once() {
    let ledger = trading_ledger();
    ledger.make_keypair("regulator");
    admit(&ledger, "regulator", REGULATOR, "--roles regulator");
    let mint = token::issue(&ledger, [("maker", 100_000), ("wholesaler", 0)]);
    ledger.does("maker", &format!("split {LOT} --units 300"));
    let shelf = format!("{LOT}#9700");
    ledger.delivers(&shelf, "maker", ("wholesaler", WHOLESALER));
    let recall = made(&ledger.does("maker", &format!("recall open {LOT} {}", terms(&ledger))));

    // What is reserved is put aside: the price of all the units.
    let fund = format!("recall fund {recall} --mint {mint}");
    ledger
        .by("maker", &format!("{fund} --unit-price 1.50 --yes"))
        .fails_saying("insufficient");
    let some = format!("{fund} --units 9700-9999");
    ledger.does("maker", &format!("{some} --unit-price 1.00"));
    ledger.does("maker", &format!("{some} --unit-price 1.50"));
    ledger
        .by("maker", &format!("{some} --unit-price 1.505 --yes"))
        .fails_saying("more decimals than the token");
    ledger
        .by(
            "wholesaler",
            &format!("{some} --unit-price 1.00 --site {WHOLESALER} --yes"),
        )
        .fails_saying("NotManufacturer");

    // What the ledger shows came back is paid for, once.
    let offer = made(&ledger.does("wholesaler", &format!("return {shelf}")));
    let claim = format!("recall claim {recall} {offer}");
    ledger.does("wholesaler", &format!("recall respond {recall}"));
    ledger
        .by("wholesaler", &format!("{claim} --yes"))
        .fails_saying("is not evidence");
    ledger.does("maker", &format!("receive {shelf}"));
    // Without counts, an answer says what became of the units.
    ledger.does("wholesaler", &format!("recall respond {recall}"));
    ledger.make_keypair("desk");
    let key = ledger.address("desk");
    ledger.does(
        "wholesaler",
        &format!("operator appoint {key} --name Desk --permissions recall --until 90days"),
    );
    ledger
        .by("desk", &format!("{claim} --yes"))
        .fails_saying("OwnKeyOnly");
    ledger.does("desk", &format!("recall prove {recall} {offer}"));
    ledger.does("wholesaler", &claim);
    ledger
        .by("wholesaler", &format!("{claim} --yes"))
        .fails_saying("they are paid for");
    ledger
        .by("maker", &format!("recall claim {recall} {offer} --yes"))
        .fails_saying("had title to them");
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    assert_eq!(status["recall"]["shown_returned"], 300);
    let sites = status["sites"].as_array().unwrap();
    let reported = sites.iter().find(|site| site["gln"] == WHOLESALER).unwrap();
    assert_eq!(reported["reported"]["returned"], 300);
    // The tranche that pays most was claimed.
    let tranches: Vec<Value> = status["tranches"].as_array().unwrap().to_vec();
    let paid: Vec<&Value> = tranches.iter().map(|it| &it["paid"]).collect();
    assert_eq!(paid, [&json!(0), &json!(45_000)]);

    // The rest goes back 180 days after a regulator has ended it.
    ledger
        .by("maker", &format!("recall withdraw {recall} --yes"))
        .fails_saying("RecallNotTerminated");
    ledger.does("regulator", &format!("recall terminate {recall}"));
    ledger
        .by("maker", &format!("recall withdraw {recall} --yes"))
        .fails_saying("ClaimsOpen");
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    assert!(status["claims_end"].is_i64());

    // A regulator may find that more has to come back.
    ledger
        .by("maker", &format!("recall reopen {recall} --yes"))
        .fails_saying("NotRegulator");
    ledger.does("regulator", &format!("recall reopen {recall}"));
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    assert_eq!(status["recall"]["state"], "reopened");
    assert_eq!(status["claims_end"], Value::Null);
}

#[test]
fn a_manufacturers_class_is_a_proposal_until_a_regulator_assigns_it() {
    let ledger = trading_ledger();
    ledger.make_keypair("regulator");
    admit(&ledger, "regulator", REGULATOR, "--roles regulator");
    let recall = made(&ledger.does("maker", &format!("recall open {LOT} {}", terms(&ledger))));
    let class = |status: &Value| {
        (
            status["recall"]["class"].clone(),
            status["recall"]["classified_by"].clone(),
        )
    };
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    assert_eq!(class(&status), (json!("I"), Value::Null));
    let told = ledger.by_person("maker", &format!("recall status {recall}"));
    assert!(told.stdout.contains("I, as the recalling firm proposes"));
    let confirm = format!("recall reclassify {recall} --class I --depth consumer");
    ledger.does("regulator", &confirm);
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    let assigned = status["recall"]["classified_by"].as_str().unwrap();
    assert!(assigned.contains(REGULATOR), "{assigned}");
    let told = ledger.by_person("maker", &format!("recall status {recall}"));
    assert!(told.stdout.contains("I, assigned by"), "{told:?}");
}

#[test]
fn an_owner_gives_title_to_goods_that_its_provider_sent_back() {
    const CARRIER: &str = "9506000000053";
    let ledger = trading_ledger();
    ledger.make_keypair("carrier");
    admit(&ledger, "carrier", CARRIER, "--roles logistics");
    let mint = token::issue(&ledger, [("maker", 100_000), ("wholesaler", 0)]);
    ledger.does("maker", &format!("split {LOT} --units 300"));
    let shelf = format!("{LOT}#9700");
    ledger.delivers(&shelf, "maker", ("wholesaler", WHOLESALER));
    ledger.does(
        "wholesaler",
        &format!("ship {shelf} --to {CARRIER} --kind logistics"),
    );
    ledger.does("carrier", &format!("receive {shelf}"));
    let recall = made(&ledger.does("maker", &format!("recall open {LOT} {}", terms(&ledger))));
    let fund = format!("recall fund {recall} --mint {mint} --unit-price 2 --units 9700-9999");
    ledger.does("maker", &fund);
    let sent = made(&ledger.does("carrier", &format!("return {shelf} --to {MAKER}")));
    ledger.does("maker", &format!("receive {shelf}"));
    ledger
        .by("wholesaler", &format!("recall claim {recall} {sent} --yes"))
        .fails_saying("kept title");
    let returning = format!("recall return-title {shelf}");
    ledger
        .by("carrier", &format!("{returning} --yes"))
        .fails_saying("may not act for");
    let given_up = made(&ledger.does("wholesaler", &returning));
    ledger.does("wholesaler", &format!("recall claim {recall} {given_up}"));
    let status = ledger
        .by("maker", &format!("recall status {recall}"))
        .succeeds();
    assert_eq!(status["tranches"][0]["paid_units"], 300);
    // The owner's name is in the goods' history.
    let traced = ledger.proves(&shelf);
    assert_eq!(traced.last().map(String::as_str), Some("title given up"));
}
