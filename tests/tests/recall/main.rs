//! The recall program's instructions, one module each: what they do, and everything that they
//! refuse.

mod claim;
mod close_claims;
mod codes;
mod complete;
mod custody;
mod escrow;
mod expand;
mod fund;
mod narrow;
mod open;
mod operator;
mod prove;
mod reclassify;
mod respond;
mod terminate;
mod withdraw;

use anchor_lang::solana_program::instruction::Instruction;
use pedigree_domain::Roles;
use pedigree_interface::Site;
use program_tests::{alter::Alter, ledger::Ledger, world::World};
use recall::RecallError;

/// Something that keeps a site from acting.
type Bar = fn(&mut World, Site);

/// A site with every role but the regulator's.
fn leave_the_oversight(world: &mut World, site: Site) {
    world.license(site, Roles::all().difference(Roles::REGULATOR));
}

/// Tries what only a regulator may sign, with a regulator that is none any more; `otherwise` is how
/// the program says that.
#[track_caller]
fn refuse_barred_regulators(world: &World, instruction: &Instruction, otherwise: RecallError) {
    let bars: [(Bar, RecallError); 4] = [
        (World::suspend, RecallError::RegulatorSuspended),
        (World::revoke, RecallError::RegulatorRevoked),
        (World::lapse, RecallError::RegulatorLapsed),
        (leave_the_oversight, otherwise),
    ];
    for (bar, refusal) in bars {
        let mut world = world.clone();
        let regulator = world.regulator;
        bar(&mut world, regulator);
        world.ledger.refuse(instruction, refusal);
    }
}

/// Tries what a site has to sign: with another key, and without a signature.
#[track_caller]
fn refuse_other_signers(ledger: &mut Ledger, instruction: &Instruction, site: Site) {
    let stranger = ledger.key("stranger");
    let forged = instruction.clone().replacing(site.key, stranger);
    ledger.refuse(&forged, RecallError::NotPartnerKey);
    ledger.refuse_unsigned(instruction, &[site.key]);
}

/// Every site that neither made the lot nor watches over it, whatever it holds of it.
fn downstream(world: &World) -> [Site; 5] {
    [
        world.other_manufacturer,
        world.wholesaler,
        world.logistics,
        world.pharmacy,
        world.recaller,
    ]
}
