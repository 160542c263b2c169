//! Encryption with a certificate of the site's own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject as _},
        },
    },
};

/// A certificate with its key, in PEM files.
#[derive(Clone)]
pub struct Tls(pub(crate) TlsAcceptor);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or holds no certificate or key.
    #[error("{file} holds no {what} in PEM that can be read: {reason}")]
    File {
        /// The file.
        file: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// Certificate and key do not belong together, or are of a kind that is not supported.
    #[error("the certificate cannot be used with the key: {0}")]
    Pair(String),
}

impl Tls {
    /// Reads the certificate, with those that lead to its authority behind it, and its private key.
    ///
    /// # Errors
    ///
    /// [`TlsError`].
    pub fn from_pem_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |file: &Path, what| {
            let file = file.to_owned();
            move |reason: pem::Error| TlsError::File {
                file,
                what,
                reason: reason.to_string(),
            }
        };
        let chain: Vec<CertificateDer> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .map_err(unreadable(certificate, "certificate"))?;
        if chain.is_empty() {
            let nothing = pem::Error::NoItemsFound;
            return Err(unreadable(certificate, "certificate")(nothing));
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key, "key"))?;
        let pair = |error: rustls::Error| TlsError::Pair(error.to_string());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(pair)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(pair)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}
