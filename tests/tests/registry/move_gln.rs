use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Disposition, UnitBlock};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    IssuerSigner, Site, TransferKind,
    instruction::{
        custody::{decommission, handoff, offer, open_unit_page, report_stolen},
        registry::{
            accept_partner_key, complete_recovery, correct_admission, leave_firm, move_gln,
            propose_partner_key, propose_recovery, reassign_partner, register_product,
            release_prefix, revoke_partner, suspend_partner, withdraw_admission,
        },
    },
};
use program_tests::{
    address,
    layout::padded,
    ledger::NOW,
    world::{
        COMPANY_PREFIX, DOCUMENT, FREE_GTIN, LICENCE_END, World, licence, product_description,
        terms,
    },
};
use registry::{Partner, PartnerStatus, RECOVERY_DELAY, RegistryError, instructions::Licence};

use crate::admit_partner::invalid_licences;

/// Gives the GLN of `site` to the key that comes with it, under the other issuer.
fn give(world: &mut World, site: Site, roles: Roles) -> (Instruction, Site) {
    let owner = world.ledger.key("owner");
    let instruction = move_gln(
        world.authority,
        address::issuer(&world.other_issuer_key),
        site.gln,
        owner,
        padded("Owner"),
        licence(roles),
    );
    (instruction, Site { key: owner, ..site })
}

#[test]
fn admits_the_owner_in_place_of_the_squatter() {
    let mut world = World::new();
    let World {
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    let next = world.ledger.key("next");
    world.join_firm(pharmacy, manufacturer);
    for step in [
        propose_partner_key(pharmacy, Some(next)),
        propose_recovery(authority, issuer_key, pharmacy.gln, next),
        suspend_partner(issuer_key, pharmacy.gln),
    ] {
        world.ledger.execute(&step);
    }
    world.ledger.set_time(NOW + 60);
    let (instruction, owner) = give(&mut world, pharmacy, Roles::WHOLESALER);
    let effect = world
        .ledger
        .effect(pharmacy.partner, |partner: &mut Partner| {
            partner.authority = owner.key;
            partner.licence_valid_until = LICENCE_END;
            partner.roles = Roles::WHOLESALER.bits();
            partner.status = PartnerStatus::Admitted;
            partner.appointments = 1;
            partner.firm = pharmacy.gln.number();
            partner.pending_authority = Address::default();
            partner.issuer = address::issuer(&other_issuer_key);
            partner.recovery_authority = Address::default();
            partner.recovery_at = 0;
            partner.admitted_at = NOW + 60;
            partner.confirmed_at = 0;
            partner.status_changed_at = NOW + 61;
            partner.name = padded("Owner");
        });
    world.ledger.execute_with_effects(&instruction, &[effect]);
    // Nothing that was begun before leads back.
    world.ledger.set_time(NOW + RECOVERY_DELAY);
    for (stale, refusal) in [
        (
            accept_partner_key(pharmacy.gln, next),
            RegistryError::NotPendingKey,
        ),
        (
            complete_recovery(pharmacy.gln, next),
            RegistryError::NotRecoveryKey,
        ),
        (world.confirmation(pharmacy), RegistryError::NotPartnerKey),
    ] {
        world.ledger.refuse(&stale, refusal);
    }
    world.ledger.execute(&world.confirmation(owner));
}

#[test]
fn the_goods_at_the_gln_are_the_owners() {
    let mut world = World::new();
    let (maker, pharmacy, goods) = (world.manufacturer, world.pharmacy, world.goods);
    world.hand_over(maker, pharmacy, goods, TransferKind::Sale);
    let scanner = world.appoint(pharmacy, "squatter's scanner", Permissions::all());
    let (instruction, owner) = give(&mut world, pharmacy, Roles::DISPENSER);
    world.ledger.execute(&instruction);
    let going_back = |from| {
        handoff(
            from,
            maker,
            world.now(goods),
            TransferKind::Return,
            Some(DOCUMENT),
        )
    };
    let (by_squatter, by_owner) = (going_back(pharmacy), going_back(owner));
    let by_scanner = scanner.sign(by_squatter.clone(), by_squatter.accounts.len());
    world
        .ledger
        .refuse(&by_squatter, custody::CustodyError::NotPartnerKey);
    world
        .ledger
        .refuse(&by_owner, custody::CustodyError::SenderNotConfirmed);
    world.ledger.execute(&world.confirmation(owner));
    world
        .ledger
        .refuse(&by_scanner, custody::CustodyError::OperatorDismissed);
    world.ledger.execute(&by_owner);
}

#[test]
fn its_next_holder_takes_nothing_away_before_it_has_confirmed() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer: maker,
        pharmacy,
        reverse_distributor,
        goods,
        ..
    } = world;
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    world.hand_over(maker, pharmacy, goods, TransferKind::Sale);
    let (instruction, typo) = give(&mut world, pharmacy, Roles::DISPENSER);
    world.ledger.execute(&instruction);
    let goods = world.now(goods);
    let (unit, document) = (UnitBlock::of(0), Some(DOCUMENT));
    let disposed = TransferKind::Disposal;
    let stolen = Disposition::Stolen;
    let taken = |by: Site| {
        [
            offer(payer, by, maker.gln, goods, terms(TransferKind::Return)),
            handoff(by, reverse_distributor, goods, disposed, document),
            report_stolen(by, goods, None, document),
            decommission(payer, by, goods, unit, stolen, None, document),
        ]
    };
    let not_confirmed = custody::CustodyError::SenderNotConfirmed;
    for instruction in taken(typo) {
        world.ledger.refuse(&instruction, not_confirmed);
    }
    // Nor does it once it is revoked, which takes no power from who never had any, and gives none.
    world
        .ledger
        .execute(&revoke_partner(world.other_issuer_key, pharmacy.gln));
    for instruction in taken(typo) {
        world.ledger.refuse(&instruction, not_confirmed);
    }
    world
        .ledger
        .edit(pharmacy.partner, |partner: &mut Partner| {
            partner.status = PartnerStatus::Admitted;
        });
    // The key is corrected, and who has the GLN acts for it.
    let owner = Site {
        key: world.ledger.key("owner, spelt well"),
        ..pharmacy
    };
    for step in [
        correct_admission(
            world.other_issuer_key,
            pharmacy.gln,
            owner.key,
            padded("Owner"),
            licence(Roles::DISPENSER),
        ),
        world.confirmation(owner),
    ] {
        world.ledger.execute(&step);
    }
    for instruction in taken(owner) {
        world.after([&instruction]);
    }
}

#[test]
fn prefixes_and_products_go_with_it_and_the_squatters_sisters_are_expelled() {
    let mut world = World::new();
    let World {
        payer,
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        other_manufacturer: sister,
        ..
    } = world;
    world.join_firm(sister, manufacturer);
    let (instruction, owner) = give(&mut world, manufacturer, Roles::MANUFACTURER);
    world.ledger.execute(&instruction);
    world.ledger.execute(&world.confirmation(owner));
    let description = product_description();
    world.after([&register_product(payer, owner, FREE_GTIN, description)]);
    // The former issuer has no say in what is the owner's now.
    let release = release_prefix(issuer_key, owner.gln, COMPANY_PREFIX);
    world.ledger.refuse(&release, RegistryError::NotOverseer);
    world.after([&release_prefix(other_issuer_key, owner.gln, COMPANY_PREFIX)]);
    let by_authority = IssuerSigner {
        issuer: address::issuer(&issuer_key),
        key: authority,
    };
    let head_office = Site::own(manufacturer.gln, authority);
    let expulsion = leave_firm(by_authority, head_office, sister.gln);
    world.ledger.execute(&expulsion);
    let register = register_product(payer, sister, FREE_GTIN, description);
    world
        .ledger
        .refuse(&register, RegistryError::GtinNotUnderPrefix);
}

#[test]
fn a_typing_error_is_corrected_but_the_account_is_not_closed() {
    let mut world = World::new();
    let other_issuer_key = world.other_issuer_key;
    let site = world.pharmacy;
    let (instruction, owner) = give(&mut world, site, Roles::DISPENSER);
    world.ledger.execute(&instruction);
    let withdrawal = withdraw_admission(other_issuer_key, site.gln);
    world
        .ledger
        .refuse(&withdrawal, RegistryError::GlnHadHolder);
    let (name, dispenser) = (padded("Corrected"), licence(Roles::DISPENSER));
    let key = world.ledger.key("right key");
    let correction = correct_admission(other_issuer_key, site.gln, key, name, dispenser);
    world.ledger.execute(&correction);
    world
        .ledger
        .refuse(&world.confirmation(owner), RegistryError::NotPartnerKey);
    world
        .ledger
        .execute(&world.confirmation(Site { key, ..site }));
}

#[test]
fn refuses_invalid_licences_and_no_key() {
    let mut world = World::new();
    let World {
        authority,
        issuer_key,
        pharmacy,
        payer,
        ..
    } = world;
    let issuer = address::issuer(&issuer_key);
    let mut refuse = |key, name, licence: Licence, refusal| {
        let instruction = move_gln(authority, issuer, pharmacy.gln, key, name, licence);
        world.ledger.refuse(&instruction, refusal);
    };
    for (licence, refusal) in invalid_licences() {
        refuse(payer, padded("Owner"), licence, refusal);
    }
    let (nobody, dispenser) = (Address::default(), licence(Roles::DISPENSER));
    refuse(
        nobody,
        padded("Owner"),
        dispenser,
        RegistryError::ZeroAddress,
    );
    refuse(payer, [0; 64], dispenser, RegistryError::InvalidName);
}

#[test]
fn refuses_anybody_but_the_authority() {
    let mut world = World::new();
    let pharmacy = world.pharmacy;
    let (instruction, owner) = give(&mut world, pharmacy, Roles::DISPENSER);
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        ..
    } = world;
    let issuer = address::issuer(&other_issuer_key);
    let (name, dispenser) = (padded("Owner"), licence(Roles::DISPENSER));
    for other in [issuer_key, other_issuer_key, pharmacy.key, owner.key] {
        let by_other = move_gln(other, issuer, pharmacy.gln, owner.key, name, dispenser);
        ledger.refuse(&by_other, RegistryError::NotRegistryAuthority);
    }
    ledger.refuse_unsigned(&instruction, &[authority]);
    ledger.refuse_stand_ins(
        &instruction,
        &[address::registry(), issuer, pharmacy.partner],
    );
    // The issuer of the new holder oversees it.
    ledger.execute(&instruction);
    let own = address::issuer(&issuer_key);
    ledger.execute(&reassign_partner(authority, own, pharmacy.gln));
}
