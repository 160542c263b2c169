//! Publishing a program's IDL through the Program Metadata program, where explorers and Anchor's
//! tools look for it.
//!
//! The IDL is compressed and written to a buffer in parts. A first IDL's buffer becomes the document
//! itself; a later one's replaces the document's content in one transaction, so that readers never
//! see half an IDL. Buffers have fixed addresses: the next run closes a buffer that an interrupted
//! run left behind, and its rent is refunded.

use futures_util::{StreamExt, TryStreamExt, stream};
use solana_account::Account;
use solana_instruction::Instruction;
use solana_signature::Signature;
use solana_system_interface::instruction::transfer;

use crate::{
    deployment,
    error::{Error, Result},
    outcome::Outcome,
    program::Program,
    program_metadata::{self as interface, Content, Documents, HEADER, MAX_GROWTH, Seed},
    setup::Setup,
};

/// Bytes of content that a transaction of 1,232 bytes has room for beside two signatures, five
/// addresses and the limits that the client sets.
const PART: usize = 850;

/// How many parts are in flight at once: enough to fill a block, few enough for a public endpoint.
const PARTS_AT_ONCE: usize = 8;

pub async fn publish(setup: &Setup<'_>, program: Program) -> Result<Outcome> {
    let upgrade_authority = setup.upgrade_authority.pubkey();
    let documents = Documents {
        program: program.id(),
        upgrade_authority,
    };
    let addresses = [
        interface::ID,
        documents.address(Seed::IDL),
        documents.address(Seed::NEXT_IDL),
    ];
    let (_, accounts) = setup.ledger.accounts(&addresses).await?;
    let [host, current, next] = [0, 1, 2].map(|index| accounts.get(index).and_then(Option::as_ref));
    if !host.is_some_and(|host| host.executable) {
        return Ok(Outcome::Skipped(
            "the Program Metadata program is not on this cluster",
        ));
    }
    match Content::of(current) {
        Content::Metadata(metadata) if metadata.is(program.idl()) => {
            return Ok(Outcome::AlreadyDone);
        }
        Content::Metadata(metadata) if !metadata.is_mutable => {
            return Ok(Outcome::Skipped(
                "another IDL is published and can no longer be changed",
            ));
        }
        _ => {}
    }
    match deployment::upgrade_authority(setup.ledger, program).await? {
        Some(actual) if actual == upgrade_authority => {}
        Some(actual) => {
            return Err(Error::OtherUpgradeAuthority {
                program,
                actual,
                asked: upgrade_authority,
            });
        }
        None => {
            return Ok(Outcome::Skipped(
                "the program has no upgrade authority, so nobody can publish its IDL",
            ));
        }
    }

    let publisher = Publisher {
        setup,
        documents,
        packed: interface::pack(program.idl()),
    };
    let signature = match (Content::of(current), current) {
        (Content::Metadata(_), Some(current)) => publisher.replace(current, next).await?,
        _ => publisher.create(current).await?,
    };
    Ok(Outcome::Done(signature))
}

struct Publisher<'a> {
    setup: &'a Setup<'a>,
    documents: Documents,
    packed: Vec<u8>,
}

impl Publisher<'_> {
    /// Publishes the first IDL. `current` is the account at its address.
    async fn create(&self, current: Option<&Account>) -> Result<Signature> {
        self.fill_buffer(Seed::IDL, current).await?;
        self.send(&[self.documents.initialize(Seed::IDL)]).await
    }

    /// Replaces the IDL in `current`. `next` is the account at the buffer's address.
    async fn replace(&self, current: &Account, next: Option<&Account>) -> Result<Signature> {
        self.fill_buffer(Seed::NEXT_IDL, next).await?;
        let payer = self.setup.payer.pubkey();
        let missing = self.rent().await?.saturating_sub(current.lamports);
        let mut instructions = Vec::new();
        if missing > 0 {
            instructions.push(transfer(
                &payer,
                &self.documents.address(Seed::IDL),
                missing,
            ));
        }
        let growth = (HEADER + self.packed.len()).saturating_sub(current.data.len());
        instructions.extend(self.extensions(Seed::IDL, growth));
        instructions.push(self.documents.set_data(Seed::IDL, Seed::NEXT_IDL));
        instructions.push(self.documents.close(Seed::NEXT_IDL, payer));
        instructions.push(self.documents.trim(Seed::IDL, payer));
        self.send(&instructions).await
    }

    /// Writes the compressed IDL to the buffer of `seed`. `existing` is the account at its address.
    async fn fill_buffer(&self, seed: Seed, existing: Option<&Account>) -> Result<()> {
        let payer = self.setup.payer.pubkey();
        let (leftover, lamports) = match Content::of(existing) {
            Content::Vacant => (None, existing.map_or(0, |account| account.lamports)),
            _ => (Some(self.documents.close(seed, payer)), 0),
        };
        let missing = self.rent().await?.saturating_sub(lamports);
        let mut instructions: Vec<Instruction> = leftover.into_iter().collect();
        if missing > 0 {
            instructions.push(transfer(&payer, &self.documents.address(seed), missing));
        }
        instructions.push(self.documents.allocate(seed));
        // At its full size, the buffer takes the parts in any order.
        instructions.extend(self.extensions(seed, self.packed.len()));
        self.send(&instructions).await?;

        let writes: Vec<Instruction> = (0u32..)
            .step_by(PART)
            .zip(self.packed.chunks(PART))
            .map(|(offset, part)| self.documents.write(seed, offset, part))
            .collect();
        stream::iter(&writes)
            .map(|write| self.send(std::slice::from_ref(write)))
            .buffer_unordered(PARTS_AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await
    }

    /// Grows an account by `growth` bytes, in steps that the runtime allows.
    fn extensions(&self, seed: Seed, growth: usize) -> impl Iterator<Item = Instruction> {
        let steps = (0..growth).step_by(MAX_GROWTH);
        steps.map(move |done| {
            let step = (growth - done).min(MAX_GROWTH);
            self.documents.extend(seed, step as u16)
        })
    }

    /// Lamports that exempt the IDL's account, or its buffer, from rent.
    async fn rent(&self) -> Result<u64> {
        let size = HEADER + self.packed.len();
        Ok(self
            .setup
            .ledger
            .rpc()
            .get_minimum_balance_for_rent_exemption(size)
            .await?)
    }

    async fn send(&self, instructions: &[Instruction]) -> Result<Signature> {
        let signers = [self.setup.upgrade_authority];
        Ok(self
            .setup
            .submitter()
            .send(instructions, &signers)
            .await?
            .signature)
    }
}

#[cfg(test)]
mod tests {
    use solana_compute_budget_interface::ComputeBudgetInstruction;
    use solana_message::{Message, VersionedMessage};
    use solana_pubkey::Pubkey;

    use super::*;

    #[test]
    fn a_part_fits_in_a_transaction() {
        let payer = Pubkey::new_unique();
        let documents = Documents {
            program: Pubkey::new_unique(),
            upgrade_authority: Pubkey::new_unique(),
        };
        let instructions = [
            ComputeBudgetInstruction::set_compute_unit_limit(u32::MAX),
            ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(u32::MAX),
            ComputeBudgetInstruction::set_compute_unit_price(u64::MAX),
            documents.write(Seed::IDL, u32::MAX, &[u8::MAX; PART]),
        ];
        let message = VersionedMessage::Legacy(Message::new(&instructions, Some(&payer)));
        let signatures = 1 + 64 * usize::from(message.header().num_required_signatures);
        assert!(signatures + message.serialize().len() <= 1_232);
    }
}
