//! Token accounts and mints of either token program, read where they are.
//!
//! `anchor-spl` has their layouts; but its interface types walk the extensions, with a
//! multiplication of sizes that this target's compiler gets wrong.

use core::ops::Deref;

use anchor_lang::{
    Id,
    accounts::SlabSchema,
    prelude::*,
    programs::{Token, Token2022},
};
use bytemuck::{Pod, Zeroable};

/// A token account.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct TokenAccount(anchor_spl::TokenAccount);

/// A mint.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Mint(anchor_spl::Mint);

// SAFETY: `repr(transparent)` over a type that is `Zeroable`.
unsafe impl Zeroable for TokenAccount {}
// SAFETY: `repr(transparent)` over a type that is `Pod`.
unsafe impl Pod for TokenAccount {}
// SAFETY: `repr(transparent)` over a type that is `Zeroable`.
unsafe impl Zeroable for Mint {}
// SAFETY: `repr(transparent)` over a type that is `Pod`.
unsafe impl Pod for Mint {}

/// Bytes of a token account, and where extended accounts and mints say which they are.
const BASE: usize = core::mem::size_of::<TokenAccount>();
/// Bytes of a multisig, which no extended account has.
const MULTISIG: usize = 355;
/// What an extended mint says that it is.
const IS_MINT: u8 = 1;
/// What an extended token account says that it is.
const IS_ACCOUNT: u8 = 2;

/// Where a mint's extensions begin: behind the byte that says what it is.
const EXTENSIONS: usize = BASE + 1;

/// Whether `data` have the size of a `plain` account, or say that they are an extended one.
#[inline(never)]
fn check_size(view: &AccountView, data: &[u8], plain: usize, kind: u8) -> Result<()> {
    let is_newer = view.owned_by(&Token2022::id());
    require!(
        is_newer || view.owned_by(&Token::id()),
        ProgramError::IllegalOwner
    );
    let is_extended = is_newer && data.len() > BASE && data.len() != MULTISIG && data[BASE] == kind;
    require!(
        data.len() == plain || is_extended,
        ProgramError::InvalidAccountData
    );
    Ok(())
}

impl SlabSchema for TokenAccount {
    const DATA_OFFSET: usize = 0;
    const MIN_DATA_LEN: usize = BASE;

    fn validate(view: &AccountView, data: &[u8]) -> Result<()> {
        const STATE: usize = 108;
        check_size(view, data, BASE, IS_ACCOUNT)?;
        require!(data[STATE] != 0, ProgramError::UninitializedAccount);
        Ok(())
    }
}

impl SlabSchema for Mint {
    const DATA_OFFSET: usize = 0;
    const MIN_DATA_LEN: usize = core::mem::size_of::<Self>();

    fn validate(view: &AccountView, data: &[u8]) -> Result<()> {
        const IS_INITIALIZED: usize = 45;
        check_size(view, data, Self::MIN_DATA_LEN, IS_MINT)?;
        require!(
            data[IS_INITIALIZED] == 1,
            ProgramError::UninitializedAccount
        );
        Ok(())
    }
}

impl Deref for TokenAccount {
    type Target = anchor_spl::TokenAccount;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for Mint {
    type Target = anchor_spl::Mint;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// What Token-2022 writes behind a mint.
pub(crate) trait Extensions {
    /// Each extension's type, length and value, one after the other; empty if there are none.
    fn extensions(&self) -> &[u8];
}

impl Extensions for Account<Mint> {
    fn extensions(&self) -> &[u8] {
        // SAFETY: nothing writes to the mint while the slice is in use.
        let data = unsafe { self.account().borrow_unchecked() };
        data.get(EXTENSIONS..).unwrap_or_default()
    }
}

#[cfg(feature = "idl-build")]
impl anchor_lang::IdlAccountType for TokenAccount {}
#[cfg(feature = "idl-build")]
impl anchor_lang::IdlAccountType for Mint {}
