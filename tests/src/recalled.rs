//! A world with a recall in which goods went out and some came back: the start of most tests of the
//! recall program.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_interface::{
    Goods, TransferKind,
    instruction::{
        self,
        recall::{Count, Funding, Notice, RecallStrategy, RecallTerms, Token},
    },
    units::UnitRange,
};
use recall::{CheckLevel, RecallClass, RecallDepth, RecallReason};

use crate::{
    address,
    layout::padded,
    ledger::NOW,
    token::TOKEN,
    world::{DOCUMENT, World, terms},
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

/// What a funded recall pays for each unit.
pub const UNIT_PRICE: u64 = 2_500_000;
/// What was put into its vault: enough for every recalled unit.
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
    /// A recall that the regulator opened, whose vault is not funded yet.
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
        let opening = recall::open(payer, regulator, lot, 0, recall_terms(), notice());
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

    /// The same with [`FUNDED`] in the vault.
    pub fn funded() -> Self {
        let mut recalled = Self::new();
        let funding = recalled.fund(FUNDED, UNIT_PRICE);
        recalled.world.ledger.execute(&funding);
        recalled
    }

    /// Has the manufacturer fund the vault.
    pub fn fund(&self, amount: u64, unit_price: u64) -> Instruction {
        let World {
            payer,
            manufacturer,
            ..
        } = self.world;
        instruction::recall::fund(
            payer,
            manufacturer,
            self.recall,
            self.token,
            self.source,
            Funding { amount, unit_price },
        )
    }

    /// Has the pharmacy claim units that `evidence` shows.
    pub fn claim(&self, evidence: Address, units: UnitRange) -> Instruction {
        let World {
            payer, pharmacy, ..
        } = self.world;
        instruction::recall::claim(
            payer,
            pharmacy,
            self.recall,
            evidence,
            units,
            self.token,
            self.receiver,
        )
    }

    /// Has the pharmacy prove units that `evidence` shows.
    pub fn prove(&self, evidence: Address, units: UnitRange) -> Instruction {
        let World {
            payer, pharmacy, ..
        } = self.world;
        instruction::recall::prove(payer, pharmacy, self.recall, evidence, units)
    }

    /// Has the manufacturer withdraw the rest.
    pub fn withdraw(&self) -> Instruction {
        let World {
            payer,
            manufacturer,
            ..
        } = self.world;
        instruction::recall::withdraw(manufacturer, self.recall, self.token, self.source, payer)
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
