use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Lot, LotStatus};
use pedigree_domain::{Roles, expiry};
use pedigree_interface::{
    Goods, LotSeries,
    identifier::{Expiry, LotNumber},
    instruction::{
        custody::{LotLabel, mint_lot},
        registry::{accept_product_transfer, move_product, propose_product_transfer},
    },
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    layout::padded,
    ledger::NOW,
    world::{EXPIRY, GTIN, UNITS, World, lot_label, lot_number},
};
use registry::Partner;

use crate::{ALREADY_IN_USE, INELIGIBLE_SENDERS, refuse_other_signers, trail::link};

/// What minting the lot of `product` with the number "NEW" makes.
fn new_goods(product: &Address) -> Goods {
    Goods::minted(address::lot(product, lot_number("NEW")))
}

/// The manufacturer mints a lot of its product.
fn mint(world: &World, label: &LotLabel) -> Instruction {
    mint_lot(world.payer, world.manufacturer, world.product, label)
}

#[test]
fn creates_the_lot_and_its_first_consignment() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        product,
        ..
    } = World::new();
    let Goods {
        lot, consignment, ..
    } = new_goods(&product);
    let bump = |seeds: &[&[u8]]| address::bump(seeds, &custody::ID);
    let mut first = Consignment {
        lot,
        trail: lot.to_bytes(),
        document_hash: [0x3A; 32],
        custodian: manufacturer.gln.number(),
        owner: manufacturer.gln.number(),
        sequence: 0,
        first_unit: 0,
        quantity: UNITS,
        kind: Change::Commissioning,
        status: ConsignmentStatus::Held,
        restrictions: 0,
        open_cases: 0,
        supplier: 0,
        sscc: 0,
        cases: 0,
        index: 0,
        children: 0,
        inactive: 0,
        bump: bump(&[b"consignment", lot.as_ref(), &[0; 4]]),
        party_cases: [0; 3],
        owner_since: 0,
        parent: lot,
        payer,
        withdrawn_since: 0,
        absent: 0,
        withdrawn_at: 0,
    };
    first.trail = link(&first);
    let lot_fields = Lot {
        expires_at: expiry::expires_at(20280229).unwrap(),
        quantity: UNITS,
        expiry: EXPIRY.label(),
        status: LotStatus::Released,
        open_cases: 0,
        recalls: 0,
        bump: bump(&[b"lot", product.as_ref(), &padded::<20>("NEW"), &[0; 2]]),
        lot_number: padded("NEW"),
        gtin: GTIN.number(),
        product,
        manufacturer: manufacturer.gln.number(),
        quarantined_by: 0,
        serial_root: [0x5E; 32],
        manifest_hash: [0x3A; 32],
        minted_at: NOW,
        cases: 0,
        recall_changes: 0,
        recalled_first: [0; 8],
        recalled_quantity: [0; 8],
        minted_by: manufacturer.gln.number(),
        own_cases: 0,
        _padding: 0,
        series: 0,
        _rest: [0; 4],
    };
    let instruction = mint_lot(payer, manufacturer, product, &lot_label("NEW"));
    ledger.execute_with_effects(
        &instruction,
        &[
            Effect::creation(lot, &lot_fields, payer),
            Effect::creation(consignment, &first, payer),
        ],
    );
}

#[test]
fn who_gets_its_product_back_mints_the_lot_numbers_that_a_squatter_took() {
    // By a registration, or by a transfer that a thief of its key made.
    for by_thief in [false, true] {
        let mut world = World::new();
        let World {
            payer,
            authority,
            product,
            ..
        } = world;
        let (squatter, owner) = if by_thief {
            (world.other_manufacturer, world.manufacturer)
        } else {
            (world.manufacturer, world.other_manufacturer)
        };
        if by_thief {
            world.hand_over_product(squatter);
        }
        let label = lot_label("NEW");
        let taken = mint_lot(payer, squatter, product, &label);
        world.ledger.execute(&taken);
        let moving = move_product(authority, owner.gln, GTIN);
        world.ledger.execute(&moving);
        let series = LotSeries { product, number: 1 };
        let own = mint_lot(payer, owner, series, &label);
        world.ledger.execute(&own);
        let lots = [0, 1].map(|series| {
            let at = address::lot_in_series(&product, series, label.lot_number);
            let lot: Lot = world.ledger.read(at);
            assert_eq!((lot.series, lot.product), (series, product));
            lot.minted_by()
        });
        assert_eq!(lots, [squatter.gln, owner.gln]);
        // Once in each series.
        world.ledger.refuse(&own, ALREADY_IN_USE);
    }
}

#[test]
fn each_move_by_the_authority_begins_a_series_and_no_transfer_does() {
    let mut world = World::new();
    let World {
        payer,
        authority,
        product,
        manufacturer: maker,
        other_manufacturer: other,
        ..
    } = world;
    let label = lot_label("NEW");
    let mint = |by, number| mint_lot(payer, by, LotSeries { product, number }, &label);
    world.ledger.execute(&mint(maker, 0));
    world.hand_over_product(other);
    world.ledger.refuse(&mint(other, 0), ALREADY_IN_USE);
    for (number, to) in [(1, maker), (2, other), (3, other)] {
        world.ledger.execute(&move_product(authority, to.gln, GTIN));
        // Neither in a series that ended nor in one to come.
        for wrong in [number - 1, number + 1] {
            world
                .ledger
                .refuse(&mint(to, wrong), ErrorCode::ConstraintSeeds);
        }
        world.ledger.execute(&mint(to, number));
    }
}

#[test]
fn accepts_every_valid_label() {
    for label in [
        LotLabel {
            quantity: 1,
            ..lot_label("A")
        },
        LotLabel {
            quantity: u32::MAX,
            ..lot_label("12345678901234567890")
        },
        LotLabel {
            serial_root: None,
            manifest_hash: None,
            ..lot_label("!\"%&'()*+,-./_:;<=>?")
        },
        // Today is the last day of this one, and 2099 the last year of any.
        LotLabel {
            expiry: Expiry::from_account(20261122),
            ..lot_label("B")
        },
        LotLabel {
            expiry: Expiry::from_account(20991200),
            ..lot_label("C")
        },
    ] {
        let mut world = World::new();
        let instruction = mint(&world, &label);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn the_manufacturer_may_pay_and_be_a_repackager() {
    let mut world = World::new();
    world.license(world.manufacturer, Roles::REPACKAGER);
    let World {
        mut ledger,
        manufacturer,
        product,
        ..
    } = world;
    ledger.execute(&mint_lot(
        manufacturer.key,
        manufacturer,
        product,
        &lot_label("NEW"),
    ));
}

#[test]
fn two_products_may_have_lots_of_one_number() {
    let World {
        mut ledger,
        payer,
        other_manufacturer,
        other_product,
        ..
    } = World::new();
    ledger.execute(&mint_lot(
        payer,
        other_manufacturer,
        other_product,
        &lot_label("NEW"),
    ));
}

#[test]
fn works_on_prefunded_addresses() {
    let mut world = World::new();
    let instruction = mint(&world, &lot_label("NEW"));
    let Goods {
        lot, consignment, ..
    } = new_goods(&world.product);
    world
        .ledger
        .execute_prefunded(&instruction, &[lot, consignment]);
}

#[test]
fn refuses_a_lot_that_is_there() {
    let mut world = World::new();
    let instruction = mint(&world, &lot_label("LOT-1"));
    world.ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_a_manufacturer_that_may_not_trade() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = World::new();
        let site = world.manufacturer;
        disqualify(&mut world, site);
        let instruction = mint(&world, &lot_label("NEW"));
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_a_manufacturer_with_every_other_role() {
    let mut world = World::new();
    let other_roles = Roles::all().difference(Roles::MANUFACTURER.union(Roles::REPACKAGER));
    world.license(world.manufacturer, other_roles);
    let instruction = mint(&world, &lot_label("NEW"));
    world.ledger.refuse(&instruction, CustodyError::SenderRole);
}

#[test]
fn allows_the_last_second_of_a_licence() {
    let mut world = World::new();
    let site = world.manufacturer.partner;
    world.ledger.edit(site, |partner: &mut Partner| {
        partner.licence_valid_until = NOW + 1;
    });
    let instruction = mint(&world, &lot_label("NEW"));
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_invalid_labels() {
    let mut world = World::new();
    let numbered = |bytes| LotLabel {
        lot_number: LotNumber::from_account(bytes),
        ..lot_label("NEW")
    };
    let mut gap = padded("AB");
    gap[19] = b'C';
    let dated = |date| LotLabel {
        expiry: Expiry::from_account(date),
        ..lot_label("NEW")
    };
    for (label, refusal) in [
        (numbered([0; 20]), CustodyError::InvalidLotNumber),
        (numbered(gap), CustodyError::InvalidLotNumber),
        (numbered(padded("A B")), CustodyError::InvalidLotNumber),
        (numbered(padded("A#1")), CustodyError::InvalidLotNumber),
        (numbered([0xFF; 20]), CustodyError::InvalidLotNumber),
        (dated(0), CustodyError::InvalidExpiry),
        (dated(20270229), CustodyError::InvalidExpiry),
        (dated(20271301), CustodyError::InvalidExpiry),
        (dated(20270001), CustodyError::InvalidExpiry),
        (dated(19991231), CustodyError::InvalidExpiry),
        (dated(21000101), CustodyError::InvalidExpiry),
        (dated(u32::MAX), CustodyError::InvalidExpiry),
        (dated(20261121), CustodyError::LotExpired),
        (dated(20261000), CustodyError::LotExpired),
        (
            LotLabel {
                quantity: 0,
                ..lot_label("NEW")
            },
            CustodyError::NoUnits,
        ),
    ] {
        let instruction = mint(&world, &label);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_a_lot_from_the_first_second_after_its_date() {
    let mut world = World::new();
    let label = LotLabel {
        expiry: Expiry::from_account(20261122),
        ..lot_label("NEW")
    };
    let midnight = expiry::expires_at(label.expiry.label()).unwrap();
    let instruction = mint(&world, &label);
    world.ledger.set_time(midnight);
    world.ledger.refuse(&instruction, CustodyError::LotExpired);
    world.ledger.set_time(midnight - 1);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_anybody_but_the_products_manufacturer() {
    let world = World::new();
    let World {
        mut ledger,
        payer,
        manufacturer,
        other_manufacturer,
        product,
        other_product,
        ..
    } = world;
    let instruction = mint_lot(payer, manufacturer, product, &lot_label("NEW"));
    let thief = mint_lot(payer, other_manufacturer, product, &lot_label("NEW"));
    ledger.refuse(&thief, CustodyError::NotProductsManufacturer);
    let sibling = mint_lot(payer, manufacturer, other_product, &lot_label("NEW"));
    ledger.refuse(&sibling, CustodyError::NotProductsManufacturer);
    refuse_other_signers(&mut ledger, &instruction, &[manufacturer]);
    ledger.refuse_unsigned(&instruction, &[payer]);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_the_manufacturer_that_gave_the_product_away() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        other_manufacturer,
        product,
        ..
    } = World::new();
    let to = other_manufacturer.gln;
    ledger.execute(&propose_product_transfer(manufacturer, to, GTIN));
    ledger.execute(&accept_product_transfer(
        other_manufacturer,
        manufacturer.gln,
        GTIN,
    ));
    let former = mint_lot(payer, manufacturer, product, &lot_label("NEW"));
    ledger.refuse(&former, CustodyError::NotProductsManufacturer);
    ledger.execute(&mint_lot(
        payer,
        other_manufacturer,
        product,
        &lot_label("NEW"),
    ));
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        product,
        goods,
        ..
    } = World::new();
    let instruction = mint_lot(payer, manufacturer, product, &lot_label("NEW"));
    ledger.refuse_stand_ins(&instruction, &[manufacturer.partner, product]);
    let Goods {
        lot, consignment, ..
    } = new_goods(&product);
    ledger.refuse_misplaced(&instruction, lot);
    ledger.refuse_misplaced(&instruction, consignment);
    for (place, taken) in [(lot, goods.lot), (consignment, goods.consignment)] {
        let onto_another = instruction.clone().replacing(place, taken);
        ledger.refuse(&onto_another, ErrorCode::ConstraintSeeds);
    }
    let second_child = address::consignment(&lot, 1);
    ledger.refuse(
        &instruction.replacing(consignment, second_child),
        ErrorCode::ConstraintSeeds,
    );
}
