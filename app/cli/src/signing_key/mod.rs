//! The keys that commands sign with, and those that sign elsewhere, named as Solana's tools name them.

#[cfg(feature = "hardware-wallets")]
mod hardware_wallet;
#[cfg(feature = "key-services")]
mod key_service;
mod seed_phrase;

use std::{fmt, io::stdin, path::PathBuf, str::FromStr};

use anyhow::{Context as _, Result, anyhow, bail};
use solana_derivation_path::DerivationPath;
use solana_keypair::{read_keypair, read_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In a keypair file, as `solana-keygen` writes it.
    File(PathBuf),
    /// On standard input, in the form of such a file.
    Stdin,
    /// In a seed phrase that somebody types, from which the key at this path is derived; without a path, as
    /// `solana-keygen new` derives it.
    SeedPhrase(Option<DerivationPath>),
    /// In a hardware wallet, named by its URI.
    HardwareWallet(String),
    /// In a key service, named by a URI.
    KeyService(String),
    /// Elsewhere: only its address is known here, and it signs later.
    Address(Pubkey),
}

impl FromStr for KeySource {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        // A path has no scheme, or a scheme that is not one of these.
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        Ok(match scheme.to_ascii_lowercase().as_str() {
            "" if text == "-" => Self::Stdin,
            "stdin" => Self::Stdin,
            "" if text == "ASK" => Self::SeedPhrase(None),
            "prompt" => Self::SeedPhrase(Some(derivation(rest.trim_start_matches('/'))?)),
            "file" => Self::File(rest.strip_prefix("//").unwrap_or(rest).into()),
            "usb" => Self::HardwareWallet(text.to_owned()),
            "aws-kms" | "vault" => Self::KeyService(text.to_owned()),
            _ if rest.starts_with("//") => bail!(
                "{text:?} is not a place for a key: give a keypair file, an address, prompt://, stdin:, \
                 usb://ledger, aws-kms:// or vault://"
            ),
            _ => Self::File(text.into()),
        })
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("stdin:"),
            Self::SeedPhrase(None) => f.write_str("ASK"),
            Self::SeedPhrase(Some(path)) => write!(f, "prompt://{}", path.get_query()),
            Self::HardwareWallet(uri) | Self::KeyService(uri) => f.write_str(uri),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// The path in the query of `prompt://?key=0/0` or `prompt://?full-path=m/44'/501'`; without one, Solana's
/// first.
fn derivation(query: &str) -> Result<DerivationPath> {
    let path = match query
        .strip_prefix('?')
        .and_then(|query| query.split_once('='))
    {
        None if query.is_empty() => return Ok(DerivationPath::default()),
        Some(("key", path)) => DerivationPath::from_key_str(path),
        Some(("full-path", path)) => DerivationPath::from_absolute_path_str(path),
        _ => bail!(
            "{query:?} is not a path to a key: write it as ?key=0/0 or ?full-path=m/44'/501'/0'/0'"
        ),
    };
    path.map_err(|error| anyhow!("{error}"))
}

impl KeySource {
    /// Reads the key; a seed phrase is asked for at the terminal.
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
            Self::Stdin => {
                let keypair = read_keypair(&mut stdin().lock()).map_err(|error| {
                    anyhow!(
                        "standard input has no keypair ({error}): write the contents of one keypair file to it"
                    )
                })?;
                Ok(Key::here(keypair))
            }
            Self::SeedPhrase(path) => {
                let keypair = seed_phrase::ask(path.as_ref()).context("there is no key")?;
                Ok(Key::here(keypair))
            }
            Self::HardwareWallet(uri) => hardware_wallet(uri),
            Self::KeyService(uri) => key_service(uri),
        }
    }
}

#[cfg(feature = "hardware-wallets")]
fn hardware_wallet(uri: &str) -> Result<Key> {
    Ok(Key::here(hardware_wallet::open(uri)?))
}

#[cfg(not(feature = "hardware-wallets"))]
fn hardware_wallet(uri: &str) -> Result<Key> {
    bail!("{uri} is a hardware wallet: build `pedigree` with --features hardware-wallets")
}

#[cfg(feature = "key-services")]
fn key_service(uri: &str) -> Result<Key> {
    Ok(Key::here(key_service::open(uri)?))
}

#[cfg(not(feature = "key-services"))]
fn key_service(uri: &str) -> Result<Key> {
    bail!("{uri} is a key service: build `pedigree` with --features key-services")
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
    fn keys_are_named_as_solanas_tools_name_them() {
        let address = Pubkey::new_unique();
        let path = |path| Some(DerivationPath::from_key_str(path).unwrap());
        let file = |file: &str| KeySource::File(file.into());
        for (text, expected) in [
            (address.to_string().as_str(), KeySource::Address(address)),
            ("key.json", file("key.json")),
            ("./key", file("./key")),
            ("/tmp/a:b", file("/tmp/a:b")),
            ("file:/tmp/key.json", file("/tmp/key.json")),
            ("file:///tmp/key.json", file("/tmp/key.json")),
            ("-", KeySource::Stdin),
            ("stdin:", KeySource::Stdin),
            ("ASK", KeySource::SeedPhrase(None)),
            (
                "prompt:",
                KeySource::SeedPhrase(Some(DerivationPath::default())),
            ),
            (
                "prompt://",
                KeySource::SeedPhrase(Some(DerivationPath::default())),
            ),
            ("prompt://?key=0/0", KeySource::SeedPhrase(path("0/0"))),
            ("prompt:?key=7", KeySource::SeedPhrase(path("7"))),
            (
                "prompt://?full-path=m/44'/501'/7'",
                KeySource::SeedPhrase(path("7")),
            ),
            (
                "usb://ledger?key=0",
                KeySource::HardwareWallet("usb://ledger?key=0".to_owned()),
            ),
            (
                "vault://pharmacy?address=x",
                KeySource::KeyService("vault://pharmacy?address=x".to_owned()),
            ),
        ] {
            let source: KeySource = text.parse().unwrap();
            assert_eq!(source, expected, "{text}");
            assert_eq!(source.to_string().parse::<KeySource>().unwrap(), expected);
        }
        for (text, reason) in [
            ("https://keys.example", "is not a place for a key"),
            ("prompt://?key=0/0/0", "too deep"),
            ("prompt://?path=0", "is not a path to a key"),
            ("prompt://key", "is not a path to a key"),
        ] {
            let error = text.parse::<KeySource>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
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
