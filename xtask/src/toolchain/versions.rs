//! What a compiled program's bytes depend on beside its source.

use std::fmt;

/// The exact versions of a toolchain's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Such as `rustc-web 1.96.0+dfsg1-1~deb12u2`.
    pub compiler: String,
    /// Such as `sbpf-linker 0.2.6 on libllvm23 1:23.1.0-1`.
    pub linker: String,
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.compiler, self.linker)
    }
}
