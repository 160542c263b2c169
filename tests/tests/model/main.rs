//! The custody and the recall program against a model of their rules: random sites try random
//! instructions on random goods at random times, with right and wrong arguments and keys, and with
//! accounts that another program forged. Programs and model must agree on what is allowed and on every
//! byte of the result; the consignments of each lot partition its units and count those that are gone;
//! nothing recalled goes down the chain; no unit is paid for twice, and each recall's vault holds what was
//! put into it and not paid. In the end a regulator and an honest receiver bring every unit home.
//!
//! `MODEL_STEPS` is the number of steps to try. A sequence that fails is shrunk and shown. With
//! `MODEL_COMPLETE` set, the run also fails if a site never signed anything or a refusal never occurred,
//! which takes more steps. `PROPTEST_RNG_SEED` repeats a run.

mod action;
mod attempt;
mod case_rules;
mod checks;
mod claim_rules;
mod claim_steps;
mod exit_rules;
mod packing_rules;
mod recall_action;
mod recall_rules;
mod recall_steps;
mod rescue;
mod restriction_rules;
mod rules;
mod steps;
mod tally;
mod time;
mod transfer_rules;
mod unit_rules;
mod unit_steps;

use std::{cell::RefCell, collections::BTreeMap, env};

use anchor_lang::Address;
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    identifier::Gln,
    instruction::{custody as to_custody, recall::Token},
};
use program_tests::{
    address,
    ledger::NOW,
    token::TOKEN_2022,
    world::{LICENCE_END, UNITS, World},
};
use proptest::{prelude::*, test_runner::TestRunner};
use recall_rules::Recalls;
use registry::Partner;
use rules::{Licence, Model};
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
        what in 0u8..104,
        goods in any::<u16>(),
        sites in any::<[u8; 3]>(),
        amount in any::<u32>(),
        units in any::<u64>(),
        flaw in 0u8..24,
    ) -> Step {
        Step { what, goods, sites, amount, units, flaw }
    }
}

/// The tokens of all sites together.
const MONEY: u64 = 1_000_000;

/// The world in which each sequence starts.
#[derive(Clone)]
struct Start {
    world: World,
    token: Token,
    /// Each site's token account.
    purses: BTreeMap<Gln, Address>,
}

impl Start {
    /// A world whose units can be followed one by one, and whose manufacturer has money.
    fn new() -> Self {
        let mut world = World::new();
        world.ledger.trust_signatures();
        for lot in [world.goods.lot, world.other_goods.lot] {
            for page in pages_of(0..UNITS) {
                let opening = to_custody::open_unit_page(world.payer, lot, page);
                world.ledger.execute(&opening);
            }
        }
        let token = world.token("coin", TOKEN_2022, &[]);
        let purses = sites_of(&world).map(|site| {
            let is_rich = site.gln == world.manufacturer.gln;
            let name = format!("purse of {}", site.gln);
            let amount = if is_rich { MONEY } else { 0 };
            (
                site.gln,
                world.token_account(&name, token, site.key, amount),
            )
        });
        Self {
            world,
            token,
            purses: purses.into(),
        }
    }
}

fn sites_of(world: &World) -> [Site; 9] {
    [
        world.manufacturer,
        world.other_manufacturer,
        world.wholesaler,
        world.logistics,
        world.pharmacy,
        world.regulator,
        world.other_pharmacy,
        world.reverse_distributor,
        world.laboratory,
    ]
}

/// The supply chain, on the ledger and in the model.
struct Chain<'a> {
    tally: &'a RefCell<Tally>,
    world: World,
    token: Token,
    sites: [Site; 9],
    lots: [Address; 2],
    /// The roles that each site began with.
    first_roles: BTreeMap<Gln, Roles>,
    model: Model,
}

impl<'a> Chain<'a> {
    fn new(start: Start, tally: &'a RefCell<Tally>) -> Self {
        let Start {
            world,
            token,
            purses,
        } = start;
        let sites = sites_of(&world);
        let lots = [world.goods.lot, world.other_goods.lot];
        let licence = |site: &Site| {
            let partner: Partner = world.ledger.read(site.partner);
            let licence = Licence {
                roles: Roles::from_bits_retain(partner.roles),
                is_active: true,
                valid_until: LICENCE_END,
            };
            (site.gln, licence)
        };
        let consignments = [world.goods.consignment, world.other_goods.consignment];
        let pages = lots.into_iter().flat_map(|lot| {
            let page_of = move |number| (address::unit_page(&lot, number), (lot, number));
            pages_of(0..UNITS).into_iter().map(page_of)
        });
        let model = Model {
            now: NOW,
            licences: sites.iter().map(licence).collect(),
            lots: lots.map(|lot| (lot, world.ledger.read(lot))).into(),
            consignments: consignments.map(|at| (at, world.ledger.read(at))).into(),
            pages: pages.collect(),
            maker: Some(world.manufacturer.gln),
            recalls: Recalls {
                mint: token.mint,
                balances: purses
                    .values()
                    .map(|&purse| (purse, world.balance(purse)))
                    .collect(),
                purses,
                ..Recalls::default()
            },
            payer: world.payer,
            ..Model::default()
        };
        let of_roles = |(&gln, licence): (&Gln, &Licence)| (gln, licence.roles);
        Self {
            tally,
            world,
            token,
            sites,
            lots,
            first_roles: model.licences.iter().map(of_roles).collect(),
            model,
        }
    }

    /// Tries a step on the ledger and on the model.
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step.what {
            56 | 76 | 77 => self.advance(step.amount),
            102 if self.end_of_a_record().is_some() => self.advance(END_OF_A_RECORD),
            57 => self.befall(self.site(step.sites[0]), step.amount),
            _ => {
                let action = self.action(step);
                let instruction = self.instruction(&action);
                let is_signed = self.is_signed(&action);
                let forged = (step.flaw == 11)
                    .then(|| self.forge(&instruction, step.amount))
                    .flatten();
                let is_forged = forged.is_some();
                let before = self.model.clone();
                let outcome = self
                    .world
                    .ledger
                    .attempt(forged.as_ref().unwrap_or(&instruction));
                let name = self.name(&action);
                let allowed = is_signed && !is_forged && self.model.act(&action);
                prop_assert!(
                    outcome.is_ok() == allowed,
                    "the model says {allowed}, the program {:?} of {action:?}",
                    outcome.as_ref().map(|_| ()).map_err(|failed| &failed.err)
                );
                let signers = self.signers(&instruction);
                let mut tally = self.tally.borrow_mut();
                match outcome {
                    Ok(_) => tally.count_allowed(name, signers.iter().copied()),
                    Err(failed) => tally.count_refused(name, &failed.err),
                }
                drop(tally);
                // Only what an instruction names can change.
                for meta in &instruction.accounts {
                    self.check_account(meta.pubkey)?;
                }
                if allowed {
                    self.check_step(&before, &signers)?;
                }
            }
        }
        Ok(())
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
        chain.rescue()
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let tally = tally.into_inner();
    tally.print();
    tally.check_actions();
    if env::var_os("MODEL_COMPLETE").is_some() {
        tally.check_actors_and_refusals(sites_of(&start.world).map(|site| site.gln));
    }
}
