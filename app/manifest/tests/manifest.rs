//! Manifests as a manufacturer writes them and a customer receives them.

use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use pedigree_manifest::{
    Damage, Error, Lot, Manifest, Progress, Proof, SerialList, Stage, Unit, verify,
};
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

fn lot() -> Lot {
    Lot {
        gtin: 9_506_000_134_352,
        lot_number: "A1".to_owned(),
        expiry: 20_290_200,
        address: [7; 32],
    }
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A folder with a whole manifest of `quantity` units, ten to a package.
fn manifest(quantity: u32) -> (TempDir, Manifest) {
    let folder = TempDir::new().unwrap();
    let mut csv = String::from("serial,sscc\n");
    for index in 0..quantity {
        let body = 10_614_141_000_000_000 + u64::from(index / 10);
        let check = pedigree_domain::gs1::check_digit(body);
        csv += &format!("S{index},{:018}\n", body * 10 + u64::from(check));
    }
    let list = SerialList::read(csv.as_bytes()).unwrap();
    let manifest = Manifest::create(folder.path().join("lot"), lot(), &list, go_on).unwrap();
    (folder, manifest)
}

fn units(manifest: &Manifest) -> Vec<Unit> {
    let mut units = Vec::new();
    manifest
        .for_each(manifest.units(), |unit| {
            units.push(unit);
            ControlFlow::Continue(())
        })
        .unwrap();
    units
}

fn is_proven(manifest: &Manifest, unit: &Unit, proof: &Proof) -> bool {
    verify(
        manifest.root(),
        &manifest.lot().address,
        manifest.quantity(),
        unit.index,
        &unit.serial,
        &unit.salt,
        proof,
    )
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn listed_serial_numbers_are_found() {
    let (folder, manifest) = manifest(1_000);
    assert_eq!(manifest.lot(), &lot());
    assert_eq!(manifest.quantity(), 1_000);
    assert!(!manifest.is_partial());
    manifest.check(go_on).unwrap();
    for index in [0, 1, 255, 256, 999] {
        let unit = manifest.unit(index).unwrap();
        assert_eq!(unit.serial, format!("S{index}"));
        assert!(unit.package.is_some());
        assert_eq!(manifest.find(&unit.serial).unwrap(), Some(unit));
    }
    assert_eq!(manifest.find("s1").unwrap(), None, "case matters");
    assert!(matches!(
        manifest.unit(1_000),
        Err(Error::OutOfRange { .. })
    ));
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn every_unit_of_small_lots_is_proven() {
    for quantity in 1..=70 {
        let (_folder, manifest) = manifest(quantity);
        for unit in units(&manifest) {
            let proof = manifest.prove(unit.index).unwrap();
            assert!(
                is_proven(&manifest, &unit, &proof),
                "{quantity} {}",
                unit.index
            );
            for wrong in 0..quantity {
                let wrong = Unit {
                    index: wrong,
                    ..unit.clone()
                };
                assert_eq!(
                    is_proven(&manifest, &wrong, &proof),
                    wrong.index == unit.index
                );
            }
        }
    }
}

#[test]
fn proofs_in_large_lots_use_stored_hashes() {
    let (_folder, manifest) = manifest(2_500);
    for index in [0, 255, 256, 1_023, 1_024, 2_047, 2_048, 2_303, 2_304, 2_499] {
        let proof = manifest.prove(index).unwrap();
        assert!(is_proven(&manifest, &manifest.unit(index).unwrap(), &proof));
    }
}

#[test]
fn lots_with_the_same_serial_numbers_have_different_roots() {
    let (_one, one) = manifest(3);
    let (_other, other) = manifest(3);
    assert_ne!(one.root(), other.root());
    assert_ne!(one.manifest_hash(), other.manifest_hash());
}

#[test]
fn an_existing_file_is_not_overwritten() {
    let (folder, manifest) = manifest(3);
    let list = SerialList::generate(3).unwrap();
    let again = Manifest::create(folder.path().join("lot"), lot(), &list, go_on);
    assert!(matches!(again, Err(Error::Exists(_))));
    let extracted = manifest.extract(0..1, folder.path().join("lot"), go_on);
    assert!(matches!(extracted, Err(Error::Exists(_))));
    manifest.check(go_on).unwrap();
}

#[test]
fn a_file_that_appears_during_the_work_is_not_overwritten() {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("lot");
    let list = SerialList::generate(3).unwrap();
    let outcome = Manifest::create(&target, lot(), &list, |_| {
        fs::write(&target, "mine").unwrap();
        ControlFlow::Continue(())
    });
    assert!(matches!(outcome, Err(Error::Exists(_))));
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert_eq!(files(folder.path()), [target]);
}

#[test]
fn work_stopped_at_any_stage_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let list = SerialList::generate(20_000).unwrap();
    for stage in [Stage::Hashing, Stage::Writing, Stage::Indexing] {
        let outcome = Manifest::create(folder.path().join("lot"), lot(), &list, |progress| {
            if progress.stage == stage {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(matches!(outcome, Err(Error::Stopped)));
        assert!(files(folder.path()).is_empty(), "{stage:?}");
    }
}

#[test]
fn drafts_of_killed_processes_are_deleted_and_others_are_not() {
    let folder = TempDir::new().unwrap();
    let abandoned = folder.path().join(".lot.abc.unfinished");
    let others = folder.path().join(".other.abc.unfinished");
    fs::write(&abandoned, "half").unwrap();
    fs::write(&others, "half").unwrap();
    let list = SerialList::generate(3).unwrap();
    let mut nested = None;
    let outcome = Manifest::create(folder.path().join("lot"), lot(), &list, |_| {
        // As another process would that finishes first with the same target.
        nested.get_or_insert_with(|| {
            Manifest::create(folder.path().join("lot"), lot(), &list, go_on).unwrap()
        });
        ControlFlow::Continue(())
    });
    assert!(matches!(outcome, Err(Error::Exists(_))));
    nested.unwrap().check(go_on).unwrap();
    assert!(!abandoned.exists());
    assert!(others.exists());
}

#[test]
fn an_invalid_lot_is_refused() {
    let folder = TempDir::new().unwrap();
    let list = SerialList::generate(3).unwrap();
    let wrong = [
        Lot {
            gtin: 9_506_000_134_353,
            ..lot()
        },
        Lot {
            lot_number: "A 1".to_owned(),
            ..lot()
        },
        Lot {
            expiry: 20_290_230,
            ..lot()
        },
    ];
    for lot in wrong {
        let outcome = Manifest::create(folder.path().join("lot"), lot, &list, go_on);
        assert!(matches!(outcome, Err(Error::Lot { .. })));
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_manifest_is_reopened_for_its_lot_and_its_serial_numbers() {
    let (folder, manifest) = manifest(3);
    let path = folder.path().join("lot");
    let serials = |text: &str| SerialList::read(text.as_bytes()).unwrap();
    for list in [None, Some(serials("S0\nS1\nS2\n"))] {
        let again = Manifest::reopen(&path, &lot(), list.as_ref()).unwrap();
        assert_eq!(again.root(), manifest.root());
    }
    for list in ["S0\nS1\n", "S0\nS2\nS1\n", "S0\nS1\nS2\nS3\n"] {
        let again = Manifest::reopen(&path, &lot(), Some(&serials(list)));
        assert!(matches!(again, Err(Error::OtherSerials(_))), "{list}");
    }
    let other = Lot {
        expiry: 20_290_300,
        ..lot()
    };
    let again = Manifest::reopen(&path, &other, None);
    assert!(matches!(again, Err(Error::OtherLot(_))));
    let part = folder.path().join("part");
    manifest.extract(0..2, &part, go_on).unwrap();
    let again = Manifest::reopen(&part, &lot(), None);
    assert!(matches!(again, Err(Error::Partial(_))));
}

#[test]
fn other_files_are_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x");
    assert!(matches!(Manifest::open(&path), Err(Error::Missing(_))));
    for contents in ["", "SQLite format 3\0", "serial\nA1\n"] {
        fs::write(&path, contents).unwrap();
        let opened = Manifest::open(&path);
        assert!(matches!(opened, Err(Error::NotAManifest(_))), "{opened:?}");
    }
    let (folder, manifest) = manifest(3);
    drop(manifest);
    let path = folder.path().join("lot");
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 2)
        .unwrap();
    assert!(matches!(
        Manifest::open(&path),
        Err(Error::NewerFormat { format: 2, .. })
    ));
}

#[test]
fn an_extract_of_an_extract_is_complete() {
    let (folder, whole) = manifest(3_000);
    let case = whole
        .extract(1_000..2_000, folder.path().join("case"), go_on)
        .unwrap();
    let bundle = case
        .extract(1_500..1_510, folder.path().join("bundle"), go_on)
        .unwrap();
    bundle.check(go_on).unwrap();
    assert_eq!(bundle.units(), 1_500..1_510);
    assert!(bundle.is_partial());
    assert_eq!(bundle.root(), whole.root());
    assert_eq!(bundle.manifest_hash(), whole.manifest_hash());
    assert_eq!(bundle.find("S999").unwrap(), None);
    for outside in [0..1, 990..1_010, 1_990..2_010] {
        let name = folder.path().join("none");
        let extracted = case.extract(outside, &name, go_on);
        assert!(matches!(extracted, Err(Error::OutOfRange { .. })));
        assert!(!name.exists());
    }
}

#[test]
fn removed_added_and_changed_units_are_detected() {
    let salt = "x'00000000000000000000000000000000'";
    let forgeries = [
        ("DELETE FROM unit WHERE unit_index = 0", true),
        ("DELETE FROM unit WHERE unit_index = 399", true),
        ("DELETE FROM unit WHERE unit_index = 350", false),
        (
            &format!("INSERT INTO unit VALUES (400, 'NEW', {salt}, NULL)"),
            true,
        ),
        (
            "UPDATE unit SET serial = 'NEW' WHERE unit_index = 350",
            false,
        ),
        (
            &format!("UPDATE unit SET salt = {salt} WHERE unit_index = 350"),
            false,
        ),
        ("UPDATE unit SET serial = '' WHERE unit_index = 350", false),
        ("UPDATE subtree SET hash = zeroblob(32)", false),
        ("DELETE FROM subtree", false),
        ("INSERT INTO subtree VALUES (350, 2, zeroblob(32))", false),
        (
            "INSERT INTO subtree VALUES (4294967295, 4294967295, zeroblob(32))",
            false,
        ),
        ("UPDATE lot SET root = zeroblob(32)", false),
        ("UPDATE lot SET address = zeroblob(32)", false),
        ("UPDATE lot SET quantity = quantity + 1", false),
        ("UPDATE lot SET units = units - 1", false),
        (
            "UPDATE lot SET first_unit = first_unit + 1, units = units - 1",
            false,
        ),
        ("UPDATE unit SET package = 1 WHERE unit_index = 350", false),
        ("DROP TABLE subtree", false),
    ];
    for (forgery, whole_only) in forgeries {
        for partial in [false, true] {
            if partial && whole_only {
                continue;
            }
            let (folder, whole) = manifest(400);
            let path = folder.path().join(if partial { "part" } else { "lot" });
            if partial {
                whole.extract(300..400, &path, go_on).unwrap();
            }
            drop(whole);
            let forged = Connection::open(&path).unwrap();
            forged.execute_batch(forgery).unwrap();
            drop(forged);
            let outcome = Manifest::open(&path).and_then(|manifest| manifest.check(go_on));
            assert!(outcome.is_err(), "{forgery}, partial: {partial}");
        }
    }
}

#[test]
fn the_manifest_hash_includes_packages() {
    let (folder, whole) = manifest(20);
    drop(whole);
    let path = folder.path().join("lot");
    let forged = Connection::open(&path).unwrap();
    forged
        .execute_batch("UPDATE unit SET package = NULL WHERE unit_index = 3")
        .unwrap();
    drop(forged);
    let outcome = Manifest::open(&path).unwrap().check(go_on);
    assert!(matches!(outcome, Err(Error::Damaged(Damage::ManifestHash))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_extract_is_complete(quantity in 1u32..1_500, from in 0f64..1.0, to in 0f64..1.0) {
        let (folder, whole) = manifest(quantity);
        let first = (f64::from(quantity) * from) as u32;
        let length = 1 + (f64::from(quantity - first - 1) * to) as u32;
        let part = whole.extract(first..first + length, folder.path().join("part"), go_on).unwrap();
        part.check(go_on).unwrap();
        prop_assert_eq!(part.is_partial(), length < quantity);
        prop_assert_eq!(&units(&part)[..], &units(&whole)[first as usize..(first + length) as usize]);
        for index in [first, first + length / 2, first + length - 1] {
            let proof = part.prove(index).unwrap();
            prop_assert_eq!(&proof, &whole.prove(index).unwrap());
            prop_assert!(is_proven(&part, &part.unit(index).unwrap(), &proof));
        }
    }

    #[test]
    fn a_proof_with_any_bit_changed_fails(
        quantity in 2u32..200,
        index: prop::sample::Index,
        byte: prop::sample::Index,
        bit in 0u8..8,
    ) {
        let (_folder, manifest) = manifest(quantity);
        let unit = manifest.unit(index.index(quantity as usize) as u32).unwrap();
        let proof = manifest.prove(unit.index).unwrap();
        let mut wrong = proof.clone();
        let hashes = wrong.0.as_flattened_mut();
        let place = byte.index(hashes.len());
        hashes[place] ^= 1 << bit;
        prop_assert!(!is_proven(&manifest, &unit, &wrong));
        wrong = proof.clone();
        wrong.0.pop();
        prop_assert!(!is_proven(&manifest, &unit, &wrong));
        wrong = proof.clone();
        wrong.0.push([0; 32]);
        prop_assert!(!is_proven(&manifest, &unit, &wrong));
        let mut salted = unit.clone();
        salted.salt[byte.index(16)] ^= 1 << bit;
        prop_assert!(!is_proven(&manifest, &salted, &proof));
        let mut renamed = unit.clone();
        renamed.serial.push('0');
        prop_assert!(!is_proven(&manifest, &renamed, &proof));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A changed byte is detected, unless SQLite does not use it.
    #[test]
    fn a_file_with_a_byte_changed_is_refused_or_reads_the_same(
        place: prop::sample::Index,
        change in 1u8..,
    ) {
        let (folder, whole) = manifest(300);
        let path = folder.path().join("part");
        let part = whole.extract(100..250, &path, go_on).unwrap();
        let before = (units(&part), part.prove(170).unwrap());
        drop(part);
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        fs::write(&path, bytes).unwrap();
        if let Ok(part) = Manifest::open(&path)
            && part.check(go_on).is_ok()
            && part.root() == whole.root()
            && part.units() == (100..250)
            && part.lot() == whole.lot()
        {
            let without_packages = |units: Vec<Unit>| -> Vec<Unit> {
                units.into_iter().map(|unit| Unit { package: None, ..unit }).collect()
            };
            prop_assert_eq!(without_packages(units(&part)), without_packages(before.0));
            prop_assert_eq!(part.prove(170).unwrap(), before.1);
            for unit in units(&part) {
                prop_assert_eq!(part.find(&unit.serial).unwrap(), Some(unit));
            }
        }
    }
}
