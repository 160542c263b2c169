//! More manifests than the limit on open files, in a test of its own because the limit is the process's.

use std::ops::ControlFlow;

use pedigree_manifest::{Error, Lot, Manifest, Manifests, SerialList};
use rlimit::Resource;
use tempfile::TempDir;

const LOTS: usize = 100;

#[test]
fn a_manifest_that_cannot_be_opened_is_not_skipped() {
    let folder = TempDir::new().unwrap();
    let list = SerialList::generate(1).unwrap();
    for number in 0..LOTS {
        let lot = Lot {
            gtin: 9_506_000_134_352,
            lot_number: format!("A{number}"),
            expiry: 20_290_200,
            address: [7; 32],
        };
        let path = folder.path().join(&lot.lot_number);
        Manifest::create(path, lot, &list, |_| ControlFlow::Continue(())).unwrap();
    }
    let (_, most) = Resource::NOFILE.get().unwrap();
    Resource::NOFILE.set(LOTS as u64 / 2, most).unwrap();
    let error = Manifests::in_folder(&folder).unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error:?}");
    assert!(error.to_string().contains("`ulimit -n`"), "{error}");

    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert_eq!(Manifests::in_folder(&folder).unwrap().lots(), LOTS);
}
