//! What a transaction's compute-budget instructions ask for, and what that costs.

use solana_compute_budget_interface::{self as compute_budget, ComputeBudgetInstruction};
use solana_instruction::Instruction;

use crate::fee_payer::{LAMPORTS_PER_SIGNATURE, priority_lamports};

/// The most compute units that a transaction may use.
const MAX_UNITS: u32 = 1_400_000;

/// The limits and the price that a transaction sets. The runtime refuses a transaction that sets one twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComputeBudget {
    /// Compute units that it may use; `None` for the runtime's default.
    pub unit_limit: Option<u32>,
    /// Micro-lamports for each unit of the limit.
    pub unit_price: u64,
}

impl ComputeBudget {
    /// What these instructions set; others are passed over.
    pub fn of(instructions: &[Instruction]) -> Self {
        let mut budget = Self::default();
        for instruction in instructions.iter().filter_map(budget_instruction) {
            match instruction {
                ComputeBudgetInstruction::SetComputeUnitLimit(units) => {
                    budget.unit_limit = Some(units);
                }
                ComputeBudgetInstruction::SetComputeUnitPrice(price) => {
                    budget.unit_price = price;
                }
                _ => {}
            }
        }
        budget
    }

    /// Whether an instruction sets a limit or a price, and nothing else.
    pub fn is_part_of(instruction: &Instruction) -> bool {
        budget_instruction(instruction).is_some()
    }

    /// Lamports for `signatures` and priority, if the default limit is `default_units`.
    pub(crate) fn fee(&self, signatures: usize, default_units: u64) -> u64 {
        let default_units = u32::try_from(default_units).unwrap_or(MAX_UNITS);
        let units = self.unit_limit.unwrap_or(default_units).min(MAX_UNITS);
        let signatures = signatures as u64 * LAMPORTS_PER_SIGNATURE;
        signatures.saturating_add(priority_lamports(self.unit_price, units))
    }

    /// The most lamports that it can cost with `signatures`.
    pub fn max_fee(&self, signatures: usize) -> u64 {
        self.fee(signatures, MAX_UNITS.into())
    }
}

/// Reads a compute-budget instruction of one of the forms that the runtime takes.
fn budget_instruction(instruction: &Instruction) -> Option<ComputeBudgetInstruction> {
    if instruction.program_id != compute_budget::ID {
        return None;
    }
    let (kind, value) = instruction.data.split_first()?;
    match (kind, value) {
        (1, value) => Some(ComputeBudgetInstruction::RequestHeapFrame(number(value)?)),
        (2, value) => Some(ComputeBudgetInstruction::SetComputeUnitLimit(number(
            value,
        )?)),
        (3, value) => {
            let value = value.try_into().ok()?;
            Some(ComputeBudgetInstruction::SetComputeUnitPrice(
                u64::from_le_bytes(value),
            ))
        }
        (4, value) => Some(ComputeBudgetInstruction::SetLoadedAccountsDataSizeLimit(
            number(value)?,
        )),
        _ => None,
    }
}

fn number(value: &[u8]) -> Option<u32> {
    value.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use solana_pubkey::Pubkey;

    use super::*;

    #[test]
    fn instructions_are_read_back() {
        for (instruction, expected) in [
            (
                ComputeBudgetInstruction::set_compute_unit_limit(7),
                ComputeBudgetInstruction::SetComputeUnitLimit(7),
            ),
            (
                ComputeBudgetInstruction::set_compute_unit_price(u64::MAX),
                ComputeBudgetInstruction::SetComputeUnitPrice(u64::MAX),
            ),
            (
                ComputeBudgetInstruction::request_heap_frame(9),
                ComputeBudgetInstruction::RequestHeapFrame(9),
            ),
            (
                ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(8),
                ComputeBudgetInstruction::SetLoadedAccountsDataSizeLimit(8),
            ),
        ] {
            assert_eq!(budget_instruction(&instruction), Some(expected));
            let mut longer = instruction.clone();
            longer.data.push(0);
            assert_eq!(budget_instruction(&longer), None);
            let mut of_another = instruction;
            of_another.program_id = Pubkey::new_unique();
            assert_eq!(budget_instruction(&of_another), None);
        }
    }

    #[test]
    fn the_fee_follows_from_limit_and_price() {
        let budget = ComputeBudget::of(&[
            ComputeBudgetInstruction::set_compute_unit_limit(200_000),
            ComputeBudgetInstruction::set_compute_unit_price(1_000_001),
        ]);
        assert_eq!(budget.max_fee(2), 10_000 + 200_001);
        let unlimited = ComputeBudget {
            unit_limit: None,
            unit_price: 1_000_000,
        };
        assert_eq!(unlimited.max_fee(1), 5_000 + 1_400_000);
        assert_eq!(unlimited.fee(1, 300), 5_000 + 300);
        let absurd = ComputeBudget {
            unit_limit: Some(u32::MAX),
            unit_price: u64::MAX,
        };
        assert_eq!(absurd.max_fee(1), u64::MAX);
        assert_eq!(ComputeBudget::of(&[]).max_fee(3), 15_000);
    }
}
