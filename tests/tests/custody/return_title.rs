use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    Change, Consignment, ConsignmentStatus, CustodyError, Disposition, ExceptionCode, Lot,
    Restrictions, Transfer, TransferState, UnitBlock,
};
use pedigree_interface::{
    Goods, TransferKind,
    instruction::custody::{
        Holders, accept, adopt_lot, cancel, decommission, handoff, open_unit_page, report_stolen,
        return_title, sample, verify_return,
    },
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    world::{DOCUMENT, UNITS, World, terms},
};

use crate::{State, recall, refuse_other_signers, refuse_states, restrict, trail::link};

/// A world in which the wholesaler's goods, which are recalled, are with their manufacturer: a provider that
/// stored them sent them there.
fn sent_back() -> (World, Goods) {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    world.ledger.edit(goods.lot, |lot: &mut Lot| {
        recall(lot, 0, UNITS);
        lot.recall_changes = 5;
    });
    world.hand_over(logistics, manufacturer, goods, TransferKind::Return);
    let goods = world.now(goods);
    (world, goods)
}

/// The wholesaler gives title to the goods to the manufacturer.
fn give_back(world: &World, goods: Goods) -> Instruction {
    world.return_title(world.wholesaler, goods)
}

#[test]
fn passes_title_and_leaves_the_record_of_a_return() {
    let (mut world, goods) = sent_back();
    let (owner, maker) = (
        world.wholesaler.gln.number(),
        world.manufacturer.gln.number(),
    );
    let at = address::transfer(&goods.consignment, goods.sequence);
    let sequence = goods.sequence.to_le_bytes();
    let seeds: [&[u8]; 3] = [b"transfer", goods.consignment.as_ref(), &sequence];
    let record = Transfer {
        consignment: goods.consignment,
        lot: goods.lot,
        document_hash: DOCUMENT,
        reverses: Default::default(),
        payer: world.payer,
        from: owner,
        to: maker,
        deadline: NOW,
        offered_at: NOW,
        settled_at: NOW,
        sequence: goods.sequence,
        first_unit: 0,
        quantity: UNITS,
        kind: Change::Return,
        state: TransferState::Accepted,
        exception: ExceptionCode::None,
        statement: 0,
        bump: address::bump(&seeds, &custody::ID),
        within_firm: 0,
        _padding: [0; 6],
        owner,
        owner_since: 0,
        settled_since: 5,
    };
    let effects = [
        world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                consignment.sequence += 1;
                consignment.owner = maker;
                consignment.owner_since = Consignment::NEVER_PAID;
                consignment.supplier = 0;
                restrict(consignment, Restrictions::RETURNED);
                consignment.document_hash = DOCUMENT;
                consignment.kind = Change::Title;
                consignment.trail = link(consignment);
            }),
        Effect::creation(at, &record, world.payer),
    ];
    let instruction = give_back(&world, goods);
    world.clone().ledger.execute_prefunded(&instruction, &[at]);
    world.ledger.execute_with_effects(&instruction, &effects);
}

#[test]
fn neither_licence_nor_case_stands_in_the_way() {
    type Hindrance = fn(&mut World, Goods);
    const HINDRANCES: [Hindrance; 3] = [
        |world, _| world.revoke(world.wholesaler),
        |world, _| world.lapse(world.wholesaler),
        |world, goods| {
            world
                .ledger
                .edit(goods.consignment, |it: &mut Consignment| it.open_cases = 1);
        },
    ];
    for hinder in HINDRANCES {
        let (mut world, goods) = sent_back();
        hinder(&mut world, goods);
        let instruction = give_back(&world, goods);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn a_site_of_the_manufacturers_firm_or_the_products_holder_may_have_the_goods() {
    for is_sister in [true, false] {
        let (mut world, goods) = sent_back();
        let custodian = world.other_manufacturer;
        world
            .ledger
            .edit(goods.consignment, |it: &mut Consignment| {
                it.custodian = custodian.gln.number();
            });
        let with = Holders {
            receiver: custodian.gln,
            manufacturer: world.manufacturer.gln,
            product: world.product,
            is_offered: false,
        };
        let (payer, owner) = (world.payer, world.wholesaler);
        let instruction = return_title(payer, owner, goods, with, None);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotWithManufacturer);
        if is_sister {
            world.join_firm(custodian, world.manufacturer);
        } else {
            world.hand_over_product(custodian);
        }
        world.ledger.execute(&instruction);
        let consignment: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(consignment.owner, custodian.gln.number());
    }
}

#[test]
fn title_that_stays_in_the_firm_stays_as_old_as_it_is() {
    let (mut world, goods) = sent_back();
    world.join_firm(world.wholesaler, world.manufacturer);
    let instruction = give_back(&world, goods);
    world.ledger.execute(&instruction);
    let transfer = address::transfer(&goods.consignment, goods.sequence);
    let (transfer, consignment): (Transfer, Consignment) = (
        world.ledger.read(transfer),
        world.ledger.read(goods.consignment),
    );
    assert_eq!((transfer.within_firm, consignment.owner_since), (1, 0));
}

#[test]
fn refuses_who_has_no_title_and_goods_that_are_elsewhere() {
    let (mut world, goods) = sent_back();
    let (maker, logistics) = (world.manufacturer, world.logistics);
    for other in [logistics, world.pharmacy, maker] {
        let instruction = world.return_title(other, goods);
        world
            .ledger
            .refuse(&instruction, CustodyError::SenderNotOwner);
    }
    let own = {
        let mut world = world.clone();
        world
            .ledger
            .edit(goods.consignment, |it: &mut Consignment| {
                it.owner = maker.gln.number();
            });
        (world.return_title(maker, goods), world)
    };
    own.1
        .ledger
        .clone()
        .refuse(&own.0, CustodyError::SamePartner);
    let instruction = give_back(&world, goods);
    let mut elsewhere = world.clone();
    elsewhere
        .ledger
        .edit(goods.consignment, |it: &mut Consignment| {
            it.custodian = logistics.gln.number();
        });
    elsewhere
        .ledger
        .refuse(&instruction, CustodyError::NotCustodian);
    // Nor can another site be named as the manufacturer.
    let with = Holders {
        receiver: logistics.gln,
        manufacturer: logistics.gln,
        product: world.product,
        is_offered: false,
    };
    let forged = return_title(world.payer, world.wholesaler, goods, with, None);
    elsewhere
        .ledger
        .refuse(&forged, CustodyError::NotWithManufacturer);
    let mut suspended = world.clone();
    suspended.suspend(world.wholesaler);
    suspended
        .ledger
        .refuse(&instruction, CustodyError::SenderSuspended);
}

#[test]
fn refuses_what_is_not_recalled_not_held_or_not_there() {
    let (world, goods) = sent_back();
    let instruction = give_back(&world, goods);
    let mut released = world.clone();
    released
        .ledger
        .edit(goods.lot, |lot: &mut Lot| lot.recalled_quantity = [0; 8]);
    released
        .ledger
        .refuse(&instruction, CustodyError::NotRecalled);
    const NOT_HELD: [(State<Consignment>, CustodyError); 3] = [
        (
            |it| it.status = ConsignmentStatus::Offered,
            CustodyError::ConsignmentOffered,
        ),
        (
            |it| it.status = ConsignmentStatus::Destroyed,
            CustodyError::UnitsGone,
        ),
        (
            |it| it.status = ConsignmentStatus::Exported,
            CustodyError::UnitsGone,
        ),
    ];
    refuse_states(&world.ledger, &instruction, goods.consignment, NOT_HELD);
    let opened: State<Consignment> = |it| {
        (it.inactive, it.absent) = (1, 1);
        restrict(it, Restrictions::OPENED);
    };
    let whole = [(opened, CustodyError::PartlyGone)];
    refuse_states(&world.ledger, &instruction, goods.consignment, whole);
}

#[test]
fn a_custodian_that_finds_units_unfit_does_not_keep_the_owner_from_giving_title_up() {
    for disposition in [Disposition::Damaged, Disposition::Suspect] {
        let (mut world, goods) = sent_back();
        let (payer, manufacturer) = (world.payer, world.manufacturer);
        let unit = UnitBlock::of(7);
        // That they are damaged is not for the custodian to say alone.
        let witness = (disposition == Disposition::Damaged).then(|| world.regulator.into());
        for instruction in [
            open_unit_page(payer, goods.lot, 0),
            decommission(payer, manufacturer, goods, unit, disposition, witness, None),
            give_back(&world, goods),
        ] {
            world.ledger.execute(&instruction);
        }
        let consignment: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(consignment.owner, manufacturer.gln.number());
    }
}

#[test]
fn goods_whose_title_comes_back_are_verified_before_they_are_sold() {
    let (mut world, goods) = sent_back();
    let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
    // As if their manufacturer had verified them before they were recalled, and a regulator released them.
    world
        .ledger
        .edit(goods.consignment, |it: &mut Consignment| {
            it.restrictions = 0
        });
    let instruction = give_back(&world, goods);
    world.ledger.execute(&instruction);
    world
        .ledger
        .edit(goods.lot, |lot: &mut Lot| lot.recalled_quantity = [0; 8]);
    let sale = |world: &World| {
        let (now, document) = (world.now(goods), Some(DOCUMENT));
        handoff(manufacturer, pharmacy, now, TransferKind::Sale, document)
    };
    let unverified = sale(&world);
    world
        .ledger
        .refuse(&unverified, CustodyError::ReturnNotVerified);
    let verification = verify_return(manufacturer, world.now(goods), None);
    world.ledger.execute(&verification);
    let verified = sale(&world);
    world.ledger.execute(&verified);
}

#[test]
fn an_offer_of_the_custodian_does_not_keep_the_owner_from_giving_title_up() {
    let (mut world, goods) = sent_back();
    let World {
        manufacturer,
        logistics,
        ..
    } = world;
    let kind = TransferKind::Logistics;
    let before = world.offer(manufacturer, logistics, goods, terms(kind));
    let taken_back = cancel(manufacturer, goods.offered_by(manufacturer.gln));
    world.ledger.execute(&taken_back);
    let goods = world.now(goods);
    let offer = world.offer(manufacturer, logistics, goods, terms(kind));
    let offered = goods.offered_by(manufacturer.gln);
    let goods = world.now(goods);
    let instruction = give_back(&world, goods);
    let unnamed = instruction.clone().replacing(offer, custody::ID);
    world
        .ledger
        .refuse(&unnamed, CustodyError::ConsignmentOffered);
    let settled = instruction.clone().replacing(offer, before);
    world.ledger.refuse(&settled, CustodyError::TransferSettled);
    world.ledger.execute(&instruction);
    let (ended, consignment): (Transfer, Consignment) = (
        world.ledger.read(offer),
        world.ledger.read(goods.consignment),
    );
    assert_eq!(ended.state, TransferState::Cancelled);
    assert_eq!(consignment.status, ConsignmentStatus::Held);
    assert_eq!(consignment.owner, manufacturer.gln.number());
    let late = accept(logistics, offered);
    world.ledger.refuse(&late, CustodyError::TransferSettled);
}

#[test]
fn refuses_other_signers_sequences_and_wrong_accounts() {
    let (mut world, goods) = sent_back();
    let instruction = give_back(&world, goods);
    refuse_other_signers(&mut world.ledger, &instruction, &[world.wholesaler]);
    let genuine = address::transfer(&goods.consignment, goods.sequence);
    for sequence in [0, goods.sequence - 1, goods.sequence + 1, u32::MAX] {
        let stale = give_back(&world, goods.at(sequence))
            .replacing(address::transfer(&goods.consignment, sequence), genuine);
        world.ledger.refuse(&stale, CustodyError::StaleSequence);
    }
    let accounts = [
        world.wholesaler.partner,
        world.product,
        goods.lot,
        goods.consignment,
    ];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    for (account, other) in [
        (goods.lot, world.other_goods.lot),
        (world.product, world.other_product),
    ] {
        let other = instruction.clone().replacing(account, other);
        world
            .ledger
            .refuse(&other, CustodyError::NotConsignmentsLot);
    }
    world.ledger.refuse_misplaced(&instruction, genuine);
}

#[test]
fn what_was_lost_there_was_given_up_when_it_was_lost() {
    for is_stolen in [true, false] {
        let (mut world, goods) = sent_back();
        let World {
            manufacturer,
            wholesaler,
            regulator,
            ..
        } = world;
        let lost = if is_stolen {
            report_stolen(manufacturer, goods, None, None)
        } else {
            sample(manufacturer, goods, Some(regulator.into()), None)
        };
        world.ledger.execute(&lost);
        world
            .ledger
            .edit(goods.lot, |lot: &mut Lot| lot.recall_changes = 6);
        let goods = world.now(goods);
        let instruction = give_back(&world, goods);
        world.ledger.execute(&instruction);
        let record: Transfer = world
            .ledger
            .read(address::transfer(&goods.consignment, goods.sequence));
        assert_eq!(record.settled_since, 5);
        let again = world.return_title(wholesaler, world.now(goods));
        world.ledger.refuse(&again, CustodyError::SenderNotOwner);
    }
}

#[test]
fn a_maker_that_passes_its_product_on_still_takes_title_to_what_it_has() {
    let (mut world, goods) = sent_back();
    let (heir, manufacturer) = (world.other_manufacturer, world.manufacturer);
    world.hand_over_product(heir);
    let adoption = adopt_lot(heir, world.product, goods.lot);
    world.ledger.execute(&adoption);
    let with = Holders {
        receiver: manufacturer.gln,
        manufacturer: heir.gln,
        product: world.product,
        is_offered: false,
    };
    let instruction = return_title(world.payer, world.wholesaler, goods, with, None);
    world.ledger.execute(&instruction);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.owner, manufacturer.gln.number());
}

#[test]
fn a_head_office_that_joins_another_firm_still_takes_title_to_what_it_has() {
    let (mut world, goods) = sent_back();
    let (head_office, other) = (world.other_manufacturer, world.other_pharmacy);
    world.join_firm(world.manufacturer, head_office);
    world
        .ledger
        .edit(goods.consignment, |it: &mut Consignment| {
            it.custodian = head_office.gln.number();
        });
    world.join_firm(head_office, other);
    let with = Holders {
        receiver: head_office.gln,
        manufacturer: world.manufacturer.gln,
        product: world.product,
        is_offered: false,
    };
    let instruction = return_title(world.payer, world.wholesaler, goods, with, None);
    world.ledger.execute(&instruction);
}

#[test]
fn a_sister_of_a_maker_that_passes_its_product_on_still_takes_title_to_what_it_has() {
    let (mut world, goods) = sent_back();
    let World {
        manufacturer,
        other_manufacturer: heir,
        pharmacy: sister,
        ..
    } = world;
    world.join_firm(sister, manufacturer);
    world
        .ledger
        .edit(goods.consignment, |it: &mut Consignment| {
            it.custodian = sister.gln.number();
        });
    world.hand_over_product(heir);
    let adoption = adopt_lot(heir, world.product, goods.lot);
    world.ledger.execute(&adoption);
    let give_up = |manufacturer| {
        let with = Holders {
            receiver: sister.gln,
            manufacturer,
            product: world.product,
            is_offered: false,
        };
        return_title(world.payer, world.wholesaler, goods, with, None)
    };
    // Named beside who answers for the lot now, it is nobody's sister.
    let besides_heir = give_up(heir.gln);
    let besides_maker = give_up(manufacturer.gln);
    world
        .ledger
        .refuse(&besides_heir, CustodyError::NotWithManufacturer);
    world.ledger.execute(&besides_maker);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.owner, sister.gln.number());
    assert_eq!(consignment.owner_since, Consignment::NEVER_PAID);
}
