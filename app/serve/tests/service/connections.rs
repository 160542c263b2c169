//! The server on real sockets: clients that are slow, many, behind a proxy, or there when it stops.

use std::{io, net::SocketAddr, num::NonZeroUsize, time::Duration};

use pedigree_serve::{Limits, TrustedProxy, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::endpoint::{AT_ONCE, Manufacturer, Mood, limits, question};

/// What must happen has happened by then.
const SOON: Duration = Duration::from_secs(20);

/// A server on a free port.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start(mood: Mood, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let responder = Manufacturer::new().responder(mood);
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

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("connected")
    }

    /// The status of the answer to a question that is sent with `headers`.
    async fn ask(&self, headers: &str) -> String {
        let mut client = self.connect().await;
        let request = request(&question("A1", "SN-1", "490200"), headers);
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
    // Closed with bytes of ours unread, it is reset.
    let _ = read.expect("the connection is closed in time");
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_request_is_hung_up_on() {
    let limits = Limits {
        client_patience: Duration::from_millis(300),
        ..limits(1_000)
    };
    let server = Server::start(AT_ONCE, limits).await;
    let mut silent = server.connect().await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET /health HTTP/1.1\r\nHost: ")
        .await
        .expect("sent");
    // Each byte by itself comes in time, the request never does.
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
        .expect("no more is taken")
        .expect("no panic");
}

#[tokio::test]
async fn a_client_that_asks_nothing_more_is_hung_up_on() {
    let limits = Limits {
        client_patience: Duration::from_millis(300),
        ..limits(1_000)
    };
    let server = Server::start(AT_ONCE, limits).await;
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
async fn a_client_that_takes_no_answers_is_hung_up_on() {
    let limits = Limits {
        client_patience: Duration::from_millis(300),
        ..limits(1_000)
    };
    let server = Server::start(AT_ONCE, limits).await;
    let mut client = server.connect().await;
    let requests = request("/openapi.json", "").repeat(100);
    // More answers than the buffers on the way hold; in the end the server has closed the connection.
    let write = async { while client.write_all(requests.as_bytes()).await.is_ok() {} };
    timeout(SOON, write).await.expect("no more is taken");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let limits = Limits {
        connections: NonZeroUsize::new(2).expect("some"),
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
    assert!(early.is_err(), "two are there already");
    drop(first);
    assert_eq!(status(&mut third).await, "204");
}

/// How many of 20 questions, each with the headers of its number, are one too many.
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
async fn a_trusted_proxy_says_who_asks() {
    let proxy: TrustedProxy = "127.0.0.0/8".parse().expect("a network");
    let limits = Limits {
        trusted_proxies: [proxy].into_iter().collect(),
        ..limits(1)
    };
    let server = Server::start(AT_ONCE, limits).await;
    // Twenty clients ask once each.
    let plain = |number| format!("X-Forwarded-For: 192.0.2.{number}\r\n");
    assert_eq!(refused(&server, plain).await, 0);
    let standard = |number| format!("Forwarded: for=203.0.113.{number}\r\n");
    assert_eq!(refused(&server, standard).await, 0);
    // Whatever a client puts before what the proxy adds, it is the same client.
    let made_up = |number| format!("X-Forwarded-For: 192.0.2.{number}, 198.51.100.1\r\n");
    assert!(refused(&server, made_up).await > 0);
    let made_up = |number| format!("Forwarded: for=192.0.2.{number}, for=198.51.100.2\r\n");
    assert!(refused(&server, made_up).await > 0);
    let in_the_other =
        |number| format!("X-Forwarded-For: 198.51.100.3\r\nForwarded: for=192.0.2.{number}\r\n");
    assert!(refused(&server, in_the_other).await > 0);
}

#[tokio::test]
async fn nobody_else_says_who_asks() {
    let server = Server::start(AT_ONCE, limits(1)).await;
    let plain = |number| format!("X-Forwarded-For: 192.0.2.{number}\r\n");
    assert!(refused(&server, plain).await > 0);
    let standard = |number| format!("Forwarded: for=203.0.113.{number}\r\n");
    assert!(refused(&server, standard).await > 0);
}

#[tokio::test]
async fn what_is_in_flight_is_finished_before_the_server_stops() {
    let mood = Mood::Answers(Duration::from_millis(300));
    let server = Server::start(mood, limits(10)).await;
    let mut client = server.connect().await;
    let mut idle = server.connect().await;
    let question = request(&question("A1", "SN-1", "490200"), "");
    client.write_all(question.as_bytes()).await.expect("sent");
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).expect("the server waits for it");
    let mut reply = String::new();
    client.read_to_string(&mut reply).await.expect("text");
    assert!(reply.starts_with("HTTP/1.1 200 OK"), "{reply}");
    assert!(reply.contains("\"verified\":true"), "{reply}");
    is_closed(&mut idle).await;
    let running = server.running.await;
    running.expect("it ends").expect("without an error");
    assert!(TcpStream::connect(server.address).await.is_err());
}
