//! Mints a lot and hands it over to a pharmacy, signed by both sites.
//!
//! With `pedigree localnet` running, the manufacturer and the pharmacy admitted and the product
//! registered, as in the README's first session:
//!
//! ```sh
//! cargo run -p pedigree-client --example mint_and_hand_over -- \
//!     http://127.0.0.1:8899 09506000134352 B1 maker.json pharmacy.json 9506000000039
//! ```

use std::{env, error::Error};

use pedigree_client::{
    Actor, Ledger, TransferKind,
    fee_payer::FeePayer,
    identifier::Gln,
    instruction::custody::LotLabel,
    planning::{
        handoffs::{Handoff, hand_over},
        minting::mint,
    },
    reference::{ConsignmentRef, LotRef},
    transaction::Submitter,
};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, gtin, lot_number, maker, pharmacy, gln] = arguments.as_slice() else {
        return Err("usage: URL GTIN LOT MAKER_KEYPAIR PHARMACY_KEYPAIR PHARMACY_GLN".into());
    };
    let lot = LotRef::newest(gtin.parse()?, lot_number.parse()?);
    let [maker, pharmacy] = [read_keypair_file(maker)?, read_keypair_file(pharmacy)?];
    run(url, lot, &maker, (gln.parse()?, &pharmacy)).await
}

/// Has `maker` mint 1,000 units of `lot` and hand them over to the pharmacy.
pub async fn run(
    url: &str,
    lot: LotRef,
    maker: &Keypair,
    (pharmacy, pharmacy_keypair): (Gln, &Keypair),
) -> Result<(), Box<dyn Error>> {
    let ledger = Ledger::new(url.to_owned(), CommitmentConfig::confirmed());
    let submitter = Submitter::new(&ledger, maker, 0);
    let actor = Actor {
        ledger: &ledger,
        key: maker.pubkey(),
        payer: FeePayer::new(maker.pubkey()),
    };

    let label = LotLabel {
        lot_number: lot.lot_number,
        expiry: "2049-02".parse()?,
        quantity: 1_000,
        serial_root: None,
        manifest_hash: None,
    };
    let plan = mint(&actor, lot.gtin, &label).await?;
    println!("{}", plan.purpose);
    submitter.send_plan(&plan, &[], |_| {}).await?;

    // A new lot is one consignment, which holds unit 0.
    let consignment = ConsignmentRef::Unit { lot, unit: 0 };
    let consignment = consignment.resolve(&ledger).await?;
    let handoff = Handoff {
        to: pharmacy,
        to_key: pharmacy_keypair.pubkey(),
        kind: TransferKind::Sale,
        document_hash: None,
    };
    let plan = hand_over(&actor, &[consignment], &handoff).await?;
    println!("{}", plan.purpose);
    let receipts = submitter
        .send_plan(&plan, &[pharmacy_keypair], |_| {})
        .await?;
    for receipt in receipts {
        println!("{} in slot {}", receipt.signature, receipt.slot);
    }
    Ok(())
}
