//! The `handoff` instruction written by hand: every rule of the custody program's, on the bytes of
//! the same accounts, without Anchor, types or messages. The benchmark executes it in place of the
//! custody program, to show what the rules themselves cost. It is never deployed, and no crate depends on
//! it.
//!
//! A refusal is the number of the line that refused.

#![cfg_attr(target_os = "solana", no_std)]

#[cfg(target_arch = "bpf")]
use solana_compiler_builtins as _;

#[cfg(target_os = "solana")]
mod handoff {
    use core::hint::black_box;

    use pinocchio::{no_allocator, nostd_panic_handler};
    use solana_define_syscall::definitions::sol_sha256;

    no_allocator!();
    nostd_panic_handler!();

    // Addresses and discriminators, in words.
    const REGISTRY: [u64; 4] = [
        0x79c9_6504_3a93_6ed7,
        0xc23a_c305_5291_7386,
        0x350e_c808_d184_07d8,
        0x4a7f_0b4a_abd3_644f,
    ];
    const CUSTODY: [u64; 4] = [
        0x899a_d07e_b7b0_bbc2,
        0xe5d4_c6d8_a775_2fcf,
        0x8821_7a66_dc7f_87bd,
        0xf9a6_435e_9e1d_6144,
    ];
    const CLOCK: [u64; 4] = [
        0xc974_c718_17d5_a706,
        0xb65e_1d69_9863_5628,
        0x5c6d_4b9b_a3b8_5e8b,
        0x215b_5573,
    ];
    const PARTNER: u64 = 0xb6f3_388d_eff6_2b7a;
    const LOT: u64 = 0xfc65_1fcd_995d_c602;
    const CONSIGNMENT: u64 = 0xe44b_bd01_09ea_689e;

    // Within an account's record.
    const MARKER: usize = 0;
    const IS_SIGNER: usize = 1;
    const IS_WRITABLE: usize = 2;
    const ADDRESS: usize = 8;
    const OWNER: usize = 40;
    const DATA_LEN: usize = 80;
    const DATA: usize = 88;
    /// A record's size, but for the account's data.
    const RECORD: usize = 88 + 10_240 + 8;
    const FIRST: u8 = 255;

    // Within accounts' data.
    const PARTNER_SIZE: usize = 304;
    const PARTNER_GLN: usize = DATA + 8;
    const PARTNER_AUTHORITY: usize = DATA + 16;
    const PARTNER_LICENCE_VALID_UNTIL: usize = DATA + 48;
    const PARTNER_ROLES: usize = DATA + 56;
    const PARTNER_STATUS: usize = DATA + 58;
    const PARTNER_FIRM: usize = DATA + 64;
    const LOT_SIZE: usize = 264;
    const LOT_EXPIRES_AT: usize = DATA + 8;
    const LOT_QUANTITY: usize = DATA + 16;
    const LOT_STATUS: usize = DATA + 24;
    const LOT_OPEN_CASES: usize = DATA + 25;
    const LOT_RECALLS: usize = DATA + 26;
    const LOT_MANUFACTURER: usize = DATA + 88;
    const LOT_RECALL_CHANGES: usize = DATA + 180;
    const LOT_RECALLED_FIRST: usize = DATA + 184;
    const LOT_RECALLED_QUANTITY: usize = DATA + 216;
    const CONSIGNMENT_SIZE: usize = 256;
    const CONSIGNMENT_LOT: usize = DATA + 8;
    const CONSIGNMENT_TRAIL: usize = DATA + 40;
    const CONSIGNMENT_DOCUMENT: usize = DATA + 72;
    const CONSIGNMENT_CUSTODIAN: usize = DATA + 104;
    const CONSIGNMENT_OWNER: usize = DATA + 112;
    const CONSIGNMENT_SEQUENCE: usize = DATA + 120;
    const CONSIGNMENT_FIRST_UNIT: usize = DATA + 124;
    const CONSIGNMENT_QUANTITY: usize = DATA + 128;
    const CONSIGNMENT_KIND: usize = DATA + 132;
    const CONSIGNMENT_STATUS: usize = DATA + 133;
    const CONSIGNMENT_RESTRICTIONS: usize = DATA + 134;
    const CONSIGNMENT_OPEN_CASES: usize = DATA + 135;
    const CONSIGNMENT_SUPPLIER: usize = DATA + 136;
    const CONSIGNMENT_OWNER_SINCE: usize = DATA + 172;
    const CONSIGNMENT_ABSENT: usize = DATA + 244;
    const LINK: usize = CONSIGNMENT_STATUS - CONSIGNMENT_TRAIL;
    const CLOCK_SIZE: usize = 40;
    const CLOCK_UNIX_TIMESTAMP: usize = DATA + 32;

    // Codes.
    const SALE: u8 = 1;
    const RETURN: u8 = 2;
    const LOGISTICS: u8 = 3;
    const DISPOSAL: u8 = 4;
    const EXAMINATION: u8 = 17;
    const RETURNED: u8 = 2;
    const CONDEMNED: u8 = 4;
    const SURRENDERED: u8 = 16;
    const DISPENSER: u16 = 1 << 4;
    const LABORATORY: u16 = 1 << 7;
    const TRADERS: u16 = 0b1_1111;
    const OWNERS: u16 = 0b1_0111;
    const CUSTODIANS: u16 = 0b1101_1111;
    /// Roles of which the receiver needs one, by kind; the laboratory's are not among them.
    const RECEIVERS: u64 = 0x004F_001F_0007_0017;

    macro_rules! ensure {
        ($condition:expr) => {
            if !$condition {
                return line!() as u64;
            }
        };
    }

    #[inline(always)]
    unsafe fn load<T: Copy>(record: *const u8, offset: usize) -> T {
        unsafe { record.add(offset).cast::<T>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store<T: Copy>(record: *mut u8, offset: usize, value: T) {
        unsafe { record.add(offset).cast::<T>().write_unaligned(value) }
    }

    #[inline(always)]
    unsafe fn holds(record: *const u8, offset: usize, words: [u64; 4]) -> bool {
        unsafe {
            load::<u64>(record, offset) == words[0]
                && load::<u64>(record, offset + 8) == words[1]
                && load::<u64>(record, offset + 16) == words[2]
                && load::<u64>(record, offset + 24) == words[3]
        }
    }

    #[inline(always)]
    unsafe fn same(a: *const u8, at: usize, b: *const u8, bt: usize) -> bool {
        unsafe {
            load::<u64>(a, at) == load::<u64>(b, bt)
                && load::<u64>(a, at + 8) == load::<u64>(b, bt + 8)
                && load::<u64>(a, at + 16) == load::<u64>(b, bt + 16)
                && load::<u64>(a, at + 24) == load::<u64>(b, bt + 24)
        }
    }

    #[inline(always)]
    unsafe fn is(record: *const u8, size: usize, owner: [u64; 4], discriminator: u64) -> bool {
        unsafe {
            load::<u8>(record, MARKER) == FIRST
                && load::<u64>(record, DATA_LEN) == size as u64
                && holds(record, OWNER, owner)
                && load::<u64>(record, DATA) == discriminator
        }
    }

    #[inline(always)]
    unsafe fn is_signer(record: *const u8) -> bool {
        unsafe {
            load::<u8>(record, MARKER) == FIRST
                && load::<u64>(record, DATA_LEN) == 0
                && load::<u8>(record, IS_SIGNER) != 0
        }
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn entrypoint(input: *mut u8, data: *const u8) -> u64 {
        unsafe {
            ensure!(load::<u64>(data.sub(8), 0) == 38 && load::<u8>(data, 0) == 6);
            ensure!(load::<u64>(input, 0) == 7);
            let from_authority = input.add(8);
            ensure!(is_signer(from_authority));
            let to_authority = from_authority.add(RECORD);
            ensure!(is_signer(to_authority));
            let from = to_authority.add(RECORD);
            ensure!(is(from, PARTNER_SIZE, REGISTRY, PARTNER));
            let to = from.add(RECORD + PARTNER_SIZE);
            ensure!(is(to, PARTNER_SIZE, REGISTRY, PARTNER));
            // A load reaches 32 KiB: what follows is addressed from here.
            let lot = black_box(to.add(RECORD + PARTNER_SIZE));
            ensure!(is(lot, LOT_SIZE, CUSTODY, LOT));
            let consignment = lot.add(RECORD + LOT_SIZE);
            ensure!(is(consignment, CONSIGNMENT_SIZE, CUSTODY, CONSIGNMENT));
            ensure!(load::<u8>(consignment, IS_WRITABLE) != 0);
            let clock = consignment.add(RECORD + CONSIGNMENT_SIZE);
            ensure!(
                load::<u8>(clock, MARKER) == FIRST
                    && load::<u64>(clock, DATA_LEN) == CLOCK_SIZE as u64
                    && holds(clock, ADDRESS, CLOCK)
            );
            ensure!(same(from_authority, ADDRESS, from, PARTNER_AUTHORITY));
            ensure!(same(to_authority, ADDRESS, to, PARTNER_AUTHORITY));

            let now: i64 = load(clock, CLOCK_UNIX_TIMESTAMP);
            let kind: u8 = load(data, 1);
            ensure!(kind.wrapping_sub(SALE) <= DISPOSAL - SALE || kind == EXAMINATION);
            let (sender, receiver): (u64, u64) = (load(from, PARTNER_GLN), load(to, PARTNER_GLN));
            ensure!(sender != receiver);
            let sends: u16 = load(from, PARTNER_ROLES);
            let is_in_standing = load::<u8>(from, PARTNER_STATUS) == 0
                && now < load::<i64>(from, PARTNER_LICENCE_VALID_UNTIL);
            ensure!(
                is_in_standing && sends & TRADERS != 0
                    || kind == RETURN
                    || kind == DISPOSAL
                    || kind == EXAMINATION && is_in_standing && sends & CUSTODIANS != 0
            );
            let receivers = if kind == EXAMINATION {
                LABORATORY
            } else {
                (RECEIVERS >> (u32::from(kind - SALE) * 16)) as u16
            };
            let takes: u16 = load(to, PARTNER_ROLES);
            ensure!(load::<u8>(to, PARTNER_STATUS) == 0);
            let takes_its_own =
                now >= load::<i64>(to, PARTNER_LICENCE_VALID_UNTIL) || takes & receivers == 0;
            ensure!(!takes_its_own || kind == RETURN && takes & CUSTODIANS != 0);

            ensure!(same(consignment, CONSIGNMENT_LOT, lot, ADDRESS));
            ensure!(load::<u64>(consignment, CONSIGNMENT_CUSTODIAN) == sender);
            let sequence: u32 = load(consignment, CONSIGNMENT_SEQUENCE);
            ensure!(sequence == load::<u32>(data, 2));
            // The kind of the last change, the status, the restrictions and the open cases.
            let mut restrictions = 0;
            if load::<u32>(consignment, CONSIGNMENT_KIND) >> 8 != 0 {
                ensure!(load::<u8>(consignment, CONSIGNMENT_STATUS) == 0);
                ensure!(load::<u8>(consignment, CONSIGNMENT_OPEN_CASES) == 0);
                restrictions = load(consignment, CONSIGNMENT_RESTRICTIONS);
            }
            let first: u32 = load(consignment, CONSIGNMENT_FIRST_UNIT);
            let quantity: u32 = load(consignment, CONSIGNMENT_QUANTITY);
            let owner: u64 = load(consignment, CONSIGNMENT_OWNER);
            let recall_changes: u32 = load(lot, LOT_RECALL_CHANGES);
            let is_downstream = kind == SALE || kind == LOGISTICS && takes & OWNERS != 0;
            // The status, the open cases and the recalls; the fourth byte is the bump.
            if load::<u32>(lot, LOT_STATUS) << 8 != 0 {
                ensure!(load::<u8>(lot, LOT_OPEN_CASES) == 0);
                ensure!(!is_downstream || load::<u8>(lot, LOT_STATUS) == 0);
                for recall in 0..usize::from(load::<u8>(lot, LOT_RECALLS)) {
                    let recalled: u32 = load(lot, LOT_RECALLED_QUANTITY + 4 * recall);
                    let recalled_first: u32 = load(lot, LOT_RECALLED_FIRST + 4 * recall);
                    ensure!(
                        !is_downstream
                            || recalled == 0
                            || u64::from(first) >= u64::from(recalled_first) + u64::from(recalled)
                            || u64::from(recalled_first) >= u64::from(first) + u64::from(quantity)
                    );
                }
            }
            if is_downstream {
                ensure!(restrictions == 0);
                ensure!(now < load::<i64>(lot, LOT_EXPIRES_AT));
                if kind == SALE {
                    ensure!(owner == sender);
                    store(consignment, CONSIGNMENT_OWNER, receiver);
                    store(consignment, CONSIGNMENT_OWNER_SINCE, recall_changes);
                    store(consignment, CONSIGNMENT_SUPPLIER, sender);
                }
            } else {
                ensure!(restrictions == 0 || load::<u32>(consignment, CONSIGNMENT_ABSENT) == 0);
                ensure!(restrictions & CONDEMNED == 0 || kind == DISPOSAL || kind == EXAMINATION);
            }
            if sends & DISPENSER != 0 && takes & TRADERS & !DISPENSER != 0
                || kind == RETURN
                || kind == EXAMINATION
                || kind == DISPOSAL && owner != sender
            {
                restrictions |= RETURNED;
            }
            if kind == RETURN {
                ensure!(
                    receiver == owner
                        || receiver == load(lot, LOT_MANUFACTURER)
                        || !takes_its_own && receiver == load(consignment, CONSIGNMENT_SUPPLIER)
                );
                if owner == sender {
                    store(consignment, CONSIGNMENT_OWNER, receiver);
                    if load::<u64>(from, PARTNER_FIRM) != load::<u64>(to, PARTNER_FIRM) {
                        store(consignment, CONSIGNMENT_OWNER_SINCE, recall_changes);
                    }
                    store(consignment, CONSIGNMENT_SUPPLIER, 0u64);
                }
            } else if kind == DISPOSAL && owner == sender {
                restrictions |= CONDEMNED | SURRENDERED;
            }
            store(consignment, CONSIGNMENT_RESTRICTIONS, restrictions);
            ensure!(sequence != u32::MAX);
            store(consignment, CONSIGNMENT_SEQUENCE, sequence + 1);
            store(consignment, CONSIGNMENT_CUSTODIAN, receiver);
            store(consignment, CONSIGNMENT_DOCUMENT, load::<[u64; 4]>(data, 6));
            store(consignment, CONSIGNMENT_KIND, kind);
            ensure!(quantity != 0);
            ensure!(
                u64::from(first) + u64::from(quantity) <= u64::from(load::<u32>(lot, LOT_QUANTITY))
            );
            let trail = consignment.add(CONSIGNMENT_TRAIL);
            let link = core::ptr::slice_from_raw_parts(trail, LINK);
            sol_sha256((&raw const link).cast(), 1, trail);
            0
        }
    }
}
