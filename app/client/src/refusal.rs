//! What a program's refusal means, and what to do next.
//!
//! Names and messages are those of the programs' own error types.

use std::{collections::HashSet, fmt};

use anchor_lang::Discriminator;
use custody::{CustodyError, hot_path::BATCH_START, instruction::HandoffBatch};
use recall::RecallError;
use registry::RegistryError;
use serde::Serialize;
use solana_instruction::error::InstructionError;
use solana_message::{VersionedMessage, compiled_instruction::CompiledInstruction};
use solana_pubkey::Pubkey;
use solana_transaction_error::TransactionError;

use crate::blocking_recall::BlockingRecall;

/// A refused transaction, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The program that refused; `None` if the runtime did, before any program ran.
    pub program: Option<String>,
    /// The error's name, as the program's source has it.
    pub name: String,
    /// The program's own error code.
    pub code: Option<u32>,
    /// Of a batch: the consignment that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What is wrong and what to do next.
    pub message: String,
    /// The recalls that block the goods, if they were refused for one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recalls: Vec<BlockingRecall>,
    /// The program's log, if the endpoint sent it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
}

/// One consignment of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its number in the transaction, counted from 1.
    pub number: u32,
    /// Its address.
    pub consignment: String,
}

/// An error that a program refuses with.
pub trait ProgramError: Copy {
    /// The program's name, as a [`Refusal`] has it.
    const PROGRAM: &'static str;
    /// The error with this code, if there is one.
    fn from_code(code: u32) -> Option<Self>;
    /// The code that the runtime reports.
    fn code(self) -> u32;
    /// Its name in the program's source.
    fn name(self) -> &'static str;
    /// What is wrong and what to do next.
    fn message(self) -> &'static str;
}

macro_rules! program_errors {
    ($($error:ty, $program:literal;)+) => {
        $(impl ProgramError for $error {
            const PROGRAM: &'static str = $program;

            fn from_code(code: u32) -> Option<Self> {
                Self::from_code(code)
            }

            fn code(self) -> u32 {
                self.code()
            }

            fn name(self) -> &'static str {
                self.name()
            }

            fn message(self) -> &'static str {
                self.message()
            }
        })+
    };
}

program_errors! {
    RegistryError, "registry";
    CustodyError, "custody";
    RecallError, "recall";
}

impl Refusal {
    /// Whether the transaction was refused with this error, of a batch with it for any consignment.
    pub fn is<E: ProgramError>(&self, error: E) -> bool {
        self.program.as_deref() == Some(E::PROGRAM) && self.code == Some(error.code())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(program) = &self.program {
            write!(f, "{program} ")?;
        }
        f.write_str("refused")?;
        if let Some(Place {
            number,
            consignment,
        }) = &self.place
        {
            write!(f, " consignment {number} of the batch, {consignment}")?;
        }
        write!(f, ": {} ({})", self.message, self.name)?;
        for recall in &self.recalls {
            write!(f, "; {recall}")?;
        }
        Ok(())
    }
}

/// A program's error.
struct Known {
    name: &'static str,
    message: &'static str,
}

/// The name of the program with this address, and its error with this code.
fn known(program: &Pubkey, code: Option<u32>) -> Option<(&'static str, Option<Known>)> {
    fn find<E: ProgramError>(code: Option<u32>) -> Option<(&'static str, Option<Known>)> {
        let error = code.and_then(E::from_code);
        let known = error.map(|error| Known {
            name: error.name(),
            message: error.message(),
        });
        Some((E::PROGRAM, known))
    }
    match *program {
        registry::ID => find::<RegistryError>(code),
        custody::ID => find::<CustodyError>(code),
        recall::ID => find::<RecallError>(code),
        _ => None,
    }
}

/// Explains why `message` was refused. The recalls that block it are not looked up.
pub(crate) fn explain(
    error: &TransactionError,
    message: &VersionedMessage,
    logs: Vec<String>,
) -> Refusal {
    let TransactionError::InstructionError(index, instruction_error) = error else {
        let (name, message) = runtime_refusal(error);
        return Refusal {
            program: None,
            name,
            code: None,
            place: None,
            message,
            recalls: Vec::new(),
            logs,
        };
    };
    let instruction = message.instructions().get(usize::from(*index));
    let keys = message.static_account_keys();
    let program_id = instruction
        .and_then(|instruction| keys.get(usize::from(instruction.program_id_index)))
        .copied()
        .unwrap_or_default();
    let batch = instruction.filter(|instruction| {
        program_id == custody::ID && instruction.data.starts_with(HandoffBatch::DISCRIMINATOR)
    });
    // The upper half of a batch's error code is the number of the consignment.
    let (code, upper) = match instruction_error {
        InstructionError::Custom(code) if batch.is_some() => (Some(code & 0xffff), code >> 16),
        InstructionError::Custom(code) => (Some(*code), 0),
        _ => (None, 0),
    };
    let (program, own) = match known(&program_id, code) {
        Some((program, own)) => (program.to_owned(), own),
        None => (program_id.to_string(), None),
    };
    let is_own = own.is_some();
    let (name, text) = match own {
        Some(own) => (own.name.to_owned(), own.message.to_owned()),
        None => builtin_refusal(instruction_error),
    };
    let is_of_batch = |error: CustodyError| code == Some(error.code());
    let place = batch
        .filter(|_| is_own && !OF_WHOLE_BATCH.into_iter().any(is_of_batch))
        .and_then(|batch| place_in_batch(upper, batch, message));
    Refusal {
        program: Some(program),
        name,
        code,
        place,
        message: text,
        recalls: Vec::new(),
        logs,
    }
}

/// Refusals of a batch as a whole, independent of its consignments.
const OF_WHOLE_BATCH: [CustodyError; 20] = [
    CustodyError::NotPartnerKey,
    CustodyError::NotSitesOperator,
    CustodyError::OperatorNotYetValid,
    CustodyError::OperatorLapsed,
    CustodyError::OperatorPermission,
    CustodyError::OperatorDismissed,
    CustodyError::InvalidKind,
    CustodyError::SamePartner,
    CustodyError::SenderNotConfirmed,
    CustodyError::SenderSuspended,
    CustodyError::SenderRevoked,
    CustodyError::SenderLicenceLapsed,
    CustodyError::SenderRole,
    CustodyError::ReceiverNotConfirmed,
    CustodyError::ReceiverSuspended,
    CustodyError::ReceiverRevoked,
    CustodyError::ReceiverLicenceLapsed,
    CustodyError::ReceiverRole,
    CustodyError::SequenceCount,
    CustodyError::NotShippable,
];

/// The consignment that `batch` in `message` has at `place`, counted from 0.
fn place_in_batch(
    place: u32,
    batch: &CompiledInstruction,
    message: &VersionedMessage,
) -> Option<Place> {
    // Of what follows the instruction's own accounts, operators and lots are only read.
    let mut consignments = batch
        .accounts
        .iter()
        .skip(BATCH_START.into())
        .map(|&index| usize::from(index))
        .filter(|&index| {
            message.is_maybe_writable_with_reserved_addresses(index, None::<&HashSet<Pubkey>>)
        });
    let index = consignments.nth(usize::try_from(place).ok()?)?;
    Some(Place {
        number: place + 1,
        consignment: message.static_account_keys().get(index)?.to_string(),
    })
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
        TransactionError::AlreadyProcessed => "this transaction was processed already",
        TransactionError::ProgramAccountNotFound => {
            "the programs are not deployed on this cluster: check --url"
        }
        TransactionError::SignatureFailure => "a signature is not valid: check the keypairs",
        _ => return (variant_name(error), error.to_string()),
    };
    (variant_name(error), advice.to_owned())
}

/// Refusals by Anchor or the runtime on behalf of a program.
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
    use pedigree_interface::{
        Goods, TransferKind,
        identifier::Gln,
        instruction::{self, custody::handoff_batch},
        site::Site,
    };
    use solana_message::Message;

    use super::*;

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
        let code = RegistryError::NotRegistryAuthority.code();
        let refusal = explained(InstructionError::Custom(code));
        assert_eq!(refusal.program.as_deref(), Some("registry"));
        assert_eq!(refusal.name, "NotRegistryAuthority");
        assert!(refusal.is(RegistryError::NotRegistryAuthority));
        assert!(!refusal.is(RegistryError::NotPendingKey));
        assert!(!refusal.is(CustodyError::NotPartnerKey));
        assert!(
            refusal.message.contains("sign with the key"),
            "{}",
            refusal.message
        );
    }

    #[test]
    fn a_batchs_error_says_which_consignment_was_refused() {
        let [key, lot, other_lot, a, b, c] = std::array::from_fn(|_| Pubkey::new_unique());
        let goods = [(a, lot), (b, other_lot), (c, other_lot)].map(|(consignment, lot)| Goods {
            consignment,
            lot,
            sequence: 0,
        });
        let [from, to] = [9_506_000_000_015, 9_506_000_000_022].map(Gln::from_account);
        let (sender, receiver) = (Site::by_operator(from, key), Site::own(to, key));
        let batch = handoff_batch(sender, receiver, &goods, TransferKind::Sale, None);
        let message = VersionedMessage::Legacy(Message::new(&[batch], Some(&key)));
        let refused = |code: u32| {
            let error = InstructionError::Custom(code);
            explain(
                &TransactionError::InstructionError(0, error),
                &message,
                Vec::new(),
            )
        };

        let stale = CustodyError::StaleSequence.code();
        for (place, consignment) in [(0, a), (1, b), (2, c)] {
            let refusal = refused(stale | place << 16);
            assert!(refusal.is(CustodyError::StaleSequence));
            assert_eq!(
                (refusal.name.as_str(), refusal.code),
                ("StaleSequence", Some(stale))
            );
            let number = place + 1;
            let consignment = consignment.to_string();
            let said = format!("custody refused consignment {number} of the batch, {consignment}:");
            assert!(refusal.to_string().starts_with(&said), "{refusal}");
            assert_eq!(
                refusal.place,
                Some(Place {
                    number,
                    consignment
                })
            );
        }
        let suspended = refused(CustodyError::ReceiverSuspended.code());
        assert_eq!(
            (suspended.place.as_ref(), suspended.name.as_str()),
            (None, "ReceiverSuspended")
        );
    }

    #[test]
    fn every_programs_errors_are_known() {
        let name = |program: Pubkey, code: u32| {
            let (_, error) = known(&program, Some(code)).unwrap();
            error.map(|error| error.name)
        };
        for error in RegistryError::ALL {
            assert_eq!(name(registry::ID, error.code()), Some(error.name()));
        }
        for error in CustodyError::ALL {
            assert_eq!(name(custody::ID, error.code()), Some(error.name()));
        }
        for error in RecallError::ALL {
            assert_eq!(name(recall::ID, error.code()), Some(error.name()));
        }
        assert_eq!(name(custody::ID, RecallError::ALL[0].code()), None);
        assert!(known(&Pubkey::new_unique(), Some(7_000)).is_none());
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
