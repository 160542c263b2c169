//! Keys from seed phrases (BIP 39), derived as Solana's tools and wallets derive them.

use anyhow::{Context as _, Result, anyhow};
use bip39::Mnemonic;
use dialoguer::Password;
use solana_derivation_path::DerivationPath;
use solana_keypair::{
    Keypair, keypair_from_seed, seed_derivable::keypair_from_seed_and_derivation_path,
};
use solana_signer::Signer as _;

/// Asks for a seed phrase and its passphrase at the terminal, and shows the address of the key, by which a
/// mistyped passphrase is noticed.
pub fn ask(path: Option<&DerivationPath>) -> Result<Keypair> {
    let ask = |prompt: &str| {
        let entered = Password::new()
            .with_prompt(prompt)
            .allow_empty_password(true)
            .interact();
        entered.context("a seed phrase is asked for at a terminal, and there is none")
    };
    let phrase = ask("Seed phrase")?;
    let mnemonic = read(&phrase)?;
    let passphrase = ask("Passphrase, if it has one")?;
    let keypair = derive(&mnemonic, &passphrase, path)?;
    anstream::eprintln!("The key is {}.", keypair.pubkey());
    Ok(keypair)
}

/// Reads a phrase in any of BIP 39's languages, and checks its checksum.
fn read(phrase: &str) -> Result<Mnemonic> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    Mnemonic::parse(words.join(" "))
        .map_err(|error| anyhow!("this is not a seed phrase ({error}): look for a typing error"))
}

/// The key of a phrase at `path`; without one, as `solana-keygen new` makes it.
fn derive(mnemonic: &Mnemonic, passphrase: &str, path: Option<&DerivationPath>) -> Result<Keypair> {
    let seed = mnemonic.to_seed(passphrase);
    let keypair = match path {
        Some(path) => keypair_from_seed_and_derivation_path(&seed, Some(path.clone())),
        None => keypair_from_seed(&seed),
    };
    keypair.map_err(|error| anyhow!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                          abandon about";

    #[test]
    fn keys_are_those_of_other_wallets() {
        let address = |passphrase: &str, path: Option<&str>| {
            let path = path.map(|path| DerivationPath::from_key_str(path).unwrap());
            let mnemonic = read(&format!("  {PHRASE}\n")).unwrap();
            let keypair = derive(&mnemonic, passphrase, path.as_ref()).unwrap();
            keypair.pubkey().to_string()
        };
        assert_eq!(
            address("", Some("0/0")),
            "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk"
        );
        assert_ne!(address("", None), address("", Some("0/0")));
        assert_ne!(address("salt", Some("0/0")), address("", Some("0/0")));
    }

    #[test]
    fn typing_errors_are_noticed() {
        for phrase in [
            "",
            "abandon about",
            &PHRASE.replace("about", "above"),
            &PHRASE.replace("about", "abuot"),
        ] {
            let error = read(phrase).unwrap_err().to_string();
            assert!(error.contains("typing error"), "{phrase}: {error}");
        }
    }
}
