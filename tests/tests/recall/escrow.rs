//! In whatever order sites claim, prove and fund: the vault holds what was funded and not paid, and no
//! unit is paid for twice.

use std::collections::BTreeSet;

use pedigree_interface::{
    Goods, Site,
    instruction::{
        custody::destroy,
        recall::{claim, prove, respond},
    },
    units::UnitRange,
};
use program_tests::{
    address,
    recalled::{RecalledWorld, count},
    world::{DOCUMENT, World},
};
use proptest::prelude::*;
use recall::{Recall, Response};

#[derive(Clone, Debug)]
enum Step {
    Fund {
        amount: u64,
        price: u64,
    },
    Claim {
        site: u8,
        evidence: u8,
        first: u32,
        quantity: u32,
    },
    Prove {
        site: u8,
        evidence: u8,
        first: u32,
        quantity: u32,
    },
    /// The goods that came back go to be destroyed where they are now.
    Destroy,
}

fn step() -> impl Strategy<Value = Step> {
    let range = (0..2u8, 0..3u8, 8_050..8_420u32, 1..120u32);
    prop_oneof![
        2 => (1..5_000u64, 1..9u64).prop_map(|(amount, price)| Step::Fund { amount, price }),
        6 => range.clone().prop_map(|(site, evidence, first, quantity)| {
            Step::Claim { site, evidence, first, quantity }
        }),
        2 => range.prop_map(|(site, evidence, first, quantity)| {
            Step::Prove { site, evidence, first, quantity }
        }),
        1 => Just(Step::Destroy),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_unit_is_paid_twice_and_no_token_is_lost(steps in prop::collection::vec(step(), 1..40)) {
        let mut recalled = RecalledWorld::new();
        let World { payer, pharmacy, wholesaler, .. } = recalled.world;
        let (recall, token) = (recalled.recall, recalled.token);
        let other = recalled.world.token_account("other", token, wholesaler.key, 0);
        let sites: [(Site, _); 2] = [(pharmacy, recalled.receiver), (wholesaler, other)];
        recalled.world.ledger.trust_signatures();
        let answer = respond(payer, wholesaler, recall, count());
        recalled.world.ledger.execute(&answer);
        // Where the units of the return are now: the wholesaler's, from then on perhaps destroyed.
        let transfer: custody::Transfer = recalled.world.ledger.read(recalled.returned);
        let evidence = [recalled.returned, recalled.destroyed, transfer.consignment];
        let vault = address::vault(&recall);
        let (mut funded, mut paid, mut units) = (0, 0, BTreeSet::new());

        for step in steps {
            let ledger = &mut recalled.world.ledger;
            match step {
                Step::Fund { amount, price } => {
                    let step = recalled.fund(amount, price);
                    if recalled.world.ledger.attempt(&step).is_ok() {
                        funded += amount;
                    }
                }
                Step::Claim { site, evidence: shown, first, quantity } => {
                    let (site, receiver) = sites[usize::from(site)];
                    let shown = evidence[usize::from(shown)];
                    let range = UnitRange { first, quantity };
                    let step = claim(payer, site, recall, shown, range, token, receiver);
                    let price = ledger.read::<Recall>(recall).unit_price;
                    if ledger.attempt(&step).is_ok() {
                        paid += price * u64::from(quantity);
                        for unit in first..first + quantity {
                            prop_assert!(units.insert(unit), "unit {unit} is paid twice");
                        }
                    }
                }
                Step::Prove { site, evidence: shown, first, quantity } => {
                    let (site, _) = sites[usize::from(site)];
                    let shown = evidence[usize::from(shown)];
                    let range = UnitRange { first, quantity };
                    let step = prove(payer, site, recall, shown, range);
                    let _ = ledger.attempt(&step);
                }
                Step::Destroy => {
                    let consignment: custody::Consignment = ledger.read(transfer.consignment);
                    let goods = Goods {
                        consignment: transfer.consignment,
                        lot: transfer.lot,
                        sequence: consignment.sequence,
                    };
                    let regulator = recalled.world.regulator;
                    let step = destroy(wholesaler, regulator, goods, Some(DOCUMENT));
                    let _ = recalled.world.ledger.attempt(&step);
                }
            }
            let ledger = &recalled.world.ledger;
            let account: Recall = ledger.read(recall);
            prop_assert_eq!((account.funded, account.paid), (funded, paid));
            prop_assert_eq!(account.paid_units as usize, units.len());
            let shown = account.shown_returned + account.shown_destroyed;
            prop_assert!(account.paid_units <= shown && shown <= account.quantity);
            if funded > 0 {
                prop_assert_eq!(recalled.world.balance(vault), funded - paid);
            }
            let answers = sites.map(|(site, _)| {
                ledger.read::<Response>(address::response(&recall, &site.partner))
            });
            let sum = |field: fn(&Response) -> u32| {
                answers.iter().map(|answer| u64::from(field(answer))).sum::<u64>()
            };
            prop_assert_eq!(account.returned, sum(|answer| answer.returned));
            prop_assert_eq!(account.destroyed, sum(|answer| answer.destroyed));
            prop_assert_eq!(account.held, sum(|answer| answer.held));
            prop_assert_eq!(account.quarantined, sum(|answer| answer.quarantined));
            prop_assert_eq!(u64::from(shown), sum(|answer| answer.shown_returned + answer.shown_destroyed));
            prop_assert_eq!(paid, answers.iter().map(|answer| answer.received).sum::<u64>());
        }
    }
}
