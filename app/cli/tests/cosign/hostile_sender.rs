//! What a sender could put into a transaction that the receiver did not agree to.

use std::fs;

use pedigree_client::{
    Site, TransferKind,
    actor::Actor,
    address,
    fee_payer::FeePayer,
    instruction::{custody::quarantine, registry::propose_partner_key},
    planning::handoffs::{Handoff, hand_over},
    reference::{ConsignmentRef, LotRef},
};
use solana_instruction::Instruction;
use solana_message::Message;
use solana_signer::Signer as _;
use solana_system_interface::instruction::transfer;

use super::*;

/// A file with what [`transaction_of`] makes.
fn tampered(ledger: &Ledger, tamper: impl FnOnce(&mut Vec<Instruction>)) -> String {
    let file = ledger.path("tampered.txt");
    fs::write(&file, transaction_of(ledger, tamper).to_base64()).unwrap();
    file
}

/// A handoff of the lot's first consignment from the maker to the wholesaler, which the maker signs after it has
/// changed its instructions, whether the ledger would refuse them or not.
pub fn transaction_of(
    ledger: &Ledger,
    tamper: impl FnOnce(&mut Vec<Instruction>),
) -> PartialTransaction {
    let maker = ledger.read_keypair("maker");
    let receiver = ledger.read_keypair("wholesaler").pubkey();
    let client = ledger.client();
    let payer = FeePayer::new(maker.pubkey());
    wait(async {
        let lot: ConsignmentRef = ledger.own(LOT).parse().unwrap();
        let consignment = lot.resolve(&client).await.unwrap();
        let actor = Actor {
            ledger: &client,
            key: maker.pubkey(),
            payer,
        };
        let terms = Handoff {
            to: ledger.own(WHOLESALER).parse().unwrap(),
            to_key: receiver,
            kind: TransferKind::Sale,
            document_hash: None,
        };
        let plan = hand_over(&actor, &[consignment], &terms).await.unwrap();
        let mut instructions = plan.transactions.concat();
        tamper(&mut instructions);
        let blockhash = client.rpc().get_latest_blockhash().await.unwrap();
        let message = Message::new_with_blockhash(&instructions, Some(&payer.key), &blockhash);
        let mut transaction = PartialTransaction::unsigned(message);
        transaction.sign(&maker).unwrap();
        transaction
    })
}

#[test]
fn an_instruction_beside_the_handoff_is_not_signed() {
    let ledger = trading_ledger();
    let [maker, wholesaler] =
        ["maker", "wholesaler"].map(|name| ledger.read_keypair(name).pubkey());
    let untouched = tampered(&ledger, |_| {});
    ledger
        .by("wholesaler", &format!("cosign {untouched} {LOT} --dry-run"))
        .succeeds();

    // It takes the receiver's money, before the handoff or after it.
    let theft = transfer(&wholesaler, &maker, 1_000_000_000);
    for place in [0, 1] {
        let file = tampered(&ledger, |all| all.insert(place, theft.clone()));
        objects_only(
            ledger.cosigns("wholesaler", &file, LOT),
            "`11111111111111111111111111111111`, which is not part of a handoff",
        );
    }
    // It names the receiver's key as the site's next one: the receiver would sign away its site.
    let site = Site::own(ledger.own(WHOLESALER).parse().unwrap(), wholesaler);
    let rotation = propose_partner_key(site, Some(maker));
    let file = tampered(&ledger, |all| all.push(rotation));
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "`propose_partner_key`, which is not part of a handoff",
    );
    // It has the receiver quarantine the goods in the same transaction.
    let lot: LotRef = ledger.own(LOT).parse().unwrap();
    let consignment = address::consignment(&lot.address_in(0), 0);
    let moved = quarantine(site, consignment, None);
    let file = tampered(&ledger, |all| all.push(moved));
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "`quarantine`, which is not part of a handoff",
    );
}

#[test]
fn other_goods_another_kind_and_another_receiver_are_not_signed() {
    let ledger = trading_ledger();
    let mint = format!("lot mint {GTIN} B7 --expiry 2089-02 --quantity 10");
    ledger.does("maker", &mint);

    // Another lot than the one that is there.
    let file = ledger.signed_by("maker", &format!("handoff {GTIN}/B7 --to {WHOLESALER}"));
    let reasons = objections(ledger.cosigns("wholesaler", &file, LOT));
    assert!(reasons[0].contains("09506000134352/B7"), "{reasons:?}");
    assert!(
        reasons[1].contains("was expected and is not in it"),
        "{reasons:?}"
    );
    // More than what is there.
    let more = format!("handoff {LOT} {GTIN}/B7 --to {WHOLESALER}");
    let file = ledger.signed_by("maker", &more);
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "09506000134352/B7",
    );

    let logistics = format!("handoff {LOT} --to {WHOLESALER} --kind logistics");
    let file = ledger.signed_by("maker", &logistics);
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "it is a logistics, not a sale",
    );
    ledger
        .by(
            "wholesaler",
            &format!("cosign {file} {LOT} --kind logistics --dry-run"),
        )
        .succeeds();

    // The receiver's key acts for two sites, and takes over for the one that was not meant.
    let key = ledger.address("wholesaler");
    ledger.does(
        "pharmacy",
        &format!("operator appoint {key} --name Scanner --permissions receive --until 90days"),
    );
    let elsewhere = format!("handoff {LOT} --to {PHARMACY} --to-keypair {key}");
    let file = ledger.signed_by("maker", &elsewhere);
    let meant = format!("{LOT} --to {WHOLESALER}");
    objects_only(
        ledger.cosigns("wholesaler", &file, &meant),
        &format!("{PHARMACY} takes over, not {WHOLESALER}"),
    );
    let document = "ab".repeat(32);
    let named = format!("{LOT} --to {PHARMACY} --document {document}");
    objects_only(
        ledger.cosigns("wholesaler", &file, &named),
        "another document than was expected",
    );
}

#[test]
fn a_stale_state_is_not_signed() {
    let ledger = trading_ledger();
    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {WHOLESALER}"));
    ledger.does("maker", &format!("split {LOT} --units 1"));
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "changed since the transaction was made",
    );
}

#[test]
fn what_the_receiver_pays_is_agreed_to() {
    let ledger = trading_ledger();
    let wholesaler = ledger.address("wholesaler");
    let handoff = format!("handoff {LOT} --to {WHOLESALER}");
    let pays = format!("{handoff} --fee-payer {wholesaler}");
    let file = ledger.signed_by("maker", &pays);
    objects_only(
        ledger.cosigns("wholesaler", &file, LOT),
        "would pay the fees: if that was agreed, pass --fee-payer",
    );
    // 300,000 lamports for priority.
    let dear = ledger.signed_by("maker", &format!("{handoff} --priority-fee 300000000"));
    let options = format!("{LOT} --max-fee 20000");
    objects_only(
        ledger.cosigns("wholesaler", &dear, &options),
        "at most 20000 were agreed",
    );

    let agreed = format!("{LOT} --fee-payer {}", ledger.keypair("wholesaler"));
    let file = ledger.signed_by("maker", &pays);
    let done = ledger.cosigns("wholesaler", &file, &agreed).succeeds();
    assert_eq!(done["reviewed"][0]["fee_payer"], wholesaler);
}

#[test]
fn what_was_changed_on_the_way_is_not_read() {
    let ledger = trading_ledger();
    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {WHOLESALER}"));
    let transaction = transaction_in(&file);
    let mut bytes = transaction.to_bytes();
    // A byte of the document's hash, which comes last.
    *bytes.last_mut().unwrap() ^= 1;
    let changed = ledger.path("changed.txt");
    fs::write(&changed, bs58::encode(&bytes).into_string()).unwrap();
    ledger
        .cosigns("wholesaler", &changed, LOT)
        .fails_saying("it was changed after it was signed");
    bytes.push(0);
    fs::write(&changed, bs58::encode(&bytes).into_string()).unwrap();
    ledger
        .cosigns("wholesaler", &changed, LOT)
        .fails_saying("not a whole transaction");
    fs::write(&changed, r#"{"transactions":7}"#).unwrap();
    ledger
        .cosigns("wholesaler", &changed, LOT)
        .fails_saying("without a field `transaction`");
}
