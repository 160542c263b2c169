//! Keys in key services, by the Solana Foundation's client for them. The signature that a service returns is
//! checked like any other before it is used.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use pedigree_client::transaction_request::Link;
use solana_keychain::{AwsKmsSigner, SolanaSigner, VaultSigner, vault::reqwest};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};
use tokio::{runtime::Handle, task::block_in_place};

/// How long Vault may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A key in a key service.
pub struct ServiceKey {
    address: Pubkey,
    service: Box<dyn SolanaSigner>,
}

/// Opens the key that a URI names: `aws-kms://KEY?address=PUBKEY&region=REGION`, with AWS's usual
/// credentials, or `vault://KEY?address=PUBKEY`, with Vault's environment variables.
pub fn open(uri: &str) -> Result<ServiceKey> {
    let named = Named::read(uri)?;
    let (key, address) = (named.key.to_owned(), named.address.to_string());
    let failed = |error| anyhow!("{uri} cannot be used: {error}");
    let service: Box<dyn SolanaSigner> = match named.scheme {
        "aws-kms" => {
            let region = named.region.map(str::to_owned);
            let opening = AwsKmsSigner::new(key, address, region);
            Box::new(wait(opening).map_err(failed)?)
        }
        _ => {
            let variable = |name: &str| {
                std::env::var(name).with_context(|| format!("{name} has to be set for {uri}"))
            };
            let (host, token) = (variable("VAULT_ADDR")?, variable("VAULT_TOKEN")?);
            // The token goes there: encrypted, or no farther than to this machine.
            let place = host.parse().context("VAULT_ADDR is not a URL")?;
            Link::to(place).context("VAULT_ADDR cannot be used")?;
            let http = reqwest::Client::builder().timeout(PATIENCE);
            let vault = VaultSigner::with_client_builder(http, host, token, key, address);
            Box::new(vault.map_err(failed)?)
        }
    };
    Ok(ServiceKey {
        address: named.address,
        service,
    })
}

/// What a URI names.
#[derive(Debug, PartialEq, Eq)]
struct Named<'a> {
    scheme: &'a str,
    key: &'a str,
    address: Pubkey,
    region: Option<&'a str>,
}

impl<'a> Named<'a> {
    fn read(uri: &'a str) -> Result<Self> {
        let form = || format!("{uri:?} names no key: write it as aws-kms://KEY?address=PUBKEY");
        let (scheme, rest) = uri.split_once("://").with_context(form)?;
        let (key, query) = rest.split_once('?').with_context(form)?;
        let (mut address, mut region) = (None, None);
        for pair in query.split('&') {
            match pair.split_once('=').with_context(form)? {
                ("address", text) => address = Some(text.parse().ok().with_context(form)?),
                ("region", text) if scheme == "aws-kms" => region = Some(text),
                (other, _) => {
                    bail!("{uri} has no {other:?}: it has an address, and in AWS a region")
                }
            }
        }
        Ok(Self {
            scheme,
            key: Some(key).filter(|key| !key.is_empty()).with_context(form)?,
            address: address.with_context(form)?,
            region,
        })
    }
}

impl Signer for ServiceKey {
    fn try_pubkey(&self) -> Result<Pubkey, SignerError> {
        Ok(self.address)
    }

    fn try_sign_message(&self, message: &[u8]) -> Result<Signature, SignerError> {
        let signing = self.service.sign_message(message);
        let signature = wait(signing).map_err(|error| SignerError::Custom(error.to_string()))?;
        // The client has a `Signature` of an older release.
        Signature::try_from(signature.as_ref())
            .map_err(|_| SignerError::Custom("the service returned no signature".to_owned()))
    }

    fn is_interactive(&self) -> bool {
        false
    }
}

/// Waits for a service on the runtime that runs the command.
fn wait<T>(answer: impl Future<Output = T>) -> T {
    block_in_place(|| Handle::current().block_on(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_with_its_address() {
        let address = Pubkey::new_unique();
        let arn = "arn:aws:kms:eu-central-1:1:key/7";
        let uri = format!("aws-kms://{arn}?address={address}&region=eu-central-1");
        let expected = Named {
            scheme: "aws-kms",
            key: arn,
            address,
            region: Some("eu-central-1"),
        };
        assert_eq!(Named::read(&uri).unwrap(), expected);
        for uri in [
            "aws-kms://key".to_owned(),
            "aws-kms://key?region=x".to_owned(),
            format!("aws-kms://?address={address}"),
            format!("vault://key?address={address}&region=x"),
            "vault://key?address=x".to_owned(),
        ] {
            assert!(Named::read(&uri).is_err(), "{uri}");
        }
    }
}
