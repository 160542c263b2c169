//! The commands of README.md and docs/guide.md, as they stand there.

use std::{fs, path::Path};

use crate::cli::Ledger;

/// The README's session, and the guide, which continues it.
const FILES: [&str; 2] = ["README.md", "docs/guide.md"];

/// What a cluster's registry takes only once.
const REGISTRY: [&str; 2] = [
    "pedigree registry initialize",
    "pedigree registry add-issuer $(pedigree key address) --name \"Board of Pharmacy\"",
];

/// The guide hands the registry over. Other tests need it back.
const HANDED_BACK: &str = "
pedigree -k ministry.json registry propose-authority $(pedigree -k authority.json key address) --yes
pedigree -k authority.json registry accept-authority --yes
";

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
    let ledger = Ledger::start_alone();
    ledger.fund(&ledger.address("authority"));
    let is_there = |line: &str| REGISTRY.iter().any(|start| line.starts_with(start));
    let skips = |line: &str| !ledger.is_embedded() && is_there(line);
    if !ledger.is_embedded() {
        ledger.has_registry();
    }
    // A file of scans.
    let scans = "(01)09506000134352(17)290200(10)A2\n";
    fs::write(ledger.path("scans.txt"), ledger.own(scans)).expect("the folder is writable");
    let mut terminal = String::from("set -euxo pipefail\n");
    for block in texts.iter().flat_map(|text| blocks(text)) {
        let lines = block.split_inclusive('\n').filter(|line| !skips(line));
        terminal += &script(&lines.collect::<String>());
    }
    terminal += HANDED_BACK;
    assert!(terminal.lines().count() > 50, "too little was found");
    let reply = ledger.shell(&terminal);
    assert_eq!(reply.code, 0, "{}\n{}", reply.stdout, reply.stderr);
}
