//! Claims, releases and moves of company prefixes in random order, against a list of texts: two prefixes
//! overlap where one text begins with the other.

use std::collections::BTreeMap;

use pedigree_domain::gs1::{self, CompanyPrefix};
use pedigree_interface::{
    IssuerSigner, Site,
    instruction::registry::{claim_prefix, move_prefix, reassign_partner, release_prefix},
};
use program_tests::{address, world::World};
use proptest::{prelude::*, test_runner::TestRunner};
use registry::{Partner, PrefixTable};

/// Steps in one sequence.
const SEQUENCE: usize = 100;
/// Sequences that are tried.
const SEQUENCES: u32 = 60;

/// The claims as they should be: each prefix as it is written, with its firm.
type Claims = BTreeMap<String, u64>;

#[derive(Clone, Copy, Debug)]
enum What {
    Claim,
    Release,
    Move,
}

/// A step of somebody with or without the right to it.
#[derive(Clone, Debug)]
struct Step {
    what: What,
    written: String,
    /// Places among [`Chain::sites`].
    firm: usize,
    to: usize,
    /// Place among [`Chain::keys`].
    by: usize,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        3 => Just(What::Claim),
        2 => Just(What::Release),
        1 => Just(What::Move)
    ];
    // So few digits that most prefixes overlap another one; and too few or too many now and then.
    let written = prop_oneof![
        9 => "(9506|7612)[01]{0,4}",
        1 => "[019]{1,3}|(950600000000)[01]{0,1}",
    ];
    (what, written, 0..3_usize, 0..3_usize, 0..3_usize).prop_map(|(what, written, firm, to, by)| {
        Step {
            what,
            written,
            firm,
            to,
            by,
        }
    })
}

struct Chain {
    world: World,
    sites: [Site; 3],
    /// The first two firms' issuer, the third's, and the registry authority.
    keys: [anchor_lang::Address; 3],
    claims: Claims,
}

impl Chain {
    fn new() -> Self {
        let mut world = World::new();
        world.ledger.trust_signatures();
        let sites = [world.manufacturer, world.other_manufacturer, world.pharmacy];
        let other = address::issuer(&world.other_issuer_key);
        let leaving = reassign_partner(world.authority, other, world.pharmacy.gln);
        world.ledger.execute(&leaving);
        Self {
            keys: [world.issuer_key, world.other_issuer_key, world.authority],
            claims: [("9506000", sites[0]), ("9506001", sites[1])]
                .map(|(written, site)| (written.to_owned(), site.gln.number()))
                .into(),
            sites,
            world,
        }
    }

    /// The issuer that answers for a firm.
    fn issuer_of(&self, firm: usize) -> usize {
        usize::from(firm == 2)
    }

    fn overlapping(&self, written: &str) -> Vec<(String, u64)> {
        let overlaps = |other: &str| other.starts_with(written) || written.starts_with(other);
        self.claims
            .iter()
            .filter(|(other, _)| overlaps(other))
            .map(|(other, firm)| (other.clone(), *firm))
            .collect()
    }

    /// Carries the step out in the list if it is allowed; says whether it is.
    fn act(&mut self, step: &Step) -> bool {
        let firm = self.sites[step.firm].gln.number();
        let overlapping = self.overlapping(&step.written);
        let is_valid = (4..=12).contains(&step.written.len());
        let is_authority = step.by == 2;
        match step.what {
            What::Claim => {
                let allowed =
                    is_valid && step.by == self.issuer_of(step.firm) && overlapping.is_empty();
                if allowed {
                    self.claims.insert(step.written.clone(), firm);
                }
                allowed
            }
            What::Release => {
                let owner = self.claims.get(&step.written).copied();
                let is_overseer = is_authority || step.by == self.issuer_of(step.firm);
                let allowed = is_overseer && owner == Some(firm);
                if allowed {
                    self.claims.remove(&step.written);
                }
                allowed
            }
            What::Move => {
                let allowed = is_valid
                    && is_authority
                    && step.to != step.firm
                    && !overlapping.is_empty()
                    && overlapping.iter().all(|(_, owner)| *owner == firm);
                if allowed {
                    for (ended, _) in overlapping {
                        self.claims.remove(&ended);
                    }
                    let to = self.sites[step.to].gln.number();
                    self.claims.insert(step.written.clone(), to);
                }
                allowed
            }
        }
    }

    fn take(&mut self, step: &Step) -> Result<bool, TestCaseError> {
        let prefix = CompanyPrefix {
            value: step.written.parse().unwrap(),
            digits: u8::try_from(step.written.len()).unwrap(),
        };
        let (firm, to) = (self.sites[step.firm].gln, self.sites[step.to].gln);
        let by = IssuerSigner {
            issuer: address::issuer(&self.keys[self.issuer_of(step.firm)]),
            key: self.keys[step.by],
        };
        let instruction = match step.what {
            What::Claim => claim_prefix(self.world.payer, by, firm, prefix),
            What::Release => release_prefix(by, firm, prefix),
            What::Move => move_prefix(by.key, prefix, firm, to),
        };
        let outcome = self.world.ledger.attempt(&instruction);
        let allowed = self.act(step);
        prop_assert!(
            outcome.is_ok() == allowed,
            "the list says {allowed}, the program {:?} of {step:?}",
            outcome.map(drop).map_err(|failed| failed.err)
        );
        self.check()?;
        Ok(allowed)
    }

    /// The tables hold the list, are as large as it is, and find each GTIN's firm; the head offices count it.
    fn check(&self) -> Result<(), TestCaseError> {
        for site in self.sites {
            let partner: Partner = self.world.ledger.read(site.partner);
            let own = self.claims.values().filter(|firm| **firm == partner.gln);
            prop_assert_eq!(partner.prefix_claims as usize, own.count());
        }
        for leading in [9_506, 7_612_u16] {
            let begins = leading.to_string();
            let expected: Vec<(&String, u64)> = self
                .claims
                .iter()
                .filter(|(written, _)| written.starts_with(&begins))
                .map(|(written, firm)| (written, *firm))
                .collect();
            let account = self
                .world
                .ledger
                .find_account(address::prefix_table(leading));
            let Some(account) = account else {
                prop_assert!(expected.is_empty(), "{expected:?}");
                continue;
            };
            prop_assert_eq!(account.data.len(), 16 + 24 * expected.len());
            prop_assert_eq!(account.lamports, self.world.ledger.rent(account.data.len()));
            let (_, claims) = PrefixTable::from_account_data(&account.data).unwrap();
            for (claim, (written, firm)) in claims.iter().zip(&expected) {
                let digits = usize::from(claim.digits);
                prop_assert_eq!(&format!("{:0digits$}", claim.prefix), *written);
                prop_assert_eq!(claim.firm, *firm);
            }
            for body in 0..16_u64 {
                // Each way to go on with four digits of zero and one.
                let digits = [8, 4, 2, 1].map(|bit| if body & bit == 0 { '0' } else { '1' });
                let digits = format!("{begins}{}0000", String::from_iter(digits));
                let owner = expected
                    .iter()
                    .find(|(written, _)| digits.starts_with(written.as_str()));
                let body: u64 = digits.parse().unwrap();
                let gtin = body * 10 + u64::from(gs1::check_digit(body));
                let found = PrefixTable::claim_of(&claims, gtin).map(|claim| claim.firm);
                prop_assert_eq!(found, owner.map(|(_, firm)| *firm));
            }
        }
        Ok(())
    }
}

#[test]
fn tables_and_texts_agree() {
    let config = ProptestConfig {
        cases: SEQUENCES,
        ..ProptestConfig::default()
    };
    let tally = std::cell::RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    let sequence = prop::collection::vec(step(), SEQUENCE);
    let outcome = TestRunner::new(config).run(&sequence, |steps| {
        let mut chain = Chain::new();
        for step in &steps {
            let allowed = chain.take(step)?;
            let mut tally = tally.borrow_mut();
            tally.entry(format!("{:?}", step.what)).or_default()[usize::from(allowed)] += 1;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let tally = tally.into_inner();
    assert!(
        tally.values().all(|counts| !counts.contains(&0)),
        "never tried both ways: {tally:?}"
    );
}
