//! The interface of the Program Metadata program, as far as publishing an IDL needs it.
//!
//! The program keeps documents about other programs, each at an address that is derived from the
//! program's address and a seed. A document that the program's upgrade authority wrote is
//! *canonical*: readers trust it as the program's own. Content that does not fit in one transaction
//! is first written to a *buffer*.
//!
//! Both kinds of account begin with a header of 96 bytes; the content follows.
//!
//! | offset | size | buffer | metadata |
//! |---|---|---|---|
//! | 0 | 1 | 1 | 2 |
//! | 1 | 32 | the program that it documents | the same |
//! | 33 | 32 | who may write it | who else may write it, or zeros |
//! | 65 | 1 | 1 if canonical | 1 while it may be changed |
//! | 66 | 1 | seed, 16 bytes from here | 1 if canonical |
//! | 67 | 16 | (seed), then zeros | seed, zero padded |
//! | 83 | 1 | | encoding: 1 is UTF-8 |
//! | 84 | 1 | | compression: 2 is zlib |
//! | 85 | 1 | | format: 1 is JSON |
//! | 86 | 1 | | source: 0 is the content itself |
//! | 87 | 4 | | length of the content, `u32` LE |
//!
//! An instruction's data is its discriminator, then its arguments:
//!
//! | discriminator | instruction | arguments |
//! |---|---|---|
//! | 0 | write | offset in the content `u32` LE, bytes |
//! | 1 | initialize | seed, encoding, compression, format, source |
//! | 3 | set data | encoding, compression, format, source |
//! | 5 | trim | |
//! | 6 | close | |
//! | 7 | allocate | seed |
//! | 8 | extend | bytes to add `u16` LE |
//!
//! In place of an optional account that is absent, the program's own address is given.

use std::io::Read;

use flate2::{Compression, read::ZlibDecoder, read::ZlibEncoder};
use pedigree_client::registry::ProgramData;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::{system_program, sysvar::rent};

pub const ID: Pubkey = Pubkey::from_str_const("ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S");

/// The bytes of an account before its content.
pub const HEADER: usize = 96;

/// The most bytes by which an instruction may grow an account: the runtime's limit.
pub const MAX_GROWTH: usize = 10 * 1024;

/// How content is encoded: UTF-8, zlib, JSON, in the account itself.
const JSON_IN_ACCOUNT: [u8; 4] = [1, 2, 1, 0];

const WRITE: u8 = 0;
const INITIALIZE: u8 = 1;
const SET_DATA: u8 = 3;
const TRIM: u8 = 5;
const CLOSE: u8 = 6;
const ALLOCATE: u8 = 7;
const EXTEND: u8 = 8;

/// The name of a document among those about one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed([u8; 16]);

impl Seed {
    /// The IDL that readers look for.
    pub const IDL: Self = Self(*b"idl\0\0\0\0\0\0\0\0\0\0\0\0\0");
    /// The buffer in which the next IDL is assembled while readers still see the last one.
    pub const NEXT_IDL: Self = Self(*b"idl.next\0\0\0\0\0\0\0\0");
}

/// Compresses a JSON document into the content of a metadata account.
pub fn pack(json: &str) -> Vec<u8> {
    let mut packed = Vec::new();
    ZlibEncoder::new(json.as_bytes(), Compression::best())
        .read_to_end(&mut packed)
        .expect("memory can be read");
    packed
}

/// The content of an account at one of the program's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// No account, or one that only holds lamports that somebody sent there.
    Vacant,
    /// A buffer, possibly incomplete.
    Buffer,
    Metadata(Metadata<'a>),
}

/// A document, as its account holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata<'a> {
    pub is_mutable: bool,
    reading: [u8; 4],
    packed: &'a [u8],
}

impl<'a> Content<'a> {
    pub fn of(account: Option<&'a Account>) -> Self {
        let Some(data) = account
            .filter(|account| account.owner == ID)
            .map(|account| &account.data)
        else {
            return Self::Vacant;
        };
        match data.split_at_checked(HEADER) {
            Some((header, content)) if header[0] == 2 => {
                let length = [header[87], header[88], header[89], header[90]];
                let length = u32::from_le_bytes(length) as usize;
                Self::Metadata(Metadata {
                    is_mutable: header[65] != 0,
                    reading: [header[83], header[84], header[85], header[86]],
                    packed: content.get(..length).unwrap_or(content),
                })
            }
            _ => Self::Buffer,
        }
    }
}

impl Metadata<'_> {
    /// Whether the document is `json`, however well it is compressed.
    pub fn is(&self, json: &str) -> bool {
        let mut unpacked = Vec::with_capacity(json.len() + 1);
        // Bounded, because a few bytes can decompress to very many.
        let limit = json.len() as u64 + 1;
        self.reading == JSON_IN_ACCOUNT
            && ZlibDecoder::new(self.packed)
                .take(limit)
                .read_to_end(&mut unpacked)
                .is_ok()
            && unpacked == json.as_bytes()
    }
}

/// A program's canonical documents, written by its upgrade authority.
#[derive(Clone, Copy, Debug)]
pub struct Documents {
    pub program: Pubkey,
    pub upgrade_authority: Pubkey,
}

impl Documents {
    /// The address of the document with this seed, and of its buffer before that.
    pub fn address(&self, seed: Seed) -> Pubkey {
        Pubkey::find_program_address(&[self.program.as_ref(), &seed.0], &ID).0
    }

    /// Creates an empty buffer at a [`Content::Vacant`] address that has lamports for its rent.
    pub fn allocate(&self, seed: Seed) -> Instruction {
        let mut accounts = self.accounts(self.address(seed));
        accounts.push(AccountMeta::new_readonly(system_program::ID, false));
        instruction(ALLOCATE, &[&seed.0], accounts)
    }

    /// Appends `bytes` zeros, at most [`MAX_GROWTH`], to an account that has lamports for their rent.
    pub fn extend(&self, seed: Seed, bytes: u16) -> Instruction {
        instruction(
            EXTEND,
            &[&bytes.to_le_bytes()],
            self.accounts(self.address(seed)),
        )
    }

    /// Writes a part of a buffer's content.
    pub fn write(&self, seed: Seed, offset: u32, part: &[u8]) -> Instruction {
        let accounts = vec![
            AccountMeta::new(self.address(seed), false),
            AccountMeta::new_readonly(self.upgrade_authority, true),
            // No other buffer to copy from: the part is in the instruction.
            AccountMeta::new_readonly(ID, false),
        ];
        instruction(WRITE, &[&offset.to_le_bytes(), part], accounts)
    }

    /// Turns a buffer into a document, in place.
    pub fn initialize(&self, seed: Seed) -> Instruction {
        let mut accounts = self.accounts(self.address(seed));
        // The account exists, so the system program is not needed.
        accounts.push(AccountMeta::new_readonly(ID, false));
        instruction(INITIALIZE, &[&seed.0, &JSON_IN_ACCOUNT], accounts)
    }

    /// Replaces a document's content with a buffer's.
    pub fn set_data(&self, seed: Seed, buffer: Seed) -> Instruction {
        let mut accounts = self.accounts(self.address(seed));
        accounts.insert(2, AccountMeta::new_readonly(self.address(buffer), false));
        instruction(SET_DATA, &[&JSON_IN_ACCOUNT], accounts)
    }

    /// Cuts an account to its content, and pays the lamports that it no longer needs to `recipient`.
    pub fn trim(&self, seed: Seed, recipient: Pubkey) -> Instruction {
        let mut accounts = self.accounts(self.address(seed));
        accounts.push(AccountMeta::new(recipient, false));
        accounts.push(AccountMeta::new_readonly(rent::ID, false));
        instruction(TRIM, &[], accounts)
    }

    /// Closes an account and pays its lamports to `recipient`.
    pub fn close(&self, seed: Seed, recipient: Pubkey) -> Instruction {
        let mut accounts = self.accounts(self.address(seed));
        accounts.push(AccountMeta::new(recipient, false));
        instruction(CLOSE, &[], accounts)
    }

    /// The accounts that most instructions start with: the one to change, and those that prove that
    /// the signer is the program's upgrade authority.
    fn accounts(&self, changed: Pubkey) -> Vec<AccountMeta> {
        vec![
            AccountMeta::new(changed, false),
            AccountMeta::new_readonly(self.upgrade_authority, true),
            AccountMeta::new_readonly(self.program, false),
            AccountMeta::new_readonly(ProgramData::find_address(&self.program), false),
        ]
    }
}

fn instruction(discriminator: u8, arguments: &[&[u8]], accounts: Vec<AccountMeta>) -> Instruction {
    let mut data = vec![discriminator];
    data.extend(arguments.iter().copied().flatten());
    Instruction {
        program_id: ID,
        accounts,
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTS: Documents = Documents {
        program: Pubkey::new_from_array([1; 32]),
        upgrade_authority: Pubkey::new_from_array([2; 32]),
    };
    const RECIPIENT: Pubkey = Pubkey::new_from_array([3; 32]);
    const JSON: &str = r#"{"address":"1111"}"#;

    /// Accounts as the tables of the program's interface write them: `w` writable, `s` signer.
    fn roles(instruction: &Instruction) -> Vec<(Pubkey, &'static str)> {
        let role = |meta: &AccountMeta| match (meta.is_writable, meta.is_signer) {
            (false, false) => "",
            (false, true) => "s",
            (true, false) => "w",
            (true, true) => "ws",
        };
        instruction
            .accounts
            .iter()
            .map(|meta| (meta.pubkey, role(meta)))
            .collect()
    }

    fn proof(changed: Seed) -> Vec<(Pubkey, &'static str)> {
        vec![
            (DOCUMENTS.address(changed), "w"),
            (DOCUMENTS.upgrade_authority, "s"),
            (DOCUMENTS.program, ""),
            (ProgramData::find_address(&DOCUMENTS.program), ""),
        ]
    }

    fn metadata(content: &[u8]) -> Account {
        let mut data = vec![0; HEADER];
        (data[0], data[65], data[66]) = (2, 1, 1);
        data[1..33].copy_from_slice(DOCUMENTS.program.as_ref());
        data[67..70].copy_from_slice(b"idl");
        (data[83], data[84], data[85], data[86]) = (1, 2, 1, 0);
        data[87..91].copy_from_slice(&(content.len() as u32).to_le_bytes());
        data.extend_from_slice(content);
        Account {
            data,
            owner: ID,
            ..Account::default()
        }
    }

    #[test]
    fn a_canonical_address_is_of_program_and_seed() {
        let seeds: [&[u8]; 2] = [&[1; 32], b"idl\0\0\0\0\0\0\0\0\0\0\0\0\0"];
        let address = Pubkey::find_program_address(&seeds, &ID).0;
        assert_eq!(DOCUMENTS.address(Seed::IDL), address);
        assert_ne!(DOCUMENTS.address(Seed::NEXT_IDL), address);
    }

    #[test]
    fn write() {
        let write = DOCUMENTS.write(Seed::IDL, 0x0102, b"abc");
        assert_eq!(write.program_id, ID);
        assert_eq!(write.data, [0, 2, 1, 0, 0, b'a', b'b', b'c']);
        let buffer = DOCUMENTS.address(Seed::IDL);
        assert_eq!(
            roles(&write),
            [(buffer, "w"), (DOCUMENTS.upgrade_authority, "s"), (ID, "")]
        );
    }

    #[test]
    fn initialize() {
        let initialize = DOCUMENTS.initialize(Seed::IDL);
        assert_eq!(
            initialize.data,
            *b"\x01idl\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x02\x01\x00"
        );
        assert_eq!(
            roles(&initialize),
            [proof(Seed::IDL), vec![(ID, "")]].concat()
        );
    }

    #[test]
    fn set_data() {
        let set_data = DOCUMENTS.set_data(Seed::IDL, Seed::NEXT_IDL);
        assert_eq!(set_data.data, [3, 1, 2, 1, 0]);
        let mut accounts = proof(Seed::IDL);
        accounts.insert(2, (DOCUMENTS.address(Seed::NEXT_IDL), ""));
        assert_eq!(roles(&set_data), accounts);
    }

    #[test]
    fn trim() {
        let trim = DOCUMENTS.trim(Seed::IDL, RECIPIENT);
        assert_eq!(trim.data, [5]);
        let rest = vec![(RECIPIENT, "w"), (rent::ID, "")];
        assert_eq!(roles(&trim), [proof(Seed::IDL), rest].concat());
    }

    #[test]
    fn close() {
        let close = DOCUMENTS.close(Seed::NEXT_IDL, RECIPIENT);
        assert_eq!(close.data, [6]);
        assert_eq!(
            roles(&close),
            [proof(Seed::NEXT_IDL), vec![(RECIPIENT, "w")]].concat()
        );
    }

    #[test]
    fn allocate() {
        let allocate = DOCUMENTS.allocate(Seed::NEXT_IDL);
        assert_eq!(allocate.data, *b"\x07idl.next\0\0\0\0\0\0\0\0");
        let rest = vec![(system_program::ID, "")];
        assert_eq!(roles(&allocate), [proof(Seed::NEXT_IDL), rest].concat());
    }

    #[test]
    fn extend() {
        let extend = DOCUMENTS.extend(Seed::IDL, 0x2800);
        assert_eq!(extend.data, [8, 0, 0x28]);
        assert_eq!(roles(&extend), proof(Seed::IDL));
    }

    #[test]
    fn an_address_is_vacant_until_the_program_owns_it() {
        assert_eq!(Content::of(None), Content::Vacant);
        let funded = Account {
            lamports: 1,
            ..Account::default()
        };
        assert_eq!(Content::of(Some(&funded)), Content::Vacant);
        let mut data = vec![0; HEADER];
        data[0] = 1;
        let buffer = Account {
            data,
            owner: ID,
            ..Account::default()
        };
        assert_eq!(Content::of(Some(&buffer)), Content::Buffer);
    }

    #[test]
    fn metadata_is_compared_by_what_it_unpacks_to() {
        let holds = |account: &Account, json: &str| match Content::of(Some(account)) {
            Content::Metadata(metadata) => metadata.is(json),
            _ => panic!("the account holds metadata"),
        };
        let account = metadata(&pack(JSON));
        assert!(holds(&account, JSON));
        assert!(!holds(&account, "{}"));
        assert!(!holds(&account, &JSON[..4]));

        let mut stored = Vec::new();
        ZlibEncoder::new(JSON.as_bytes(), Compression::none())
            .read_to_end(&mut stored)
            .unwrap();
        assert!(holds(&metadata(&stored), JSON));

        assert!(!holds(&metadata(b"no zlib"), JSON));
        for offset in 83..87 {
            let mut other = account.clone();
            other.data[offset] ^= 1;
            assert!(!holds(&other, JSON), "offset {offset}");
        }
        // A longer account than its content, until it is trimmed.
        let mut padded = account;
        padded.data.extend([0; 5]);
        assert!(holds(&padded, JSON));
    }

    #[test]
    fn metadata_says_whether_it_may_be_changed() {
        let mut account = metadata(&pack(JSON));
        let is_mutable = |account: &Account| {
            matches!(
                Content::of(Some(account)),
                Content::Metadata(Metadata {
                    is_mutable: true,
                    ..
                })
            )
        };
        assert!(is_mutable(&account));
        account.data[65] = 0;
        assert!(!is_mutable(&account));
    }
}
