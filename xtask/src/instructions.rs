//! `docs/instructions.md`: every instruction of the programs, with who signs and where its rules, tests,
//! builder and command are. Made from the IDLs and the sources, so that it cannot fall behind them.

use std::{
    collections::BTreeSet,
    fmt::{Display, Write as _},
    fs,
    path::Path,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{
    refusals::Functions,
    sources::{Source, find, read},
    workspace::Workspace,
};

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
         errors that its accounts and its rules name, and where all of that is. `cargo xtask idl` writes\n\
         this page from the IDLs and the sources.\n\n\
         Where a site signs, its own key does, or an operator's, whose `Operator` account then follows\n\
         the accounts listed in the IDL, in the order of the signers. If neither fits, the errors are\n\
         `NotPartnerKey`, `NotSitesOperator`, `OperatorDismissed`, `OperatorNotYetValid`,\n\
         `OperatorLapsed` and `OperatorPermission`. Anchor refuses an account that is missing, another\n\
         program's, of another type or not writable, and a missing signature.\n",
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
    let functions = Functions::of(&sources.program, &sources.rules);
    write!(page, "\n## {program}\n\n")?;
    writeln!(
        page,
        "What an account must hold, whichever instruction leaves it valid:\n"
    )?;
    writeln!(page, "| account | errors |\n|---|---|")?;
    for (account, refused) in functions.invariants(&errors) {
        writeln!(page, "| `{account}` | {} |", listed(&refused))?;
    }
    for instruction in &idl.instructions {
        write_instruction(page, program, instruction, &errors, &sources, &functions)
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
    functions: &Functions,
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
    let docs = rules.map(|rules| rules.docs().join("\n"));
    if let Some(docs) = docs.filter(|docs| !docs.is_empty()) {
        write!(page, "{}\n\n", docs.trim())?;
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
    let refusals = functions.refusals(handler, errors);
    if !refusals.errors.is_empty() {
        writeln!(page, "| errors | {} |", listed(&refusals.errors))?;
    }
    if !refusals.valid.is_empty() {
        writeln!(page, "| leaves valid | {} |", listed(&refusals.valid))?;
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

/// Names, one after the other.
fn listed(names: &BTreeSet<impl Display>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
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
        let mut program_sources = read(format!("programs/{program}/src"))?;
        // It has functions of the instructions' names, too, which call theirs.
        program_sources.retain(|source| source.stem() != "lib");
        Ok(Self {
            program: program_sources,
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
