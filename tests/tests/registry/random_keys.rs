//! Everything that changes who holds a site, in random order by random signers, against the rules in plain
//! Rust: the site's key, its thief, its issuer, another issuer, former issuers and the registry authority.

use std::{cell::RefCell, collections::BTreeMap};

use anchor_lang::{Address, solana_program::instruction::Instruction};
use pedigree_domain::Roles;
use pedigree_interface::{IssuerSigner, Site, instruction::registry::*};
use program_tests::{
    layout::padded,
    ledger::NOW,
    world::{World, licence},
};
use proptest::{prelude::*, test_runner::TestRunner};
use registry::{Partner, PartnerStatus};

/// Steps in one sequence.
const SEQUENCE: usize = 200;
/// Sequences that are tried.
const SEQUENCES: u32 = 60;
/// Keys that may be a site's, an issuer's, or nobody's.
const KEYS: usize = 4;
const DAY: i64 = 86_400;

#[derive(Clone, Copy, Debug)]
enum What {
    Propose,
    Accept,
    DismissAll,
    ProposeRecovery,
    CompleteRecovery,
    CancelRecovery,
    Suspend,
    Reinstate,
    Revoke,
    Restore,
    Reassign,
    RotateIssuer,
    MoveGln,
    Correct,
    Confirm,
    /// Days pass.
    Wait,
}

/// A step. What the numbers name is chosen when it is taken.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: What,
    /// Who signs, and who else has to.
    by: [usize; 2],
    /// The key that is named.
    key: usize,
    /// The issuer whose account is named.
    issuer: usize,
    days: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        3 => Just(What::Propose),
        3 => Just(What::Accept),
        1 => Just(What::DismissAll),
        3 => Just(What::ProposeRecovery),
        3 => Just(What::CompleteRecovery),
        1 => Just(What::CancelRecovery),
        1 => Just(What::Suspend),
        3 => Just(What::Reinstate),
        1 => Just(What::Revoke),
        3 => Just(What::Restore),
        1 => Just(What::Reassign),
        1 => Just(What::RotateIssuer),
        1 => Just(What::MoveGln),
        2 => Just(What::Correct),
        3 => Just(What::Confirm),
        2 => Just(What::Wait),
    ];
    (
        what,
        // Usually the one who may.
        [0..KEYS + 6, 0..KEYS + 6],
        0..KEYS,
        0..3_usize,
        1..5_i64,
    )
        .prop_map(|(what, by, key, issuer, days)| Step {
            what,
            by,
            key,
            issuer,
            days,
        })
}

/// The site as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holding {
    key: Address,
    pending: Address,
    recovery: (Address, i64),
    status: u8,
    is_confirmed: bool,
    appointments: u32,
    /// Place among the issuers.
    issuer: usize,
    /// How often the issuer's key had been replaced when it vouched for the site.
    issuer_key_changes: u16,
}

struct Chain {
    world: World,
    site: Site,
    now: i64,
    /// The keys that are the site's by turns.
    keys: [Address; KEYS],
    /// Addresses and keys of both issuers.
    issuers: [IssuerSigner; 2],
    /// How often their keys were replaced.
    key_changes: [u16; 2],
    holding: Holding,
}

impl Chain {
    fn new() -> Self {
        let mut world = World::new();
        world.ledger.trust_signatures();
        let site = world.pharmacy;
        let keys = std::array::from_fn(|number| world.ledger.key(&format!("holder {number}")));
        Self {
            now: NOW,
            keys,
            issuers: [world.issuer_key, world.other_issuer_key].map(IssuerSigner::from),
            holding: Holding {
                key: site.key,
                pending: Address::default(),
                recovery: (Address::default(), 0),
                status: 0,
                is_confirmed: true,
                appointments: 0,
                issuer: 0,
                issuer_key_changes: 0,
            },
            key_changes: [0; 2],
            site,
            world,
        }
    }

    /// A signer: mostly the one who may sign, else one of the keys.
    fn signer(&self, number: usize, usual: Address) -> Address {
        self.keys.get(number).copied().unwrap_or(usual)
    }

    /// The issuer's account that a step names: mostly the site's own.
    fn issuer(&self, number: usize) -> usize {
        if number == 2 {
            1 - self.holding.issuer
        } else {
            self.holding.issuer
        }
    }

    /// The instruction, and whether it is allowed, in which case the holding becomes what it should.
    fn act(&mut self, step: Step) -> Option<(Instruction, bool)> {
        const ACTIVE: u8 = 0;
        const SUSPENDED: u8 = 1;
        const REVOKED: u8 = 2;
        const ADMITTED: u8 = 3;
        let mut after = self.holding;
        let (gln, authority) = (self.site.gln, self.world.authority);
        let (named, dispenser) = (self.keys[step.key], licence(Roles::DISPENSER));
        let own = self.holding.issuer;
        let issuer = self.issuer(step.issuer);
        let issuer_key = self.issuers[issuer].key;
        let by_issuer = IssuerSigner {
            key: self.signer(step.by[0], issuer_key),
            ..self.issuers[issuer]
        };
        let is_issuer = issuer == own && by_issuer.key == self.issuers[own].key;
        let by_authority = self.signer(step.by[1], authority);
        let is_authority = by_authority == authority;
        let by_site = Site {
            key: self.signer(step.by[0], self.holding.key),
            ..self.site
        };
        let is_site = by_site.key == self.holding.key;
        let Holding {
            status,
            is_confirmed,
            ..
        } = self.holding;
        let (instruction, allowed) = match step.what {
            What::Propose => {
                after.pending = named;
                let allowed = is_site && status == ACTIVE;
                (propose_partner_key(by_site, Some(named)), allowed)
            }
            What::Accept => {
                let by = self.signer(step.by[0], self.holding.pending);
                (after.key, after.pending) = (by, Address::default());
                if by == Address::default() {
                    return None;
                }
                let allowed = by == self.holding.pending;
                (accept_partner_key(gln, by), allowed)
            }
            What::DismissAll => {
                after.appointments += 1;
                let allowed = is_site && is_confirmed && status != SUSPENDED;
                (dismiss_all_operators(by_site), allowed)
            }
            What::ProposeRecovery => {
                after.recovery = (named, self.now + 7 * DAY);
                let instruction = propose_recovery(by_authority, by_issuer, gln, named);
                let allowed = is_issuer && is_authority && is_confirmed;
                (instruction, allowed)
            }
            What::CompleteRecovery => {
                let (expected, from) = self.holding.recovery;
                let by = self.signer(step.by[0], expected);
                if by == Address::default() {
                    return None;
                }
                after.key = by;
                after.pending = Address::default();
                after.recovery = (Address::default(), 0);
                after.appointments += 1;
                let allowed = by == expected && self.now >= from;
                (complete_recovery(gln, by), allowed)
            }
            What::CancelRecovery => {
                after.recovery = (Address::default(), 0);
                let key = if step.key == 0 {
                    by_authority
                } else {
                    by_issuer.key
                };
                let is_overseer = key == authority || key == self.issuers[own].key;
                let allowed = issuer == own && is_overseer && self.holding.recovery.1 != 0;
                let overseer = IssuerSigner { key, ..by_issuer };
                (cancel_recovery(overseer, gln), allowed)
            }
            What::Suspend => {
                after.status = SUSPENDED;
                (
                    suspend_partner(by_issuer, gln),
                    is_issuer && status == ACTIVE,
                )
            }
            What::Reinstate => {
                after.status = ACTIVE;
                let allowed = is_issuer && status == SUSPENDED;
                (reinstate_partner(by_issuer, gln), allowed)
            }
            What::Revoke => {
                after.status = REVOKED;
                (
                    revoke_partner(by_issuer, gln),
                    is_issuer && status != REVOKED,
                )
            }
            What::Restore => {
                after.status = if is_confirmed { ACTIVE } else { ADMITTED };
                (restore_partner(by_authority, gln, dispenser), is_authority)
            }
            What::Reassign => {
                after.issuer = issuer;
                after.issuer_key_changes = self.key_changes[issuer];
                let account = self.issuers[issuer].issuer;
                (reassign_partner(by_authority, account, gln), is_authority)
            }
            What::RotateIssuer => {
                let account = self.issuers[issuer].issuer;
                if is_authority {
                    self.issuers[issuer].key = named;
                    self.key_changes[issuer] += 1;
                }
                let instruction = rotate_issuer_key(by_authority, account, named);
                (instruction, is_authority)
            }
            What::MoveGln => {
                after = Holding {
                    key: named,
                    pending: Address::default(),
                    recovery: (Address::default(), 0),
                    status: ADMITTED,
                    is_confirmed: false,
                    appointments: after.appointments + 1,
                    issuer,
                    issuer_key_changes: self.key_changes[issuer],
                };
                let account = self.issuers[issuer].issuer;
                let name = padded("Owner");
                let instruction = move_gln(by_authority, account, gln, named, name, dispenser);
                (instruction, is_authority)
            }
            What::Correct => {
                after.key = named;
                after.issuer_key_changes = self.key_changes[own];
                let name = padded("Corrected");
                let instruction = correct_admission(by_issuer, gln, named, name, dispenser);
                (instruction, is_issuer && status == ADMITTED)
            }
            What::Confirm => {
                after.status = ACTIVE;
                after.is_confirmed = true;
                let account = self.issuers[issuer].issuer;
                let is_vouched_for =
                    issuer == own && self.holding.issuer_key_changes == self.key_changes[own];
                let allowed = is_site && status == ADMITTED && is_vouched_for;
                (confirm_partner(account, by_site), allowed)
            }
            What::Wait => {
                self.now += step.days * DAY;
                self.world.ledger.set_time(self.now);
                return None;
            }
        };
        if after.status != status {
            after.pending = Address::default();
        }
        if allowed {
            self.holding = after;
        }
        Some((instruction, allowed))
    }

    /// Takes a step; says whether it was allowed, or nothing if there was none.
    fn take(&mut self, step: Step) -> Result<Option<bool>, TestCaseError> {
        let before = self.holding;
        let Some((instruction, allowed)) = self.act(step) else {
            return Ok(None);
        };
        let outcome = self.world.ledger.attempt(&instruction);
        prop_assert!(
            outcome.is_ok() == allowed,
            "the rules say {allowed}, the program {:?} of {step:?} at {before:?}",
            outcome.map(drop).map_err(|failed| failed.err)
        );
        let partner: Partner = self.world.ledger.read(self.site.partner);
        let issuer = self
            .issuers
            .iter()
            .position(|issuer| issuer.issuer == partner.issuer);
        let actual = Holding {
            key: partner.authority,
            pending: partner.pending_authority,
            recovery: (partner.recovery_authority, partner.recovery_at),
            status: partner.status.code(),
            is_confirmed: partner.confirmed_at != 0,
            appointments: partner.appointments,
            issuer: issuer.unwrap(),
            issuer_key_changes: partner.issuer_key_changes,
        };
        prop_assert_eq!(actual, self.holding, "after {:?}", step);
        Ok(Some(allowed))
    }

    /// Whoever has which key by now: issuer and registry authority bring the site back to its owner, and
    /// the owner can act.
    fn rescue(&mut self) {
        let owner = self.world.ledger.key("owner");
        let (gln, authority) = (self.site.gln, self.world.authority);
        let board = self.world.ledger.key("board's safe key");
        let issuer = self.issuers[self.holding.issuer].issuer;
        let dispenser = licence(Roles::DISPENSER);
        let mut steps = vec![rotate_issuer_key(authority, issuer, board)];
        let board = IssuerSigner { issuer, key: board };
        let partner: Partner = self.world.ledger.read(self.site.partner);
        if partner.confirmed_at == 0 {
            steps.push(restore_partner(authority, gln, dispenser));
            steps.push(correct_admission(
                board,
                gln,
                owner,
                padded("Owner"),
                dispenser,
            ));
            let site = Site::own(gln, owner);
            steps.push(confirm_partner(issuer, site));
        } else {
            steps.push(propose_recovery(authority, board, gln, owner));
        }
        for step in &steps {
            self.world.ledger.execute(step);
        }
        if partner.confirmed_at != 0 {
            self.world.ledger.set_time(self.now + 7 * DAY);
            self.world.ledger.execute(&complete_recovery(gln, owner));
            let restoration = restore_partner(authority, gln, dispenser);
            self.world.ledger.execute(&restoration);
        }
        let rescued: Partner = self.world.ledger.read(self.site.partner);
        assert_eq!(rescued.authority, owner);
        assert_eq!(rescued.status, PartnerStatus::Active);
        assert_eq!(rescued.pending_authority, Address::default());
        assert_eq!(rescued.recovery_authority, Address::default());
    }
}

#[test]
fn programs_and_rules_agree_and_each_site_is_rescued() {
    let config = ProptestConfig {
        cases: SEQUENCES,
        ..ProptestConfig::default()
    };
    let tally = RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    let sequence = prop::collection::vec(step(), SEQUENCE);
    let outcome = TestRunner::new(config).run(&sequence, |steps| {
        let mut chain = Chain::new();
        for step in steps {
            if let Some(allowed) = chain.take(step)? {
                let mut tally = tally.borrow_mut();
                tally.entry(format!("{:?}", step.what)).or_default()[usize::from(allowed)] += 1;
            }
        }
        chain.rescue();
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
