//! Metrics in OpenMetrics' text format. Their labels identify kinds of answers, never packs.

use std::time::Duration;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    status: u16,
    answer: &'static str,
}

/// The numbers of answers and their latency.
pub struct Metrics {
    registry: Registry,
    answers: Family<AnswerLabels, Counter>,
    latency: Histogram,
}

impl Metrics {
    /// All metrics at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("pedigree");
        let answers = Family::default();
        let latency = Histogram::new(BUCKETS);
        registry.register(
            "verification_requests",
            "Verification requests, by HTTP status and kind of answer",
            answers.clone(),
        );
        registry.register_with_unit(
            "verification_latency",
            "Time from the arrival of a verification request to its answer",
            Unit::Seconds,
            latency.clone(),
        );
        Self {
            registry,
            answers,
            latency,
        }
    }

    /// Counts an answer with this HTTP status and name, which took so long.
    pub fn count(&self, status: u16, answer: &'static str, latency: Duration) {
        let labels = AnswerLabels { status, answer };
        self.answers.get_or_create(&labels).inc();
        self.latency.observe(latency.as_secs_f64());
    }

    /// The text that Prometheus scrapes.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a string accepts any text");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_kind() {
        let metrics = Metrics::new();
        metrics.count(200, "verified", Duration::from_millis(7));
        metrics.count(200, "verified", Duration::from_millis(70));
        metrics.count(400, "malformed", Duration::from_millis(1));
        let text = metrics.encode();
        for line in [
            "pedigree_verification_requests_total{status=\"200\",answer=\"verified\"} 2",
            "pedigree_verification_requests_total{status=\"400\",answer=\"malformed\"} 1",
            "pedigree_verification_latency_seconds_bucket{le=\"0.01\"} 2",
            "pedigree_verification_latency_seconds_count 3",
        ] {
            assert!(
                text.lines().any(|it| it == line),
                "{line} is not in\n{text}"
            );
        }
    }
}
