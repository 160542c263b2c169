//! Who has to agree before goods leave the chain in another way than by a transfer: their owner, and whoever
//! holds them by a case.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{
    Consignment, ConsignmentStatus, CustodyError, Disposition, ExceptionCode, Restrictions,
    UnitBlock,
};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{
            Cut, OfferTerms, Witness, accept, decommission, destroy, destroy_units, determine_case,
            dispense, export, handoff, offer, open_case, open_lot_case, open_unit_page, quarantine,
            report_stolen, resolve_case, restore_units, sample, split, transfer_title, with_pages,
        },
        registry::{complete_recovery, propose_recovery, reinstate_partner},
    },
    units::UnitRange,
};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    scenario::finding,
    world::{DOCUMENT, World, terms},
};

use registry::RECOVERY_DELAY;

use crate::{OUT_OF_STANDING, expect, recall};

/// Units of the first block.
const BLOCK: UnitBlock = UnitBlock {
    number: 0,
    units: 0b111,
};

/// Goods of the wholesaler, whose lot has a page, that a pharmacy stores.
fn stored() -> (World, Goods) {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Logistics);
    let goods = world.now(goods);
    (world, goods)
}

/// Goods of the wholesaler's own, whose lot has a page, on which `openers` have opened a case each.
fn held(openers: impl Fn(&World) -> Vec<Site>) -> (World, Goods) {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let goods = world.now(goods);
    for (number, opener) in (0..).zip(openers(&world)) {
        let suspect = finding(ExceptionCode::None);
        let opening = open_case(payer, opener, wholesaler.gln, goods, number, suspect);
        world.ledger.execute(&opening);
    }
    (world, goods)
}

/// Every way in which the custodian alone could take away what a case holds.
fn ways_out(
    world: &World,
    custodian: Site,
    goods: Goods,
    witness: Option<Witness>,
) -> Vec<Instruction> {
    let payer = world.payer;
    let document = Some(DOCUMENT);
    let unit = |disposition| {
        decommission(
            payer,
            custodian,
            goods,
            BLOCK,
            disposition,
            witness,
            document,
        )
    };
    vec![
        sample(custodian, goods, witness, document),
        report_stolen(custodian, goods, witness, document),
        unit(Disposition::Sampled),
        unit(Disposition::Stolen),
    ]
}

fn case_of(goods: Goods, number: u32) -> Address {
    address::case(&goods.consignment, number)
}

/// The site as the opener of a case.
fn opener(site: Site, case: Address) -> Option<Witness> {
    Some(Witness {
        site,
        case: Some(case),
    })
}

#[track_caller]
fn refuse_all(world: &World, instructions: &[Instruction], refusal: CustodyError) {
    for instruction in instructions {
        world.ledger.clone().refuse(instruction, refusal);
    }
}

#[track_caller]
fn allow_each(world: &World, instructions: &[Instruction]) {
    for instruction in instructions {
        world.after([instruction]);
    }
}

#[test]
fn who_stores_goods_does_not_dispense_them_without_their_owners_say() {
    let (mut world, goods) = stored();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let by = |owner| dispense(payer, pharmacy, goods, BLOCK, owner, None);
    let alone = by(None);
    world.ledger.refuse(&alone, CustodyError::OwnerNotAsked);
    // Nobody else speaks for the owner, not even a regulator.
    for other in [manufacturer, pharmacy, regulator] {
        let instruction = by(Some(other));
        world
            .ledger
            .refuse(&instruction, CustodyError::OwnerNotAsked);
    }
    let agreed = by(Some(wholesaler));
    world.after([&agreed]);
    // The owner's signature is its own, and its standing counts.
    let stranger = world.ledger.key("stranger");
    let forged = agreed.clone().replacing(wholesaler.key, stranger);
    world.ledger.refuse(&forged, CustodyError::NotPartnerKey);
    world.ledger.refuse_unsigned(&agreed, &[wholesaler.key]);
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = world.clone();
        disqualify(&mut world, wholesaler);
        world.ledger.refuse(&agreed, refusal);
    }
    let mut no_owner = world.clone();
    no_owner.license(wholesaler, Roles::LOGISTICS);
    no_owner.ledger.refuse(&agreed, CustodyError::SenderRole);

    // Once it has bought them, the pharmacy is alone with its patients.
    let title = transfer_title(wholesaler, pharmacy, goods, Some(DOCUMENT));
    world.ledger.execute(&title);
    world.ledger.execute(&alone);
}

#[test]
fn an_owner_may_make_a_pharmacys_key_its_operator_for_dispensing() {
    let (mut world, goods) = stored();
    let (payer, wholesaler, pharmacy) = (world.payer, world.wholesaler, world.pharmacy);
    let of_both = world.appoint(pharmacy, "counter of both", Permissions::DISPENSE);
    let custodian = Site::by_operator(pharmacy.gln, of_both.key);
    let owner = Site::by_operator(wholesaler.gln, of_both.key);
    let instruction = dispense(payer, custodian, goods, BLOCK, Some(owner), None);
    for (permissions, refusal) in [
        (Permissions::DISPENSE, None),
        (
            Permissions::all().difference(Permissions::DISPENSE),
            Some(CustodyError::OperatorPermission),
        ),
    ] {
        let mut world = world.clone();
        world.appoint(wholesaler, "counter of both", permissions);
        expect(&mut world.ledger, &instruction, refusal);
    }
    world
        .ledger
        .refuse(&instruction, CustodyError::NotSitesOperator);
}

#[test]
fn who_stores_goods_neither_samples_exports_nor_destroys_them_alone() {
    let (mut world, goods) = stored();
    let World {
        payer,
        manufacturer,
        wholesaler,
        other_pharmacy,
        pharmacy,
        regulator,
        ..
    } = world;
    let document = Some(DOCUMENT);
    let sampled = |witness| {
        [
            sample(pharmacy, goods, witness, document),
            decommission(
                payer,
                pharmacy,
                goods,
                BLOCK,
                Disposition::Sampled,
                witness,
                document,
            ),
        ]
    };
    let destroyed = |witness| {
        [
            destroy(pharmacy, witness, goods, document),
            destroy_units(pharmacy, witness, goods, BLOCK, document),
        ]
    };
    refuse_all(&world, &sampled(None), CustodyError::OwnerNotAsked);
    // An accomplice watches, the maker that sold them, or the pharmacy's own second person.
    let second = world.appoint(pharmacy, "second person", Permissions::WITNESS);
    let second = Site::by_operator(pharmacy.gln, second.key);
    for other in [manufacturer, other_pharmacy, second] {
        let instructions = sampled(Some(other.into()));
        refuse_all(&world, &instructions, CustodyError::OwnerNotAsked);
        refuse_all(&world, &destroyed(other), CustodyError::OwnerNotAsked);
    }
    for witness in [wholesaler, regulator] {
        allow_each(&world, &sampled(Some(witness.into())));
        allow_each(&world, &destroyed(witness));
    }
    let abroad = export(pharmacy, goods, document);
    world.ledger.refuse(&abroad, CustodyError::SenderNotOwner);
    let exported = decommission(
        payer,
        pharmacy,
        goods,
        BLOCK,
        Disposition::Exported,
        Some(wholesaler.into()),
        document,
    );
    world.ledger.refuse(&exported, CustodyError::SenderNotOwner);
}

#[test]
fn a_detour_over_an_accomplice_does_not_destroy_anothers_goods() {
    let (mut world, goods) = stored();
    let World {
        wholesaler,
        manufacturer,
        logistics,
        pharmacy,
        regulator,
        reverse_distributor,
        ..
    } = world;
    let document = Some(DOCUMENT);
    for accomplice in [reverse_distributor, logistics, manufacturer] {
        let mut world = world.clone();
        world.hand_over(pharmacy, accomplice, goods, TransferKind::Disposal);
        let goods = world.now(goods);
        let consignment: Consignment = world.ledger.read(goods.consignment);
        // What is not its own the pharmacy does not condemn either.
        assert_eq!(
            consignment.restrictions,
            custody::Restrictions::RETURNED.bits()
        );
        let alone = destroy(accomplice, pharmacy, goods, document);
        world.ledger.refuse(&alone, CustodyError::OwnerNotAsked);
        world.after([&destroy(accomplice, wholesaler, goods, document)]);
        world.after([&destroy(accomplice, regulator, goods, document)]);
    }
    // What the owner itself sends to be destroyed needs no more of it, whoever passes it on.
    world.hand_over(pharmacy, wholesaler, goods, TransferKind::Return);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Disposal);
    world.hand_over(
        logistics,
        reverse_distributor,
        goods,
        TransferKind::Disposal,
    );
    let goods = world.now(goods);
    let sent = destroy(reverse_distributor, logistics, goods, document);
    world.ledger.execute(&sent);
}

#[test]
fn recalled_units_that_were_sent_to_be_destroyed_are_not_destroyed_one_by_one_in_secret() {
    // A destruction of the whole leaves what its owner is paid for; one of single units leaves nothing.
    let (mut world, goods) = stored();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    world.hand_over(pharmacy, wholesaler, goods, TransferKind::Return);
    world
        .ledger
        .edit(goods.lot, |lot: &mut custody::Lot| recall(lot, 0, 100));
    world.hand_over(wholesaler, manufacturer, goods, TransferKind::Disposal);
    let goods = world.now(goods);
    let second = world.appoint(manufacturer, "second person", Permissions::WITNESS);
    let second = Site::by_operator(manufacturer.gln, second.key);
    let watched = |witness| destroy_units(manufacturer, witness, goods, BLOCK, None);
    for witness in [second, pharmacy, wholesaler, regulator] {
        let secret = watched(witness);
        world.ledger.refuse(&secret, CustodyError::LeavesNoRecord);
    }
    // Nor those beside them, by which the rest would not be whole when its owner gives title up.
    let others = UnitBlock {
        number: 2,
        units: 1,
    };
    let beside = |witness| destroy_units(manufacturer, witness, goods, others, None);
    for accomplice in [second, pharmacy] {
        let secret = beside(accomplice);
        world.ledger.refuse(&secret, CustodyError::LeavesNoRecord);
    }
    for witness in [wholesaler, regulator] {
        world.after([&beside(witness)]);
    }
    world.after(&[destroy(manufacturer, second, goods, None)]);
    // Split off they are destroyed, damaged ones too.
    let unit = UnitBlock::of(9_999);
    let damaged = decommission(
        world.payer,
        manufacturer,
        goods,
        unit,
        Disposition::Damaged,
        Some(wholesaler.into()),
        None,
    );
    world
        .ledger
        .edit(goods.lot, |lot: &mut custody::Lot| recall(lot, 0, 10_000));
    world
        .ledger
        .execute(&open_unit_page(world.payer, goods.lot, 1));
    world.ledger.execute(&damaged);
    let alone = destroy_units(manufacturer, wholesaler, goods, unit, None);
    world.ledger.refuse(&alone, CustodyError::LeavesNoRecord);
    let last = UnitRange {
        first: 9_999,
        quantity: 1,
    };
    let cutting = split(world.payer, manufacturer, goods, Cut::first(1));
    let cutting = with_pages(cutting, &goods.lot, last);
    world.ledger.execute(&cutting);
    let part = world.now(Goods {
        consignment: address::consignment(&goods.consignment, 0),
        ..goods
    });
    let destruction = destroy(manufacturer, second, part, None);
    world.ledger.execute(&destruction);
}

#[test]
fn nobodys_recalled_units_are_destroyed_one_by_one() {
    let (mut world, goods) = held(|_| Vec::new());
    let (wholesaler, regulator) = (world.wholesaler, world.regulator);
    let watched = destroy_units(wholesaler, regulator, goods, BLOCK, None);
    world.after([&watched]);
    world
        .ledger
        .edit(goods.lot, |lot: &mut custody::Lot| recall(lot, 2, 1));
    world.ledger.refuse(&watched, CustodyError::LeavesNoRecord);
    let others = UnitBlock {
        units: 0b11,
        ..BLOCK
    };
    world.after(&[destroy_units(wholesaler, regulator, goods, others, None)]);
}

#[test]
fn who_stores_goods_reports_no_single_unit_of_them_stolen_alone() {
    let (mut world, goods) = stored();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let stolen = |witness: Option<Site>| {
        let witness = witness.map(Witness::from);
        let disposition = Disposition::Stolen;
        decommission(payer, pharmacy, goods, BLOCK, disposition, witness, None)
    };
    let second = world.appoint(pharmacy, "second person", Permissions::WITNESS);
    let second = Site::by_operator(pharmacy.gln, second.key);
    for accomplice in [None, Some(second), Some(manufacturer)] {
        let alone = stolen(accomplice);
        world.ledger.refuse(&alone, CustodyError::LeavesNoRecord);
    }
    for witness in [wholesaler, regulator] {
        world.after([&stolen(Some(witness))]);
        for (disqualify, refusal) in OUT_OF_STANDING {
            let mut world = world.clone();
            disqualify(&mut world, witness);
            world.ledger.refuse(&stolen(Some(witness)), refusal);
        }
    }
    // A case of its own makes no difference.
    let suspect = finding(ExceptionCode::None);
    let mut under_case =
        world.after(&[open_case(payer, pharmacy, pharmacy.gln, goods, 0, suspect)]);
    let own = decommission(
        payer,
        pharmacy,
        goods,
        BLOCK,
        Disposition::Stolen,
        opener(second, case_of(goods, 0)),
        None,
    );
    under_case.ledger.refuse(&own, CustodyError::LeavesNoRecord);
    under_case.ledger.execute(&stolen(Some(regulator)));
    // Whatever its standing, what it misses it splits off and reports.
    for (disqualify, _) in OUT_OF_STANDING {
        let mut world = world.clone();
        disqualify(&mut world, pharmacy);
        world
            .ledger
            .refuse(&stolen(None), CustodyError::LeavesNoRecord);
        let part = world.cut(pharmacy, goods, 3);
        let theft = report_stolen(pharmacy, part, None, None);
        world.ledger.execute(&theft);
        let consignment: Consignment = world.ledger.read(part.consignment);
        assert_eq!(consignment.owner, wholesaler.gln.number());
        assert_eq!(consignment.status, ConsignmentStatus::Stolen);
    }
}

#[test]
fn a_suspended_owner_does_not_have_its_goods_destroyed_by_an_accomplice() {
    for suspended_late in [false, true] {
        let (mut world, goods) = held(|_| Vec::new());
        let World {
            payer,
            wholesaler,
            regulator,
            reverse_distributor: accomplice,
            ..
        } = world;
        if !suspended_late {
            world.suspend(wholesaler);
        }
        let mut disposal = terms(TransferKind::Disposal);
        disposal.document_hash = Some(DOCUMENT);
        let offering = offer(payer, wholesaler, accomplice.gln, goods, disposal);
        world.ledger.execute(&offering);
        if suspended_late {
            world.suspend(wholesaler);
        }
        let acceptance = accept(accomplice, goods.offered_by(wholesaler.gln));
        world.ledger.execute(&acceptance);
        let goods = world.now(goods);
        let second = world.appoint(accomplice, "second person", Permissions::WITNESS);
        let second = Site::by_operator(accomplice.gln, second.key);
        for (witness, refusal) in [
            (second, CustodyError::OwnerNotAsked),
            (wholesaler, CustodyError::SenderSuspended),
        ] {
            let secret = destroy(accomplice, witness, goods, None);
            world.ledger.refuse(&secret, refusal);
            let secret = destroy_units(accomplice, witness, goods, BLOCK, None);
            world.ledger.refuse(&secret, refusal);
        }
        world.after(&[destroy(accomplice, regulator, goods, None)]);
        // Once it has its key back, it has the goods back, or says that they are to be destroyed.
        let back = reinstate_partner(world.issuer_key, wholesaler.gln);
        world.ledger.execute(&back);
        world.after(&[destroy(accomplice, wholesaler, goods, None)]);
        world.hand_over(accomplice, wholesaler, goods, TransferKind::Return);
    }
}

#[test]
fn a_revoked_owner_does_not_have_its_goods_destroyed_by_an_accomplice() {
    for is_handed_over in [true, false] {
        let (mut world, goods) = held(|_| Vec::new());
        let World {
            wholesaler,
            regulator,
            reverse_distributor: accomplice,
            ..
        } = world;
        world.revoke(wholesaler);
        let disposal = TransferKind::Disposal;
        if is_handed_over {
            world.hand_over(wholesaler, accomplice, goods, disposal);
        } else {
            world.offer(wholesaler, accomplice, goods, terms(disposal));
            let acceptance = accept(accomplice, goods.offered_by(wholesaler.gln));
            world.ledger.execute(&acceptance);
        }
        let goods = world.now(goods);
        let second = world.appoint(accomplice, "second person", Permissions::WITNESS);
        let second = Site::by_operator(accomplice.gln, second.key);
        for (witness, refusal) in [
            (second, CustodyError::OwnerNotAsked),
            (wholesaler, CustodyError::SenderRevoked),
        ] {
            let secret = destroy(accomplice, witness, goods, None);
            world.ledger.refuse(&secret, refusal);
        }
        world.after(&[destroy(accomplice, regulator, goods, None)]);
    }
}

#[test]
fn what_a_regulators_case_holds_is_not_taken_away_by_its_custodian() {
    let (mut world, goods) = held(|world| vec![world.regulator]);
    let World {
        manufacturer,
        wholesaler,
        regulator,
        pharmacy,
        ..
    } = world;
    let case = case_of(goods, 0);
    let alone = ways_out(&world, wholesaler, goods, None);
    refuse_all(&world, &alone, CustodyError::HeldByCase);
    // The case does not make a witness of who did not open it.
    for other in [manufacturer, pharmacy] {
        for witness in [opener(other, case), Some(other.into())] {
            let instructions = ways_out(&world, wholesaler, goods, witness);
            refuse_all(&world, &instructions, CustodyError::HeldByCase);
        }
    }
    let own = world.appoint(wholesaler, "second person", Permissions::WITNESS);
    let own = opener(Site::by_operator(wholesaler.gln, own.key), case);
    let instructions = ways_out(&world, wholesaler, goods, own);
    refuse_all(&world, &instructions, CustodyError::HeldByCase);
    for witness in [opener(regulator, case), Some(regulator.into())] {
        allow_each(&world, &ways_out(&world, wholesaler, goods, witness));
    }
    // Nor does anything else lead out.
    let document = Some(DOCUMENT);
    let payer = world.payer;
    world.license(wholesaler, Roles::WHOLESALER | Roles::DISPENSER);
    let under_case = [
        handoff(wholesaler, pharmacy, goods, TransferKind::Sale, document),
        handoff(
            wholesaler,
            manufacturer,
            goods,
            TransferKind::Return,
            document,
        ),
        split(payer, wholesaler, goods, Cut::first(10)),
        destroy(wholesaler, regulator, goods, document),
        destroy_units(wholesaler, regulator, goods, BLOCK, document),
        export(wholesaler, goods, document),
        dispense(payer, wholesaler, goods, BLOCK, None, None),
    ];
    refuse_all(&world, &under_case, CustodyError::UnderCase);
}

#[test]
fn a_case_of_its_own_frees_nothing_that_anothers_holds() {
    let (world, goods) = held(|world| vec![world.wholesaler, world.regulator]);
    let World {
        wholesaler,
        regulator,
        ..
    } = world;
    // The custodian opened one of them, and its second person says so.
    let mut world = world;
    let second = world.appoint(wholesaler, "second person", Permissions::WITNESS);
    let second = Site::by_operator(wholesaler.gln, second.key);
    let own = opener(second, case_of(goods, 0));
    let instructions = ways_out(&world, wholesaler, goods, own);
    refuse_all(&world, &instructions, CustodyError::HeldByCase);
    // It ends its case; the regulator's still holds.
    let (own_case, subject) = (case_of(goods, 0), goods.consignment);
    let ended = resolve_case(wholesaler, own_case, subject, false, None);
    let mut after = world.after([&ended]);
    refuse_all(&after, &instructions, CustodyError::HeldByCase);
    refuse_all(
        &after,
        &ways_out(&after, wholesaler, goods, None),
        CustodyError::HeldByCase,
    );
    let others = resolve_case(wholesaler, case_of(goods, 1), subject, false, None);
    after.ledger.refuse(&others, CustodyError::NotInvestigator);
    allow_each(
        &world,
        &ways_out(&world, wholesaler, goods, Some(regulator.into())),
    );
}

#[test]
fn the_only_opener_may_watch_while_it_may_trade() {
    let (mut world, goods) = held(|world| vec![world.manufacturer]);
    let World {
        payer,
        manufacturer,
        wholesaler,
        regulator,
        other_goods,
        ..
    } = world;
    let case = case_of(goods, 0);
    let watched = ways_out(&world, wholesaler, goods, opener(manufacturer, case));
    allow_each(&world, &watched);
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = world.clone();
        disqualify(&mut world, manufacturer);
        refuse_all(&world, &watched, refusal);
    }
    // Not with a case on other goods, nor with one that is resolved.
    let suspect = finding(ExceptionCode::None);
    let elsewhere = open_case(
        payer,
        manufacturer,
        manufacturer.gln,
        other_goods,
        0,
        suspect,
    );
    world.ledger.execute(&elsewhere);
    let with_other = opener(manufacturer, case_of(other_goods, 0));
    let instructions = ways_out(&world, wholesaler, goods, with_other);
    refuse_all(&world, &instructions, CustodyError::HeldByCase);
    for instruction in [
        open_case(payer, regulator, wholesaler.gln, goods, 1, suspect),
        resolve_case(manufacturer, case, goods.consignment, false, None),
    ] {
        world.ledger.execute(&instruction);
    }
    refuse_all(&world, &watched, CustodyError::HeldByCase);
}

#[test]
fn a_case_on_the_whole_lot_holds_every_part_of_it() {
    for of_regulator in [false, true] {
        let (mut world, goods) = held(|_| Vec::new());
        let World {
            payer,
            manufacturer,
            wholesaler,
            regulator,
            ..
        } = world;
        let site = if of_regulator {
            regulator
        } else {
            manufacturer
        };
        let suspect = finding(ExceptionCode::None);
        let opening = open_lot_case(payer, site, goods.lot, 0, suspect);
        world.ledger.execute(&opening);
        let part = world.cut(wholesaler, goods, 100);
        for goods in [world.now(goods), part] {
            // The page's block is the first part's.
            let ways = |witness| {
                let mut ways = ways_out(&world, wholesaler, goods, witness);
                if goods == part {
                    ways.truncate(2);
                }
                ways
            };
            refuse_all(&world, &ways(None), CustodyError::HeldByCase);
            let case = address::case(&goods.lot, 0);
            allow_each(&world, &ways(opener(site, case)));
            allow_each(&world, &ways(Some(regulator.into())));
        }
    }
}

#[test]
fn a_witness_is_another_person_with_the_permission() {
    let (mut world, goods) = held(|world| vec![world.regulator]);
    let (wholesaler, regulator) = (world.wholesaler, world.regulator);
    let document = Some(DOCUMENT);
    let watch = world.appoint(regulator, "watch", Permissions::WITNESS);
    let site = Site::by_operator(regulator.gln, watch.key);
    world.after([&sample(wholesaler, goods, Some(site.into()), document)]);
    let clerk = world.appoint(regulator, "clerk", Permissions::QUARANTINE);
    let site = Site::by_operator(regulator.gln, clerk.key);
    let instruction = sample(wholesaler, goods, Some(site.into()), document);
    world
        .ledger
        .refuse(&instruction, CustodyError::OperatorPermission);
    // One key on both sides is one person.
    let mut instruction = sample(wholesaler, goods, Some(regulator.into()), document);
    world
        .ledger
        .edit(regulator.partner, |partner: &mut registry::Partner| {
            partner.authority = wholesaler.key;
        });
    instruction = instruction.replacing(regulator.key, wholesaler.key);
    world
        .ledger
        .refuse(&instruction, CustodyError::WitnessIsActor);
}

#[test]
fn what_is_neither_anothers_nor_held_needs_nobody() {
    let (world, goods) = held(|_| Vec::new());
    allow_each(&world, &ways_out(&world, world.wholesaler, goods, None));
    // Goods that are set aside are their owner's all the same.
    let mut world = world;
    let wholesaler = world.wholesaler;
    let aside = quarantine(wholesaler, goods.consignment, None);
    world.ledger.execute(&aside);
    for instruction in ways_out(&world, wholesaler, goods, None) {
        expect(&mut world.ledger.clone(), &instruction, None);
    }
    let taken = sample(wholesaler, goods, None, Some(DOCUMENT));
    world.ledger.execute(&taken);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.status, ConsignmentStatus::Sampled);
}

#[test]
fn who_stores_goods_does_not_condemn_them_by_a_case_of_its_own() {
    let (mut world, goods) = stored();
    let World {
        payer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let case = |number| address::case(&goods.consignment, number);
    let suspect = finding(ExceptionCode::None);
    for (number, site) in [(0, pharmacy), (1, wholesaler)] {
        let opening = open_case(payer, site, pharmacy.gln, goods, number, suspect);
        world.ledger.execute(&opening);
        world
            .ledger
            .execute(&determine_case(site, case(number), None));
    }
    let condemn = |site, number| resolve_case(site, case(number), goods.consignment, true, None);
    world
        .ledger
        .refuse(&condemn(pharmacy, 0), CustodyError::CustodiansCase);
    // The owner's own case does, and so does a regulator.
    world.after([&condemn(wholesaler, 1)]);
    world.after([&condemn(regulator, 0)]);
}

#[test]
fn condemned_goods_are_sampled_before_a_regulator_only() {
    let (mut world, goods) = held(|_| Vec::new());
    let World {
        payer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let condemn = |consignment: &mut Consignment| {
        consignment.restrictions |= Restrictions::CONDEMNED.bits();
    };
    world.ledger.edit(goods.consignment, condemn);
    let document = Some(DOCUMENT);
    let whole = |witness| sample(wholesaler, goods, witness, document);
    let single = |witness| {
        decommission(
            payer,
            wholesaler,
            goods,
            BLOCK,
            Disposition::Sampled,
            witness,
            document,
        )
    };
    for witness in [None, Some(Witness::from(pharmacy))] {
        for sampling in [whole(witness), single(witness)] {
            world.ledger.refuse(&sampling, CustodyError::CondemnedGoods);
        }
    }
    let witness = Some(Witness::from(regulator));
    world.after([&whole(witness)]);
    world.after([&single(witness)]);
}

#[test]
fn who_stores_goods_calls_none_of_them_damaged_alone() {
    let (mut world, goods) = stored();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        reverse_distributor,
        ..
    } = world;
    let becoming = |custodian, goods, disposition, witness: Option<Site>| {
        let witness = witness.map(Witness::from);
        decommission(payer, custodian, goods, BLOCK, disposition, witness, None)
    };
    let damaged = |witness| becoming(pharmacy, goods, Disposition::Damaged, witness);
    let second = world.appoint(pharmacy, "second person", Permissions::WITNESS);
    let second = Site::by_operator(pharmacy.gln, second.key);
    for accomplice in [None, Some(second), Some(manufacturer)] {
        let alone = damaged(accomplice);
        world.ledger.refuse(&alone, CustodyError::OwnerNotAsked);
    }
    // Nor by way of another site, nor after they were recalled.
    let mut elsewhere = world.clone();
    elsewhere.hand_over(pharmacy, reverse_distributor, goods, TransferKind::Disposal);
    let there = elsewhere.now(goods);
    for accomplice in [None, Some(pharmacy)] {
        let alone = becoming(reverse_distributor, there, Disposition::Damaged, accomplice);
        elsewhere.ledger.refuse(&alone, CustodyError::OwnerNotAsked);
    }
    let mut recalled = world.clone();
    recalled
        .ledger
        .edit(goods.lot, |lot: &mut custody::Lot| recall(lot, 0, 100));
    recalled
        .ledger
        .refuse(&damaged(None), CustodyError::OwnerNotAsked);
    // What it finds it says: the packs are suspect, and cleared again; or the goods are set aside.
    let suspect = becoming(pharmacy, goods, Disposition::Suspect, None);
    for world in [&world, &recalled] {
        let mut found = world.after([&suspect]);
        found
            .ledger
            .execute(&restore_units(pharmacy, goods, BLOCK, None));
        world.after(&[quarantine(pharmacy, goods.consignment, None)]);
    }
    // With the owner's word, or a regulator's, they are damaged, and go back and to destruction as before.
    for witness in [wholesaler, regulator] {
        let said = world.after(&[damaged(Some(witness))]);
        let mut back = said.clone();
        back.hand_over(pharmacy, wholesaler, goods, TransferKind::Return);
        let mut gone = said;
        gone.hand_over(pharmacy, reverse_distributor, goods, TransferKind::Disposal);
        let destruction = destroy(reverse_distributor, wholesaler, gone.now(goods), None);
        gone.ledger.execute(&destruction);
    }
}

#[test]
fn what_a_suspended_owner_offered_for_disposal_is_not_surrendered_once_it_is_active_again() {
    // Whoever had its key made the offer, during the suspension or before it, and an accomplice waits.
    for offered_before in [true, false] {
        let (mut world, goods) = held(|_| Vec::new());
        let World {
            payer,
            issuer_key,
            wholesaler,
            reverse_distributor: accomplice,
            ..
        } = world;
        let disposal = terms(TransferKind::Disposal);
        let offering = offer(payer, wholesaler, accomplice.gln, goods, disposal);
        if offered_before {
            world.ledger.execute(&offering);
        }
        world.ledger.set_time(NOW + 1);
        world.suspend(wholesaler);
        if !offered_before {
            world.ledger.execute(&offering);
        }
        world.ledger.set_time(NOW + 2);
        let back = reinstate_partner(issuer_key, wholesaler.gln);
        world.ledger.execute(&back);
        let acceptance = accept(accomplice, goods.offered_by(wholesaler.gln));
        world.ledger.execute(&acceptance);
        let goods = world.now(goods);
        let second = world.appoint(accomplice, "second person", Permissions::WITNESS);
        let second = Site::by_operator(accomplice.gln, second.key);
        let secret = destroy(accomplice, second, goods, None);
        world.ledger.refuse(&secret, CustodyError::OwnerNotAsked);
        world.after(&[destroy(accomplice, wholesaler, goods, None)]);
        world.hand_over(accomplice, wholesaler, goods, TransferKind::Return);
    }
}

#[test]
fn what_a_thief_offers_for_disposal_in_the_second_of_recovery_and_reinstatement_is_not_surrendered()
{
    let (mut world, goods) = held(|_| Vec::new());
    let World {
        payer,
        authority,
        issuer_key,
        wholesaler,
        reverse_distributor: accomplice,
        ..
    } = world;
    let key = world.ledger.key("owner");
    let recovery = propose_recovery(authority, issuer_key, wholesaler.gln, key);
    world.ledger.execute(&recovery);
    world.suspend(wholesaler);
    let at = NOW + RECOVERY_DELAY;
    world.ledger.set_time(at);
    let disposal = OfferTerms {
        deadline: at + 86_400,
        ..terms(TransferKind::Disposal)
    };
    for step in [
        offer(payer, wholesaler, accomplice.gln, goods, disposal),
        complete_recovery(wholesaler.gln, key),
        reinstate_partner(issuer_key, wholesaler.gln),
    ] {
        world.ledger.execute(&step);
    }
    let acceptance = accept(accomplice, goods.offered_by(wholesaler.gln));
    for later in [0, 60] {
        let mut world = world.clone();
        world.ledger.set_time(at + later);
        world.ledger.execute(&acceptance);
        let arrived: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(arrived.restrictions(), Restrictions::RETURNED);
        assert_eq!(arrived.owner_since, 0);
    }
}
