//! Why bytes or a text are not a transaction.

use solana_pubkey::Pubkey;

use crate::fee_payer::MAX_BYTES;

/// Why bytes or a text are not a transaction that can be signed or submitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTransaction {
    /// The text is in neither of the two encodings.
    #[error("it is neither base64 nor base58: give a transaction as `--sign-only` writes it")]
    Encoding,
    /// It is longer than any transaction.
    #[error("it has {0} bytes, and a transaction has {MAX_BYTES} at most")]
    TooLong(usize),
    /// The bytes are not those of a transaction, or more than one.
    #[error("its bytes are not a whole transaction: copy it again")]
    Form,
    /// It is of another version than the legacy one, which is all that is used here.
    #[error("it is not a legacy transaction: have it made without address look-up tables")]
    Version,
    /// A signature in it does not belong to the key and the message.
    #[error("the signature of {0} is not valid for it: it was changed after it was signed")]
    Signature(Pubkey),
    /// The key does not sign it.
    #[error("{0} is not among the keys that sign it")]
    NotASigner(Pubkey),
    /// Signatures are missing.
    #[error("it is not signed by {} yet", list(.0))]
    Unsigned(Vec<Pubkey>),
}

fn list(keys: &[Pubkey]) -> String {
    let keys: Vec<String> = keys.iter().map(Pubkey::to_string).collect();
    keys.join(", ")
}
