//! The loader's record of a deployed program, read for one thing: who may upgrade it.

use anchor_lang::{accounts::SlabSchema, prelude::*};
use bytemuck::{Pod, Zeroable};

/// `BPFLoaderUpgradeab1e11111111111111111111111`.
pub const UPGRADEABLE_LOADER: Address =
    anchor_lang::address!("BPFLoaderUpgradeab1e11111111111111111111111");

/// `UpgradeableLoaderState::ProgramData`, as the loader writes it with bincode: a `u32` tag of 3,
/// the slot of the deployment, and an optional upgrade authority.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct ProgramData {
    tag: [u8; 4],
    slot: [u8; 8],
    has_upgrade_authority: u8,
    upgrade_authority: Address,
}

impl ProgramData {
    const TAG: [u8; 4] = 3u32.to_le_bytes();

    /// The key that may upgrade the program; `None` once the program is final.
    pub fn upgrade_authority(&self) -> Option<&Address> {
        (self.has_upgrade_authority == 1).then_some(&self.upgrade_authority)
    }

    /// Where the loader keeps the record of `program`.
    pub fn find_address(program: &Address) -> Address {
        find_program_address(&[program.as_ref()], &UPGRADEABLE_LOADER).0
    }
}

impl SlabSchema for ProgramData {
    const DATA_OFFSET: usize = 0;
    const MIN_DATA_LEN: usize = core::mem::size_of::<Self>();

    fn validate(view: &AccountView, data: &[u8]) -> Result<()> {
        require!(
            view.owned_by(&UPGRADEABLE_LOADER),
            ProgramError::IllegalOwner
        );
        require!(
            data.len() >= Self::MIN_DATA_LEN,
            ProgramError::AccountDataTooSmall
        );
        require!(
            data.starts_with(&Self::TAG),
            ProgramError::InvalidAccountData
        );
        Ok(())
    }
}

#[cfg(feature = "idl-build")]
impl anchor_lang::IdlAccountType for ProgramData {}
