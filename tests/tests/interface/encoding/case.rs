//! An instruction and the data that its builder must encode, and values to encode.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use borsh::BorshSerialize;
use pedigree_interface::{Site, identifier::Gln};

/// An instruction as its builder makes it, and the data that it must have.
pub struct Case {
    pub name: &'static str,
    pub built: Instruction,
    pub expected: Vec<u8>,
}

pub fn case(
    name: &'static str,
    discriminator: u8,
    built: Instruction,
    arguments: impl BorshSerialize,
) -> Case {
    let arguments = borsh::to_vec(&arguments).expect("a Vec takes everything");
    Case {
        name,
        built,
        expected: [vec![discriminator], arguments].concat(),
    }
}

/// A key or hash that is different for each number.
pub const fn bytes(number: u8) -> [u8; 32] {
    let mut bytes = [number; 32];
    bytes[0] = 0xAB;
    bytes[31] = 0xCD;
    bytes
}

pub const fn key(number: u8) -> Address {
    Address::new_from_array(bytes(number))
}

/// A field of `N` bytes with a first and a last byte that are not zero.
pub const fn field<const N: usize>(first: u8) -> [u8; N] {
    let mut field = [0; N];
    field[0] = first;
    field[N - 1] = first + 1;
    field
}

pub fn site(number: u8) -> Site {
    Site::own(Gln::from_account(u64::from(number)), key(number))
}
