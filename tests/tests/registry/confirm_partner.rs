use anchor_lang::prelude::ProgramError;
use pedigree_domain::Roles;
use pedigree_interface::{
    IssuerSigner, Site, TransferKind,
    instruction::{
        custody::{accept, handoff, offer},
        registry::{
            IssuerScope, add_issuer, admit_partner, confirm_partner, correct_admission,
            reassign_partner, register_product, remove_issuer, revoke_partner, rotate_issuer_key,
            set_issuer_scope,
        },
    },
};
use program_tests::{
    address,
    layout::padded,
    ledger::NOW,
    world::{DOCUMENT, FREE_GTIN, World, gln, licence, product_description, scope, terms},
};
use registry::{Partner, PartnerStatus, RegistryError};

/// A world with a site that was admitted in `roles` and has not confirmed it.
fn admitted(roles: Roles) -> (World, Site) {
    let mut world = World::new();
    let site = Site::own(gln(99), world.ledger.key("new site"));
    let (payer, issuer_key) = (world.payer, world.issuer_key);
    let admission = admit_partner(
        payer,
        issuer_key,
        site.gln,
        site.key,
        padded("New"),
        licence(roles),
    );
    world.ledger.execute(&admission);
    (world, site)
}

#[test]
fn makes_the_site_active() {
    let (mut world, site) = admitted(Roles::DISPENSER);
    world.ledger.set_time(NOW + 60);
    let effect = world.ledger.effect(site.partner, |partner: &mut Partner| {
        partner.status = PartnerStatus::Active;
        partner.confirmed_at = NOW + 60;
        partner.status_changed_at = NOW + 60;
    });
    world
        .ledger
        .execute_with_effects(&world.confirmation(site), &[effect]);
}

#[test]
fn a_site_does_not_trade_before() {
    let (mut world, site) = admitted(Roles::WHOLESALER);
    let World {
        manufacturer,
        pharmacy,
        goods,
        payer,
        ..
    } = world;
    let kind = TransferKind::Sale;
    let delivery = handoff(manufacturer, site, goods, kind, Some(DOCUMENT));
    let offering = offer(payer, manufacturer, site.gln, goods, terms(kind));
    for instruction in [&delivery, &offering] {
        world
            .ledger
            .refuse(instruction, custody::CustodyError::ReceiverNotConfirmed);
    }
    world.ledger.execute(&world.confirmation(site));
    world.ledger.execute(&delivery);
    // Nor does it send what it has.
    world.ledger.edit(site.partner, |partner: &mut Partner| {
        partner.status = PartnerStatus::Admitted;
        partner.confirmed_at = 0;
    });
    let onward = handoff(site, pharmacy, goods.at(1), kind, Some(DOCUMENT));
    world
        .ledger
        .refuse(&onward, custody::CustodyError::SenderNotConfirmed);
}

#[test]
fn a_site_that_is_offered_goods_accepts_nothing_before() {
    let (mut world, site) = admitted(Roles::WHOLESALER);
    world.ledger.execute(&world.confirmation(site));
    let (manufacturer, goods) = (world.manufacturer, world.goods);
    world.offer(manufacturer, site, goods, terms(TransferKind::Sale));
    world.ledger.edit(site.partner, |partner: &mut Partner| {
        partner.status = PartnerStatus::Admitted;
    });
    world.ledger.refuse(
        &accept(site, goods.offered_by(manufacturer.gln)),
        custody::CustodyError::ReceiverNotConfirmed,
    );
}

#[test]
fn a_manufacturer_registers_nothing_before() {
    let (mut world, site) = admitted(Roles::MANUFACTURER);
    let register = register_product(world.payer, site, FREE_GTIN, product_description());
    world
        .ledger
        .refuse(&register, RegistryError::PartnerNotConfirmed);
    world.ledger.execute(&world.confirmation(site));
    world.join_firm(site, world.manufacturer);
    world.ledger.execute(&register);
}

#[test]
fn an_issuer_vouches_for_what_is_in_its_scope_by_now_only() {
    let foreign = IssuerScope {
        countries: std::array::from_fn(|place| if place == 0 { 276 } else { 0 }),
        ..IssuerScope::everywhere(Roles::all())
    };
    for (narrower, refusal) in [
        (
            IssuerScope::everywhere(Roles::WHOLESALER),
            RegistryError::RoleOutsideScope,
        ),
        (foreign, RegistryError::CountryOutsideScope),
    ] {
        let (mut world, site) = admitted(Roles::REGULATOR);
        let (authority, issuer) = (world.authority, address::issuer(&world.issuer_key));
        let confirm = world.confirmation(site);
        let narrowing = set_issuer_scope(authority, issuer, narrower);
        world.ledger.execute(&narrowing);
        world.ledger.refuse(&confirm, refusal);
        let widening = set_issuer_scope(authority, issuer, scope());
        world.ledger.execute(&widening);
        world.ledger.execute(&confirm);
    }
}

#[test]
fn what_a_stolen_issuer_key_admitted_is_not_confirmed_once_it_is_replaced() {
    let (mut world, site) = admitted(Roles::REGULATOR);
    let (authority, stolen) = (world.authority, world.issuer_key);
    let issuer = address::issuer(&stolen);
    let [next, owner] = ["next board", "owner"].map(|name| world.ledger.key(name));
    let confirm = world.confirmation(site);
    // Not even if it comes to be the former key again.
    for key in [next, stolen, next] {
        let rotation = rotate_issuer_key(authority, issuer, key);
        world.ledger.execute(&rotation);
        world
            .ledger
            .refuse(&confirm, RegistryError::IssuerKeyReplaced);
    }
    // The issuer renews what it admitted itself, with the key of who has the site.
    let board = IssuerSigner { issuer, key: next };
    let regulator = licence(Roles::REGULATOR);
    let correction = correct_admission(board, site.gln, owner, padded("New"), regulator);
    world.ledger.execute(&correction);
    world.ledger.refuse(&confirm, RegistryError::NotPartnerKey);
    let owner = Site::own(site.gln, owner);
    world.ledger.execute(&world.confirmation(owner));
}

#[test]
fn what_a_removed_issuer_admitted_is_confirmed_under_another_only() {
    let (mut world, site) = admitted(Roles::DISPENSER);
    let (authority, other) = (world.authority, address::issuer(&world.other_issuer_key));
    let confirm = world.confirmation(site);
    let removal = remove_issuer(authority, address::issuer(&world.issuer_key));
    world.ledger.execute(&removal);
    world
        .ledger
        .refuse(&confirm, ProgramError::UninitializedAccount);
    let under_another = confirm_partner(other, site);
    world
        .ledger
        .refuse(&under_another, RegistryError::NotPartnersIssuer);
    let reassignment = reassign_partner(authority, other, site.gln);
    world.ledger.execute(&reassignment);
    world.ledger.execute(&under_another);
}

#[test]
fn what_a_removed_issuer_admitted_is_not_confirmed_once_it_is_added_again() {
    // With its first key only, or with as many keys after it as before.
    for rotates in [false, true] {
        let mut world = World::new();
        let (payer, authority, first) = (world.payer, world.authority, world.issuer_key);
        let issuer = address::issuer(&first);
        let [stolen, next] = ["stolen", "next board"].map(|name| world.ledger.key(name));
        let mut key = first;
        if rotates {
            key = stolen;
            let rotation = rotate_issuer_key(authority, issuer, key);
            world.ledger.execute(&rotation);
        }
        let thief = Site::own(gln(99), world.ledger.key("thief"));
        let admission = admit_partner(
            payer,
            IssuerSigner { issuer, key },
            thief.gln,
            thief.key,
            padded("Thief"),
            licence(Roles::REGULATOR),
        );
        let removal = remove_issuer(authority, issuer);
        let addition = add_issuer(payer, authority, first, padded("Board"), scope());
        for step in [&admission, &removal, &addition] {
            world.ledger.execute(step);
        }
        if rotates {
            let rotation = rotate_issuer_key(authority, issuer, next);
            world.ledger.execute(&rotation);
        }
        let confirm = world.confirmation(thief);
        world
            .ledger
            .refuse(&confirm, RegistryError::IssuerKeyReplaced);
    }
}

#[test]
fn refuses_a_site_that_is_confirmed_or_revoked() {
    let (mut world, site) = admitted(Roles::DISPENSER);
    let confirm = world.confirmation(site);
    let mut revoked = world.after([&revoke_partner(world.issuer_key, site.gln)]);
    revoked
        .ledger
        .refuse(&confirm, RegistryError::PartnerRevoked);
    world.ledger.execute(&confirm);
    world
        .ledger
        .refuse(&confirm, RegistryError::PartnerConfirmed);
    // A suspension is not ended by it.
    world.suspend(site);
    world
        .ledger
        .refuse(&confirm, RegistryError::PartnerConfirmed);
}

#[test]
fn refuses_anybody_but_the_site() {
    let (mut world, site) = admitted(Roles::DISPENSER);
    let World {
        authority,
        issuer_key,
        pharmacy,
        ..
    } = world;
    for key in [authority, issuer_key, pharmacy.key] {
        let instruction = world.confirmation(Site { key, ..site });
        world
            .ledger
            .refuse(&instruction, RegistryError::NotPartnerKey);
    }
    let confirm = world.confirmation(site);
    world.ledger.refuse_unsigned(&confirm, &[site.key]);
    let issuer = address::issuer(&issuer_key);
    world
        .ledger
        .refuse_stand_ins(&confirm, &[site.partner, issuer]);
}
