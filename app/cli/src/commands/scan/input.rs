//! Scans from standard input, a line each.

use std::{
    io::{self, BufRead, stdin},
    thread,
};

use futures_util::{Stream, stream};
use tokio::sync::mpsc::{Sender, channel};

/// Lines that are read ahead.
const READ_AHEAD: usize = 256;

/// The lines of standard input that are not blank, as they arrive.
///
/// They are read on a thread of their own, which ends with the process: a read from a terminal cannot be
/// cancelled.
pub fn lines() -> impl Stream<Item = io::Result<Vec<u8>>> {
    let (sender, mut receiver) = channel(READ_AHEAD);
    thread::spawn(move || send_lines(stdin().lock(), &sender));
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

/// Sends lines until they end or the receiver is dropped.
fn send_lines(mut input: impl BufRead, sender: &Sender<io::Result<Vec<u8>>>) {
    loop {
        let mut line = Vec::new();
        let outcome = match input.read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(_) => Ok(line),
            Err(error) => Err(error),
        };
        let is_over = outcome.is_err();
        if sender.blocking_send(outcome).is_err() || is_over {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_unchanged_and_blank_ones_skipped() {
        let (sender, mut receiver) = channel(8);
        send_lines(&b"first\r\n\n \r\nsecond\x1d\xff"[..], &sender);
        drop(sender);
        let mut lines = Vec::new();
        while let Some(line) = receiver.blocking_recv() {
            lines.push(line.unwrap());
        }
        assert_eq!(lines, [&b"first\r\n"[..], b"second\x1d\xff"]);
    }
}
