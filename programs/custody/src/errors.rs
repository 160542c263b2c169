//! Every refusal of the custody program, with what to do about it.

use anchor_lang::prelude::*;

#[error_code(offset = 7000)]
#[derive(Debug, PartialEq, Eq)]
pub enum CustodyError {
    #[msg("Only the site's own key may do this: sign with the key that the Partner account names")]
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
    #[msg("The transfer kind is unknown: 1 sale, 2 return, 3 logistics, 4 disposal")]
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
}
