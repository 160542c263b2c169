//! Every refusal of the custody program, with what to do about it.

use anchor_lang::prelude::*;

#[error_code(offset = 7000)]
#[derive(Debug, PartialEq, Eq)]
pub enum CustodyError {
    #[msg(
        "Only the site may do this: sign with the key that its Partner account names, or add the Operator account of the key that signs"
    )]
    NotPartnerKey,
    #[msg("This partner is not the product's manufacturer, so it cannot mint its lots")]
    NotProductsManufacturer,
    #[msg(
        "The lot number is not valid: 1 to 20 characters of GS1 character set 82, then only zeros"
    )]
    InvalidLotNumber,
    #[msg(
        "The expiry is not valid: give the label's date as YYYYMMDD in 2000 to 2099, day 00 for the last of the month"
    )]
    InvalidExpiry,
    #[msg("The lot has expired: it can only go to disposal or back")]
    LotExpired,
    #[msg("A lot has at least one unit")]
    NoUnits,
    #[msg("The lot is quarantined: wait for its manufacturer or a regulator to release it")]
    LotQuarantined,
    #[msg("Units of this consignment are recalled: return or destroy them")]
    Recalled,
    #[msg(
        "This consignment belongs to another lot: pass the lot that the Consignment account names"
    )]
    NotConsignmentsLot,
    #[msg(
        "This partner does not hold the consignment: pass the custodian that the Consignment account names"
    )]
    NotCustodian,
    #[msg(
        "The consignment is offered to somebody: accept, reject, cancel or expire that offer first"
    )]
    ConsignmentOffered,
    #[msg("The consignment is not on offer")]
    ConsignmentNotOffered,
    #[msg("The sequence is stale: the consignment changed since it was read, so read it again")]
    StaleSequence,
    #[msg("The transfer belongs to another consignment or to an earlier offer of this one")]
    NotConsignmentsTransfer,
    #[msg("The transfer names another sender")]
    NotTransfersSender,
    #[msg("The transfer names another receiver")]
    NotTransfersReceiver,
    #[msg("The transfer is already settled")]
    TransferSettled,
    #[msg("The offer's deadline has passed: have the sender offer the consignment again")]
    OfferLapsed,
    #[msg(
        "The offer's deadline has not passed yet: the sender may cancel it, anyone may expire it later"
    )]
    OfferNotLapsed,
    #[msg("The deadline is not valid: choose a time from one second to 90 days ahead")]
    InvalidDeadline,
    #[msg("The transfer's kind is unknown: 1 sale, 2 return, 3 logistics, 4 disposal")]
    InvalidKind,
    #[msg("The exception code is unknown: 1 to 8, see ExceptionCode")]
    InvalidException,
    #[msg(
        "A sale needs the transaction statement of DSCSA section 581(27): set the flag to make it"
    )]
    StatementMissing,
    #[msg("The sender and the receiver are the same site")]
    SamePartner,
    #[msg("Only the owner may sell: the sender holds this consignment for somebody else")]
    SenderNotOwner,
    #[msg("The sender is suspended: have its issuer reinstate it")]
    SenderSuspended,
    #[msg("The sender's licence was revoked, so it cannot trade")]
    SenderRevoked,
    #[msg("The sender's licence has lapsed: have its issuer renew it")]
    SenderLicenceLapsed,
    #[msg("The sender's roles do not let it hold medicines")]
    SenderRole,
    #[msg("The receiver is suspended: have its issuer reinstate it")]
    ReceiverSuspended,
    #[msg("The receiver's licence was revoked, so it cannot trade")]
    ReceiverRevoked,
    #[msg("The receiver's licence has lapsed: have its issuer renew it")]
    ReceiverLicenceLapsed,
    #[msg("The receiver's roles do not let it take medicines in this kind of transfer")]
    ReceiverRole,
    #[msg("The consignment has been handed over as often as its sequence can count")]
    SequenceExhausted,
    #[msg("This account does not let the signer act for the site: add its own Operator account")]
    NotSitesOperator,
    #[msg("The operator's appointment has not begun yet: wait, or sign with the site's key")]
    OperatorNotYetValid,
    #[msg("The operator's appointment has ended: have the site renew it")]
    OperatorLapsed,
    #[msg("The operator may not do this: have the site add the permission")]
    OperatorPermission,
    #[msg("The same consignment comes twice: name each once")]
    DuplicateConsignment,
    #[msg("A batch is each lot followed by its consignments, writable: this account is neither")]
    NotShippable,
    #[msg("A batch needs at least one consignment, and one sequence for each")]
    SequenceCount,
    #[msg("A split leaves at least one unit on each side: choose from 1 to the quantity less 1")]
    SplitQuantity,
    #[msg("The second consignment is not the run right after the first one of the same lot")]
    NotNeighbours,
    #[msg("Only consignments with one custodian, owner, supplier and the same restrictions merge")]
    UnlikeNeighbours,
    #[msg("The SSCC is not valid: 18 digits with the right check digit")]
    InvalidSscc,
    #[msg("The units have left the chain: nothing can be done with them any more")]
    UnitsGone,
    #[msg("A case is open on this consignment: have it resolved first")]
    UnderCase,
    #[msg("A case is open on the whole lot: have it resolved first")]
    LotUnderCase,
    #[msg("The consignment is quarantined: release it first, or return it")]
    ConsignmentQuarantined,
    #[msg("The goods were returned: verify them before they are sold on")]
    ReturnNotVerified,
    #[msg("The goods are condemned: they only go to disposal")]
    Condemned,
    #[msg("It is not quarantined")]
    NotQuarantined,
    #[msg("Only a regulator releases a lot that a regulator quarantined or that is condemned")]
    ReleasedByRegulator,
    #[msg("The goods did not come back in a return, or were verified already")]
    NotReturned,
    #[msg(
        "A return goes to who sold the goods to their owner, to the owner, or to the manufacturer; to another, name the sale that it undoes"
    )]
    NotReturnsSupplier,
    #[msg("The transfer is not the accepted sale that this return undoes")]
    NotReturnsTransfer,
    #[msg("Only the lot's manufacturer or a regulator may do this")]
    NotOverseer,
    #[msg("Only who opened the case or a regulator may do this")]
    NotInvestigator,
    #[msg("The case is about something else: pass the account that it names")]
    NotCasesSubject,
    #[msg("The case is resolved: open another one")]
    CaseResolved,
    #[msg("The product was found illegitimate: only a regulator may clear it")]
    CaseDetermined,
    #[msg("Nothing to notify of: the product was not found illegitimate")]
    CaseNotDetermined,
    #[msg("The notification is recorded already")]
    CaseNotified,
    #[msg("There are as many cases as can be counted: resolve some")]
    TooManyCases,
    #[msg("The witness is the one who acts: have another person sign")]
    WitnessIsActor,
    #[msg("The rent goes back to who paid it: pass the payer that the account names")]
    NotPayer,
    #[msg("The transfer is open: accept, reject, cancel or expire it first")]
    TransferOpen,
    #[msg("Transfers are kept for six years after they are settled")]
    TransferRetained,
    #[msg("Only the recall program says which units are recalled: open or change a recall there")]
    NotRecallAuthority,
    #[msg("A lot's recalls are numbered from 0 to 7 in their order: expand one that there is")]
    InvalidRecallNumber,
    #[msg("The run of units does not lie within the lot")]
    RunOutsideLot,
    #[msg(
        "Some of the consignment's units are gone one by one: split off those that are active, and use that"
    )]
    PartlyGone,
    #[msg("One of the units is not active: it was dispensed or taken out of the chain before")]
    UnitNotActive,
    #[msg("One of the units is not dispensed, so there is nothing to undo")]
    UnitNotDispensed,
    #[msg("One of the units is not this consignment's: name the consignment that holds it")]
    UnitOutsideConsignment,
    #[msg(
        "This is not the page of these units: pass the lot's UnitPage, after opening it, that has them"
    )]
    NotUnitsPage,
    #[msg("Only who dispensed the units may undo it, with the record that was made of it")]
    NotDispenser,
    #[msg("A dispense can be undone for ten days")]
    UndoTooLate,
    #[msg("The disposition is unknown: 3 to 8, see Disposition")]
    InvalidDisposition,
    #[msg("The record is kept for ten days after its last dispense")]
    RecordRetained,
}

impl CustodyError {
    /// The error as programs return it, made out of the way of the path on which all is well.
    #[cold]
    #[inline(never)]
    pub(crate) fn refuse<T>(self) -> Result<T> {
        Err(self.into())
    }
}

/// Goes on if the condition holds, and refuses otherwise: Anchor's `require!` for the hot path,
/// without its cost on the way on.
macro_rules! ensure {
    ($condition:expr, $error:expr) => {
        if !$condition {
            return $error.refuse();
        }
    };
}
pub(crate) use ensure;
