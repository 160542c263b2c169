//! The addresses that clients derive, against those of the documented seeds.

use anchor_lang::Address;
use pedigree_interface::{
    Goods, LotSeries, Site, address as derived,
    identifier::{Gln, Gtin},
};
use program_tests::{address, world::lot_number};

const KEY: Address = Address::new_from_array([7; 32]);
const GLN: Gln = Gln::from_account(9_506_000_000_015);
const GTIN: Gtin = Gtin::from_account(9_506_000_134_352);

/// The smallest and the largest number, and one whose bytes all differ.
const NUMBERS: [u32; 3] = [0, 0x0102_0304, u32::MAX];

#[test]
fn of_the_registrys_accounts() {
    assert_eq!(derived::registry(), address::registry());
    assert_eq!(derived::issuer(&KEY), address::issuer(&KEY));
    assert_eq!(derived::partner(GLN), address::partner(GLN));
    let partner = derived::partner(GLN);
    assert_eq!(
        derived::operator(&partner, &KEY),
        address::operator(&partner, &KEY)
    );
    assert_eq!(derived::product(GTIN), address::product(GTIN));
    assert_eq!(
        derived::program_data(&registry::ID),
        address::program_data(&registry::ID)
    );
}

#[test]
fn of_custodys_accounts() {
    let lot = derived::lot(KEY, lot_number("A1"));
    assert_eq!(lot, address::lot(&KEY, lot_number("A1")));
    for number in [0, 1, 256, u16::MAX] {
        let series = LotSeries {
            product: KEY,
            number,
        };
        assert_eq!(
            derived::lot(series, lot_number("A1")),
            address::lot_in_series(&KEY, number, lot_number("A1"))
        );
    }
    for number in NUMBERS {
        let consignment = derived::consignment(&lot, number);
        assert_eq!(consignment, address::consignment(&lot, number));
        let (address, bump) = derived::consignment_with_bump(&lot, number);
        let seeds: [&[u8]; 3] = [b"consignment", lot.as_ref(), &number.to_le_bytes()];
        assert_eq!(address, consignment);
        assert_eq!(bump, address::bump(&seeds, &custody::ID));
        assert_eq!(
            derived::transfer(&consignment, number),
            address::transfer(&consignment, number)
        );
        assert_eq!(
            derived::case(&consignment, number),
            address::case(&consignment, number)
        );
        assert_eq!(
            derived::unit_page(&lot, number),
            address::unit_page(&lot, number)
        );
        assert_eq!(
            derived::unit_record(&lot, GLN, number),
            address::unit_record(&lot, GLN, number)
        );
    }
}

#[test]
fn of_the_recall_programs_accounts() {
    for number in [0, 3, u8::MAX] {
        assert_eq!(derived::recall(&KEY, number), address::recall(&KEY, number));
    }
    let partner = derived::partner(GLN);
    assert_eq!(
        derived::response(&KEY, &partner),
        address::response(&KEY, &partner)
    );
    for number in NUMBERS {
        assert_eq!(derived::scope(&KEY, number), address::scope(&KEY, number));
        assert_eq!(
            derived::tranche(&KEY, number),
            address::tranche(&KEY, number)
        );
        assert_eq!(derived::proofs(&KEY, number), address::proofs(&KEY, number));
        assert_eq!(derived::claims(&KEY, number), address::claims(&KEY, number));
    }
    assert_eq!(derived::vault(&KEY), address::vault(&KEY));
    assert_eq!(custody::RECALL_AUTHORITY, address::recall_authority());
}

#[test]
fn of_sites_and_goods() {
    let site = Site::by_operator(GLN, KEY);
    assert_eq!(site.partner, address::partner(GLN));
    assert_eq!(site.operator, Some(address::operator(&site.partner, &KEY)));
    assert_eq!(Site::own(GLN, KEY).operator, None);
    let goods = Goods::minted(KEY);
    assert_eq!(goods.consignment, address::consignment(&KEY, 0));
    assert_eq!(
        goods.at(5).offered_by(GLN).transfer(),
        address::transfer(&goods.consignment, 5)
    );
}
