//! A recall in which goods went out and some came back: what most tests of the recall program start
//! from.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::Change;
use recall::{
    CheckLevel, RecallClass, RecallDepth, RecallReason,
    instructions::{Count, Gravity, Notice, RecallTerms},
};

use crate::{
    address, instruction,
    layout::padded,
    ledger::NOW,
    token::{TOKEN, Token},
    world::{DOCUMENT, Parcel, World, terms},
};

/// A recall of a thousand units in the midst of a lot.
pub fn recall_terms() -> RecallTerms {
    RecallTerms {
        first: 8_000,
        quantity: 1_000,
        gravity: gravity(),
        reason: RecallReason::Contamination.code(),
    }
}

/// Class II, to the retail level, every tenth site asked.
pub fn gravity() -> Gravity {
    Gravity {
        class: RecallClass::II.code(),
        depth: RecallDepth::Retail.code(),
        check_level: CheckLevel::C.code(),
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

/// A site's answer, counted now: some of everything.
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

/// A recall in which goods went out and some came back.
#[derive(Clone)]
pub struct Recalled {
    pub world: World,
    pub recall: Address,
    /// What the wholesaler holds: all units of the lot but those below.
    pub held: Parcel,
    /// What the wholesaler holds on offer to the pharmacy: the lot's last 500 units.
    pub offered: Parcel,
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

impl Recalled {
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
            parcel,
            ..
        } = world;
        world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
        let offered = world.cut(wholesaler, parcel, 500);
        world.cut(wholesaler, parcel, 1_100);
        let destroyed = world.cut(wholesaler, parcel, 100);
        let returned = world.cut(wholesaler, parcel, 200);
        for sold in [destroyed, returned] {
            world.hand_over(wholesaler, pharmacy, sold, Change::Sale);
        }
        let sequence = |world: &World, parcel: Parcel| {
            let consignment: custody::Consignment = world.ledger.read(parcel.consignment);
            consignment.sequence
        };
        let sale = terms(Change::Sale, sequence(&world, offered));
        world.offer(wholesaler, pharmacy, offered, sale);
        let lot = parcel.lot;
        let opening = recall::open(payer, regulator, lot, 0, recall_terms(), notice());
        world.ledger.execute(&opening);
        let going_back = terms(Change::Return, sequence(&world, returned));
        let transfer = world.offer(pharmacy, wholesaler, returned, going_back);
        let acceptance = accept(wholesaler, pharmacy.partner, returned, going_back.sequence);
        let destruction = destroy(
            pharmacy,
            regulator,
            destroyed,
            sequence(&world, destroyed),
            DOCUMENT,
        );
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
            held: parcel,
            offered,
            returned: transfer,
            destroyed: destroyed.consignment,
            token,
            source,
            receiver,
        }
    }

    /// The same with [`FUNDED`] in its vault.
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
            amount,
            unit_price,
        )
    }

    /// Has the pharmacy claim units that `evidence` shows.
    pub fn claim(&self, evidence: Address, run: (u32, u32)) -> Instruction {
        let World {
            payer, pharmacy, ..
        } = self.world;
        instruction::recall::claim(
            payer,
            pharmacy,
            self.recall,
            evidence,
            run,
            self.token,
            self.receiver,
        )
    }

    /// Has the pharmacy prove units that `evidence` shows.
    pub fn prove(&self, evidence: Address, run: (u32, u32)) -> Instruction {
        let World {
            payer, pharmacy, ..
        } = self.world;
        instruction::recall::prove(payer, pharmacy, self.recall, evidence, run)
    }

    /// Has the manufacturer withdraw the rest.
    pub fn withdraw(&self) -> Instruction {
        let World {
            payer,
            manufacturer,
            ..
        } = self.world;
        instruction::recall::withdraw(payer, manufacturer, self.recall, self.token, self.source)
    }

    /// Has the regulator end the recall.
    pub fn terminate(&self) -> Instruction {
        instruction::recall::terminate(self.world.regulator, self.recall, DOCUMENT)
    }
}

impl Default for Recalled {
    fn default() -> Self {
        Self::new()
    }
}
