//! How long work reports its progress.

/// A step of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Hashing the units and building the tree.
    Hashing,
    /// Writing units to the file.
    Writing,
    /// Reading units from the file.
    Reading,
    /// Sorting the serial numbers for the index.
    Indexing,
}

/// The progress of a [`Stage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// The number of units done.
    pub done: u32,
    /// The number of units to do.
    pub total: u32,
}

/// The number of units between two reports.
pub(crate) const STEP: u32 = 8_192;
