//! `docs/instructions.md`: every instruction of the programs, with who signs and where its rules, tests,
//! builder and command are. Made from the IDLs and the sources, so that it cannot fall behind them.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace::Workspace;

/// Where the page is, from the workspace's root.
pub const PATH: &str = "docs/instructions.md";

/// Stands for no command, because only the recall program may call it.
const NOT_FOR_CLIENTS: &str = "";
/// Stands for no command: the builder is the way to it.
const BUILDER_ONLY: &str = "-";

/// The command of each instruction. A test of `pedigree` holds them against its command line.
const COMMANDS: &[(&str, &str)] = &[
    ("accept", "receive"),
    ("accept_authority", "registry accept-authority"),
    ("accept_partner_key", "partner accept-key"),
    ("accept_product_transfer", "product take-over"),
    ("accept_with_discrepancy", "receive"),
    ("add_issuer", "registry add-issuer"),
    ("admit_partner", "partner admit"),
    ("adopt_lot", "lot adopt"),
    ("appoint_operator", "operator appoint"),
    ("archive", "archive"),
    ("cancel", "cancel"),
    ("cancel_recovery", "partner cancel-recovery"),
    ("claim", "recall claim"),
    ("claim_prefix", "prefix claim"),
    ("close_claims", BUILDER_ONLY),
    ("close_proofs", BUILDER_ONLY),
    ("close_unit_record", BUILDER_ONLY),
    ("complete", "recall complete"),
    ("complete_recovery", "partner complete-recovery"),
    ("confirm_partner", "partner confirm"),
    ("correct_admission", "partner correct-admission"),
    ("decommission", "decommission"),
    ("destroy", "destroy"),
    ("destroy_units", "decommission"),
    ("determine_case", "case determine"),
    ("dismiss_all_operators", "operator dismiss-all"),
    ("dismiss_operator", "operator dismiss"),
    ("dispense", "dispense"),
    ("expand", "recall expand"),
    ("expire", "expire"),
    ("export", "withdraw"),
    ("fund", "recall fund"),
    ("handoff", "handoff"),
    ("handoff_batch", "handoff"),
    ("initialize", "registry initialize"),
    ("join_firm", "partner join-firm"),
    ("leave_firm", "partner leave-firm"),
    ("merge", "merge"),
    ("mint_lot", "lot mint"),
    ("move_gln", "partner move-gln"),
    ("move_prefix", "prefix move"),
    ("move_product", "product move"),
    ("narrow", "recall narrow"),
    ("notify_case", "case notify"),
    ("offer", "ship"),
    ("open", "recall open"),
    ("open_case", "case open"),
    ("open_lot_case", "case open"),
    ("open_unit_page", "lot open-pages"),
    ("pack", "pack"),
    ("propose_authority", "registry propose-authority"),
    ("propose_partner_key", "partner propose-key"),
    ("propose_product_transfer", "product hand-over"),
    ("propose_recovery", "partner propose-recovery"),
    ("prove", "recall prove"),
    ("quarantine", "quarantine"),
    ("quarantine_lot", "quarantine"),
    ("reassign_partner", "partner reassign"),
    ("reclassify", "recall reclassify"),
    ("recover", "recover"),
    ("register_product", "product register"),
    ("reinstate_partner", "partner reinstate"),
    ("reject", "reject"),
    ("release", "release"),
    ("release_lot", "release"),
    ("release_prefix", "prefix release"),
    ("remove_issuer", "registry remove-issuer"),
    ("renew_partner", "partner renew"),
    ("reopen", "recall reopen"),
    ("report_stolen", "withdraw"),
    ("resolve_case", "case resolve"),
    ("resolve_lot_case", "case resolve"),
    ("respond", "recall respond"),
    ("restore_partner", "partner restore"),
    ("restore_units", "clear"),
    ("revoke_partner", "partner revoke"),
    ("rotate_issuer_key", "registry rotate-issuer-key"),
    ("sample", "withdraw"),
    ("set_issuer_scope", "registry set-issuer-scope"),
    ("set_recalled_range", NOT_FOR_CLIENTS),
    ("split", "split"),
    ("return_title", "recall return-title"),
    ("suspend_partner", "partner suspend"),
    ("terminate", "recall terminate"),
    ("transfer_title", "sell"),
    ("undo_decommission", "decommission"),
    ("undo_dispense", "dispense"),
    ("undo_withdrawal", "withdraw"),
    ("unpack", "unpack"),
    ("update_operator", "operator update"),
    ("update_product", "product update"),
    ("verify_return", "return verify"),
    ("withdraw", "recall withdraw"),
    ("withdraw_admission", "partner withdraw-admission"),
];

/// Instructions that keep the rules of another one.
const RULES_OF: [(&str, &str); 1] = [("handoff_batch", "handoff")];

#[derive(Deserialize)]
struct Idl {
    instructions: Vec<Instruction>,
    #[serde(default)]
    errors: Vec<Error>,
}

#[derive(Deserialize)]
struct Instruction {
    name: String,
    #[serde(default)]
    docs: Vec<String>,
    discriminator: Vec<u8>,
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
struct Account {
    name: String,
    #[serde(default)]
    signer: bool,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
struct Error {
    name: String,
}

/// The page as it should be.
pub fn page(workspace: &Workspace) -> Result<String> {
    let mut page = String::from(
        "# Instructions\n\n\
         Every instruction of the three programs: what it does, who signs, the rules that it keeps, the\n\
         errors that these rules, its accounts and its tests name, and where all of that is. `cargo xtask\n\
         idl` writes this page from the IDLs and the sources.\n\n\
         Where a site signs, its own key does, or an operator's, whose `Operator` account then follows\n\
         the accounts listed in the IDL, in the order of the signers. Beside the errors listed, the rules\n\
         that instructions share have theirs: who may sign (`signer.rs`), which sites may trade with each\n\
         other (`passage.rs`), what an account may hold (`state/`). Anchor refuses an account that is\n\
         missing, another program's, of another type or not writable, and a missing signature.\n",
    );
    for program in &workspace.programs {
        write_program(&mut page, &workspace.root, &program.library)?;
    }
    Ok(page)
}

fn write_program(page: &mut String, root: &Path, program: &str) -> Result<()> {
    let file = root.join("idl").join(program).with_extension("json");
    let text =
        fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let idl: Idl =
        serde_json::from_str(&text).with_context(|| format!("{} is not an IDL", file.display()))?;
    let errors: BTreeSet<&str> = idl.errors.iter().map(|error| error.name.as_str()).collect();
    let sources = Sources::read(root, program)?;
    write!(page, "\n## {program}\n")?;
    for instruction in &idl.instructions {
        write_instruction(page, program, instruction, &errors, &sources)
            .with_context(|| format!("instruction {}", instruction.name))?;
    }
    Ok(())
}

fn write_instruction(
    page: &mut String,
    program: &str,
    instruction: &Instruction,
    errors: &BTreeSet<&str>,
    sources: &Sources,
) -> Result<()> {
    let name = instruction.name.as_str();
    let ruled_as = lookup(&RULES_OF, name).unwrap_or(name);
    let handler = find(&sources.program, name)
        .or_else(|| find(&sources.program, ruled_as))
        .context("no file of the program has its function")?;
    let rules = find(&sources.rules, ruled_as);
    let tests = sources
        .tests
        .iter()
        .find(|source| source.stem() == handler.source.stem_or(name, &sources.tests));
    let builder = find(&sources.builders, name);
    let command = lookup(COMMANDS, name).context("it has no command in xtask's table")?;
    let signers: Vec<String> = instruction
        .accounts
        .iter()
        .filter(|account| account.signer)
        .map(|account| match account.optional {
            true => format!("`{}` if given", account.name),
            false => format!("`{}`", account.name),
        })
        .collect();

    write!(
        page,
        "\n### `{name}`\n\n{}\n\n",
        instruction.docs.join("\n").trim()
    )?;
    if let Some(rules) = &rules
        && !rules.docs.is_empty()
    {
        write!(page, "{}\n\n", rules.docs.join("\n").trim())?;
    }
    writeln!(page, "| | |\n|---|---|")?;
    writeln!(
        page,
        "| data begins with | {:?} |",
        instruction.discriminator
    )?;
    let signs = match signers.as_slice() {
        [] => "nobody but the fee payer".to_owned(),
        signers => signers.join(", "),
    };
    writeln!(page, "| signs | {signs} |")?;
    writeln!(page, "| accounts | {} |", handler.source.link())?;
    let rules_link = rules.as_ref().map_or_else(
        || "the accounts' constraints".to_owned(),
        |found| found.source.link(),
    );
    writeln!(page, "| rules | {rules_link} |")?;
    let texts = [handler.source.text.as_str()]
        .into_iter()
        .chain(tests.map(|tests| tests.text.as_str()))
        .chain(rules.iter().flat_map(Function::texts));
    let named = named_errors(errors, texts);
    if !named.is_empty() {
        let names: Vec<String> = named.iter().map(|name| format!("`{name}`")).collect();
        writeln!(page, "| errors | {} |", names.join(", "))?;
    }
    if let Some(tests) = tests {
        writeln!(page, "| tests | {} |", tests.link())?;
    }
    if let Some(builder) = builder {
        writeln!(
            page,
            "| builder | `pedigree_interface::instruction::{program}::{name}` in {} |",
            builder.source.link()
        )?;
    }
    match command {
        NOT_FOR_CLIENTS => writeln!(page, "| command | none: the recall program calls it |")?,
        BUILDER_ONLY => writeln!(page, "| command | none: send what the builder makes |")?,
        command => writeln!(page, "| command | `pedigree {command}` |")?,
    }
    Ok(())
}

/// The program's errors that these sources name.
fn named_errors<'a, 'b>(
    errors: &BTreeSet<&'a str>,
    texts: impl Iterator<Item = &'b str>,
) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for text in texts {
        for named in text.split("Error::").skip(1) {
            let end = named
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(named.len());
            if let Some(error) = errors.get(&named[..end]) {
                found.insert(*error);
            }
        }
    }
    found
}

fn lookup<'a>(table: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    let (_, found) = table.iter().find(|(key, _)| *key == name)?;
    Some(found)
}

/// Where an instruction of a program may be found.
struct Sources {
    program: Vec<Source>,
    rules: Vec<Source>,
    tests: Vec<Source>,
    builders: Vec<Source>,
}

impl Sources {
    fn read(root: &Path, program: &str) -> Result<Self> {
        let read = |folder: String| read(root, &root.join(&folder)).with_context(|| folder);
        let builders = read("interface/src/instruction".to_owned())?;
        Ok(Self {
            program: read(format!("programs/{program}/src/instructions"))?,
            rules: read(format!("rules/{program}/src"))?,
            tests: read(format!("tests/tests/{program}"))?,
            builders: builders
                .into_iter()
                .filter(|source| {
                    source.path.components().any(|part| {
                        Path::new(part.as_os_str())
                            .file_stem()
                            .is_some_and(|stem| stem == program)
                    })
                })
                .collect(),
        })
    }
}

/// A source file.
struct Source {
    /// From the workspace's root.
    path: PathBuf,
    text: String,
}

impl Source {
    fn stem(&self) -> &str {
        let stem = self.path.file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or_default()
    }

    /// The file's own name where `others` have one of that name rather than of `name`.
    fn stem_or<'a>(&'a self, name: &'a str, others: &[Self]) -> &'a str {
        if others.iter().any(|other| other.stem() == name) {
            name
        } else {
            self.stem()
        }
    }

    fn link(&self) -> String {
        format!("[`{0}`](../{0})", self.path.display())
    }

    /// The texts of its functions, each from its name to its end.
    fn functions(&self) -> Vec<&str> {
        let keyword = "fn ";
        let begins = self.text.match_indices(keyword).filter(|(at, _)| {
            let line = self.text[..*at].rfind('\n').map_or(0, |end| end + 1);
            !self.text[line..*at].contains("//")
        });
        begins
            .map(|(at, _)| function(&self.text, at + keyword.len()))
            .collect()
    }
}

/// The text of the function whose name begins at `name`, to the brace that closes it: the first with the
/// indentation of its line.
fn function(text: &str, name: usize) -> &str {
    let line = text[..name].rfind('\n').map_or(0, |end| end + 1);
    let indentation = text[line..].len() - text[line..].trim_start_matches(' ').len();
    let close = format!("\n{}}}", " ".repeat(indentation));
    let text = &text[name..];
    let end = text.find(&close).map_or(text.len(), |at| at + close.len());
    &text[..end]
}

/// Every Rust file below `folder`.
fn read(root: &Path, folder: &Path) -> Result<Vec<Source>> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut sources = Vec::new();
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            sources.extend(read(root, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let Ok(relative) = path.strip_prefix(root) else {
                bail!("{} is outside the workspace", path.display());
            };
            sources.push(Source {
                path: relative.to_owned(),
                text: fs::read_to_string(&path)?,
            });
        }
    }
    Ok(sources)
}

/// A public function and what is written above it.
struct Function<'a> {
    source: &'a Source,
    docs: Vec<&'a str>,
    /// From its name to its end.
    text: &'a str,
}

impl Function<'_> {
    /// Its own text, and those of the file's other functions that it calls.
    fn texts(&self) -> Vec<&str> {
        let others = self.source.functions();
        let mut texts = vec![self.text];
        let mut at = 0;
        while let Some(&text) = texts.get(at) {
            for other in &others {
                let name = other.split(['(', '<']).next().unwrap_or_default();
                if calls(text, name) && !texts.contains(other) {
                    texts.push(other);
                }
            }
            at += 1;
        }
        texts
    }
}

/// Whether `text`, which begins with a function's own name, calls the function `name`.
fn calls(text: &str, name: &str) -> bool {
    let call = format!("{name}(");
    text.match_indices(&call).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_some_and(|before| !before.is_alphanumeric() && before != '_')
    })
}

/// The public function `name` in one of `sources`.
fn find<'a>(sources: &'a [Source], name: &str) -> Option<Function<'a>> {
    let (plain, generic) = (format!("pub fn {name}("), format!("pub fn {name}<"));
    // A file of the function's own name first: others may have a method that is called alike.
    let mut ordered: Vec<&Source> = sources.iter().collect();
    ordered.sort_by_key(|source| source.stem() != name);
    ordered.into_iter().find_map(|source| {
        let lines: Vec<&str> = source.text.lines().map(str::trim_start).collect();
        let at = lines
            .iter()
            .position(|line| line.starts_with(&plain) || line.starts_with(&generic))?;
        let begins = source.text.find(lines[at])? + "pub fn ".len();
        let mut docs: Vec<&str> = lines[..at]
            .iter()
            .rev()
            .take_while(|line| line.starts_with("///") || line.starts_with("#["))
            .filter_map(|line| line.strip_prefix("///"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        docs.reverse();
        Some(Function {
            source,
            docs,
            text: function(&source.text, begins),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.into(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_function_comes_with_what_is_written_above_it() {
        let sources = [
            source(
                "a/state.rs",
                "impl T {\n    /// A method.\n    pub fn split(&self) {}\n}\n",
            ),
            source(
                "a/split.rs",
                "fn other() {}\n/// Cuts.\n///\n/// - A rule.\n#[inline]\npub fn split<P>() {}\n",
            ),
        ];
        let found = find(&sources, "split").unwrap();
        assert_eq!(found.source.link(), "[`a/split.rs`](../a/split.rs)");
        assert_eq!(found.docs, ["Cuts.", "", "- A rule."]);
        assert!(find(&sources, "merge").is_none());
    }

    #[test]
    fn a_functions_texts_are_its_own_and_those_that_it_calls() {
        let file = source(
            "a/undo.rs",
            "pub fn undo() {\n    check(1)\n}\n\npub fn redo() {\n    other(2)\n}\n\n\
             fn check(it: u8) {\n    again(it)\n}\n\nfn again(it: u8) {\n    it\n}\n\nfn other(it: u8) {}\n",
        );
        let sources = [file];
        let texts = |name| find(&sources, name).unwrap().texts().concat();
        assert_eq!(
            texts("undo"),
            "undo() {\n    check(1)\n}check(it: u8) {\n    again(it)\n}again(it: u8) {\n    it\n}"
        );
        let redo = texts("redo");
        assert!(
            redo.contains("other(it: u8)") && !redo.contains("again"),
            "{redo}"
        );
    }

    #[test]
    fn the_errors_are_the_programs_own() {
        let errors = ["NoUnits", "Recalled"].into();
        let tests =
            "refuse(CustodyError::NoUnits); ProgramError::Custom(1); CustodyError::NoUnitsAtAll";
        let named = named_errors(&errors, [tests].into_iter());
        assert_eq!(named, ["NoUnits"].into());
    }
}
