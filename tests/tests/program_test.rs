//! The supply chain once more on `solana-program-test`, which has Agave's own bank and so checks what
//! LiteSVM may not.

use std::ops::Range;

use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, CustodyError};
use pedigree_interface::{
    Goods, TransferKind,
    instruction::custody::{accept, handoff, mint_lot, offer},
};
use program_tests::{
    address, layout,
    ledger::NOW,
    refusal::failure,
    world::{DOCUMENT, World, lot_label, terms},
};
use solana_account::Account;
use solana_clock::Clock;
use solana_program_test::{BanksClientError, ProgramTest, ProgramTestContext, tokio};

/// A bank with the world's keys, programs and register, and none of its lots.
async fn start(world: &World) -> ProgramTestContext {
    let mut test = ProgramTest::default();
    for program in [registry::ID, custody::ID] {
        let program_data = address::program_data(&program);
        test.add_genesis_account(program, world.ledger.account(program));
        test.add_genesis_account(program_data, at_genesis(world.ledger.account(program_data)));
    }
    for (address, account) in world.ledger.accounts_of(&registry::ID) {
        test.add_account(address, account);
    }
    for key in world.ledger.keys() {
        test.add_account(*key, world.ledger.account(*key));
    }
    let context = test.start_with_context().await;
    let clock: Clock = context.banks_client.get_sysvar().await.unwrap();
    context.set_sysvar(&Clock {
        unix_timestamp: NOW,
        ..clock
    });
    context
}

/// The same deployment in slot 0: LiteSVM's clock is far ahead of a new bank's.
fn at_genesis(mut program_data: Account) -> Account {
    const SLOT: Range<usize> = 4..12;
    program_data.data[SLOT].fill(0);
    program_data
}

async fn execute(
    context: &mut ProgramTestContext,
    world: &World,
    instruction: Instruction,
) -> Result<(), BanksClientError> {
    let blockhash = context.get_new_latest_blockhash().await.unwrap();
    let transaction = world.ledger.sign(&[instruction], &blockhash);
    context.banks_client.process_transaction(transaction).await
}

#[tokio::test]
async fn a_lot_is_minted_offered_accepted_and_handed_over() {
    let world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        product,
        ..
    } = world;
    let label = lot_label("BANK-1");
    let goods = Goods::minted(address::lot(&product, label.lot_number));
    let mut context = start(&world).await;

    for instruction in [
        mint_lot(payer, manufacturer, product, &label),
        offer(
            payer,
            manufacturer,
            wholesaler.gln,
            goods,
            terms(TransferKind::Sale),
        ),
        accept(wholesaler, goods.offered_by(manufacturer.gln)),
    ] {
        execute(&mut context, &world, instruction).await.unwrap();
    }
    let thief = handoff(
        manufacturer,
        pharmacy,
        goods.at(1),
        TransferKind::Sale,
        Some(DOCUMENT),
    );
    let refused = execute(&mut context, &world, thief).await.unwrap_err();
    assert_eq!(refused.unwrap(), failure(0, CustodyError::NotCustodian));
    let sale = handoff(
        wholesaler,
        pharmacy,
        goods.at(1),
        TransferKind::Sale,
        Some(DOCUMENT),
    );
    execute(&mut context, &world, sale).await.unwrap();

    let account = context
        .banks_client
        .get_account(goods.consignment)
        .await
        .unwrap()
        .unwrap();
    let consignment: Consignment = layout::decode(&account.data);
    assert_eq!(consignment.custodian, pharmacy.gln.number());
    assert_eq!(consignment.owner, pharmacy.gln.number());
    assert_eq!(consignment.sequence, 2);
}
