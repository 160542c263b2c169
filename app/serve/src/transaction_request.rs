//! A Solana Pay *transaction request* (specification 1.1), over HTTP: who asks for a signature, and the
//! transaction for the key that asks.
//!
//! The keys are not here. Each question goes through a channel to whoever has them, one at a time, and the
//! answer comes back. The path holds a random token, so that only who saw the link can ask.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::json;
use solana_pubkey::Pubkey;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    limit::{Limits, RateLimit},
    requester::TrustedProxies,
    server::serve_router,
    tls::Tls,
};

/// The greatest length of a question's body, in bytes. A key has at most 44 characters.
const MAX_QUESTION: usize = 1_024;

/// How long a question waits for its turn and its answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// The picture that wallets show: a case with a check mark.
const ICON: &str = include_str!("../icon.svg");

/// What is asked for, and where.
#[derive(Clone, Debug)]
pub struct TransactionRequest {
    /// Who asks, for people.
    pub label: String,
    /// The address under which this is reached from outside, without a path: `https://dock.example:8443`.
    pub origin: String,
    /// The path, which begins with `/`.
    pub path: String,
}

impl TransactionRequest {
    /// The address that the link names.
    pub fn address(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}

/// A question for a transaction, and where its answer goes.
#[derive(Debug)]
pub struct Question {
    /// The key that would sign it.
    pub account: Pubkey,
    /// Takes the answer.
    pub answer: oneshot::Sender<Reply>,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A transaction in base64, and what it does, for people.
    Transaction {
        /// The transaction.
        transaction: String,
        /// What it does.
        message: String,
    },
    /// Nothing is left to be signed.
    Done,
    /// No transaction, and why.
    Declined {
        /// The kind of reason.
        reason: Decline,
        /// The reason, for people.
        message: String,
    },
}

/// Why there is no transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decline {
    /// The key may not sign it.
    NotForThisKey,
    /// It cannot succeed now.
    Conflict,
    /// It was asked for too often.
    TooOften,
    /// The ledger does not answer.
    Unavailable,
}

impl Reply {
    fn status(&self) -> StatusCode {
        match self {
            Self::Transaction { .. } => StatusCode::OK,
            Self::Done => StatusCode::GONE,
            Self::Declined { reason, .. } => match reason {
                Decline::NotForThisKey => StatusCode::FORBIDDEN,
                Decline::Conflict => StatusCode::CONFLICT,
                Decline::TooOften => StatusCode::TOO_MANY_REQUESTS,
                Decline::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }

    fn to_response(&self) -> Response {
        let body = match self {
            Self::Transaction {
                transaction,
                message,
            } => json!({ "transaction": transaction, "message": message }),
            Self::Done => json!({ "message": "everything was handed over" }),
            Self::Declined { message, .. } => json!({ "message": message }),
        };
        answer(self.status(), &body)
    }
}

struct Desk {
    request: TransactionRequest,
    questions: mpsc::Sender<Question>,
    limit: RateLimit,
    trusted_proxies: TrustedProxies,
    client_patience: Duration,
}

/// Answers on `listener` until `stop` completes: who asks, and, through `questions`, the transaction for each
/// key. Without `tls` it is for this machine or for a proxy that encrypts.
pub async fn serve_request(
    listener: TcpListener,
    tls: Option<Tls>,
    request: TransactionRequest,
    questions: mpsc::Sender<Question>,
    limits: &Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let router = request_router(request, questions, limits);
    serve_router(listener, tls, router, limits, stop).await;
}

fn request_router(
    request: TransactionRequest,
    questions: mpsc::Sender<Question>,
    limits: &Limits,
) -> Router {
    let path = request.path.clone();
    let desk = Arc::new(Desk {
        request,
        questions,
        limit: RateLimit::new(limits.per_second),
        trusted_proxies: limits.trusted_proxies.clone(),
        client_patience: limits.client_patience,
    });
    Router::new()
        .route(&path, get(label).post(transaction))
        .route("/icon.svg", get(icon))
        .with_state(desk)
}

async fn label(State(desk): State<Arc<Desk>>) -> Response {
    let TransactionRequest { label, origin, .. } = &desk.request;
    let icon = format!("{origin}/icon.svg");
    answer(StatusCode::OK, &json!({ "label": label, "icon": icon }))
}

async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], ICON)
}

async fn transaction(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let requester = desk.trusted_proxies.requester(peer.ip(), &headers);
    if desk.limit.check(requester).is_err() {
        return decline(
            Decline::TooOften,
            "too many questions: ask again in a second",
        );
    }
    let body = timeout(desk.client_patience, to_bytes(body, MAX_QUESTION)).await;
    let account = body
        .ok()
        .and_then(Result::ok)
        .and_then(|body| read_account(&body));
    let Some(account) = account else {
        let message = json!({ "message": "ask with {\"account\": KEY}, the key in base58" });
        return answer(StatusCode::BAD_REQUEST, &message);
    };
    let reply = timeout(PATIENCE, ask(&desk, account)).await;
    let reply = reply.ok().flatten();
    let status = reply.as_ref().map(|reply| reply.status().as_u16());
    tracing::info!(%account, status, "asked for a transaction");
    match reply {
        Some(reply) => reply.to_response(),
        None => decline(Decline::Unavailable, "there is no answer now: ask again"),
    }
}

/// Has a question answered, in its turn.
async fn ask(desk: &Desk, account: Pubkey) -> Option<Reply> {
    let (sender, receiver) = oneshot::channel();
    let question = Question {
        account,
        answer: sender,
    };
    desk.questions.send(question).await.ok()?;
    receiver.await.ok()
}

/// The key in a question. Further fields may be there.
fn read_account(body: &[u8]) -> Option<Pubkey> {
    #[derive(Deserialize)]
    struct Asked<'a> {
        account: &'a str,
    }
    let asked: Asked = serde_json::from_slice(body).ok()?;
    asked.account.parse().ok()
}

fn decline(reason: Decline, message: &str) -> Response {
    let message = message.to_owned();
    Reply::Declined { reason, message }.to_response()
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (status, headers, Json(body)).into_response()
}
