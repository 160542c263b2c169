//! Attempts with recalls: an instruction with arguments that may be right or wrong.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_interface::{
    Goods, Site,
    identifier::Gln,
    instruction::{
        custody::{Holders, return_title},
        recall::{
            Claimed, Count, FundedRecall, Funding, LotRecall, Notice, RecallStrategy, RecallTerms,
            Since, Token, claim, close_claims, close_proofs, complete, expand, fund, narrow, open,
            prove, reclassify, reopen, respond, terminate, withdraw,
        },
    },
    units::UnitRange,
};
/// An attempt at one instruction of the recall program.
#[derive(Clone, Debug)]
#[rustfmt::skip]
pub enum RecallAction {
    Open { by: Site, recall: LotRecall, terms: RecallTerms, notice: Notice },
    Expand { by: Site, recall: LotRecall, scopes: u32, units: UnitRange, notice: Notice },
    Narrow { by: Site, recall: LotRecall, scopes: u32, units: UnitRange, document_hash: [u8; 32] },
    Reclassify { by: Site, recall: LotRecall, strategy: RecallStrategy, document_hash: [u8; 32] },
    Complete { by: Site, recall: LotRecall, document_hash: [u8; 32] },
    Terminate { by: Site, recall: Address, document_hash: [u8; 32] },
    Reopen { by: Site, recall: Address, document_hash: [u8; 32] },
    Respond { by: Site, recall: Address, count: Count },
    Prove { by: Site, recall: Address, evidence: Address, units: UnitRange, since: Since },
    Claim { by: Site, recall: Address, claimed: Claimed, receiver: Address },
    Fund { by: Site, recall: LotRecall, manufacturer: Gln, tranches: u32, source: Address, funding: Funding },
    Withdraw { by: Site, recall: Address, tranche: u32, receiver: Address },
    ReturnTitle { by: Site, goods: Goods, with: Holders, document_hash: [u8; 32] },
    CloseClaims { evidence: Address, page: u32 },
    CloseProofs { recall: Address, page: u32 },
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
            } => open(payer, by, recall, terms, notice),
            Self::Expand {
                by,
                recall,
                scopes,
                units,
                notice,
            } => expand(payer, by, recall, scopes, units, notice),
            Self::Narrow {
                by,
                recall,
                scopes,
                units,
                document_hash,
            } => narrow(payer, by, recall, scopes, units, Some(document_hash)),
            Self::Reclassify {
                by,
                recall,
                strategy,
                document_hash,
            } => reclassify(by, recall, strategy, Some(document_hash)),
            Self::Complete {
                by,
                recall,
                document_hash,
            } => complete(by, recall, Some(document_hash)),
            Self::Terminate {
                by,
                recall,
                document_hash,
            } => terminate(by, recall, Some(document_hash)),
            Self::Reopen {
                by,
                recall,
                document_hash,
            } => reopen(by, recall, Some(document_hash)),
            Self::Respond { by, recall, count } => respond(payer, by, recall, count),
            Self::Prove {
                by,
                recall,
                evidence,
                units,
                ref since,
            } => prove(payer, by, recall, evidence, units, since),
            Self::Claim {
                by,
                recall,
                ref claimed,
                receiver,
            } => claim(payer, by, recall, claimed, token, receiver),
            Self::Fund {
                by,
                recall,
                manufacturer,
                tranches,
                source,
                funding,
            } => {
                let funded = FundedRecall {
                    recall,
                    manufacturer,
                    tranches,
                };
                fund(payer, by, funded, token, source, funding)
            }
            Self::Withdraw {
                by,
                recall,
                tranche,
                receiver,
            } => withdraw(by, recall, tranche, token, receiver, payer),
            Self::ReturnTitle {
                by,
                goods,
                with,
                document_hash,
            } => return_title(payer, by, goods, with, Some(document_hash)),
            Self::CloseClaims { evidence, page } => close_claims(evidence, page, payer),
            Self::CloseProofs { recall, page } => close_proofs(recall, page, payer),
        }
    }
}
