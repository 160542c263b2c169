//! Measured figures in the units that the page shows.

use hdrhistogram::Histogram;

/// A quantile of microseconds, in milliseconds.
pub fn milliseconds(latencies: &Histogram<u64>, quantile: f64) -> f64 {
    latencies.value_at_quantile(quantile) as f64 / 1_000.0
}

/// Megabytes.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
