//! No crate has other features in a build of the workspace than in a build of its tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::Command,
};

/// The features of each crate, by name and version, in a build that follows these edges.
fn features(edges: &str) -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env::var_os("CARGO").unwrap())
        .args(["tree", "--workspace", "--prefix", "none"])
        .args(["--edges", edges, "--format", "{p}|{f}|"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut crates = BTreeMap::<_, BTreeSet<_>>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let [package, features] = line.split('|').take(2).collect::<Vec<_>>()[..] else {
            continue;
        };
        // One crate may be compiled twice, for the target and for a build script.
        crates
            .entry(package.to_owned())
            .or_default()
            .extend(features.split(',').map(str::to_owned));
    }
    crates
}

#[test]
fn tests_ask_for_no_features_that_builds_lack() {
    let build = features("normal,build");
    let tests = features("normal,build,dev");
    let differing: Vec<_> = build
        .iter()
        .filter(|(package, features)| tests.get(*package) != Some(features))
        .map(|(package, features)| (package, features, tests.get(package)))
        .collect();
    assert!(
        build.len() > 500 && differing.is_empty(),
        "list the dev-dependency that asks for them in tests/features/Cargo.toml: {differing:#?}"
    );
}
