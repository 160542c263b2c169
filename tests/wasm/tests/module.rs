//! The module that `cargo xtask test --only wasm` compiled gives the same answers as native code.

use std::{fs, path::Path};

use custody_rules::CustodyError;
use pedigree_wasm_tests::{read_scan, replay};
use wasmi::{Engine, Instance, Linker, Memory, Module, Store};

struct Running {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Running {
    fn start() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../target/wasm/pedigree_wasm_tests.wasm");
        let code = fs::read(&file).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; run `cargo xtask test --only wasm`",
                file.display()
            )
        });
        let engine = Engine::default();
        let module = Module::new(&engine, &code).unwrap();
        let mut store = Store::new(&engine, ());
        // Nothing is linked: the module needs no host.
        let instance = Linker::new(&engine)
            .instantiate_and_start(&mut store, &module)
            .unwrap();
        let memory = instance.get_memory(&store, "memory").unwrap();
        Self {
            store,
            instance,
            memory,
        }
    }

    fn scan(&mut self, text: &[u8]) -> Vec<u8> {
        let length = u32::try_from(text.len()).unwrap();
        let reserve = self
            .instance
            .get_typed_func::<u32, u32>(&self.store, "reserve")
            .unwrap();
        let buffer = reserve.call(&mut self.store, length).unwrap();
        self.memory
            .write(&mut self.store, buffer as usize, text)
            .unwrap();
        let scan = self
            .instance
            .get_typed_func::<(u32, u32), u32>(&self.store, "scan")
            .unwrap();
        let answer = scan.call(&mut self.store, (buffer, length)).unwrap();
        self.answer(answer as usize)
    }

    fn trail(&mut self) -> Vec<u8> {
        let trail = self
            .instance
            .get_typed_func::<(), u32>(&self.store, "trail")
            .unwrap();
        let answer = trail.call(&mut self.store, ()).unwrap();
        self.answer(answer as usize)
    }

    fn answer(&self, at: usize) -> Vec<u8> {
        let mut length = [0; 4];
        self.memory.read(&self.store, at, &mut length).unwrap();
        let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
        self.memory
            .read(&self.store, at + length.len(), &mut bytes)
            .unwrap();
        bytes
    }
}

#[test]
fn a_trail_is_the_same_in_the_module() {
    let native = replay().unwrap();
    assert_eq!(native.refusal, CustodyError::Recalled);
    assert_eq!(Running::start().trail(), native.to_bytes());
}

#[test]
fn a_scan_reads_the_same_in_the_module() {
    let mut module = Running::start();
    for text in [
        "]d2010950600013435217290228\u{1d}10A1\u{1d}21S1",
        // A repaired scan, an unreadable one and one that is not text.
        "010950600013435217290228<GS>10A1",
        "010950600013435317290228",
        "]d2\u{ff}",
    ] {
        let answer = module.scan(text.as_bytes());
        assert_eq!(
            String::from_utf8(answer).unwrap(),
            read_scan(text.as_bytes())
        );
    }
    assert!(read_scan(b"]d201095060001343521729022810A1").contains("17290228"));
}
