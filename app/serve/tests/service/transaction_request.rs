//! A transaction request on real sockets: what is asked and answered, slow clients, and a keyholder that is
//! silent.

use std::{net::SocketAddr, path::Path, time::Duration};

use pedigree_serve::{Decline, Limits, Question, Reply, Tls, TransactionRequest, serve_request};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout},
};

use crate::endpoint::limits;

const PATH: &str = "/handoff/secret";
const PATIENCE: Duration = Duration::from_millis(300);

/// A service on a free port that waits for its clients for 300 ms.
struct Desk {
    address: SocketAddr,
    questions: mpsc::Receiver<Question>,
    _stop: oneshot::Sender<()>,
}

impl Desk {
    async fn start(tls: Option<Tls>, per_second: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let (sender, questions) = mpsc::channel(1);
        let request = TransactionRequest {
            label: "Maker".to_owned(),
            origin: "https://dock.example".to_owned(),
            path: PATH.to_owned(),
        };
        assert_eq!(request.address(), "https://dock.example/handoff/secret");
        let limits = Limits {
            client_patience: PATIENCE,
            ..limits(per_second)
        };
        tokio::spawn(async move {
            let stop = async move { stopped.await.unwrap_or_default() };
            serve_request(listener, tls, request, sender, &limits, stop).await;
        });
        Self {
            address,
            questions,
            _stop: stop,
        }
    }

    /// Sends a request as it is, and reads the whole answer.
    async fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut client = TcpStream::connect(self.address).await.expect("connected");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        client.write_all(request.as_bytes()).await.expect("sent");
        answer(&mut client).await
    }
}

async fn answer(client: &mut TcpStream) -> (u16, Value) {
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("text");
    let status = answer.split(' ').nth(1).expect("a status");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let body = serde_json::from_str(body).unwrap_or(Value::Null);
    (status.parse().expect("a number"), body)
}

fn question(account: &Pubkey) -> String {
    json!({ "account": account.to_string(), "later": "fields" }).to_string()
}

#[tokio::test]
async fn each_answer_of_the_keyholder_has_its_status() {
    let mut desk = Desk::start(None, 1_000).await;
    let (status, label) = desk.ask("GET", PATH, "").await;
    let icon = "https://dock.example/icon.svg";
    assert_eq!(
        (status, label),
        (200, json!({ "label": "Maker", "icon": icon }))
    );
    assert_eq!(desk.ask("GET", "/icon.svg", "").await.0, 200);
    assert_eq!(desk.ask("GET", "/handoff/guess", "").await.0, 404);
    assert_eq!(desk.ask("PUT", PATH, "").await.0, 405);

    let declined = |reason| Reply::Declined {
        reason,
        message: "why".to_owned(),
    };
    let transaction = Reply::Transaction {
        transaction: "AQ==".to_owned(),
        message: "10 units".to_owned(),
    };
    for (reply, status, body) in [
        (
            transaction,
            200,
            json!({ "transaction": "AQ==", "message": "10 units" }),
        ),
        (
            Reply::Done,
            410,
            json!({ "message": "everything was handed over" }),
        ),
        (
            declined(Decline::NotForThisKey),
            403,
            json!({ "message": "why" }),
        ),
        (
            declined(Decline::Conflict),
            409,
            json!({ "message": "why" }),
        ),
        (
            declined(Decline::TooOften),
            429,
            json!({ "message": "why" }),
        ),
        (
            declined(Decline::Unavailable),
            503,
            json!({ "message": "why" }),
        ),
    ] {
        let (account, address) = (Pubkey::new_unique(), desk.address);
        let asked = tokio::spawn(async move {
            let mut client = TcpStream::connect(address).await.expect("connected");
            let body = question(&account);
            let request = format!(
                "POST {PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            client.write_all(request.as_bytes()).await.expect("sent");
            answer(&mut client).await
        });
        let question = desk.questions.recv().await.expect("a question");
        assert_eq!(question.account, account);
        question.answer.send(reply).expect("it waits");
        assert_eq!(asked.await.unwrap(), (status, body));
    }
}

#[tokio::test]
async fn what_is_no_question_does_not_reach_the_keyholder() {
    let mut desk = Desk::start(None, 1_000).await;
    let long = format!("{{\"account\":\"{}\"}}", "1".repeat(2_000));
    for body in [
        "",
        "[]",
        "{}",
        r#"{"account":1}"#,
        r#"{"account":"0OIl"}"#,
        &long,
    ] {
        let (status, _) = desk.ask("POST", PATH, body).await;
        assert_eq!(status, 400, "{body}");
    }
    // A body that drips is not waited for.
    let mut client = TcpStream::connect(desk.address).await.expect("connected");
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 60\r\nconnection: close\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await.expect("sent");
    let asked = Instant::now();
    let (mut reader, mut writer) = client.into_split();
    let dripping = tokio::spawn(async move {
        while writer.write_all(b" ").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = Vec::new();
    let _ = reader.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
    assert!(asked.elapsed() < 10 * PATIENCE);
    dripping.abort();
    assert!(desk.questions.try_recv().is_err());
}

#[tokio::test]
async fn one_client_does_not_ask_without_end() {
    let desk = Desk::start(None, 2).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(desk.ask("POST", PATH, "{}").await.0);
    }
    assert_eq!(statuses[..2], [400, 400]);
    assert!(statuses[2..].contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn who_does_not_encrypt_in_time_is_let_go() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/cosign/certificate");
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|file| folder.join(file));
    let tls = Tls::from_pem_files(&certificate, &key).unwrap();
    assert!(Tls::from_pem_files(&key, &key).is_err());
    assert!(Tls::from_pem_files(&certificate, &certificate).is_err());
    let desk = Desk::start(Some(tls), 1_000).await;

    let mut silent = TcpStream::connect(desk.address).await.expect("connected");
    let mut plain = TcpStream::connect(desk.address).await.expect("connected");
    let request = format!("GET {PATH} HTTP/1.1\r\nhost: x\r\n\r\n");
    plain.write_all(request.as_bytes()).await.expect("sent");
    for client in [&mut silent, &mut plain] {
        let mut answer = Vec::new();
        let end = timeout(10 * PATIENCE, client.read_to_end(&mut answer)).await;
        assert!(end.is_ok(), "the connection is closed");
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    }
}
