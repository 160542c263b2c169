//! Empty: this package's dependencies are its purpose, see its Cargo.toml.
