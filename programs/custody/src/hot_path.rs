//! The hot path: `accept`, `handoff` and `handoff_batch`, read straight from the loader's input.
//!
//! Anchor finds each account by walking the input, because an account's place depends on the size
//! of those before it. Here the usual shape is expected and checked instead: signers without data,
//! then accounts of exactly the expected types, so that every field is at an offset known when this
//! is compiled. Whatever has another shape (an operator's account at the end, one key that signs
//! for both sides, an account that is not what it should be) is left to Anchor's dispatcher, which
//! serves it or says what is wrong. Either way the same rules decide: those of the
//! module [`custody_rules::passage`].
//!
//! The input is what `serialize_parameters_aligned` of Agave's program runtime writes: the number
//! of accounts, then for each account that comes for the first time a [`RuntimeAccount`], its data,
//! room to grow, and 8 bytes of rent epoch; for a repeated one 8 bytes that begin with the index of
//! its first appearance.

use core::{num::NonZeroU64, ops::Range};

use anchor_lang::{
    AccountView, Discriminator, Owner, address_eq,
    pinocchio::{
        account::{MAX_PERMITTED_DATA_INCREASE, NOT_BORROWED, RuntimeAccount},
        sysvars::clock::CLOCK_ID,
    },
    prelude::*,
};
use bytemuck::Pod;
use custody_rules::{
    Change, Consignment, CustodyError, Lot, Transfer, accept, handoff, passage::Passage,
};
use registry_rules::Partner;

use crate::clock::ClockSysvar;

/// First bytes of the instructions that are served here.
pub mod discriminator {
    pub const ACCEPT: u8 = 2;
    pub const HANDOFF: u8 = 6;
    pub const HANDOFF_BATCH: u8 = 7;
}

/// Bytes of `handoff_batch`'s data before the sequences: discriminator, kind, document, count.
const BATCH_HEADER: usize = 1 + 1 + 32 + 4;

/// Accounts of `handoff_batch` before those of the batch.
pub const BATCH_START: u8 = 5;

/// The first byte of an account that is repeated and came in the batch first. A transaction locks at most
/// 128 accounts. Above are the marks that Anchor leaves on accounts that it has borrowed.
const IN_BATCH: Range<u8> = BATCH_START..128;

/// Serves the instruction if it has the usual shape; `None` leaves it to Anchor, untouched.
///
/// # Safety
///
/// `input` and `data` are the loader's: the input's first byte, and the instruction data that
/// follow its accounts, with their length in the 8 bytes before them.
#[inline(always)]
pub unsafe fn serve(input: *mut u8, data: *const u8) -> Option<Result<()>> {
    // SAFETY: the loader writes the length there, and the program's address after the data, so
    // that one byte can be read even of empty data.
    let (discriminator, length) = unsafe { (*data, *data.sub(8).cast::<u64>()) };
    // SAFETY: the number of accounts comes first.
    let accounts = unsafe { *input.cast::<u64>() };
    // SAFETY: the first account, if there is any, comes after it.
    let records = Records(unsafe { input.add(8) });
    match (discriminator, length, accounts) {
        // SAFETY (of all arms): that many accounts and bytes of data are there.
        (discriminator::ACCEPT, 5, 7) => unsafe { accept(records, &*data.add(1).cast()) },
        (discriminator::HANDOFF, 38, 7) => unsafe { handoff(records, &*data.add(1).cast()) },
        (discriminator::HANDOFF_BATCH, BATCH_BYTES.., 6..) => unsafe {
            let data = core::slice::from_raw_parts(data.add(1), length as usize - 1);
            handoff_batch(records, accounts - u64::from(BATCH_START), data)
        },
        _ => None,
    }
}

const BATCH_BYTES: u64 = BATCH_HEADER as u64;

/// # Safety
///
/// At least 7 accounts begin at `records`.
#[inline(always)]
unsafe fn accept(mut records: Records, sequence: &[u8; 4]) -> Option<Result<()>> {
    // SAFETY: 7 accounts are taken.
    unsafe {
        let authority = records.signer()?;
        let (_, to) = records.reader::<Partner>()?;
        let (_, from) = records.reader::<Partner>()?;
        records.rebase();
        let (lot_address, lot) = records.reader::<Lot>()?;
        let (consignment_address, consignment) = records.writer::<Consignment>()?;
        let (_, transfer) = records.writer::<Transfer>()?;
        let now = records.clock()?.unix_timestamp;
        let is_usual = address_eq(authority, &to.authority)
            && address_eq(lot_address, &consignment.lot)
            && address_eq(consignment_address, &transfer.consignment);
        is_usual.then(|| {
            let sequence = u32::from_le_bytes(*sequence);
            Ok(accept::accept(
                from,
                to,
                lot,
                consignment,
                transfer,
                sequence,
                now,
            )?)
        })
    }
}

/// Data of `handoff` after the discriminator.
#[repr(C)]
struct HandoffData {
    kind: u8,
    sequence: [u8; 4],
    document_hash: [u8; 32],
}

/// # Safety
///
/// At least 7 accounts begin at `records`.
#[inline(always)]
unsafe fn handoff(mut records: Records, data: &HandoffData) -> Option<Result<()>> {
    // SAFETY: 7 accounts are taken.
    unsafe {
        let from_authority = records.signer()?;
        let to_authority = records.signer()?;
        let (_, from) = records.reader::<Partner>()?;
        let (_, to) = records.reader::<Partner>()?;
        records.rebase();
        let (lot_address, lot) = records.reader::<Lot>()?;
        let (_, consignment) = records.writer::<Consignment>()?;
        let now = records.clock()?.unix_timestamp;
        let is_usual =
            address_eq(from_authority, &from.authority) && address_eq(to_authority, &to.authority);
        is_usual.then(|| {
            let sequence = u32::from_le_bytes(data.sequence);
            Ok(handoff::handoff(
                (from, to),
                (lot_address, lot),
                consignment,
                (data.kind, sequence),
                &data.document_hash,
                now,
            )?)
        })
    }
}

/// # Safety
///
/// At least 5 accounts and `followers` more begin at `records`.
#[inline(always)]
unsafe fn handoff_batch(mut records: Records, followers: u64, data: &[u8]) -> Option<Result<()>> {
    let (kind, data) = data.split_first()?;
    let (document_hash, data) = data.split_first_chunk::<32>()?;
    let (count, sequences) = data.split_first_chunk::<4>()?;
    let (sequences, odd) = sequences.as_chunks::<4>();
    if !odd.is_empty() || sequences.len() != u32::from_le_bytes(*count) as usize {
        return None;
    }
    // SAFETY: 5 accounts are taken, then one for each follower.
    unsafe {
        let from_authority = records.signer()?;
        let to_authority = records.signer()?;
        let (_, from) = records.reader::<Partner>()?;
        let (_, to) = records.reader::<Partner>()?;
        let now = records.clock()?.unix_timestamp;
        let is_usual =
            address_eq(from_authority, &from.authority) && address_eq(to_authority, &to.authority);
        is_usual.then(|| {
            let passage = Passage::between(from, to, Change::of_transfer(*kind)?, now)?;
            let mut batch = Batch::new(passage, document_hash, sequences, records)?;
            for _ in 1..followers {
                batch.take()?;
            }
            batch.finish()
        })
    }
}

/// The consignments of one `handoff_batch`, handed over one after the other.
pub(crate) struct Batch<'a> {
    passage: Passage,
    document_hash: &'a [u8; 32],
    /// All consignments' sequences, little-endian.
    sequences: &'a [[u8; 4]],
    /// Those of the consignments that are still to come.
    left: core::slice::Iter<'a, [u8; 4]>,
    /// The lot that the next consignments are of.
    lot: (&'a Address, &'a Lot),
    records: Records,
}

impl<'a> Batch<'a> {
    /// A batch that begins with the lot at `records`.
    ///
    /// # Safety
    ///
    /// An account, or a repeated one's 8 bytes, begins at `records`.
    #[inline(always)]
    unsafe fn new(
        passage: Passage,
        document_hash: &'a [u8; 32],
        sequences: &'a [[u8; 4]],
        mut records: Records,
    ) -> Result<Self> {
        // SAFETY: as the caller says.
        let lot = unsafe { records.reader::<Lot>() }.ok_or(CustodyError::NotShippable)?;
        passage.check_lot(lot.1)?;
        Ok(Self {
            passage,
            document_hash,
            sequences,
            left: sequences.iter(),
            lot,
            records,
        })
    }

    /// Hands over what is in accounts that Anchor has found.
    pub(crate) fn hand_over_views<'v>(
        passage: Passage,
        document_hash: &'a [u8; 32],
        sequences: &'a [[u8; 4]],
        mut views: impl Iterator<Item = &'v AccountView>,
    ) -> Result<()> {
        let account_of = |view: &AccountView| view.account_ptr().cast_mut();
        let Some(lot) = views.next() else {
            return Err(CustodyError::NotShippable.into());
        };
        // SAFETY: a view points at the account itself, even where it is repeated. To show that it
        // is, what is done with is marked as the loader marks what it repeats of a batch.
        unsafe {
            let records = Records(account_of(lot).cast());
            let mut batch = Self::new(passage, document_hash, sequences, records)?;
            (*account_of(lot)).borrow_state = BATCH_START;
            for view in views {
                batch.records = Records(account_of(view).cast());
                batch.take()?;
                (*account_of(view)).borrow_state = BATCH_START;
            }
            batch.finish()
        }
    }

    /// Takes the next account: a lot, for the consignments that follow, or a consignment, which is
    /// handed over.
    ///
    /// # Safety
    ///
    /// An account, or a repeated one's 8 bytes, begins at `self.records`.
    #[inline(always)]
    unsafe fn take(&mut self) -> Result<()> {
        // SAFETY: as the caller says.
        match unsafe { self.take_next() } {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refusal.get().into()),
        }
    }

    /// The same, answering in one register, and with all of them to itself.
    #[inline(never)]
    unsafe fn take_next(&mut self) -> core::result::Result<(), NonZeroU64> {
        let account: *mut RuntimeAccount = self.records.0.cast();
        // SAFETY: a repeated account has its first byte too.
        let first_appearance = unsafe { (*account).borrow_state };
        if first_appearance != NOT_BORROWED {
            return self.refuse_repeated(first_appearance);
        }
        // SAFETY: a whole account begins there.
        let Some((_, consignment)) = (unsafe { self.records.writer::<Consignment>() }) else {
            return self.take_lot(account);
        };
        let (address, lot) = self.lot;
        let Some(sequence) = self.left.next() else {
            return self.refuse(CustodyError::SequenceCount);
        };
        let sequence = u32::from_le_bytes(*sequence);
        let document_hash = self.document_hash;
        if let Err(error) =
            self.passage
                .hand_over_of_lot(address, lot, consignment, sequence, document_hash)
        {
            return self.refuse_at(self.taken().wrapping_sub(1), error);
        }
        Ok(())
    }

    #[inline(never)]
    fn take_lot(&mut self, account: *mut RuntimeAccount) -> core::result::Result<(), NonZeroU64> {
        self.records.0 = account.cast();
        // SAFETY: a whole account begins there.
        let Some(lot) = (unsafe { self.records.reader::<Lot>() }) else {
            return self.refuse(CustodyError::NotShippable);
        };
        if let Err(error) = self.passage.check_lot(lot.1) {
            return self.refuse(error);
        }
        self.lot = lot;
        Ok(())
    }

    /// Checks that something was handed over and no sequence is left.
    #[inline(always)]
    fn finish(&self) -> Result<()> {
        require!(
            !self.sequences.is_empty() && self.left.as_slice().is_empty(),
            CustodyError::SequenceCount
        );
        Ok(())
    }

    /// Consignments whose sequences were taken.
    #[inline(always)]
    fn taken(&self) -> usize {
        self.sequences.len().wrapping_sub(self.left.len())
    }

    /// Refuses the next consignment, or what stands in its place.
    fn refuse(&self, error: CustodyError) -> core::result::Result<(), NonZeroU64> {
        self.refuse_at(self.taken(), error)
    }

    /// Refuses a repeated account whose first byte is `first_appearance`.
    #[cold]
    #[inline(never)]
    fn refuse_repeated(&self, first_appearance: u8) -> core::result::Result<(), NonZeroU64> {
        self.refuse(if IN_BATCH.contains(&first_appearance) {
            CustodyError::DuplicateConsignment
        } else {
            CustodyError::NotShippable
        })
    }

    /// The error's code with the place of the consignment, counted from 0, in its upper 16 bits.
    #[cold]
    #[inline(never)]
    fn refuse_at(&self, place: usize, error: CustodyError) -> core::result::Result<(), NonZeroU64> {
        let error = ProgramError::Custom(error.code() | (place as u32) << 16);
        NonZeroU64::new(error.into()).map_or(Ok(()), Err)
    }
}

/// The accounts that lie one after the other in the loader's input.
struct Records(*mut u8);

/// An account as the loader writes it, if its data have the size of `T`.
#[repr(C)]
struct Record<T> {
    account: RuntimeAccount,
    data: T,
    room: [u8; MAX_PERMITTED_DATA_INCREASE],
    rent_epoch: u64,
}

/// Data of an Anchor account.
#[repr(C)]
struct Discriminated<T> {
    discriminator: u64,
    value: T,
}

impl Records {
    /// Has what follows addressed from here: a load reaches 32 KiB, three accounts; further away,
    /// the compiler would compute each address in two instructions more.
    #[inline(always)]
    fn rebase(&mut self) {
        self.0 = core::hint::black_box(self.0);
    }

    /// The next account, if it comes for the first time and its data have the size of `T`.
    ///
    /// # Safety
    ///
    /// An account, or a repeated one's 8 bytes, begins here.
    #[inline(always)]
    unsafe fn next<T>(&mut self) -> Option<*mut Record<T>> {
        const { assert!(size_of::<Record<T>>() == 88 + size_of::<T>() + 10_240 + 8) };
        let record: *mut Record<T> = self.0.cast();
        // SAFETY: a repeated account's first byte is its index, which is never `NOT_BORROWED`; any
        // other account has its whole `RuntimeAccount`.
        unsafe {
            if (*record).account.borrow_state != NOT_BORROWED
                || (*record).account.data_len != size_of::<T>() as u64
            {
                return None;
            }
            self.0 = record.add(1).cast();
        }
        Some(record)
    }

    /// The address of a signer that has no data.
    ///
    /// # Safety
    ///
    /// As [`next`](Self::next).
    #[inline(always)]
    unsafe fn signer<'a>(&mut self) -> Option<&'a Address> {
        // SAFETY: `next` found a whole account.
        unsafe {
            let record = self.next::<()>()?;
            ((*record).account.is_signer != 0).then(|| &(*record).account.address)
        }
    }

    /// Address and content of an account of type `T`.
    ///
    /// # Safety
    ///
    /// As [`next`](Self::next).
    #[inline(always)]
    unsafe fn reader<'a, T: Pod + Owner + Discriminator>(
        &mut self,
    ) -> Option<(&'a Address, &'a T)> {
        // SAFETY: `typed` found a whole account; nothing writes to it but what `writer` hands out,
        // and an account comes for the first time only once.
        unsafe {
            let record = self.typed::<T>()?;
            Some((&(*record).account.address, &(*record).data.value))
        }
    }

    /// Address and content of a writable account of type `T`.
    ///
    /// # Safety
    ///
    /// As [`next`](Self::next); nobody else has a reference to the account's data.
    #[inline(always)]
    unsafe fn writer<'a, T: Pod + Owner + Discriminator>(
        &mut self,
    ) -> Option<(&'a Address, &'a mut T)> {
        // SAFETY: as in `reader`.
        unsafe {
            let record = self.typed::<T>()?;
            ((*record).account.is_writable != 0)
                .then(|| (&(*record).account.address, &mut (*record).data.value))
        }
    }

    #[inline(always)]
    unsafe fn typed<T: Pod + Owner + Discriminator>(
        &mut self,
    ) -> Option<*mut Record<Discriminated<T>>> {
        let discriminator = const { u64::from_le_bytes(*T::DISCRIMINATOR.first_chunk().unwrap()) };
        // SAFETY: `next` found a whole account.
        unsafe {
            let record = self.next::<Discriminated<T>>()?;
            (address_eq(&(*record).account.owner, &T::OWNER)
                && (*record).data.discriminator == discriminator)
                .then_some(record)
        }
    }

    /// The clock sysvar.
    ///
    /// # Safety
    ///
    /// As [`next`](Self::next).
    #[inline(always)]
    unsafe fn clock<'a>(&mut self) -> Option<&'a ClockSysvar> {
        // SAFETY: as in `reader`.
        unsafe {
            let record = self.next::<ClockSysvar>()?;
            address_eq(&(*record).account.address, &CLOCK_ID).then(|| &(*record).data)
        }
    }
}

#[cfg(all(target_os = "solana", feature = "entrypoint"))]
mod entrypoint {
    anchor_lang::pinocchio::default_allocator!();
    anchor_lang::pinocchio::default_panic_handler!();

    /// What the loader calls.
    ///
    /// # Safety
    ///
    /// As [`serve`](super::serve).
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn entrypoint(input: *mut u8, data: *const u8) -> u64 {
        // SAFETY: the loader's own arguments.
        unsafe {
            match super::serve(input, data) {
                Some(Ok(())) => 0,
                Some(Err(error)) => error.into(),
                None => crate::__anchor_dispatch(input, data),
            }
        }
    }
}
