//! What a run tried: every action, who signed, and why what was refused was refused.

use std::collections::{BTreeMap, BTreeSet};

use custody::CustodyError;
use pedigree_interface::identifier::Gln;
use recall::RecallError;
use registry::RegistryError;
use solana_instruction_error::InstructionError;
use solana_transaction_error::TransactionError;

/// Counts over all sequences of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// How often each action was refused and allowed.
    actions: BTreeMap<String, [usize; 2]>,
    /// How often each site signed an action that was allowed.
    actors: BTreeMap<Gln, usize>,
    /// How often each error was the reason.
    refusals: BTreeMap<String, usize>,
    /// What was put right in the end, and how often.
    rescues: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub fn count_allowed(&mut self, action: String, signers: impl IntoIterator<Item = Gln>) {
        self.actions.entry(action).or_default()[1] += 1;
        for signer in signers {
            *self.actors.entry(signer).or_default() += 1;
        }
    }

    pub fn count_refused(&mut self, action: String, reason: &TransactionError) {
        self.actions.entry(action).or_default()[0] += 1;
        *self.refusals.entry(name(reason)).or_default() += 1;
    }

    /// Counts what is put right in the end.
    pub fn count_rescued(&mut self, what: &'static str, how_many: u64) {
        *self.rescues.entry(what).or_default() += how_many;
    }

    pub fn print(&self) {
        for (action, [refused, allowed]) in &self.actions {
            println!("{action}: {allowed} allowed, {refused} refused");
        }
        for (gln, count) in &self.actors {
            println!("site {gln}: {count} signed");
        }
        for (refusal, count) in &self.refusals {
            println!("{refusal}: {count} times");
        }
        for (what, count) in &self.rescues {
            println!("rescue: {count} {what}");
        }
    }

    /// Fails unless each action was both allowed and refused: the model and the programs would agree
    /// on it without a try.
    pub fn check_actions(&self) {
        let is_untried = |action: &&&str| {
            let outcomes = self.actions.get(**action);
            outcomes.is_none_or(|outcomes| outcomes.contains(&0))
        };
        let untried: Vec<_> = ACTIONS.iter().filter(is_untried).collect();
        assert!(untried.is_empty(), "never tried both ways: {untried:?}");
        let mut named = self.actions.keys();
        let unlisted = named.find(|action| !ACTIONS.contains(&action.as_str()));
        assert_eq!(unlisted, None, "the list of actions lacks one");
        let is_idle = |what: &&&str| !self.rescues.contains_key(**what);
        let idle: Vec<_> = RESCUES.iter().filter(is_idle).collect();
        assert!(idle.is_empty(), "never put right: {idle:?}");
    }

    /// Fails unless each of `sites` signed something, and each refusal that the model can meet occurred.
    pub fn check_actors_and_refusals(&self, sites: impl IntoIterator<Item = Gln>) {
        let idle: Vec<_> = sites
            .into_iter()
            .filter(|gln| !self.actors.contains_key(gln))
            .collect();
        assert!(idle.is_empty(), "sites that never signed: {idle:?}");
        let custody = CustodyError::ALL.iter().map(|error| error.name());
        let recall = RecallError::ALL.iter().map(|error| error.name());
        let missing: BTreeSet<_> = custody
            .chain(recall)
            .filter(|name| !OUT_OF_REACH.contains(name) && !self.refusals.contains_key(*name))
            .collect();
        assert!(
            missing.is_empty(),
            "refusals that never occurred: {missing:?}"
        );
    }
}

/// Each site that lost its key in some sequence, and is itself again.
pub const KEYS: &str = "keys recovered";
/// Each lot whose manufacturer was gone.
pub const LOTS: &str = "lots adopted";
/// Each consignment that was with the wrong site, or stolen, or offered.
pub const FETCHED: &str = "consignments fetched";
/// Units for which a site was paid, and those which it was paid once it had left the firm of who funded.
pub const PAID: &str = "units paid for";
pub const PAID_LATER: &str = "units paid for to who left a firm";

/// What is put right in some sequence.
const RESCUES: [&str; 5] = [KEYS, LOTS, FETCHED, PAID, PAID_LATER];

/// Every action, and those of them that must be tried both ways in special cases too.
const ACTIONS: [&str; 80] = [
    "Accept",
    "AcceptKey",
    "AcceptProduct",
    "AcceptWithDiscrepancy",
    "Admit",
    "AdoptLot",
    "AppointOperator",
    "Archive",
    "Cancel",
    "CancelRecovery",
    "Claim",
    "CloseClaims",
    "CloseProofs",
    "CloseUnitRecord",
    "Complete",
    "CompleteRecovery",
    "Confirm",
    "Decommission",
    "Destroy",
    "DestroyUnits",
    "DetermineCase",
    "DismissAllOperators",
    "DismissOperator",
    "Dispense",
    "Expand",
    "Expire",
    "Export",
    "Fund",
    "Handoff",
    "HandoffBatch",
    "JoinFirm",
    "LeaveFirm",
    "Merge",
    "Merge where units are gone",
    "MoveProduct",
    "Narrow",
    "NotifyCase",
    "Offer",
    "Open",
    "OpenCase",
    "OpenLotCase",
    "Pack",
    "ProposeKey",
    "ProposeProduct",
    "ProposeRecovery",
    "Prove",
    "Quarantine",
    "QuarantineLot",
    "Reassign",
    "Reclassify",
    "Recover",
    "Reinstate",
    "Reject",
    "Release",
    "ReleaseLot",
    "Renew",
    "Reopen",
    "ReportStolen",
    "ResolveCase",
    "Respond",
    "Restore",
    "RestoreUnits",
    "ReturnTitle",
    "ReturnTitle of what was lost",
    "Revoke",
    "RotateIssuerKey",
    "Sample",
    "Split",
    "Split where units are gone",
    "Suspend",
    "Terminate",
    "TransferTitle",
    "UndoDecommission",
    "UndoDecommission after ten days",
    "UndoDispense",
    "UndoDispense after ten days",
    "UndoWithdrawal",
    "Unpack",
    "VerifyReturn",
    "Withdraw",
];

/// The programs' refusals that no action of the model meets, or hardly ever.
const OUT_OF_REACH: [&str; 40] = [
    // Accounts and arguments that follow from others: the tests of each instruction swap them.
    "ConsignmentNotOffered",
    "InvalidRecallNumber",
    "NotCasesSubject",
    "NotConsignmentsTransfer",
    "NotDispenser",
    "NotLotsProduct",
    "NotPayer",
    "NotRecallAuthority",
    "NotRecallsLot",
    "NotRecallsProduct",
    "NotRecallsProofs",
    "NotRecallsResponse",
    "NotRecallsScope",
    "NotRecallsTranche",
    "NotSitesResponse",
    "NotTranchesMint",
    "NotTranchesVault",
    "RecordNeeded",
    "SequenceCount",
    // The lots are there from the beginning.
    "InvalidExpiry",
    "InvalidLotNumber",
    // There is one token, of which nothing is frozen, and a vault is closed with its tranche.
    "MintConfidential",
    "MintFreezesAccounts",
    "MintHasDelegate",
    "MintHasHook",
    "MintNotTransferable",
    "MintPausable",
    "MintTakesFees",
    "MintUnknownExtension",
    "NotMintsProgram",
    "OtherMint",
    "ReceiverFrozen",
    "SourceFrozen",
    "TrancheWithdrawn",
    "VaultFrozen",
    "VaultShort",
    // No sequence is long enough to count so far.
    "SequenceExhausted",
    "TooManyCases",
    "TooManyRecalls",
    // Accomplices are confirmed too soon.
    "RegulatorNotConfirmed",
];

fn name(reason: &TransactionError) -> String {
    let TransactionError::InstructionError(_, InstructionError::Custom(code)) = reason else {
        return format!("{reason:?}");
    };
    // What stands before the last 16 bits is which of a batch's goods were refused.
    let code = &(code & 0xFFFF);
    let custody = CustodyError::from_code(*code).map(CustodyError::name);
    let recall = || RecallError::from_code(*code).map(RecallError::name);
    let registry = || RegistryError::from_code(*code).map(RegistryError::name);
    custody
        .or_else(recall)
        .or_else(registry)
        .map_or_else(|| format!("{reason:?}"), str::to_owned)
}
