//! The keys that commands sign with, and those that sign elsewhere, as Solana's tools name them.

use std::{fmt, path::PathBuf, str::FromStr};

use anyhow::{Result, anyhow, bail};
use solana_keypair::read_keypair_file;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In a keypair file, as `solana-keygen` writes it.
    File(PathBuf),
    /// Elsewhere: only its address is known here, and it signs later.
    Address(Pubkey),
}

impl FromStr for KeySource {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.parse() {
            Ok(address) => Self::Address(address),
            Err(_) => Self::File(text.into()),
        })
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl KeySource {
    /// Reads the key.
    pub fn load(&self) -> Result<Key> {
        match self {
            Self::Address(address) => Ok(Key::elsewhere(*address)),
            Self::File(path) if !path.exists() => bail!(
                "there is no keypair file {}: pass --keypair, or make one with `pedigree key new {0}`",
                path.display()
            ),
            Self::File(path) => {
                let keypair = read_keypair_file(path).map_err(|error| {
                    anyhow!(
                        "{} is not a keypair file ({error}): it holds one JSON array of 64 numbers, as \
                         `pedigree key new` and `solana-keygen new` write it",
                        path.display()
                    )
                })?;
                Ok(Key::here(keypair))
            }
        }
    }
}

/// A key that signs here, or whose signature is added elsewhere.
pub struct Key {
    address: Pubkey,
    signer: Option<Box<dyn Signer>>,
}

impl Key {
    fn here(signer: impl Signer + 'static) -> Self {
        Self {
            address: signer.pubkey(),
            signer: Some(Box::new(signer)),
        }
    }

    /// A key of which only the address is known here.
    pub const fn elsewhere(address: Pubkey) -> Self {
        Self {
            address,
            signer: None,
        }
    }

    /// Its address.
    pub const fn address(&self) -> Pubkey {
        self.address
    }

    /// What signs with it, if that is here.
    pub fn signer(&self) -> Option<&dyn Signer> {
        self.signer.as_deref()
    }

    /// What signs with it here.
    pub fn need_signer(&self) -> Result<&dyn Signer> {
        self.signer().ok_or_else(|| {
            anyhow!(
                "{} has to sign, and only its address is known here: pass its keypair, or pass --sign-only \
                 and have it signed elsewhere with `pedigree cosign`",
                self.address
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_a_file() {
        let address = Pubkey::new_unique();
        for (text, expected) in [
            (address.to_string(), KeySource::Address(address)),
            ("key.json".to_owned(), KeySource::File("key.json".into())),
            ("./key".to_owned(), KeySource::File("./key".into())),
        ] {
            assert_eq!(text.parse(), Ok(expected.clone()));
            assert_eq!(expected.to_string(), text);
        }
    }

    #[test]
    fn an_address_alone_does_not_sign() {
        let address = Pubkey::new_unique();
        let key = KeySource::Address(address).load().unwrap();
        assert_eq!(key.address(), address);
        let error = key.need_signer().err().unwrap().to_string();
        assert!(error.contains("--sign-only"), "{error}");
    }
}
