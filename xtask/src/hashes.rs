//! The SHA-256 hashes of the compiled programs, as text that names the tools that made them.
//!
//! ```text
//! # compiler: rustc-web 1.96.0+dfsg1-1~deb12u2
//! # linker: sbpf-linker 0.2.6 on libllvm23 1:23.1.0-1
//! 74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b  custody.so
//! ```
//!
//! `sha256sum --check` reads the same text. The same source has these hashes wherever the same
//! compiler and linker compile it; other versions give other bytes. So hashes of other versions are
//! never compared.

use std::{fmt, str::FromStr};

use anyhow::{Context, Error, Result, ensure};
use sha2::{Digest, Sha256};

use crate::toolchain::Versions;

const COMPILER: &str = "# compiler: ";
const LINKER: &str = "# linker: ";

/// The hashes of all programs, and the tools that made them.
#[derive(Debug, PartialEq, Eq)]
pub struct Hashes {
    pub versions: Versions,
    programs: Vec<Entry>,
}

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    /// Such as `custody.so`.
    file: String,
    /// In lower-case hexadecimal.
    hash: String,
}

impl Hashes {
    pub fn new(versions: Versions) -> Self {
        Self {
            versions,
            programs: Vec::new(),
        }
    }

    /// Adds the compiled program `elf` and returns its hash.
    pub fn add(&mut self, file: String, elf: &[u8]) -> &str {
        let hash = hex::encode(Sha256::digest(elf));
        let entry = self.programs.push_mut(Entry { file, hash });
        &entry.hash
    }

    /// The files whose hash is not the same in `other`, in either's order.
    pub fn differences<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let missing = |entries: &'a [Entry], in_entries: &[Entry]| {
            let missing = entries.iter().filter(|entry| !in_entries.contains(entry));
            missing.map(|entry| entry.file.as_str()).collect::<Vec<_>>()
        };
        let mut files = missing(&self.programs, &other.programs);
        files.extend(missing(&other.programs, &self.programs));
        files.sort_unstable();
        files.dedup();
        files
    }
}

impl fmt::Display for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{COMPILER}{}", self.versions.compiler)?;
        writeln!(f, "{LINKER}{}", self.versions.linker)?;
        for Entry { file, hash } in &self.programs {
            writeln!(f, "{hash}  {file}")?;
        }
        Ok(())
    }
}

impl FromStr for Hashes {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let header = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::to_owned)
                .with_context(|| format!("there is no line `{name}…`"))
        };
        let versions = Versions {
            compiler: header(COMPILER)?,
            linker: header(LINKER)?,
        };
        let entry = |line: &str| {
            let (hash, file) = line
                .split_once("  ")
                .with_context(|| format!("`{line}` is not a hash, two spaces and a file name"))?;
            ensure!(
                hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "`{hash}` is not a SHA-256 hash"
            );
            Ok(Entry {
                file: file.to_owned(),
                hash: hash.to_ascii_lowercase(),
            })
        };
        let programs = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .map(entry)
            .collect::<Result<_>>()?;
        Ok(Self { versions, programs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(programs: &[(&str, &[u8])]) -> Hashes {
        let mut hashes = Hashes::new(Versions {
            compiler: "rustc 1".to_owned(),
            linker: "lld 2".to_owned(),
        });
        for (file, elf) in programs {
            hashes.add((*file).to_owned(), elf);
        }
        hashes
    }

    #[test]
    fn the_text_reads_as_it_was_written() {
        let written = hashes(&[("custody.so", b"abc"), ("registry.so", b"")]);
        let text = written.to_string();
        assert_eq!(
            text,
            "# compiler: rustc 1\n# linker: lld 2\n\
             ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  custody.so\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  registry.so\n"
        );
        assert_eq!(text.parse::<Hashes>().unwrap(), written);
    }

    #[test]
    fn changed_missing_and_added_programs_differ() {
        let one = hashes(&[("a.so", b"a"), ("b.so", b"b"), ("c.so", b"c")]);
        let other = hashes(&[("a.so", b"a"), ("b.so", b"B"), ("d.so", b"d")]);
        assert_eq!(one.differences(&other), ["b.so", "c.so", "d.so"]);
        assert!(one.differences(&one).is_empty());
    }

    #[test]
    fn a_malformed_text_is_refused() {
        for text in [
            "",
            "# compiler: rustc 1\n",
            "# compiler: rustc 1\n# linker: lld 2\ncustody.so\n",
            "# compiler: rustc 1\n# linker: lld 2\nba78  custody.so\n",
        ] {
            assert!(text.parse::<Hashes>().is_err(), "{text}");
        }
    }
}
