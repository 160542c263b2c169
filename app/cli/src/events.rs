//! What happens to consignments, in words.

use pedigree_client::{
    custody::{Change, ExceptionCode, UnitBlock},
    trace::{Event, Suspicion},
};

/// An event's name, and its details.
pub fn describe(event: &Event) -> (&'static str, Option<String>) {
    match event {
        Event::Minted { quantity, .. } => ("minted", Some(format!("{quantity} units"))),
        Event::Offered { terms, .. } => ("offered", Some(terms.kind.to_string())),
        Event::Accepted { discrepancy, .. } => ("accepted", discrepancy.as_ref().map(suspicion)),
        Event::Rejected { exception, .. } => ("rejected", Some(exception.to_string())),
        Event::Cancelled { .. } => ("cancelled", None),
        Event::Expired => ("expired", None),
        Event::HandedOver { terms, .. } => ("handed over", Some(terms.kind.to_string())),
        Event::Split {
            child, quantity, ..
        } => ("split", Some(format!("{quantity} units to {child}"))),
        Event::Merged { neighbour, .. } => ("merged", Some(format!("{neighbour} into it"))),
        Event::Packed {
            sscc: Some(sscc), ..
        } => ("packed", Some(sscc.to_string())),
        Event::Packed { sscc: None, .. } => ("unpacked", None),
        Event::Quarantined { .. } => ("quarantined", None),
        Event::Released { restrictions, .. } => {
            let lifted = restrictions
                .iter_names()
                .map(|(name, _)| name.to_lowercase());
            let lifted = lifted.collect::<Vec<_>>().join(", ");
            ("released", Some(format!("no longer {lifted}")))
        }
        Event::Sold { .. } => ("sold", Some("title only".to_owned())),
        Event::TitleReturned { .. } => ("title given up", None),
        Event::ReturnVerified { .. } => ("return verified", None),
        Event::Withdrawn { kind, .. } => (
            match *kind {
                Change::Destruction => "destroyed",
                Change::Sampling => "sampled",
                Change::Theft => "stolen",
                _ => "exported",
            },
            None,
        ),
        Event::UnitsGone {
            block, disposition, ..
        } => (disposition.name().unwrap_or("gone"), Some(units(block))),
        Event::DispenseUndone { block, .. } => ("dispense undone", Some(units(block))),
        Event::WithdrawalUndone { .. } => ("withdrawal undone", None),
        Event::DecommissionUndone { block, .. } => ("decommission undone", Some(units(block))),
        Event::UnitsRestored { block, .. } => ("cleared", Some(units(block))),
        Event::Recovered { .. } => ("recovered", None),
        Event::CaseOpened { suspicion: on, .. } => ("case opened", Some(suspicion(on))),
        Event::CaseResolved { condemned, .. } => (
            "case resolved",
            Some(if *condemned { "condemned" } else { "cleared" }.to_owned()),
        ),
    }
}

fn units(block: &UnitBlock) -> String {
    let mut units = block.units();
    match (block.units.count_ones(), units.next()) {
        (1, Some(unit)) => format!("unit {unit}"),
        (several, Some(first)) => format!("{several} units from unit {first}"),
        _ => "no unit".to_owned(),
    }
}

fn suspicion(suspicion: &Suspicion) -> String {
    let units = suspicion.units;
    match suspicion.exception {
        ExceptionCode::None => format!("{units} units suspect"),
        exception => format!("{exception}, {units} units"),
    }
}

/// The hash of the document behind an event.
pub fn document_hash(event: &Event) -> Option<&[u8; 32]> {
    match event {
        Event::Minted { manifest_hash, .. } => Some(manifest_hash),
        Event::Offered { terms, .. } | Event::HandedOver { terms, .. } => {
            Some(&terms.document_hash)
        }
        Event::Sold { document_hash, .. }
        | Event::TitleReturned { document_hash, .. }
        | Event::Withdrawn { document_hash, .. }
        | Event::Quarantined { document_hash, .. }
        | Event::Released { document_hash, .. }
        | Event::ReturnVerified { document_hash, .. }
        | Event::Recovered { document_hash, .. }
        | Event::UnitsGone { document_hash, .. }
        | Event::UnitsRestored { document_hash, .. }
        | Event::CaseResolved { document_hash, .. } => Some(document_hash),
        Event::CaseOpened { suspicion, .. } => Some(&suspicion.document_hash),
        _ => None,
    }
}
