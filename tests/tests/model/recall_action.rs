//! Attempts with recalls: an instruction with arguments that may be right or wrong.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_interface::{
    Site,
    instruction::recall::{
        Count, Funding, Notice, RecallStrategy, RecallTerms, Token, claim, close_claims, complete,
        expand, fund, narrow, open, prove, reclassify, respond, terminate, withdraw,
    },
    units::UnitRange,
};
use program_tests::address;

/// A recall by its lot and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallName {
    pub lot: Address,
    pub number: u8,
}

impl RecallName {
    pub fn address(self) -> Address {
        address::recall(&self.lot, self.number)
    }
}

/// An attempt at one instruction of the recall program.
#[derive(Clone, Debug)]
#[rustfmt::skip]
pub enum RecallAction {
    Open { by: Site, recall: RecallName, terms: RecallTerms, notice: Notice },
    Expand { by: Site, recall: RecallName, units: UnitRange, notice: Notice },
    Narrow { by: Site, recall: RecallName, units: UnitRange, document_hash: [u8; 32] },
    Reclassify { by: Site, recall: RecallName, strategy: RecallStrategy, document_hash: [u8; 32] },
    Complete { by: Site, recall: RecallName, document_hash: [u8; 32] },
    Terminate { by: Site, recall: RecallName, document_hash: [u8; 32] },
    Respond { by: Site, recall: RecallName, count: Count },
    Prove { by: Site, recall: RecallName, evidence: Address, units: UnitRange },
    Claim { by: Site, recall: RecallName, evidence: Address, units: UnitRange, receiver: Address },
    Fund { by: Site, recall: RecallName, source: Address, amount: u64, unit_price: u64 },
    Withdraw { by: Site, recall: RecallName, receiver: Address },
    CloseClaims { recall: RecallName, page: u32 },
}

impl RecallAction {
    /// The instruction that tries it.
    pub fn instruction(&self, payer: Address, token: Token) -> Instruction {
        match *self {
            Self::Open {
                by,
                recall,
                terms,
                notice,
            } => open(payer, by, recall.lot, recall.number, terms, notice),
            Self::Expand {
                by,
                recall,
                units,
                notice,
            } => expand(by, recall.lot, recall.number, units, notice),
            Self::Narrow {
                by,
                recall,
                units,
                document_hash,
            } => narrow(by, recall.lot, recall.number, units, Some(document_hash)),
            Self::Reclassify {
                by,
                recall,
                strategy,
                document_hash,
            } => reclassify(by, recall.address(), strategy, Some(document_hash)),
            Self::Complete {
                by,
                recall,
                document_hash,
            } => complete(by, recall.address(), Some(document_hash)),
            Self::Terminate {
                by,
                recall,
                document_hash,
            } => terminate(by, recall.address(), Some(document_hash)),
            Self::Respond { by, recall, count } => respond(payer, by, recall.address(), count),
            Self::Prove {
                by,
                recall,
                evidence,
                units,
            } => prove(payer, by, recall.address(), evidence, units),
            Self::Claim {
                by,
                recall,
                evidence,
                units,
                receiver,
            } => claim(
                payer,
                by,
                recall.address(),
                evidence,
                units,
                token,
                receiver,
            ),
            Self::Fund {
                by,
                recall,
                source,
                amount,
                unit_price,
            } => {
                let funding = Funding { amount, unit_price };
                fund(payer, by, recall.address(), token, source, funding)
            }
            Self::Withdraw {
                by,
                recall,
                receiver,
            } => withdraw(by, recall.address(), token, receiver, payer),
            Self::CloseClaims { recall, page } => close_claims(recall.address(), page, payer),
        }
    }

    /// Who must sign, but for who pays rent.
    pub fn by(&self) -> Option<Site> {
        match *self {
            Self::Open { by, .. }
            | Self::Expand { by, .. }
            | Self::Narrow { by, .. }
            | Self::Reclassify { by, .. }
            | Self::Complete { by, .. }
            | Self::Terminate { by, .. }
            | Self::Respond { by, .. }
            | Self::Prove { by, .. }
            | Self::Claim { by, .. }
            | Self::Fund { by, .. }
            | Self::Withdraw { by, .. } => Some(by),
            Self::CloseClaims { .. } => None,
        }
    }
}
