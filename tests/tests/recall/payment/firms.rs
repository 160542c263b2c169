//! The sites of a firm, and who joins and leaves it.

use pedigree_interface::{
    IssuerSigner, Site, TransferKind,
    instruction::{
        custody::accept,
        recall::{Funding, Since, fund},
        registry::{join_firm, leave_firm},
    },
};
use program_tests::{
    address,
    recalled::units,
    world::{World, terms},
};
use recall::RecallError;
use registry::RegistryError;

use super::{PRICE, Story, units_of};

#[test]
fn title_that_stays_in_a_firm_is_given_up_when_it_leaves_the_firm() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    story.world.join_firm(wholesaler, pharmacy);
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    // The pharmacy's own warehouse collects what it recalls.
    let collected = story.give_back(pharmacy, wholesaler, sold);
    let shops = story.claim(pharmacy, tranche, collected, range, Since::OPENING);
    story.refuse(&shops, RecallError::TitleKept);
    let back = story.give_back(wholesaler, manufacturer, sold);
    let warehouses = story.claim(wholesaler, tranche, back, range, Since::OPENING);
    story.pay(&warehouses);
    story.refuse(&shops, RecallError::TitleKept);
    assert_eq!(story.earned(wholesaler), 1_000);
}

#[test]
fn a_firm_that_grows_while_goods_travel_is_not_paid_twice() {
    for joins_first in [true, false] {
        let mut story = Story::new();
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            ..
        } = story.world;
        let [_, sold, _] = story.distribute();
        let range = units_of(&story, sold);
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        let goods = story.world.now(sold);
        if joins_first {
            story.world.join_firm(wholesaler, pharmacy);
        }
        let returned = story
            .world
            .offer(pharmacy, wholesaler, goods, terms(TransferKind::Return));
        if joins_first {
            story.world.leave_firm(wholesaler, pharmacy);
        } else {
            story.world.join_firm(wholesaler, pharmacy);
        }
        let acceptance = accept(wholesaler, goods.offered_by(pharmacy.gln));
        story.world.ledger.execute(&acceptance);
        let forwarded = story.give_back(wholesaler, manufacturer, sold);
        let shops = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
        let warehouses = story.claim(wholesaler, tranche, forwarded, range, Since::OPENING);
        if joins_first {
            story.refuse(&shops, RecallError::TitleKept);
            story.pay(&warehouses);
        } else {
            story.pay(&shops);
            story.refuse(&warehouses, RecallError::TitleTakenLater);
        }
        assert_eq!(story.earned(pharmacy) + story.earned(wholesaler), 1_000);
    }
}

#[test]
fn neither_the_manufacturer_nor_a_site_of_its_firm_is_paid() {
    for is_sister in [true, false] {
        let mut story = Story::new();
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            ..
        } = story.world;
        let [held, sold, _] = story.distribute();
        let (of_wholesaler, of_pharmacy) = (units_of(&story, held), units_of(&story, sold));
        let recall = story.recall(units(9_000, 1_000));
        let site = if is_sister { wholesaler } else { pharmacy };
        story.world.join_firm(site, manufacturer);
        let tranche = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
        let (goods, range) = if is_sister {
            (held, of_wholesaler)
        } else {
            (sold, of_pharmacy)
        };
        let destroyed = story.destroy(site, goods);
        let sisters = story.claim(site, tranche, destroyed, range, Since::OPENING);
        story.refuse(&sisters, RecallError::ManufacturerPays);
        // A shop may give its goods up to the firm's warehouse, and to no site of its own firm.
        let back = if is_sister {
            story.give_back(pharmacy, wholesaler, sold)
        } else {
            story.give_back(wholesaler, manufacturer, held)
        };
        let (owner, range) = if is_sister {
            (pharmacy, of_pharmacy)
        } else {
            (wholesaler, of_wholesaler)
        };
        let owners = story.claim(owner, tranche, back, range, Since::OPENING);
        story.pay(&owners);
    }
}

#[test]
fn an_issuer_that_counts_an_owner_to_another_firm_takes_no_claim_from_it() {
    // To the manufacturer's firm after the return, and to a wholesaler's before it, either way round.
    for (to_maker, is_sister) in [(true, true), (false, true), (false, false)] {
        let mut story = Story::new();
        let World {
            issuer_key,
            manufacturer,
            wholesaler,
            pharmacy,
            ..
        } = story.world;
        let [_, sold, _] = story.distribute();
        let range = units_of(&story, sold);
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        let unasked = Site::own(pharmacy.gln, issuer_key);
        let (joining, refusal) = if is_sister {
            let firm = if to_maker { manufacturer } else { wholesaler };
            (
                join_firm(issuer_key, firm, unasked),
                RegistryError::NotPartnerKey,
            )
        } else {
            (
                join_firm(issuer_key, unasked, wholesaler),
                RegistryError::HeadOfficeDisagrees,
            )
        };
        if !to_maker {
            story.world.ledger.refuse(&joining, refusal);
        }
        let returned = story.give_back(pharmacy, wholesaler, sold);
        if to_maker {
            story.world.ledger.refuse(&joining, refusal);
        } else {
            let forwarded = story.give_back(wholesaler, manufacturer, sold);
            let others = story.claim(wholesaler, tranche, forwarded, range, Since::OPENING);
            story.refuse(&others, RecallError::TitleTakenLater);
        }
        let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
        story.pay(&claim);
        assert_eq!(story.earned(pharmacy), 1_000);
    }
}

#[test]
fn a_sister_that_an_issuer_would_take_out_of_the_firm_is_not_paid_what_the_firm_gave_up() {
    let mut story = Story::new();
    let World {
        issuer_key,
        authority,
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [held, sold, _] = story.distribute();
    story.world.join_firm(wholesaler, manufacturer);
    let (own, shops) = (units_of(&story, held), units_of(&story, sold));
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let destroyed = story.destroy(wholesaler, held);
    let returned = story.give_back(pharmacy, wholesaler, sold);
    let sisters = story.claim(wholesaler, tranche, destroyed, own, Since::OPENING);
    story.refuse(&sisters, RecallError::ManufacturerPays);
    // Neither out of the firm nor into another one, as long as its head office does not agree.
    for key in [issuer_key, wholesaler.key] {
        let head_office = Site::own(manufacturer.gln, key);
        let leaving = leave_firm(issuer_key, head_office, wholesaler.gln);
        story
            .world
            .ledger
            .refuse(&leaving, RegistryError::HeadOfficeDisagrees);
    }
    let joining = join_firm(issuer_key, pharmacy, wholesaler);
    story
        .world
        .ledger
        .refuse(&joining, RegistryError::SiteOfFirm);
    story.refuse(&sisters, RecallError::ManufacturerPays);
    // What it returns within the firm is nobody's loss, whenever it leaves.
    let forwarded = story.give_back(wholesaler, manufacturer, sold);
    let overseer = IssuerSigner {
        issuer: address::issuer(&issuer_key),
        key: authority,
    };
    let head_office = Site::own(manufacturer.gln, authority);
    let leaving = leave_firm(overseer, head_office, wholesaler.gln);
    story.world.ledger.execute(&leaving);
    let firms = story.claim(wholesaler, tranche, forwarded, shops, Since::OPENING);
    story.refuse(&firms, RecallError::TitleKept);
    let owners = story.claim(pharmacy, tranche, returned, shops, Since::OPENING);
    story.pay(&owners);
}

#[test]
fn a_head_office_that_joins_another_firm_leaves_no_sister_behind_that_is_paid() {
    for joins_first in [true, false] {
        let mut story = Story::new();
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            other_pharmacy,
            ..
        } = story.world;
        let [held, sold, _] = story.distribute();
        story.world.join_firm(wholesaler, manufacturer);
        let (own, shops) = (units_of(&story, held), units_of(&story, sold));
        let recall = story.recall(units(9_000, 1_000));
        if joins_first {
            story.world.join_firm(manufacturer, other_pharmacy);
        }
        let tranche = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
        if !joins_first {
            story.world.join_firm(manufacturer, other_pharmacy);
        }
        let destroyed = story.destroy(wholesaler, held);
        let sisters = story.claim(wholesaler, tranche, destroyed, own, Since::OPENING);
        story.refuse(&sisters, RecallError::ManufacturerPays);
        let returned = story.give_back(pharmacy, manufacturer, sold);
        let owners = story.claim(pharmacy, tranche, returned, shops, Since::OPENING);
        story.pay(&owners);
    }
}

#[test]
fn the_manufacturers_own_stock_is_not_paid_for_wherever_it_lies() {
    let mut story = Story::new();
    let World {
        manufacturer,
        logistics,
        goods,
        ..
    } = story.world;
    story
        .world
        .hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    let tranche = story.recall_and_fund(units(0, 1_000));
    let destroyed = story.destroy(logistics, goods);
    let makers = story.claim(
        manufacturer,
        tranche,
        destroyed,
        units(0, 100),
        Since::OPENING,
    );
    story.refuse(&makers, RecallError::ManufacturerPays);
    let providers = story.claim(logistics, tranche, destroyed, units(0, 100), Since::OPENING);
    story.refuse(&providers, RecallError::NotOwner);
}

#[test]
fn who_took_the_product_over_and_funds_is_not_paid_either() {
    let mut story = Story::new();
    let World {
        payer,
        other_manufacturer,
        manufacturer,
        goods,
        ..
    } = story.world;
    let part = story.world.cut(manufacturer, goods, 100);
    story.sell(manufacturer, other_manufacturer, part);
    story.world.hand_over_product(other_manufacturer);
    let recall = story.recall(units(9_900, 100));
    let of = story.read(recall);
    let funding = Funding {
        units: units(9_900, 100),
        unit_price: PRICE,
    };
    let purse = story.purse(other_manufacturer);
    let step = fund(payer, other_manufacturer, &of, story.token, purse, funding);
    story.world.ledger.execute(&step);
    let destroyed = story.destroy(other_manufacturer, part);
    let own = story.claim(
        other_manufacturer,
        (recall, 0),
        destroyed,
        units(9_900, 100),
        Since::OPENING,
    );
    story.refuse(&own, RecallError::ManufacturerPays);
}
