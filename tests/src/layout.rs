//! Zero-copy accounts to and from the bytes on the ledger: a discriminator, then the struct.

use anchor_lang::Discriminator;
use bytemuck::Pod;

/// Bytes in front of an account's fields.
pub const DISCRIMINATOR_BYTES: usize = 8;

/// Reads an account's bytes as its type. Panics if they are another type's.
pub fn decode<T: Pod + Discriminator>(data: &[u8]) -> T {
    let (discriminator, fields) = data.split_at(DISCRIMINATOR_BYTES);
    assert_eq!(
        discriminator,
        T::DISCRIMINATOR,
        "the account is not a {}",
        std::any::type_name::<T>()
    );
    bytemuck::pod_read_unaligned(fields)
}

/// The bytes of an account that holds `fields`.
pub fn encode<T: Pod + Discriminator>(fields: &T) -> Vec<u8> {
    [T::DISCRIMINATOR, bytemuck::bytes_of(fields)].concat()
}

/// `text` in a field of `N` bytes, then zeros. Panics if it does not fit.
pub fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    field[..text.len()].copy_from_slice(text.as_bytes());
    field
}
