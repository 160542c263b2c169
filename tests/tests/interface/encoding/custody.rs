use custody::{Disposition, ExceptionCode, Restrictions, UnitBlock};
use pedigree_interface::{
    Goods, Offered, TransferKind,
    identifier::{Expiry, LotNumber, Sscc},
    instruction::custody::*,
    units::UnitRange,
};

use super::case::{Case, bytes, case, field, key, site};

/// The instructions' arguments, as they are documented.
mod documented {
    use borsh::BorshSerialize;

    #[derive(BorshSerialize)]
    pub struct LotLabel {
        pub lot_number: [u8; 20],
        pub expiry: u32,
        pub quantity: u32,
        pub serial_root: [u8; 32],
        pub manifest_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct OfferTerms {
        pub sequence: u32,
        pub kind: u8,
        pub statement: bool,
        pub deadline: i64,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Sequence {
        pub sequence: u32,
    }

    #[derive(BorshSerialize)]
    pub struct Code {
        pub code: u8,
    }

    #[derive(BorshSerialize)]
    pub struct Document {
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct SequenceAndDocument {
        pub sequence: u32,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Handoff {
        pub kind: u8,
        pub sequence: u32,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct HandoffBatch {
        pub kind: u8,
        pub document_hash: [u8; 32],
        pub sequences: Vec<u32>,
    }

    #[derive(BorshSerialize)]
    pub struct Split {
        pub sequence: u32,
        pub quantity: u32,
        pub sscc: u64,
    }

    #[derive(BorshSerialize)]
    pub struct Merge {
        pub sequence: u32,
        pub neighbour_sequence: u32,
    }

    #[derive(BorshSerialize)]
    pub struct Pack {
        pub sscc: u64,
    }

    #[derive(BorshSerialize)]
    pub struct Finding {
        pub exception: u8,
        pub units: u32,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct SequenceAndFinding {
        pub sequence: u32,
        pub finding: Finding,
    }

    #[derive(BorshSerialize)]
    pub struct Release {
        pub restrictions: u8,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Resolution {
        pub condemned: bool,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct RecalledUnits {
        pub number: u8,
        pub first: u32,
        pub quantity: u32,
    }

    #[derive(BorshSerialize)]
    pub struct Page {
        pub number: u32,
    }

    #[derive(BorshSerialize)]
    pub struct Block {
        pub number: u32,
        pub units: u64,
    }

    #[derive(BorshSerialize)]
    pub struct BlockAndDocument {
        pub block: Block,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Decommission {
        pub block: Block,
        pub disposition: u8,
        pub document_hash: [u8; 32],
    }
}

pub fn cases() -> Vec<Case> {
    let (payer, from, to) = (key(1), site(2), site(3));
    let lot = key(4);
    let goods = Goods {
        consignment: key(5),
        lot,
        sequence: 0x0102_0304,
    };
    let neighbour = Goods {
        consignment: key(6),
        lot: key(7),
        sequence: 0x0506_0708,
    };
    let offered: Offered = goods.offered_by(from.gln);
    let holders = Holders {
        receiver: to.gln,
        manufacturer: from.gln,
        product: key(9),
        is_offered: false,
    };
    let hash = Some(bytes(8));
    let damage = Finding {
        exception: ExceptionCode::Damage,
        units: 0x1112_1314,
        document_hash: hash,
    };
    let expected_finding = || documented::Finding {
        exception: 5,
        units: 0x1112_1314,
        document_hash: bytes(8),
    };
    let sequence = || documented::Sequence {
        sequence: 0x0102_0304,
    };
    let sequence_and_document = || documented::SequenceAndDocument {
        sequence: 0x0102_0304,
        document_hash: bytes(8),
    };
    let document_hash = || documented::Document {
        document_hash: bytes(8),
    };
    let block = UnitBlock {
        number: 0x2122_2324,
        units: 0x3132_3334_3536_3738,
    };
    let expected_block = || documented::Block {
        number: 0x2122_2324,
        units: 0x3132_3334_3536_3738,
    };
    let label = LotLabel {
        lot_number: LotNumber::from_account(field(9)),
        expiry: Expiry::from_account(0x4142_4344),
        quantity: 0x5152_5354,
        serial_root: Some(bytes(10)),
        manifest_hash: Some(bytes(11)),
    };
    let not_serialised = LotLabel {
        serial_root: None,
        manifest_hash: None,
        ..label
    };
    let expected_label = |serial_root, manifest_hash| documented::LotLabel {
        lot_number: field(9),
        expiry: 0x4142_4344,
        quantity: 0x5152_5354,
        serial_root,
        manifest_hash,
    };
    let terms = OfferTerms {
        kind: TransferKind::Return,
        statement: true,
        deadline: -7,
        document_hash: hash,
        reverses: Some(key(12)),
    };
    let expected_terms = |document_hash| documented::OfferTerms {
        sequence: 0x0102_0304,
        kind: 2,
        statement: true,
        deadline: -7,
        document_hash,
    };
    let mut cases = vec![
        case(
            "mint_lot",
            0,
            mint_lot(payer, from, key(13), &label),
            expected_label(bytes(10), bytes(11)),
        ),
        case(
            "mint_lot",
            0,
            mint_lot(payer, from, key(13), &not_serialised),
            expected_label([0; 32], [0; 32]),
        ),
        case(
            "offer",
            1,
            offer(payer, from, to.gln, goods, terms),
            expected_terms(bytes(8)),
        ),
        case(
            "offer",
            1,
            offer(
                payer,
                from,
                to.gln,
                goods,
                OfferTerms {
                    document_hash: None,
                    ..terms
                },
            ),
            expected_terms([0; 32]),
        ),
        case("accept", 2, accept(to, offered), sequence()),
        case(
            "reject",
            3,
            reject(to, offered, ExceptionCode::NotOrdered),
            documented::Code { code: 8 },
        ),
        case("cancel", 4, cancel(from, offered), ()),
        case("expire", 5, expire(offered), ()),
        case(
            "handoff_batch",
            7,
            handoff_batch(from, to, &[goods, neighbour], TransferKind::Sale, hash),
            documented::HandoffBatch {
                kind: 1,
                document_hash: bytes(8),
                sequences: vec![0x0102_0304, 0x0506_0708],
            },
        ),
        case(
            "split",
            8,
            split(
                payer,
                from,
                goods,
                Cut {
                    index: 3,
                    quantity: 0x6162_6364,
                    sscc: Some(Sscc::from_account(0x7172_7374_7576_7778)),
                },
            ),
            documented::Split {
                sequence: 0x0102_0304,
                quantity: 0x6162_6364,
                sscc: 0x7172_7374_7576_7778,
            },
        ),
        case(
            "split",
            8,
            split(payer, from, goods, Cut::first(0x6162_6364)),
            documented::Split {
                sequence: 0x0102_0304,
                quantity: 0x6162_6364,
                sscc: 0,
            },
        ),
        case(
            "merge",
            9,
            merge(from, goods, neighbour, payer),
            documented::Merge {
                sequence: 0x0102_0304,
                neighbour_sequence: 0x0506_0708,
            },
        ),
        case(
            "pack",
            10,
            pack(from, key(5), Sscc::from_account(0x7172_7374_7576_7778)),
            documented::Pack {
                sscc: 0x7172_7374_7576_7778,
            },
        ),
        case("unpack", 11, unpack(from, key(5)), ()),
        case(
            "quarantine",
            12,
            quarantine(from, key(5), hash),
            documented::Document {
                document_hash: bytes(8),
            },
        ),
        case(
            "release",
            13,
            release(from, key(5), Restrictions::CONDEMNED, hash),
            documented::Release {
                restrictions: 4,
                document_hash: bytes(8),
            },
        ),
        case("quarantine_lot", 14, quarantine_lot(from, lot), ()),
        case("release_lot", 15, release_lot(from, lot), ()),
        case(
            "transfer_title",
            16,
            transfer_title(from, to, goods, hash),
            sequence_and_document(),
        ),
        case(
            "return_title",
            41,
            return_title(payer, from, goods, holders, hash),
            sequence_and_document(),
        ),
        case(
            "verify_return",
            17,
            verify_return(to, goods, hash),
            sequence_and_document(),
        ),
        case(
            "destroy",
            18,
            destroy(from, to, goods, hash),
            sequence_and_document(),
        ),
        case(
            "export",
            19,
            export(from, goods, hash),
            sequence_and_document(),
        ),
        case(
            "sample",
            20,
            sample(from, goods, None, hash),
            sequence_and_document(),
        ),
        case(
            "report_stolen",
            21,
            report_stolen(from, goods, Some(to.into()), hash),
            sequence_and_document(),
        ),
        case(
            "open_case",
            22,
            open_case(payer, from, to.gln, goods, 9, damage),
            expected_finding(),
        ),
        case(
            "open_lot_case",
            23,
            open_lot_case(payer, from, lot, 9, damage),
            expected_finding(),
        ),
        case(
            "determine_case",
            24,
            determine_case(from, key(14), hash),
            document_hash(),
        ),
        case(
            "notify_case",
            25,
            notify_case(from, key(14), hash),
            document_hash(),
        ),
        case(
            "accept_with_discrepancy",
            28,
            accept_with_discrepancy(payer, to, offered, 9, damage),
            documented::SequenceAndFinding {
                sequence: 0x0102_0304,
                finding: expected_finding(),
            },
        ),
        case("archive", 29, archive(key(15), payer), ()),
        case(
            "set_recalled_range",
            30,
            set_recalled_range(
                lot,
                7,
                UnitRange {
                    first: 0x1617_1819,
                    quantity: 0x2627_2829,
                },
            ),
            documented::RecalledUnits {
                number: 7,
                first: 0x1617_1819,
                quantity: 0x2627_2829,
            },
        ),
        case(
            "open_unit_page",
            31,
            open_unit_page(payer, lot, 0x3637_3839),
            documented::Page {
                number: 0x3637_3839,
            },
        ),
        case(
            "dispense",
            32,
            dispense(payer, from, goods, block, Some(to), hash),
            documented::BlockAndDocument {
                block: expected_block(),
                document_hash: bytes(8),
            },
        ),
        case(
            "undo_dispense",
            33,
            undo_dispense(from, goods, block),
            expected_block(),
        ),
        case(
            "decommission",
            34,
            decommission(payer, from, goods, block, Disposition::Suspect, None, hash),
            documented::Decommission {
                block: expected_block(),
                disposition: 7,
                document_hash: bytes(8),
            },
        ),
        case(
            "destroy_units",
            35,
            destroy_units(from, to, goods, block, hash),
            documented::BlockAndDocument {
                block: expected_block(),
                document_hash: bytes(8),
            },
        ),
        case(
            "close_unit_record",
            36,
            close_unit_record(key(16), payer, false),
            (),
        ),
        case(
            "undo_decommission",
            37,
            undo_decommission(from, goods, block),
            expected_block(),
        ),
        case(
            "restore_units",
            38,
            restore_units(from, goods, block, hash),
            documented::BlockAndDocument {
                block: expected_block(),
                document_hash: bytes(8),
            },
        ),
        case(
            "recover",
            39,
            recover(from, to.gln, to, goods, true, hash),
            document_hash(),
        ),
        case(
            "undo_withdrawal",
            42,
            undo_withdrawal(from, goods),
            documented::Sequence {
                sequence: 0x0102_0304,
            },
        ),
        case("adopt_lot", 40, adopt_lot(from, key(17), lot), ()),
    ];
    let kinds = [
        (TransferKind::Sale, 1),
        (TransferKind::Return, 2),
        (TransferKind::Logistics, 3),
        (TransferKind::Disposal, 4),
        (TransferKind::Examination, 17),
    ];
    cases.extend(kinds.map(|(kind, code)| {
        let arguments = documented::Handoff {
            kind: code,
            sequence: 0x0102_0304,
            document_hash: bytes(8),
        };
        case(
            "handoff",
            6,
            handoff(from, to, goods, kind, hash),
            arguments,
        )
    }));
    for condemned in [false, true] {
        let arguments = || documented::Resolution {
            condemned,
            document_hash: bytes(8),
        };
        let of_goods = resolve_case(from, key(14), key(5), condemned, hash);
        let of_lot = resolve_lot_case(from, key(14), lot, condemned, hash);
        cases.push(case("resolve_case", 26, of_goods, arguments()));
        cases.push(case("resolve_lot_case", 27, of_lot, arguments()));
    }
    cases
}
