//! What the service logs, captured for each thread, and so for each test.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Once,
};

use tracing::Level;

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts capturing, with an empty log for this thread. Every test has to call this before it sends
/// requests, because a thread without a subscriber that logs first would disable the events for all others.
pub fn capture() {
    static START: Once = Once::new();
    START.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_writer(|| ThreadLog)
            .init();
    });
    LOG.with_borrow_mut(Vec::clear);
}

/// What was logged on this thread.
pub fn captured() -> String {
    let log = LOG.with_borrow(Vec::clone);
    String::from_utf8(log).expect("text")
}
