//! The commands of README.md and docs/guide.md, as they stand there.

use std::{fs, path::Path};

use crate::cli::Ledger;

/// The README's session, and the guide, which continues it.
const FILES: [&str; 2] = ["README.md", "docs/guide.md"];

/// How a text shows a command's exit code, and how it states it.
const SHOWN: &str = "; echo $?";
const SAID: &str = "# exit code ";

/// The shell blocks of a text that use `pedigree` and end by themselves.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks.filter(|block| {
        let runs_on = |line: &str| line.ends_with(" localnet") || line.contains("pedigree serve");
        block.contains("pedigree ") && !block.lines().any(runs_on)
    })
}

/// The block as a script that ends with an error at the first command whose exit code differs.
fn script(block: &str) -> String {
    let lines = block.replace("\\\n", "");
    let lines = lines.lines().map(|line| match line.split_once(SHOWN) {
        None => format!("{line}\n"),
        Some((command, comment)) => {
            let (_, code) = comment.split_once(SAID).expect("it says which code");
            let code = &code[..1];
            format!("code=0; {command} || code=$?; [ $code -eq {code} ]\n")
        }
    });
    lines.collect()
}

#[test]
fn the_commands_of_readme_and_guide_can_be_typed_in() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let texts = FILES.map(|file| fs::read_to_string(repository.join(file)).unwrap_or_default());
    let ledger = Ledger::start();
    ledger.fund(&ledger.address("authority"));
    // A file of scans.
    let scans = "(01)09506000134352(17)290200(10)A2\n";
    fs::write(ledger.path("scans.txt"), scans).expect("the folder is writable");
    let mut terminal = String::from("set -euxo pipefail\n");
    for block in texts.iter().flat_map(|text| blocks(text)) {
        terminal += &script(block);
    }
    assert!(terminal.lines().count() > 50, "too little was found");
    let reply = ledger.shell(&terminal);
    assert_eq!(reply.code, 0, "{}\n{}", reply.stdout, reply.stderr);
}
