//! The folders for compiled code. They are in the cache, so that another checkout does not compile the
//! dependencies again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// The target folder for one `kind` of build, ready for this checkout to use.
///
/// Cargo compares the sources' time stamps and their paths inside the workspace, so one checkout could
/// get code that was compiled from another. When the checkout changes, the workspace's own packages are
/// therefore compiled again.
pub fn claim(workspace: &Workspace, kind: &str) -> Result<PathBuf> {
    let folder = workspace.cache.join("target").join(kind);
    let owner = folder.join("checkout");
    let root = workspace.root.display().to_string();
    if fs::read_to_string(&owner).is_ok_and(|last| last == root) {
        return Ok(folder);
    }
    forget(&folder, &|package| workspace.has_package(package))
        .and_then(|()| fs::create_dir_all(&folder))
        .and_then(|()| fs::write(&owner, root))
        .with_context(|| format!("could not prepare {}", folder.display()))?;
    Ok(folder)
}

/// Removes the fingerprints of packages below `folder`: those of the host's profiles, and, one level
/// deeper, those of another target's.
fn forget(folder: &Path, is_ours: &dyn Fn(&str) -> bool) -> std::io::Result<()> {
    let mut profiles = subfolders(folder);
    profiles.extend(profiles.clone().iter().flat_map(|inner| subfolders(inner)));
    for profile in profiles {
        for fingerprint in subfolders(&profile.join(".fingerprint")) {
            let name = fingerprint
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            if name
                .rsplit_once('-')
                .is_some_and(|(package, _)| is_ours(package))
            {
                fs::remove_dir_all(&fingerprint)?;
            }
        }
    }
    Ok(())
}

/// The folders in `folder`; none if it does not exist.
fn subfolders(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_workspaces_own_packages_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let fingerprint = |path: &str| folder.path().join(path);
        let ours = [
            fingerprint("debug/.fingerprint/pedigree-cli-0123456789abcdef"),
            fingerprint("sbpf-solana/release/.fingerprint/registry-fedcba9876543210"),
        ];
        let theirs = fingerprint("debug/.fingerprint/registry-client-0123456789abcdef");
        for path in ours.iter().chain([&theirs]) {
            fs::create_dir_all(path).unwrap();
        }

        forget(folder.path(), &|package| {
            ["pedigree-cli", "registry"].contains(&package)
        })
        .unwrap();

        assert!(ours.iter().all(|path| !path.exists()));
        assert!(theirs.exists());
        forget(&folder.path().join("absent"), &|_| true).unwrap();
    }
}
