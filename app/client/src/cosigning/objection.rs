//! Why a transaction is not signed.

use pedigree_interface::{
    TransferKind,
    identifier::{Gln, Sscc},
};
use solana_pubkey::Pubkey;

use crate::reference::{ConsignmentRef, LotRef};

/// A reason not to sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// The key has nothing to sign.
    #[error("{0} does not sign it: sign with the key that it names")]
    NotASigner(Pubkey),
    /// Somebody else should have signed before.
    #[error("{0} has not signed it, which should have been done before: ask the sender")]
    OtherMissing(Pubkey),
    /// It was signed before.
    #[error("{0} has signed it already: submit it, or pass it on to who is missing")]
    AlreadySigned(Pubkey),
    /// An instruction was not agreed to.
    #[error(
        "instruction {place} is `{instruction}`, which is not part of a handoff: if it was agreed, pass \
         --expect {instruction}"
    )]
    Instruction {
        /// Its place in the transaction, counted from 1.
        place: usize,
        /// Its name, or the address of its program.
        instruction: String,
    },
    /// An instruction looks like a handoff, and is not one.
    #[error(
        "instruction {0} names other accounts or arguments than a handoff has: have it made again with \
         `pedigree handoff`"
    )]
    Malformed(usize),
    /// The transaction does nothing.
    #[error("it hands nothing over: have it made again")]
    Nothing,
    /// The key signs for the sender, or for both sides.
    #[error("{0} would sign for the sender: if it is to, pass --as sender")]
    SignsForSender(Pubkey),
    /// The key signs for the receiver, or for both sides, and was to sign for something else.
    #[error("{0} would sign for the receiver: if it is to, pass --as receiver")]
    SignsForReceiver(Pubkey),
    /// Another key takes over, hands over or pays.
    #[error("{0} signs for that, and not the key that signs here")]
    OtherKey(Pubkey),
    /// Another site hands over.
    #[error("{is} hands over, not {expected}: set the goods aside and ask both")]
    OtherSender {
        /// The site.
        is: Gln,
        /// The one that was expected.
        expected: Gln,
    },
    /// Another site takes over.
    #[error("{is} takes over, not {expected}: have it made again")]
    OtherReceiver {
        /// The site.
        is: Gln,
        /// The one that was expected.
        expected: Gln,
    },
    /// The handoff is for something else.
    #[error("it is a {is}, not a {expected}: if that was agreed, pass --kind {is}")]
    OtherKind {
        /// What it is.
        is: TransferKind,
        /// What was expected.
        expected: TransferKind,
    },
    /// Another document is behind it.
    #[error("it names another document than was expected: compare the documents")]
    OtherDocument,
    /// A consignment changed since.
    #[error("{0} changed since the transaction was made: have it made again")]
    Stale(ConsignmentRef),
    /// A consignment was not expected.
    #[error("{consignment} ({address}) was not expected: have it taken out, or name it")]
    NotExpected {
        /// The consignment.
        consignment: ConsignmentRef,
        /// Where its account is.
        address: Pubkey,
    },
    /// A consignment holds units that were not scanned.
    #[error(
        "{units} units of {consignment} were not scanned: look for them, or have them taken out"
    )]
    NotScanned {
        /// The consignment.
        consignment: ConsignmentRef,
        /// How many.
        units: u32,
    },
    /// An expected consignment, at this address, is not handed over.
    #[error("consignment {0} was expected and is not in it: ask the sender")]
    Missing(Pubkey),
    /// A scanned package is not handed over, or only a part of it.
    #[error("package {0} was scanned and is not, or not as a whole, in it: ask the sender")]
    PackageMissing(Sscc),
    /// Scanned packs are not handed over.
    #[error("{packs} packs of {lot} were scanned and are not in it: ask the sender")]
    PacksMissing {
        /// Their lot.
        lot: LotRef,
        /// How many.
        packs: u32,
    },
    /// The key that signs would pay.
    #[error(
        "{0} would pay the fees: if that was agreed, pass --fee-payer with the keypair that pays"
    )]
    Pays(Pubkey),
    /// The fees are too high.
    #[error("its fees may come to {fee} lamports, and at most {max} were agreed: see --max-fee")]
    FeeTooHigh {
        /// The most that they come to.
        fee: u64,
        /// What was agreed.
        max: u64,
    },
    /// The transaction does not expire.
    #[error(
        "it names the nonce {0}, so it can be submitted until that is advanced: if that was agreed, pass \
         --nonce {0}"
    )]
    Nonce(Pubkey),
}
