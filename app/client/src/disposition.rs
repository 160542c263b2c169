//! What became of single units: those that their lot's pages record one by one, and those that left the
//! chain with their whole consignment.

use custody::{BLOCK_UNITS, Consignment, ConsignmentStatus, Disposition, UnitPage, UnitRecord};
use pedigree_interface::{
    Located, address,
    identifier::Gln,
    units::{UnitRange, page_of},
};
use registry::Partner;
use solana_pubkey::Pubkey;

use crate::{
    error::Result,
    ledger::{Filter, Ledger},
};

/// One unit of a lot, as the ledger has it.
#[derive(Clone, Debug)]
pub struct RecordedUnit {
    /// Its index in the lot.
    pub index: u32,
    /// As the lot's page records it; `None` if the page is not open.
    pub disposition: Option<Disposition>,
    /// The consignment that holds it.
    pub consignment: Option<Located<Consignment>>,
    /// Who dispensed it, and when: for as long as that may be undone, and until the record is closed.
    pub dispensed: Option<Dispensed>,
}

/// A dispense, as the site's record has it.
#[derive(Clone, Debug)]
pub struct Dispensed {
    /// The site that dispensed the unit.
    pub by: Gln,
    /// The site's account, if there is one.
    pub site: Option<Partner>,
    /// Unix seconds.
    pub at: i64,
}

/// What became of a unit.
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    /// It is in the chain, held or on offer.
    Active,
    /// It left the chain with its whole consignment, whose status says how.
    WithConsignment(ConsignmentStatus),
    /// It was dispensed, and the record of it is there.
    Dispensed(&'a Dispensed),
    /// Its page records what became of it.
    Alone {
        /// What became of it.
        disposition: Disposition,
        /// The site that has the consignment.
        at: Gln,
    },
    /// No consignment holds it. Its page may have recorded a disposition even so.
    Unknown(Option<Disposition>),
}

impl RecordedUnit {
    /// What became of it.
    pub fn fate(&self) -> Fate<'_> {
        let Some(consignment) = &self.consignment else {
            return Fate::Unknown(self.disposition);
        };
        let own = self.disposition.filter(|&it| it != Disposition::Active);
        match (own, &self.dispensed) {
            (None, _) => match consignment.status {
                ConsignmentStatus::Held | ConsignmentStatus::Offered => Fate::Active,
                gone => Fate::WithConsignment(gone),
            },
            (Some(_), Some(dispensed)) => Fate::Dispensed(dispensed),
            (Some(disposition), None) => Fate::Alone {
                disposition,
                at: consignment.custodian(),
            },
        }
    }

    /// Whether it is still in the chain.
    pub fn is_active(&self) -> bool {
        matches!(self.fate(), Fate::Active)
    }
}

/// What became of unit `index` of the lot at `lot`.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn unit(ledger: &Ledger, lot: &Pubkey, index: u32) -> Result<RecordedUnit> {
    let page = address::unit_page(lot, page_of(index));
    let page: Option<Located<UnitPage>> = ledger.find(&page).await?;
    let disposition = page.map(|page| page.disposition(index));
    let consignment = holding(ledger, &[Filter::consignment_lot(lot)], index).await?;
    let dispensed = match disposition {
        Some(Disposition::Dispensed) => dispensed(ledger, lot, index).await?,
        _ => None,
    };
    Ok(RecordedUnit {
        index,
        disposition,
        consignment,
        dispensed,
    })
}

/// Those of `units`, in ascending order, that are not active any more on the pages of the lot at `lot`.
///
/// # Errors
///
/// [`Error::Missing`](crate::Error::Missing) if one of the pages is not open.
pub async fn inactive(
    ledger: &Ledger,
    lot: &Pubkey,
    units: impl IntoIterator<Item = u32>,
) -> Result<Vec<u32>> {
    let mut inactive = Vec::new();
    let mut open: Option<Located<UnitPage>> = None;
    for unit in units {
        let page = match open {
            Some(page) if page.number == page_of(unit) => page,
            _ => ledger.get(&address::unit_page(lot, page_of(unit))).await?,
        };
        if page.disposition(unit) != Disposition::Active {
            inactive.push(unit);
        }
        open = Some(page);
    }
    Ok(inactive)
}

/// The consignment that holds unit `index` of the lot at `lot`, if `custodian` has it.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn in_custody(
    ledger: &Ledger,
    lot: &Pubkey,
    index: u32,
    custodian: Gln,
) -> Result<Option<Located<Consignment>>> {
    let filters = [
        Filter::consignment_lot(lot),
        Filter::consignment_custodian(&custodian),
    ];
    holding(ledger, &filters, index).await
}

/// The consignment, of those of one lot that pass all `filters`, that holds unit `index`.
async fn holding(
    ledger: &Ledger,
    filters: &[Filter],
    index: u32,
) -> Result<Option<Located<Consignment>>> {
    let consignments: Vec<Located<Consignment>> = ledger.list(filters).await?;
    Ok(consignments
        .into_iter()
        .find(|consignment| UnitRange::from(&consignment.account).contains(index)))
}

/// Who dispensed a unit, if the record of it is still there.
async fn dispensed(ledger: &Ledger, lot: &Pubkey, index: u32) -> Result<Option<Dispensed>> {
    let block = index / BLOCK_UNITS;
    let place = (index % BLOCK_UNITS) as usize;
    let records: Vec<Located<UnitRecord>> = ledger
        .list(&[Filter::record_lot(lot), Filter::record_block(&block)])
        .await?;
    let Some(record) = records
        .into_iter()
        .find(|record| record.gone_at[place] != 0)
    else {
        return Ok(None);
    };
    let by = record.site();
    let site: Option<Located<Partner>> = ledger.find(&address::partner(by)).await?;
    Ok(Some(Dispensed {
        by,
        site: site.map(|site| site.account),
        at: i64::from(record.gone_at[place]),
    }))
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn a_unit_leaves_the_chain_alone_or_with_its_consignment() {
        let held = Consignment {
            custodian: 9_506_000_000_015,
            ..Consignment::zeroed()
        };
        let stolen = Consignment {
            status: ConsignmentStatus::Stolen,
            ..held
        };
        let unit = |disposition, consignment: Option<Consignment>| RecordedUnit {
            index: 7,
            disposition,
            consignment: consignment.map(|one| Located::new(Pubkey::new_unique(), one)),
            dispensed: None,
        };
        assert!(unit(None, Some(held)).is_active());
        assert!(unit(Some(Disposition::Active), Some(held)).is_active());
        for gone in [
            unit(Some(Disposition::Damaged), Some(held)),
            unit(Some(Disposition::Active), Some(stolen)),
            unit(Some(Disposition::Active), None),
            unit(None, None),
        ] {
            assert!(!gone.is_active(), "{gone:?}");
        }
        assert!(matches!(
            unit(Some(Disposition::Damaged), Some(held)).fate(),
            Fate::Alone { disposition: Disposition::Damaged, at } if at.number() == held.custodian
        ));
        assert!(matches!(
            unit(None, Some(stolen)).fate(),
            Fate::WithConsignment(ConsignmentStatus::Stolen)
        ));
        let mut dispensed = unit(Some(Disposition::Dispensed), Some(held));
        dispensed.dispensed = Some(Dispensed {
            by: Gln::from_account(held.custodian),
            site: None,
            at: 5,
        });
        assert!(matches!(dispensed.fate(), Fate::Dispensed(it) if it.at == 5));
    }
}
