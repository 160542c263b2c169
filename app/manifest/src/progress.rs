//! How long work tells how far it is, and learns that it should stop.

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Hashing the units and building the tree.
    Hashing,
    /// Writing units into the file.
    Writing,
    /// Reading units from the file.
    Reading,
    /// Sorting the serials, so that one is found among all.
    Indexing,
}

/// How far a [`Stage`] is, in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    pub done: u32,
    pub total: u32,
}

/// Units between two reports.
pub(crate) const STEP: u32 = 8_192;
