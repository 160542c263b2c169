//! The server on real sockets: slow and numerous clients, proxies, and stopping.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use pedigree_serve::{Limits, TrustedProxy, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::endpoint::{AT_ONCE, Behaviour, Manufacturer, limits, verification};

/// By then, what is waited for must have happened.
const SOON: Duration = Duration::from_secs(20);

/// A server on a free port.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    async fn start(behaviour: Behaviour, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let responder = Manufacturer::new().responder(behaviour);
        let running = tokio::spawn(async move {
            let stop = async move { stopped.await.unwrap_or_default() };
            serve(listener, responder, &limits, stop).await
        });
        Self {
            address,
            stop,
            running,
        }
    }

    /// A server that waits for its clients for 300 ms.
    async fn impatient() -> Self {
        let limits = Limits {
            client_patience: Duration::from_millis(300),
            ..limits(1_000)
        };
        Self::start(AT_ONCE, limits).await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("connected")
    }

    /// The status of the answer to a verification request with these headers.
    async fn ask(&self, headers: &str) -> String {
        let mut client = self.connect().await;
        let request = request(&verification("A1", "SN-1", "490200"), headers);
        client.write_all(request.as_bytes()).await.expect("sent");
        status(&mut client).await
    }
}

fn request(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
}

/// The status of the next answer.
async fn status(client: &mut TcpStream) -> String {
    let mut start = [0; 12];
    let read = timeout(SOON, client.read_exact(&mut start)).await;
    read.expect("an answer in time").expect("an answer");
    let text = str::from_utf8(&start).expect("text");
    text.strip_prefix("HTTP/1.1 ").expect("HTTP").to_owned()
}

/// Waits until the server closes the connection.
async fn is_closed(client: &mut TcpStream) {
    let mut rest = Vec::new();
    let read = timeout(SOON, client.read_to_end(&mut rest)).await;
    // An error means that it was reset, because the server left bytes unread.
    let _ = read.expect("the connection is closed in time");
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_request_is_disconnected() {
    let server = Server::impatient().await;
    let mut silent = server.connect().await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET /health HTTP/1.1\r\nHost: ")
        .await
        .expect("sent");
    // Each byte arrives in time, but the request as a whole does not.
    let (mut slow_reader, mut slow_writer) = slow.into_split();
    let drip = tokio::spawn(async move {
        while slow_writer.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(server.ask("").await, "200");
    is_closed(&mut silent).await;
    let mut rest = Vec::new();
    let read = timeout(SOON, slow_reader.read_to_end(&mut rest)).await;
    let _ = read.expect("the connection is closed in time");
    timeout(SOON, drip)
        .await
        .expect("disconnected in time")
        .expect("no panic");
}

#[tokio::test]
async fn an_idle_client_is_disconnected() {
    let server = Server::impatient().await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client
            .write_all(request("/health", "").as_bytes())
            .await
            .expect("sent");
        assert_eq!(status(&mut client).await, "204");
        let mut rest = [0; 4_096];
        // The rest of the answer's head.
        let read = timeout(SOON, client.read(&mut rest)).await;
        assert!(read.expect("in time").expect("a head") > 0);
    }
    is_closed(&mut client).await;
}

#[tokio::test]
async fn a_client_that_reads_no_answers_is_disconnected() {
    let server = Server::impatient().await;
    let mut client = server.connect().await;
    let requests = request("/openapi.json", "").repeat(100);
    // More answers than all buffers hold.
    let write = async { while client.write_all(requests.as_bytes()).await.is_ok() {} };
    timeout(SOON, write).await.expect("disconnected in time");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let limits = Limits {
        connections: NonZeroUsize::new(2).expect("not zero"),
        ..limits(1_000)
    };
    let server = Server::start(AT_ONCE, limits).await;
    let first = server.connect().await;
    let mut second = server.connect().await;
    second
        .write_all(request("/health", "").as_bytes())
        .await
        .expect("sent");
    assert_eq!(status(&mut second).await, "204");
    let mut third = server.connect().await;
    third
        .write_all(request("/health", "").as_bytes())
        .await
        .expect("sent");
    let early = timeout(Duration::from_millis(500), status(&mut third)).await;
    assert!(early.is_err(), "two are open");
    drop(first);
    assert_eq!(status(&mut third).await, "204");
}

/// The number of refused requests among 20, each with the headers for its number.
async fn refused(server: &Server, headers: impl Fn(u8) -> String) -> usize {
    let mut refused = 0;
    for number in 1..=20 {
        match server.ask(&headers(number)).await.as_str() {
            "200" => {}
            "429" => refused += 1,
            other => panic!("{other}"),
        }
    }
    refused
}

#[tokio::test]
async fn a_trusted_proxy_identifies_the_requesters() {
    let proxy: TrustedProxy = "127.0.0.0/8".parse().expect("a network");
    let limits = Limits {
        trusted_proxies: [proxy].into_iter().collect(),
        ..limits(1)
    };
    let server = Server::start(AT_ONCE, limits).await;
    // One request each from 20 clients.
    let plain = |number| format!("X-Forwarded-For: 192.0.2.{number}\r\n");
    assert_eq!(refused(&server, plain).await, 0);
    let standard = |number| format!("Forwarded: for=203.0.113.{number}\r\n");
    assert_eq!(refused(&server, standard).await, 0);
    // A client remains the same whatever it writes before what the proxy adds.
    let forged = |number| format!("X-Forwarded-For: 192.0.2.{number}, 198.51.100.1\r\n");
    assert!(refused(&server, forged).await > 0);
    let forged = |number| format!("Forwarded: for=192.0.2.{number}, for=198.51.100.2\r\n");
    assert!(refused(&server, forged).await > 0);
    let in_the_other_header =
        |number| format!("X-Forwarded-For: 198.51.100.3\r\nForwarded: for=192.0.2.{number}\r\n");
    assert!(refused(&server, in_the_other_header).await > 0);
}

#[tokio::test]
async fn other_addresses_do_not_identify_requesters() {
    let server = Server::start(AT_ONCE, limits(1)).await;
    let plain = |number| format!("X-Forwarded-For: 192.0.2.{number}\r\n");
    assert!(refused(&server, plain).await > 0);
    let standard = |number| format!("Forwarded: for=203.0.113.{number}\r\n");
    assert!(refused(&server, standard).await > 0);
}

#[tokio::test]
async fn requests_in_flight_are_finished_before_the_server_stops() {
    let slow = Behaviour::AnswersAfter(Duration::from_millis(300));
    let server = Server::start(slow, limits(10)).await;
    let mut client = server.connect().await;
    let mut idle = server.connect().await;
    let request = request(&verification("A1", "SN-1", "490200"), "");
    client.write_all(request.as_bytes()).await.expect("sent");
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).expect("the server waits for it");
    let mut reply = String::new();
    client.read_to_string(&mut reply).await.expect("text");
    assert!(reply.starts_with("HTTP/1.1 200 OK"), "{reply}");
    assert!(reply.contains("\"verified\":true"), "{reply}");
    is_closed(&mut idle).await;
    server.running.await.expect("no panic");
    assert!(TcpStream::connect(server.address).await.is_err());
}
