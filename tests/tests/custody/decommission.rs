use anchor_lang::{
    AccountMeta, ErrorCode, prelude::ProgramError, solana_program::instruction::Instruction,
};
use custody::{
    Consignment, CustodyError, Disposition, Lot, Restrictions, UnitBlock, UnitPage, UnitRecord,
};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{
        decommission, destroy_units, open_unit_page, recover, undo_decommission, undo_dispense,
        verify_return,
    },
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    world::{DOCUMENT, UNITS, World},
};

use crate::{
    INELIGIBLE_SENDERS, LOT_UNDER_CASE, NOT_HELD, OUT_OF_STANDING, State, UNDER_CASE, UNSALEABLE,
    recall, refuse_other_signers, refuse_states, restrict, trail::link_units,
};

/// Unit 8,190 and the two after it but one: the last of page 0 are two of them.
const LAST: UnitBlock = UnitBlock {
    number: 127,
    units: 0b101 << 61,
};

/// Dispositions that a custodian alone may give to what it owns.
const ALONE: [Disposition; 6] = [
    Disposition::Stolen,
    Disposition::Sampled,
    Disposition::Exported,
    Disposition::Damaged,
    Disposition::Suspect,
    Disposition::Illegitimate,
];

/// Dispositions of units that are still there.
const THERE: [Disposition; 3] = [
    Disposition::Damaged,
    Disposition::Suspect,
    Disposition::Illegitimate,
];

/// Dispositions that may be undone, so that a record says when they were given.
const RECORDED: [Disposition; 2] = [Disposition::Sampled, Disposition::Exported];

/// A wholesaler that owns a whole lot with an open page.
pub(crate) fn warehouse() -> World {
    let mut world = World::new();
    let (payer, goods) = (world.payer, world.goods);
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    let (manufacturer, wholesaler) = (world.manufacturer, world.wholesaler);
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world
}

/// The warehouse whose goods a 3PL stores.
fn stored() -> World {
    let mut world = warehouse();
    let (wholesaler, logistics, goods) = (world.wholesaler, world.logistics, world.goods);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    world
}

fn by(world: &World, custodian: Site, disposition: Disposition) -> Instruction {
    let World { payer, goods, .. } = *world;
    decommission(payer, custodian, goods, LAST, disposition, None, None)
}

pub(crate) fn becoming(world: &World, disposition: Disposition) -> Instruction {
    by(world, world.wholesaler, disposition)
}

fn destruction(world: &World) -> Instruction {
    destroy_units(world.wholesaler, world.regulator, world.goods, LAST, None)
}

#[test]
fn units_leave_the_chain_one_by_one_and_the_record_says_when() {
    for disposition in ALONE {
        let mut world = warehouse();
        let World {
            payer,
            wholesaler,
            goods,
            ..
        } = world;
        let page = address::unit_page(&goods.lot, 0);
        let record = address::unit_record(&goods.lot, wholesaler.gln, LAST.number);
        let mut fields = UnitRecord {
            lot: goods.lot,
            payer,
            site: wholesaler.gln.number(),
            last_at: NOW,
            block: LAST.number,
            bump: address::bump(
                &[
                    b"record",
                    goods.lot.as_ref(),
                    &wholesaler.gln.number().to_le_bytes(),
                    &LAST.number.to_le_bytes(),
                ],
                &custody::ID,
            ),
            _padding: [0; 3],
            gone_at: [0; 64],
        };
        for place in [61, 63] {
            fields.gone_at[place] = NOW as u32;
        }
        let mut effects = vec![
            world.ledger.effect(page, |page: &mut UnitPage| {
                (page.dispositions[4_094], page.dispositions[4_095]) =
                    (disposition.code() << 4, disposition.code() << 4);
                link_units(page, wholesaler, LAST, disposition, DOCUMENT);
            }),
            world
                .ledger
                .effect(goods.consignment, |consignment: &mut Consignment| {
                    consignment.inactive = 2;
                    consignment.absent = if THERE.contains(&disposition) { 0 } else { 2 };
                    restrict(consignment, Restrictions::OPENED);
                }),
        ];
        if RECORDED.contains(&disposition) {
            effects.push(Effect::creation(record, &fields, payer));
        }
        let document = Some(DOCUMENT);
        let instruction = decommission(payer, wholesaler, goods, LAST, disposition, None, document);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn only_some_dispositions_lead_to_others() {
    for first in ALONE {
        let world = warehouse();
        let gone = world.after(&[becoming(&world, first)]);
        for second in ALONE {
            let mut world = gone.clone();
            let instruction = becoming(&world, second);
            let is_taken_away = [Disposition::Stolen, Disposition::Sampled].contains(&second);
            if (first, second) == (Disposition::Suspect, Disposition::Illegitimate)
                || THERE.contains(&first) && is_taken_away
            {
                world.ledger.execute(&instruction);
                let consignment: Consignment = world.ledger.read(world.goods.consignment);
                assert_eq!(consignment.inactive, 2, "counted once");
                let absent = if is_taken_away { 2 } else { 0 };
                assert_eq!(consignment.absent, absent, "counted once");
            } else {
                world
                    .ledger
                    .refuse(&instruction, CustodyError::UnitNotActive);
            }
        }
        let mut world = gone.clone();
        let instruction = destruction(&world);
        // What was stolen may be found again.
        if THERE.contains(&first) || first == Disposition::Stolen {
            world.ledger.execute(&instruction);
            let consignment: Consignment = world.ledger.read(world.goods.consignment);
            assert_eq!((consignment.inactive, consignment.absent), (2, 2));
        }
        world
            .ledger
            .refuse(&instruction, CustodyError::UnitNotActive);
    }
}

#[test]
fn what_needs_more_than_the_custodian_is_no_disposition_here() {
    let mut world = warehouse();
    for disposition in [
        Disposition::Active,
        Disposition::Dispensed,
        Disposition::Destroyed,
        Disposition::from_code(9),
        Disposition::from_code(16),
        Disposition::from_code(u8::MAX),
    ] {
        let instruction = becoming(&world, disposition);
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidDisposition);
    }
}

#[test]
fn what_is_unfit_is_still_reported_but_not_exported() {
    for disposition in ALONE {
        let world = warehouse();
        let instruction = becoming(&world, disposition);
        let is_export = disposition == Disposition::Exported;
        let is_sample = disposition == Disposition::Sampled;
        refuse_states(
            &world.ledger,
            &instruction,
            world.goods.consignment,
            NOT_HELD,
        );
        for (state, refusal) in UNSALEABLE {
            let mut world = world.clone();
            world.ledger.edit(world.goods.consignment, state);
            let refusal = match refusal {
                _ if is_export => Some(refusal),
                CustodyError::Condemned if is_sample => Some(CustodyError::CondemnedGoods),
                _ => None,
            };
            crate::expect(&mut world.ledger, &instruction, refusal);
        }
        let mut recalled = world.clone();
        recalled
            .ledger
            .edit(world.goods.lot, |lot: &mut Lot| recall(lot, 0, UNITS));
        crate::expect(
            &mut recalled.ledger,
            &instruction,
            is_export.then_some(CustodyError::Recalled),
        );
    }
}

#[test]
fn a_case_keeps_units_there_that_could_leave() {
    for disposition in ALONE {
        let world = warehouse();
        let instruction = becoming(&world, disposition);
        for (state, _) in UNDER_CASE {
            let mut world = world.clone();
            world.ledger.edit(world.goods.consignment, state);
            let refusal = match disposition {
                Disposition::Exported => Some(CustodyError::UnderCase),
                _ if THERE.contains(&disposition) => None,
                _ => Some(CustodyError::HeldByCase),
            };
            crate::expect(&mut world.ledger, &instruction, refusal);
        }
        for (state, _) in LOT_UNDER_CASE {
            let mut world = world.clone();
            world.ledger.edit(world.goods.lot, state);
            let refusal = match disposition {
                Disposition::Exported => Some(CustodyError::LotUnderCase),
                _ if THERE.contains(&disposition) => None,
                _ => Some(CustodyError::HeldByCase),
            };
            crate::expect(&mut world.ledger, &instruction, refusal);
        }
    }
}

#[test]
fn a_custodian_without_standing_reports_thefts_only() {
    for disposition in ALONE {
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let mut world = warehouse();
            let wholesaler = world.wholesaler;
            disqualify(&mut world, wholesaler);
            let instruction = becoming(&world, disposition);
            let is_theft = disposition == Disposition::Stolen;
            crate::expect(
                &mut world.ledger,
                &instruction,
                (!is_theft).then_some(refusal),
            );
        }
    }
}

#[test]
fn who_stores_goods_neither_samples_exports_nor_condemns_them_alone() {
    for disposition in ALONE {
        let mut world = stored();
        let instruction = by(&world, world.logistics, disposition);
        let refusal = match disposition {
            Disposition::Exported => Some(CustodyError::SenderNotOwner),
            Disposition::Sampled | Disposition::Illegitimate | Disposition::Damaged => {
                Some(CustodyError::OwnerNotAsked)
            }
            Disposition::Stolen => Some(CustodyError::LeavesNoRecord),
            _ => None,
        };
        crate::expect(&mut world.ledger, &instruction, refusal);
    }
    for disposition in [
        Disposition::Sampled,
        Disposition::Illegitimate,
        Disposition::Damaged,
    ] {
        let world = stored();
        let World {
            payer,
            wholesaler,
            manufacturer,
            regulator,
            logistics,
            goods,
            ..
        } = world;
        let before = |witness: Site| {
            decommission(
                payer,
                logistics,
                goods,
                LAST,
                disposition,
                Some(witness.into()),
                None,
            )
        };
        world.after(&[before(wholesaler)]);
        world.after(&[before(regulator)]);
        let mut world = world;
        world
            .ledger
            .refuse(&before(manufacturer), CustodyError::OwnerNotAsked);
        world
            .ledger
            .refuse(&before(logistics), CustodyError::WitnessIsActor);
        let without_site = before(wholesaler).replacing(wholesaler.partner, custody::ID);
        world
            .ledger
            .refuse(&without_site, CustodyError::NotPartnerKey);
        for (disqualify, refusal) in OUT_OF_STANDING {
            for witness in [wholesaler, regulator] {
                let mut world = world.clone();
                disqualify(&mut world, witness);
                world.ledger.refuse(&before(witness), refusal);
            }
        }
    }
}

#[test]
fn only_the_custodian_and_only_its_units() {
    let mut world = warehouse();
    let World {
        wholesaler,
        manufacturer,
        regulator,
        goods,
        other_goods,
        payer,
        ..
    } = world;
    let reporting = becoming(&world, Disposition::Stolen);
    let destroying = destruction(&world);
    refuse_other_signers(&mut world.ledger, &reporting, &[wholesaler]);
    refuse_other_signers(&mut world.ledger, &destroying, &[wholesaler, regulator]);
    let stolen = |site, goods, block| {
        decommission(payer, site, goods, block, Disposition::Stolen, None, None)
    };
    for instruction in [
        stolen(manufacturer, goods, LAST),
        destroy_units(manufacturer, regulator, goods, LAST, None),
    ] {
        world
            .ledger
            .refuse(&instruction, CustodyError::NotCustodian);
    }
    let tail = world.cut(wholesaler, goods, UNITS - 8_189);
    for instruction in [&reporting, &destroying] {
        world
            .ledger
            .refuse(instruction, CustodyError::UnitOutsideConsignment);
    }
    world
        .ledger
        .execute(&open_unit_page(payer, other_goods.lot, 0));
    let page = address::unit_page(&goods.lot, 0);
    let other_page = address::unit_page(&other_goods.lot, 0);
    let nothing = UnitBlock {
        number: 127,
        units: 0,
    };
    let one = UnitBlock::of(8_190);
    let destroyed = |block| destroy_units(wholesaler, regulator, tail, block, None);
    let cases = [
        (
            stolen(wholesaler, tail, one),
            stolen(wholesaler, tail, nothing),
        ),
        (destroyed(one), destroyed(nothing)),
    ];
    for (instruction, empty) in cases {
        world.ledger.refuse(&empty, CustodyError::NoUnits);
        let elsewhere = instruction.clone().replacing(page, other_page);
        world.ledger.refuse(&elsewhere, CustodyError::NotUnitsPage);
        let other_lot = instruction.replacing(goods.lot, other_goods.lot);
        world
            .ledger
            .refuse(&other_lot, CustodyError::NotConsignmentsLot);
    }
}

#[test]
fn the_record_is_the_sites_own_of_this_block() {
    let mut world = warehouse();
    let World {
        wholesaler,
        manufacturer,
        goods,
        ..
    } = world;
    let instruction = becoming(&world, Disposition::Sampled);
    let own = address::unit_record(&goods.lot, wholesaler.gln, LAST.number);
    for (site, block) in [(wholesaler, 0), (manufacturer, LAST.number)] {
        let other = address::unit_record(&goods.lot, site.gln, block);
        let elsewhere = instruction.clone().replacing(own, other);
        world.ledger.refuse(&elsewhere, ErrorCode::ConstraintSeeds);
    }
    world.ledger.execute_prefunded(&instruction, &[own]);
}

#[test]
fn a_record_is_given_for_what_may_be_undone_and_for_nothing_else() {
    let world = warehouse();
    let record = address::unit_record(&world.goods.lot, world.wholesaler.gln, LAST.number);
    for disposition in ALONE {
        let mut world = world.clone();
        let instruction = becoming(&world, disposition);
        let without = if RECORDED.contains(&disposition) {
            instruction.replacing(record, custody::ID)
        } else {
            const RECORD: usize = 6;
            let mut instruction = instruction;
            instruction.accounts[RECORD] = AccountMeta::new(record, false);
            instruction
        };
        world.ledger.refuse(&without, CustodyError::RecordNeeded);
    }
}

#[test]
fn a_destruction_needs_a_witness_and_no_case() {
    let mut world = warehouse();
    let World {
        wholesaler,
        regulator,
        goods,
        ..
    } = world;
    let instruction = destruction(&world);
    refuse_states(&world.ledger, &instruction, goods.consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, goods.consignment, UNDER_CASE);
    refuse_states(&world.ledger, &instruction, goods.lot, LOT_UNDER_CASE);
    let alone = destroy_units(wholesaler, wholesaler, goods, LAST, None);
    world.ledger.refuse(&alone, CustodyError::WitnessIsActor);
    for (disqualify, refusal) in &INELIGIBLE_SENDERS[..3] {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        world.ledger.refuse(&instruction, *refusal);
    }
    let watch = world.appoint(regulator, "watch", Permissions::WITNESS);
    let by_operator = Site {
        key: watch.key,
        ..regulator
    };
    let watched =
        destroy_units(wholesaler, by_operator, goods, LAST, None).inserting(7, watch.operator);
    world.ledger.execute(&watched);
}

#[test]
fn samples_and_exports_are_undone_within_ten_days() {
    for disposition in [Disposition::Sampled, Disposition::Exported] {
        let world = warehouse();
        let mut world = world.after(&[becoming(&world, disposition)]);
        let World {
            wholesaler, goods, ..
        } = world;
        let undoing = undo_decommission(wholesaler, goods, LAST);
        world.ledger.set_time(NOW + UnitRecord::UNDO_TIME);
        let page = address::unit_page(&goods.lot, 0);
        let record = address::unit_record(&goods.lot, wholesaler.gln, LAST.number);
        let effects = [
            world.ledger.effect(page, |page: &mut UnitPage| {
                (page.dispositions[4_094], page.dispositions[4_095]) = (0, 0);
                link_units(page, wholesaler, LAST, Disposition::Active, [0; 32]);
            }),
            world
                .ledger
                .effect(goods.consignment, |consignment: &mut Consignment| {
                    (consignment.inactive, consignment.absent) = (0, 0);
                    consignment.restrictions = 0;
                }),
            world.ledger.effect(record, |record: &mut UnitRecord| {
                (record.gone_at[61], record.gone_at[63]) = (0, 0);
            }),
        ];
        let mut late = world.clone();
        late.ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1);
        late.ledger.refuse(&undoing, CustodyError::UndoTooLate);
        world.ledger.execute_with_effects(&undoing, &effects);
        world
            .ledger
            .refuse(&undoing, CustodyError::UnitNotRestorable);
        let (manufacturer, sale) = (world.manufacturer, TransferKind::Logistics);
        world.hand_over(wholesaler, manufacturer, goods, sale);
    }
}

#[test]
fn nothing_else_is_undone_by_the_site_that_did_it() {
    let stays = [
        Disposition::Stolen,
        Disposition::Damaged,
        Disposition::Suspect,
        Disposition::Illegitimate,
    ];
    for disposition in stays {
        let world = warehouse();
        let World {
            payer,
            wholesaler,
            goods,
            ..
        } = world;
        // A unit of the same block has the site's record opened.
        let neighbour = UnitBlock::of(8_190);
        let sampled = Disposition::Sampled;
        let sampling = decommission(payer, wholesaler, goods, neighbour, sampled, None, None);
        let mut world = world.after(&[sampling, becoming(&world, disposition)]);
        let undoing = undo_decommission(wholesaler, goods, LAST);
        world
            .ledger
            .refuse(&undoing, CustodyError::UnitNotRestorable);
        let with_it = UnitBlock {
            units: LAST.units | neighbour.units,
            ..LAST
        };
        let undoing = undo_decommission(wholesaler, goods, with_it);
        world
            .ledger
            .refuse(&undoing, CustodyError::UnitNotRestorable);
    }
    let world = warehouse();
    let mut world = world.after(&[becoming(&world, Disposition::Sampled)]);
    let wholesaler = world.wholesaler;
    world.license(wholesaler, Roles::DISPENSER);
    let dispensing_undone = undo_dispense(wholesaler, world.goods, LAST);
    world
        .ledger
        .refuse(&dispensing_undone, CustodyError::UnitNotDispensed);
    let destroyed = destruction(&warehouse());
    let mut world = warehouse().after(&[destroyed]);
    let undoing = undo_decommission(world.wholesaler, world.goods, LAST);
    world
        .ledger
        .refuse(&undoing, ProgramError::AccountDataTooSmall);
}

#[test]
fn a_sample_of_what_was_unfit_is_not_undone_to_be_sold() {
    for disposition in THERE {
        let world = warehouse();
        let World {
            payer,
            wholesaler,
            goods,
            ..
        } = world;
        // A sound unit of the same block is sampled along with them, and comes back alone.
        let sound = UnitBlock::of(8_190);
        let all = UnitBlock {
            units: LAST.units | sound.units,
            ..LAST
        };
        let sampled = Disposition::Sampled;
        let sampling = decommission(payer, wholesaler, goods, all, sampled, None, None);
        let mut world = world.after(&[becoming(&world, disposition), sampling]);
        for block in [LAST, all, UnitBlock::of(8_189)] {
            let undoing = undo_decommission(wholesaler, goods, block);
            world
                .ledger
                .refuse(&undoing, CustodyError::UnitNotDispensed);
        }
        let undoing = undo_decommission(wholesaler, goods, sound);
        world.ledger.execute(&undoing);
    }
}

#[test]
fn undoing_is_refused_where_a_sale_is() {
    let world = warehouse();
    let mut world = world.after(&[becoming(&world, Disposition::Sampled)]);
    let World {
        wholesaler,
        logistics,
        goods,
        ..
    } = world;
    let undoing = undo_decommission(wholesaler, goods, LAST);
    refuse_states(&world.ledger, &undoing, goods.consignment, NOT_HELD);
    refuse_states(&world.ledger, &undoing, goods.consignment, UNDER_CASE);
    refuse_states(&world.ledger, &undoing, goods.consignment, UNSALEABLE);
    refuse_states(&world.ledger, &undoing, goods.lot, LOT_UNDER_CASE);
    refuse_states(
        &world.ledger,
        &undoing,
        goods.lot,
        [
            (
                (|lot| recall(lot, 8_191, 1)) as State<Lot>,
                CustodyError::Recalled,
            ),
            (|lot| lot.expires_at = NOW, CustodyError::LotExpired),
        ],
    );
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        disqualify(&mut world, wholesaler);
        world.ledger.refuse(&undoing, refusal);
    }
    refuse_other_signers(&mut world.ledger, &undoing, &[wholesaler]);
    let record = address::unit_record(&goods.lot, wholesaler.gln, LAST.number);
    let states: [State<UnitRecord>; 3] = [
        |record| record.site += 1,
        |record| record.lot = Default::default(),
        |record| record.block = 2,
    ];
    for state in states {
        refuse_states(
            &world.ledger,
            &undoing,
            record,
            [(state, CustodyError::NotDispenser)],
        );
    }
    let by_other = undo_decommission(logistics, goods, LAST).replacing(
        address::unit_record(&goods.lot, logistics.gln, LAST.number),
        record,
    );
    world.ledger.refuse(&by_other, CustodyError::NotCustodian);
}

#[test]
fn a_new_custodian_does_not_undo_what_the_one_before_did() {
    let world = warehouse();
    let mut world = world.after(&[becoming(&world, Disposition::Sampled)]);
    let World {
        payer,
        wholesaler,
        pharmacy,
        regulator,
        goods,
        ..
    } = world;
    // A regulator has the goods brought; with the units gone they go nowhere otherwise.
    let recovery = recover(regulator, wholesaler.gln, pharmacy, goods, false, None);
    world.ledger.execute(&recovery);
    let verification = verify_return(pharmacy, world.now(goods), None);
    world.ledger.execute(&verification);
    let undoing = undo_decommission(pharmacy, goods, LAST);
    world
        .ledger
        .refuse(&undoing, ProgramError::AccountDataTooSmall);
    // Nor with a record of its own, in which these units are not.
    let neighbour = UnitBlock::of(8_190);
    let sampled = Disposition::Sampled;
    let owner = Some(wholesaler.into());
    let own = decommission(payer, pharmacy, goods, neighbour, sampled, owner, None);
    world.ledger.execute(&own);
    world
        .ledger
        .refuse(&undoing, CustodyError::UnitNotDispensed);
}
