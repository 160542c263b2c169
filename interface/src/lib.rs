//! What a program that talks to Pedigree needs before it opens a connection.

mod located;

pub use located::Located;
