//! The programs against a model of their rules: random sites try random instructions on random goods at random
//! times, with right and wrong arguments and keys, and with accounts that another program forged. Among them are
//! sites that are suspended, revoked or lapsed, thieves of a site's or an issuer's key, accomplices that a foreign
//! issuer or such a thief admits, and sisters that pass title back and forth. Programs and model must agree on
//! what is allowed and on every byte of the result; the consignments of each lot partition its units and count
//! those that are gone; nothing recalled goes down the chain; no unit is paid for twice, none that is not owed,
//! and each recall's vaults hold what was put into them and not paid.
//!
//! Each sequence ends with a rescue: from wherever the others left the register, the goods and the recalls, the
//! honest registry authority, regulator, manufacturer and owners bring every unit home or to destruction, and
//! everybody is paid what the ghost record says that it is owed.
//!
//! `MODEL_STEPS` is the number of steps to try. A sequence that fails is shrunk and shown. With
//! `MODEL_COMPLETE` set, the run also fails if a site never signed anything or a refusal never occurred,
//! which takes more steps. `PROPTEST_RNG_SEED` repeats a run.

mod action;
mod attempt;
mod case_rules;
mod case_steps;
mod checks;
mod claim_rules;
mod claim_steps;
mod exit_rules;
mod ghost;
mod packing_rules;
mod recall_action;
mod recall_rules;
mod recall_steps;
mod register_action;
mod register_rules;
mod register_steps;
mod rescue;
mod rescue_money;
mod rescue_register;
mod response_rules;
mod restriction_rules;
mod rules;
mod signing;
mod start;
mod state;
mod steps;
mod tally;
mod time;
mod transfer_rules;
mod unit_rules;
mod unit_steps;

use std::{cell::RefCell, collections::BTreeMap, env};

use action::Action;
use anchor_lang::{Address, solana_program::instruction::Instruction};
use ghost::Ghost;
use pedigree_interface::{
    Site,
    identifier::Gln,
    instruction::{recall::Token, registry::Licence},
};
use program_tests::{
    address,
    ledger::NOW,
    world::{UNITS, World},
};
use proptest::{prelude::*, test_runner::TestRunner};
use rules::Model;
use solana_transaction_error::TransactionError;
use start::{Keys, Start, lasting};
use state::Recalls;
use tally::Tally;
use unit_rules::pages_of;

/// Steps in one sequence.
const SEQUENCE: usize = 400;
/// What [`Chain::advance`] takes as: until a record may be archived.
const END_OF_A_RECORD: u32 = 26;

/// Where forgeries are put.
const FORGERY: Address = Address::new_from_array([0xF0; 32]);

/// Random numbers from which a step is made.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: u8,
    goods: u16,
    sites: [u8; 3],
    amount: u32,
    units: u64,
    /// What is wrong with the step; for most values, nothing.
    flaw: u8,
}

prop_compose! {
    fn step()(
        what in 0u8..120,
        goods in any::<u16>(),
        sites in any::<[u8; 3]>(),
        amount in any::<u32>(),
        units in any::<u64>(),
        flaw in 0u8..32,
    ) -> Step {
        Step { what, goods, sites, amount, units, flaw }
    }
}

/// The supply chain, on the ledger and in the model.
struct Chain<'a> {
    tally: &'a RefCell<Tally>,
    world: World,
    token: Token,
    /// Every site that can be admitted, with the key that it was to have first.
    sites: Vec<Site>,
    keys: Keys,
    lots: [Address; 2],
    /// The register's other accounts.
    constants: Vec<Address>,
    /// The roles and the country that each site began with.
    first: BTreeMap<Gln, Licence>,
    /// All tokens together.
    money: u64,
    model: Model,
    ghost: Ghost,
}

impl<'a> Chain<'a> {
    fn new(start: Start, tally: &'a RefCell<Tally>) -> Self {
        let Start {
            world,
            token,
            purses,
            sites,
            keys,
            register,
            constants,
        } = start;
        let lots = [world.goods.lot, world.other_goods.lot];
        let consignments = [world.goods.consignment, world.other_goods.consignment];
        let pages = lots.into_iter().flat_map(|lot| {
            let page_of = move |number| (address::unit_page(&lot, number), (lot, number));
            pages_of(0..UNITS).into_iter().map(page_of)
        });
        let balances: BTreeMap<_, _> = purses
            .values()
            .map(|&purse| (purse, world.balance(purse)))
            .collect();
        let first = register.partners.iter();
        let first = first.map(|(&gln, it)| (gln, lasting(it.roles, it.country)));
        let (first, money) = (first.collect(), balances.values().sum());
        let model = Model {
            now: NOW,
            register,
            lots: lots.map(|lot| (lot, world.ledger.read(lot))).into(),
            consignments: consignments.map(|at| (at, world.ledger.read(at))).into(),
            transfers: BTreeMap::new(),
            cases: BTreeMap::new(),
            gone: BTreeMap::new(),
            pages: pages.collect(),
            records: BTreeMap::new(),
            trails: BTreeMap::new(),
            recalls: Recalls {
                mint: token.mint,
                balances,
                purses,
                ..Recalls::default()
            },
            payer: world.payer,
        };
        Self {
            tally,
            world,
            token,
            sites,
            keys,
            lots,
            constants,
            first,
            money,
            ghost: Ghost::new(&model),
            model,
        }
    }

    /// Tries a step on the ledger and on the model.
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step.what {
            56 | 76 | 77 => self.advance(step.amount),
            102 if self.end_of_a_record().is_some() => self.advance(END_OF_A_RECORD),
            _ => {
                let mut action = self.action(step);
                self.sign_otherwise(&mut action, step);
                let instruction = self.instruction(&action);
                let forged = (step.flaw == 11)
                    .then(|| self.forge(&instruction, step.amount))
                    .flatten();
                self.attempt(action, &instruction, forged.as_ref())?;
            }
        }
        Ok(())
    }

    /// Tries an action on the ledger, as it is or with an account `forged`, and on the model. Returns why it was
    /// refused, if it was.
    fn attempt(
        &mut self,
        mut action: Action,
        instruction: &Instruction,
        forged: Option<&Instruction>,
    ) -> Result<Option<TransactionError>, TestCaseError> {
        let name = self.name(&action);
        let before = match forged {
            Some(_) => None,
            None => self.act(&mut action, instruction),
        };
        let allowed = before.is_some();
        let outcome = self.world.ledger.attempt(forged.unwrap_or(instruction));
        prop_assert!(
            outcome.is_ok() == allowed,
            "the model says {allowed}, the program {:?} of {action:?}",
            outcome.as_ref().map(|_| ()).map_err(|failed| &failed.err)
        );
        let signers = self.signers(&mut action);
        let mut tally = self.tally.borrow_mut();
        match &outcome {
            Ok(_) => tally.count_allowed(name, signers.iter().copied()),
            Err(failed) => tally.count_refused(name, &failed.err),
        }
        drop(tally);
        // Only what an instruction names can change.
        for meta in &instruction.accounts {
            self.check_account(meta.pubkey)?;
        }
        if let Some(before) = before {
            self.ghost.see(&before, &action, &self.model)?;
            self.check_step(&before, &signers)?;
        }
        Ok(outcome.err().map(|failed| failed.err))
    }
}

#[test]
fn program_and_model_agree() {
    let steps: usize = env::var("MODEL_STEPS").map_or(100_000, |steps| steps.parse().unwrap());
    let config = ProptestConfig {
        cases: u32::try_from(steps.div_ceil(SEQUENCE)).unwrap(),
        ..ProptestConfig::default()
    };
    let sequence = prop::collection::vec(step(), SEQUENCE);
    let (start, tally) = (Start::new(), RefCell::default());
    let outcome = TestRunner::new(config).run(&sequence, |sequence| {
        let mut chain = Chain::new(start.clone(), &tally);
        for (place, &step) in sequence.iter().enumerate() {
            chain
                .take(step)
                .map_err(|error| TestCaseError::fail(format!("step {place}: {error}")))?;
        }
        chain.check_all()?;
        chain.rescue()?;
        chain.check_all()
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let tally = tally.into_inner();
    tally.print();
    tally.check_actions();
    if env::var_os("MODEL_COMPLETE").is_some() {
        tally.check_actors_and_refusals(start.sites.iter().map(|site| site.gln));
    }
}
