//! What a program's refusal means, and what to do next.
//!
//! Names and messages come from the programs' IDLs, so they are the ones that the programs' own
//! source gives.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use serde::{Deserialize, Serialize};
use solana_instruction::error::InstructionError;
use solana_message::VersionedMessage;
use solana_pubkey::Pubkey;
use solana_transaction_error::TransactionError;

/// A refused transaction, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The program that refused; `None` if the runtime did, before any program ran.
    pub program: Option<String>,
    /// The error's name, as the program's source has it.
    pub name: String,
    /// The program's own error code.
    pub code: Option<u32>,
    /// What is wrong and what to do next.
    pub message: String,
    /// The program's log, if the endpoint sent it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.program {
            Some(program) => write!(f, "{program} refused: {} ({})", self.message, self.name),
            None => write!(f, "refused: {} ({})", self.message, self.name),
        }
    }
}

#[derive(Deserialize)]
struct Idl {
    #[serde(default)]
    errors: Vec<IdlError>,
}

#[derive(Deserialize)]
struct IdlError {
    code: u32,
    name: String,
    msg: String,
}

struct Program {
    name: &'static str,
    errors: BTreeMap<u32, IdlError>,
}

static PROGRAMS: LazyLock<[(Pubkey, Program); 2]> = LazyLock::new(|| {
    let program = |name, idl| {
        let idl: Idl = serde_json::from_str(idl).expect("the committed IDLs are valid JSON");
        Program {
            name,
            errors: idl
                .errors
                .into_iter()
                .map(|error| (error.code, error))
                .collect(),
        }
    };
    [
        (
            registry::ID,
            program("registry", include_str!("../../../idl/registry.json")),
        ),
        (
            custody::ID,
            program("custody", include_str!("../../../idl/custody.json")),
        ),
    ]
});

/// Explains why `message` was refused.
pub fn explain(error: &TransactionError, message: &VersionedMessage, logs: Vec<String>) -> Refusal {
    let TransactionError::InstructionError(index, instruction_error) = error else {
        let (name, message) = runtime_refusal(error);
        return Refusal {
            program: None,
            name,
            code: None,
            message,
            logs,
        };
    };
    let program_id = message
        .instructions()
        .get(usize::from(*index))
        .and_then(|instruction| {
            message
                .static_account_keys()
                .get(usize::from(instruction.program_id_index))
        })
        .copied()
        .unwrap_or_default();
    let program = PROGRAMS
        .iter()
        .find(|(id, _)| *id == program_id)
        .map(|(_, program)| program);
    let program_name =
        program.map_or_else(|| program_id.to_string(), |program| program.name.to_owned());

    let code = match instruction_error {
        InstructionError::Custom(code) => Some(*code),
        _ => None,
    };
    let own = program
        .zip(code)
        .and_then(|(program, code)| program.errors.get(&code));
    let (name, message) = match own {
        Some(own) => (own.name.clone(), own.msg.clone()),
        None => builtin_refusal(instruction_error),
    };
    Refusal {
        program: Some(program_name),
        name,
        code,
        message,
        logs,
    }
}

/// Refusals by the runtime, before any program ran.
fn runtime_refusal(error: &TransactionError) -> (String, String) {
    let advice = match error {
        TransactionError::AccountNotFound => {
            "the fee payer's account does not exist on this cluster: fund it (on a local ledger: \
             `pedigree localnet airdrop`)"
        }
        TransactionError::InsufficientFundsForFee => {
            "the fee payer has too little SOL for the fee: fund it"
        }
        TransactionError::InsufficientFundsForRent { .. } => {
            "an account would be left with less SOL than its rent: fund the fee payer"
        }
        TransactionError::BlockhashNotFound => {
            "the transaction's blockhash is too old or of another cluster: try again"
        }
        TransactionError::AlreadyProcessed => "this very transaction was processed already",
        TransactionError::ProgramAccountNotFound => {
            "the programs are not deployed on this cluster: check --url"
        }
        TransactionError::SignatureFailure => "a signature does not verify: check the keypairs",
        _ => return (variant_name(error), error.to_string()),
    };
    (variant_name(error), advice.to_owned())
}

/// Refusals that Anchor or the runtime makes in a program's name.
fn builtin_refusal(error: &InstructionError) -> (String, String) {
    let (name, advice) = match error {
        // The system program's refusals, which surface when a program creates an account.
        InstructionError::Custom(0) => (
            "AccountAlreadyInUse",
            "the account to be created exists already: it was registered, minted or offered before",
        ),
        InstructionError::Custom(1) => (
            "ResultWithNegativeLamports",
            "the payer has too little SOL for the rent: fund it",
        ),
        // Anchor's constraint codes, numbered as in Anchor v1.
        InstructionError::Custom(2000) => (
            "ConstraintMut",
            "an account that changes was passed as read-only",
        ),
        InstructionError::Custom(2002) => (
            "ConstraintSigner",
            "an account that must sign and pay did not sign",
        ),
        InstructionError::Custom(2012) => (
            "ConstraintAddress",
            "an account is not the one that the instruction is about",
        ),
        InstructionError::Custom(2040) => (
            "ConstraintDuplicateMutableAccount",
            "one account was passed in two places",
        ),
        InstructionError::MissingRequiredSignature => (
            "MissingRequiredSignature",
            "a signature is missing: sign with the keys it needs",
        ),
        InstructionError::InvalidSeeds => (
            "InvalidSeeds",
            "an account's address does not follow from the instruction's arguments",
        ),
        InstructionError::UninitializedAccount => (
            "UninitializedAccount",
            "an account that the instruction needs does not exist yet",
        ),
        InstructionError::InvalidAccountOwner | InstructionError::IllegalOwner => (
            "InvalidAccountOwner",
            "an account belongs to another program",
        ),
        InstructionError::InvalidAccountData => (
            "InvalidAccountData",
            "an account is of another type than the instruction needs",
        ),
        InstructionError::UnsupportedProgramId => (
            "UnsupportedProgramId",
            "the programs are not deployed on this cluster: check --url",
        ),
        InstructionError::ComputationalBudgetExceeded => (
            "ComputationalBudgetExceeded",
            "the compute-unit limit was too low because accounts changed since the simulation: try again",
        ),
        other => return (variant_name(other), other.to_string()),
    };
    (name.to_owned(), advice.to_owned())
}

/// The name of an enum's variant, without its fields.
fn variant_name(error: &impl fmt::Debug) -> String {
    let text = format!("{error:?}");
    text.split(['(', ' ', '{'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use custody::CustodyError;
    use registry::RegistryError;
    use solana_message::Message;

    use super::*;
    use crate::instruction;

    fn explained(error: InstructionError) -> Refusal {
        let payer = Pubkey::new_unique();
        let instruction = instruction::registry::propose_authority(payer, payer);
        let message = VersionedMessage::Legacy(Message::new(&[instruction], Some(&payer)));
        explain(
            &TransactionError::InstructionError(0, error),
            &message,
            Vec::new(),
        )
    }

    #[test]
    fn a_programs_error_comes_with_its_name_and_message() {
        let code = RegistryError::NotRegistryAuthority as u32 + 6000;
        let refusal = explained(InstructionError::Custom(code));
        assert_eq!(refusal.program.as_deref(), Some("registry"));
        assert_eq!(refusal.name, "NotRegistryAuthority");
        assert!(
            refusal.message.contains("sign with the key"),
            "{}",
            refusal.message
        );
    }

    #[test]
    fn every_error_of_a_program_has_a_message() {
        assert!(
            PROGRAMS[0]
                .1
                .errors
                .contains_key(&(RegistryError::NotPendingManufacturer as u32 + 6000))
        );
        assert!(
            PROGRAMS[1]
                .1
                .errors
                .contains_key(&(CustodyError::SequenceExhausted as u32 + 7000))
        );
        for (_, program) in PROGRAMS.iter() {
            assert!(program.errors.values().all(|error| !error.msg.is_empty()));
        }
    }

    #[test]
    fn the_runtimes_errors_are_explained_too() {
        assert_eq!(
            explained(InstructionError::Custom(0)).name,
            "AccountAlreadyInUse"
        );
        assert_eq!(
            explained(InstructionError::InvalidSeeds).name,
            "InvalidSeeds"
        );
        assert_eq!(explained(InstructionError::CallDepth).name, "CallDepth");
    }
}
