use alloc::vec::Vec;

use pedigree_domain::{
    DISCRIMINATOR_BYTES, ensure,
    gs1::{self, CompanyPrefix},
    identifier::Gln,
};

use crate::{
    error::{RegistryError, Result},
    state::{Issuer, Partner, PartnerStatus},
};

/// Which firms the company prefixes belong to that begin with the same four digits.
///
/// A company prefix has 4 to 12 digits, so every two of them that overlap are in one table: a claim that
/// equals another firm's, contains it or lies in it is refused, whichever comes first.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:PrefixTable"), first 8 bytes |
/// | 8 | 2 | `leading` | the four digits as a number |
/// | 10 | 1 | `bump` | |
/// | 11 | 1 | padding | zero |
/// | 12 | 4 | how many claims follow | |
/// | 16 | 24 each | claims | [`PrefixClaim`]s in the order of their digits |
#[repr(C)]
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
pub struct PrefixTable {
    /// The four digits.
    pub leading: u16,
    pub bump: u8,
    pub _padding: u8,
}

/// What one firm claims.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | `prefix` | GS1 company prefix as a number |
/// | 8 | 8 | `firm` | GLN-13 of the head office as a number |
/// | 16 | 1 | `digits` | how many digits the prefix is written with, 4 to 12 |
/// | 17 | 7 | padding | zeros |
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct PrefixClaim {
    pub prefix: u64,
    pub firm: u64,
    pub digits: u8,
    pub _padding: [u8; 7],
}

impl PrefixClaim {
    /// The company prefix.
    pub const fn prefix(&self) -> CompanyPrefix {
        CompanyPrefix {
            value: self.prefix,
            digits: self.digits,
        }
    }

    /// The firm, by its head office.
    pub const fn firm(&self) -> Gln {
        Gln::from_account(self.firm)
    }
}

impl PrefixTable {
    pub const SEED: &'static [u8] = b"prefixes";
    /// The first bytes of the account.
    pub const DISCRIMINATOR: [u8; DISCRIMINATOR_BYTES] = [198, 149, 37, 179, 210, 104, 172, 224];

    /// The table in which a company prefix is: its first four digits.
    pub const fn leading_of(prefix: CompanyPrefix) -> u16 {
        leading_digits(prefix.first())
    }

    /// The table in which the company prefix of a GTIN is.
    pub const fn leading_of_gtin(gtin: u64) -> u16 {
        leading_digits(gs1::company_digits(gtin))
    }

    /// Reads a table and its claims; `None` if the bytes are another account's.
    pub fn from_account_data(data: &[u8]) -> Option<(Self, Vec<PrefixClaim>)> {
        let fields = data.strip_prefix(&Self::DISCRIMINATOR)?;
        let (table, rest) = fields.split_at_checked(size_of::<Self>())?;
        let (count, claims) = rest.split_first_chunk()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let claims = claims.get(..count.checked_mul(size_of::<PrefixClaim>())?)?;
        let claims = claims.chunks_exact(size_of::<PrefixClaim>());
        Some((
            bytemuck::pod_read_unaligned(table),
            claims.map(bytemuck::pod_read_unaligned).collect(),
        ))
    }

    /// The claim under which a GTIN was issued, among those of its table.
    pub fn claim_of(claims: &[PrefixClaim], gtin: u64) -> Option<&PrefixClaim> {
        let digits = gs1::company_digits(gtin);
        let after = claims.partition_point(|claim| claim.prefix().first() <= digits);
        let claim = claims.get(after.checked_sub(1)?)?;
        claim.prefix().covers_gtin(gtin).then_some(claim)
    }

    /// Puts a claim of the firm of `head_office` into its place. The last of `claims` is vacant.
    ///
    /// The head office's issuer signs, whose scope has the prefix. No overlap with any claim, not even one of
    /// the same firm: what a firm has, it has once.
    pub fn claim_prefix(
        claims: &mut [PrefixClaim],
        prefix: CompanyPrefix,
        head_office: &mut Partner,
        issuer: &Issuer,
    ) -> Result {
        let claim = claim(prefix, head_office)?;
        issuer.check_prefix(prefix, head_office.country)?;
        let Some((_, taken)) = claims.split_last() else {
            return Ok(());
        };
        let overlap = overlap(taken, prefix);
        if let Some(other) = taken[overlap.clone()].first() {
            return Err(if other.firm == claim.firm {
                RegistryError::PrefixClaimed
            } else {
                RegistryError::PrefixOfAnotherFirm
            }
            .refusal());
        }
        let place = &mut claims[overlap.start..];
        place.rotate_right(1);
        place[0] = claim;
        head_office.prefix_claims += 1;
        Ok(())
    }

    /// Moves the claim of exactly this prefix by the firm of `head_office` behind all others, where the caller cuts
    /// it off.
    pub fn release_prefix(
        claims: &mut [PrefixClaim],
        prefix: CompanyPrefix,
        head_office: &mut Partner,
    ) -> Result {
        let overlap = overlap(claims, prefix);
        let found = claims.get(overlap.start);
        let found = found.filter(|claim| claim.prefix() == prefix);
        let firm = found.ok_or(RegistryError::PrefixNotClaimed)?.firm;
        ensure!(firm == head_office.gln, RegistryError::PrefixOfAnotherFirm);
        claims[overlap.start..].rotate_left(1);
        head_office.prefix_claims -= 1;
        Ok(())
    }

    /// Gives a prefix to the firm of `head_office`, which proved to own it: the registry authority signs. All
    /// claims that overlap it end; they must be those of the firm of the other head office `from`. Returns how many
    /// claims are left, the others behind them to be cut off.
    pub fn move_prefix(
        claims: &mut [PrefixClaim],
        prefix: CompanyPrefix,
        from: &mut Partner,
        head_office: &mut Partner,
    ) -> Result<usize> {
        let claim = claim(prefix, head_office)?;
        let overlap = overlap(claims, prefix);
        ensure!(!overlap.is_empty(), RegistryError::PrefixNotClaimed);
        let ended = &claims[overlap.clone()];
        ensure!(
            ended.iter().all(|ended| ended.firm == from.gln),
            RegistryError::PrefixOfAnotherFirm
        );
        let count = u32::try_from(ended.len()).unwrap_or(u32::MAX);
        from.prefix_claims = from.prefix_claims.saturating_sub(count);
        head_office.prefix_claims += 1;
        let surplus = ended.len().saturating_sub(1);
        claims[overlap.start] = claim;
        claims[overlap.start..][1..].rotate_left(surplus);
        Ok(claims.len().saturating_sub(surplus))
    }
}

/// A claim of the firm of `head_office`.
fn claim(prefix: CompanyPrefix, head_office: &Partner) -> Result<PrefixClaim> {
    ensure!(prefix.is_valid(), RegistryError::InvalidCompanyPrefix);
    ensure!(
        head_office.is_of_firm(head_office.gln),
        RegistryError::NotHeadOffice
    );
    ensure!(
        head_office.status != PartnerStatus::Revoked,
        RegistryError::PartnerRevoked
    );
    Ok(PrefixClaim {
        prefix: prefix.value,
        firm: head_office.gln,
        digits: prefix.digits,
        _padding: [0; 7],
    })
}

/// Where the claims are that overlap `prefix`, or would be. As they do not overlap each other, all but the
/// first of them begin within it.
fn overlap(claims: &[PrefixClaim], prefix: CompanyPrefix) -> core::ops::Range<usize> {
    let start = claims.partition_point(|claim| claim.prefix().end() <= prefix.first());
    let end = claims.partition_point(|claim| claim.prefix().first() < prefix.end());
    start..end.max(start)
}

const fn leading_digits(digits: u64) -> u16 {
    // Fits: of twelve digits, four are left.
    (digits / 100_000_000) as u16
}

#[cfg(feature = "anchor")]
mod anchor {
    use solana_address::Address;

    use super::PrefixTable;

    impl anchor_lang::Owner for PrefixTable {
        const OWNER: Address = crate::ID;
    }

    impl anchor_lang::Discriminator for PrefixTable {
        const DISCRIMINATOR: &'static [u8] = &Self::DISCRIMINATOR;
    }
}

/// Anchor describes the fixed part only. The claims stand where Borsh has a vector behind it.
#[cfg(feature = "idl-build")]
impl anchor_lang::IdlAccountType for PrefixTable {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> =
        Some("{\"name\":\"PrefixTable\",\"discriminator\":[198,149,37,179,210,104,172,224]}");
    const __IDL_TYPE_DEF: Option<&'static str> = Some(concat!(
        "{\"name\":\"PrefixTable\",\"docs\":[\"Which firms the company prefixes belong to that begin with ",
        "the same four digits\"],\"type\":{\"kind\":\"struct\",\"fields\":[",
        "{\"name\":\"leading\",\"type\":\"u16\"},{\"name\":\"bump\",\"type\":\"u8\"},",
        "{\"name\":\"_padding\",\"type\":\"u8\"},",
        "{\"name\":\"claims\",\"type\":{\"vec\":{\"defined\":{\"name\":\"PrefixClaim\"}}}}]}}"
    ));

    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        accounts.extend(Self::__IDL_ACCOUNT_ENTRY);
        types.extend(Self::__IDL_TYPE_DEF);
        PrefixClaim::__register_idl_deps(accounts, types);
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;
    use pedigree_domain::Roles;

    use super::*;
    use crate::state::IssuerScope;

    const OWN: u64 = 9_506_000_000_015;
    const OTHER: u64 = 9_506_000_000_022;

    fn prefix(value: u64, digits: u8) -> CompanyPrefix {
        CompanyPrefix { value, digits }
    }

    fn head_office(gln: u64) -> Partner {
        let mut partner = Partner::zeroed();
        (partner.gln, partner.firm) = (gln, gln);
        partner
    }

    fn issuer() -> Issuer {
        let mut issuer = Issuer::zeroed();
        issuer.roles = IssuerScope::everywhere(Roles::MANUFACTURER).roles;
        issuer
    }

    fn claim(claims: &mut Vec<PrefixClaim>, prefix: CompanyPrefix, firm: u64) -> Result {
        let mut longer = claims.clone();
        longer.push(PrefixClaim::zeroed());
        PrefixTable::claim_prefix(&mut longer, prefix, &mut head_office(firm), &issuer())?;
        *claims = longer;
        Ok(())
    }

    #[test]
    fn the_claims_of_a_table_are_sorted_and_do_not_overlap() {
        let mut claims = Vec::new();
        for (value, digits) in [
            (95_062, 5),
            (9_506_000, 7),
            (950_690_000_001, 12),
            (950_610, 6),
            (950_690_000_000, 12),
        ] {
            claim(&mut claims, prefix(value, digits), OWN).unwrap();
        }
        assert!(
            claims
                .windows(2)
                .all(|two| two[0].prefix().end() <= two[1].prefix().first())
        );
        for (value, digits) in [
            (9_506_000, 7),
            (95_060, 5),
            (9_506, 4),
            (95_060_005, 8),
            (950_690_000_001, 12),
            (95_069_000_000, 11),
        ] {
            for (firm, refusal) in [
                (OWN, RegistryError::PrefixClaimed),
                (OTHER, RegistryError::PrefixOfAnotherFirm),
            ] {
                let before = claims.clone();
                let refused = claim(&mut claims, prefix(value, digits), firm);
                assert_eq!(refused, Err(refusal), "{value}");
                assert_eq!(claims, before);
            }
        }
    }

    #[test]
    fn a_gtin_is_found_under_its_prefix_only() {
        let mut claims = Vec::new();
        claim(&mut claims, prefix(9_506_000, 7), OWN).unwrap();
        claim(&mut claims, prefix(9_506_002, 7), OTHER).unwrap();
        let firm = |gtin| PrefixTable::claim_of(&claims, gtin).map(|claim| claim.firm);
        assert_eq!(firm(9_506_000_134_352), Some(OWN));
        assert_eq!(firm(39_506_000_134_353), Some(OWN));
        assert_eq!(firm(9_506_001_134_351), None);
        assert_eq!(firm(9_506_002_134_350), Some(OTHER));
        assert_eq!(firm(9_505_999_134_350), None);
    }

    #[test]
    fn a_move_ends_what_overlaps_and_nothing_else() {
        let mut claims = Vec::new();
        for (value, digits, firm) in [
            (95_059, 5, OTHER),
            (95_060_001, 8, OTHER),
            (95_060_002, 8, OTHER),
            (95_060_003, 8, OTHER),
            (950_601, 6, OWN),
        ] {
            claim(&mut claims, prefix(value, digits), firm).unwrap();
        }
        let wide = prefix(9_506_000, 7);
        let [mut own, mut other] = [OWN, OTHER].map(head_office);
        (own.prefix_claims, other.prefix_claims) = (1, 4);
        let refused = PrefixTable::move_prefix(&mut claims, wide, &mut own, &mut other);
        assert_eq!(refused, Err(RegistryError::PrefixOfAnotherFirm));
        let left = PrefixTable::move_prefix(&mut claims, wide, &mut other, &mut own);
        claims.truncate(left.unwrap());
        assert_eq!((own.prefix_claims, other.prefix_claims), (2, 1));
        let firms: Vec<_> = claims.iter().map(|it| (it.prefix, it.firm)).collect();
        assert_eq!(firms, [(95_059, OTHER), (9_506_000, OWN), (950_601, OWN)]);
        // And a part of a claim goes to who owns that part.
        let part = prefix(9_506_012, 7);
        let left = PrefixTable::move_prefix(&mut claims, part, &mut own, &mut other);
        assert_eq!(left, Ok(3));
        assert_eq!((claims[2].prefix, claims[2].firm), (9_506_012, OTHER));
    }

    #[test]
    fn only_the_very_prefix_is_released() {
        let mut claims = Vec::new();
        for (value, digits, firm) in [(9_506_000, 7, OWN), (9_506_001, 7, OTHER)] {
            claim(&mut claims, prefix(value, digits), firm).unwrap();
        }
        let mut own = head_office(OWN);
        own.prefix_claims = 1;
        for other in [prefix(950_600, 6), prefix(95_060_000, 8), prefix(9_506, 4)] {
            let refused = PrefixTable::release_prefix(&mut claims, other, &mut own);
            assert_eq!(refused, Err(RegistryError::PrefixNotClaimed));
        }
        let whole = prefix(9_506_000, 7);
        let refused = PrefixTable::release_prefix(&mut claims, whole, &mut head_office(OTHER));
        assert_eq!(refused, Err(RegistryError::PrefixOfAnotherFirm));
        PrefixTable::release_prefix(&mut claims, whole, &mut own).unwrap();
        assert_eq!((claims[0].firm, own.prefix_claims), (OTHER, 0));
    }

    #[test]
    fn a_table_is_read_from_its_bytes() {
        let mut claims = Vec::new();
        claim(&mut claims, prefix(9_506_000, 7), OWN).unwrap();
        let table = PrefixTable {
            leading: PrefixTable::leading_of(prefix(9_506_000, 7)),
            bump: 254,
            _padding: 0,
        };
        let mut data = [
            &PrefixTable::DISCRIMINATOR[..],
            bytemuck::bytes_of(&table),
            &1u32.to_le_bytes(),
            bytemuck::cast_slice(&claims),
        ]
        .concat();
        let (read, of_it) = PrefixTable::from_account_data(&data).unwrap();
        assert_eq!((read.leading, of_it), (9_506, claims));
        data[12] = 2;
        assert!(PrefixTable::from_account_data(&data).is_none());
    }
}
