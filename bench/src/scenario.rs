//! Every instruction of every program once, in an order in which all succeed.

use custody::{Consignment, ExceptionCode, TransferKind};
use pedigree_domain::Roles;
use program_tests::{
    instruction::{custody as to_custody, registry as to_registry},
    layout::padded,
    ledger::{Ledger, NOW},
    world::{self, DOCUMENT, FREE_GTIN, World, terms},
};

use crate::measurement::{Measurement, measure};

/// Executes and measures everything.
pub fn run() -> Vec<Measurement> {
    let mut measurements = initialize();
    measurements.extend(registry());
    measurements.extend(custody());
    measurements
}

fn initialize() -> Vec<Measurement> {
    let mut ledger = Ledger::new();
    let (payer, upgrade_authority) = (ledger.key("payer"), ledger.key("upgrade authority"));
    ledger.set_upgrade_authority(registry::ID, Some(upgrade_authority));
    let initialize = to_registry::initialize(payer, upgrade_authority, upgrade_authority);
    vec![measure(&mut ledger, "registry", "initialize", &initialize)]
}

fn registry() -> Vec<Measurement> {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        other_manufacturer,
        wholesaler,
        product,
        ..
    } = World::new();
    let [next_authority, new_issuer, new_site, next_key] =
        ["next authority", "new issuer", "new site", "next key"].map(|name| ledger.key(name));
    let partner = wholesaler.partner;
    let licence = world::licence(Roles::WHOLESALER);
    let description = world::product_description();
    let other_issuer = program_tests::address::issuer(&other_issuer_key);
    let steps = [
        (
            "propose_authority",
            to_registry::propose_authority(authority, next_authority),
        ),
        (
            "accept_authority",
            to_registry::accept_authority(next_authority),
        ),
        (
            "add_issuer",
            to_registry::add_issuer(payer, next_authority, new_issuer, padded("New Board")),
        ),
        (
            "remove_issuer",
            to_registry::remove_issuer(next_authority, new_issuer),
        ),
        (
            "admit_partner",
            to_registry::admit_partner(
                payer,
                issuer_key,
                world::gln(99),
                new_site,
                padded("New Site"),
                licence,
            ),
        ),
        (
            "renew_partner",
            to_registry::renew_partner(issuer_key, partner, licence),
        ),
        (
            "suspend_partner",
            to_registry::suspend_partner(issuer_key, partner),
        ),
        (
            "reinstate_partner",
            to_registry::reinstate_partner(issuer_key, partner),
        ),
        (
            "propose_partner_key",
            to_registry::propose_partner_key(wholesaler, next_key),
        ),
        (
            "accept_partner_key",
            to_registry::accept_partner_key(partner, next_key),
        ),
        (
            "reassign_partner",
            to_registry::reassign_partner(next_authority, other_issuer, partner),
        ),
        (
            "revoke_partner",
            to_registry::revoke_partner(other_issuer_key, partner),
        ),
        (
            "register_product",
            to_registry::register_product(payer, manufacturer, FREE_GTIN, description),
        ),
        (
            "update_product",
            to_registry::update_product(manufacturer, product, description),
        ),
        (
            "propose_product_transfer",
            to_registry::propose_product_transfer(
                manufacturer,
                other_manufacturer.partner,
                product,
            ),
        ),
        (
            "accept_product_transfer",
            to_registry::accept_product_transfer(other_manufacturer, product),
        ),
    ];
    steps
        .iter()
        .map(|(name, step)| measure(&mut ledger, "registry", name, step))
        .collect()
}

fn custody() -> Vec<Measurement> {
    let World {
        mut ledger,
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        product,
        parcel,
        ..
    } = World::new();
    let (maker, buyer, at) = (manufacturer.partner, wholesaler.partner, parcel.consignment);
    let offer = |sequence| {
        to_custody::offer(
            payer,
            manufacturer,
            buyer,
            parcel,
            terms(TransferKind::Sale, sequence),
        )
    };
    let mut measurements = Vec::new();
    let mut step = |ledger: &mut Ledger, name, instruction| {
        measurements.push(measure(ledger, "custody", name, &instruction));
    };

    step(
        &mut ledger,
        "mint_lot",
        to_custody::mint_lot(payer, manufacturer, product, &world::lot_label("NEW")),
    );
    step(&mut ledger, "offer", offer(0));
    let damage = ExceptionCode::Damage.code();
    step(
        &mut ledger,
        "reject",
        to_custody::reject(wholesaler, at, 0, damage),
    );
    ledger.execute(&offer(1));
    step(
        &mut ledger,
        "cancel",
        to_custody::cancel(manufacturer, at, 1),
    );
    ledger.execute(&offer(2));
    ledger.set_time(NOW + 30 * 86_400);
    step(&mut ledger, "expire", to_custody::expire(at, 2));
    ledger.set_time(NOW);
    ledger.execute(&offer(3));
    step(
        &mut ledger,
        "accept",
        to_custody::accept(wholesaler, maker, parcel, 3),
    );
    let sequence = ledger.read::<Consignment>(at).sequence;
    let sale = TransferKind::Sale.code();
    step(
        &mut ledger,
        "handoff",
        to_custody::handoff(wholesaler, pharmacy, parcel, sale, sequence, DOCUMENT),
    );
    measurements
}
