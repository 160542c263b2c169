use pedigree_interface::{
    domain::gs1::CompanyPrefix,
    identifier::{Gln, Gtin},
    instruction::registry::*,
};

use super::case::{Case, bytes, case, field, key, site};

/// The instructions' arguments, as they are documented.
mod documented {
    use borsh::BorshSerialize;

    #[derive(BorshSerialize)]
    pub struct Key {
        pub key: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct IssuerScope {
        pub roles: u16,
        pub countries: [u16; 32],
        pub prefixes: [u64; 16],
        pub prefix_digits: [u8; 16],
    }

    #[derive(BorshSerialize)]
    pub struct NewIssuer {
        pub key: [u8; 32],
        pub name: [u8; 64],
        pub scope: IssuerScope,
    }

    #[derive(BorshSerialize)]
    pub struct Licence {
        pub roles: u16,
        pub country: u16,
        pub valid_until: i64,
        pub hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Admission {
        pub gln: u64,
        pub authority: [u8; 32],
        pub name: [u8; 64],
        pub licence: Licence,
    }

    #[derive(BorshSerialize)]
    pub struct Correction {
        pub authority: [u8; 32],
        pub name: [u8; 64],
        pub licence: Licence,
    }

    #[derive(BorshSerialize)]
    pub struct OperatorTerms {
        pub permissions: u16,
        pub valid_from: i64,
        pub valid_until: i64,
        pub name: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Appointment {
        pub key: [u8; 32],
        pub terms: OperatorTerms,
    }

    #[derive(BorshSerialize)]
    pub struct ProductDescription {
        pub name: [u8; 64],
        pub national_code: [u8; 16],
        pub storage_min: i16,
        pub storage_max: i16,
    }

    #[derive(BorshSerialize)]
    pub struct Prefix {
        pub prefix: u64,
        pub digits: u8,
    }

    #[derive(BorshSerialize)]
    pub struct Registration {
        pub gtin: u64,
        pub description: ProductDescription,
    }
}

pub fn cases() -> Vec<Case> {
    let (payer, issuer, own) = (key(1), key(2), site(3));
    let (gln, gtin) = (
        Gln::from_account(0x0123_4567_89AB),
        Gtin::from_account(0xBA98_7654_3210),
    );
    let licence = Licence {
        roles: 0x0102,
        country: 0x0506,
        valid_until: -5,
        hash: bytes(4),
    };
    let expected_licence = || documented::Licence {
        roles: 0x0102,
        country: 0x0506,
        valid_until: -5,
        hash: bytes(4),
    };
    let countries = std::array::from_fn(|place| 0x0100 + u16::try_from(place).unwrap());
    let prefixes = std::array::from_fn(|place| 0x0A00_0000_0000 + place as u64);
    let prefix_digits = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let scope = IssuerScope {
        roles: 0x0708,
        countries,
        prefixes,
        prefix_digits,
    };
    let expected_scope = || documented::IssuerScope {
        roles: 0x0708,
        countries,
        prefixes,
        prefix_digits,
    };
    let prefix = CompanyPrefix {
        value: 0x0807_0605,
        digits: 9,
    };
    let terms = OperatorTerms {
        permissions: 0x0304,
        valid_from: 0x0102_0304_0506_0708,
        valid_until: i64::MAX,
        name: field(5),
    };
    let expected_terms = || documented::OperatorTerms {
        permissions: 0x0304,
        valid_from: 0x0102_0304_0506_0708,
        valid_until: i64::MAX,
        name: field(5),
    };
    let description = ProductDescription {
        name: field(6),
        national_code: field(7),
        storage_min: -1_500,
        storage_max: 250,
    };
    let expected_description = || documented::ProductDescription {
        name: field(6),
        national_code: field(7),
        storage_min: -1_500,
        storage_max: 250,
    };
    vec![
        case(
            "initialize",
            0,
            initialize(payer, issuer, key(8)),
            documented::Key { key: bytes(8) },
        ),
        case(
            "propose_authority",
            1,
            propose_authority(issuer, key(9)),
            documented::Key { key: bytes(9) },
        ),
        case("accept_authority", 2, accept_authority(key(9)), ()),
        case(
            "add_issuer",
            3,
            add_issuer(payer, issuer, key(10), field(11), scope),
            documented::NewIssuer {
                key: bytes(10),
                name: field(11),
                scope: expected_scope(),
            },
        ),
        case("remove_issuer", 4, remove_issuer(issuer, key(10)), ()),
        case(
            "admit_partner",
            5,
            admit_partner(payer, issuer, gln, key(12), field(13), licence),
            documented::Admission {
                gln: 0x0123_4567_89AB,
                authority: bytes(12),
                name: field(13),
                licence: expected_licence(),
            },
        ),
        case(
            "renew_partner",
            6,
            renew_partner(issuer, gln, licence),
            expected_licence(),
        ),
        case("suspend_partner", 7, suspend_partner(issuer, gln), ()),
        case("reinstate_partner", 8, reinstate_partner(issuer, gln), ()),
        case("revoke_partner", 9, revoke_partner(issuer, gln), ()),
        case(
            "reassign_partner",
            10,
            reassign_partner(payer, issuer, gln),
            (),
        ),
        case(
            "propose_partner_key",
            11,
            propose_partner_key(own, Some(key(14))),
            documented::Key { key: bytes(14) },
        ),
        case(
            "propose_partner_key",
            11,
            propose_partner_key(own, None),
            documented::Key { key: [0; 32] },
        ),
        case(
            "accept_partner_key",
            12,
            accept_partner_key(gln, key(14)),
            (),
        ),
        case(
            "register_product",
            13,
            register_product(payer, own, gtin, description),
            documented::Registration {
                gtin: 0xBA98_7654_3210,
                description: expected_description(),
            },
        ),
        case(
            "update_product",
            14,
            update_product(own, gtin, description),
            expected_description(),
        ),
        case(
            "propose_product_transfer",
            15,
            propose_product_transfer(own, gln, gtin),
            (),
        ),
        case(
            "accept_product_transfer",
            16,
            accept_product_transfer(own, gln, gtin),
            (),
        ),
        case(
            "appoint_operator",
            17,
            appoint_operator(payer, own, key(15), terms),
            documented::Appointment {
                key: bytes(15),
                terms: expected_terms(),
            },
        ),
        case(
            "update_operator",
            18,
            update_operator(own, key(15), terms),
            expected_terms(),
        ),
        case(
            "dismiss_operator",
            19,
            dismiss_operator(own, key(15), payer),
            (),
        ),
        case("confirm_partner", 20, confirm_partner(issuer, own), ()),
        case(
            "set_issuer_scope",
            21,
            set_issuer_scope(payer, issuer, scope),
            expected_scope(),
        ),
        case(
            "rotate_issuer_key",
            22,
            rotate_issuer_key(payer, issuer, key(16)),
            documented::Key { key: bytes(16) },
        ),
        case("dismiss_all_operators", 23, dismiss_all_operators(own), ()),
        case(
            "propose_recovery",
            24,
            propose_recovery(payer, issuer, gln, key(17)),
            documented::Key { key: bytes(17) },
        ),
        case("complete_recovery", 25, complete_recovery(gln, key(17)), ()),
        case("cancel_recovery", 26, cancel_recovery(issuer, gln), ()),
        case(
            "correct_admission",
            27,
            correct_admission(issuer, gln, key(18), field(19), licence),
            documented::Correction {
                authority: bytes(18),
                name: field(19),
                licence: expected_licence(),
            },
        ),
        case(
            "withdraw_admission",
            28,
            withdraw_admission(issuer, gln),
            (),
        ),
        case(
            "restore_partner",
            29,
            restore_partner(payer, gln, licence),
            expected_licence(),
        ),
        case("join_firm", 30, join_firm(issuer, own, own), ()),
        case("leave_firm", 31, leave_firm(issuer, own, gln), ()),
        case(
            "claim_prefix",
            32,
            claim_prefix(payer, issuer, gln, prefix),
            documented::Prefix {
                prefix: 0x0807_0605,
                digits: 9,
            },
        ),
        case(
            "release_prefix",
            33,
            release_prefix(issuer, gln, prefix),
            documented::Prefix {
                prefix: 0x0807_0605,
                digits: 9,
            },
        ),
        case(
            "move_prefix",
            34,
            move_prefix(payer, prefix, gln, gln),
            documented::Prefix {
                prefix: 0x0807_0605,
                digits: 9,
            },
        ),
        case("move_product", 35, move_product(payer, gln, gtin), ()),
        case(
            "move_gln",
            36,
            move_gln(payer, issuer, gln, key(20), field(21), licence),
            documented::Correction {
                authority: bytes(20),
                name: field(21),
                licence: expected_licence(),
            },
        ),
    ]
}
