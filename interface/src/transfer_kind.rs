use std::fmt;

use custody::Change;

/// What a change of custody is for.
///
/// It decides who may receive and whether title passes; `docs/design.md` has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Title passes with the goods: only their owner sells.
    Sale,
    /// The goods go back up the chain; title passes if the sender has it.
    Return,
    /// Only possession passes, to a logistics provider or onwards from it.
    Logistics,
    /// The goods go to be destroyed.
    Disposal,
}

impl TransferKind {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Sale, Self::Return, Self::Logistics, Self::Disposal];
}

impl From<TransferKind> for Change {
    fn from(kind: TransferKind) -> Self {
        match kind {
            TransferKind::Sale => Self::Sale,
            TransferKind::Return => Self::Return,
            TransferKind::Logistics => Self::Logistics,
            TransferKind::Disposal => Self::Disposal,
        }
    }
}

/// A change that is not a transfer to another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATransfer(pub Change);

impl fmt::Display for NotATransfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a transfer to another site", self.0)
    }
}

impl std::error::Error for NotATransfer {}

impl TryFrom<Change> for TransferKind {
    type Error = NotATransfer;

    fn try_from(change: Change) -> Result<Self, NotATransfer> {
        Self::ALL
            .into_iter()
            .find(|&kind| Change::from(kind) == change)
            .ok_or(NotATransfer(change))
    }
}

impl fmt::Display for TransferKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Change::from(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_one_change_and_no_other_change_is_a_kind() {
        let kinds: Vec<TransferKind> = Change::ALL
            .iter()
            .filter_map(|&change| TransferKind::try_from(change).ok())
            .collect();
        assert_eq!(kinds, TransferKind::ALL);
        assert_eq!(TransferKind::Return.to_string(), "return");
        assert!(TransferKind::try_from(Change::from_code(77)).is_err());
    }
}
