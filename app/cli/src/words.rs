//! How values are written for people.

use chrono::DateTime;
use pedigree_client::{
    custody::{ExceptionCode, Lot},
    disposition::Fate,
    domain::Roles,
    reference::{ConsignmentRef, LotRef},
    registry::Partner,
    text::field_text,
};
use pedigree_scan::Country;

/// A Unix time.
pub fn time(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map_or_else(
        || seconds.to_string(),
        |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// A partner's name and GLN.
pub fn partner_name(partner: &Partner) -> String {
    let name = field_text(&partner.name);
    format!("{name} ({})", partner.gln())
}

/// A lot, as it may be typed.
pub fn lot_name(lot: &Lot) -> String {
    LotRef::of(lot).to_string()
}

/// The consignment of a lot that begins with unit `first_unit`, as it may be typed.
pub fn consignment_name(lot: &Lot, first_unit: u32) -> String {
    ConsignmentRef::of(lot, first_unit).to_string()
}

/// The names of the roles in `bits`.
pub fn role_names(bits: u16) -> Vec<String> {
    Roles::from_bits_truncate(bits)
        .iter_names()
        .map(|(name, _)| name.to_lowercase().replace('_', "-"))
        .collect()
}

/// A country's code: alpha-2, or numeric where none is assigned.
pub fn country_name(numeric: u16) -> String {
    Country::from_numeric(numeric).map_or_else(|| numeric.to_string(), |it| it.to_string())
}

/// What a case is about; an exception, or suspect product where there is none.
pub fn exception(code: ExceptionCode) -> String {
    match code {
        ExceptionCode::None => "suspect product".to_owned(),
        code => code.to_string(),
    }
}

/// What became of a unit.
pub fn fate(fate: Fate) -> String {
    match fate {
        Fate::Active => "active".to_owned(),
        Fate::WithConsignment(status) => format!("{status} with its whole consignment"),
        Fate::Dispensed(dispensed) => {
            let site = dispensed.site.as_ref();
            let site = site.map_or_else(|| dispensed.by.to_string(), partner_name);
            format!("dispensed by {site} at {}", time(dispensed.at))
        }
        Fate::Alone { disposition, at } => format!("{disposition} at {at}"),
        Fate::Unknown(disposition) => {
            disposition.map_or_else(|| "unknown".to_owned(), |it| it.to_string())
        }
    }
}
