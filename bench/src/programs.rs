//! Every instruction of every program once, in an order in which all succeed.

use std::{fs, path::Path};

use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    CustodyError, Disposition, ExceptionCode, Restrictions, Transfer, UnitBlock, UnitRecord,
};
use pedigree_domain::{Permissions, Roles, gs1::CompanyPrefix};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{self as to_custody, Cut, Finding},
        recall::{self as to_recall, LotRecall, RecallTerms},
        registry as to_registry,
    },
};
use program_tests::{
    address,
    layout::padded,
    ledger::{Ledger, NOW, deploy_directory},
    recalled::{self, units},
    scenario::{SSCC, Scenario},
    world::{self, DOCUMENT, FREE_GTIN, GTIN, World, terms},
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_message::v1::TransactionConfig;

use crate::measurement::{Measurement, measure, wire_bytes};

/// Sizes of the batches that are measured.
const BATCHES: [u32; 4] = [1, 8, 20, 50];

/// Numbers of consignments in lots whose recall is measured.
const RECALLED: [u32; 3] = [1, 100, 10_000];

/// The row of the dispense of a whole block.
const DISPENSE_BLOCK: &str = "dispense of 64";

/// Executes and measures everything, and sums up the figures that the project is held to.
pub fn run() -> (Vec<Measurement>, String) {
    let mut measurements = initialize();
    measurements.extend(registry());
    measurements.extend(custody());
    measurements.extend(recall());
    measurements.extend(recalls_of_many());
    measurements.extend(batches());
    measurements.push(floor());
    let summary = summary(&measurements);
    (measurements, summary)
}

fn initialize() -> Vec<Measurement> {
    let mut ledger = Ledger::new();
    let (payer, upgrade_authority) = (ledger.key("payer"), ledger.key("upgrade authority"));
    ledger.set_upgrade_authority(registry::ID, Some(upgrade_authority));
    let initialize = to_registry::initialize(payer, upgrade_authority, upgrade_authority);
    vec![measure(&mut ledger, "registry", "initialize", &initialize)]
}

fn registry() -> Vec<Measurement> {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        other_issuer_key,
        manufacturer,
        other_manufacturer,
        wholesaler,
        ..
    } = World::new();
    let [next_authority, new_issuer, new_site, next_key, new_operator] = [
        "next authority",
        "new issuer",
        "new site",
        "next key",
        "new operator",
    ]
    .map(|name| ledger.key(name));
    let gln = wholesaler.gln;
    let licence = world::licence(Roles::WHOLESALER);
    let description = world::product_description();
    let prefix = CompanyPrefix {
        value: 7_612_345,
        digits: 7,
    };
    let operator_terms = world::operator_terms(Permissions::SHIP);
    let mistyped = world::gln(98);
    ledger.execute(&to_registry::admit_partner(
        payer,
        issuer_key,
        mistyped,
        new_site,
        padded("Mistyped"),
        licence,
    ));
    let steps = [
        (
            "propose_authority",
            to_registry::propose_authority(authority, next_authority),
        ),
        (
            "accept_authority",
            to_registry::accept_authority(next_authority),
        ),
        (
            "add_issuer",
            to_registry::add_issuer(
                payer,
                next_authority,
                new_issuer,
                padded("New Board"),
                world::scope(),
            ),
        ),
        (
            "set_issuer_scope",
            to_registry::set_issuer_scope(
                next_authority,
                address::issuer(&new_issuer),
                world::scope(),
            ),
        ),
        (
            "rotate_issuer_key",
            to_registry::rotate_issuer_key(next_authority, address::issuer(&new_issuer), next_key),
        ),
        (
            "remove_issuer",
            to_registry::remove_issuer(next_authority, address::issuer(&new_issuer)),
        ),
        (
            "admit_partner",
            to_registry::admit_partner(
                payer,
                issuer_key,
                world::gln(99),
                new_site,
                padded("New Site"),
                licence,
            ),
        ),
        (
            "withdraw_admission",
            to_registry::withdraw_admission(issuer_key, mistyped),
        ),
        (
            "correct_admission",
            to_registry::correct_admission(
                issuer_key,
                world::gln(99),
                new_site,
                padded("New Site"),
                licence,
            ),
        ),
        (
            "confirm_partner",
            to_registry::confirm_partner(
                address::issuer(&issuer_key),
                Site::own(world::gln(99), new_site),
            ),
        ),
        (
            "renew_partner",
            to_registry::renew_partner(issuer_key, gln, licence),
        ),
        (
            "suspend_partner",
            to_registry::suspend_partner(issuer_key, gln),
        ),
        (
            "reinstate_partner",
            to_registry::reinstate_partner(issuer_key, gln),
        ),
        (
            "propose_partner_key",
            to_registry::propose_partner_key(wholesaler, Some(next_key)),
        ),
        (
            "accept_partner_key",
            to_registry::accept_partner_key(gln, next_key),
        ),
        (
            "join_firm",
            to_registry::join_firm(issuer_key, manufacturer, Site::own(gln, next_key)),
        ),
        (
            "leave_firm",
            to_registry::leave_firm(issuer_key, manufacturer, gln),
        ),
        (
            "claim_prefix",
            to_registry::claim_prefix(payer, issuer_key, gln, prefix),
        ),
        (
            "move_prefix",
            to_registry::move_prefix(next_authority, prefix, gln, manufacturer.gln),
        ),
        (
            "release_prefix",
            to_registry::release_prefix(issuer_key, manufacturer.gln, prefix),
        ),
        (
            "propose_recovery",
            to_registry::propose_recovery(next_authority, issuer_key, gln, new_operator),
        ),
        (
            "cancel_recovery",
            to_registry::cancel_recovery(issuer_key, gln),
        ),
        (
            "dismiss_all_operators",
            to_registry::dismiss_all_operators(Site::own(gln, next_key)),
        ),
        (
            "reassign_partner",
            to_registry::reassign_partner(next_authority, address::issuer(&other_issuer_key), gln),
        ),
        (
            "revoke_partner",
            to_registry::revoke_partner(other_issuer_key, gln),
        ),
        (
            "restore_partner",
            to_registry::restore_partner(next_authority, gln, licence),
        ),
        (
            "move_gln",
            to_registry::move_gln(
                next_authority,
                address::issuer(&issuer_key),
                gln,
                next_key,
                padded("Owner"),
                licence,
            ),
        ),
        (
            "register_product",
            to_registry::register_product(payer, manufacturer, FREE_GTIN, description),
        ),
        (
            "update_product",
            to_registry::update_product(manufacturer, GTIN, description),
        ),
        (
            "propose_product_transfer",
            to_registry::propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN),
        ),
        (
            "accept_product_transfer",
            to_registry::accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN),
        ),
        (
            "move_product",
            to_registry::move_product(next_authority, manufacturer.gln, GTIN),
        ),
        (
            "appoint_operator",
            to_registry::appoint_operator(payer, manufacturer, new_operator, operator_terms),
        ),
        (
            "update_operator",
            to_registry::update_operator(manufacturer, new_operator, operator_terms),
        ),
        (
            "dismiss_operator",
            to_registry::dismiss_operator(manufacturer, new_operator, payer),
        ),
    ];
    steps
        .iter()
        .map(|(name, step)| measure(&mut ledger, "registry", *name, step))
        .collect()
}

fn custody() -> Vec<Measurement> {
    let world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        logistics,
        other_manufacturer,
        pharmacy,
        regulator,
        product,
        goods,
        ..
    } = world;
    let (at, lot) = (goods.consignment, goods.lot);
    let sale = TransferKind::Sale;
    let offer = || to_custody::offer(payer, manufacturer, wholesaler.gln, goods, terms(sale));
    let offered = goods.offered_by(manufacturer.gln);
    let split = || to_custody::split(payer, manufacturer, goods, Cut::first(1));
    let part = Goods {
        consignment: address::consignment(&at, 0),
        ..goods
    };
    let document_hash = Some(DOCUMENT);
    let shortage = Finding {
        exception: ExceptionCode::Shortage,
        units: 1,
        document_hash,
    };
    let open_case =
        || to_custody::open_case(payer, manufacturer, manufacturer.gln, goods, 0, shortage);
    let (case, lot_case) = (address::case(&at, 0), address::case(&lot, 0));

    let block = |units| UnitBlock { number: 0, units };
    let (one_unit, all_units) = (block(1), block(!0));
    let open_page = || to_custody::open_unit_page(payer, lot, 0);
    let at_pharmacy = || {
        let sale = to_custody::handoff(manufacturer, pharmacy, goods, sale, document_hash);
        vec![open_page(), sale]
    };
    let dispense = |block| to_custody::dispense(payer, pharmacy, goods, block, None, None);
    let decommission = |disposition| {
        to_custody::decommission(
            payer,
            manufacturer,
            goods,
            one_unit,
            disposition,
            None,
            document_hash,
        )
    };
    let dispensed = || [at_pharmacy(), vec![dispense(one_unit)]].concat();

    // Each with the instructions before it, on a ledger of its own.
    let steps: [(&str, Vec<Instruction>, Instruction); 41] = [
        (
            "mint_lot",
            vec![],
            to_custody::mint_lot(payer, manufacturer, product, &world::lot_label("NEW")),
        ),
        ("offer", vec![], offer()),
        (
            "accept",
            vec![offer()],
            to_custody::accept(wholesaler, offered),
        ),
        (
            "accept_with_discrepancy",
            vec![offer()],
            to_custody::accept_with_discrepancy(payer, wholesaler, offered, 0, shortage),
        ),
        (
            "reject",
            vec![offer()],
            to_custody::reject(wholesaler, offered, shortage.exception),
        ),
        (
            "cancel",
            vec![offer()],
            to_custody::cancel(manufacturer, offered),
        ),
        ("expire", vec![offer()], to_custody::expire(offered)),
        (
            "archive",
            vec![offer(), to_custody::cancel(manufacturer, offered)],
            to_custody::archive(address::transfer(&at, 0), payer),
        ),
        (
            "handoff",
            vec![],
            to_custody::handoff(manufacturer, wholesaler, goods, sale, document_hash),
        ),
        (
            "transfer_title",
            vec![],
            to_custody::transfer_title(manufacturer, wholesaler, goods, document_hash),
        ),
        ("split", vec![], split()),
        (
            "merge",
            vec![split()],
            to_custody::merge(manufacturer, goods.at(1), part.at(1), payer),
        ),
        ("pack", vec![], to_custody::pack(manufacturer, at, SSCC)),
        ("unpack", vec![], to_custody::unpack(manufacturer, at)),
        (
            "quarantine",
            vec![],
            to_custody::quarantine(manufacturer, at, document_hash),
        ),
        (
            "release",
            vec![to_custody::quarantine(manufacturer, at, document_hash)],
            to_custody::release(manufacturer, at, Restrictions::QUARANTINED, document_hash),
        ),
        (
            "quarantine_lot",
            vec![],
            to_custody::quarantine_lot(regulator, lot),
        ),
        (
            "release_lot",
            vec![to_custody::quarantine_lot(regulator, lot)],
            to_custody::release_lot(regulator, lot),
        ),
        (
            "verify_return",
            vec![
                to_custody::handoff(
                    manufacturer,
                    logistics,
                    goods,
                    TransferKind::Logistics,
                    document_hash,
                ),
                to_custody::handoff(
                    logistics,
                    manufacturer,
                    goods.at(1),
                    TransferKind::Return,
                    document_hash,
                ),
            ],
            to_custody::verify_return(manufacturer, goods.at(2), document_hash),
        ),
        (
            "destroy",
            vec![],
            to_custody::destroy(manufacturer, pharmacy, goods, document_hash),
        ),
        (
            "export",
            vec![],
            to_custody::export(manufacturer, goods, document_hash),
        ),
        (
            "sample",
            vec![],
            to_custody::sample(manufacturer, goods, None, document_hash),
        ),
        (
            "report_stolen",
            vec![],
            to_custody::report_stolen(manufacturer, goods, None, document_hash),
        ),
        ("open_case", vec![], open_case()),
        (
            "open_lot_case",
            vec![],
            to_custody::open_lot_case(payer, regulator, lot, 0, shortage),
        ),
        (
            "determine_case",
            vec![open_case()],
            to_custody::determine_case(manufacturer, case, document_hash),
        ),
        (
            "notify_case",
            vec![
                open_case(),
                to_custody::determine_case(manufacturer, case, document_hash),
            ],
            to_custody::notify_case(manufacturer, case, document_hash),
        ),
        (
            "resolve_case",
            vec![
                open_case(),
                to_custody::determine_case(manufacturer, case, document_hash),
            ],
            to_custody::resolve_case(manufacturer, case, at, true, document_hash),
        ),
        (
            "resolve_lot_case",
            vec![
                to_custody::open_lot_case(payer, regulator, lot, 0, shortage),
                to_custody::determine_case(regulator, lot_case, document_hash),
            ],
            to_custody::resolve_lot_case(regulator, lot_case, lot, true, document_hash),
        ),
        (
            "set_recalled_range",
            vec![],
            to_custody::set_recalled_range(lot, 0, units(0, world::UNITS)),
        ),
        ("open_unit_page", vec![], open_page()),
        ("dispense", at_pharmacy(), dispense(one_unit)),
        (DISPENSE_BLOCK, at_pharmacy(), dispense(all_units)),
        (
            "undo_dispense",
            dispensed(),
            to_custody::undo_dispense(pharmacy, goods, one_unit),
        ),
        (
            "decommission",
            vec![open_page()],
            decommission(Disposition::Damaged),
        ),
        (
            "undo_decommission",
            vec![open_page(), decommission(Disposition::Sampled)],
            to_custody::undo_decommission(manufacturer, goods, one_unit),
        ),
        (
            "restore_units",
            vec![open_page(), decommission(Disposition::Suspect)],
            to_custody::restore_units(manufacturer, goods, one_unit, document_hash),
        ),
        (
            "destroy_units",
            vec![open_page()],
            to_custody::destroy_units(manufacturer, pharmacy, goods, one_unit, None),
        ),
        (
            "close_unit_record",
            dispensed(),
            to_custody::close_unit_record(address::unit_record(&lot, pharmacy.gln, 0), payer, true),
        ),
        (
            "recover",
            vec![offer()],
            to_custody::recover(
                regulator,
                manufacturer.gln,
                wholesaler,
                goods,
                true,
                document_hash,
            ),
        ),
        (
            "adopt_lot",
            vec![
                to_registry::propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN),
                to_registry::accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN),
            ],
            to_custody::adopt_lot(other_manufacturer, product, lot),
        ),
    ];
    let measure_step = |(name, before, step): &(&str, Vec<Instruction>, Instruction)| {
        let mut ledger = world.ledger.clone();
        for instruction in before {
            ledger.execute(instruction);
        }
        match *name {
            "expire" => ledger.set_time(NOW + 30 * 86_400),
            "archive" => ledger.set_time(NOW + Transfer::RETENTION),
            "close_unit_record" => ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1),
            // Signed by the recall program, whose PDA has no key.
            "set_recalled_range" => ledger.trust_signatures(),
            _ => {}
        }
        measure(&mut ledger, "custody", *name, step)
    };
    steps.iter().map(measure_step).collect()
}

/// Each instruction of the recall program where it succeeds.
fn recall() -> Vec<Measurement> {
    let measure_scenario = |mut scenario: Scenario| {
        let ledger = &mut scenario.world.ledger;
        measure(ledger, "recall", scenario.name, &scenario.instruction)
    };
    let scenarios = Scenario::of_recall();
    scenarios.into_iter().map(measure_scenario).collect()
}

/// Recalls of whole lots in [`RECALLED`] consignments, all of which could move before, and none after.
fn recalls_of_many() -> Vec<Measurement> {
    let measure_recall = |count: u32| {
        let mut world = World::new();
        world.ledger.trust_signatures();
        let parts = cut(&mut world, count);
        let World {
            mut ledger,
            payer,
            manufacturer,
            wholesaler,
            pharmacy,
            product,
            goods: Goods { lot, .. },
            ..
        } = world;
        let sale = TransferKind::Sale;
        let sell =
            |&goods: &Goods| to_custody::handoff(wholesaler, pharmacy, goods, sale, Some(DOCUMENT));
        let mut before = ledger.clone();
        for goods in &parts {
            before.execute(&sell(goods));
        }
        let whole_lot = RecallTerms {
            units: units(0, world::UNITS),
            ..recalled::recall_terms()
        };
        let recall = LotRecall {
            product,
            lot,
            number: 0,
        };
        let open = to_recall::open(payer, manufacturer, recall, whole_lot, recalled::notice());
        let name = match count {
            1 => "open, 1 consignment".to_owned(),
            _ => format!("open, {count} consignments"),
        };
        let measurement = measure(&mut ledger, "recall", name, &open);
        for goods in &parts {
            ledger.refuse(&sell(goods), CustodyError::Recalled);
        }
        measurement
    };
    RECALLED.into_iter().map(measure_recall).collect()
}

/// Splits a lot that the wholesaler has into `count` consignments, of one unit each but the first.
fn cut(world: &mut World, count: u32) -> Vec<Goods> {
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = *world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let parts: Vec<Goods> = (1..count)
        .map(|_| world.cut(wholesaler, goods, 1))
        .collect();
    [vec![world.now(goods)], parts].concat()
}

/// Batches of consignments of one lot, whose sender pays.
fn batches() -> Vec<Measurement> {
    let measure_batch = |count: u32| {
        let mut world = World::new();
        let parts = cut(&mut world, count);
        let (from, to) = (world.wholesaler, world.pharmacy);
        world.ledger.set_fee_payer(from.key);
        let sale = TransferKind::Sale;
        let batch = to_custody::handoff_batch(from, to, &parts, sale, Some(DOCUMENT));
        let name = format!("handoff_batch of {count}");
        measure(&mut world.ledger, "custody", name, &batch)
    };
    BATCHES.into_iter().map(measure_batch).collect()
}

/// The handoff that is written by hand, in the custody program's place.
fn floor() -> Measurement {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = World::new();
    let sale = TransferKind::Sale;
    let handoff = to_custody::handoff(manufacturer, wholesaler, goods, sale, Some(DOCUMENT));
    let mut ours = ledger.clone();
    ours.execute(&handoff);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench/handoff_floor.so");
    ledger.replace_program(custody::ID, &path);
    let measurement = measure(&mut ledger, "floor", "handoff", &handoff);
    assert_eq!(
        ledger.account(goods.consignment),
        ours.account(goods.consignment),
        "the floor does another thing than the program"
    );
    measurement
}

/// The figures that the project is held to.
fn summary(measurements: &[Measurement]) -> String {
    let compute_units = |program: &str, name: &str| {
        let found = measurements
            .iter()
            .find(|row| row.program == program && row.instruction == name);
        found.map_or(0, |row| row.compute_units)
    };
    let (handoff, floor) = (
        compute_units("custody", "handoff"),
        compute_units("floor", "handoff"),
    );
    let [unit, block] = ["dispense", DISPENSE_BLOCK].map(|name| compute_units("custody", name));
    let [one, _, _, fifty] =
        BATCHES.map(|count| compute_units("custody", &format!("handoff_batch of {count}")));
    let size = |program: &str| {
        let file = deploy_directory().join(program).with_extension("so");
        fs::metadata(file).map_or(0, |metadata| metadata.len())
    };
    format!(
        "- A handoff takes {handoff} CU, {:.2} times its floor of {floor}.\n\
         - Each further consignment of a batch takes {} CU.\n\
         - Each further unit of a dispense takes {} CU.\n\
         - A recall of a lot in one consignment takes {} CU, of one in 10,000 consignments {}; none of \
         them can be sold after it.\n\
         - A batch of 20, with the limits a client sets, is a legacy transaction of {} bytes; one of \
         50 a v1 transaction of {}.\n\
         - `custody.so` has {} bytes, `registry.so` {}, `recall.so` {}.\n",
        handoff as f64 / floor as f64,
        (fifty - one).div_ceil(49),
        (block - unit).div_ceil(63),
        compute_units("recall", "open, 1 consignment"),
        compute_units("recall", "open, 10000 consignments"),
        batch_bytes(20, Wire::Legacy),
        batch_bytes(50, Wire::V1),
        size("custody"),
        size("registry"),
        size("recall"),
    )
}

enum Wire {
    Legacy,
    V1,
}

/// Bytes of the transaction of a batch that sets its compute-unit and loaded-data limits, which must
/// succeed.
fn batch_bytes(count: u32, wire: Wire) -> usize {
    const COMPUTE_UNITS: u32 = 20_000;
    const LOADED_BYTES: u32 = 1 << 20;
    let mut world = World::new();
    let parts = cut(&mut world, count);
    let (from, to) = (world.wholesaler, world.pharmacy);
    let ledger = &mut world.ledger;
    ledger.set_fee_payer(from.key);
    let sale = TransferKind::Sale;
    let batch = to_custody::handoff_batch(from, to, &parts, sale, Some(DOCUMENT));
    let transaction = match wire {
        Wire::Legacy => {
            let limits = [
                ComputeBudgetInstruction::set_compute_unit_limit(COMPUTE_UNITS),
                ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(LOADED_BYTES),
            ];
            ledger.sign_now(&[limits.as_slice(), &[batch]].concat())
        }
        Wire::V1 => {
            let limits = TransactionConfig::empty()
                .with_compute_unit_limit(COMPUTE_UNITS)
                .with_loaded_accounts_data_size_limit(LOADED_BYTES);
            ledger.sign_v1(&[batch], limits)
        }
    };
    let bytes = wire_bytes(&transaction);
    if let Err(failed) = ledger.send(transaction) {
        panic!("{}\n{}", failed.err, failed.meta.pretty_logs());
    }
    bytes
}
