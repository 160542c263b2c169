//! A stand-in for whoever is behind a link: it answers as a test says.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// A question to the stand-in.
pub struct Asked {
    /// `GET` or `POST`.
    pub method: String,
    /// Its head, from the method to the last header.
    pub head: String,
    /// Its body.
    pub body: String,
}

/// Listens on this machine, answers each question with what `answer` writes, and returns the link to it.
pub fn stand_in(answer: impl Fn(&Asked, &mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it listens");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            if let Some(asked) = read(&stream) {
                answer(&asked, &mut stream);
            }
        }
    });
    format!("solana:http://{address}/handoff/1")
}

/// A stand-in that has a label, and answers the questions for a transaction in turn, the last one again and
/// again.
pub fn offers(transactions: Vec<String>) -> String {
    let next = std::sync::Mutex::new(0);
    stand_in(move |asked, stream| match asked.method.as_str() {
        "GET" => write(stream, "200 OK", &label()),
        _ => {
            let mut next = next.lock().unwrap();
            let transaction = &transactions[(*next).min(transactions.len() - 1)];
            *next += 1;
            let message = "as you wish";
            write(
                stream,
                "200 OK",
                &json!({ "transaction": transaction, "message": message }),
            );
        }
    })
}

/// What a stand-in says of itself.
pub fn label() -> Value {
    json!({ "label": "Maker", "icon": "https://dock.example/icon.png" })
}

/// Writes an answer in JSON.
pub fn write(stream: &mut TcpStream, status: &str, body: &Value) {
    write_text(stream, status, &body.to_string());
}

/// Writes an answer that claims to be JSON.
pub fn write_text(stream: &mut TcpStream, status: &str, body: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\
         \r\n\r\n{body}",
        body.len()
    );
    // Who asked may have left.
    let _ = stream.write_all(answer.as_bytes());
}

fn read(stream: &TcpStream) -> Option<Asked> {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let method = line.split(' ').next()?.to_owned();
    let mut length = 0;
    let mut head = line.clone();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        head += &line;
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        head,
        body: String::from_utf8(body).ok()?,
    })
}

/// Asks the service behind a link to plain HTTP, as a wallet would; returns status and body.
pub fn ask(link: &str, method: &str, body: &str) -> (u16, Value) {
    let url = link.strip_prefix("solana:http://").expect("plain HTTP");
    let (host, path) = url.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let status = answer.split(' ').nth(1).expect("a status");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    (
        status.parse().expect("a number"),
        serde_json::from_str(body).unwrap_or(Value::Null),
    )
}

/// Asks for a transaction for a key.
pub fn ask_for(link: &str, key: &str) -> (u16, Value) {
    ask(link, "POST", &json!({ "account": key }).to_string())
}
