use pedigree_domain::Roles;
use pedigree_interface::{
    Site, TransferKind,
    instruction::{
        custody::{accept, handoff, offer},
        registry::{admit_partner, confirm_partner, register_product, revoke_partner},
    },
};
use program_tests::{
    layout::padded,
    ledger::NOW,
    world::{DOCUMENT, FREE_GTIN, World, gln, licence, product_description, terms},
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
        .execute_with_effects(&confirm_partner(site), &[effect]);
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
    world.ledger.execute(&confirm_partner(site));
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
    world.ledger.execute(&confirm_partner(site));
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
    world.join_firm(site, world.manufacturer);
    world.ledger.execute(&confirm_partner(site));
    world.ledger.execute(&register);
}

#[test]
fn refuses_a_site_that_is_confirmed_or_revoked() {
    let (mut world, site) = admitted(Roles::DISPENSER);
    let confirm = confirm_partner(site);
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
        let instruction = confirm_partner(Site { key, ..site });
        world
            .ledger
            .refuse(&instruction, RegistryError::NotPartnerKey);
    }
    let confirm = confirm_partner(site);
    world.ledger.refuse_unsigned(&confirm, &[site.key]);
    world.ledger.refuse_stand_ins(&confirm, &[site.partner]);
}
