//! The folders for compiled code. They are in the cache, so that another checkout does not compile the
//! dependencies again.

use std::{
    fs::{self, File, TryLockError},
    io, mem,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// The target folder for one `kind` of build, ready for this checkout to use until this process ends.
///
/// Cargo compares the sources' time stamps and their paths inside the workspace, so one checkout could
/// get code that was compiled from another. When the checkout changes, the workspace's own packages are
/// therefore compiled again. Before that, this waits until no other checkout uses the folder.
pub fn claim(workspace: &Workspace, kind: &str) -> Result<PathBuf> {
    let folder = workspace.cache.join("target").join(kind);
    let root = workspace.root.display().to_string();
    take(&folder, &root, &|package| workspace.has_package(package))
        .with_context(|| format!("could not prepare {}", folder.display()))?;
    Ok(folder)
}

/// Locks `folder` for the checkout `root` until this process ends.
fn take(folder: &Path, root: &str, is_ours: &dyn Fn(&str) -> bool) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let owner = folder.join("checkout");
    let is_owner = || fs::read_to_string(&owner).is_ok_and(|last| last == root);
    let lock = File::create(folder.join("lock"))?;
    loop {
        lock.lock_shared()?;
        if is_owner() {
            break;
        }
        lock.unlock()?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            eprintln!(
                "waiting for another checkout that uses {}",
                folder.display()
            );
            lock.lock()?;
        }
        forget(folder, is_ours)?;
        fs::write(&owner, root)?;
        lock.unlock()?;
    }
    // Until the process ends.
    mem::forget(lock);
    Ok(())
}

/// Removes the fingerprints of packages below `folder`: those of the host's profiles, and, one level
/// deeper, those of another target's.
fn forget(folder: &Path, is_ours: &dyn Fn(&str) -> bool) -> io::Result<()> {
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

    #[test]
    fn a_folder_changes_hands_once_nobody_uses_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("host");
        let owner = || fs::read_to_string(folder.join("checkout")).unwrap();
        let lock = || {
            File::options()
                .write(true)
                .open(folder.join("lock"))
                .unwrap()
        };
        take(&folder, "one", &|_| true).unwrap();
        take(&folder, "one", &|_| true).unwrap();
        assert_eq!(owner(), "one");
        assert!(matches!(lock().try_lock(), Err(TryLockError::WouldBlock)));
        lock().try_lock_shared().unwrap();
    }
}
