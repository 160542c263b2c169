//! What a transaction would do.

use std::collections::{BTreeMap, BTreeSet};

use custody::Consignment;
use pedigree_interface::Located;
use registry::Partner;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::{
    handover::{self, HandOver},
    names::{InstructionName, name},
};
use crate::{
    compute_budget::ComputeBudget,
    error::Result,
    ledger::{Ledger, decode},
    nonce::DurableNonce,
    partial_transaction::PartialTransaction,
    stock::{Item, by_address, describe},
    trace::{Event, events},
};

/// What a transaction would do, as far as its instructions and the ledger show.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its instructions, in order.
    pub steps: Vec<Step>,
    /// The key that pays the fees.
    pub fee_payer: Pubkey,
    /// The most that it can cost in fees, in lamports.
    pub max_fee: u64,
    /// Every key that signs it.
    pub signers: Vec<Pubkey>,
    /// Those that have not signed yet.
    pub absent: Vec<Pubkey>,
}

/// One instruction.
#[derive(Clone, Debug)]
pub enum Step {
    /// It sets the transaction's limits or price.
    ComputeBudget,
    /// It advances the nonce that the transaction names, which therefore has no blockhash that expires.
    AdvanceNonce(DurableNonce),
    /// It hands goods over.
    HandOver(Box<HandOver>),
    /// It does something else.
    Unexplained(Box<Unexplained>),
}

/// An instruction of which only this much is known.
#[derive(Clone, Debug)]
pub struct Unexplained {
    /// What custody would do to the consignments that it names.
    pub events: Vec<(Item, Event)>,
    /// The sites among its accounts.
    pub sites: Vec<Partner>,
    /// The instruction itself.
    pub instruction: Instruction,
}

impl Unexplained {
    /// The names of its program and of itself, if the program is ours.
    pub fn name(&self) -> Option<InstructionName> {
        name(&self.instruction.program_id, &self.instruction.data)
    }

    /// The name by which an expectation allows it: the instruction's, or the address of a program that is not
    /// ours.
    pub fn expected_as(&self) -> String {
        let name = self.name().and_then(|name| name.instruction);
        name.map_or_else(|| self.instruction.program_id.to_string(), str::to_owned)
    }
}

impl Review {
    /// The handoffs among its instructions.
    pub fn handovers(&self) -> impl Iterator<Item = &HandOver> {
        self.steps.iter().filter_map(|step| match step {
            Step::HandOver(handover) => Some(handover.as_ref()),
            _ => None,
        })
    }

    /// Every consignment that it changes, each once.
    pub fn items(&self) -> Vec<&Item> {
        let handed = self
            .handovers()
            .flat_map(|handover| &handover.goods)
            .map(|handed| &handed.item);
        let changed = self.steps.iter().flat_map(|step| match step {
            Step::Unexplained(step) => step.events.as_slice(),
            _ => &[],
        });
        let mut seen = BTreeSet::new();
        handed
            .chain(changed.map(|(item, _)| item))
            .filter(|item| seen.insert(item.consignment.address))
            .collect()
    }

    /// The nonce that it names instead of a blockhash.
    pub fn nonce(&self) -> Option<DurableNonce> {
        self.steps.iter().find_map(|step| match step {
            Step::AdvanceNonce(nonce) => Some(*nonce),
            _ => None,
        })
    }
}

/// Looks at a transaction: what it would do, whom it names, what it may cost.
///
/// Whether it would succeed is for [`simulate_as_it_is`](crate::transaction::simulate_as_it_is).
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) or [`Error::NotA`](crate::Error::NotA) if the goods or sites of a
/// handoff are not on the ledger, or why it cannot be read.
pub async fn review(ledger: &Ledger, transaction: &PartialTransaction) -> Result<Review> {
    let instructions = transaction.instructions();
    let budget = ComputeBudget::of(&instructions);
    let mut nonce = DurableNonce::named_by(&instructions);
    let mut steps = Vec::with_capacity(instructions.len());
    for instruction in instructions {
        steps.push(if let Some(nonce) = nonce.take() {
            Step::AdvanceNonce(nonce)
        } else if ComputeBudget::is_part_of(&instruction) {
            Step::ComputeBudget
        } else if handover::is_handover(&instruction)
            && let Some(handover) = handover::read(ledger, &instruction).await?
        {
            Step::HandOver(Box::new(handover))
        } else {
            Step::Unexplained(Box::new(unexplained(ledger, instruction).await?))
        });
    }
    let signers = transaction.signers().to_vec();
    Ok(Review {
        steps,
        fee_payer: transaction.fee_payer(),
        max_fee: budget.max_fee(signers.len()),
        signers,
        absent: transaction.absent(),
    })
}

/// What is known of an instruction that is not a handoff.
async fn unexplained(ledger: &Ledger, instruction: Instruction) -> Result<Unexplained> {
    // An instruction may name an account hundreds of times, and no endpoint answers for so many.
    let mut seen = BTreeSet::new();
    let named = instruction.accounts.iter().map(|meta| meta.pubkey);
    let named: Vec<Pubkey> = named.filter(|address| seen.insert(*address)).collect();
    let (_, accounts) = match named.is_empty() {
        true => (0, Vec::new()),
        false => ledger.accounts(&named).await?,
    };
    let mut sites: Vec<Partner> = Vec::new();
    let mut consignments: BTreeMap<Pubkey, Consignment> = BTreeMap::new();
    for (address, account) in named.iter().zip(&accounts) {
        let Some(account) = account else { continue };
        if let Ok(site) = decode::<Partner>(address, account)
            && sites.iter().all(|known| known.gln != site.gln)
        {
            sites.push(site);
        }
        if let Ok(consignment) = decode::<Consignment>(address, account) {
            consignments.insert(*address, consignment);
        }
    }
    let changes = events(&instruction);
    let changed = changes.iter().filter_map(|(address, _)| {
        let consignment = consignments.get(address)?;
        Some(Located::new(*address, *consignment))
    });
    let items = by_address(describe(ledger, changed.collect()).await?);
    let changes = changes
        .into_iter()
        .filter_map(|(address, event)| Some((items.get(&address)?.clone(), event)));
    Ok(Unexplained {
        events: changes.collect(),
        sites,
        instruction,
    })
}

/// Whether two transactions do the same for the same signers: they differ in nothing but their blockhash, their
/// limits and price, and who has signed.
pub fn do_the_same(one: &PartialTransaction, other: &PartialTransaction) -> bool {
    let essential = |transaction: &PartialTransaction| -> Vec<Instruction> {
        let instructions = transaction.instructions().into_iter();
        instructions
            .filter(|instruction| !ComputeBudget::is_part_of(instruction))
            .collect()
    };
    one.signers() == other.signers() && essential(one) == essential(other)
}

#[cfg(test)]
mod tests {
    use solana_compute_budget_interface::ComputeBudgetInstruction;
    use solana_hash::Hash;
    use solana_message::Message;
    use solana_system_interface::instruction::transfer;

    use super::*;

    #[test]
    fn only_blockhash_and_limits_may_differ() {
        let [payer, other, receiver] = std::array::from_fn(|_| Pubkey::new_unique());
        let made = |payer: &Pubkey, instructions: &[Instruction], blockhash: u8| {
            let blockhash = Hash::new_from_array([blockhash; 32]);
            let message = Message::new_with_blockhash(instructions, Some(payer), &blockhash);
            PartialTransaction::unsigned(message)
        };
        let paid = |lamports| transfer(&other, &receiver, lamports);
        let limit = ComputeBudgetInstruction::set_compute_unit_limit;
        let shown = made(&payer, &[limit(7), paid(1)], 1);
        assert!(do_the_same(&shown, &made(&payer, &[limit(8), paid(1)], 2)));
        assert!(do_the_same(&shown, &made(&payer, &[paid(1)], 1)));
        for changed in [
            made(&payer, &[limit(7), paid(2)], 1),
            made(&payer, &[limit(7), paid(1), paid(1)], 1),
            made(&payer, &[limit(7)], 1),
            made(&other, &[limit(7), paid(1)], 1),
            made(&receiver, &[limit(7), paid(1)], 1),
        ] {
            assert!(!do_the_same(&shown, &changed), "{changed:?}");
        }
    }
}
