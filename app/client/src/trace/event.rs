//! What custody's instructions did to a consignment.

use std::collections::BTreeSet;

use anchor_lang::{
    BORSH_CONFIG, BorshConfig,
    wincode::{self, SchemaRead},
};
use custody::{
    Change, Disposition, ExceptionCode, Restrictions, UnitBlock,
    hot_path::BATCH_START,
    instruction::{
        Accept, AcceptWithDiscrepancy, Cancel, Decommission, Destroy, DestroyUnits, Dispense,
        Expire, Export, Handoff, HandoffBatch, Merge, MintLot, Offer, OpenCase, Pack, Quarantine,
        Recover, Reject, Release, ReportStolen, ResolveCase, RestoreUnits, ReturnTitle, Sample,
        Split, TransferTitle, UndoDecommission, UndoDispense, UndoWithdrawal, Unpack, VerifyReturn,
    },
    instructions::{Finding, OfferTerms},
};
use pedigree_interface::identifier::Sscc;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::invocation::Invocation;

/// Something that happened to a consignment, named like the instruction, with the instruction's
/// arguments and accounts. A site is given by the address of its `Partner` account, a payer by the key
/// that paid the rent, quantities in units.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "variants and fields are those of the instructions"
)]
pub enum Event {
    /// The lot was minted, and the consignment with it.
    Minted {
        payer: Pubkey,
        lot: Pubkey,
        manufacturer: Pubkey,
        quantity: u32,
        manifest_hash: [u8; 32],
    },
    Offered {
        from: Pubkey,
        to: Pubkey,
        sequence: u32,
        terms: Terms,
    },
    /// The offer of that sequence was accepted, perhaps with a discrepancy.
    Accepted {
        from: Pubkey,
        to: Pubkey,
        sequence: u32,
        discrepancy: Option<Suspicion>,
    },
    Rejected {
        to: Pubkey,
        exception: ExceptionCode,
    },
    Cancelled {
        from: Pubkey,
    },
    Expired,
    HandedOver {
        from: Pubkey,
        to: Pubkey,
        terms: Terms,
    },
    /// The last `quantity` units became the consignment `child`, in the package `sscc`.
    Split {
        payer: Pubkey,
        custodian: Pubkey,
        child: Pubkey,
        quantity: u32,
        sscc: Option<Sscc>,
    },
    /// `neighbour`, which held the next units, was merged into it, and its account was closed.
    Merged {
        custodian: Pubkey,
        neighbour: Pubkey,
    },
    /// It was packed, or unpacked if there is no SSCC.
    Packed {
        custodian: Pubkey,
        sscc: Option<Sscc>,
    },
    Quarantined {
        custodian: Pubkey,
        document_hash: [u8; 32],
    },
    /// The custodian or a regulator lifted restrictions.
    Released {
        site: Pubkey,
        restrictions: Restrictions,
        document_hash: [u8; 32],
    },
    /// Title passed; the goods stayed where they are.
    Sold {
        seller: Pubkey,
        buyer: Pubkey,
        document_hash: [u8; 32],
    },
    /// Title to recalled goods was given to the manufacturer's side, which has them or had them.
    TitleReturned {
        owner: Pubkey,
        receiver: Pubkey,
        document_hash: [u8; 32],
    },
    /// Returned goods were verified, so that they may be sold again.
    ReturnVerified {
        custodian: Pubkey,
        document_hash: [u8; 32],
    },
    /// The units left the chain; `witness` is the site of the second person who signed.
    Withdrawn {
        custodian: Pubkey,
        witness: Option<Pubkey>,
        kind: Change,
        document_hash: [u8; 32],
    },
    /// It was taken back that the units were sampled or exported.
    WithdrawalUndone {
        custodian: Pubkey,
    },
    /// Single units left the chain; `witness` is the site of the second person who signed, or the goods'
    /// owner.
    UnitsGone {
        custodian: Pubkey,
        witness: Option<Pubkey>,
        block: UnitBlock,
        disposition: Disposition,
        document_hash: [u8; 32],
    },
    /// Dispensed units were taken back.
    DispenseUndone {
        custodian: Pubkey,
        block: UnitBlock,
    },
    /// It was taken back that units were sampled or exported.
    DecommissionUndone {
        custodian: Pubkey,
        block: UnitBlock,
    },
    /// Units were cleared, by the custodian or a regulator.
    UnitsRestored {
        site: Pubkey,
        block: UnitBlock,
        document_hash: [u8; 32],
    },
    /// A regulator had the goods brought.
    Recovered {
        regulator: Pubkey,
        from: Pubkey,
        to: Pubkey,
        document_hash: [u8; 32],
    },
    CaseOpened {
        site: Pubkey,
        /// Address of the `Case`.
        case: Pubkey,
        suspicion: Suspicion,
    },
    CaseResolved {
        site: Pubkey,
        /// Address of the `Case`.
        case: Pubkey,
        condemned: bool,
        document_hash: [u8; 32],
    },
}

impl Event {
    /// The sites that took part: the sender or actor, and the receiver or the second one that signed.
    pub fn sites(&self) -> (Option<Pubkey>, Option<Pubkey>) {
        match self {
            Self::Minted { manufacturer, .. } => (None, Some(*manufacturer)),
            Self::Offered { from, to, .. }
            | Self::Accepted { from, to, .. }
            | Self::HandedOver { from, to, .. } => (Some(*from), Some(*to)),
            Self::Sold { seller, buyer, .. } => (Some(*seller), Some(*buyer)),
            Self::TitleReturned {
                owner, receiver, ..
            } => (Some(*owner), Some(*receiver)),
            Self::Rejected { to, .. } => (None, Some(*to)),
            Self::Cancelled { from } => (Some(*from), None),
            Self::Expired => (None, None),
            Self::Split { custodian, .. }
            | Self::Merged { custodian, .. }
            | Self::Packed { custodian, .. }
            | Self::Quarantined { custodian, .. }
            | Self::ReturnVerified { custodian, .. }
            | Self::WithdrawalUndone { custodian }
            | Self::DispenseUndone { custodian, .. }
            | Self::DecommissionUndone { custodian, .. } => (Some(*custodian), None),
            Self::Recovered { from, to, .. } => (Some(*from), Some(*to)),
            Self::Withdrawn {
                custodian, witness, ..
            }
            | Self::UnitsGone {
                custodian, witness, ..
            } => (Some(*custodian), *witness),
            Self::CaseOpened { site, .. }
            | Self::CaseResolved { site, .. }
            | Self::Released { site, .. }
            | Self::UnitsRestored { site, .. } => (Some(*site), None),
        }
    }

    /// The regulator that had the goods brought, which neither sent nor received them.
    pub fn regulator(&self) -> Option<Pubkey> {
        match self {
            Self::Recovered { regulator, .. } => Some(*regulator),
            _ => None,
        }
    }

    /// The site of the second person who signed that units left: a witness, or the goods' owner.
    pub fn witness(&self) -> Option<Pubkey> {
        match self {
            Self::Withdrawn { witness, .. } | Self::UnitsGone { witness, .. } => *witness,
            _ => None,
        }
    }

    /// Whether it happened to the lot's unit of this index alone, or with others one by one.
    pub fn is_about_unit(&self, unit: u32) -> bool {
        match self {
            Self::UnitsGone { block, .. }
            | Self::UnitsRestored { block, .. }
            | Self::DispenseUndone { block, .. }
            | Self::DecommissionUndone { block, .. } => block.units().any(|it| it == unit),
            _ => false,
        }
    }
}

/// The terms of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What the transfer is for.
    pub kind: Change,
    /// SHA-256 of the document behind it; zeros if none was named.
    pub document_hash: [u8; 32],
}

/// What a case was opened on; [`ExceptionCode::None`] stands for suspect product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// The discrepancy.
    pub exception: ExceptionCode,
    /// How many units it concerns.
    pub units: u32,
    /// SHA-256 of the finding; zeros if none was named.
    pub document_hash: [u8; 32],
}

impl From<Finding> for Suspicion {
    fn from(finding: Finding) -> Self {
        Self {
            exception: ExceptionCode::from_code(finding.exception),
            units: finding.units,
            document_hash: finding.document_hash,
        }
    }
}

/// What an instruction to the custody program does to the consignments that it names, if it is done.
pub(crate) fn events(instruction: &Instruction) -> Vec<(Pubkey, Event)> {
    if instruction.program_id != custody::ID {
        return Vec::new();
    }
    let invocation = Invocation::of(instruction);
    let named: BTreeSet<Pubkey> = invocation.accounts.iter().copied().collect();
    named
        .into_iter()
        .filter_map(|address| Some((address, event(&invocation, &address)?)))
        .collect()
}

/// What an instruction did to the consignment at `address`; `None` if it is about another one.
///
/// A split is its parent's event, and a merger the event of the one that stays.
pub(super) fn event(invocation: &Invocation, address: &Pubkey) -> Option<Event> {
    let arguments = invocation.data.get(1..)?;
    let account = |index: usize| invocation.account(index);
    let about = |index: usize| (account(index) == Some(*address)).then_some(());
    if invocation.is::<MintLot>() {
        about(5)?;
        let (_, _, quantity, _, manifest_hash): ([u8; 20], u32, u32, [u8; 32], [u8; 32]) =
            decode(arguments)?;
        Some(Event::Minted {
            payer: account(0)?,
            lot: account(4)?,
            manufacturer: account(1)?,
            quantity,
            manifest_hash,
        })
    } else if invocation.is::<Offer>() {
        about(5)?;
        let OfferTerms {
            sequence,
            kind,
            document_hash,
            ..
        } = decode(arguments)?;
        Some(Event::Offered {
            from: account(2)?,
            to: account(3)?,
            sequence,
            terms: terms(kind, document_hash),
        })
    } else if invocation.is::<Accept>() {
        about(4)?;
        let (sequence,): (u32,) = decode(arguments)?;
        Some(Event::Accepted {
            from: account(2)?,
            to: account(1)?,
            sequence,
            discrepancy: None,
        })
    } else if invocation.is::<AcceptWithDiscrepancy>() {
        about(5)?;
        let (sequence, finding): (u32, Finding) = decode(arguments)?;
        Some(Event::Accepted {
            from: account(3)?,
            to: account(2)?,
            sequence,
            discrepancy: Some(finding.into()),
        })
    } else if invocation.is::<Reject>() {
        about(2)?;
        let (exception,): (u8,) = decode(arguments)?;
        Some(Event::Rejected {
            to: account(1)?,
            exception: ExceptionCode::from_code(exception),
        })
    } else if invocation.is::<Cancel>() {
        about(2)?;
        Some(Event::Cancelled { from: account(1)? })
    } else if invocation.is::<Expire>() {
        about(0)?;
        Some(Event::Expired)
    } else if invocation.is::<Handoff>() {
        about(5)?;
        let (kind, _, document_hash): (u8, u32, [u8; 32]) = decode(arguments)?;
        Some(Event::HandedOver {
            from: account(2)?,
            to: account(3)?,
            terms: terms(kind, document_hash),
        })
    } else if invocation.is::<HandoffBatch>() {
        let remaining = invocation.accounts.get(usize::from(BATCH_START)..)?;
        remaining.contains(address).then_some(())?;
        let (kind, document_hash, _): (u8, [u8; 32], Vec<u32>) = decode(arguments)?;
        Some(Event::HandedOver {
            from: account(2)?,
            to: account(3)?,
            terms: terms(kind, document_hash),
        })
    } else if invocation.is::<Split>() {
        about(3)?;
        let (_, quantity, sscc): (u32, u32, u64) = decode(arguments)?;
        Some(Event::Split {
            payer: account(0)?,
            custodian: account(2)?,
            child: account(4)?,
            quantity,
            sscc: Sscc::of_consignment(sscc),
        })
    } else if invocation.is::<Merge>() {
        about(2)?;
        Some(Event::Merged {
            custodian: account(1)?,
            neighbour: account(3)?,
        })
    } else if invocation.is::<TransferTitle>() {
        about(5)?;
        let (_, document_hash): (u32, [u8; 32]) = decode(arguments)?;
        Some(Event::Sold {
            seller: account(2)?,
            buyer: account(3)?,
            document_hash,
        })
    } else if invocation.is::<ReturnTitle>() {
        about(7)?;
        let (_, document_hash): (u32, [u8; 32]) = decode(arguments)?;
        Some(Event::TitleReturned {
            owner: account(2)?,
            receiver: account(3)?,
            document_hash,
        })
    } else if invocation.is::<OpenCase>() {
        about(5)?;
        let (finding,): (Finding,) = decode(arguments)?;
        Some(Event::CaseOpened {
            site: account(2)?,
            case: account(6)?,
            suspicion: finding.into(),
        })
    } else if invocation.is::<ResolveCase>() {
        about(3)?;
        let (condemned, document_hash): (bool, [u8; 32]) = decode(arguments)?;
        Some(Event::CaseResolved {
            site: account(1)?,
            case: account(2)?,
            condemned,
            document_hash,
        })
    } else if invocation.is::<Recover>() {
        about(6)?;
        let (document_hash,): ([u8; 32],) = decode(arguments)?;
        Some(Event::Recovered {
            regulator: account(2)?,
            from: account(3)?,
            to: account(4)?,
            document_hash,
        })
    } else {
        custodians_event(invocation, address)
    }
}

/// What a custodian did with the consignment at `address`, where it is.
fn custodians_event(invocation: &Invocation, address: &Pubkey) -> Option<Event> {
    let arguments = invocation.data.get(1..)?;
    let account = |index: usize| invocation.account(index);
    let about = |index: usize| (account(index) == Some(*address)).then_some(());
    if invocation.is::<Destroy>() {
        about(5)?;
        let (_, document_hash): (u32, [u8; 32]) = decode(arguments)?;
        return Some(Event::Withdrawn {
            custodian: account(2)?,
            witness: Some(account(3)?),
            kind: Change::Destruction,
            document_hash,
        });
    }
    if let Some(event) = units_event(invocation, address) {
        return Some(event);
    }
    let custodian = account(1)?;
    if invocation.is::<VerifyReturn>() {
        about(3)?;
        let (_, document_hash): (u32, [u8; 32]) = decode(arguments)?;
        return Some(Event::ReturnVerified {
            custodian,
            document_hash,
        });
    }
    if invocation.is::<UndoWithdrawal>() {
        about(3)?;
        return Some(Event::WithdrawalUndone { custodian });
    }
    let withdrawn = |kind, witness| {
        let (_, document_hash): (u32, [u8; 32]) = decode(arguments)?;
        Some(Event::Withdrawn {
            custodian,
            witness,
            kind,
            document_hash,
        })
    };
    if invocation.is::<Export>() {
        about(3)?;
        return withdrawn(Change::Export, None);
    }
    if invocation.is::<Sample>() {
        about(3)?;
        return withdrawn(Change::Sampling, invocation.optional_account(5));
    }
    if invocation.is::<ReportStolen>() {
        about(3)?;
        return withdrawn(Change::Theft, invocation.optional_account(5));
    }
    about(2)?;
    if invocation.is::<Pack>() {
        let (sscc,): (u64,) = decode(arguments)?;
        Some(Event::Packed {
            custodian,
            sscc: Sscc::of_consignment(sscc),
        })
    } else if invocation.is::<Unpack>() {
        Some(Event::Packed {
            custodian,
            sscc: None,
        })
    } else if invocation.is::<Quarantine>() {
        let (document_hash,): ([u8; 32],) = decode(arguments)?;
        Some(Event::Quarantined {
            custodian,
            document_hash,
        })
    } else if invocation.is::<Release>() {
        let (restrictions, document_hash): (u8, [u8; 32]) = decode(arguments)?;
        Some(Event::Released {
            site: custodian,
            restrictions: Restrictions::from_bits_retain(restrictions),
            document_hash,
        })
    } else {
        None
    }
}

/// What a custodian did with single units of the consignment at `address`.
fn units_event(invocation: &Invocation, address: &Pubkey) -> Option<Event> {
    let arguments = invocation.data.get(1..)?;
    let account = |index: usize| invocation.account(index);
    let about = |index: usize| (account(index) == Some(*address)).then_some(());
    if invocation.is::<Dispense>() {
        about(4)?;
        let (block, document_hash): (UnitBlock, [u8; 32]) = decode(arguments)?;
        Some(Event::UnitsGone {
            custodian: account(2)?,
            witness: invocation.optional_account(9),
            block,
            disposition: Disposition::Dispensed,
            document_hash,
        })
    } else if invocation.is::<UndoDispense>() {
        about(3)?;
        let (block,): (UnitBlock,) = decode(arguments)?;
        Some(Event::DispenseUndone {
            custodian: account(1)?,
            block,
        })
    } else if invocation.is::<UndoDecommission>() {
        about(3)?;
        let (block,): (UnitBlock,) = decode(arguments)?;
        Some(Event::DecommissionUndone {
            custodian: account(1)?,
            block,
        })
    } else if invocation.is::<RestoreUnits>() {
        about(3)?;
        let (block, document_hash): (UnitBlock, [u8; 32]) = decode(arguments)?;
        Some(Event::UnitsRestored {
            site: account(1)?,
            block,
            document_hash,
        })
    } else if invocation.is::<Decommission>() {
        about(4)?;
        let (block, disposition, document_hash): (UnitBlock, u8, [u8; 32]) = decode(arguments)?;
        Some(Event::UnitsGone {
            custodian: account(2)?,
            witness: invocation.optional_account(9),
            block,
            disposition: Disposition::from_code(disposition),
            document_hash,
        })
    } else if invocation.is::<DestroyUnits>() {
        about(5)?;
        let (block, document_hash): (UnitBlock, [u8; 32]) = decode(arguments)?;
        Some(Event::UnitsGone {
            custodian: account(2)?,
            witness: Some(account(3)?),
            block,
            disposition: Disposition::Destroyed,
            document_hash,
        })
    } else {
        None
    }
}

/// What an instruction did to units on the page at `page`, and to those of which consignment: in each
/// instruction that does, the consignment comes right before the page.
pub(super) fn page_event(invocation: &Invocation, page: &Pubkey) -> Option<(Pubkey, Event)> {
    let place = invocation.accounts.iter().position(|it| it == page)?;
    let consignment = invocation.account(place.checked_sub(1)?)?;
    let event = units_event(invocation, &consignment)?;
    Some((consignment, event))
}

fn terms(kind: u8, document_hash: [u8; 32]) -> Terms {
    Terms {
        kind: Change::from_code(kind),
        document_hash,
    }
}

/// Reads the arguments of an instruction, behind its discriminator.
pub(crate) fn decode<'a, T: SchemaRead<'a, BorshConfig, Dst = T>>(
    arguments: &'a [u8],
) -> Option<T> {
    wincode::config::deserialize(arguments, BORSH_CONFIG).ok()
}

#[cfg(test)]
mod tests {
    use pedigree_interface::{
        Goods, Offered, TransferKind, address,
        identifier::{Expiry, Gln},
        instruction::custody::{
            Cut, Finding as CaseFinding, Holders, LotLabel, OfferTerms, Witness, accept,
            accept_with_discrepancy, archive, decommission, destroy, destroy_units, dispense,
            export, handoff, handoff_batch, merge, mint_lot, offer, open_case, pack, quarantine,
            recover, release, report_stolen, resolve_case, restore_units, return_title, sample,
            split, transfer_title, undo_decommission, undo_dispense, undo_withdrawal, unpack,
            verify_return,
        },
        site::Site,
    };

    use super::*;

    const SALE: Terms = Terms {
        kind: Change::Sale,
        document_hash: [7; 32],
    };

    const SHORTAGE: CaseFinding = CaseFinding {
        exception: ExceptionCode::Shortage,
        units: 2,
        document_hash: Some([3; 32]),
    };

    /// A document's hash.
    const HASH: Option<[u8; 32]> = Some([7; 32]);

    #[test]
    fn instructions_are_read_back() {
        let [payer, product, key] = std::array::from_fn(|_| Pubkey::new_unique());
        let [seller, taker] = [9_506_000_000_015, 9_506_000_000_022]
            .map(|gln| Site::own(Gln::from_account(gln), key));
        let (maker, buyer) = (seller.partner, taker.partner);
        let label = LotLabel {
            lot_number: "A1".parse().unwrap(),
            expiry: Expiry::from_account(20_280_229),
            quantity: 10,
            serial_root: Some([1; 32]),
            manifest_hash: Some([2; 32]),
        };
        let minting = mint_lot(payer, seller, product, &label);
        let (lot, consignment) = (minting.accounts[4].pubkey, minting.accounts[5].pubkey);
        let goods = Goods {
            consignment,
            lot,
            sequence: 3,
        };
        let offered = Offered {
            goods,
            from: seller.gln,
        };
        let holders = Holders {
            receiver: seller.gln,
            manufacturer: seller.gln,
            product,
            is_offered: true,
        };
        assert_eq!(event(&Invocation::of(&minting), &lot), None);
        let terms = OfferTerms {
            kind: TransferKind::Sale,
            statement: true,
            deadline: 9,
            document_hash: HASH,
            reverses: None,
        };
        let sscc: Sscc = "106141412345678908".parse().unwrap();
        let child = address::consignment(&consignment, 0);
        let cut = Cut {
            index: 0,
            quantity: 6,
            sscc: Some(sscc),
        };
        let suspicion = Suspicion {
            exception: SHORTAGE.exception,
            units: SHORTAGE.units,
            document_hash: [3; 32],
        };
        let withdrawn = |kind, witness| Event::Withdrawn {
            custodian: maker,
            witness,
            kind,
            document_hash: [7; 32],
        };
        let block = UnitBlock {
            number: 2,
            units: 0b101,
        };
        let gone = |custodian, witness, disposition| Event::UnitsGone {
            custodian,
            witness,
            block,
            disposition,
            document_hash: [7; 32],
        };
        let watched = Some(Witness::from(taker));
        for (instruction, expected) in [
            (
                dispense(payer, seller, goods, block, None, HASH),
                gone(maker, None, Disposition::Dispensed),
            ),
            (
                dispense(payer, seller, goods, block, Some(taker), HASH),
                gone(maker, Some(buyer), Disposition::Dispensed),
            ),
            (
                undo_decommission(seller, goods, block),
                Event::DecommissionUndone {
                    custodian: maker,
                    block,
                },
            ),
            (
                restore_units(taker, goods, block, HASH),
                Event::UnitsRestored {
                    site: buyer,
                    block,
                    document_hash: [7; 32],
                },
            ),
            (
                recover(taker, seller.gln, taker, goods, false, HASH),
                Event::Recovered {
                    regulator: buyer,
                    from: maker,
                    to: buyer,
                    document_hash: [7; 32],
                },
            ),
            (
                undo_dispense(seller, goods, block),
                Event::DispenseUndone {
                    custodian: maker,
                    block,
                },
            ),
            (
                decommission(
                    payer,
                    seller,
                    goods,
                    block,
                    Disposition::Damaged,
                    None,
                    HASH,
                ),
                gone(maker, None, Disposition::Damaged),
            ),
            (
                decommission(
                    payer,
                    seller,
                    goods,
                    block,
                    Disposition::Sampled,
                    watched,
                    HASH,
                ),
                gone(maker, Some(buyer), Disposition::Sampled),
            ),
            (
                destroy_units(seller, taker, goods, block, HASH),
                gone(maker, Some(buyer), Disposition::Destroyed),
            ),
            (
                minting,
                Event::Minted {
                    payer,
                    lot,
                    manufacturer: maker,
                    quantity: 10,
                    manifest_hash: [2; 32],
                },
            ),
            (
                offer(payer, seller, taker.gln, goods, terms),
                Event::Offered {
                    from: maker,
                    to: buyer,
                    sequence: 3,
                    terms: SALE,
                },
            ),
            (
                accept(taker, offered),
                Event::Accepted {
                    from: maker,
                    to: buyer,
                    sequence: 3,
                    discrepancy: None,
                },
            ),
            (
                accept_with_discrepancy(payer, taker, offered, 0, SHORTAGE),
                Event::Accepted {
                    from: maker,
                    to: buyer,
                    sequence: 3,
                    discrepancy: Some(suspicion),
                },
            ),
            (
                handoff(seller, taker, goods, TransferKind::Sale, HASH),
                Event::HandedOver {
                    from: maker,
                    to: buyer,
                    terms: SALE,
                },
            ),
            (
                handoff_batch(
                    seller,
                    taker,
                    &[
                        Goods {
                            consignment: child,
                            ..goods
                        },
                        goods,
                    ],
                    TransferKind::Sale,
                    HASH,
                ),
                Event::HandedOver {
                    from: maker,
                    to: buyer,
                    terms: SALE,
                },
            ),
            (
                split(payer, seller, goods, cut),
                Event::Split {
                    payer,
                    custodian: maker,
                    child,
                    quantity: 6,
                    sscc: Some(sscc),
                },
            ),
            (
                merge(
                    seller,
                    goods,
                    Goods {
                        consignment: child,
                        ..goods
                    },
                    payer,
                ),
                Event::Merged {
                    custodian: maker,
                    neighbour: child,
                },
            ),
            (
                pack(seller, consignment, sscc),
                Event::Packed {
                    custodian: maker,
                    sscc: Some(sscc),
                },
            ),
            (
                unpack(seller, consignment),
                Event::Packed {
                    custodian: maker,
                    sscc: None,
                },
            ),
            (
                transfer_title(seller, taker, goods, HASH),
                Event::Sold {
                    seller: maker,
                    buyer,
                    document_hash: [7; 32],
                },
            ),
            (
                return_title(payer, taker, goods, holders, HASH),
                Event::TitleReturned {
                    owner: buyer,
                    receiver: maker,
                    document_hash: [7; 32],
                },
            ),
            (
                verify_return(seller, goods, HASH),
                Event::ReturnVerified {
                    custodian: maker,
                    document_hash: [7; 32],
                },
            ),
            (
                quarantine(seller, consignment, HASH),
                Event::Quarantined {
                    custodian: maker,
                    document_hash: [7; 32],
                },
            ),
            (
                release(taker, consignment, Restrictions::CONDEMNED, HASH),
                Event::Released {
                    site: buyer,
                    restrictions: Restrictions::CONDEMNED,
                    document_hash: [7; 32],
                },
            ),
            (
                sample(seller, goods, None, HASH),
                withdrawn(Change::Sampling, None),
            ),
            (
                report_stolen(seller, goods, watched, HASH),
                withdrawn(Change::Theft, Some(buyer)),
            ),
            (export(seller, goods, HASH), withdrawn(Change::Export, None)),
            (
                undo_withdrawal(seller, goods),
                Event::WithdrawalUndone { custodian: maker },
            ),
            (
                destroy(seller, taker, goods, HASH),
                withdrawn(Change::Destruction, Some(buyer)),
            ),
            (
                open_case(payer, taker, seller.gln, goods, 0, SHORTAGE),
                Event::CaseOpened {
                    site: buyer,
                    case: address::case(&consignment, 0),
                    suspicion,
                },
            ),
            (
                resolve_case(
                    taker,
                    address::case(&consignment, 0),
                    consignment,
                    true,
                    HASH,
                ),
                Event::CaseResolved {
                    site: buyer,
                    case: address::case(&consignment, 0),
                    condemned: true,
                    document_hash: [7; 32],
                },
            ),
        ] {
            let invocation = Invocation::of(&instruction);
            assert_eq!(event(&invocation, &consignment), Some(expected));
            assert_eq!(event(&invocation, &payer), None);
        }
        let closing = archive(address::transfer(&consignment, 3), consignment);
        assert_eq!(event(&Invocation::of(&closing), &consignment), None);
    }
}
