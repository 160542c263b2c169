//! A world with a recall in which goods went out and some came back: the start of most tests of the
//! recall program.

use anchor_lang::{Address, Discriminator, solana_program::instruction::Instruction};
use custody::{Consignment, ConsignmentStatus, Transfer};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        self,
        custody::Holders,
        recall::{
            Claimed, Count, Funding, LotRecall, Notice, RecallStrategy, RecallTerms, Since, Token,
        },
    },
    units::UnitRange,
};
use recall::{CheckLevel, Recall, RecallClass, RecallDepth, RecallReason};

use crate::{
    address,
    layout::padded,
    ledger::NOW,
    token::TOKEN,
    world::{DOCUMENT, GTIN, World, terms},
};

/// `quantity` units of a lot, from `first` on.
pub fn units(first: u32, quantity: u32) -> UnitRange {
    UnitRange { first, quantity }
}

/// A recall of a thousand units in the middle of a lot.
pub fn recall_terms() -> RecallTerms {
    RecallTerms {
        units: units(8_000, 1_000),
        strategy: strategy(),
        reason: RecallReason::Contamination,
    }
}

/// Class II, to the retail level, 10 % of the sites checked.
pub fn strategy() -> RecallStrategy {
    RecallStrategy {
        class: RecallClass::II,
        depth: RecallDepth::Retail,
        check_level: CheckLevel::C,
        check_percent: 0,
    }
}

/// A public notice.
pub fn notice() -> Notice {
    Notice {
        hash: [0x4E; 32],
        address: padded("https://example.org/recalls/1"),
    }
}

/// A site's answer, counted now.
pub fn count() -> Count {
    Count {
        held: 10,
        quarantined: 20,
        dispensed: 30,
        returned: 0,
        destroyed: 0,
        counted_at: NOW,
    }
}

/// How long after a recall's end claims may be made.
pub const CLAIM_PERIOD: i64 = 180 * 86_400;

/// What a funded recall pays for each unit.
pub const UNIT_PRICE: u64 = 2_500_000;
/// What its first tranche reserves: the price of every recalled unit.
pub const FUNDED: u64 = 1_000 * UNIT_PRICE;

/// A world with a recall in which goods went out and some came back.
#[derive(Clone)]
pub struct RecalledWorld {
    pub world: World,
    pub recall: Address,
    /// The wholesaler's goods: all units of the lot but those below.
    pub held: Goods,
    /// The wholesaler's goods on offer to the pharmacy: the lot's last 500 units.
    pub offered: Goods,
    /// A return of units 8,100 to 8,299 from the pharmacy to the wholesaler, since the recall.
    pub returned: Address,
    /// Units 8,300 to 8,399, destroyed by the pharmacy.
    pub destroyed: Address,
    pub token: Token,
    /// The manufacturer's.
    pub source: Address,
    /// The pharmacy's.
    pub receiver: Address,
}

impl RecalledWorld {
    /// A recall that the regulator opened and that is not funded yet.
    pub fn new() -> Self {
        use instruction::{custody::*, recall};

        let mut world = World::new();
        let World {
            payer,
            manufacturer,
            wholesaler,
            pharmacy,
            regulator,
            goods,
            ..
        } = world;
        world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
        let offered = world.cut(wholesaler, goods, 500);
        world.cut(wholesaler, goods, 1_100);
        let destroyed = world.cut(wholesaler, goods, 100);
        let returned = world.cut(wholesaler, goods, 200);
        for sold in [destroyed, returned] {
            world.hand_over(wholesaler, pharmacy, sold, TransferKind::Sale);
        }
        world.offer(wholesaler, pharmacy, offered, terms(TransferKind::Sale));
        let lot = goods.lot;
        let opening = recall::open(
            payer,
            regulator,
            world.next_recall(goods),
            recall_terms(),
            notice(),
        );
        world.ledger.execute(&opening);
        let returned = world.now(returned);
        let transfer = world.offer(pharmacy, wholesaler, returned, terms(TransferKind::Return));
        let acceptance = accept(wholesaler, returned.offered_by(pharmacy.gln));
        let destruction = destroy(pharmacy, regulator, world.now(destroyed), Some(DOCUMENT));
        let recall = address::recall(&lot, 0);
        let answer = recall::respond(payer, pharmacy, recall, count());
        for instruction in [acceptance, destruction, answer] {
            world.ledger.execute(&instruction);
        }
        let token = world.token("coin", TOKEN, &[]);
        let source = world.token_account("source", token, manufacturer.key, 2 * FUNDED);
        let receiver = world.token_account("receiver", token, pharmacy.key, 0);
        Self {
            world,
            recall,
            held: goods,
            offered,
            returned: transfer,
            destroyed: destroyed.consignment,
            token,
            source,
            receiver,
        }
    }

    /// The same with a tranche that covers every recalled unit.
    pub fn funded() -> Self {
        let mut recalled = Self::new();
        let funding = recalled.fund(units(8_000, 1_000), UNIT_PRICE);
        recalled.world.ledger.execute(&funding);
        recalled
    }

    /// The recall's account.
    pub fn read(&self) -> Recall {
        self.world.ledger.read(self.recall)
    }

    /// Has the manufacturer reserve a price for units.
    pub fn fund(&self, units: UnitRange, unit_price: u64) -> Instruction {
        let (world, recall) = (&self.world, &self.read());
        let funding = Funding { units, unit_price };
        let (payer, maker) = (world.payer, world.manufacturer);
        instruction::recall::fund(payer, maker, recall, self.token, self.source, funding)
    }

    /// What is claimed of units that `evidence` shows, from the first tranche and since the opening.
    pub fn claimed(&self, evidence: Address, units: UnitRange) -> Claimed {
        Claimed {
            evidence,
            evidence_first: self.world.first_shown(evidence),
            units,
            since: Since::OPENING,
            tranche: 0,
        }
    }

    /// Has the pharmacy claim units that `evidence` shows.
    pub fn claim(&self, evidence: Address, units: UnitRange) -> Instruction {
        self.claim_of(&self.claimed(evidence, units))
    }

    /// Has the pharmacy make a claim.
    pub fn claim_of(&self, claimed: &Claimed) -> Instruction {
        let World {
            payer, pharmacy, ..
        } = self.world;
        instruction::recall::claim(
            payer,
            pharmacy,
            self.recall,
            claimed,
            self.token,
            self.receiver,
        )
    }

    /// Has the pharmacy prove units that `evidence` shows.
    pub fn prove(&self, evidence: Address, units: UnitRange) -> Instruction {
        let (payer, pharmacy) = (self.world.payer, self.world.pharmacy);
        let since = &Since::OPENING;
        instruction::recall::prove(payer, pharmacy, self.recall, evidence, units, since)
    }

    /// Has the manufacturer withdraw what is left of the first tranche.
    pub fn withdraw(&self) -> Instruction {
        let World {
            payer,
            manufacturer,
            ..
        } = self.world;
        instruction::recall::withdraw(manufacturer, self.recall, 0, self.token, self.source, payer)
    }

    /// Lets the time to claim pass after the recall's end.
    pub fn let_claims_end(&mut self) {
        self.world.ledger.set_time(NOW + CLAIM_PERIOD);
    }

    /// Has the regulator expand the recall to these units.
    pub fn expand(&self, units: UnitRange) -> Instruction {
        let (payer, regulator, recall) = (self.world.payer, self.world.regulator, self.read());
        let scopes = recall.scopes;
        instruction::recall::expand(payer, regulator, &recall, scopes, units, notice())
    }

    /// Has the regulator narrow the recall to these units.
    pub fn narrow(&self, units: UnitRange) -> Instruction {
        let (payer, regulator, recall) = (self.world.payer, self.world.regulator, self.read());
        let (scopes, document) = (recall.scopes, Some(DOCUMENT));
        instruction::recall::narrow(payer, regulator, &recall, scopes, units, document)
    }

    /// Has the regulator take the recall up again.
    pub fn reopen(&self) -> Instruction {
        instruction::recall::reopen(self.world.regulator, self.recall, Some(DOCUMENT))
    }

    /// Has the regulator end the recall.
    pub fn terminate(&self) -> Instruction {
        instruction::recall::terminate(self.world.regulator, self.recall, Some(DOCUMENT))
    }
}

impl Default for RecalledWorld {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// Recall number `number` of a lot of the first product.
    pub fn recall_of(&self, lot: Address, number: u8) -> LotRecall {
        LotRecall {
            product: self.product,
            lot,
            number,
        }
    }

    /// Has the first product's manufacturer hand it over.
    pub fn hand_over_product(&mut self, to: Site) {
        use instruction::registry::{accept_product_transfer, propose_product_transfer};

        for step in [
            propose_product_transfer(self.manufacturer, to.gln, GTIN),
            accept_product_transfer(to, self.manufacturer.gln, GTIN),
        ] {
            self.ledger.execute(&step);
        }
    }

    /// The next recall of these goods' lot.
    pub fn next_recall(&self, goods: Goods) -> LotRecall {
        let lot: custody::Lot = self.ledger.read(goods.lot);
        self.recall_of(goods.lot, lot.recalls)
    }

    /// Has the wholesaler's goods brought to their manufacturer by the provider, who passes no title.
    pub fn bring_to_maker(&mut self, goods: Goods) {
        use instruction::custody::handoff;

        let World {
            manufacturer,
            wholesaler,
            logistics,
            ..
        } = *self;
        // As if the provider had stored them before the recall.
        self.ledger
            .edit(goods.consignment, |consignment: &mut Consignment| {
                assert_eq!(consignment.custodian, wholesaler.gln.number());
                consignment.custodian = logistics.gln.number();
            });
        let goods = self.now(goods);
        self.ledger.execute(&handoff(
            logistics,
            manufacturer,
            goods,
            TransferKind::Return,
            Some(DOCUMENT),
        ));
    }

    /// Has an owner give title to goods to their manufacturer, who has them.
    pub fn return_title(&self, owner: Site, goods: Goods) -> Instruction {
        let Consignment { status, .. } = self.ledger.read(goods.consignment);
        let with = Holders {
            receiver: self.manufacturer.gln,
            manufacturer: self.manufacturer.gln,
            product: self.product,
            is_offered: status == ConsignmentStatus::Offered,
        };
        instruction::custody::return_title(self.payer, owner, goods, with, Some(DOCUMENT))
    }

    /// The first unit that a transfer or a consignment shows.
    pub fn first_shown(&self, evidence: Address) -> u32 {
        let is_transfer = self
            .ledger
            .account(evidence)
            .data
            .starts_with(Transfer::DISCRIMINATOR);
        if is_transfer {
            self.ledger.read::<Transfer>(evidence).first_unit
        } else {
            self.ledger.read::<Consignment>(evidence).first_unit
        }
    }
}
