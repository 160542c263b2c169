//! The hot path and Anchor's dispatcher agree, whatever the accounts hold: each handoff and acceptance
//! here is made on both, and must leave the same bytes or the same refusal.

mod mutations;

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{
    Change, Consignment, ConsignmentStatus, Lot, LotStatus, Restrictions, Transfer, TransferState,
};
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{accept, handoff, handoff_batch},
};
use program_tests::{
    alter::Alter,
    ledger::{Ledger, NOW},
    world::{DOCUMENT, UNITS, World, terms},
};
use registry::{Partner, PartnerStatus};
use solana_transaction_error::TransactionError;

const KINDS: [TransferKind; 5] = TransferKind::ALL;

/// Goods about to change hands.
#[derive(Clone)]
struct Scene {
    ledger: Ledger,
    from: Site,
    to: Site,
    goods: Goods,
    instruction: Instruction,
}

/// Something that happens before it does.
type Event = fn(&mut Scene);

impl Scene {
    /// A transfer of this kind, made by what `instruction` says.
    fn new(
        kind: TransferKind,
        instruction: impl Fn(&mut World, Site, Site) -> Instruction,
    ) -> Self {
        let mut world = World::new();
        let World {
            manufacturer,
            wholesaler,
            goods,
            other_goods,
            ..
        } = world;
        let (mut from, mut to) = (manufacturer, wholesaler);
        if kind == TransferKind::Return {
            for goods in [goods, other_goods] {
                world.hand_over(from, to, goods, TransferKind::Sale);
            }
            (world.goods, world.other_goods) = (world.now(goods), world.now(other_goods));
            (from, to) = (to, from);
        } else if kind == TransferKind::Examination {
            to = world.laboratory;
        }
        let instruction = instruction(&mut world, from, to);
        Self {
            ledger: world.ledger,
            from,
            to,
            goods,
            instruction,
        }
    }

    fn handoff(kind: TransferKind) -> Self {
        Self::new(kind, |world, from, to| {
            handoff(from, to, world.goods, kind, Some(DOCUMENT))
        })
    }

    /// The goods are the second of two lots'.
    fn batch(kind: TransferKind) -> Self {
        Self::new(kind, |world, from, to| {
            handoff_batch(
                from,
                to,
                &[world.other_goods, world.goods],
                kind,
                Some(DOCUMENT),
            )
        })
    }

    fn acceptance(kind: TransferKind) -> Self {
        Self::new(kind, |world, from, to| {
            let goods = world.goods;
            world.offer(from, to, goods, terms(kind));
            accept(to, goods.offered_by(from.gln))
        })
    }

    fn sender(&mut self, change: fn(&mut Partner)) {
        self.ledger.edit(self.from.partner, change);
    }

    fn receiver(&mut self, change: fn(&mut Partner)) {
        self.ledger.edit(self.to.partner, change);
    }

    fn lot(&mut self, change: fn(&mut Lot)) {
        self.ledger.edit(self.goods.lot, change);
    }

    fn consignment(&mut self, change: fn(&mut Consignment)) {
        self.ledger.edit(self.goods.consignment, change);
    }

    fn transfer(&mut self, change: fn(&mut Transfer)) {
        // Its place in `accept`.
        let transfer = self.instruction.accounts[5].pubkey;
        self.ledger.edit(transfer, change);
    }

    /// The outcome of the instruction, which must be the same on both paths.
    #[track_caller]
    fn outcome_of_both(&self) -> Result<(), TransactionError> {
        let hot = self.ledger.outcome(&self.instruction);
        let cold = self.instruction.clone().the_long_way();
        assert_eq!(hot, self.ledger.outcome(&cold));
        hot.result
    }
}

/// What may have happened to the sites, the lot and the consignment.
const EVENTS: &[Event] = &[
    |scene| scene.sender(|partner| partner.status = PartnerStatus::Suspended),
    |scene| scene.sender(|partner| partner.status = PartnerStatus::Revoked),
    |scene| scene.sender(|partner| partner.status = PartnerStatus::from_code(9)),
    |scene| scene.sender(|partner| partner.licence_valid_until = NOW),
    |scene| scene.sender(|partner| partner.licence_valid_until = NOW + 1),
    |scene| scene.sender(|partner| partner.roles = Roles::REGULATOR.bits()),
    |scene| scene.sender(|partner| partner.roles = Roles::LOGISTICS.bits()),
    |scene| scene.sender(|partner| partner.gln += 1),
    |scene| scene.receiver(|partner| partner.status = PartnerStatus::Suspended),
    |scene| scene.receiver(|partner| partner.status = PartnerStatus::Revoked),
    |scene| scene.receiver(|partner| partner.licence_valid_until = NOW),
    |scene| scene.receiver(|partner| partner.roles = 0),
    |scene| scene.receiver(|partner| partner.roles = Roles::LOGISTICS.bits()),
    |scene| scene.receiver(|partner| partner.roles = Roles::DISPENSER.bits()),
    |scene| scene.receiver(|partner| partner.gln += 1),
    |scene| scene.lot(|lot| lot.status = LotStatus::Quarantined),
    |scene| scene.lot(|lot| lot.status = LotStatus::from_code(9)),
    |scene| scene.lot(|lot| lot.expires_at = NOW),
    |scene| scene.lot(|lot| lot.expires_at = NOW + 1),
    |scene| scene.lot(|lot| lot.open_cases = 1),
    |scene| {
        scene.lot(|lot| {
            (lot.recalls, lot.recalled_first[0], lot.recalled_quantity[0]) = (1, UNITS - 1, 1)
        })
    },
    |scene| {
        scene.lot(|lot| {
            (lot.recalls, lot.recalled_first[0], lot.recalled_quantity[0]) = (1, UNITS, u32::MAX)
        })
    },
    |scene| {
        scene.lot(|lot| (lot.recalls, lot.recalled_first[7], lot.recalled_quantity[7]) = (8, 0, 1))
    },
    |scene| {
        scene.lot(|lot| (lot.recalls, lot.recalled_first[1], lot.recalled_quantity[1]) = (1, 0, 1))
    },
    |scene| scene.lot(|lot| lot.quantity -= 1),
    |scene| scene.lot(|lot| lot.manufacturer += 1),
    |scene| scene.consignment(|consignment| consignment.status = ConsignmentStatus::Held),
    |scene| scene.consignment(|consignment| consignment.status = ConsignmentStatus::Offered),
    |scene| scene.consignment(|consignment| consignment.status = ConsignmentStatus::Stolen),
    |scene| scene.consignment(|consignment| restrict(consignment, Restrictions::QUARANTINED)),
    |scene| scene.consignment(|consignment| restrict(consignment, Restrictions::RETURNED)),
    |scene| scene.consignment(|consignment| restrict(consignment, Restrictions::CONDEMNED)),
    |scene| scene.consignment(|consignment| consignment.open_cases = 1),
    |scene| scene.consignment(|consignment| consignment.sequence += 1),
    |scene| scene.consignment(|consignment| consignment.sequence = u32::MAX),
    |scene| scene.consignment(|consignment| consignment.custodian += 1),
    |scene| scene.consignment(|consignment| consignment.owner += 1),
    |scene| scene.consignment(|consignment| consignment.supplier += 1),
    |scene| scene.consignment(|consignment| consignment.first_unit = u32::MAX),
    |scene| scene.consignment(|consignment| consignment.quantity = 0),
    |scene| scene.consignment(|consignment| consignment.lot = Address::default()),
];

/// What may have happened to an offer besides.
const EVENTS_OF_OFFERS: &[Event] = &[
    |scene| scene.transfer(|transfer| transfer.state = TransferState::Accepted),
    |scene| scene.transfer(|transfer| transfer.state = TransferState::from_code(9)),
    |scene| scene.transfer(|transfer| transfer.kind = Change::Sale),
    |scene| scene.transfer(|transfer| transfer.kind = Change::Return),
    |scene| scene.transfer(|transfer| transfer.kind = Change::from_code(99)),
    |scene| scene.transfer(|transfer| transfer.deadline = NOW),
    |scene| scene.transfer(|transfer| transfer.deadline = NOW - 1),
    |scene| scene.transfer(|transfer| transfer.sequence += 1),
    |scene| scene.transfer(|transfer| transfer.sequence = u32::MAX),
    |scene| scene.transfer(|transfer| transfer.from += 1),
    |scene| scene.transfer(|transfer| transfer.to += 1),
    |scene| scene.transfer(|transfer| transfer.settled_at = NOW),
    |scene| scene.transfer(|transfer| transfer.consignment = Address::default()),
    |scene| scene.transfer(|transfer| transfer.lot = Address::default()),
];

fn restrict(consignment: &mut Consignment, restrictions: Restrictions) {
    consignment.restrictions |= restrictions.bits();
}

/// Makes the transfer on both paths, after every event and after every two of them.
#[track_caller]
fn assert_agreement(scene: &Scene, events: &[Event]) {
    let (mut made, mut refused) = (0, 0);
    for (first, event) in events.iter().enumerate() {
        let mut scene = scene.clone();
        event(&mut scene);
        for (second, other) in events.iter().enumerate().skip(first) {
            let mut scene = scene.clone();
            if second != first {
                other(&mut scene);
            }
            match scene.outcome_of_both() {
                Ok(()) => made += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(made > 10 && refused > 100, "{made} made, {refused} refused");
}

#[test]
fn handoffs_agree() {
    for kind in KINDS {
        assert_agreement(&Scene::handoff(kind), EVENTS);
    }
}

#[test]
fn batches_agree() {
    for kind in [TransferKind::Sale, TransferKind::Return] {
        assert_agreement(&Scene::batch(kind), EVENTS);
    }
}

#[test]
fn acceptances_agree() {
    let events = [EVENTS, EVENTS_OF_OFFERS].concat();
    for kind in [TransferKind::Sale, TransferKind::Return] {
        assert_agreement(&Scene::acceptance(kind), &events);
    }
}

#[test]
fn the_hot_path_is_the_shorter() {
    for mut scene in [
        Scene::handoff(TransferKind::Sale),
        Scene::batch(TransferKind::Sale),
        Scene::acceptance(TransferKind::Sale),
    ] {
        let mut ledger = scene.ledger.clone();
        let hot = ledger.execute(&scene.instruction);
        let cold = scene.ledger.execute(&scene.instruction.the_long_way());
        let [hot, cold] = [hot, cold].map(|metadata| metadata.compute_units_consumed);
        assert!(hot < cold, "{hot} compute units instead of {cold}");
    }
}
