//! The README's commands, as they stand there.

use std::fs;

use crate::cli::Ledger;

const README: &str = include_str!("../../../../README.md");

/// What a terminal shows of a command's exit code, and what the README says that it is.
const SHOWN: &str = "; echo $?";
const SAID: &str = "# exit code ";

/// The shell blocks of a chapter.
fn blocks(chapter: &str) -> impl Iterator<Item = &'static str> {
    let (_, chapter) = README
        .split_once(&format!("\n## {chapter}\n"))
        .expect("the chapter is there");
    let (chapter, _) = chapter.split_once("\n## ").expect("another one follows");
    let blocks = chapter.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default())
}

/// The same block as a script that stops where a command does not do what the README says.
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
fn the_readme_can_be_typed_in() {
    let ledger = Ledger::start();
    ledger.fund(&ledger.address("authority"));
    // What a scanner read before.
    let scans = "(01)09506000134352(17)290200(10)A2\n";
    fs::write(ledger.path("scans.txt"), scans).expect("the folder is writable");
    let mut terminal = String::from("set -euxo pipefail\n");
    // The ledger runs already, and the service would not end.
    for block in blocks("By hand").skip(1) {
        if !block.contains("pedigree serve") {
            terminal += &script(block);
        }
    }
    assert!(terminal.lines().count() > 50, "too little was found");
    let reply = ledger.shell(&terminal);
    assert_eq!(reply.code, 0, "{}\n{}", reply.stdout, reply.stderr);
}
