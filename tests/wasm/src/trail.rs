//! One lot through the rules of all three programs: registered, minted, sold, split, merged, sold
//! where it is, handed over, returned and recalled.

use std::error::Error;

use bytemuck::Zeroable;
use custody_rules::{
    Change, Consignment, CustodyError, Lot, LotLabel, OfferTerms, Transfer,
    accept::accept,
    handoff::handoff,
    merge::merge,
    mint_lot::mint_lot,
    offer::{Offered, offer},
    split::{Cut, split},
    transfer_title::transfer_title,
    verify_return::verify_return,
};
use pedigree_domain::{Record, Roles, gs1::CompanyPrefix};
use recall_rules::{
    CheckLevel, Notice, Recall, RecallClass, RecallDepth, RecallReason, RecallStrategy,
    RecallTerms, Scope, open::open,
};
use registry_rules::{
    Issuer, IssuerScope, Licence, Partner, PrefixClaim, PrefixTable, Product, ProductDescription,
    Registry,
};
use solana_address::Address;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// When the goods are made and sold, in Unix seconds: 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// Ninety days later, when the goods come back.
const LATER: i64 = NOW + 90 * 86_400;

const LOT: Address = Address::new_from_array([10; 32]);
const CONSIGNMENT: Address = Address::new_from_array([11; 32]);
const RECALL: Address = Address::new_from_array([15; 32]);

/// The outcome of the goods' history.
#[derive(Debug)]
pub struct Replayed {
    /// The last link of the trail of the units that stayed together.
    pub trail: [u8; 32],
    /// The data of every account, as the programs would store them.
    pub accounts: Vec<Vec<u8>>,
    /// Why a recalled consignment could not be sold again.
    pub refusal: CustodyError,
}

impl Replayed {
    /// Everything in one row: the trail, each account, the refusal's text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.trail.to_vec();
        bytes.extend(self.accounts.iter().flatten());
        bytes.extend(self.refusal.to_string().bytes());
        bytes
    }
}

/// Makes every change with the rules, or says which refusal was in the way.
pub fn replay() -> Result<Replayed> {
    let mut maker = site(9_506_000_000_015, Roles::MANUFACTURER)?;
    let wholesaler = site(9_506_000_000_022, Roles::WHOLESALER)?;
    let pharmacy = site(9_506_000_000_039, Roles::DISPENSER)?;
    let (maker_address, product_address) = (Address::from([1; 32]), Address::from([2; 32]));
    let mut product = Product::zeroed();
    let description = ProductDescription {
        name: padded(b"Auroxin 5 mg"),
        national_code: [0; 16],
        storage_min: 20,
        storage_max: 80,
    };
    let mut claims = [PrefixClaim::zeroed()];
    let prefix = CompanyPrefix {
        value: 9_506_000,
        digits: 7,
    };
    PrefixTable::claim_prefix(&mut claims, prefix, &mut maker, &issuer()?)?;
    product.register_product(
        9_506_000_134_352,
        &description,
        (&maker_address, &maker),
        &claims,
        NOW,
    )?;

    let (mut lot, mut goods) = (Lot::zeroed(), Consignment::zeroed());
    let label = LotLabel {
        lot_number: padded(b"A1"),
        expiry: 20_290_200,
        quantity: 1_000,
        serial_root: [3; 32],
        manifest_hash: [4; 32],
    };
    let minted = (&product_address, &product);
    mint_lot(&maker, minted, (&LOT, &mut lot), &mut goods, &label, NOW)?;

    let mut transfer = Transfer::zeroed();
    let terms = OfferTerms {
        sequence: goods.sequence,
        kind: Change::Sale.code(),
        statement: true,
        deadline: LATER,
        document_hash: [5; 32],
    };
    let offered = Offered {
        lot: (&LOT, &lot),
        consignment: (&CONSIGNMENT, &mut goods),
        reverses: None,
    };
    offer((&maker, &wholesaler), offered, &mut transfer, &terms, NOW)?;
    let sequence = transfer.sequence;
    accept(
        &maker,
        &wholesaler,
        &lot,
        &mut goods,
        &mut transfer,
        sequence,
        NOW,
    )?;

    let mut sold = cut_off(&mut goods, 400)?;
    let rest = cut_off(&mut goods, 100)?;
    let sequence = goods.sequence;
    let next = (&rest, rest.sequence);
    merge(&wholesaler, (&mut goods, sequence), next, NOW)?;

    let sites = (&wholesaler, &pharmacy);
    let sequence = sold.sequence;
    transfer_title(sites, &lot, &mut sold, sequence, &[6; 32], NOW)?;
    let logistics = (Change::Logistics.code(), sold.sequence);
    handoff(sites, (&LOT, &lot), &mut sold, logistics, &[7; 32], NOW)?;
    let back = (Change::Return.code(), sold.sequence);
    let sites = (&pharmacy, &wholesaler);
    handoff(sites, (&LOT, &lot), &mut sold, back, &[8; 32], LATER)?;
    let sequence = sold.sequence;
    verify_return(&wholesaler, &lot, &mut sold, sequence, &[8; 32], LATER)?;

    let (mut recall, mut scope) = (Recall::zeroed(), Scope::zeroed());
    let terms = RecallTerms {
        first: 0,
        quantity: 500,
        strategy: RecallStrategy {
            class: RecallClass::I.code(),
            depth: RecallDepth::Consumer.code(),
            check_level: CheckLevel::A.code(),
            check_percent: 0,
        },
        reason: RecallReason::ForeignBody.code(),
    };
    let notice = Notice {
        hash: [9; 32],
        address: padded(b"https://example.org/recalls/1"),
    };
    open(
        (&maker, false),
        (&LOT, &lot),
        (&RECALL, &mut recall),
        &mut scope,
        &terms,
        &notice,
        LATER,
    )?;
    lot.set_recalled_range(recall.number, recall.first, recall.quantity)?;
    let again = (Change::Sale.code(), goods.sequence);
    let sites = (&wholesaler, &pharmacy);
    let refusal = handoff(sites, (&LOT, &lot), &mut goods, again, &[10; 32], LATER)
        .err()
        .ok_or("the recalled goods were sold")?;

    Ok(Replayed {
        trail: goods.trail,
        accounts: vec![
            maker.to_account_data(),
            product.to_account_data(),
            lot.to_account_data(),
            goods.to_account_data(),
            sold.to_account_data(),
            transfer.to_account_data(),
            recall.to_account_data(),
        ],
        refusal,
    })
}

/// A site that is admitted with these roles.
fn site(gln: u64, roles: Roles) -> Result<Partner> {
    let mut site = Partner::zeroed();
    let licence = Licence {
        roles: roles.bits(),
        country: 756,
        valid_until: LATER + 1,
        hash: [12; 32],
    };
    let [key, address] = [[13; 32], [14; 32]].map(Address::from);
    let (name, issuer) = (padded(b"Site"), issuer()?);
    site.admit_partner(gln, &key, &name, &licence, (&address, &issuer), NOW)?;
    site.confirm_partner(&issuer, NOW)?;
    Ok(site)
}

/// Who vouches for all sites.
fn issuer() -> Result<Issuer> {
    let mut issuer = Issuer::zeroed();
    let (key, scope) = (
        Address::from([15; 32]),
        IssuerScope::everywhere(Roles::all()),
    );
    issuer.add_issuer(&key, &padded(b"Board"), &scope, &Registry::zeroed(), NOW)?;
    Ok(issuer)
}

/// Cuts the last units off into a consignment of their own.
fn cut_off(goods: &mut Consignment, quantity: u32) -> Result<Consignment> {
    let mut child = Consignment::zeroed();
    let cut = Cut {
        sequence: goods.sequence,
        quantity,
        sscc: 0,
    };
    // No unit is gone, so no page of units is asked for.
    split::<&custody_rules::UnitPage>(goods, &mut child, cut, || {
        Err(CustodyError::NotConsignmentsLot)
    })?;
    Ok(child)
}

fn padded<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut padded = [0; N];
    padded[..text.len()].copy_from_slice(text);
    padded
}
