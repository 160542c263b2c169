//! The section about recalls of what is on the move.

use hdrhistogram::Histogram;

use super::figures::milliseconds;
use crate::{
    connection::POLL_INTERVAL,
    node,
    recalls::{Findings, SITES, Settings, WARM_UP},
};

pub fn section(settings: &Settings, node: &node::Settings, findings: &Findings) -> String {
    let Settings {
        recalls,
        recall_in_flight,
    } = settings;
    let Findings {
        confirmed,
        refused,
        slots_to_recall,
        slots_to_refusal,
        refusals,
        before,
        beside,
        faults,
    } = findings;
    let (again, slot_time) = (node.as_typed(), node.slot_time);
    let verdict = match faults.len() {
        0 => format!(
            "No handoff of recalled units succeeded in a slot after the recall's; {before} did in slots up \
             to it.\n  All {refusals} refusals name the recall. Of the same lots' other units {beside} were \
             handed over in later slots,\n  so the load went on."
        ),
        count => format!("**{count} handoffs were not as they should be**, see the run's output."),
    };
    format!(
        "\
## From a recall to the first refused handoff

- Run it again: `cargo xtask load --recalls {recalls} --recall-in-flight {recall_in_flight} \
{again}`.
- {recalls} recalls, each of a lot of its own whose {recall_in_flight} consignments go round {SITES} \
wholesalers, with a handoff
  of each in flight. After {} s the manufacturer submits the recall of the lot's first half.
- Counted from signing and submitting the recall to the moment when the client knows of the first handoff
  refused for it. It knows when the slot of {slot_time} ms has ended and it asks again, {} ms after the last
  answer: the time is mostly that of the slots. The handoffs are sent when a slot's end has confirmed the
  last ones, so the first to meet the recall are mostly those of the slot after the recall's.
- {verdict}

| from the submission of `recall open` to | p50 | max | slots, p50 | slots, max |
|---|---:|---:|---:|---:|
{}
{}
",
        WARM_UP.as_secs(),
        POLL_INTERVAL.as_millis(),
        row("its confirmation", confirmed, slots_to_recall),
        row("the first refused handoff", refused, slots_to_refusal),
    )
}

fn row(name: &str, latencies: &Histogram<u64>, slots: &Histogram<u64>) -> String {
    format!(
        "| {name} | {:.0} ms | {:.0} ms | {} | {} |",
        milliseconds(latencies, 0.5),
        milliseconds(latencies, 1.0),
        slots.value_at_quantile(0.5),
        slots.max(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_has_times_and_what_was_asserted() {
        let histogram = |values: &[u64]| {
            let mut histogram = Histogram::new(3).unwrap();
            values
                .iter()
                .for_each(|&value| histogram.record(value).unwrap());
            histogram
        };
        let mut findings = Findings {
            confirmed: histogram(&[90_000, 100_000, 130_000]),
            refused: histogram(&[95_000, 110_000, 200_000]),
            slots_to_recall: histogram(&[0, 0, 1]),
            slots_to_refusal: histogram(&[0, 1, 1]),
            refusals: 48,
            before: 480,
            beside: 500,
            faults: Vec::new(),
        };
        let node = <crate::Cli as clap::Parser>::parse_from(["load"])
            .settings
            .node;
        let settings = Settings {
            recalls: 3,
            recall_in_flight: 32,
        };
        let text = section(&settings, &node, &findings);
        for part in [
            "All 48 refusals",
            "| its confirmation | 100 ms | 130 ms | 0 | 1 |",
            "| the first refused handoff | 110 ms | 200 ms | 1 | 1 |",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        findings.faults.push("late".to_owned());
        let text = section(&settings, &node, &findings);
        assert!(
            text.contains("**1 handoffs were not as they should be**"),
            "{text}"
        );
    }
}
