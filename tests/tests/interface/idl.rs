//! The IDLs alone are enough to read the programs' accounts: this decodes them as a stock Anchor client
//! does, little-endian and in order of declaration, and uses none of our types.

use std::{fs, path::Path};

use anchor_lang::Address;
use custody::ExceptionCode;
use pedigree_interface::{TransferKind, instruction::custody::open_case};
use program_tests::{
    address,
    ledger::NOW,
    recalled::{RecalledWorld, units},
    scenario::finding,
    world::{APPOINTMENT_END, EXPIRY, GTIN, UNITS, World, gln, terms},
};
use serde_json::{Map, Value, json};

struct Idl(Value);

impl Idl {
    fn of(program: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../idl/{program}.json"));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self(serde_json::from_str(&text).unwrap())
    }

    /// The name and the fields of the account that the discriminator stands for.
    fn decode_account(&self, data: &[u8]) -> (String, Value) {
        let account = list(&self.0["accounts"])
            .iter()
            .find(|account| data.starts_with(&bytes(&account["discriminator"])))
            .expect("an account that the IDL lists");
        let name = account["name"].as_str().unwrap();
        let mut rest = &data[list(&account["discriminator"]).len()..];
        let fields = self.decode_defined(name, &mut rest);
        assert!(rest.is_empty(), "the IDL describes every byte of {name}");
        (name.to_owned(), fields)
    }

    fn decode_defined(&self, name: &str, data: &mut &[u8]) -> Value {
        let defined = list(&self.0["types"])
            .iter()
            .find(|defined| defined["name"] == name)
            .unwrap_or_else(|| panic!("the IDL does not define {name}"));
        match defined["type"]["kind"].as_str().unwrap() {
            "struct" => {
                let decode = |field: &Value| {
                    (
                        field["name"].as_str().unwrap().to_owned(),
                        self.decode(&field["type"], data),
                    )
                };
                Value::Object(
                    list(&defined["type"]["fields"])
                        .iter()
                        .map(decode)
                        .collect::<Map<_, _>>(),
                )
            }
            "enum" => {
                let variant = usize::from(take::<1>(data)[0]);
                list(&defined["type"]["variants"])[variant]["name"].clone()
            }
            other => panic!("{name} is of kind {other}"),
        }
    }

    fn decode(&self, kind: &Value, data: &mut &[u8]) -> Value {
        if let Some(defined) = kind["defined"]["name"].as_str() {
            return self.decode_defined(defined, data);
        }
        if let [element, length] = kind["array"].as_array().map_or(&[][..], Vec::as_slice) {
            let length = length.as_u64().unwrap();
            return (0..length).map(|_| self.decode(element, data)).collect();
        }
        if !kind["vec"].is_null() {
            let length = u32::from_le_bytes(take(data));
            let elements = (0..length).map(|_| self.decode(&kind["vec"], data));
            return elements.collect();
        }
        match kind.as_str() {
            Some("u8") => take::<1>(data)[0].into(),
            Some("u16") => u16::from_le_bytes(take(data)).into(),
            Some("u32") => u32::from_le_bytes(take(data)).into(),
            Some("u64") => u64::from_le_bytes(take(data)).into(),
            Some("i16") => i16::from_le_bytes(take(data)).into(),
            Some("i64") => i64::from_le_bytes(take(data)).into(),
            Some("pubkey") => Address::new_from_array(take(data)).to_string().into(),
            _ => panic!("no account needs the type {kind}"),
        }
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("{value} is not a list"))
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::from_value(value.clone()).unwrap()
}

fn take<const N: usize>(data: &mut &[u8]) -> [u8; N] {
    let (taken, rest) = data
        .split_first_chunk()
        .expect("an account as long as the IDL says");
    *data = rest;
    *taken
}

/// Decodes `account` and compares the fields that `expected` has.
#[track_caller]
fn assert_fields(idl: &Idl, world: &World, account: Address, name: &str, expected: Value) {
    let (decoded_name, fields) = idl.decode_account(&world.ledger.account(account).data);
    assert_eq!(decoded_name, name);
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&fields[field], value, "{name}.{field}");
    }
}

#[test]
fn the_registrys_accounts() {
    let (idl, world) = (Idl::of("registry"), World::new());
    let issuer = address::issuer(&world.issuer_key);
    assert_fields(
        &idl,
        &world,
        address::registry(),
        "Registry",
        json!({
            "authority": world.authority.to_string(),
            "pending_authority": Address::default().to_string(),
        }),
    );
    assert_fields(
        &idl,
        &world,
        issuer,
        "Issuer",
        json!({
            "key": world.issuer_key.to_string(),
            "added_at": NOW,
        }),
    );
    assert_fields(
        &idl,
        &world,
        world.manufacturer.partner,
        "Partner",
        json!({
            "gln": gln(1).number(),
            "authority": world.manufacturer.key.to_string(),
            "roles": 1,
            "status": "Active",
            "issuer": issuer.to_string(),
            "firm": gln(1).number(),
            "country": 756,
            "recovery_at": 0,
            "confirmed_at": NOW,
        }),
    );
    assert_fields(
        &idl,
        &world,
        address::operator(&world.wholesaler.partner, &world.operator),
        "Operator",
        json!({
            "partner": world.wholesaler.partner.to_string(),
            "key": world.operator.to_string(),
            "valid_from": NOW,
            "valid_until": APPOINTMENT_END,
            "permissions": 511,
            "payer": world.payer.to_string(),
        }),
    );
    assert_fields(
        &idl,
        &world,
        address::prefix_table(9_506),
        "PrefixTable",
        json!({
            "leading": 9_506,
            "claims": [
                {
                    "prefix": 9_506_000,
                    "firm": gln(1).number(),
                    "digits": 7,
                    "_padding": [0, 0, 0, 0, 0, 0, 0],
                },
                {
                    "prefix": 9_506_001,
                    "firm": gln(2).number(),
                    "digits": 7,
                    "_padding": [0, 0, 0, 0, 0, 0, 0],
                },
            ],
        }),
    );
    assert_fields(
        &idl,
        &world,
        world.product,
        "Product",
        json!({
            "gtin": GTIN.number(),
            "manufacturer": world.manufacturer.partner.to_string(),
            "storage_min": 150,
            "storage_max": 250,
        }),
    );
}

#[test]
fn the_custody_programs_accounts() {
    let (idl, mut world) = (Idl::of("custody"), World::new());
    let World {
        manufacturer,
        wholesaler,
        goods,
        product,
        payer,
        ..
    } = world;
    let terms = terms(TransferKind::Sale);
    let transfer = world.offer(manufacturer, wholesaler, goods, terms);
    assert_fields(
        &idl,
        &world,
        goods.lot,
        "Lot",
        json!({
            "quantity": UNITS,
            "expiry": EXPIRY.label(),
            "status": "Released",
            "gtin": GTIN.number(),
            "product": product.to_string(),
        }),
    );
    assert_fields(
        &idl,
        &world,
        goods.consignment,
        "Consignment",
        json!({
            "lot": goods.lot.to_string(),
            "custodian": manufacturer.gln.number(),
            "sequence": 1,
            "quantity": UNITS,
            "kind": "Commissioning",
            "status": "Offered",
        }),
    );
    assert_fields(
        &idl,
        &world,
        transfer,
        "Transfer",
        json!({
            "consignment": goods.consignment.to_string(),
            "to": wholesaler.gln.number(),
            "deadline": terms.deadline,
            "kind": "Sale",
            "state": "Offered",
            "exception": "None",
            "statement": 1,
        }),
    );
    let (holder, case) = (manufacturer.gln, address::case(&goods.consignment, 0));
    let damage = finding(ExceptionCode::Damage);
    let opening = open_case(payer, manufacturer, holder, goods, 0, damage);
    world.ledger.execute(&opening);
    assert_fields(
        &idl,
        &world,
        case,
        "Case",
        json!({
            "subject": goods.consignment.to_string(),
            "lot": goods.lot.to_string(),
            "opened_by": manufacturer.gln.number(),
            "opened_at": NOW,
            "resolved_at": 0,
            "number": 0,
            "units": damage.units,
            "state": "Open",
            "exception": "Damage",
        }),
    );
}

#[test]
fn the_recall_programs_accounts() {
    let idl = Idl::of("recall");
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    for step in [
        recalled.claim(recalled.returned, units(8_200, 3)),
        recalled.prove(recalled.returned, units(8_200, 3)),
    ] {
        world.ledger.execute(&step);
    }
    let recall = recalled.recall;
    assert_fields(
        &idl,
        &world,
        recall,
        "Recall",
        json!({
            "lot": world.goods.lot.to_string(),
            "gtin": GTIN.number(),
            "opened_by": world.regulator.gln.number(),
            "classified_by": world.regulator.gln.number(),
            "opened_at": NOW,
            "first": 8_000,
            "quantity": 1_000,
            "class": "II",
            "depth": "Retail",
            "state": "Open",
            "reason": "Contamination",
            "check_level": "C",
            "check_percent": 10,
            "scopes": 1,
            "tranches": 1,
            "shown_returned": 3,
        }),
    );
    assert_fields(
        &idl,
        &world,
        address::response(&recall, &world.pharmacy.partner),
        "Response",
        json!({
            "recall": recall.to_string(),
            "gln": world.pharmacy.gln.number(),
            "dispensed": 30,
            "shown_returned": 3,
        }),
    );
    assert_fields(
        &idl,
        &world,
        address::scope(&recall, 0),
        "Scope",
        json!({ "recall": recall.to_string(), "since": NOW, "change": 1, "quantity": 1_000 }),
    );
    assert_fields(
        &idl,
        &world,
        address::proofs(&recall, 1),
        "Proofs",
        json!({ "recall": recall.to_string(), "page": 1 }),
    );
    assert_fields(
        &idl,
        &world,
        address::tranche(&recall, 0),
        "Tranche",
        json!({
            "recall": recall.to_string(),
            "mint": recalled.token.mint.to_string(),
            "funder": world.manufacturer.gln.number(),
            "paid_units": 3,
        }),
    );
    assert_fields(
        &idl,
        &world,
        address::claims(&recalled.returned, 0),
        "Claims",
        json!({
            "evidence": recalled.returned.to_string(),
            "owner": world.pharmacy.gln.number(),
            "paid_units": 3,
        }),
    );
}
