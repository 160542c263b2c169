//! Every refusal of the registry, with what to do about it.

use pedigree_domain::refusals;

/// What a rule of the registry answers: a value, or why not.
pub type Result<T = ()> = core::result::Result<T, RegistryError>;

refusals! {
    /// Every refusal of the registry, with what to do about it.
    pub RegistryError after 5999;
    NotUpgradeAuthority = "Only the program's upgrade authority may initialise the registry: sign with that key",
    NotRegistryAuthority = "Only the registry authority may do this: sign with the key that the Registry account names",
    NotPendingKey = "This key was not proposed as the next one: propose it first, then accept with it",
    ZeroAddress = "The zero address is not a key: give a real one",
    NotPartnersIssuer = "This issuer did not admit the partner: let its own issuer sign, or have the registry authority reassign it",
    NotPartnerKey = "Only the site's own key may do this: sign with the key that the Partner account names",
    InvalidGln = "The GLN is not valid: it has 13 digits and ends in a check digit, so look for a typing error",
    InvalidRoles = "The roles are not valid: name at least one of the eight roles and no other bits",
    LicenceInPast = "The licence ends in the past: give the end of a licence that is in force",
    InvalidCompanyPrefix = "The company prefix is not valid: it has 4 to 12 digits, or 1 to 12 in an issuer's scope, where unused places are all zero and last",
    InvalidName = "The name is not valid: at least one byte of UTF-8 without control characters, then only zeros",
    PartnerNotActive = "The partner is not active: have its issuer reinstate it, or check whether it was revoked",
    PartnerNotSuspended = "The partner is not suspended, so there is nothing to reinstate",
    PartnerRevoked = "The partner's licence was revoked: only the registry authority can restore it",
    LicenceLapsed = "The partner's licence has lapsed: have its issuer renew it",
    NotManufacturer = "The partner is not licensed as a manufacturer or repackager, so it cannot own products",
    InvalidGtin = "The GTIN is not valid: it has 14 digits at most and ends in a check digit, so look for a typing error",
    GtinNotUnderPrefix = "The GTIN is not under any company prefix of the manufacturer's firm: have the issuer of its head office claim the prefix",
    InvalidNationalCode = "The national drug code is not valid: up to 16 digits, capitals and hyphens, then only zeros",
    InvalidStorageRange = "The storage range is not valid: give the lower temperature first, in tenths of a degree Celsius above -273.1",
    NotProductsManufacturer = "This partner is not the product's manufacturer: sign as the site that the Product account names",
    NotPendingManufacturer = "The product was not offered to this manufacturer: have its manufacturer propose the transfer first",
    InvalidPermissions = "The permissions are not valid: name at least one of the nine permissions and no other bits",
    InvalidAppointment = "The appointment ends before it begins: give an end later than the beginning",
    AppointmentInPast = "The appointment ends in the past: give an end in the future",
    OperatorIsPartnerKey = "The site's own key may do everything already: appoint the key of a person or a scanner",
    NotOperatorsPartner = "Another site appointed this operator: name the operator's own site",
    NotOperatorsPayer = "The rent goes back to the key that paid it: pass the payer that the Operator account names",
    PartnerNotConfirmed = "The site's key has not confirmed the admission yet: sign confirm_partner with it",
    PartnerConfirmed = "The site's key has confirmed the admission already",
    InvalidCountry = "The country is not valid: give its ISO 3166-1 numeric code, 1 to 999",
    IncompatibleRoles = "A regulator has no other role, because who oversees the trade has no part in it: license the trade to another site",
    RoleOutsideScope = "The issuer may not vouch for this role: have the registry authority add it to the issuer's scope, or another issuer vouch",
    CountryOutsideScope = "The issuer may not vouch for sites in this country: have the registry authority add it to the issuer's scope, or another issuer vouch",
    PrefixOutsideScope = "The issuer may not vouch for this company prefix: have the registry authority add it to the issuer's scope, or another issuer vouch",
    OperatorDismissed = "The site dismissed all of its operators after it appointed this one, or its key was recovered: dismiss this one, too, and appoint the key again",
    NotRecoveryKey = "This key was not named for the site's recovery: have its issuer and the registry authority propose it",
    RecoveryTooEarly = "A recovery takes effect seven days after it was proposed: complete it from the time on that the Partner account names",
    NoRecovery = "There is no recovery of the site's key to complete or to cancel",
    NotOverseer = "Only the site's issuer or the registry authority may do this",
    GlnHadHolder = "Another holder had this GLN before, and goods or products may name it: correct the admission, or revoke it",
    NotHeadOffice = "The site is not its firm's head office: name the site whose GLN the firm has",
    HeadOfficeDisagrees = "The firm's head office has to agree: sign for it with its own key, or with its issuer's if that is the site's issuer, too",
    NotPrefixTable = "This table is about other company prefixes: pass the one of their first four digits",
    PrefixClaimed = "The firm has this company prefix already, or one that contains it or lies in it",
    PrefixOfAnotherFirm = "Another firm has claimed this company prefix, or one that contains it or lies in it: if it is yours, have the registry authority move it",
    PrefixNotClaimed = "Nobody has claimed this company prefix: look for a typing error",
}
