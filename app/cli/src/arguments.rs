//! Arguments that several commands take, read and checked.

use std::{fmt, str::FromStr, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pedigree_client::{
    Ledger, address,
    custody::{Change, Consignment, ExceptionCode, Lot},
    domain::Roles,
    identifier::{Gln, Gtin, LotNumber, Sscc},
    ledger::Filter,
    registry::Partner,
    units::holds,
};
use solana_pubkey::Pubkey;

/// A consignment, as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsignmentRef {
    /// By its account.
    Address(Pubkey),
    /// `GTIN/LOT#UNIT`: whichever has this unit of the lot. `GTIN/LOT` stands for the one with the
    /// first unit, which is the lot's first consignment.
    Unit { lot: Pubkey, unit: u32 },
    /// By the SSCC of its outermost package.
    Package(Sscc),
}

impl ConsignmentRef {
    /// The account, with its address.
    pub async fn get(self, ledger: &Ledger) -> Result<(Pubkey, Consignment)> {
        let found = self.all(ledger).await?;
        match found.as_slice() {
            [one] => Ok(*one),
            several => {
                let addresses: Vec<String> = several
                    .iter()
                    .map(|(address, _)| address.to_string())
                    .collect();
                bail!(
                    "there are {} consignments in this package: name one of {}",
                    several.len(),
                    addresses.join(", ")
                )
            }
        }
    }

    /// The account, or those of all consignments in the package; at least one.
    pub async fn all(self, ledger: &Ledger) -> Result<Vec<(Pubkey, Consignment)>> {
        match self {
            Self::Address(address) => Ok(vec![(address, ledger.get(&address).await?)]),
            Self::Unit { lot, unit: 0 } => {
                let address = address::consignment(&lot, 0);
                Ok(vec![(address, ledger.get(&address).await?)])
            }
            Self::Unit { lot, unit } => {
                let consignments: Vec<(Pubkey, Consignment)> =
                    ledger.list(&[Filter::consignment_lot(&lot)]).await?;
                let with_unit = consignments.into_iter().find(|(_, one)| holds(one, unit));
                let with_unit = with_unit.with_context(|| {
                    format!("the lot {lot} has no unit {unit}: see `pedigree lot show`")
                })?;
                Ok(vec![with_unit])
            }
            Self::Package(sscc) => {
                let packed: Vec<(Pubkey, Consignment)> =
                    ledger.list(&[Filter::consignment_sscc(&sscc)]).await?;
                ensure!(
                    !packed.is_empty(),
                    "no consignment is packed in {sscc}: check the code, or name the consignment \
                     by its address"
                );
                Ok(packed)
            }
        }
    }

    /// The account's address, whether there is an account or not.
    pub async fn address(self, ledger: &Ledger) -> Result<Pubkey> {
        match self {
            Self::Address(address) => Ok(address),
            other => Ok(other.get(ledger).await?.0),
        }
    }
}

impl FromStr for ConsignmentRef {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.contains('/') {
            let (lot, unit) = match text.split_once('#') {
                Some((lot, unit)) => {
                    let unit = unit.parse().with_context(|| {
                        format!("{unit:?} is no number of a unit: they count from 0")
                    })?;
                    (lot, unit)
                }
                None => (text, 0),
            };
            let lot = lot.parse::<LotRef>()?.address();
            return Ok(Self::Unit { lot, unit });
        }
        if text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Package(text.parse()?));
        }
        text.parse().map(Self::Address).ok().with_context(|| {
            format!(
                "{text:?} is no consignment: give its address, GTIN/LOT for a lot's first one, \
                 GTIN/LOT#UNIT for the one with that unit, or the SSCC that it is packed in"
            )
        })
    }
}

/// A lot, as `GTIN/LOT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotRef {
    gtin: Gtin,
    lot_number: LotNumber,
}

impl LotRef {
    pub const fn gtin(self) -> Gtin {
        self.gtin
    }

    pub const fn lot_number(self) -> LotNumber {
        self.lot_number
    }

    pub fn address(self) -> Pubkey {
        address::lot(&address::product(self.gtin), self.lot_number)
    }
}

impl FromStr for LotRef {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (gtin, lot_number) = text
            .split_once('/')
            .with_context(|| format!("{text:?} is no lot: write it as GTIN/LOT"))?;
        Ok(Self {
            gtin: gtin.parse()?,
            lot_number: lot_number.parse()?,
        })
    }
}

impl fmt::Display for LotRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.gtin, self.lot_number)
    }
}

/// What a command is about: a consignment, or a whole lot.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Subject {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    pub consignment: Option<ConsignmentRef>,
    /// The whole lot instead; for its manufacturer or a regulator
    #[arg(long, value_name = "GTIN/LOT")]
    pub lot: Option<LotRef>,
}

impl Subject {
    /// The consignment, if it is not about a lot.
    pub async fn consignment(&self, ledger: &Ledger) -> Result<(Pubkey, Consignment)> {
        let named = self
            .consignment
            .context("name a consignment, or a lot with --lot")?;
        named.get(ledger).await
    }
}

/// How a run of a lot's units is written in what is printed, so that it can be typed back.
pub fn consignment_name(lot: &Lot, first_unit: u32) -> String {
    let name = lot_name(lot);
    match first_unit {
        0 => name,
        unit => format!("{name}#{unit}"),
    }
}

/// How a lot is written in what is printed, so that it can be typed back.
pub fn lot_name(lot: &Lot) -> String {
    LotRef {
        gtin: Gtin::from_account(lot.gtin),
        lot_number: LotNumber::from_account(lot.lot_number),
    }
    .to_string()
}

/// Reads what is wrong with goods, by its name.
pub fn exceptions() -> impl TypedValueParser<Value = ExceptionCode> {
    let names = ExceptionCode::ALL
        .iter()
        .filter(|code| **code != ExceptionCode::None)
        .filter_map(|code| code.name());
    PossibleValuesParser::new(names)
        .map(|name| ExceptionCode::parse(&name).unwrap_or(ExceptionCode::None))
}

/// A SHA-256 digest, as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl FromStr for Digest {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).ok().with_context(|| {
            format!(
                "{text:?} is no SHA-256 digest: give 64 hexadecimal digits, as `sha256sum` prints them"
            )
        })?;
        Ok(Self(digest))
    }
}

/// Why goods change hands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Title passes with the goods.
    #[default]
    Sale,
    /// Back up the chain; title passes if the sender has it.
    Return,
    /// Possession only: to a 3PL or from it.
    Logistics,
    /// To be destroyed.
    Disposal,
}

impl From<Kind> for Change {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Sale => Self::Sale,
            Kind::Return => Self::Return,
            Kind::Logistics => Self::Logistics,
            Kind::Disposal => Self::Disposal,
        }
    }
}

/// What a partner is licensed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    Manufacturer,
    Repackager,
    Wholesaler,
    Logistics,
    Dispenser,
    Regulator,
    Recaller,
}

impl Role {
    /// The bits of all `roles`.
    pub fn bits(roles: &[Self]) -> u16 {
        roles
            .iter()
            .fold(Roles::empty(), |bits, role| bits | role.flag())
            .bits()
    }

    fn flag(self) -> Roles {
        match self {
            Self::Manufacturer => Roles::MANUFACTURER,
            Self::Repackager => Roles::REPACKAGER,
            Self::Wholesaler => Roles::WHOLESALER,
            Self::Logistics => Roles::LOGISTICS,
            Self::Dispenser => Roles::DISPENSER,
            Self::Regulator => Roles::REGULATOR,
            Self::Recaller => Roles::RECALLER,
        }
    }
}

/// The names of the roles in `bits`.
pub fn role_names(bits: u16) -> Vec<String> {
    Roles::from_bits_truncate(bits)
        .iter_names()
        .map(|(name, _)| name.to_lowercase())
        .collect()
}

/// A day, `YYYY-MM-DD`, on which something is valid for the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastDay(NaiveDate);

impl LastDay {
    /// Unix seconds: the first moment after the day, UTC.
    pub fn end(self) -> i64 {
        let next = self
            .0
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX);
        next.and_hms_opt(0, 0, 0)
            .unwrap_or_default()
            .and_utc()
            .timestamp()
    }
}

impl FromStr for LastDay {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self)
            .with_context(|| format!("{text:?} is no day of the calendar: write it as YYYY-MM-DD"))
    }
}

/// What a transfer says of itself, for `ship` and `handoff`.
#[derive(Args)]
pub struct TransferTerms {
    /// Why the goods change hands.
    #[arg(long, value_enum, default_value_t)]
    pub kind: Kind,
    #[command(flatten)]
    pub document: Document,
}

/// The paper behind a step.
#[derive(Args)]
pub struct Document {
    /// SHA-256 of the document behind this step, with a salt; only the digest is published
    #[arg(
        long = "document",
        value_name = "SHA-256",
        default_value = "0000000000000000000000000000000000000000000000000000000000000000",
        hide_default_value = true
    )]
    digest: Digest,
}

impl Document {
    pub fn hash(&self) -> [u8; 32] {
        self.digest.0
    }
}

/// Unix seconds at `wait` from now.
pub fn deadline(wait: Duration) -> Result<i64> {
    let seconds = i64::try_from(wait.as_secs())?;
    let Some(deadline) = Utc::now().timestamp().checked_add(seconds) else {
        bail!("the deadline is too far ahead: choose at most 90 days");
    };
    Ok(deadline)
}

/// A Unix time as people write it.
pub fn time(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map_or_else(
        || seconds.to_string(),
        |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// A partner as people call it: name and GLN.
pub fn partner_name(partner: &Partner) -> String {
    let name = pedigree_client::text::field_text(&partner.name);
    format!("{name} ({})", Gln::from_account(partner.gln))
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn a_consignment_is_named_in_four_ways() {
        let lot: LotRef = "09506000134352/A1".parse().unwrap();
        for (text, expected) in [
            (
                "09506000134352/A1",
                ConsignmentRef::Unit {
                    lot: lot.address(),
                    unit: 0,
                },
            ),
            (
                "9506000134352/A1#2500",
                ConsignmentRef::Unit {
                    lot: lot.address(),
                    unit: 2500,
                },
            ),
            (
                "106141412345678908",
                ConsignmentRef::Package("106141412345678908".parse().unwrap()),
            ),
            (
                "E7A65kQJMzZC73QUsQDrL5CaCQnr9q6Gm3fmhVrskFVr",
                ConsignmentRef::Address(pedigree_client::custody::ID),
            ),
        ] {
            assert_eq!(text.parse::<ConsignmentRef>().unwrap(), expected);
        }
        for (text, reason) in [
            ("A1", "give its address, GTIN/LOT"),
            ("09506000134353/A1", "check digit"),
            ("09506000134352/A1#-1", "is no number of a unit"),
            ("09506000134352/A1#", "is no number of a unit"),
            ("106141412345678909", "check digit"),
            ("1061414123456789", "16 digits instead of 18"),
        ] {
            let error = text.parse::<ConsignmentRef>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_printed_of_a_consignment_is_read_back() {
        let lot = Lot {
            gtin: 9_506_000_134_352,
            lot_number: "LOT/A-1".parse::<LotNumber>().unwrap().bytes(),
            ..Lot::zeroed()
        };
        let name = consignment_name(&lot, 70);
        assert_eq!(name, "09506000134352/LOT/A-1#70");
        assert!(matches!(
            name.parse().unwrap(),
            ConsignmentRef::Unit { unit: 70, .. }
        ));
    }

    #[test]
    fn a_digest_has_64_digits() {
        let text = "00ff".repeat(16);
        assert_eq!(hex::encode(text.parse::<Digest>().unwrap().0), text);
        for text in ["", "00", &"0g".repeat(32), &"é".repeat(32)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_licence_is_valid_through_its_last_day() {
        assert_eq!(
            "2026-11-22".parse::<LastDay>().unwrap().end(),
            1_795_392_000
        );
        assert!("2027-02-30".parse::<LastDay>().is_err());
    }
}
