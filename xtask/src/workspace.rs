//! The workspace: its folders, its programs and its packages.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::{Metadata, MetadataCommand, Package};
use semver::Version;

pub struct Workspace {
    pub root: PathBuf,
    /// Where toolchains and compiled dependencies are kept, for all of this user's checkouts.
    pub cache: PathBuf,
    /// The on-chain programs, by name.
    pub programs: Vec<ProgramCrate>,
    /// The handoff written by hand, which the benchmark compares with the custody program's.
    pub floor: ProgramCrate,
    packages: Vec<Package>,
}

/// A package that compiles to an on-chain program.
#[derive(Debug, PartialEq)]
pub struct ProgramCrate {
    pub package: String,
    /// The library's name, and so the name of the `.so` and of the IDL.
    pub library: String,
    pub folder: PathBuf,
}

impl Workspace {
    /// Reads the workspace that contains the current folder.
    pub fn find() -> Result<Self> {
        Self::at(Path::new("."), cache_folder()?)
    }

    /// Reads the workspace that contains `folder`.
    pub fn at(folder: &Path, cache: PathBuf) -> Result<Self> {
        let metadata = MetadataCommand::new()
            .current_dir(folder)
            .no_deps()
            .exec()
            .context("could not read the workspace; run this inside a checkout of Pedigree")?;
        let root = PathBuf::from(&metadata.workspace_root);
        let programs = programs(&metadata, "programs");
        let floor = self::programs(&metadata, "bench/floor")
            .pop()
            .context("no program found in bench/floor")?;
        ensure!(
            !programs.is_empty(),
            "no program found in {}/programs",
            root.display()
        );
        Ok(Self {
            root,
            cache,
            programs,
            floor,
            packages: metadata.packages,
        })
    }

    /// The folder of the compiled programs.
    pub fn deploy(&self) -> PathBuf {
        self.root.join("target/deploy")
    }

    /// The folder of programs that are only measured.
    pub fn measured(&self) -> PathBuf {
        self.root.join("target/bench")
    }

    /// The folder of WebAssembly modules.
    pub fn wasm(&self) -> PathBuf {
        self.root.join("target/wasm")
    }

    /// The newest `rust-version` that a package of the workspace declares.
    pub fn rust_version(&self) -> Option<&Version> {
        self.packages
            .iter()
            .filter_map(|package| package.rust_version.as_ref())
            .max()
    }

    /// Whether `name` is one of the workspace's own packages.
    pub fn has_package(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.name == name)
    }

    /// The name of the one binary of `package`.
    pub fn binary_of(&self, package: &str) -> Result<&str> {
        let targets = self
            .packages
            .iter()
            .find(|candidate| candidate.name == package)
            .with_context(|| format!("the workspace has no package `{package}`"))?
            .targets
            .iter();
        match targets.filter(|target| target.is_bin()).collect::<Vec<_>>()[..] {
            [binary] => Ok(&binary.name),
            ref binaries => bail!(
                "package `{package}` should have one binary and has {}",
                binaries.len()
            ),
        }
    }
}

fn programs(metadata: &Metadata, folder: &str) -> Vec<ProgramCrate> {
    let folder = metadata.workspace_root.join(folder);
    let mut programs: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| package.manifest_path.starts_with(&folder))
        .filter_map(|package| {
            let library = package.targets.iter().find(|target| target.is_cdylib())?;
            Some(ProgramCrate {
                package: package.name.to_string(),
                library: library.name.clone(),
                folder: package.manifest_path.parent()?.into(),
            })
        })
        .collect();
    programs.sort_by(|a, b| a.library.cmp(&b.library));
    programs
}

/// `$PEDIGREE_CACHE`, else `$XDG_CACHE_HOME/pedigree`, else `~/.cache/pedigree`.
fn cache_folder() -> Result<PathBuf> {
    let set = |variable| {
        env::var_os(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    set("PEDIGREE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|caches| caches.join("pedigree")))
        .or_else(|| env::home_dir().map(|home| home.join(".cache/pedigree")))
        .context("no home folder found; set PEDIGREE_CACHE to an absolute path")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_programs_of_this_workspace() {
        let workspace = Workspace::find().unwrap();
        let names: Vec<_> = workspace
            .programs
            .iter()
            .map(|program| program.library.as_str())
            .collect();
        assert!(names.is_sorted());
        assert!(names.contains(&"custody") && names.contains(&"registry"));
        let registry = workspace.root.join("programs/registry");
        assert!(workspace.programs.iter().any(|p| p.folder == registry));
        assert_eq!(workspace.binary_of("xtask").unwrap(), "xtask");
        assert!(workspace.binary_of("absent").is_err());
    }
}
