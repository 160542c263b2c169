//! Every refusal of the recall program, with what to do about it.

use anchor_lang::prelude::*;

#[error_code(offset = 8000)]
#[derive(Debug, PartialEq, Eq)]
pub enum RecallError {
    #[msg(
        "Only the site may do this: sign with the key that its Partner account names, or add the Operator account of the key that signs"
    )]
    NotPartnerKey,
    #[msg("This account does not let the signer act for the site: add its own Operator account")]
    NotSitesOperator,
    #[msg("The operator's appointment has not begun yet: wait, or sign with the site's key")]
    OperatorNotYetValid,
    #[msg("The operator's appointment has ended: have the site renew it")]
    OperatorLapsed,
    #[msg("The operator may not do this: have the site add the permission to settle recalls")]
    OperatorPermission,
    #[msg("Only the lot's manufacturer or a regulator may do this")]
    NotOverseer,
    #[msg("Only a regulator may do this")]
    NotRegulator,
    #[msg("Only who opened the recall or the lot's manufacturer may do this")]
    NotOpener,
    #[msg("Only the lot's manufacturer may do this")]
    NotManufacturer,
    #[msg("The regulator is suspended: have its issuer reinstate it")]
    RegulatorSuspended,
    #[msg("The regulator was struck off the register")]
    RegulatorRevoked,
    #[msg("The regulator's entry in the register has lapsed: have its issuer renew it")]
    RegulatorLapsed,
    #[msg("This is another lot: pass the one that the Recall account names")]
    NotRecallsLot,
    #[msg("A lot can have eight recalls: expand one of them")]
    TooManyRecalls,
    #[msg("The class is not valid: 1, 2 or 3; 0 only when opening, if nobody classified it yet")]
    InvalidClass,
    #[msg("The depth is unknown: 0 consumer, 1 retail, 2 wholesale")]
    InvalidDepth,
    #[msg("The reason is unknown: see RecallReason")]
    InvalidReason,
    #[msg(
        "The effectiveness check is not valid: level 0 to 4; 11 to 99 percent at level B, else 0"
    )]
    InvalidCheckLevel,
    #[msg(
        "The notice is not valid: give its hash and a public address of printable ASCII, then zeros"
    )]
    InvalidNotice,
    #[msg("A recall has at least one unit")]
    NoUnits,
    #[msg("The run of units does not lie within the lot")]
    RunOutsideLot,
    #[msg("The new run must hold every unit of the old one, and more")]
    RunNotGrown,
    #[msg("The new run must lie within the old one, and be smaller")]
    RunNotNarrowed,
    #[msg("The manufacturer may only make a recall graver: ask a regulator")]
    NotGraver,
    #[msg("The recall is terminated: open another one")]
    RecallTerminated,
    #[msg("The recall is not terminated yet: a regulator does that")]
    RecallNotTerminated,
    #[msg("The recall is completed already")]
    RecallCompleted,
    #[msg("Only a site that may hold medicines answers a recall")]
    NotHolder,
    #[msg("The counts are more units than were recalled: count again")]
    CountTooHigh,
    #[msg("Units once dispensed, returned, destroyed or accounted for stay so: report as many")]
    CountFell,
    #[msg("The ledger shows that the site returned or destroyed more: report at least as many")]
    CountBelowShown,
    #[msg("The count's date is in the future or before the last count: give the date of this one")]
    InvalidCountDate,
    #[msg("This response is to another recall")]
    NotRecallsResponse,
    #[msg("This response is another site's")]
    NotSitesResponse,
    #[msg(
        "This shows no return and no destruction: pass an accepted return's Transfer, or a destroyed Consignment"
    )]
    NotEvidence,
    #[msg("This return or destruction is of another lot")]
    NotRecallsEvidence,
    #[msg("Another site returned or destroyed these units")]
    NotSitesEvidence,
    #[msg("The units were returned before they were recalled")]
    EvidenceTooOld,
    #[msg("Not all of the units are in what was returned or destroyed")]
    RunOutsideEvidence,
    #[msg("Not all of the units are recalled")]
    RunOutsideRecall,
    #[msg("The units lie on other pages: page number P has units 8,192 P to 8,192 P + 8,191")]
    RunOutsidePage,
    #[msg("Some of the units are proven already: name the others")]
    AlreadyShown,
    #[msg("Some of the units are paid for already: name the others")]
    AlreadyPaid,
    #[msg("The manufacturer pays and is not paid: prove the units instead")]
    ManufacturerPays,
    #[msg("The recall pays nothing: its manufacturer has funded no vault. Prove the units instead")]
    NoEscrow,
    #[msg("The vault has too little left: have the manufacturer fund it, or claim fewer units")]
    VaultShort,
    #[msg("The mint's authority froze the vault: have it thawed")]
    VaultFrozen,
    #[msg("The token account that pays is frozen: have it thawed")]
    SourceFrozen,
    #[msg("The token account to be paid is frozen: have it thawed")]
    ReceiverFrozen,
    #[msg("The recall pays in another token: pass the mint that the Recall account names")]
    NotRecallsMint,
    #[msg("This is not the recall's vault: pass the one that the Recall account names")]
    NotRecallsVault,
    #[msg("This token account holds another token")]
    OtherMint,
    #[msg("The token account to be paid does not belong to the site's key")]
    NotSitesTokenAccount,
    #[msg("The mint belongs to the other token program")]
    NotMintsProgram,
    #[msg("The price for a unit may be raised only, and is not zero")]
    PriceLowered,
    #[msg("Fund at least the smallest part of a token")]
    NothingFunded,
    #[msg("The amount is more than can be counted")]
    AmountTooLarge,
    #[msg("The mint takes a fee of each transfer: fund another token")]
    MintTakesFees,
    #[msg("The mint calls a program at each transfer: fund another token")]
    MintHasHook,
    #[msg("The mint's tokens cannot be transferred: fund another token")]
    MintNotTransferable,
    #[msg("The mint's tokens move confidentially only: fund another token")]
    MintConfidential,
    #[msg("The mint lets somebody take tokens out of any account: fund another token")]
    MintHasDelegate,
    #[msg("The mint's token accounts are frozen at first: fund another token")]
    MintFreezesAccounts,
    #[msg("The mint's transfers can be paused: fund another token")]
    MintPausable,
    #[msg("The mint has an extension that this program does not know: fund another token")]
    MintUnknownExtension,
    #[msg("The rent goes back to who paid it: pass the payer that the account names")]
    NotPayer,
    #[msg("This page belongs to another recall")]
    NotRecallsClaims,
}
