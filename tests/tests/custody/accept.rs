use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, CustodyError, Transfer, TransferState};
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{OfferTerms, accept, adopt_lot, cancel, offer},
        registry::{
            complete_recovery, confirm_partner, move_gln, propose_recovery, reinstate_partner,
        },
    },
};
use program_tests::{
    address,
    alter::Alter,
    layout::padded,
    ledger::NOW,
    world::{World, licence, terms},
};
use registry::{Partner, RECOVERY_DELAY};

use crate::{
    BEYOND_THE_LOT, INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, KINDS, arrives, expect, of_receiver,
    of_sender,
    open_offer::{OpenOffer, offered, offered_as, refuses_another_offer, refuses_what_is_not_open},
    refuse_immovable, refuse_other_signers, refuse_states,
};

/// The wholesaler accepts the offer with sequence 0.
fn accept_first(world: &World, goods: Goods) -> Instruction {
    accept(world.wholesaler, goods.offered_by(world.manufacturer.gln))
}

/// The receiver accepts the offer.
fn accept_offer(offered: &OpenOffer) -> Instruction {
    let OpenOffer {
        world, from, to, ..
    } = offered;
    accept(*to, world.goods.offered_by(from.gln))
}

#[test]
fn moves_custody_and_settles_the_transfer() {
    for kind in KINDS {
        let offered = offered_as(kind);
        let instruction = accept_offer(&offered);
        let OpenOffer {
            mut world,
            from,
            to,
            transfer,
            ..
        } = offered;
        world.ledger.set_time(NOW + 60);
        let effects = [
            world.ledger.effect(world.goods.consignment, |consignment| {
                arrives(consignment, from, to, kind);
            }),
            world.ledger.effect(transfer, |transfer: &mut Transfer| {
                transfer.state = TransferState::Accepted;
                transfer.settled_at = NOW + 60;
            }),
        ];
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn a_provider_brings_back_what_it_never_owned() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    world.offer(
        logistics,
        manufacturer,
        goods.at(1),
        terms(TransferKind::Return),
    );
    world
        .ledger
        .execute(&accept(manufacturer, goods.at(1).offered_by(logistics.gln)));
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.custodian, manufacturer.gln.number());
    assert_eq!(consignment.owner, manufacturer.gln.number());
}

#[test]
fn works_until_the_last_moment() {
    let (mut world, transfer) = offered();
    let deadline = world.ledger.read::<Transfer>(transfer).deadline;
    let instruction = accept_first(&world, world.goods);
    world.ledger.set_time(deadline + 1);
    world.ledger.refuse(&instruction, CustodyError::OfferLapsed);
    world.ledger.set_time(deadline);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_a_second_time() {
    let (mut world, _) = offered();
    let instruction = accept_first(&world, world.goods);
    world.ledger.execute(&instruction);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferSettled);
}

#[test]
fn refuses_an_older_offer() {
    let (mut world, older) = offered();
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world
        .ledger
        .execute(&cancel(manufacturer, goods.offered_by(manufacturer.gln)));
    let newer = terms(TransferKind::Sale);
    let offer_again = offer(payer, manufacturer, wholesaler.gln, goods.at(1), newer);
    world.ledger.execute(&offer_again);
    let instruction = accept_first(&world, goods);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferSettled);
    // Even one that had been left open would be refused.
    world.ledger.edit(older, |transfer: &mut Transfer| {
        transfer.state = TransferState::Offered
    });
    world
        .ledger
        .refuse(&instruction, CustodyError::NotConsignmentsTransfer);
}

#[test]
fn refuses_a_stale_sequence() {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    for sequence in [1, 2, u32::MAX] {
        let of_another = program_tests::address::transfer(&goods.consignment, sequence);
        let instruction = accept(wholesaler, goods.at(sequence).offered_by(manufacturer.gln))
            .replacing(of_another, transfer);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_either_side_that_may_not_trade_any_more() {
    for kind in KINDS {
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let mut offered = offered_as(kind);
            disqualify(&mut offered.world, offered.from);
            let instruction = accept_offer(&offered);
            expect(
                &mut offered.world.ledger,
                &instruction,
                of_sender(kind, refusal),
            );
        }
        for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
            let mut offered = offered_as(kind);
            disqualify(&mut offered.world, offered.to);
            let instruction = accept_offer(&offered);
            expect(
                &mut offered.world.ledger,
                &instruction,
                of_receiver(kind, refusal),
            );
        }
    }
}

#[test]
fn allows_the_last_second_of_both_licences() {
    let (mut world, _) = offered();
    for site in [world.manufacturer, world.wholesaler] {
        world.ledger.edit(site.partner, |partner: &mut Partner| {
            partner.licence_valid_until = NOW + 1;
        });
    }
    let instruction = accept_first(&world, world.goods);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_what_became_immovable() {
    for kind in KINDS {
        let offered = offered_as(kind);
        let instruction = accept_offer(&offered);
        let World { ledger, goods, .. } = offered.world;
        refuse_immovable(&ledger, &instruction, kind, goods.lot, goods.consignment);
    }
}

#[test]
fn refuses_to_sell_what_another_owns_by_now() {
    let (mut world, _) = offered();
    let pharmacy = world.pharmacy;
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            consignment.owner = pharmacy.gln.number();
        });
    let instruction = accept_first(&world, world.goods);
    world
        .ledger
        .refuse(&instruction, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_a_consignment_that_reaches_beyond_its_lot() {
    let (world, _) = offered();
    let instruction = accept_first(&world, world.goods);
    refuse_states(
        &world.ledger,
        &instruction,
        world.goods.consignment,
        BEYOND_THE_LOT,
    );
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&offered().0, accept_first);
}

#[test]
fn refuses_anybody_but_the_receiver() {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    let thief = accept(pharmacy, goods.offered_by(manufacturer.gln));
    world
        .ledger
        .refuse(&thief, CustodyError::NotTransfersReceiver);
    let sender = accept(manufacturer, goods.offered_by(manufacturer.gln));
    world
        .ledger
        .refuse(&sender, CustodyError::NotTransfersReceiver);
    let instruction = accept_first(&world, goods);
    refuse_other_signers(&mut world.ledger, &instruction, &[wholesaler]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = accept_first(&world, goods);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            wholesaler.partner,
            manufacturer.partner,
            goods.lot,
            goods.consignment,
            transfer,
        ],
    );
    let another_sender = accept(wholesaler, goods.offered_by(pharmacy.gln));
    world
        .ledger
        .refuse(&another_sender, CustodyError::NotTransfersSender);
    let another_lot = instruction.clone().replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
    refuses_another_offer(&world, accept_first);
}

#[test]
fn an_offer_of_who_was_stopped_or_replaced_since_is_made_again_unless_goods_go_back() {
    type Change = fn(&mut World, Site) -> Site;
    const CHANGES: [Change; 3] = [
        // Whoever had its key may have been a thief.
        |world, from| {
            world.suspend(from);
            world.ledger.set_time(NOW + 2);
            let back = reinstate_partner(world.issuer_key, from.gln);
            world.ledger.execute(&back);
            from
        },
        // Whoever had its GLN was not its holder.
        |world, from| {
            let owner = Site {
                key: world.ledger.key("owner"),
                ..from
            };
            let roles = Roles::from_bits_retain(world.ledger.read::<Partner>(from.partner).roles);
            let issuer = address::issuer(&world.other_issuer_key);
            let name = padded("Owner");
            for step in [
                move_gln(
                    world.authority,
                    issuer,
                    from.gln,
                    owner.key,
                    name,
                    licence(roles),
                ),
                confirm_partner(issuer, owner),
            ] {
                world.ledger.execute(&step);
            }
            owner
        },
        // Whoever had its key was a thief, whom nobody had suspended.
        |world, from| {
            let owner = Site {
                key: world.ledger.key("owner"),
                ..from
            };
            let (authority, issuer_key) = (world.authority, world.issuer_key);
            let recovery = propose_recovery(authority, issuer_key, from.gln, owner.key);
            world.ledger.execute(&recovery);
            world.ledger.set_time(NOW + 1 + RECOVERY_DELAY);
            let completion = complete_recovery(from.gln, owner.key);
            world.ledger.execute(&completion);
            owner
        },
    ];
    for (kind, change) in KINDS
        .into_iter()
        .flat_map(|kind| CHANGES.map(|it| (kind, it)))
    {
        let mut offered = offered_as(kind);
        let lasting = NOW + 30 * 86_400;
        offered
            .world
            .ledger
            .edit(offered.transfer, |transfer: &mut Transfer| {
                transfer.deadline = lasting;
            });
        let acceptance = accept_offer(&offered);
        let OpenOffer {
            mut world,
            from,
            to,
            transfer,
            ..
        } = offered;
        world.ledger.set_time(NOW + 1);
        let from = change(&mut world, from);
        if [TransferKind::Return, TransferKind::Disposal].contains(&kind) {
            world.ledger.execute(&acceptance);
            continue;
        }
        world
            .ledger
            .refuse(&acceptance, CustodyError::OfferOutlived);
        let goods = world.goods;
        let withdrawal = cancel(from, goods.offered_by(from.gln));
        world.ledger.execute(&withdrawal);
        let ended: Transfer = world.ledger.read(transfer);
        assert_eq!(ended.state, TransferState::Cancelled);
        world.ledger.set_time(NOW + 2 + RECOVERY_DELAY);
        let again = world.now(goods);
        let terms = OfferTerms {
            deadline: lasting,
            ..terms(kind)
        };
        world.offer(from, to, again, terms);
        world
            .ledger
            .execute(&accept(to, again.offered_by(from.gln)));
    }
}

#[test]
fn what_a_thief_offers_in_the_second_of_the_recovery_is_not_accepted() {
    let mut world = World::new();
    let World {
        payer,
        authority,
        issuer_key,
        manufacturer: from,
        wholesaler: to,
        goods,
        ..
    } = world;
    let owner = world.ledger.key("owner");
    let recovery = propose_recovery(authority, issuer_key, from.gln, owner);
    world.ledger.execute(&recovery);
    let at = NOW + RECOVERY_DELAY;
    world.ledger.set_time(at);
    let terms = OfferTerms {
        deadline: at + 86_400,
        ..terms(TransferKind::Sale)
    };
    let offering = offer(payer, from, to.gln, goods, terms);
    world.ledger.execute(&offering);
    let completion = complete_recovery(from.gln, owner);
    world.ledger.execute(&completion);
    let acceptance = accept(to, goods.offered_by(from.gln));
    world
        .ledger
        .refuse(&acceptance, CustodyError::OfferOutlived);
    world.ledger.set_time(at + 3_600);
    world
        .ledger
        .refuse(&acceptance, CustodyError::OfferOutlived);
}

#[test]
fn what_a_provider_sends_back_goes_to_who_answers_for_the_lot_by_then() {
    // Another manufacturer adopted the lot after it was offered; its owner still gives title back to whom it named.
    for is_owners in [false, true] {
        let mut world = World::new();
        let World {
            manufacturer: maker,
            other_manufacturer: heir,
            wholesaler: owner,
            logistics,
            product,
            goods,
            ..
        } = world;
        world.hand_over(maker, owner, goods, TransferKind::Sale);
        let mut from = owner;
        if !is_owners {
            world.hand_over(owner, logistics, goods, TransferKind::Logistics);
            from = logistics;
        }
        // Not the maker sold it to its owner.
        let edited = goods.consignment;
        world.ledger.edit(edited, |consignment: &mut Consignment| {
            consignment.supplier = 0;
        });
        let now = world.now(goods);
        world.offer(from, maker, now, terms(TransferKind::Return));
        world.hand_over_product(heir);
        let adoption = adopt_lot(heir, product, goods.lot);
        world.ledger.execute(&adoption);
        let acceptance = accept(maker, now.offered_by(from.gln));
        if is_owners {
            world.ledger.execute(&acceptance);
            continue;
        }
        world
            .ledger
            .refuse(&acceptance, CustodyError::NotReturnsSupplier);
        let withdrawal = cancel(from, now.offered_by(from.gln));
        world.ledger.execute(&withdrawal);
        world.hand_over(from, heir, goods, TransferKind::Return);
    }
}
