//! `pedigree serve`

use std::{
    net::{IpAddr, SocketAddr},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pedigree_client::{Ledger, identifier::Gln};
use pedigree_manifest::Manifests;
use pedigree_serve::{Limits, Responder, TrustedProxy, serve};
use serde::Serialize;
use tokio::{net::TcpListener, task::spawn_blocking};

use crate::{
    answer::Answer,
    context::Context,
    interruption::interrupted,
    output::{Report, fields},
};

/// Answer a verification router's questions about packs, over HTTP.
///
/// `GET /verify/gtin/GTIN/lot/LOT/ser/SERIAL?exp=YYMMDD&context=dscsaSaleableReturn`, as in GS1's
/// messaging standard for product verification; `/openapi.json` describes the service. Runs until Ctrl-C
/// or a request to terminate, and finishes the requests in flight.
#[derive(Args)]
pub struct Serve {
    /// GLN of the site that answers
    #[arg(long)]
    site: Gln,
    /// The folder with the manifests of the lots that it answers for
    #[arg(long, value_name = "FOLDER")]
    manifests: PathBuf,
    /// Address to listen on; put a proxy that encrypts and authenticates in front of it
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Requests per second that are accepted from one address
    #[arg(long, default_value = "100", value_name = "N")]
    per_second: NonZeroU32,
    /// A proxy in front, or a network of proxies, whose headers about the requester's address are trusted;
    /// may be repeated
    ///
    /// Only from these `X-Forwarded-For` or `Forwarded` is trusted: the rightmost address in it that is
    /// not a trusted proxy's counts as the requester's. A proxy has to write one of the two headers; if
    /// both are present and differ, neither is trusted.
    #[arg(long, value_name = "ADDR/CIDR")]
    trusted_proxy: Vec<TrustedProxy>,
    /// Maximum number of open connections; further ones wait until one is closed
    #[arg(long, default_value = "512", value_name = "N")]
    max_connections: NonZeroUsize,
    /// How long a client may take to send a request, or read nothing of an answer, before its connection
    /// is closed
    #[arg(long, default_value = "10s", value_name = "TIME")]
    client_patience: humantime::Duration,
    /// How long the ledger may take to answer
    #[arg(long, default_value = "5s", value_name = "TIME")]
    patience: humantime::Duration,
}

impl Serve {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let folder = self.manifests.clone();
        let manifests = spawn_blocking(move || Manifests::in_folder(folder)).await?;
        let manifests = manifests.with_context(|| {
            let folder = self.manifests.display();
            format!("the manifests in {folder} cannot be used")
        })?;
        ensure!(
            manifests.lots() > 0,
            "there is no manifest in {}: name the folder of the manifests that `pedigree lot mint` wrote",
            self.manifests.display()
        );
        let listener = TcpListener::bind(SocketAddr::new(self.bind, self.port))
            .await
            .with_context(|| format!("cannot listen on {}:{}", self.bind, self.port))?;
        context.print_line(&Running {
            url: format!("http://{}", listener.local_addr()?),
            site: self.site,
            lots: manifests.lots(),
        });
        let rpc = context.ledger.rpc();
        let responder = Responder {
            gln: self.site,
            ledger: Ledger::new(rpc.url(), rpc.commitment()),
            manifests: Arc::new(manifests),
            patience: Duration::from(self.patience),
        };
        let limits = Limits {
            per_second: self.per_second,
            connections: self.max_connections,
            client_patience: self.client_patience.into(),
            trusted_proxies: self.trusted_proxy.into_iter().collect(),
        };
        let stop = async {
            if let Err(error) = interrupted().await {
                anstream::eprintln!("stopping, because signals cannot be received: {error:#}");
            }
        };
        serve(listener, responder, &limits, stop).await;
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct Running {
    url: String,
    site: Gln,
    lots: usize,
}

impl Report for Running {
    fn text(&self) -> String {
        format!(
            "{}\nThe service runs until Ctrl-C.",
            fields([
                ("Verification", self.url.clone()),
                ("Site", self.site.to_string()),
                ("Lots", self.lots.to_string()),
            ])
        )
    }
}
