//! What the programs' account types have in common.

use bytemuck::Pod;
use solana_address::Address;

/// Bytes before an account's fields: they say of which type it is.
pub const DISCRIMINATOR_BYTES: usize = 8;

/// An account type of one of the programs: a plain struct of fixed layout behind 8 bytes that name it.
pub trait Record: Pod {
    /// The type's name, as the program's IDL has it.
    const NAME: &'static str;
    /// The program that owns such accounts.
    const PROGRAM: Address;
    /// The first bytes of the account: `SHA-256("account:" ‖ NAME)`, cut off after 8.
    const DISCRIMINATOR: [u8; DISCRIMINATOR_BYTES];
    /// Bytes of the whole account.
    const BYTES: usize = DISCRIMINATOR_BYTES + size_of::<Self>();

    /// Reads an account's data; `None` if they are of another type or size. Who owns the account is the
    /// caller's to check.
    fn from_account_data(data: &[u8]) -> Option<Self> {
        let (discriminator, fields) = data.split_first_chunk()?;
        let is_of_type = *discriminator == Self::DISCRIMINATOR && fields.len() == size_of::<Self>();
        is_of_type.then(|| bytemuck::pod_read_unaligned(fields))
    }

    /// The account's data.
    fn to_account_data(&self) -> alloc::vec::Vec<u8> {
        [&Self::DISCRIMINATOR, bytemuck::bytes_of(self)].concat()
    }
}
