//! The clock sysvar, read from its account.

use anchor_lang::{accounts::SlabSchema, prelude::*};
use bytemuck::{Pod, Zeroable};

/// The clock as an input account: reading it takes about a tenth of the compute units that the
/// `sol_get_clock_sysvar` call does, which is why the handoffs take it this way.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct ClockSysvar {
    pub slot: u64,
    pub epoch_start_timestamp: i64,
    pub epoch: u64,
    pub leader_schedule_epoch: u64,
    /// Unix seconds.
    pub unix_timestamp: i64,
}

impl SlabSchema for ClockSysvar {
    const DATA_OFFSET: usize = 0;
    const MIN_DATA_LEN: usize = core::mem::size_of::<Self>();

    #[inline(always)]
    fn validate(view: &AccountView, data: &[u8]) -> Result<()> {
        require!(
            anchor_lang::address_eq(
                view.address(),
                &anchor_lang::pinocchio::sysvars::clock::CLOCK_ID
            ),
            ProgramError::InvalidArgument
        );
        require!(
            data.len() >= Self::MIN_DATA_LEN,
            ProgramError::AccountDataTooSmall
        );
        Ok(())
    }
}

#[cfg(feature = "idl-build")]
impl anchor_lang::IdlAccountType for ClockSysvar {}
