//! `pedigree handoff --request`: the handoff waits for the receiver, who fetches it from a link.

use std::{
    net::{IpAddr, SocketAddr},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    pin::pin,
    time::Duration,
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use pedigree_client::{
    Error, Located,
    custody::Consignment,
    handoff_request::{Answer as Offer, HandoffRequest, RequestTerms, SenderKeys},
    transaction_request::Link,
};
use pedigree_scan::qr_code::QrCode;
use pedigree_serve::{
    Decline, Limits, Question, Reply, Tls, TransactionRequest, TrustedProxies, serve_request,
};
use serde::Serialize;
use solana_pubkey::Pubkey;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    time::{Instant, interval, sleep_until},
};

use crate::{
    answer::Answer,
    context::{Context, Mode},
    interruption::interrupted,
    names::SiteNames,
    output::{Report, fields, rows},
    prompt::ask,
};

/// How often the ledger is asked how far the handoff has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the receiver is answered after everything was handed over: that nothing is left.
const LINGER: Duration = Duration::from_secs(10);
/// What clients may do: a receiver asks once for each transaction.
const LIMITS: Limits = Limits {
    per_second: NonZeroU32::new(10).expect("not zero"),
    connections: NonZeroUsize::new(64).expect("not zero"),
    client_patience: Duration::from_secs(10),
    trusted_proxies: TrustedProxies::none(),
};
/// Pixels of a module in PNG files.
const PIXELS: u32 = 8;

/// Where the receiver fetches the handoff.
#[derive(Args)]
#[command(next_help_heading = "At the dock")]
pub struct RequestOptions {
    /// Show a link, also as a QR Code, from which the receiver fetches the handoff with `cosign` or a wallet
    /// that speaks Solana Pay, and wait until it has been submitted
    #[arg(long, conflicts_with = "to_keypair")]
    request: bool,
    /// Address to listen on; other machines are answered encrypted only
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1",
        requires = "request"
    )]
    bind: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "request")]
    port: u16,
    /// Certificate and private key in PEM files
    #[arg(
        long,
        num_args = 2,
        value_names = ["CERTIFICATE", "KEY"],
        requires = "request"
    )]
    tls: Vec<PathBuf>,
    /// Host in the link, perhaps with a port, as its certificate names it; without --tls a proxy in front
    /// encrypts [default: the address that it listens on]
    #[arg(long, value_name = "HOST", requires = "request")]
    host: Option<String>,
    /// Write the QR Code to this PNG file as well
    #[arg(long, value_name = "FILE", requires = "request")]
    qr: Option<PathBuf>,
    /// How long to wait for the receiver
    #[arg(long, value_name = "TIME", default_value = "15m", requires = "request")]
    within: humantime::Duration,
}

impl RequestOptions {
    /// Whether the handoff is to wait for the receiver.
    pub const fn is_asked_for(&self) -> bool {
        self.request
    }

    /// Waits until the receiver has fetched and submitted everything, or for as long as `--within` says.
    pub async fn run(
        &self,
        context: &Context,
        consignments: Vec<Located<Consignment>>,
        terms: RequestTerms,
    ) -> Result<Answer> {
        ensure!(
            context.mode() == Mode::Send && context.nonce()?.is_none(),
            "a handoff by link is made when the receiver asks: leave out --dry-run, --sign-only, --unsigned \
             and --nonce"
        );
        let keys = SenderKeys {
            acting: context.key()?.need_signer()?,
            payer: context.fee_payer()?.need_signer()?,
            priority_fee: context.actor()?.payer.priority_fee,
        };
        let mut request =
            HandoffRequest::prepare(&context.ledger, keys, consignments, terms).await?;
        let purpose = format!(
            "hand {} consignments to whoever signs for {} ({})",
            request.goods().len(),
            terms.to,
            terms.kind
        );
        ask(context, &purpose)?;
        let (listener, tls, description) = self.listen(context, &request).await?;
        let link = Link::to(description.address().parse()?)?.to_string();
        self.show(context, &link, &request)?;

        let (questions, asked) = mpsc::channel(16);
        let (stopping, stopped) = oneshot::channel::<()>();
        let service = tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            serve_request(listener, tls, description, questions, &LIMITS, stop).await;
        });
        let ended = self
            .answer_until_done(&mut request, asked, context.is_for_people())
            .await;
        drop(stopping);
        service.await?;
        ended?;

        let left = request.left().await?;
        let outcome = HandedOver {
            consignments: request.goods().len() - left,
            left,
            signatures: request
                .processed()
                .await?
                .iter()
                .map(ToString::to_string)
                .collect(),
        };
        context.print_line(&outcome);
        Ok((outcome.left == 0).into())
    }

    /// Listens, and says under which address.
    async fn listen(
        &self,
        context: &Context,
        request: &HandoffRequest<'_>,
    ) -> Result<(TcpListener, Option<Tls>, TransactionRequest)> {
        let tls = match self.tls.as_slice() {
            [certificate, key] => Some(Tls::from_pem_files(certificate, key)?),
            _ => None,
        };
        ensure!(
            tls.is_some() || self.bind.is_loopback(),
            "other machines are answered encrypted only: pass a certificate with --tls, or listen on 127.0.0.1 \
             behind a proxy that encrypts, and name it with --host"
        );
        let listener = TcpListener::bind(SocketAddr::new(self.bind, self.port))
            .await
            .with_context(|| format!("cannot listen on {}:{}", self.bind, self.port))?;
        let port = listener.local_addr()?.port();
        let origin = match (&self.host, &tls) {
            (Some(host), Some(_)) if !host.contains(':') => format!("https://{host}:{port}"),
            (Some(host), _) => format!("https://{host}"),
            (None, Some(_)) => format!("https://{}", SocketAddr::new(self.bind, port)),
            (None, None) => format!("http://{}", SocketAddr::new(self.bind, port)),
        };
        let from = request.from();
        let description = TransactionRequest {
            label: SiteNames::read(&context.ledger, [from]).await?.of(from),
            origin,
            path: format!("/handoff/{}", token()?),
        };
        Ok((listener, tls, description))
    }

    /// Shows the link.
    fn show(&self, context: &Context, link: &str, request: &HandoffRequest<'_>) -> Result<()> {
        let code = QrCode::new(link)?;
        if let Some(file) = &self.qr {
            code.write(file, PIXELS)?;
        }
        let units = request.goods().iter();
        context.print_line(&Waiting {
            link: link.to_owned(),
            consignments: request.goods().len(),
            units: units.map(|item| u64::from(item.consignment.quantity)).sum(),
            qr_code: code.to_text(),
        });
        Ok(())
    }

    /// Answers the receiver's questions until nothing is left, and for a while after that.
    async fn answer_until_done(
        &self,
        request: &mut HandoffRequest<'_>,
        mut asked: mpsc::Receiver<Question>,
        is_for_people: bool,
    ) -> Result<()> {
        let mut look = interval(LOOK_EVERY);
        let mut end = Instant::now() + Duration::from_secs(self.within.as_secs());
        let mut is_done = false;
        let mut interrupted = pin!(interrupted());
        loop {
            tokio::select! {
                question = asked.recv() => {
                    let Some(Question { account, answer }) = question else {
                        bail!("the service that answers the receiver has ended: hand over again");
                    };
                    let reply = reply(request, account, is_for_people).await;
                    let knows_it_is_done = reply == Reply::Done;
                    // Who asked may have left meanwhile.
                    let _ = answer.send(reply);
                    if knows_it_is_done {
                        return Ok(());
                    }
                }
                _ = look.tick(), if !is_done => match request.left().await {
                    Ok(0) => {
                        is_done = true;
                        end = Instant::now() + LINGER;
                    }
                    Ok(_) | Err(Error::Unreachable { .. } | Error::Rpc(_)) => {}
                    Err(error) => return Err(error.into()),
                },
                () = sleep_until(end) => return Ok(()),
                stop = &mut interrupted => return stop,
            }
        }
    }
}

/// The answer to a receiver that asks. It says nothing of the sender's own machines.
async fn reply(request: &mut HandoffRequest<'_>, account: Pubkey, is_for_people: bool) -> Reply {
    let error = match request.answer(account).await {
        Ok(Offer::Done) => return Reply::Done,
        Ok(Offer::Sign {
            transaction,
            message,
        }) => {
            let transaction = transaction.to_base64();
            return Reply::Transaction {
                transaction,
                message,
            };
        }
        Err(error) => error,
    };
    if is_for_people {
        anstream::eprintln!("{account} asked and got nothing: {error}");
    }
    let (reason, message) = match error {
        Error::NotSitesKey { .. } => (Decline::NotForThisKey, error.to_string()),
        Error::AskedTooOften(_) => (Decline::TooOften, error.to_string()),
        Error::Refused(_) | Error::ChangedSince(_) => (Decline::Conflict, error.to_string()),
        _ => (
            Decline::Unavailable,
            "the sender's ledger does not answer: ask again".to_owned(),
        ),
    };
    Reply::Declined { reason, message }
}

/// A name that nobody can guess.
fn token() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system has no random numbers")?;
    Ok(bs58::encode(bytes).into_string())
}

#[derive(Serialize)]
struct Waiting {
    link: String,
    consignments: usize,
    units: u64,
    #[serde(skip)]
    qr_code: String,
}

impl Report for Waiting {
    fn text(&self) -> String {
        let style = Style::new()
            .fg_color(Some(AnsiColor::Black.into()))
            .bg_color(Some(AnsiColor::BrightWhite.into()));
        let lines = self.qr_code.lines();
        let code: Vec<String> = lines
            .map(|line| format!("{style}{line}{style:#}"))
            .collect();
        format!(
            "{}\n{}\nWaiting for the receiver, until Ctrl-C.",
            code.join("\n"),
            fields([
                ("Link", self.link.clone()),
                ("Consignments", self.consignments.to_string()),
                ("Units", self.units.to_string()),
            ])
        )
    }
}

#[derive(Serialize)]
struct HandedOver {
    /// Consignments that were handed over.
    consignments: usize,
    /// Consignments that were not.
    left: usize,
    signatures: Vec<String>,
}

impl Report for HandedOver {
    fn text(&self) -> String {
        let signatures = self.signatures.iter().map(|signature| [signature.clone()]);
        format!(
            "Handed over: {} consignments; left: {}\n{}",
            self.consignments,
            self.left,
            rows(["Signature"], signatures)
        )
    }
}
