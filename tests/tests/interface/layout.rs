//! The layouts that the accounts' documentation promises, written out once more: explorers, RPC filters
//! and clients in other languages rely on them.

use std::mem::{offset_of, size_of};

use anchor_lang::{Address, Discriminator};
use custody::{Case, Consignment, ExceptionCode, Lot, Transfer, UnitPage, UnitRecord};
use pedigree_domain::{Permissions, Roles, expiry};
use pedigree_interface::{TransferKind, instruction::custody::open_case};
use program_tests::{
    address,
    ledger::NOW,
    recalled::{RecalledWorld, UNIT_PRICE, notice, units},
    scenario::{FINDING, finding},
    world::{
        APPOINTMENT_END, COUNTRY, DOCUMENT, EXPIRY, GTIN, LICENCE_END, UNITS, World, gln, terms,
    },
};
use recall::{Claims, Proofs, Recall, Response, Scope, Tranche};
use registry::{Issuer, Operator, Partner, PrefixClaim, PrefixTable, Product, Registry};

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
        _padding: 73, 1;
        key_changes: 74, 2;
        _rest: 76, 4;
    });
}

#[test]
fn issuer() {
    assert_layout!(Issuer, 328, {
        key: 8, 32;
        name: 40, 64;
        added_at: 104, 8;
        prefixes: 112, 128;
        countries: 240, 64;
        prefix_digits: 304, 16;
        roles: 320, 2;
        bump: 322, 1;
        _padding: 323, 1;
        key_changes: 324, 2;
        _rest: 326, 2;
    });
}

#[test]
fn partner() {
    assert_layout!(Partner, 304, {
        gln: 8, 8;
        authority: 16, 32;
        licence_valid_until: 48, 8;
        roles: 56, 2;
        status: 58, 1;
        bump: 59, 1;
        appointments: 60, 4;
        firm: 64, 8;
        pending_authority: 72, 32;
        issuer: 104, 32;
        licence_hash: 136, 32;
        recovery_authority: 168, 32;
        recovery_at: 200, 8;
        admitted_at: 208, 8;
        confirmed_at: 216, 8;
        status_changed_at: 224, 8;
        country: 232, 2;
        issuer_key_changes: 234, 2;
        prefix_claims: 236, 4;
        name: 240, 64;
    });
}

#[test]
fn operator() {
    assert_layout!(Operator, 160, {
        partner: 8, 32;
        key: 40, 32;
        valid_from: 72, 8;
        valid_until: 80, 8;
        permissions: 88, 2;
        bump: 90, 1;
        _padding: 91, 1;
        appointments: 92, 4;
        payer: 96, 32;
        name: 128, 32;
    });
}

#[test]
fn prefix_table() {
    assert_layout!(PrefixTable, 12, {
        leading: 8, 2;
        bump: 10, 1;
        _padding: 11, 1;
    });
    // Behind the count of claims, four bytes, come the claims.
    const CLAIMS: usize = 16;
    const CLAIM: usize = 24;
    assert_eq!(
        [
            offset_of!(PrefixClaim, prefix),
            offset_of!(PrefixClaim, firm),
            offset_of!(PrefixClaim, digits),
            size_of::<PrefixClaim>()
        ],
        [0, 8, 16, CLAIM]
    );
    let world = World::new();
    let data = world.ledger.account(address::prefix_table(9_506)).data;
    assert_eq!(data.len(), CLAIMS + 2 * CLAIM);
    assert_eq!(data[8..10], 9_506_u16.to_le_bytes());
    assert_eq!(data[12..16], 2_u32.to_le_bytes());
    let sites = [world.manufacturer, world.other_manufacturer];
    for (place, (prefix, site)) in [9_506_000_u64, 9_506_001]
        .into_iter()
        .zip(sites)
        .enumerate()
    {
        let claim = &data[CLAIMS + place * CLAIM..][..CLAIM];
        assert_eq!(claim[..8], prefix.to_le_bytes());
        assert_eq!(claim[8..16], site.gln.number().to_le_bytes());
        assert_eq!(claim[16..], [7, 0, 0, 0, 0, 0, 0, 0]);
    }
}

#[test]
fn product() {
    assert_layout!(Product, 184, {
        gtin: 8, 8;
        manufacturer: 16, 32;
        pending_manufacturer: 48, 32;
        registered_at: 80, 8;
        storage_min: 88, 2;
        storage_max: 90, 2;
        bump: 92, 1;
        _padding: 93, 1;
        series: 94, 2;
        national_code: 96, 16;
        name: 112, 64;
        proposed_at: 176, 8;
    });
}

#[test]
fn lot() {
    assert_layout!(Lot, 264, {
        expires_at: 8, 8;
        quantity: 16, 4;
        expiry: 20, 4;
        status: 24, 1;
        open_cases: 25, 1;
        recalls: 26, 1;
        bump: 27, 1;
        lot_number: 28, 20;
        gtin: 48, 8;
        product: 56, 32;
        manufacturer: 88, 8;
        quarantined_by: 96, 8;
        serial_root: 104, 32;
        manifest_hash: 136, 32;
        minted_at: 168, 8;
        cases: 176, 4;
        recall_changes: 180, 4;
        recalled_first: 184, 32;
        recalled_quantity: 216, 32;
        minted_by: 248, 8;
        own_cases: 256, 1;
        _padding: 257, 1;
        series: 258, 2;
        _rest: 260, 4;
    });
}

#[test]
fn consignment() {
    assert_layout!(Consignment, 256, {
        lot: 8, 32;
        trail: 40, 32;
        document_hash: 72, 32;
        custodian: 104, 8;
        owner: 112, 8;
        sequence: 120, 4;
        first_unit: 124, 4;
        quantity: 128, 4;
        kind: 132, 1;
        status: 133, 1;
        restrictions: 134, 1;
        open_cases: 135, 1;
        supplier: 136, 8;
        sscc: 144, 8;
        cases: 152, 4;
        index: 156, 4;
        children: 160, 4;
        inactive: 164, 4;
        bump: 168, 1;
        party_cases: 169, 3;
        owner_since: 172, 4;
        parent: 176, 32;
        payer: 208, 32;
        withdrawn_since: 240, 4;
        absent: 244, 4;
        withdrawn_at: 248, 8;
    });
}

#[test]
fn unit_page() {
    assert_layout!(UnitPage, 4_176, {
        lot: 8, 32;
        number: 40, 4;
        bump: 44, 1;
        _padding: 45, 3;
        trail: 48, 32;
        dispositions: 80, 4_096;
    });
}

#[test]
fn unit_record() {
    assert_layout!(UnitRecord, 352, {
        lot: 8, 32;
        payer: 40, 32;
        site: 72, 8;
        last_at: 80, 8;
        block: 88, 4;
        bump: 92, 1;
        _padding: 93, 3;
        gone_at: 96, 256;
    });
}

#[test]
fn transfer() {
    assert_layout!(Transfer, 248, {
        consignment: 8, 32;
        lot: 40, 32;
        document_hash: 72, 32;
        reverses: 104, 32;
        payer: 136, 32;
        from: 168, 8;
        to: 176, 8;
        deadline: 184, 8;
        offered_at: 192, 8;
        settled_at: 200, 8;
        sequence: 208, 4;
        first_unit: 212, 4;
        quantity: 216, 4;
        kind: 220, 1;
        state: 221, 1;
        exception: 222, 1;
        statement: 223, 1;
        bump: 224, 1;
        within_firm: 225, 1;
        _padding: 226, 6;
        owner: 232, 8;
        owner_since: 240, 4;
        settled_since: 244, 4;
    });
}

#[test]
fn case() {
    assert_layout!(Case, 312, {
        subject: 8, 32;
        lot: 40, 32;
        transfer: 72, 32;
        document_hash: 104, 32;
        payer: 136, 32;
        opened_by: 168, 8;
        resolved_by: 176, 8;
        opened_at: 184, 8;
        answer_by: 192, 8;
        determined_at: 200, 8;
        notify_by: 208, 8;
        notified_at: 216, 8;
        resolved_at: 224, 8;
        number: 232, 4;
        units: 236, 4;
        state: 240, 1;
        exception: 241, 1;
        bump: 242, 1;
        party: 243, 1;
        _padding: 244, 4;
        determination_hash: 248, 32;
        notification_hash: 280, 32;
    });
}

#[test]
fn recall() {
    assert_layout!(Recall, 368, {
        lot: 8, 32;
        gtin: 40, 8;
        manufacturer: 48, 8;
        opened_by: 56, 8;
        classified_by: 64, 8;
        opened_at: 72, 8;
        changed_at: 80, 8;
        notify_by: 88, 8;
        expanded_at: 96, 8;
        reclassified_notify_by: 104, 8;
        terminated_at: 112, 8;
        first: 120, 4;
        quantity: 124, 4;
        scopes: 128, 4;
        narrowings: 132, 4;
        tranches: 136, 4;
        recounts: 140, 4;
        number: 144, 1;
        class: 145, 1;
        depth: 146, 1;
        state: 147, 1;
        reason: 148, 1;
        check_level: 149, 1;
        check_percent: 150, 1;
        bump: 151, 1;
        responses: 152, 4;
        shown_returned: 156, 4;
        shown_destroyed: 160, 4;
        regulators_notice: 164, 1;
        _padding: 165, 3;
        held: 168, 8;
        quarantined: 176, 8;
        dispensed: 184, 8;
        returned: 192, 8;
        destroyed: 200, 8;
        document_hash: 208, 32;
        notice_hash: 240, 32;
        notice_address: 272, 96;
    });
}

#[test]
fn scope() {
    assert_layout!(Scope, 96, {
        recall: 8, 32;
        since: 40, 8;
        change: 48, 4;
        number: 52, 4;
        first: 56, 4;
        quantity: 60, 4;
        first_before: 64, 4;
        quantity_before: 68, 4;
        narrowings: 72, 4;
        bump: 76, 1;
        _padding: 77, 3;
        notify_by: 80, 8;
        reclassified_notify_by: 88, 8;
    });
}

#[test]
fn response() {
    assert_layout!(Response, 144, {
        recall: 8, 32;
        partner: 40, 32;
        gln: 72, 8;
        answered_at: 80, 8;
        updated_at: 88, 8;
        counted_at: 96, 8;
        held: 104, 4;
        quarantined: 108, 4;
        dispensed: 112, 4;
        returned: 116, 4;
        destroyed: 120, 4;
        shown_returned: 124, 4;
        shown_destroyed: 128, 4;
        recounts: 132, 4;
        bump: 136, 1;
        _padding: 137, 7;
    });
}

#[test]
fn proofs() {
    assert_layout!(Proofs, 1_112, {
        recall: 8, 32;
        payer: 40, 32;
        page: 72, 4;
        recounts: 76, 4;
        bump: 80, 1;
        _padding: 81, 7;
        shown: 88, 1_024;
    });
}

#[test]
fn tranche() {
    assert_layout!(Tranche, 216, {
        recall: 8, 32;
        mint: 40, 32;
        vault: 72, 32;
        payer: 104, 32;
        funder: 136, 8;
        firm: 144, 8;
        maker_firm: 152, 8;
        unit_price: 160, 8;
        funded_at: 168, 8;
        withdrawn_at: 176, 8;
        withdrawn: 184, 8;
        number: 192, 4;
        scope: 196, 4;
        first: 200, 4;
        quantity: 204, 4;
        paid_units: 208, 4;
        bump: 212, 1;
        vault_bump: 213, 1;
        _padding: 214, 2;
    });
}

#[test]
fn claims() {
    assert_layout!(Claims, 256, {
        evidence: 8, 32;
        lot: 40, 32;
        payer: 72, 32;
        owner: 104, 8;
        first: 112, 4;
        page: 116, 4;
        paid_units: 120, 4;
        bump: 124, 1;
        _padding: 125, 3;
        paid: 128, 128;
    });
}

#[test]
fn accounts_of_a_recall_read_at_their_offsets() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let claim = recalled.claim(recalled.returned, units(8_102, 3));
    let proof = recalled.prove(recalled.returned, units(8_200, 3));
    for step in [claim, proof] {
        world.ledger.execute(&step);
    }
    let recall = recalled.recall;
    let lot = world.goods.lot;
    let (maker, regulator) = (world.manufacturer.gln, world.regulator.gln);
    let pharmacy = world.pharmacy.gln;
    let response = address::response(&recall, &world.pharmacy.partner);
    let scope = address::scope(&recall, 0);
    let proofs = address::proofs(&recall, 1);
    let tranche = address::tranche(&recall, 0);
    let vault = address::vault(&tranche);
    let claims = address::claims(&recalled.returned, 0);
    let fields: &[(Address, usize, &[u8])] = &[
        (recall, 8, lot.as_ref()),
        (recall, 40, &GTIN.number().to_le_bytes()),
        (recall, 48, &maker.number().to_le_bytes()),
        (recall, 56, &regulator.number().to_le_bytes()),
        (recall, 64, &regulator.number().to_le_bytes()),
        (recall, 72, &NOW.to_le_bytes()),
        (recall, 120, &8_000u32.to_le_bytes()),
        (recall, 124, &1_000u32.to_le_bytes()),
        (recall, 128, &1u32.to_le_bytes()),
        (recall, 136, &1u32.to_le_bytes()),
        (recall, 144, &[0, 2, 1, 0, 1, 2, 10]),
        (recall, 152, &1u32.to_le_bytes()),
        (recall, 156, &3u32.to_le_bytes()),
        (recall, 184, &30u64.to_le_bytes()),
        (recall, 240, &notice().hash),
        (recall, 272, b"https://example.org/recalls/1\0"),
        (scope, 8, recall.as_ref()),
        (scope, 40, &NOW.to_le_bytes()),
        (scope, 48, &1u32.to_le_bytes()),
        (scope, 56, &8_000u32.to_le_bytes()),
        (scope, 60, &1_000u32.to_le_bytes()),
        (response, 8, recall.as_ref()),
        (response, 40, world.pharmacy.partner.as_ref()),
        (response, 72, &pharmacy.number().to_le_bytes()),
        (response, 108, &17u32.to_le_bytes()),
        (response, 116, &3u32.to_le_bytes()),
        (response, 124, &3u32.to_le_bytes()),
        (proofs, 8, recall.as_ref()),
        (proofs, 40, world.payer.as_ref()),
        (proofs, 72, &1u32.to_le_bytes()),
        (proofs, 88 + 1, &[0b111]),
        (tranche, 8, recall.as_ref()),
        (tranche, 40, recalled.token.mint.as_ref()),
        (tranche, 72, vault.as_ref()),
        (tranche, 136, &maker.number().to_le_bytes()),
        (tranche, 144, &maker.number().to_le_bytes()),
        (tranche, 160, &UNIT_PRICE.to_le_bytes()),
        (tranche, 200, &8_000u32.to_le_bytes()),
        (tranche, 204, &1_000u32.to_le_bytes()),
        (tranche, 208, &3u32.to_le_bytes()),
        (claims, 8, recalled.returned.as_ref()),
        (claims, 40, lot.as_ref()),
        (claims, 72, world.payer.as_ref()),
        (claims, 104, &pharmacy.number().to_le_bytes()),
        (claims, 112, &8_100u32.to_le_bytes()),
        (claims, 120, &3u32.to_le_bytes()),
        (claims, 128, &[0b11100]),
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

#[test]
fn accounts_of_the_compiled_programs_read_at_their_offsets() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        operator,
        goods,
        product,
        payer,
        authority,
        issuer_key,
        ..
    } = world;
    let transfer = world.offer(manufacturer, wholesaler, goods, terms(TransferKind::Sale));
    let suspect = finding(ExceptionCode::None);
    let (holder, case) = (manufacturer.gln, address::case(&goods.consignment, 0));
    let opening = open_case(payer, manufacturer, holder, goods, 0, suspect);
    world.ledger.execute(&opening);
    let issuer = address::issuer(&issuer_key);
    let operator_account = address::operator(&wholesaler.partner, &operator);
    let expires_at = expiry::expires_at(EXPIRY.label()).unwrap();

    let fields: &[(Address, usize, &[u8])] = &[
        (address::registry(), 8, authority.as_ref()),
        (issuer, 8, issuer_key.as_ref()),
        (issuer, 40, b"Board of Pharmacy\0"),
        (issuer, 104, &NOW.to_le_bytes()),
        (manufacturer.partner, 8, &gln(1).number().to_le_bytes()),
        (manufacturer.partner, 16, manufacturer.key.as_ref()),
        (manufacturer.partner, 48, &LICENCE_END.to_le_bytes()),
        (
            manufacturer.partner,
            56,
            &Roles::MANUFACTURER.bits().to_le_bytes(),
        ),
        (manufacturer.partner, 58, &[0]),
        (manufacturer.partner, 64, &gln(1).number().to_le_bytes()),
        (manufacturer.partner, 104, issuer.as_ref()),
        (manufacturer.partner, 216, &NOW.to_le_bytes()),
        (manufacturer.partner, 232, &COUNTRY.to_le_bytes()),
        (manufacturer.partner, 240, b"Manufacturer\0"),
        (operator_account, 8, wholesaler.partner.as_ref()),
        (operator_account, 40, operator.as_ref()),
        (operator_account, 72, &NOW.to_le_bytes()),
        (operator_account, 80, &APPOINTMENT_END.to_le_bytes()),
        (
            operator_account,
            88,
            &Permissions::all().bits().to_le_bytes(),
        ),
        (operator_account, 96, payer.as_ref()),
        (operator_account, 128, b"Goods-in scanner 2\0"),
        (product, 8, &GTIN.number().to_le_bytes()),
        (product, 16, manufacturer.partner.as_ref()),
        (product, 88, &150i16.to_le_bytes()),
        (product, 96, b"0093-3109-01\0"),
        (product, 112, b"Amoxicillin 500 mg"),
        (goods.lot, 8, &expires_at.to_le_bytes()),
        (goods.lot, 16, &UNITS.to_le_bytes()),
        (goods.lot, 20, &EXPIRY.label().to_le_bytes()),
        (goods.lot, 28, b"LOT-1\0"),
        (goods.lot, 48, &GTIN.number().to_le_bytes()),
        (goods.lot, 56, product.as_ref()),
        (goods.lot, 88, &manufacturer.gln.number().to_le_bytes()),
        (goods.lot, 104, &[0x5E; 32]),
        (goods.consignment, 8, goods.lot.as_ref()),
        (
            goods.consignment,
            104,
            &manufacturer.gln.number().to_le_bytes(),
        ),
        (
            goods.consignment,
            112,
            &manufacturer.gln.number().to_le_bytes(),
        ),
        (goods.consignment, 120, &1u32.to_le_bytes()),
        (goods.consignment, 128, &UNITS.to_le_bytes()),
        (goods.consignment, 132, &[15, 1, 0, 1]),
        (goods.consignment, 152, &1u32.to_le_bytes()),
        (goods.consignment, 176, goods.lot.as_ref()),
        (goods.consignment, 208, payer.as_ref()),
        (transfer, 8, goods.consignment.as_ref()),
        (transfer, 40, goods.lot.as_ref()),
        (transfer, 72, &DOCUMENT),
        (transfer, 136, payer.as_ref()),
        (transfer, 168, &manufacturer.gln.number().to_le_bytes()),
        (transfer, 176, &wholesaler.gln.number().to_le_bytes()),
        (transfer, 192, &NOW.to_le_bytes()),
        (transfer, 216, &UNITS.to_le_bytes()),
        (transfer, 220, &[1, 0, 0, 1]),
        (transfer, 232, &manufacturer.gln.number().to_le_bytes()),
        (case, 8, goods.consignment.as_ref()),
        (case, 40, goods.lot.as_ref()),
        (case, 104, &FINDING),
        (case, 168, &manufacturer.gln.number().to_le_bytes()),
        (case, 184, &NOW.to_le_bytes()),
        (case, 236, &suspect.units.to_le_bytes()),
        (case, 240, &[0, 0]),
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
