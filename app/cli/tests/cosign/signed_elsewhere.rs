//! Keys that are not on the machine that makes the transaction: a fee payer, a multisig, a custody desk; and
//! transactions that live longer than a blockhash.

use pedigree_client::transaction::Submitter;
use solana_signer::Signer as _;
use solana_system_interface::instruction::create_nonce_account;

use super::*;
use crate::MAKER;

/// Bytes of a nonce account.
const NONCE_BYTES: usize = 80;

/// Makes a nonce account that this keypair advances, as `solana create-nonce-account` does.
pub fn make_nonce(ledger: &Ledger, name: &str) -> String {
    let (authority, nonce) = (ledger.read_keypair(name), Keypair::new());
    let (client, key) = (ledger.client(), authority.pubkey());
    wait(async {
        let rent = client
            .rpc()
            .get_minimum_balance_for_rent_exemption(NONCE_BYTES);
        let made = create_nonce_account(&key, &nonce.pubkey(), &key, rent.await.unwrap());
        let submitter = Submitter::new(&client, &authority, 0);
        submitter.send(&made, &[&nonce]).await.unwrap();
    });
    nonce.pubkey().to_string()
}

#[test]
fn a_custody_desk_signs_an_unsigned_transaction() {
    let ledger = trading_ledger();
    // The machine that makes it has no key at all.
    let maker = ledger.address("maker");
    let file = ledger.path("unsigned.json");
    let unsigned = format!(
        "ship {LOT} --to {WHOLESALER} --unsigned --dump-transaction-message --outfile {file} \
         --encoding base58"
    );
    let written = ledger.by_key(&maker, &unsigned).succeeds();
    let written = &written["transactions"][0];
    assert!(written.get("signers").is_none(), "{written}");
    assert_eq!(written["absent"], serde_json::json!([maker]));

    let transaction = transaction_in(&file);
    assert_eq!(
        transaction.instructions().len(),
        1,
        "its limits are the desk's"
    );
    let message = bs58::decode(written["message"].as_str().unwrap()).into_vec();
    assert_eq!(message.unwrap(), transaction.message().serialize());

    // The desk returns a signature, which anybody may add.
    let key = ledger.read_keypair("maker");
    let signature = key.sign_message(&transaction.message().serialize());
    let add = format!("--signer {maker}={signature}");
    ledger.cosigns("pharmacy", &file, &add).succeeds();
    let lot = ledger
        .by("maker", &format!("lot show {GTIN} A1"))
        .succeeds();
    assert_eq!(lot["consignments"][0]["status"], "offered");

    let forged = key.sign_message(b"something else");
    ledger
        .cosigns("pharmacy", &file, &format!("--signer {maker}={forged}"))
        .fails_saying("is not valid for it");
    let stranger = format!("--signer {}={signature}", ledger.address("pharmacy"));
    ledger
        .cosigns("pharmacy", &file, &stranger)
        .fails_saying("is not among the keys that sign it");
}

#[test]
fn three_keys_sign_one_after_the_other() {
    let ledger = trading_ledger();
    ledger.make_keypair("treasury");
    let treasury = ledger.address("treasury");
    let handoff = format!("handoff {LOT} --to {WHOLESALER} --fee-payer {treasury}");
    let file = ledger.signed_by("maker", &handoff);

    // The receiver signs, and the treasury is still missing.
    let second = ledger.path("second.json");
    let passed_on = ledger
        .cosigns("wholesaler", &file, &format!("{LOT} --outfile {second}"))
        .succeeds();
    assert_eq!(
        passed_on["transactions"][0]["absent"],
        serde_json::json!([treasury])
    );
    assert_eq!(ledger.custodian(), format!("maker ({MAKER})"));
    objects_only(
        ledger.cosigns("wholesaler", &second, LOT),
        "has signed it already",
    );

    // The treasury pays, and signs for nobody else.
    let blind = objections(ledger.cosigns("treasury", &second, LOT));
    assert!(blind[0].contains("would pay the fees"), "{blind:?}");
    let pays = format!(
        "{LOT} --as payer --fee-payer {}",
        ledger.keypair("treasury")
    );
    ledger.cosigns("treasury", &second, &pays).succeeds();
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));
}

#[test]
fn the_senders_key_may_be_elsewhere_too() {
    let ledger = trading_ledger();
    let maker = ledger.address("maker");
    let file = ledger.path("handoff.json");
    let written = ledger.by_key(
        &maker,
        &format!("handoff {LOT} --to {WHOLESALER} --sign-only --outfile {file} --yes"),
    );
    assert!(
        written.succeeds()["transactions"][0]
            .get("signers")
            .is_none()
    );
    objects_only(
        ledger.cosigns(
            "maker",
            &file,
            &format!("{LOT} --fee-payer {}", ledger.keypair("maker")),
        ),
        "would sign for the sender: if it is to, pass --as sender",
    );
    let as_sender = format!(
        "{LOT} --as sender --fee-payer {0} --outfile {file}",
        ledger.keypair("maker")
    );
    ledger.cosigns("maker", &file, &as_sender).succeeds();
    ledger.cosigns("wholesaler", &file, LOT).succeeds();
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));
}

#[test]
fn a_transaction_with_a_nonce_does_not_expire() {
    let ledger = trading_ledger();
    let nonce = make_nonce(&ledger, "maker");
    let handoff = format!("handoff {LOT} --to {WHOLESALER} --nonce {nonce}");
    let file = ledger.signed_by("maker", &handoff);
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        &format!("pass --nonce {nonce}"),
    );
    let agreed = format!("{LOT} --nonce {nonce}");
    let shown = ledger
        .by("wholesaler", &format!("cosign {file} {agreed} --dry-run"))
        .succeeds();
    assert_eq!(shown["reviewed"][0]["nonce"], nonce);
    ledger.cosigns("wholesaler", &file, &agreed).succeeds();
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));

    // A nonce serves a command that sends, too, and only its authority's.
    let back = format!("ship {LOT} --to {PHARMACY} --nonce {nonce}");
    ledger
        .by("wholesaler", &format!("{back} --yes"))
        .fails_saying("name its keypair with --nonce-authority");
    ledger.does(
        "wholesaler",
        &format!("{back} --nonce-authority {}", ledger.keypair("maker")),
    );
    ledger.does(
        "maker",
        &format!("lot mint {GTIN} B7 --expiry 2089-02 --quantity 500"),
    );
    let several = format!("split {GTIN}/B7 --units 1 --times 200 --nonce {nonce} --sign-only");
    ledger
        .by("maker", &format!("{several} --yes"))
        .fails_saying("a nonce serves one transaction at a time");
    let no_nonce = format!(
        "split {GTIN}/B7 --units 1 --nonce {}",
        ledger.address("maker")
    );
    ledger
        .by("maker", &format!("{no_nonce} --yes"))
        .fails_saying("there is no nonce account");
}
