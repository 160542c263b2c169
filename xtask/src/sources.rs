//! The sources that an instruction is made of: which functions there are, what is written above them, and which
//! errors one of them can come to.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

/// The functions that say what an account may hold. What they refuse is listed once for each type of account.
const INVARIANT: &str = "invariant";

/// The folder of the rules, from the workspace's root.
const RULES: &str = "rules";

/// A source file.
pub struct Source {
    /// From the workspace's root.
    pub path: PathBuf,
    pub text: String,
}

impl Source {
    pub fn stem(&self) -> &str {
        let stem = self.path.file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or_default()
    }

    /// The file's own name where `others` have one of that name rather than of `name`.
    pub fn stem_or<'a>(&'a self, name: &'a str, others: &[Self]) -> &'a str {
        if others.iter().any(|other| other.stem() == name) {
            name
        } else {
            self.stem()
        }
    }

    pub fn link(&self) -> String {
        format!("[`{0}`](../{0})", self.path.display())
    }

    /// Its functions, but for those of its tests.
    fn functions(&self) -> Vec<Function<'_>> {
        let mut functions = Vec::new();
        let (mut owner, mut at) = (None, 0);
        for line in self.text.split_inclusive('\n') {
            if line.starts_with("#[cfg(test)]") {
                break;
            }
            if line.starts_with("impl") {
                owner = implemented(line);
            } else if line.starts_with('}') {
                owner = None;
            }
            let code = line.trim_start();
            if !code.starts_with("//")
                && let Some(begins) = code
                    .find("fn ")
                    .filter(|&begins| is_signature(&code[..begins]))
            {
                let begins = at + line.len() - code.len() + begins + "fn ".len();
                functions.push(Function {
                    source: self,
                    owner,
                    text: block(&self.text, begins),
                });
            }
            at += line.len();
        }
        functions
    }

    /// The structure `name` with its attributes, from its name to its end.
    fn structure(&self, name: &str) -> Option<&str> {
        let line = format!("\npub struct {name} {{");
        let at = self.text.find(&line)? + "\npub struct ".len();
        Some(block(&self.text, at))
    }

    /// Whether it names `word` among what it uses of other files.
    fn uses(&self, word: &str) -> bool {
        let first = self.text.strip_prefix("use ");
        first
            .into_iter()
            .chain(self.text.split("\nuse ").skip(1))
            .filter_map(|used| used.split(';').next())
            .any(|used| words(used).any(|(at, found)| found == word && is_used(used, at)))
    }
}

/// Whether the name at `at` in a `use` is one that is used, not the way to it.
fn is_used(used: &str, at: usize) -> bool {
    let rest = used[at..].trim_start_matches(is_of_word);
    !rest.starts_with("::")
}

/// Whether nothing but what a function's signature begins with stands before its `fn`.
fn is_signature(before: &str) -> bool {
    before
        .split_whitespace()
        .all(|word| word.starts_with("pub") || ["const", "unsafe", "async"].contains(&word))
}

/// The type of an `impl`, by its first line.
fn implemented(line: &str) -> Option<&str> {
    let line = line.trim_end().trim_end_matches('{').trim_end();
    let implementor = line.rsplit(" for ").next()?;
    let implementor = implementor.strip_prefix("impl").unwrap_or(implementor);
    let implementor = match implementor.strip_prefix('<') {
        Some(generic) => generic.split_once('>')?.1,
        None => implementor,
    };
    let implementor = implementor.trim_start();
    let end = implementor
        .find(|c| !is_of_word(c))
        .unwrap_or(implementor.len());
    Some(&implementor[..end])
}

/// The text of what is named at `name`, to the brace that closes it: the first with the indentation of its
/// line.
fn block(text: &str, name: usize) -> &str {
    let line = text[..name].rfind('\n').map_or(0, |end| end + 1);
    let indentation = text[line..].len() - text[line..].trim_start_matches(' ').len();
    let close = format!("\n{}}}", " ".repeat(indentation));
    let rest = &text[name..];
    let first = rest.find('\n').unwrap_or(rest.len());
    if rest[..first].ends_with('}') {
        return &rest[..first];
    }
    let end = rest.find(&close).map_or(rest.len(), |at| at + close.len());
    &rest[..end]
}

/// Every Rust file below `folder`.
pub fn read(root: &Path, folder: &Path) -> Result<Vec<Source>> {
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

/// A function.
#[derive(Clone, Copy)]
pub struct Function<'a> {
    pub source: &'a Source,
    /// The type whose function it is.
    owner: Option<&'a str>,
    /// From its name to its end.
    text: &'a str,
}

impl<'a> Function<'a> {
    fn name(&self) -> &'a str {
        self.name_at(0)
    }

    /// Where it begins in its source.
    fn at(&self) -> usize {
        self.text.as_ptr() as usize - self.source.text.as_ptr() as usize
    }

    /// What is written above it.
    pub fn docs(&self) -> Vec<&'a str> {
        let above = &self.source.text[..self.at()];
        let above = &above[..above.rfind('\n').map_or(0, |end| end)];
        let mut docs: Vec<&str> = above
            .lines()
            .rev()
            .map(str::trim_start)
            .take_while(|line| {
                line.starts_with("///") || !line.is_empty() && !line.ends_with(['}', ';', '{'])
            })
            .filter_map(|line| line.strip_prefix("///"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        docs.reverse();
        docs
    }

    /// Those of `namesakes` that it calls, or passes on, where it has their name at `at`.
    fn called(&self, at: usize, namesakes: &[Self]) -> Vec<Self> {
        let before = &self.text[..at];
        let last_word = |text: &'a str| {
            let end = text.rfind(|c| !is_of_word(c)).map_or(0, |end| end + 1);
            &text[end..]
        };
        let those = |is_meant: &dyn Fn(&Self) -> bool| {
            namesakes
                .iter()
                .copied()
                .filter(|other| is_meant(other))
                .collect::<Vec<_>>()
        };
        if let Some(before) = before.strip_suffix('.') {
            let behind = &self.text[at + self.name_at(at).len()..];
            if !behind.starts_with('(') && !behind.starts_with("::<") {
                return Vec::new();
            }
            let methods = those(&|other| other.owner.is_some());
            // The names of the rules' methods are their own; a program's may be those of an iterator, too.
            let are_alike = |other: &Self| {
                other.owner == methods[0].owner && other.source.path.starts_with(RULES)
            };
            if methods.iter().all(are_alike) {
                return methods;
            }
            let receiver = last_word(before.trim_end());
            let begins = before.rfind([';', '{', '}']).map_or(0, |end| end + 1);
            let names = |owner: &str| words(&before[begins..]).any(|(_, word)| word == owner);
            return match receiver {
                "self" => those(&|other| other.owner.is_some() && other.owner == self.owner),
                // Of a longer expression, the type that it begins with.
                "" => those(&|other| other.owner.is_some_and(names)),
                _ => those(&|other| {
                    other
                        .owner
                        .is_some_and(|owner| is_named_after(receiver, owner))
                }),
            };
        }
        match before.strip_suffix("::").map(last_word) {
            Some("Self") => those(&|other| other.owner == self.owner),
            Some(of) if of.starts_with(char::is_uppercase) => {
                those(&|other| other.owner == Some(of))
            }
            Some(module) => those(&|other| other.owner.is_none() && other.source.stem() == module),
            None => those(&|other| {
                let is_here = other.source.path == self.source.path;
                other.owner.is_none() && (is_here || self.source.uses(self.name_at(at)))
            }),
        }
    }

    fn name_at(&self, at: usize) -> &'a str {
        let rest = &self.text[at..];
        &rest[..rest.find(|c| !is_of_word(c)).unwrap_or(rest.len())]
    }
}

/// Whether a variable is called as its type is: `unit_page` is a `UnitPage`, and so is `page`.
fn is_named_after(variable: &str, of: &str) -> bool {
    let variable = variable.replace('_', "");
    !variable.is_empty() && of.to_lowercase().ends_with(&variable)
}

/// The public function `name` in one of `sources`: in a file of its own name first, because others may have a
/// method that is called alike.
pub fn find<'a>(sources: &'a [Source], name: &str) -> Option<Function<'a>> {
    let mut ordered: Vec<&Source> = sources.iter().collect();
    ordered.sort_by_key(|source| source.stem() != name);
    let is_public = |function: &Function| {
        let before = &function.source.text[..function.at()];
        before.ends_with("pub fn ") || before.ends_with("pub const fn ")
    };
    ordered
        .into_iter()
        .flat_map(Source::functions)
        .find(|function| function.name() == name && is_public(function))
}

/// What a function refuses.
pub struct Refusals<'a, 'b> {
    /// The errors that it may return.
    pub errors: BTreeSet<&'a str>,
    /// The types of the accounts whose invariants it checks as well.
    pub valid: BTreeSet<&'b str>,
}

/// A program's functions and its rules', by name.
pub struct Functions<'a> {
    program: &'a [Source],
    by_name: BTreeMap<&'a str, Vec<Function<'a>>>,
}

impl<'a> Functions<'a> {
    pub fn of(program: &'a [Source], rules: &'a [Source]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<Function>> = BTreeMap::new();
        for function in program.iter().chain(rules).flat_map(Source::functions) {
            by_name.entry(function.name()).or_default().push(function);
        }
        Self { program, by_name }
    }

    /// What an instruction's function refuses: what is named by the accounts that it takes, by itself, and by what
    /// it calls.
    ///
    /// A method is found by its name, and by that of its receiver where several types have it.
    pub fn refusals<'e>(
        &self,
        handler: Function<'a>,
        errors: &BTreeSet<&'e str>,
    ) -> Refusals<'e, 'a> {
        let mut refusals = self.reached_from(handler, errors);
        let structures = handler.owner.into_iter().flat_map(|owner| {
            let program = self.program.iter();
            program.filter_map(move |source| source.structure(owner))
        });
        let of_accounts = structures.flat_map(|text| named(text, errors));
        refusals.errors.extend(of_accounts);
        refusals
    }

    /// Each type of account that has an invariant, with what this refuses.
    pub fn invariants<'e>(
        &self,
        errors: &BTreeSet<&'e str>,
    ) -> BTreeMap<&'a str, BTreeSet<&'e str>> {
        let all = self.by_name.get(INVARIANT).into_iter().flatten();
        all.filter_map(|&invariant| {
            let refused = self.reached_from(invariant, errors).errors;
            Some((invariant.owner?, refused))
        })
        .collect()
    }

    fn reached_from<'e>(
        &self,
        first: Function<'a>,
        errors: &BTreeSet<&'e str>,
    ) -> Refusals<'e, 'a> {
        let mut refusals = Refusals {
            errors: BTreeSet::new(),
            valid: BTreeSet::new(),
        };
        let (mut reached, mut met) = (vec![first], BTreeSet::from([first.text.as_ptr()]));
        while let Some(function) = reached.pop() {
            refusals.errors.extend(named(function.text, errors));
            for (at, word) in words(function.text).filter(|&(at, _)| at != 0) {
                let namesakes = self.by_name.get(word).map_or(&[][..], Vec::as_slice);
                for called in function.called(at, namesakes) {
                    if word == INVARIANT {
                        refusals.valid.extend(called.owner);
                    } else if met.insert(called.text.as_ptr()) {
                        reached.push(called);
                    }
                }
            }
        }
        refusals
    }
}

/// The errors that this text names.
fn named<'a>(text: &str, errors: &BTreeSet<&'a str>) -> Vec<&'a str> {
    text.split("Error::")
        .skip(1)
        .filter_map(|named| {
            let end = named.find(|c| !is_of_word(c)).unwrap_or(named.len());
            errors.get(&named[..end]).copied()
        })
        .collect()
}

/// The words of this code, each with its place; comments have none.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').flat_map(move |line| {
        let begins = at;
        at += line.len();
        let code = line.split("//").next().unwrap_or_default();
        code.split(|c| !is_of_word(c))
            .filter(|word| !word.is_empty())
            .map(move |word| {
                let place = word.as_ptr() as usize - line.as_ptr() as usize;
                (begins + place, word)
            })
    })
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
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
                "fn other() {}\n/// Cuts.\n///\n/// - A rule.\n#[allow(\n    it,\n    reason = \"so\"\n)]\npub fn split<P>() {}\n",
            ),
        ];
        let found = find(&sources, "split").unwrap();
        assert_eq!(found.source.link(), "[`a/split.rs`](../a/split.rs)");
        assert_eq!(found.docs(), ["Cuts.", "", "- A rule."]);
        assert!(find(&sources, "merge").is_none());
        let method = find(&sources[..1], "split").unwrap();
        assert_eq!(
            (method.owner, method.docs()),
            (Some("T"), vec!["A method."])
        );
    }

    #[test]
    fn the_type_of_an_implementation_is_the_one_that_has_the_functions() {
        assert_eq!(implemented("impl Passage {\n"), Some("Passage"));
        assert_eq!(implemented("impl<'a> Leaving<'a> {\n"), Some("Leaving"));
        assert_eq!(implemented("impl From<A> for BError {\n"), Some("BError"));
    }

    #[test]
    fn an_instructions_errors_are_those_of_its_accounts_and_of_what_it_calls() {
        let program = [source(
            "programs/undo.rs",
            r"
use rules::undo::{redo, undo};

pub struct Undo {
    #[account(address = a @ AError::Account)]
    a: A,
}

impl Undo {
    pub fn undo(&self) {
        undo(&self.unit_page)
    }
}

pub struct Redo {
    #[account(address = b @ AError::Other)]
    b: B,
}

impl Redo {
    pub fn redo(&self) {
        redo()
    }
}
",
        )];
        let rules = [
            source(
                "rules/undo.rs",
                r"
use crate::signer::refusal;

pub fn undo(page: &UnitPage) {
    // redo() is another's.
    page
        .check(page.field)
        .map_err(refusal);
    Chain::of(page)
        .check()
}

pub fn redo() {
    AError::Redone
}
",
            ),
            source(
                "rules/signer.rs",
                "pub fn refusal() {\n    AError::Signer\n}\n",
            ),
            source(
                "rules/page.rs",
                r"
impl UnitPage {
    pub fn check(&self) {
        self.invariant();
        self.full()
    }

    fn full(&self) {
        AError::Full
    }

    fn invariant(&self) {
        AError::Invariant
    }
}

impl Lot {
    pub fn check(&self) {
        AError::Lot
    }

    fn field(&self) {
        AError::Field
    }
}

impl<'a> Chain<'a> {
    fn check(&self) {
        AError::Chained
    }
}

#[cfg(test)]
mod tests {
    fn full() {
        AError::Test
    }
}
",
            ),
        ];
        let errors = [
            "Account",
            "Chained",
            "Field",
            "Full",
            "Invariant",
            "Lot",
            "Other",
            "Redone",
            "Signer",
            "Test",
        ]
        .into();
        let functions = Functions::of(&program, &rules);
        let of = |name| functions.refusals(find(&program, name).unwrap(), &errors);
        let undo = of("undo");
        assert_eq!(undo.errors, ["Account", "Chained", "Full", "Signer"].into());
        assert_eq!(undo.valid, ["UnitPage"].into());
        let redo = of("redo");
        assert_eq!(redo.errors, ["Other", "Redone"].into());
        assert!(redo.valid.is_empty());
        let invariants = functions.invariants(&errors);
        assert_eq!(invariants, [("UnitPage", ["Invariant"].into())].into());
    }

    #[test]
    fn the_errors_are_the_programs_own() {
        let errors = ["NoUnits", "Recalled"].into();
        let text =
            "refuse(CustodyError::NoUnits); ProgramError::Custom(1); CustodyError::NoUnitsAtAll";
        assert_eq!(named(text, &errors), ["NoUnits"]);
    }
}
