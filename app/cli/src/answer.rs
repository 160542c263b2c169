//! What a command found.

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done, or yes: 0.
    Yes,
    /// The answer is no: 1.
    No,
}

impl From<bool> for Answer {
    fn from(is_yes: bool) -> Self {
        match is_yes {
            true => Self::Yes,
            false => Self::No,
        }
    }
}
