//! The layouts that the accounts' documentation promises, in numbers of their own: explorers, RPC
//! filters and clients in other languages count on them.

use std::mem::{offset_of, size_of};

use anchor_lang::{Address, Discriminator};
use custody::{Consignment, Lot, Transfer, TransferKind};
use pedigree_domain::{Roles, expiry};
use program_tests::{
    address,
    ledger::NOW,
    world::{COMPANY_PREFIX, DOCUMENT, EXPIRY, GTIN, LICENCE_END, UNITS, World, gln, terms},
};
use registry::{Issuer, Partner, Product, Registry};

/// Checks `field: offset, size;` of every field, and that they fill the account without a gap.
macro_rules! assert_layout {
    ($account:ident, $total:literal, { $($field:ident: $offset:literal, $size:literal;)+ }) => {
        const DISCRIMINATOR: usize = 8;
        assert_eq!(
            $account::DISCRIMINATOR,
            &anchor_lang::sha256(concat!("account:", stringify!($account)).as_bytes())[..8]
        );
        assert_eq!(DISCRIMINATOR + size_of::<$account>(), $total);
        $(
            assert_eq!(
                (
                    DISCRIMINATOR + offset_of!($account, $field),
                    size_of_field(|account: &$account| &account.$field),
                ),
                ($offset, $size),
                stringify!($field)
            );
        )+
        let mut end = DISCRIMINATOR;
        $(
            assert_eq!(end, $offset, stringify!($field));
            end += $size;
        )+
        assert_eq!(end, $total);
    };
}

fn size_of_field<T, F>(_: fn(&T) -> &F) -> usize {
    size_of::<F>()
}

#[test]
fn registry() {
    assert_layout!(Registry, 80, {
        authority: 8, 32;
        pending_authority: 40, 32;
        bump: 72, 1;
        _padding: 73, 7;
    });
}

#[test]
fn issuer() {
    assert_layout!(Issuer, 120, {
        key: 8, 32;
        name: 40, 64;
        added_at: 104, 8;
        bump: 112, 1;
        _padding: 113, 7;
    });
}

#[test]
fn partner() {
    assert_layout!(Partner, 312, {
        gln: 8, 8;
        authority: 16, 32;
        licence_valid_until: 48, 8;
        roles: 56, 2;
        status: 58, 1;
        bump: 59, 1;
        _padding: 60, 4;
        pending_authority: 64, 32;
        issuer: 96, 32;
        licence_hash: 128, 32;
        company_prefixes: 160, 64;
        company_prefix_digits: 224, 8;
        admitted_at: 232, 8;
        status_changed_at: 240, 8;
        name: 248, 64;
    });
}

#[test]
fn product() {
    assert_layout!(Product, 176, {
        gtin: 8, 8;
        manufacturer: 16, 32;
        pending_manufacturer: 48, 32;
        registered_at: 80, 8;
        storage_min: 88, 2;
        storage_max: 90, 2;
        bump: 92, 1;
        _padding: 93, 3;
        national_code: 96, 16;
        name: 112, 64;
    });
}

#[test]
fn lot() {
    assert_layout!(Lot, 200, {
        expires_at: 8, 8;
        recalled_first: 16, 4;
        recalled_quantity: 20, 4;
        quantity: 24, 4;
        expiry: 28, 4;
        status: 32, 1;
        bump: 33, 1;
        _padding: 34, 2;
        lot_number: 36, 20;
        gtin: 56, 8;
        product: 64, 32;
        manufacturer: 96, 32;
        serial_root: 128, 32;
        manifest_hash: 160, 32;
        minted_at: 192, 8;
    });
}

#[test]
fn consignment() {
    assert_layout!(Consignment, 232, {
        lot: 8, 32;
        trail: 40, 32;
        custodian: 72, 32;
        owner: 104, 32;
        document: 136, 32;
        sequence: 168, 4;
        first_unit: 172, 4;
        quantity: 176, 4;
        kind: 180, 1;
        status: 181, 1;
        bump: 182, 1;
        _padding: 183, 1;
        parent: 184, 32;
        sscc: 216, 8;
        index: 224, 4;
        children: 228, 4;
    });
}

#[test]
fn transfer() {
    assert_layout!(Transfer, 208, {
        consignment: 8, 32;
        from: 40, 32;
        to: 72, 32;
        document: 104, 32;
        deadline: 136, 8;
        sequence: 144, 4;
        kind: 148, 1;
        state: 149, 1;
        exception: 150, 1;
        statement: 151, 1;
        offered_at: 152, 8;
        settled_at: 160, 8;
        payer: 168, 32;
        bump: 200, 1;
        _padding: 201, 7;
    });
}

#[test]
fn accounts_of_the_compiled_programs_read_at_their_offsets() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        product,
        payer,
        authority,
        issuer_key,
        ..
    } = world;
    let transfer = world.offer(
        manufacturer,
        wholesaler,
        parcel,
        terms(TransferKind::Sale, 0),
    );
    let issuer = address::issuer(&issuer_key);
    let expires_at = expiry::expires_at(EXPIRY).unwrap();

    let fields: &[(Address, usize, &[u8])] = &[
        (address::registry(), 8, authority.as_ref()),
        (issuer, 8, issuer_key.as_ref()),
        (issuer, 40, b"Board of Pharmacy\0"),
        (issuer, 104, &NOW.to_le_bytes()),
        (manufacturer.partner, 8, &gln(1).to_le_bytes()),
        (manufacturer.partner, 16, manufacturer.key.as_ref()),
        (manufacturer.partner, 48, &LICENCE_END.to_le_bytes()),
        (
            manufacturer.partner,
            56,
            &Roles::MANUFACTURER.bits().to_le_bytes(),
        ),
        (manufacturer.partner, 58, &[0]),
        (manufacturer.partner, 96, issuer.as_ref()),
        (manufacturer.partner, 160, &COMPANY_PREFIX.to_le_bytes()),
        (manufacturer.partner, 224, &[7, 0]),
        (manufacturer.partner, 248, b"Manufacturer\0"),
        (product, 8, &GTIN.to_le_bytes()),
        (product, 16, manufacturer.partner.as_ref()),
        (product, 88, &150i16.to_le_bytes()),
        (product, 96, b"0093-3109-01\0"),
        (product, 112, b"Amoxicillin 500 mg"),
        (parcel.lot, 8, &expires_at.to_le_bytes()),
        (parcel.lot, 24, &UNITS.to_le_bytes()),
        (parcel.lot, 28, &EXPIRY.to_le_bytes()),
        (parcel.lot, 36, b"LOT-1\0"),
        (parcel.lot, 56, &GTIN.to_le_bytes()),
        (parcel.lot, 64, product.as_ref()),
        (parcel.lot, 96, manufacturer.partner.as_ref()),
        (parcel.consignment, 8, parcel.lot.as_ref()),
        (parcel.consignment, 72, manufacturer.partner.as_ref()),
        (parcel.consignment, 104, manufacturer.partner.as_ref()),
        (parcel.consignment, 168, &1u32.to_le_bytes()),
        (parcel.consignment, 176, &UNITS.to_le_bytes()),
        (parcel.consignment, 181, &[1]),
        (parcel.consignment, 184, parcel.lot.as_ref()),
        (transfer, 8, parcel.consignment.as_ref()),
        (transfer, 40, manufacturer.partner.as_ref()),
        (transfer, 72, wholesaler.partner.as_ref()),
        (transfer, 104, &DOCUMENT),
        (transfer, 148, &[1, 0, 0, 1]),
        (transfer, 152, &NOW.to_le_bytes()),
        (transfer, 168, payer.as_ref()),
    ];
    for &(account, offset, expected) in fields {
        let data = world.ledger.account(account).data;
        assert_eq!(
            &data[offset..offset + expected.len()],
            expected,
            "{account} at {offset}"
        );
    }
}
