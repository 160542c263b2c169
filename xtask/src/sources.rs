//! The sources that an instruction is made of: which functions there are, whose they are, and what is written
//! above them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use syn::{
    Attribute, Block, Expr, ExprLit, Ident, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemStruct, Lit,
    Meta, Type, UseName, Visibility,
    visit::{self, Visit},
};

/// A source file.
pub struct Source {
    /// From the workspace's root.
    pub path: PathBuf,
    tree: syn::File,
}

impl Source {
    pub fn parse(path: PathBuf, text: &str) -> Result<Self> {
        let tree = syn::parse_file(text)
            .with_context(|| format!("{} is not a Rust source file", path.display()))?;
        Ok(Self { path, tree })
    }

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

    /// What it declares, but for its tests.
    pub fn items(&self) -> Items<'_> {
        let mut items = Items {
            source: self,
            owner: None,
            functions: Vec::new(),
            structures: Vec::new(),
            used: Vec::new(),
        };
        items.visit_file(&self.tree);
        items
    }
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
            let text = fs::read_to_string(&path)?;
            sources.push(Source::parse(path.strip_prefix(root)?.to_owned(), &text)?);
        }
    }
    Ok(sources)
}

/// A function.
#[derive(Clone, Copy)]
pub struct Function<'a> {
    pub source: &'a Source,
    /// The type whose function it is.
    pub owner: Option<&'a Ident>,
    pub name: &'a Ident,
    pub block: &'a Block,
    attributes: &'a [Attribute],
    is_public: bool,
}

impl Function<'_> {
    /// What is written above it.
    pub fn docs(&self) -> Vec<String> {
        let lines = self.attributes.iter().filter_map(|attribute| {
            let Meta::NameValue(pair) = &attribute.meta else {
                return None;
            };
            match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(line),
                    ..
                }) if pair.path.is_ident("doc") => Some(line.value()),
                _ => None,
            }
        });
        lines
            .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
            .collect()
    }
}

/// What a source file declares.
pub struct Items<'a> {
    source: &'a Source,
    /// The type of the `impl` that is being read.
    owner: Option<&'a Ident>,
    pub functions: Vec<Function<'a>>,
    pub structures: Vec<&'a ItemStruct>,
    /// The names that it uses of other files.
    pub used: Vec<&'a Ident>,
}

impl<'a> Items<'a> {
    fn push(
        &mut self,
        name: &'a Ident,
        block: &'a Block,
        attributes: &'a [Attribute],
        visibility: &Visibility,
    ) {
        self.functions.push(Function {
            source: self.source,
            owner: self.owner,
            name,
            block,
            attributes,
            is_public: matches!(visibility, Visibility::Public(_)),
        });
    }
}

impl<'a> Visit<'a> for Items<'a> {
    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        let is_of_tests = |attribute: &Attribute| {
            let condition = attribute.parse_args::<Ident>();
            attribute.path().is_ident("cfg") && condition.is_ok_and(|name| name == "test")
        };
        if !module.attrs.iter().any(is_of_tests) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, implementation: &'a ItemImpl) {
        self.owner = match &*implementation.self_ty {
            Type::Path(of) => of.path.segments.last().map(|segment| &segment.ident),
            _ => None,
        };
        visit::visit_item_impl(self, implementation);
        self.owner = None;
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        let name = &function.sig.ident;
        self.push(name, &function.block, &function.attrs, &function.vis);
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        let name = &function.sig.ident;
        self.push(name, &function.block, &function.attrs, &function.vis);
    }

    fn visit_item_struct(&mut self, structure: &'a ItemStruct) {
        self.structures.push(structure);
    }

    fn visit_use_name(&mut self, used: &'a UseName) {
        self.used.push(&used.ident);
    }
}

/// The public function `name` in one of `sources`: in a file of its own name first, because others may have a
/// method that is called alike.
pub fn find<'a>(sources: &'a [Source], name: &str) -> Option<Function<'a>> {
    let mut ordered: Vec<&Source> = sources.iter().collect();
    ordered.sort_by_key(|source| source.stem() != name);
    ordered
        .into_iter()
        .flat_map(|source| source.items().functions)
        .find(|function| function.name == name && function.is_public)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source::parse(path.into(), text).unwrap()
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
        assert!(method.owner.is_some_and(|owner| owner == "T"));
        assert_eq!(method.docs(), ["A method."]);
    }

    #[test]
    fn the_type_of_an_implementation_is_the_one_that_has_the_functions() {
        for (implementation, owner) in [
            ("impl Passage", "Passage"),
            ("impl<'a> Leaving<'a>", "Leaving"),
            ("impl From<A> for BError", "BError"),
        ] {
            let source = source("a.rs", &format!("{implementation} {{ fn f() {{}} }}"));
            let of = source.items().functions[0].owner;
            assert!(of.is_some_and(|of| of == owner), "{implementation}");
        }
    }
}
