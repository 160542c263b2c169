//! A transaction with some of its signatures: what two companies pass to and fro until all have signed.

use std::collections::HashSet;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use solana_instruction::{AccountMeta, Instruction};
use solana_message::{Message, VersionedMessage};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::{Transaction, versioned::VersionedTransaction};

use crate::{
    error::{Error, Result},
    fee_payer::MAX_BYTES,
};

pub use crate::invalid_transaction::InvalidTransaction;

/// A legacy transaction whose signatures are valid, as far as they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialTransaction(Transaction);

impl PartialTransaction {
    /// The message without any signature.
    pub fn unsigned(message: Message) -> Self {
        Self(Transaction::new_unsigned(message))
    }

    /// Reads a transaction in Solana's wire format, whole and with nothing behind it. Missing signatures
    /// are 64 zero bytes.
    ///
    /// # Errors
    ///
    /// [`InvalidTransaction`], also if a signature in it is not valid.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidTransaction> {
        if bytes.len() > MAX_BYTES {
            return Err(InvalidTransaction::TooLong(bytes.len()));
        }
        let transaction: VersionedTransaction =
            bincode::deserialize(bytes).map_err(|_| InvalidTransaction::Form)?;
        transaction
            .sanitize()
            .map_err(|_| InvalidTransaction::Form)?;
        let VersionedMessage::Legacy(message) = transaction.message else {
            return Err(InvalidTransaction::Version);
        };
        let signatures = transaction.signatures;
        let read = Self(Transaction {
            signatures,
            message,
        });
        // There is one encoding of each transaction, and it is what was signed and shown.
        if read.to_bytes() != bytes {
            return Err(InvalidTransaction::Form);
        }
        let invalid = read
            .signatures()
            .find(|(key, signature)| !read.verifies(key, signature));
        match invalid {
            Some((key, _)) => Err(InvalidTransaction::Signature(key)),
            None => Ok(read),
        }
    }

    /// Reads it from base64 or base58, as Solana's tools write it.
    ///
    /// # Errors
    ///
    /// Those of [`from_bytes`](Self::from_bytes).
    pub fn from_text(text: &str) -> Result<Self, InvalidTransaction> {
        let text = text.trim();
        if text.len() > 2 * MAX_BYTES {
            return Err(InvalidTransaction::TooLong(text.len()));
        }
        let read = [
            BASE64_STANDARD.decode(text).ok(),
            bs58::decode(text).into_vec().ok(),
        ]
        .map(|bytes| bytes.map(|bytes| Self::from_bytes(&bytes)));
        // Most of the letters are in both alphabets, so that the wrong one may decode too.
        let [base64, base58] = read;
        match (base64, base58) {
            (Some(Err(_)) | None, Some(Ok(read))) => Ok(read),
            (Some(read), _) | (None, Some(read)) => read,
            (None, None) => Err(InvalidTransaction::Encoding),
        }
    }

    /// In Solana's wire format.
    pub fn to_bytes(&self) -> Vec<u8> {
        bincode::serialize(&self.0).expect("a transaction has a wire format")
    }

    /// In base64, as wallets and RPC nodes take it.
    pub fn to_base64(&self) -> String {
        BASE64_STANDARD.encode(self.to_bytes())
    }

    /// What is signed.
    pub const fn message(&self) -> &Message {
        &self.0.message
    }

    /// The key that pays the fees.
    pub fn fee_payer(&self) -> Pubkey {
        self.0.message.account_keys[0]
    }

    /// The keys that sign it, whether they have or not.
    pub fn signers(&self) -> &[Pubkey] {
        let count = usize::from(self.0.message.header.num_required_signatures);
        &self.0.message.account_keys[..count]
    }

    /// Who has signed.
    pub fn signatures(&self) -> impl Iterator<Item = (Pubkey, Signature)> {
        let pairs = self.signers().iter().zip(&self.0.signatures);
        pairs
            .filter(|(_, signature)| **signature != Signature::default())
            .map(|(key, signature)| (*key, *signature))
    }

    /// Who still has to sign.
    pub fn absent(&self) -> Vec<Pubkey> {
        let pairs = self.signers().iter().zip(&self.0.signatures);
        pairs
            .filter(|(_, signature)| **signature == Signature::default())
            .map(|(key, _)| *key)
            .collect()
    }

    /// Its instructions with the accounts that they name. Whether an account signs or changes is said for
    /// the transaction as a whole.
    pub fn instructions(&self) -> Vec<Instruction> {
        let message = &self.0.message;
        let account = |index: &u8| {
            let index = usize::from(*index);
            AccountMeta {
                pubkey: message.account_keys[index],
                is_signer: message.is_signer(index),
                is_writable: message
                    .is_maybe_writable_with_reserved_addresses(index, None::<&HashSet<Pubkey>>),
            }
        };
        let instructions = message.instructions.iter();
        instructions
            .map(|instruction| Instruction {
                program_id: message.account_keys[usize::from(instruction.program_id_index)],
                accounts: instruction.accounts.iter().map(account).collect(),
                data: instruction.data.clone(),
            })
            .collect()
    }

    /// Signs with one of its signers' keys.
    ///
    /// # Errors
    ///
    /// [`InvalidTransaction::NotASigner`], or if the signer cannot sign.
    pub fn sign(&mut self, signer: &dyn Signer) -> Result<()> {
        let signature = signer
            .try_sign_message(&self.0.message.serialize())
            .map_err(|error| Error::Signing(error.to_string()))?;
        Ok(self.add(signer.pubkey(), signature)?)
    }

    /// Adds a signature that was made elsewhere.
    ///
    /// # Errors
    ///
    /// [`InvalidTransaction::NotASigner`] or [`InvalidTransaction::Signature`].
    pub fn add(&mut self, key: Pubkey, signature: Signature) -> Result<(), InvalidTransaction> {
        let place = self.signers().iter().position(|signer| *signer == key);
        let place = place.ok_or(InvalidTransaction::NotASigner(key))?;
        if !self.verifies(&key, &signature) {
            return Err(InvalidTransaction::Signature(key));
        }
        self.0.signatures[place] = signature;
        Ok(())
    }

    /// The transaction, once everybody has signed.
    ///
    /// # Errors
    ///
    /// [`InvalidTransaction::Unsigned`].
    pub fn complete(&self) -> Result<VersionedTransaction, InvalidTransaction> {
        let absent = self.absent();
        match absent.is_empty() {
            true => Ok(self.0.clone().into()),
            false => Err(InvalidTransaction::Unsigned(absent)),
        }
    }

    fn verifies(&self, key: &Pubkey, signature: &Signature) -> bool {
        signature.verify(key.as_ref(), &self.0.message.serialize())
    }
}

#[cfg(test)]
mod tests {
    use pedigree_interface::{
        Goods, TransferKind, identifier::Gln, instruction::custody::handoff, site::Site,
    };
    use solana_hash::Hash;
    use solana_keypair::Keypair;
    use solana_message::v0;

    use super::*;

    struct Example {
        sender: Keypair,
        receiver: Keypair,
        transaction: PartialTransaction,
    }

    fn example() -> Example {
        let [sender, receiver] = std::array::from_fn(|_| Keypair::new());
        let goods = Goods::minted(Pubkey::new_unique());
        let site = |gln, key: &Keypair| Site::own(Gln::from_account(gln), key.pubkey());
        let (from, to) = (site(1, &sender), site(2, &receiver));
        let handed = handoff(from, to, goods, TransferKind::Sale, None);
        let blockhash = Hash::new_from_array([3; 32]);
        let message = Message::new_with_blockhash(&[handed], Some(&sender.pubkey()), &blockhash);
        Example {
            sender,
            receiver,
            transaction: PartialTransaction::unsigned(message),
        }
    }

    #[test]
    fn each_side_signs_what_the_other_side_reads() {
        let Example {
            sender,
            receiver,
            mut transaction,
        } = example();
        let both = [sender.pubkey(), receiver.pubkey()];
        assert_eq!(transaction.signers(), both);
        assert_eq!(transaction.absent(), both);
        transaction.sign(&sender).unwrap();
        assert_eq!(transaction.absent(), [receiver.pubkey()]);
        let unsigned = InvalidTransaction::Unsigned(vec![receiver.pubkey()]);
        assert_eq!(transaction.complete().unwrap_err(), unsigned);

        let base58 = bs58::encode(transaction.to_bytes()).into_string();
        for text in [transaction.to_base64(), base58] {
            let mut read = PartialTransaction::from_text(&format!("{text}\n")).unwrap();
            assert_eq!(read, transaction);
            read.sign(&receiver).unwrap();
            let complete = read.complete().unwrap();
            assert!(complete.verify_with_results().into_iter().all(|it| it));
        }
    }

    #[test]
    fn a_signature_that_was_made_elsewhere_is_checked() {
        let Example {
            receiver,
            mut transaction,
            ..
        } = example();
        let message = transaction.message().serialize();
        let stranger = Keypair::new();
        let key = receiver.pubkey();
        let forged = transaction.add(key, stranger.sign_message(&message));
        assert_eq!(forged, Err(InvalidTransaction::Signature(key)));
        let other = transaction.add(stranger.pubkey(), stranger.sign_message(&message));
        let expected = InvalidTransaction::NotASigner(stranger.pubkey());
        assert_eq!(other, Err(expected));
        transaction
            .add(key, receiver.sign_message(&message))
            .unwrap();
        assert_eq!(transaction.signatures().count(), 1);
    }

    #[test]
    fn a_transaction_that_was_changed_after_it_was_signed_is_refused() {
        let Example {
            sender,
            mut transaction,
            ..
        } = example();
        transaction.sign(&sender).unwrap();
        let bytes = transaction.to_bytes();
        for place in 65..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let read = PartialTransaction::from_bytes(&changed);
            assert!(read.is_err(), "byte {place}");
        }
    }

    #[test]
    fn what_is_not_one_whole_legacy_transaction_is_refused() {
        let transaction = example().transaction;
        let bytes = transaction.to_bytes();
        let read = |bytes: &[u8]| PartialTransaction::from_bytes(bytes).unwrap_err();
        assert_eq!(read(&[]), InvalidTransaction::Form);
        assert_eq!(read(&bytes[..bytes.len() - 1]), InvalidTransaction::Form);
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(read(&longer), InvalidTransaction::Form);
        // Two bytes for a number that one holds.
        let padded = [&[bytes[0] | 0x80, 0], &bytes[1..]].concat();
        assert_eq!(read(&padded), InvalidTransaction::Form);
        let endless = vec![0; MAX_BYTES + 1];
        assert_eq!(read(&endless), InvalidTransaction::TooLong(MAX_BYTES + 1));

        let [payer, program] = std::array::from_fn(|_| Pubkey::new_unique());
        let call = Instruction::new_with_bytes(program, &[], Vec::new());
        let message = v0::Message::try_compile(&payer, &[call], &[], Hash::default()).unwrap();
        let newer = VersionedTransaction {
            signatures: vec![Signature::default()],
            message: VersionedMessage::V0(message),
        };
        let newer = bincode::serialize(&newer).unwrap();
        assert_eq!(read(&newer), InvalidTransaction::Version);
        for text in ["", "no transaction", "0OIl+/"] {
            assert!(PartialTransaction::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instructions_are_read_back() {
        let transaction = example().transaction;
        let instructions = transaction.instructions();
        let message = Message::new_with_blockhash(
            &instructions,
            Some(&transaction.fee_payer()),
            &transaction.message().recent_blockhash,
        );
        assert_eq!(&message, transaction.message());
    }
}
