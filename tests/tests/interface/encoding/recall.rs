use pedigree_interface::{instruction::recall::*, units::UnitRange};
use recall::{CheckLevel, RecallClass, RecallDepth, RecallReason};

use super::case::{Case, bytes, case, field, key, site};

/// The instructions' arguments, as they are documented.
mod documented {
    use borsh::BorshSerialize;

    #[derive(BorshSerialize)]
    pub struct RecallStrategy {
        pub class: u8,
        pub depth: u8,
        pub check_level: u8,
        pub check_percent: u8,
    }

    #[derive(BorshSerialize)]
    pub struct Notice {
        pub hash: [u8; 32],
        pub address: [u8; 96],
    }

    #[derive(BorshSerialize)]
    pub struct Opening {
        pub first: u32,
        pub quantity: u32,
        pub strategy: RecallStrategy,
        pub reason: u8,
        pub notice: Notice,
    }

    #[derive(BorshSerialize)]
    pub struct Expansion {
        pub first: u32,
        pub quantity: u32,
        pub notice: Notice,
    }

    #[derive(BorshSerialize)]
    pub struct Narrowing {
        pub first: u32,
        pub quantity: u32,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Reclassification {
        pub strategy: RecallStrategy,
        pub document_hash: [u8; 32],
    }

    #[derive(BorshSerialize)]
    pub struct Count {
        pub held: u32,
        pub quarantined: u32,
        pub dispensed: u32,
        pub returned: u32,
        pub destroyed: u32,
        pub counted_at: i64,
    }

    #[derive(BorshSerialize)]
    pub struct Units {
        pub page: u32,
        pub first: u32,
        pub quantity: u32,
    }

    #[derive(BorshSerialize)]
    pub struct Funding {
        pub first: u32,
        pub quantity: u32,
        pub unit_price: u64,
    }

    #[derive(BorshSerialize)]
    pub struct Document {
        pub document_hash: [u8; 32],
    }
}

pub fn cases() -> Vec<Case> {
    let (payer, own) = (key(1), site(2));
    let (lot, recall) = (key(3), key(4));
    let hash = Some(bytes(5));
    let document_hash = || documented::Document {
        document_hash: bytes(5),
    };
    let strategy = RecallStrategy {
        class: RecallClass::III,
        depth: RecallDepth::Retail,
        check_level: CheckLevel::B,
        check_percent: 42,
    };
    let expected_strategy = || documented::RecallStrategy {
        class: 3,
        depth: 1,
        check_level: 1,
        check_percent: 42,
    };
    let notice = Notice {
        hash: bytes(6),
        address: field(7),
    };
    let expected_notice = || documented::Notice {
        hash: bytes(6),
        address: field(7),
    };
    // On page 2 of proofs: units 16,384 to 24,575.
    let units = UnitRange {
        first: 0x0000_4142,
        quantity: 0x5152_5354,
    };
    let expected_units = || documented::Units {
        page: 2,
        first: 0x0000_4142,
        quantity: 0x5152_5354,
    };
    let token = Token {
        mint: key(8),
        program: key(9),
    };
    let terms = RecallTerms {
        units,
        strategy,
        reason: RecallReason::Falsified,
    };
    let count = Count {
        held: 0x0102_0304,
        quarantined: 0x1112_1314,
        dispensed: 0x2122_2324,
        returned: 0x3132_3334,
        destroyed: 0x4142_4344,
        counted_at: -9,
    };
    let funding = Funding {
        units,
        unit_price: 0x1112_1314_1516_1718,
    };
    let lot_recall = LotRecall {
        product: key(13),
        lot,
        number: 3,
    };
    let since = Since {
        scope: 4,
        narrowings: vec![5, 6],
    };
    let claimed = Claimed {
        evidence: key(10),
        // Three pages of claims, of 1,024 units each, come before.
        evidence_first: 0x0000_4142 - 3 * 1_024 - 7,
        units,
        since: since.clone(),
        tranche: 7,
    };
    let funded = FundedRecall {
        recall: lot_recall,
        manufacturer: own.gln,
        tranches: 2,
    };
    vec![
        case(
            "open",
            0,
            open(payer, own, lot_recall, terms, notice),
            documented::Opening {
                first: 0x0000_4142,
                quantity: 0x5152_5354,
                strategy: expected_strategy(),
                reason: 14,
                notice: expected_notice(),
            },
        ),
        case(
            "expand",
            1,
            expand(payer, own, lot_recall, 2, units, notice),
            documented::Expansion {
                first: 0x0000_4142,
                quantity: 0x5152_5354,
                notice: expected_notice(),
            },
        ),
        case(
            "narrow",
            2,
            narrow(payer, own, lot_recall, 2, units, hash),
            documented::Narrowing {
                first: 0x0000_4142,
                quantity: 0x5152_5354,
                document_hash: bytes(5),
            },
        ),
        case(
            "reclassify",
            3,
            reclassify(own, lot_recall, strategy, hash),
            documented::Reclassification {
                strategy: expected_strategy(),
                document_hash: bytes(5),
            },
        ),
        case(
            "complete",
            4,
            complete(own, lot_recall, hash),
            document_hash(),
        ),
        case(
            "terminate",
            5,
            terminate(own, recall, hash),
            document_hash(),
        ),
        case(
            "terminate",
            5,
            terminate(own, recall, None),
            documented::Document {
                document_hash: [0; 32],
            },
        ),
        case(
            "respond",
            6,
            respond(payer, own, recall, count),
            documented::Count {
                held: 0x0102_0304,
                quarantined: 0x1112_1314,
                dispensed: 0x2122_2324,
                returned: 0x3132_3334,
                destroyed: 0x4142_4344,
                counted_at: -9,
            },
        ),
        case(
            "prove",
            7,
            prove(payer, own, recall, key(10), units, &since),
            expected_units(),
        ),
        case(
            "claim",
            8,
            claim(payer, own, recall, &claimed, token, key(11)),
            documented::Units {
                page: 3,
                ..expected_units()
            },
        ),
        case(
            "fund",
            9,
            fund(payer, own, funded, token, key(12), funding),
            documented::Funding {
                first: 0x0000_4142,
                quantity: 0x5152_5354,
                unit_price: 0x1112_1314_1516_1718,
            },
        ),
        case(
            "withdraw",
            10,
            withdraw(own, recall, 1, token, key(11), payer),
            (),
        ),
        case("close_claims", 11, close_claims(key(10), 2, payer), ()),
        case("close_proofs", 12, close_proofs(recall, 2, payer), ()),
        case("reopen", 13, reopen(own, recall, hash), document_hash()),
    ]
}
