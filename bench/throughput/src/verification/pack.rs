//! A pack whose verification is measured.

/// A pack of one of the lots, as its label has it.
#[derive(Clone, Debug)]
pub struct Pack {
    pub gtin: u64,
    pub lot_number: String,
    pub serial: String,
}
