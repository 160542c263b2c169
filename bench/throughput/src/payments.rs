//! What a handoff is compared with: plain transfers of lamports round the same ring.

use anchor_lang::solana_program::instruction::Instruction;
use anyhow::Result;
use solana_keypair::Keypair;
use solana_system_interface::instruction::transfer;

use crate::{
    load::Carrier,
    partners::{Partner, Ring},
};

/// Payments from one wholesaler to the next.
pub struct Payments {
    ring: Ring,
    from: usize,
    /// Grows by `step`, so that no two transactions of a run are the same.
    lamports: u64,
    step: u64,
}

impl Payments {
    /// `count` carriers of payments, spread over the ring.
    pub fn carriers(ring: &Ring, count: usize) -> Vec<Self> {
        let carriers = (0..count).map(|number| Self {
            ring: ring.clone(),
            from: number % ring.len(),
            lamports: 1 + number as u64,
            step: count as u64,
        });
        carriers.collect()
    }

    fn payer(&self) -> &Partner {
        &self.ring[self.from]
    }
}

impl Carrier for Payments {
    fn size(&self) -> usize {
        1
    }

    fn instruction(&self) -> Instruction {
        let payee = &self.ring[(self.from + 1) % self.ring.len()];
        transfer(&self.payer().site.key, &payee.site.key, self.lamports)
    }

    fn signers(&self) -> Vec<&Keypair> {
        vec![&self.payer().keypair]
    }

    fn arrive(&mut self) -> Result<()> {
        self.lamports += self.step;
        Ok(())
    }
}
