//! The committed page: a section for each part of a run.

mod figures;
mod handoffs;
mod recalls;
mod serials;
mod verification;

use crate::{machine::Machine, node, settings::Settings};

/// The results of a run.
pub struct Page {
    machine: Machine,
    pub handoffs: Option<crate::handoffs::Findings>,
    pub recalls: Option<crate::recalls::Findings>,
    pub verification: Option<crate::verification::Findings>,
    pub serials: Option<crate::serials::Findings>,
}

impl Page {
    /// Without any part.
    pub const fn new(machine: Machine) -> Self {
        Self {
            machine,
            handoffs: None,
            recalls: None,
            verification: None,
            serials: None,
        }
    }

    /// What must not be, in words.
    pub fn faults(&self) -> Vec<String> {
        let handoffs = self.handoffs.iter().flat_map(|part| part.faults());
        let recalls = self.recalls.iter().flat_map(|part| part.faults.clone());
        let verification = self.verification.iter().flat_map(|part| part.faults());
        handoffs.chain(recalls).chain(verification).collect()
    }

    /// As Markdown.
    pub fn render(&self, settings: &Settings) -> String {
        let node = &settings.node;
        let mut sections = vec![introduction(&self.machine, node)];
        if let Some(findings) = &self.handoffs {
            sections.push(handoffs::section(&settings.handoffs, node, findings));
        }
        if let Some(findings) = &self.recalls {
            sections.push(recalls::section(&settings.recalls, node, findings));
        }
        if let Some(findings) = &self.verification {
            sections.push(verification::section(
                &settings.verification,
                node,
                findings,
            ));
        }
        if let Some(findings) = &self.serials {
            sections.push(serials::section(&settings.serials, findings));
        }
        sections.join("\n")
    }
}

fn introduction(machine: &Machine, node: &node::Settings) -> String {
    let Machine {
        processor,
        cores,
        load_before,
    } = machine;
    let profile = if cfg!(debug_assertions) {
        "development profile, which leaves most of them unoptimised"
    } else {
        "profile that `cargo xtask install` uses, with optimisation"
    };
    let (name, on_nodes) = match node.url {
        Some(_) => (
            "a test validator",
            "Nothing is known of what else the validator does. Each part finds on it what the parts before
  it left.",
        ),
        None => (
            "the embedded node",
            "The node goes through all accounts of a program for each one that a transaction writes, so it
  takes fewer transactions the more accounts it holds. Each part has a node of its own.",
        ),
    };
    format!(
        "\
# What {name} and the client take

Measured by `cargo xtask load` over JSON-RPC on 127.0.0.1; `cargo xtask load -- --help` explains its
settings, and `--only` measures a part without writing this page. The figures vary with the machine
and with what else runs on it, and nothing asserts on them; a cluster's are its own.

- Machine: {processor}, {cores} cores, shared by the client and the node, a process of its own. What is
  Pedigree's is built in the {profile}.
- Load average of the minute before the run: {load_before:.2}.
- {on_nodes}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_sections_that_were_measured() {
        let machine = Machine {
            processor: "Abacus".into(),
            cores: 2,
            load_before: 0.5,
        };
        let settings = <crate::Cli as clap::Parser>::parse_from(["load"]).settings;
        let mut page = Page::new(machine);
        let introduction = page.render(&settings);
        assert!(introduction.contains("Abacus, 2 cores") && introduction.contains("0.50"));
        assert!(!introduction.contains("\n## "));
        page.serials = Some(crate::serials::Findings {
            elapsed: std::time::Duration::from_millis(5_400),
            cpu: std::time::Duration::from_secs(5),
            peak_memory: 163_000_000,
        });
        let text = page.render(&settings);
        assert_eq!(text.matches("\n## ").count(), 1);
        assert!(
            text.contains("| 5.4 s | 10 s |") && text.contains("| 163 MB | 500 MB |"),
            "{text}"
        );
    }
}
