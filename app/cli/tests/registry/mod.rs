//! The register: what issuers may vouch for, typing errors, lost keys, firms, company prefixes, and what the
//! registry authority settles.

use serde_json::json;

use crate::{
    GTIN, MAKER, OTHER_MAKER, PHARMACY, WHOLESALER, admit, admit_and_mint, cli::Ledger, issuer,
    trading_ledger,
};

/// The licence of a site, as every command that grants one takes it.
fn licence(roles: &str) -> String {
    let hash = "ab".repeat(32);
    format!("--roles {roles} --country CH --valid-until 2090-12-31 --licence-hash {hash}")
}

#[test]
fn an_issuer_vouches_within_its_scope_and_its_key_is_replaced() {
    let ledger = Ledger::start_alone();
    ledger.has_registry();
    for name in ["board", "next", "shop"] {
        ledger.make_keypair(name);
    }
    let [board, next, shop] = ["board", "next", "shop"].map(|name| ledger.address(name));
    let add = format!(
        "registry add-issuer {board} --name Board-3 --roles dispenser --countries DE,AT --prefixes 950"
    );
    ledger.does("authority", &add);
    let shown = issuer(&ledger, &board).unwrap();
    assert_eq!(shown["roles"], json!(["dispenser"]));
    assert_eq!(shown["countries"], json!(["DE", "AT"]));
    assert_eq!(shown["prefixes"], json!(["950"]));

    let admit = |roles: &str| {
        let licence = licence(roles);
        format!("partner admit {PHARMACY} --name shop --key {shop} {licence} --yes")
    };
    ledger
        .by("board", &admit("wholesaler"))
        .fails_saying("may not vouch for this role");
    ledger
        .by("board", &admit("dispenser"))
        .fails_saying("may not vouch for sites in this country");
    ledger
        .by("board", &admit("dispenser,regulator"))
        .fails_saying("A regulator has no other role");
    let widen = format!("registry set-issuer-scope {board} --countries any");
    ledger
        .by("board", &format!("{widen} --yes"))
        .fails_saying("Only the registry authority");
    ledger.does("authority", &widen);
    assert_eq!(issuer(&ledger, &board).unwrap()["countries"], json!([]));
    ledger.by("board", &admit("dispenser")).succeeds();
    ledger.does("shop", &format!("partner confirm {PHARMACY}"));

    // Its key is stolen, and replaced; its sites stay, and are restored.
    let revoke = format!("partner revoke {PHARMACY}");
    ledger.does("board", &revoke);
    ledger.does(
        "authority",
        &format!("registry rotate-issuer-key {board} {next}"),
    );
    ledger
        .by("board", &format!("{revoke} --yes"))
        .fails_saying("This issuer did not admit the partner");
    let restore = format!("partner restore {PHARMACY} {}", licence("dispenser"));
    ledger
        .by("next", &format!("{restore} --yes"))
        .fails_saying("Only the registry authority");
    ledger.does("authority", &restore);
    let shop = ledger
        .by("shop", &format!("partner show {PHARMACY}"))
        .succeeds();
    assert_eq!(shop["status"], "active");
    ledger.does("next", &format!("partner suspend {PHARMACY}"));
    ledger.does("next", &format!("partner reinstate {PHARMACY}"));
    let found = issuer(&ledger, &next).unwrap();
    assert_eq!(found["address"], shop["issuer"]);
    // It is removed by its address as well.
    let account = found["address"].as_str().unwrap();
    ledger.does("authority", &format!("registry remove-issuer {account}"));
    assert_eq!(issuer(&ledger, &next), None);
}

#[test]
fn a_typing_error_is_corrected_or_taken_back() {
    let ledger = Ledger::start();
    ledger.has_registry();
    for name in ["pharmacy", "wrong"] {
        ledger.make_keypair(name);
    }
    let [right, wrong] = ["pharmacy", "wrong"].map(|name| ledger.address(name));
    let admission = |command: &str, gln: &str, key: &str| {
        let licence = licence("dispenser");
        format!("partner {command} {gln} --name pharmacy --key {key} {licence}")
    };
    ledger.does("authority", &admission("admit", PHARMACY, &wrong));
    let confirm = format!("partner confirm {PHARMACY}");
    ledger
        .by("pharmacy", &format!("{confirm} --yes"))
        .fails_saying("Only the site's own key");
    ledger.does(
        "authority",
        &admission("correct-admission", PHARMACY, &right),
    );
    ledger.does("pharmacy", &confirm);
    let show = format!("partner show {PHARMACY}");
    let shown = ledger.by("pharmacy", &show).succeeds();
    assert_eq!(shown["status"], "active");
    assert_eq!(shown["firm"], PHARMACY);
    assert!(shown["confirmed_at"].is_i64());
    let again = admission("correct-admission", PHARMACY, &wrong);
    ledger
        .by("authority", &format!("{again} --yes"))
        .fails_saying("has confirmed the admission already");

    // A mistyped GLN is free again.
    let withdraw = format!("partner withdraw-admission {WHOLESALER}");
    ledger.does("authority", &admission("admit", WHOLESALER, &wrong));
    let withdrawn = ledger.does("authority", &withdraw);
    assert!(withdrawn["rent_lamports"].as_i64().unwrap() < 0);
    ledger
        .by("pharmacy", &format!("partner show {WHOLESALER}"))
        .fails_saying("no site with this GLN was admitted");
    let withdraw = format!("partner withdraw-admission {PHARMACY} --yes");
    ledger
        .by("authority", &withdraw)
        .fails_saying("has confirmed the admission already");
}

#[test]
fn a_lost_key_is_recovered_in_view_of_all() {
    let ledger = trading_ledger();
    for name in ["found", "scanner"] {
        ledger.make_keypair(name);
    }
    let [found, scanner] = ["found", "scanner"].map(|name| ledger.address(name));
    let appoint =
        format!("operator appoint {scanner} --name Thief --permissions ship --until 90days");
    ledger.does("pharmacy", &appoint);
    ledger.does("authority", &format!("partner suspend {PHARMACY}"));
    let rotate = format!("partner propose-key {PHARMACY} {scanner} --yes");
    ledger
        .by("pharmacy", &rotate)
        .fails_saying("have its issuer reinstate it");

    let propose = format!("partner propose-recovery {PHARMACY} {found}");
    let with = format!("--authority-keypair {}", ledger.keypair("pharmacy"));
    ledger
        .by("authority", &format!("{propose} {with} --yes"))
        .fails_saying("Only the registry authority");
    ledger.does("authority", &propose);
    let show = format!("partner show {PHARMACY}");
    let shown = ledger.by("pharmacy", &show).succeeds();
    assert_eq!(shown["recovery"]["key"], found);
    assert!(shown["recovery"]["from"].as_i64() > shown["admitted_at"].as_i64());
    let person = ledger.by_person("pharmacy", &show);
    assert!(person.stdout.contains("Recovery"), "{}", person.stdout);
    let complete = format!("partner complete-recovery {PHARMACY} --yes");
    ledger
        .by("found", &complete)
        .fails_saying("seven days after it was proposed");
    let cancel = format!("partner cancel-recovery {PHARMACY} --yes");
    ledger
        .by("pharmacy", &cancel)
        .fails_saying("Only the site's issuer or the registry authority");
    ledger.by("authority", &cancel).succeeds();
    assert!(ledger.by("pharmacy", &show).succeeds()["recovery"].is_null());

    // Who got a key back in time strikes out whom the thief appointed.
    ledger.does("authority", &format!("partner reinstate {PHARMACY}"));
    ledger.does("pharmacy", "operator dismiss-all");
    let listed = ledger
        .by("pharmacy", &format!("operator list --site {PHARMACY}"))
        .succeeds();
    assert_eq!(listed[0]["status"], "dismissed with all others");
    ledger
        .by("scanner", "inventory")
        .fails_saying("acts for no site");
    ledger.does("pharmacy", &format!("operator dismiss {scanner}"));
}

#[test]
fn company_prefixes_belong_to_one_firm() {
    let ledger = trading_ledger();
    ledger.make_keypair("other");
    admit(&ledger, "other", OTHER_MAKER, "--roles manufacturer");
    let claim = |prefix: &str, firm: &str| format!("prefix claim {prefix} --firm {firm} --yes");
    for overlapping in ["9506000", "95060001", "950600012345"] {
        ledger
            .by("authority", &claim(overlapping, OTHER_MAKER))
            .fails_saying("Another firm has claimed this company prefix");
    }
    ledger
        .by("authority", &claim("95060001", MAKER))
        .fails_saying("The firm has this company prefix already");
    ledger
        .by("other", &claim("9506000", OTHER_MAKER))
        .fails_saying("This issuer did not admit the partner");
    let maker = format!("maker ({MAKER})");
    let shown = ledger.by("other", "prefix show 95060001").succeeds();
    assert_eq!(shown, json!([{"prefix": "9506000", "firm": maker}]));

    // The authority settles whose it is, and whose the product under it.
    let to_other = format!("prefix move 9506000 --to {OTHER_MAKER}");
    ledger
        .by("other", &format!("{to_other} --yes"))
        .fails_saying("Only the registry authority");
    ledger.does("authority", &to_other);
    let register = format!("product register 09506000134369 --manufacturer {MAKER} --name Auroxin");
    ledger
        .by("maker", &format!("{register} --yes"))
        .fails_saying("not under any company prefix of the manufacturer's firm");
    let product = format!("product move {GTIN} --to {OTHER_MAKER}");
    ledger
        .by("other", &format!("{product} --yes"))
        .fails_saying("Only the registry authority");
    ledger.does("authority", &product);
    ledger.does("other", &format!("product update {GTIN} --name Auroxin"));

    // Its lots begin anew: what was minted before takes no number from who has the product now.
    let minted_by = |series: &str| {
        let show = format!("lot show {GTIN} A1{series}");
        let shown = ledger.by("other", &show).succeeds();
        shown["minted_by"].as_str().unwrap().to_owned()
    };
    assert_eq!(minted_by(""), maker);
    let mint = format!("lot mint {GTIN} A1 --expiry 2090-12 --quantity 10");
    ledger.does("other", &mint);
    ledger
        .by("other", &format!("{mint} --yes"))
        .fails_saying("was minted before");
    let other = format!("other ({OTHER_MAKER})");
    assert_eq!(minted_by(""), other);
    assert_eq!(minted_by(" --series 0"), maker);
    ledger.does("other", &format!("quarantine --lot {GTIN}/A1"));
    ledger
        .by("other", &format!("quarantine --lot {GTIN}/A1@0 --yes"))
        .fails_saying("Only the lot's manufacturer");
    ledger.does("other", &format!("lot adopt {GTIN} A1 --series 0"));
    ledger.does("other", &format!("quarantine --lot {GTIN}/A1@0"));

    // A sister plant registers under its firm's prefix.
    let [site, head_office] = ["maker", "other"].map(|name| ledger.keypair(name));
    let join = format!("partner join-firm {MAKER} --firm {OTHER_MAKER}");
    let agreed = format!("--head-office-keypair {head_office}");
    ledger
        .by("authority", &format!("{join} {agreed} --yes"))
        .fails_saying("Only the site's own key may do this");
    ledger
        .by("authority", &format!("{join} --site-keypair {site} --yes"))
        .fails_saying("The firm's head office has to agree");
    ledger.does(
        "authority",
        &format!("{join} {agreed} --site-keypair {site}"),
    );
    ledger.does("maker", &register);
    let shown = ledger
        .by("maker", &format!("partner show {MAKER}"))
        .succeeds();
    assert_eq!(shown["firm"], OTHER_MAKER);
    assert_eq!(shown["company_prefixes"], json!(["9506000"]));
    let leave = format!("partner leave-firm {MAKER}");
    ledger.does("authority", &leave);
    ledger
        .by("authority", &format!("{leave} --yes"))
        .fails_saying("there is no firm to leave");
    let firm = format!("prefix list --firm {MAKER}");
    assert_eq!(ledger.by("maker", &firm).succeeds(), json!([]));

    // What is released may be claimed by parts, and is gone otherwise.
    ledger.does("authority", "prefix release 9506000");
    ledger
        .by("authority", "prefix release 9506000 --yes")
        .fails_saying("nobody has claimed 9506000");
    ledger.by("authority", &claim("95060001", MAKER)).succeeds();
    ledger
        .by("authority", &claim("95060002 95060003", OTHER_MAKER))
        .succeeds();
    ledger
        .by("authority", &format!("{to_other} --yes"))
        .fails_saying("several firms have claimed parts of 9506000");
    let list = format!("prefix list --firm {OTHER_MAKER}");
    let listed = ledger.by("maker", &list).succeeds();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let table = ledger.by_person("maker", &list);
    assert!(table.stdout.contains("95060002"), "{}", table.stdout);
}

#[test]
fn a_gln_goes_to_its_owner_with_the_goods() {
    let ledger = Ledger::start_alone();
    admit_and_mint(&ledger);
    ledger.make_keypair("owner");
    ledger.make_keypair("board");
    let [owner, board] = ["owner", "board"].map(|name| ledger.address(name));
    let lot = format!("{GTIN}/A1");
    ledger.delivers(&lot, "maker", ("pharmacy", PHARMACY));
    ledger.does(
        "authority",
        &format!("registry add-issuer {board} --name Board-4"),
    );
    let give = format!(
        "partner move-gln {PHARMACY} --name Owner --key {owner} {} --issuer {board}",
        licence("dispenser")
    );
    ledger
        .by("board", &format!("{give} --yes"))
        .fails_saying("Only the registry authority");
    ledger.does("authority", &give);
    let going_back = format!("return {lot} --yes");
    ledger
        .by("pharmacy", &going_back)
        .fails_saying("may not act for Owner");
    ledger
        .by("owner", &going_back)
        .fails_saying("has not confirmed its admission");
    ledger.does("owner", &format!("partner confirm {PHARMACY}"));
    ledger.by("owner", &going_back).succeeds();
    let remove = format!("registry remove-issuer {board}");
    ledger.does("authority", &remove);
}
