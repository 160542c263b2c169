//! The commands that `docs/instructions.md` names.

use std::{collections::BTreeSet, path::Path, process::Command};

#[test]
fn every_instruction_names_a_command_that_exists() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/instructions.md");
    let page = std::fs::read_to_string(page).unwrap();
    let commands: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| command | `pedigree "))
        .filter_map(|line| line.strip_suffix("` |"))
        .collect();
    assert!(commands.contains("ship") && commands.contains("recall open"));
    for command in commands {
        let help = Command::new(env!("CARGO_BIN_EXE_pedigree"))
            .args(command.split(' '))
            .arg("--help")
            .output()
            .unwrap();
        let usage = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(
            help.status.success() && usage.contains(&format!("pedigree {command}")),
            "pedigree {command}: {usage}"
        );
    }
}
