//! Every refusal of the registry, with what to do about it.

use anchor_lang::prelude::*;

#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum RegistryError {
    #[msg("Only the program's upgrade authority may initialise the registry: sign with that key")]
    NotUpgradeAuthority,
    #[msg(
        "Only the registry authority may do this: sign with the key that the Registry account names"
    )]
    NotRegistryAuthority,
    #[msg("This key was not proposed as the next one: propose it first, then accept with it")]
    NotPendingKey,
    #[msg("The zero address holds no key: name a real one")]
    ZeroAddress,
    #[msg(
        "This issuer did not admit the partner: let its own issuer sign, or have the registry authority reassign it"
    )]
    NotPartnersIssuer,
    #[msg("Only the site's own key may do this: sign with the key that the Partner account names")]
    NotPartnerKey,
    #[msg(
        "The GLN is not valid: it has 13 digits and ends in a check digit, so look for a typing error"
    )]
    InvalidGln,
    #[msg("The roles are not valid: name at least one of the seven roles and no other bits")]
    InvalidRoles,
    #[msg("The licence ends in the past: give the end of a licence that is in force")]
    LicenceInPast,
    #[msg(
        "A company prefix is not valid: it has 4 to 12 digits, and unused places are all zero and last"
    )]
    InvalidCompanyPrefix,
    #[msg(
        "The name is not valid: at least one byte of UTF-8 without control characters, then only zeros"
    )]
    InvalidName,
    #[msg(
        "The partner is not active: have its issuer reinstate it, or check whether it was revoked"
    )]
    PartnerNotActive,
    #[msg("The partner is not suspended, so there is nothing to reinstate")]
    PartnerNotSuspended,
    #[msg("The partner's licence was revoked, and that is final")]
    PartnerRevoked,
    #[msg("The partner's licence has lapsed: have its issuer renew it")]
    LicenceLapsed,
    #[msg("The partner is not licensed as a manufacturer or repackager, so it can own no product")]
    NotManufacturer,
    #[msg(
        "The GTIN is not valid: it has 14 digits at most and ends in a check digit, so look for a typing error"
    )]
    InvalidGtin,
    #[msg(
        "The GTIN lies under none of the manufacturer's company prefixes: have its issuer add the prefix"
    )]
    GtinNotUnderPrefix,
    #[msg(
        "The national drug code is not valid: up to 16 digits, capitals and hyphens, then only zeros"
    )]
    InvalidNationalCode,
    #[msg(
        "The storage range is not valid: give the lower temperature first, in tenths of a degree Celsius above -273.1"
    )]
    InvalidStorageRange,
    #[msg("This partner is not the product's manufacturer")]
    NotProductsManufacturer,
    #[msg(
        "The product was not offered to this manufacturer: have its manufacturer propose the transfer first"
    )]
    NotPendingManufacturer,
    #[msg(
        "The permissions are not valid: name at least one of the nine permissions and no other bits"
    )]
    InvalidPermissions,
    #[msg("The appointment ends before it begins: give an end that is later than the beginning")]
    InvalidAppointment,
    #[msg("The appointment ends in the past: give an end that is still to come")]
    AppointmentInPast,
    #[msg("The site's own key may do everything already: appoint the key of a person or a scanner")]
    OperatorIsPartnerKey,
    #[msg("Another site appointed this operator: name the operator's own site")]
    NotOperatorsPartner,
    #[msg("The rent goes back to who paid it: name the payer that the Operator account names")]
    NotOperatorsPayer,
}
