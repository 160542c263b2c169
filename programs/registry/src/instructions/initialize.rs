use anchor_lang::prelude::*;

use registry_rules::{Registry, RegistryError};

use crate::ProgramData;

#[derive(Accounts)]
pub struct Initialize {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The loader's record of this program.
    #[account(address = ProgramData::find_address(&crate::ID))]
    pub program_data: Account<ProgramData>,
    #[account(
        constraint = program_data.upgrade_authority() == Some(upgrade_authority.address())
            @ RegistryError::NotUpgradeAuthority
    )]
    pub upgrade_authority: Signer,
    // `Registry::SEED`, written out so that Anchor derives the address when it compiles.
    #[account(init, payer = payer, seeds = [b"registry"], bump)]
    pub registry: Account<Registry>,
    pub system_program: Program<System>,
}

impl Initialize {
    pub fn initialize(&mut self, authority: Address, bump: u8) -> Result<()> {
        let registry = &mut self.registry;
        registry.bump = bump;
        Ok(registry.initialize(authority)?)
    }
}
