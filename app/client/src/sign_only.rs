//! What `--sign-only` writes and `cosign` reads: transactions that wait for signatures, in the words of
//! Solana's command line.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;
use serde_json::Value;

use crate::partial_transaction::{InvalidTransaction, PartialTransaction};

/// Transactions that are read from one text at most.
const MAX_TRANSACTIONS: usize = 1_000;
/// Bytes of a text with transactions at most. What `cosign` passes on has its review of each beside it.
pub const MAX_TEXT: usize = 64 << 20;

/// How a transaction is written as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As wallets and RPC nodes take it.
    #[default]
    Base64,
    /// As programs of multisigs import it.
    Base58,
}

impl Encoding {
    fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Base64 => BASE64_STANDARD.encode(bytes),
            Self::Base58 => bs58::encode(bytes).into_string(),
        }
    }
}

/// A transaction, who has signed it, and who still has to. The fields but `transaction` are those of the
/// Solana CLI's `--sign-only --output json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignOnly {
    /// The blockhash that it names, or the value of its nonce.
    pub blockhash: String,
    /// In Solana's wire format; missing signatures are zeros.
    pub transaction: String,
    /// The bytes that are signed, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Who has signed, as `PUBKEY=SIGNATURE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<String>,
    /// The keys that still have to sign.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
}

impl SignOnly {
    /// Of a transaction, with the message if that is asked for.
    pub fn of(transaction: &PartialTransaction, encoding: Encoding, with_message: bool) -> Self {
        let message = transaction.message().serialize();
        let signers = transaction.signatures();
        let absent = transaction.absent();
        Self {
            blockhash: transaction.message().recent_blockhash.to_string(),
            transaction: encoding.encode(&transaction.to_bytes()),
            message: with_message.then(|| encoding.encode(&message)),
            signers: signers
                .map(|(key, signature)| format!("{key}={signature}"))
                .collect(),
            absent: absent.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Why a text holds no transactions to sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// It is JSON of another form.
    #[error(
        "it is JSON without a field `transaction` or `transactions`: give what `--sign-only` or a wallet \
         wrote"
    )]
    Form,
    /// There are none, or far too many.
    #[error("it has {0} transactions: give from 1 to {MAX_TRANSACTIONS}")]
    Count(usize),
    /// It is longer than what `--sign-only` or a wallet writes.
    #[error("it has more than {MAX_TEXT} bytes: give fewer transactions at once")]
    TooLong,
    /// One of the transactions is not valid.
    #[error("transaction {number}: {reason}")]
    Transaction {
        /// Its number, counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: InvalidTransaction,
    },
}

/// Reads the transactions in a text: what `--sign-only` wrote, a JSON object with a `transaction` as wallets
/// have it, or a transaction alone in base64 or base58.
///
/// # Errors
///
/// [`InvalidDocument`].
pub fn read(text: &str) -> Result<Vec<PartialTransaction>, InvalidDocument> {
    if text.len() > MAX_TEXT {
        return Err(InvalidDocument::TooLong);
    }
    let text = text.trim();
    let texts: Vec<String> = if text.starts_with('{') {
        let document: Value = serde_json::from_str(text).map_err(|_| InvalidDocument::Form)?;
        let entries = match document.get("transactions") {
            Some(several) => several.as_array().ok_or(InvalidDocument::Form)?.as_slice(),
            None => std::slice::from_ref(&document),
        };
        let text = |entry: &Value| Some(entry.get("transaction")?.as_str()?.to_owned());
        let texts: Option<Vec<String>> = entries.iter().map(text).collect();
        texts.ok_or(InvalidDocument::Form)?
    } else {
        vec![text.to_owned()]
    };
    if !(1..=MAX_TRANSACTIONS).contains(&texts.len()) {
        return Err(InvalidDocument::Count(texts.len()));
    }
    let read = |(index, text): (usize, &String)| {
        PartialTransaction::from_text(text).map_err(|reason| InvalidDocument::Transaction {
            number: index + 1,
            reason,
        })
    };
    texts.iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use solana_hash::Hash;
    use solana_keypair::Keypair;
    use solana_message::Message;
    use solana_signer::Signer as _;
    use solana_system_interface::instruction::transfer;

    use super::*;

    fn example() -> (PartialTransaction, Keypair, Keypair) {
        let [payer, other] = std::array::from_fn(|_| Keypair::new());
        let paid = transfer(&other.pubkey(), &payer.pubkey(), 1);
        let blockhash = Hash::new_from_array([5; 32]);
        let message = Message::new_with_blockhash(&[paid], Some(&payer.pubkey()), &blockhash);
        (PartialTransaction::unsigned(message), payer, other)
    }

    #[test]
    fn it_says_who_has_signed_and_who_has_to() {
        let (mut transaction, payer, other) = example();
        transaction.sign(&payer).unwrap();
        let written = SignOnly::of(&transaction, Encoding::Base64, true);
        let (_, signature) = transaction.signatures().next().unwrap();
        assert_eq!(
            serde_json::to_value(&written).unwrap(),
            json!({
                "blockhash": Hash::new_from_array([5; 32]).to_string(),
                "transaction": transaction.to_base64(),
                "message": BASE64_STANDARD.encode(transaction.message().serialize()),
                "signers": [format!("{}={signature}", payer.pubkey())],
                "absent": [other.pubkey().to_string()],
            })
        );
        let brief = SignOnly::of(&transaction, Encoding::Base58, false);
        assert_eq!(
            (brief.message, brief.transaction),
            (None, Encoding::Base58.encode(&transaction.to_bytes()))
        );
    }

    #[test]
    fn what_was_written_is_read_back_in_every_form() {
        let (mut transaction, payer, _) = example();
        transaction.sign(&payer).unwrap();
        let entry = SignOnly::of(&transaction, Encoding::Base64, false);
        for (text, count) in [
            (
                json!({ "would": "pay", "transactions": [entry, entry] }).to_string(),
                2,
            ),
            (serde_json::to_string_pretty(&entry).unwrap(), 1),
            (
                json!({ "message": "hello", "transaction": entry.transaction }).to_string(),
                1,
            ),
            (entry.transaction.clone(), 1),
            (
                format!(" {}\r\n", Encoding::Base58.encode(&transaction.to_bytes())),
                1,
            ),
        ] {
            assert_eq!(read(&text).unwrap(), vec![transaction.clone(); count]);
        }
    }

    #[test]
    fn what_holds_no_transaction_is_refused() {
        for text in ["{}", "{", r#"{"transactions":{}}"#, r#"{"transaction":7}"#] {
            assert_eq!(read(text).unwrap_err(), InvalidDocument::Form, "{text}");
        }
        let none = read(r#"{"transactions":[]}"#).unwrap_err();
        assert_eq!(none, InvalidDocument::Count(0));
        let longer = " ".repeat(MAX_TEXT + 1);
        assert_eq!(read(&longer).unwrap_err(), InvalidDocument::TooLong);
        let (transaction, ..) = example();
        let entry = json!({ "transaction": transaction.to_base64() });
        let endless = json!({ "transactions": vec![entry.clone(); MAX_TRANSACTIONS + 1] });
        let endless = read(&endless.to_string()).unwrap_err();
        assert_eq!(endless, InvalidDocument::Count(MAX_TRANSACTIONS + 1));
        let second = json!({ "transactions": [entry, { "transaction": "?" }] });
        let expected = InvalidDocument::Transaction {
            number: 2,
            reason: InvalidTransaction::Encoding,
        };
        assert_eq!(read(&second.to_string()).unwrap_err(), expected);
    }
}
