//! Arguments that several commands take, read and checked.

use std::{str::FromStr, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::Args;
use pedigree_client::{
    Ledger, address,
    custody::{Consignment, TransferKind},
    domain::Roles,
    identifier::{Gln, Gtin, LotNumber},
    registry::Partner,
};
use solana_pubkey::Pubkey;

/// A consignment, by its address or as `GTIN/LOT`, which means the lot's first consignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsignmentRef(Pubkey);

impl ConsignmentRef {
    /// The account, with its address.
    pub async fn get(self, ledger: &Ledger) -> pedigree_client::Result<(Pubkey, Consignment)> {
        Ok((self.0, ledger.get(&self.0).await?))
    }
}

impl FromStr for ConsignmentRef {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some((gtin, lot_number)) = text.split_once('/') {
            let (gtin, lot_number): (Gtin, LotNumber) = (gtin.parse()?, lot_number.parse()?);
            let lot = address::lot(&address::product(gtin), lot_number);
            return Ok(Self(address::consignment(&lot, 0)));
        }
        text.parse().map(Self).ok().with_context(|| {
            format!(
                "{text:?} is no consignment: give its address, or GTIN/LOT for a lot's first one"
            )
        })
    }
}

/// A SHA-256 digest, as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl FromStr for Digest {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        ensure!(
            text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{text:?} is no SHA-256 digest: give 64 hexadecimal digits, as `sha256sum` prints them"
        );
        let mut digest = [0; 32];
        for (byte, index) in digest.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[index..index + 2], 16)?;
        }
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

impl From<Kind> for TransferKind {
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
    /// SHA-256 of the transaction information with a salt; only the digest is published.
    #[arg(
        long,
        value_name = "SHA-256",
        default_value = "0000000000000000000000000000000000000000000000000000000000000000",
        hide_default_value = true
    )]
    pub document: Digest,
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

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A partner as people call it: name and GLN.
pub fn partner_name(partner: &Partner) -> String {
    let name = pedigree_client::identifier::field_text(&partner.name);
    format!("{name} ({})", Gln::from_account(partner.gln))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consignment_is_an_address_or_a_lot() {
        let by_lot: ConsignmentRef = "09506000134352/A1".parse().unwrap();
        assert_eq!(
            by_lot.0.to_string().parse::<ConsignmentRef>().unwrap(),
            by_lot
        );
        assert!("A1".parse::<ConsignmentRef>().is_err());
        assert!(
            "09506000134353/A1"
                .parse::<ConsignmentRef>()
                .unwrap_err()
                .to_string()
                .contains("check digit")
        );
    }

    #[test]
    fn a_digest_has_64_digits() {
        let text = "00ff".repeat(16);
        assert_eq!(hex(&text.parse::<Digest>().unwrap().0), text);
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
