//! Each instruction in a world in which it succeeds: the start of tests that cover all of them.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Disposition, ExceptionCode, Restrictions, Transfer, UnitBlock, UnitRecord};
use pedigree_domain::{Permissions, Roles, gs1::CompanyPrefix};
use pedigree_interface::{
    Goods, Site, TransferKind,
    identifier::Sscc,
    instruction::{self, custody::Finding},
};
use recall::Recall;
use registry::RECOVERY_DELAY;
use solana_account::Account;

use crate::{
    address,
    layout::padded,
    ledger::NOW,
    recalled::{
        CLAIM_PERIOD, RecalledWorld, UNIT_PRICE, count, notice, recall_terms, strategy, units,
    },
    world::{
        COMPANY_PREFIX, DOCUMENT, FREE_GTIN, GTIN, World, gln, licence, lot_label, lot_number,
        operator_terms, product_description, terms,
    },
};

/// An instruction and a world in which it succeeds.
#[derive(Clone)]
pub struct Scenario {
    pub name: &'static str,
    pub world: World,
    pub instruction: Instruction,
    /// How many accounts it lists, before any remaining accounts.
    pub listed: usize,
    /// The sites that sign, in order, and the permission that an operator needs to sign for each.
    pub signers: Vec<(Site, Permissions)>,
    /// The accounts that it creates.
    pub created: Vec<Address>,
}

/// An SSCC-18: GS1's own sample.
pub const SSCC: Sscc = Sscc::from_account(106_141_412_345_678_908);

/// A company prefix that nobody has claimed, in a table that is not there.
const NEW_PREFIX: CompanyPrefix = CompanyPrefix {
    value: 7_612_345,
    digits: 7,
};

/// The hash of the document about a finding.
pub const FINDING: [u8; 32] = [0xF1; 32];

/// A finding about a hundred units.
pub fn finding(exception: ExceptionCode) -> Finding {
    Finding {
        exception,
        units: 100,
        document_hash: Some(FINDING),
    }
}

impl Scenario {
    fn new(name: &'static str, world: &World, instruction: Instruction) -> Self {
        Self {
            name,
            world: world.clone(),
            listed: instruction.accounts.len(),
            instruction,
            signers: Vec::new(),
            created: Vec::new(),
        }
    }

    fn signed(mut self, site: Site, permission: Permissions) -> Self {
        self.signers.push((site, permission));
        self
    }

    fn creating(mut self, account: Address) -> Self {
        self.created.push(account);
        self
    }

    /// Every instruction of the programs.
    pub fn all() -> Vec<Self> {
        [Self::of_registry(), Self::of_custody(), Self::of_recall()].concat()
    }

    /// Every instruction of the registry, in the order of their discriminators.
    pub fn of_registry() -> Vec<Self> {
        use instruction::registry::*;

        let world = World::new();
        let World {
            payer,
            upgrade_authority,
            authority,
            issuer_key,
            other_issuer_key,
            manufacturer,
            other_manufacturer,
            pharmacy,
            ..
        } = world;
        let mut empty = world.clone();
        empty
            .ledger
            .set_account(address::registry(), Account::default());
        let [issuer, other_issuer] =
            [issuer_key, other_issuer_key].map(|key| address::issuer(&key));
        let scope = IssuerScope::everywhere(Roles::DISPENSER);
        let hand_over = propose_authority(authority, payer);
        let suspension = suspend_partner(issuer_key, pharmacy.gln);
        let rotation = propose_partner_key(pharmacy, Some(payer));
        let union = join_firm(issuer_key, manufacturer, pharmacy);
        let recovery = propose_recovery(authority, issuer_key, pharmacy.gln, payer);
        let mut recoverable = world.after([&recovery]);
        recoverable.ledger.set_time(NOW + RECOVERY_DELAY);
        let transfer = propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN);
        let appointment =
            appoint_operator(payer, pharmacy, payer, operator_terms(Permissions::RECEIVE));
        let new = licence(Roles::DISPENSER);
        let admission = admit_partner(payer, issuer_key, gln(9), payer, padded("New"), new);
        let description = product_description();
        vec![
            Self::new(
                "initialize",
                &empty,
                initialize(payer, upgrade_authority, authority),
            )
            .creating(address::registry()),
            Self::new("propose_authority", &world, hand_over.clone()),
            Self::new(
                "accept_authority",
                &world.after([&hand_over]),
                accept_authority(payer),
            ),
            Self::new(
                "add_issuer",
                &world,
                add_issuer(payer, authority, payer, padded("New Board"), scope),
            )
            .creating(address::issuer(&payer)),
            Self::new("remove_issuer", &world, remove_issuer(authority, issuer)),
            Self::new("admit_partner", &world, admission.clone())
                .creating(address::partner(gln(9))),
            Self::new(
                "renew_partner",
                &world,
                renew_partner(issuer_key, pharmacy.gln, new),
            ),
            Self::new("suspend_partner", &world, suspension.clone()),
            Self::new(
                "reinstate_partner",
                &world.after([&suspension]),
                reinstate_partner(issuer_key, pharmacy.gln),
            ),
            Self::new(
                "revoke_partner",
                &world,
                revoke_partner(issuer_key, pharmacy.gln),
            ),
            Self::new(
                "reassign_partner",
                &world,
                reassign_partner(authority, other_issuer, pharmacy.gln),
            ),
            Self::new("propose_partner_key", &world, rotation.clone()),
            Self::new(
                "accept_partner_key",
                &world.after([&rotation]),
                accept_partner_key(pharmacy.gln, payer),
            ),
            Self::new(
                "register_product",
                &world,
                register_product(payer, manufacturer, FREE_GTIN, description),
            )
            .creating(address::product(FREE_GTIN)),
            Self::new(
                "update_product",
                &world,
                update_product(manufacturer, GTIN, description),
            ),
            Self::new("propose_product_transfer", &world, transfer.clone()),
            Self::new(
                "accept_product_transfer",
                &world.after([&transfer]),
                accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN),
            ),
            Self::new("appoint_operator", &world, appointment.clone())
                .creating(address::operator(&pharmacy.partner, &payer)),
            Self::new(
                "update_operator",
                &world.after([&appointment]),
                update_operator(pharmacy, payer, operator_terms(Permissions::SHIP)),
            ),
            Self::new(
                "dismiss_operator",
                &world.after([&appointment]),
                dismiss_operator(pharmacy, payer, payer),
            ),
            Self::new(
                "confirm_partner",
                &world.after([&admission]),
                confirm_partner(issuer, Site::own(gln(9), payer)),
            ),
            Self::new(
                "set_issuer_scope",
                &world,
                set_issuer_scope(authority, issuer, scope),
            ),
            Self::new(
                "rotate_issuer_key",
                &world,
                rotate_issuer_key(authority, issuer, payer),
            ),
            Self::new(
                "dismiss_all_operators",
                &world,
                dismiss_all_operators(pharmacy),
            ),
            Self::new(
                "correct_admission",
                &world.after([&admission]),
                correct_admission(issuer_key, gln(9), pharmacy.key, padded("Corrected"), new),
            ),
            Self::new(
                "withdraw_admission",
                &world.after([&admission]),
                withdraw_admission(issuer_key, gln(9)),
            ),
            Self::new(
                "restore_partner",
                &world.after([&revoke_partner(issuer_key, pharmacy.gln)]),
                restore_partner(authority, pharmacy.gln, new),
            ),
            Self::new("join_firm", &world, union.clone()),
            Self::new(
                "leave_firm",
                &world.after([&union]),
                leave_firm(issuer_key, manufacturer, pharmacy.gln),
            ),
            Self::new(
                "claim_prefix",
                &world,
                claim_prefix(payer, issuer_key, manufacturer.gln, NEW_PREFIX),
            )
            .creating(address::prefix_table(7_612)),
            Self::new(
                "release_prefix",
                &world,
                release_prefix(issuer_key, manufacturer.gln, COMPANY_PREFIX),
            ),
            Self::new(
                "move_prefix",
                &world,
                move_prefix(
                    authority,
                    COMPANY_PREFIX,
                    manufacturer.gln,
                    other_manufacturer.gln,
                ),
            ),
            Self::new(
                "move_product",
                &world,
                move_product(authority, other_manufacturer.gln, GTIN),
            ),
            Self::new(
                "move_gln",
                &world,
                move_gln(authority, issuer, pharmacy.gln, payer, padded("Owner"), new),
            ),
            Self::new("propose_recovery", &world, recovery.clone()),
            Self::new(
                "complete_recovery",
                &recoverable,
                complete_recovery(pharmacy.gln, payer),
            ),
            Self::new(
                "cancel_recovery",
                &world.after([&recovery]),
                cancel_recovery(issuer_key, pharmacy.gln),
            ),
        ]
    }

    /// Every instruction of the custody program, in the order of their discriminators.
    pub fn of_custody() -> Vec<Self> {
        [
            Self::of_transfers(),
            Self::of_custodians(),
            Self::of_cases(),
            Self::of_units(),
        ]
        .concat()
    }

    /// Minting, and changes of custody.
    fn of_transfers() -> Vec<Self> {
        use instruction::custody::*;

        let world = World::new();
        let World {
            payer,
            manufacturer,
            wholesaler,
            product,
            goods,
            other_goods,
            ..
        } = world;
        let consignment = goods.consignment;
        let sale = terms(TransferKind::Sale);
        let offer_sale = offer(payer, manufacturer, wholesaler.gln, goods, sale);
        let offered = world.after([&offer_sale]);
        let mut lapsed = offered.clone();
        lapsed.ledger.set_time(sale.deadline + 1);
        let new = Goods::minted(address::lot(&product, lot_number("NEW")));
        let open_offer = goods.offered_by(manufacturer.gln);
        let kind = TransferKind::Sale;
        let batch = handoff_batch(
            manufacturer,
            wholesaler,
            &[goods, other_goods],
            kind,
            Some(DOCUMENT),
        );
        let (ship, receive) = (Permissions::SHIP, Permissions::RECEIVE);
        vec![
            Self::new(
                "mint_lot",
                &world,
                mint_lot(payer, manufacturer, product, &lot_label("NEW")),
            )
            .signed(manufacturer, Permissions::COMMISSION)
            .creating(new.lot)
            .creating(new.consignment),
            Self::new("offer", &world, offer_sale)
                .signed(manufacturer, ship)
                .creating(address::transfer(&consignment, 0)),
            Self::new("accept", &offered, accept(wholesaler, open_offer))
                .signed(wholesaler, receive),
            Self::new(
                "reject",
                &offered,
                reject(wholesaler, open_offer, ExceptionCode::Damage),
            )
            .signed(wholesaler, receive),
            Self::new("cancel", &offered, cancel(manufacturer, open_offer))
                .signed(manufacturer, ship),
            Self::new("expire", &lapsed, expire(open_offer)),
            Self::new(
                "handoff",
                &world,
                handoff(manufacturer, wholesaler, goods, kind, Some(DOCUMENT)),
            )
            .signed(manufacturer, ship)
            .signed(wholesaler, receive),
            Self {
                listed: 5,
                ..Self::new("handoff_batch", &world, batch)
            }
            .signed(manufacturer, ship)
            .signed(wholesaler, receive),
        ]
    }

    /// Changes to goods that stay where they are.
    fn of_custodians() -> Vec<Self> {
        use instruction::custody::*;

        let world = World::new();
        let World {
            payer,
            manufacturer,
            wholesaler,
            regulator,
            goods,
            ..
        } = world;
        let Goods {
            lot, consignment, ..
        } = goods;
        let (sale, going_back) = (TransferKind::Sale, TransferKind::Return);
        let returned = world.after(&[
            handoff(manufacturer, wholesaler, goods, sale, Some(DOCUMENT)),
            handoff(
                wholesaler,
                manufacturer,
                goods.at(1),
                going_back,
                Some(DOCUMENT),
            ),
        ]);
        let cut_off = Goods {
            consignment: address::consignment(&consignment, 0),
            sequence: 1,
            ..goods
        };
        let cut = split(payer, manufacturer, goods, Cut::first(100));
        let packing = pack(manufacturer, consignment, SSCC);
        let setting_aside = quarantine(manufacturer, consignment, Some(DOCUMENT));
        let stop = quarantine_lot(regulator, lot);
        let watched = Witness::from(regulator);
        vec![
            Self::new("split", &world, cut.clone())
                .signed(manufacturer, Permissions::PACK)
                .creating(cut_off.consignment),
            Self::new(
                "merge",
                &world.after([&cut]),
                merge(manufacturer, goods.at(1), cut_off, payer),
            )
            .signed(manufacturer, Permissions::PACK),
            Self::new("pack", &world, packing.clone()).signed(manufacturer, Permissions::PACK),
            Self::new(
                "unpack",
                &world.after([&packing]),
                unpack(manufacturer, consignment),
            )
            .signed(manufacturer, Permissions::PACK),
            Self::new("quarantine", &world, setting_aside.clone())
                .signed(manufacturer, Permissions::QUARANTINE),
            Self::new(
                "release",
                &world.after([&setting_aside]),
                release(
                    manufacturer,
                    consignment,
                    Restrictions::QUARANTINED,
                    Some(DOCUMENT),
                ),
            )
            .signed(manufacturer, Permissions::QUARANTINE),
            Self::new("quarantine_lot", &world, stop.clone())
                .signed(regulator, Permissions::QUARANTINE),
            Self::new(
                "release_lot",
                &world.after([&stop]),
                release_lot(regulator, lot),
            )
            .signed(regulator, Permissions::QUARANTINE),
            Self::new(
                "transfer_title",
                &world,
                transfer_title(manufacturer, wholesaler, goods, Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::SHIP)
            .signed(wholesaler, Permissions::RECEIVE),
            Self::new(
                "verify_return",
                &returned,
                verify_return(manufacturer, goods.at(2), Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::RECEIVE),
            Self::new(
                "destroy",
                &world,
                destroy(manufacturer, wholesaler, goods, Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::WITHDRAW)
            .signed(wholesaler, Permissions::WITNESS),
            Self::new(
                "export",
                &world,
                export(manufacturer, goods, Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::WITHDRAW),
            Self::new(
                "sample",
                &world,
                sample(manufacturer, goods, Some(watched), Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::WITHDRAW)
            .signed(regulator, Permissions::WITNESS),
            Self::new(
                "report_stolen",
                &world,
                report_stolen(manufacturer, goods, Some(watched), Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::WITHDRAW)
            .signed(regulator, Permissions::WITNESS),
        ]
    }

    /// Cases, and closing transfers.
    fn of_cases() -> Vec<Self> {
        use instruction::custody::*;

        let world = World::new();
        let World {
            payer,
            manufacturer,
            wholesaler,
            regulator,
            goods,
            ..
        } = world;
        let Goods {
            lot, consignment, ..
        } = goods;
        let sale = terms(TransferKind::Sale);
        let offer_sale = offer(payer, manufacturer, wholesaler.gln, goods, sale);
        let cancellation = cancel(manufacturer, goods.offered_by(manufacturer.gln));
        let mut settled = world.after([&offer_sale, &cancellation]);
        settled.ledger.set_time(NOW + Transfer::RETENTION);
        let (case, lot_case) = (address::case(&consignment, 0), address::case(&lot, 0));
        let suspect = finding(ExceptionCode::None);
        let opening = open_case(payer, manufacturer, manufacturer.gln, goods, 0, suspect);
        let lot_opening = open_lot_case(payer, regulator, lot, 0, suspect);
        let determination = determine_case(manufacturer, case, Some(DOCUMENT));
        let opened = world.after([&opening]);
        vec![
            Self::new("open_case", &world, opening)
                .signed(manufacturer, Permissions::QUARANTINE)
                .creating(case),
            Self::new("open_lot_case", &world, lot_opening.clone())
                .signed(regulator, Permissions::QUARANTINE)
                .creating(lot_case),
            Self::new("determine_case", &opened, determination.clone())
                .signed(manufacturer, Permissions::QUARANTINE),
            Self::new(
                "notify_case",
                &opened.after([&determination]),
                notify_case(manufacturer, case, Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::QUARANTINE),
            Self::new(
                "resolve_case",
                &opened.after([&determination]),
                resolve_case(manufacturer, case, consignment, true, Some(DOCUMENT)),
            )
            .signed(manufacturer, Permissions::QUARANTINE),
            Self::new(
                "resolve_lot_case",
                &world.after([&lot_opening, &determine_case(regulator, lot_case, None)]),
                resolve_lot_case(regulator, lot_case, lot, true, Some(DOCUMENT)),
            )
            .signed(regulator, Permissions::QUARANTINE),
            Self::new(
                "accept_with_discrepancy",
                &world.after([&offer_sale]),
                accept_with_discrepancy(
                    payer,
                    wholesaler,
                    goods.offered_by(manufacturer.gln),
                    0,
                    finding(ExceptionCode::Shortage),
                ),
            )
            .signed(wholesaler, Permissions::RECEIVE)
            .creating(case),
            Self::new(
                "archive",
                &settled,
                archive(address::transfer(&consignment, 0), payer),
            ),
        ]
    }

    /// Single units, the mark of a recall, and what happens to goods without their custodian.
    fn of_units() -> Vec<Self> {
        use instruction::{custody::*, registry as to_registry};

        let mut world = World::new();
        let World {
            payer,
            manufacturer,
            other_manufacturer,
            wholesaler,
            pharmacy,
            regulator,
            product,
            goods,
            ..
        } = world;
        let sale = terms(TransferKind::Sale);
        let offered = world.after([&offer(payer, manufacturer, wholesaler.gln, goods, sale)]);
        let passed_on = world.after(&[
            to_registry::propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN),
            to_registry::accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN),
        ]);
        let page = open_unit_page(payer, goods.lot, 0);
        let mut trusting = world.clone();
        trusting.ledger.trust_signatures();
        let closed = world.clone();
        world.ledger.execute(&page);
        world.hand_over(manufacturer, pharmacy, goods, TransferKind::Sale);
        let sold = world.now(goods);
        let block = UnitBlock {
            number: 1,
            units: 0b101,
        };
        let mut stored = closed.clone();
        stored.ledger.execute(&page);
        stored.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
        stored.hand_over(wholesaler, pharmacy, goods, TransferKind::Logistics);
        let watched = Witness::from(regulator);
        let dispensing = dispense(payer, pharmacy, goods, block, None, None);
        let sampling = |witness| {
            decommission(
                payer,
                pharmacy,
                goods,
                block,
                Disposition::Sampled,
                witness,
                Some(DOCUMENT),
            )
        };
        let suspicion = decommission(
            payer,
            pharmacy,
            goods,
            block,
            Disposition::Suspect,
            None,
            None,
        );
        let record = address::unit_record(&goods.lot, pharmacy.gln, block.number);
        let dispensed = world.after([&dispensing]);
        // What a provider sent back to its manufacturer, and another owns.
        let recalled = RecalledWorld::new();
        let mut with_maker = recalled.world.clone();
        let wholesaler = with_maker.wholesaler;
        with_maker.bring_to_maker(recalled.held);
        let held = with_maker.now(recalled.held);
        let sequence = held.sequence;
        let returning = with_maker.return_title(wholesaler, held);
        let mut final_record = dispensed.clone();
        final_record
            .ledger
            .set_time(NOW + UnitRecord::UNDO_TIME + 1);
        vec![
            Self::new(
                "set_recalled_range",
                &trusting,
                set_recalled_range(goods.lot, 0, units(5, 10)),
            ),
            Self::new("open_unit_page", &closed, page).creating(address::unit_page(&goods.lot, 0)),
            Self::new(
                "dispense",
                &stored,
                dispense(payer, pharmacy, goods, block, Some(wholesaler), None),
            )
            .signed(pharmacy, Permissions::DISPENSE)
            .signed(wholesaler, Permissions::DISPENSE)
            .creating(record),
            Self::new(
                "undo_dispense",
                &dispensed,
                undo_dispense(pharmacy, goods, block),
            )
            .signed(pharmacy, Permissions::DISPENSE),
            Self::new("decommission", &world, sampling(Some(watched)))
                .signed(pharmacy, Permissions::WITHDRAW)
                .signed(regulator, Permissions::WITNESS)
                .creating(record),
            Self::new(
                "destroy_units",
                &world,
                destroy_units(pharmacy, regulator, goods, block, None),
            )
            .signed(pharmacy, Permissions::WITHDRAW)
            .signed(regulator, Permissions::WITNESS),
            Self::new(
                "close_unit_record",
                &final_record,
                close_unit_record(record, payer, true),
            ),
            Self::new(
                "undo_decommission",
                &world.after([&sampling(None)]),
                undo_decommission(pharmacy, goods, block),
            )
            .signed(pharmacy, Permissions::WITHDRAW),
            Self::new(
                "undo_withdrawal",
                &world.after([&sample(pharmacy, sold, None, Some(DOCUMENT))]),
                undo_withdrawal(pharmacy, sold.at(sold.sequence + 1)),
            )
            .signed(pharmacy, Permissions::WITHDRAW),
            Self::new(
                "restore_units",
                &world.after([&suspicion]),
                restore_units(regulator, goods, block, Some(DOCUMENT)),
            )
            .signed(regulator, Permissions::QUARANTINE),
            Self::new(
                "recover",
                &offered,
                recover(
                    regulator,
                    manufacturer.gln,
                    wholesaler,
                    goods,
                    true,
                    Some(DOCUMENT),
                ),
            )
            .signed(regulator, Permissions::QUARANTINE)
            .signed(wholesaler, Permissions::RECEIVE),
            Self::new(
                "adopt_lot",
                &passed_on,
                adopt_lot(other_manufacturer, product, goods.lot),
            )
            .signed(other_manufacturer, Permissions::COMMISSION),
            Self::new("return_title", &with_maker, returning)
                .signed(wholesaler, Permissions::SHIP)
                .creating(address::transfer(&recalled.held.consignment, sequence)),
        ]
    }

    /// Every instruction of the recall program, in the order of their discriminators.
    pub fn of_recall() -> Vec<Self> {
        use instruction::recall::*;

        let new = World::new();
        let recalled = RecalledWorld::funded();
        let world = &recalled.world;
        let World {
            payer,
            manufacturer,
            pharmacy,
            regulator,
            goods,
            ..
        } = *world;
        let recall = recalled.recall;
        let of_lot = recalled.read();
        let ended = world.after([&recalled.terminate()]);
        let mut over = ended.clone();
        over.ledger.edit(recall, |recall: &mut Recall| {
            recall.terminated_at = NOW - CLAIM_PERIOD
        });
        let claiming = recalled.claim(recalled.returned, units(8_200, 100));
        let proving = recalled.prove(recalled.destroyed, units(8_300, 100));
        let proven = world.after([&proving, &recalled.terminate()]);
        let mut archived = world.after([&claiming]);
        archived.ledger.set_time(NOW + Transfer::RETENTION);
        let archiving = instruction::custody::archive(recalled.returned, payer);
        archived.ledger.execute(&archiving);
        let needed = Permissions::RECALL;
        vec![
            Self::new(
                "open",
                &new,
                open(
                    payer,
                    manufacturer,
                    new.next_recall(new.goods),
                    recall_terms(),
                    notice(),
                ),
            )
            .signed(manufacturer, needed)
            .creating(address::recall(&goods.lot, 0)),
            Self::new(
                "expand",
                world,
                expand(
                    payer,
                    manufacturer,
                    &of_lot,
                    1,
                    units(7_000, 3_000),
                    notice(),
                ),
            )
            .signed(manufacturer, needed)
            .creating(address::scope(&recall, 1)),
            Self::new("narrow", world, recalled.narrow(units(8_100, 100)))
                .signed(regulator, needed)
                .creating(address::scope(&recall, 1)),
            Self::new(
                "reclassify",
                world,
                reclassify(manufacturer, &of_lot, strategy(), Some(DOCUMENT)),
            )
            .signed(manufacturer, needed),
            Self::new(
                "complete",
                world,
                complete(manufacturer, &of_lot, Some(DOCUMENT)),
            )
            .signed(manufacturer, needed),
            Self::new("terminate", world, recalled.terminate()).signed(regulator, needed),
            Self::new("respond", world, respond(payer, pharmacy, recall, count()))
                .signed(pharmacy, needed),
            Self::new("prove", world, proving).signed(pharmacy, needed),
            Self::new("claim", world, claiming).creating(address::claims(&recalled.returned, 0)),
            Self::new("fund", world, recalled.fund(units(8_000, 10), UNIT_PRICE))
                .creating(address::tranche(&recall, 1)),
            Self::new("withdraw", &over, recalled.withdraw()).signed(manufacturer, needed),
            Self::new(
                "close_claims",
                &archived,
                close_claims(recalled.returned, 0, payer),
            ),
            Self::new("close_proofs", &proven, close_proofs(recall, 1, payer)),
            Self::new("reopen", &ended, recalled.reopen()).signed(regulator, needed),
        ]
    }
}
