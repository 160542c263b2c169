//! Debian packages unpacked into a folder instead of installed: an apt with package lists, archives
//! and, if wanted, sources of its own. It reads the system's configuration and changes nothing in it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::steps::Progress;

/// The file in a folder of unpacked packages that lists them: name, tab, version, a line each.
const LIST: &str = "packages";

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

pub struct Apt<'a> {
    folder: PathBuf,
    options: Vec<String>,
    progress: &'a Progress,
}

impl<'a> Apt<'a> {
    /// The packages of the system's own sources. Installed packages count as present.
    pub fn of_system(folder: PathBuf, progress: &'a Progress) -> Result<Self> {
        Self::new(folder, Vec::new(), progress)
    }

    /// The packages of one Debian suite at `mirror`, as if nothing were installed.
    pub fn of_suite(
        folder: PathBuf,
        mirror: &str,
        suite: &str,
        progress: &'a Progress,
    ) -> Result<Self> {
        ensure!(
            Path::new(KEYRING).exists(),
            "{KEYRING} is missing; run `sudo apt-get install debian-archive-keyring`"
        );
        let sources = folder.join("sources.list");
        let status = folder.join("status");
        let options = vec![
            format!("Dir::Etc::sourcelist={}", sources.display()),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State::status={}", status.display()),
        ];
        let apt = Self::new(folder, options, progress)?;
        fs::write(
            sources,
            format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n"),
        )?;
        fs::write(status, "")?;
        Ok(apt)
    }

    fn new(folder: PathBuf, mut options: Vec<String>, progress: &'a Progress) -> Result<Self> {
        for inner in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join(inner))
                .with_context(|| format!("could not create {}", folder.display()))?;
        }
        options.push(format!(
            "Dir::State::lists={}",
            folder.join("lists").display()
        ));
        options.push(format!("Dir::Cache={}", folder.join("cache").display()));
        // As root, apt would download as a user who cannot read this folder.
        options.push("APT::Sandbox::User=root".to_owned());
        options.push("Acquire::Languages=none".to_owned());
        Ok(Self {
            folder,
            options,
            progress,
        })
    }

    pub fn update(&self) -> Result<()> {
        self.progress.run(self.command("apt-get").args(["update"]))
    }

    /// The version that apt would install of `package`.
    pub fn candidate(&self, package: &str) -> Result<String> {
        let policy = output(self.command("apt-cache").args(["policy", package]))?;
        candidate(&policy).with_context(|| {
            format!(
                "no package `{package}` in this machine's apt sources; it is in Debian's main \
                 section from bookworm on, security updates included"
            )
        })
    }

    /// `packages` and all that they depend on, without those that the system has installed.
    pub fn closure(&self, packages: &[&str]) -> Result<Vec<String>> {
        let plan = output(
            self.command("apt-get")
                .args([
                    "install",
                    "--simulate",
                    "--reinstall",
                    "--no-install-recommends",
                ])
                .args(packages),
        )?;
        Ok(planned(&plan))
    }

    /// Downloads `packages`, unpacks them into `folder` and lists them there for [`unpacked_version`].
    pub fn unpack(&self, packages: &[String], folder: &Path) -> Result<()> {
        let archives = self.folder.join("archives");
        recreate(&archives)?;
        recreate(folder)?;
        self.progress.run(
            self.command("apt-get")
                .arg("download")
                .args(packages)
                .current_dir(&archives),
        )?;
        let mut list = String::new();
        for entry in fs::read_dir(&archives)? {
            let archive = entry?.path();
            let mut unpack = Command::new("dpkg-deb");
            unpack.arg("--extract").arg(&archive).arg(folder);
            self.progress.run(&mut unpack)?;
            list += &output(Command::new("dpkg-deb").arg("--show").arg(&archive))?;
        }
        fs::write(folder.join(LIST), list)?;
        fs::remove_dir_all(archives)?;
        Ok(())
    }

    /// The Debian mirror that the system's sources name.
    pub fn mirror(&self) -> Result<String> {
        let targets = output(self.command("apt-get").args([
            "indextargets",
            "--format",
            "$(LABEL)|$(COMPONENT)|$(REPO_URI)",
        ]))?;
        match mirror(&targets) {
            Some(mirror) => Ok(mirror.to_owned()),
            None => bail!("this machine's apt sources name no Debian mirror"),
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        // The output is read here, so it must not be translated.
        command.env("LC_ALL", "C");
        for option in &self.options {
            command.args(["-o", option]);
        }
        command
    }
}

/// Fails unless this system has the programs that unpack Debian packages.
pub fn require_debian() -> Result<()> {
    for program in ["apt-get", "apt-cache", "dpkg-deb"] {
        ensure!(
            Command::new(program).arg("--version").output().is_ok(),
            "`{program}` is missing: this step unpacks Debian packages and needs a Debian system"
        );
    }
    Ok(())
}

/// The version of a package that [`Apt::unpack`] unpacked into `folder`.
pub fn unpacked_version(folder: &Path, package: &str) -> Result<String> {
    let list = folder.join(LIST);
    let text =
        fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    listed_version(&text, package)
        .map(str::to_owned)
        .with_context(|| format!("{} does not list {package}", list.display()))
}

fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("could not start {:?}", command.get_program()))?;
    ensure!(
        output.status.success(),
        "{command:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Reads `dpkg-deb --show`, which names an architecture after the package where several can be
/// installed together.
fn listed_version<'a>(list: &'a str, package: &str) -> Option<&'a str> {
    list.lines()
        .filter_map(|line| line.split_once('\t'))
        .find(|(name, _)| name.split(':').next() == Some(package))
        .map(|(_, version)| version)
}

/// Debian's name for this machine's library folder.
pub fn multiarch() -> String {
    format!("{}-linux-gnu", env::consts::ARCH)
}

/// Creates `folder` empty, removing what is in it.
fn recreate(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not create {}", folder.display()))
}

/// Reads `apt-cache policy`.
fn candidate(policy: &str) -> Option<String> {
    policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))
        .filter(|version| *version != "(none)")
        .map(str::to_owned)
}

/// Reads the packages to be unpacked from `apt-get install --simulate`.
fn planned(plan: &str) -> Vec<String> {
    plan.lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// Picks Debian's main archive, rather than its security archive or another vendor's, from lines
/// of `label|component|address`.
fn mirror(targets: &str) -> Option<&str> {
    targets
        .lines()
        .find_map(|line| line.strip_prefix("Debian|main|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_the_main_archives() {
        let targets = "Node Source|main|https://node.example/\n\
                       Debian-Security|main|http://mirror.example/debian-security/\n\
                       Debian|contrib|http://mirror.example/other/\n\
                       Debian|main|http://mirror.example/debian/\n";
        assert_eq!(mirror(targets), Some("http://mirror.example/debian/"));
        assert_eq!(mirror("Ubuntu|main|http://mirror.example/ubuntu/\n"), None);
    }

    #[test]
    fn the_candidate_is_what_would_be_installed() {
        let policy = "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1~deb12u2\n  \
                      Version table:\n     1.85.0+dfsg3-1~deb12u3 500\n";
        assert_eq!(candidate(policy).as_deref(), Some("1.96.0+dfsg1-1~deb12u2"));
        assert_eq!(candidate("rustc-web:\n  Candidate: (none)\n"), None);
        assert_eq!(candidate(""), None);
    }

    #[test]
    fn the_list_gives_a_packages_version() {
        let list = "lld-19\t1:19.1.7-3~deb12u1\nlibllvm19:amd64\t1:19.1.7-4\n";
        assert_eq!(listed_version(list, "lld-19"), Some("1:19.1.7-3~deb12u1"));
        assert_eq!(listed_version(list, "libllvm19"), Some("1:19.1.7-4"));
        assert_eq!(listed_version(list, "lld"), None);
    }

    #[test]
    fn the_plan_is_what_would_be_unpacked() {
        let plan = "NOTE: This is only a simulation!\n\
                    Inst libllvm22 (1:22.1.8-1 Debian-Security:12 [amd64])\n\
                    Inst rustc-web [1.95.0] (1.96.0 Debian-Security:12 [amd64]) []\n\
                    Conf libllvm22 (1:22.1.8-1 Debian-Security:12 [amd64])\n";
        assert_eq!(planned(plan), ["libllvm22", "rustc-web"]);
    }
}
