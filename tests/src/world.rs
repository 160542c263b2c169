//! A supply chain that is ready to trade, made by the programs' own instructions: an initialised
//! registry, two issuers, nine partners, an operator, two products, and two lots of the first.

use std::sync::{LazyLock, Mutex};

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::Consignment;
use pedigree_domain::{
    Permissions, Roles,
    gs1::{self, CompanyPrefix},
};
use pedigree_interface::{
    Goods, Site, TransferKind,
    identifier::{Expiry, Gln, Gtin, LotNumber},
    instruction::{
        self,
        custody::{Cut, LotLabel, OfferTerms},
        registry::{IssuerScope, Licence, OperatorTerms, ProductDescription},
    },
};

use crate::{
    address,
    layout::padded,
    ledger::{Ledger, NOW},
};

/// A GTIN under [`COMPANY_PREFIX`]: GS1's own sample.
pub const GTIN: Gtin = Gtin::from_account(9_506_000_134_352);
/// A GTIN under [`OTHER_COMPANY_PREFIX`].
pub const OTHER_GTIN: Gtin = Gtin::from_account(with_check_digit(950_600_113_436));
/// A GTIN under [`OTHER_COMPANY_PREFIX`] that no product has.
pub const OTHER_FREE_GTIN: Gtin = Gtin::from_account(with_check_digit(950_600_113_437));
/// A GTIN under [`COMPANY_PREFIX`] that no product has.
pub const FREE_GTIN: Gtin = Gtin::from_account(with_check_digit(950_600_013_437));
/// The company prefix of the manufacturer's firm.
pub const COMPANY_PREFIX: CompanyPrefix = CompanyPrefix {
    value: 9_506_000,
    digits: 7,
};
/// The company prefix of the other manufacturer's firm.
pub const OTHER_COMPANY_PREFIX: CompanyPrefix = CompanyPrefix {
    value: 9_506_001,
    digits: 7,
};
/// Where every partner is: Switzerland, ISO 3166-1.
pub const COUNTRY: u16 = 756;
/// When every partner's licence ends: a year from [`NOW`].
pub const LICENCE_END: i64 = NOW + 365 * 86_400;
/// When every operator's appointment ends: thirty days from [`NOW`].
pub const APPOINTMENT_END: i64 = NOW + 30 * 86_400;
/// The lots' date on the label.
pub const EXPIRY: Expiry = Expiry::from_account(20_280_200);
/// Units in each lot.
pub const UNITS: u32 = 10_000;

/// See the module's documentation. Everybody is known by their address; the ledger has the keys.
#[derive(Clone)]
pub struct World {
    pub ledger: Ledger,
    /// Pays rent.
    pub payer: Address,
    pub upgrade_authority: Address,
    /// The registry's authority.
    pub authority: Address,
    /// Signs for the issuer that admitted everybody.
    pub issuer_key: Address,
    /// Signs for an issuer that admitted nobody.
    pub other_issuer_key: Address,
    pub manufacturer: Site,
    pub other_manufacturer: Site,
    pub wholesaler: Site,
    pub logistics: Site,
    pub pharmacy: Site,
    pub regulator: Site,
    pub other_pharmacy: Site,
    pub reverse_distributor: Site,
    pub laboratory: Site,
    /// Key of an operator to whom the wholesaler gave every permission.
    pub operator: Address,
    pub product: Address,
    pub other_product: Address,
    /// A whole lot in its manufacturer's custody.
    pub goods: Goods,
    /// Another whole lot of the same product, also in its manufacturer's custody.
    pub other_goods: Goods,
}

impl World {
    pub fn new() -> Self {
        static READY: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(World::set_up()));
        READY.lock().expect("nothing panics while cloning").clone()
    }

    fn set_up() -> Self {
        let mut ledger = Ledger::new();
        let payer = ledger.key("payer");
        let upgrade_authority = ledger.key("upgrade authority");
        let authority = ledger.key("registry authority");
        let issuer_key = ledger.key("board of pharmacy");
        let other_issuer_key = ledger.key("other board of pharmacy");

        ledger.set_upgrade_authority(registry::ID, Some(upgrade_authority));
        ledger.execute(&instruction::registry::initialize(
            payer,
            upgrade_authority,
            authority,
        ));
        for (key, name) in [
            (issuer_key, "Board of Pharmacy"),
            (other_issuer_key, "Other Board"),
        ] {
            ledger.execute(&instruction::registry::add_issuer(
                payer,
                authority,
                key,
                padded(name),
                scope(),
            ));
        }

        let mut admit = |name: &str, location: u64, roles| {
            let (gln, key) = (gln(location), ledger.key(name));
            ledger.execute(&instruction::registry::admit_partner(
                payer,
                issuer_key,
                gln,
                key,
                padded(name),
                licence(roles),
            ));
            let site = Site::own(gln, key);
            let issuer = address::issuer(&issuer_key);
            ledger.execute(&instruction::registry::confirm_partner(issuer, site));
            site
        };
        let manufacturer = admit("Manufacturer", 1, Roles::MANUFACTURER);
        let other_manufacturer = admit("Other Manufacturer", 2, Roles::MANUFACTURER);
        let wholesaler = admit("Wholesaler", 3, Roles::WHOLESALER);
        let logistics = admit("Logistics Provider", 4, Roles::LOGISTICS);
        let pharmacy = admit("Pharmacy", 5, Roles::DISPENSER);
        let regulator = admit("Regulator", 6, Roles::REGULATOR);
        let other_pharmacy = admit("Other Pharmacy", 7, Roles::DISPENSER);
        let reverse_distributor = admit("Reverse Distributor", 8, Roles::REVERSE_DISTRIBUTOR);
        let laboratory = admit("Laboratory", 10, Roles::LABORATORY);

        let operator = ledger.key("operator");
        ledger.execute(&instruction::registry::appoint_operator(
            payer,
            wholesaler,
            operator,
            operator_terms(Permissions::all()),
        ));

        for (site, prefix, gtin) in [
            (manufacturer, COMPANY_PREFIX, GTIN),
            (other_manufacturer, OTHER_COMPANY_PREFIX, OTHER_GTIN),
        ] {
            ledger.execute(&instruction::registry::claim_prefix(
                payer, issuer_key, site.gln, prefix,
            ));
            ledger.execute(&instruction::registry::register_product(
                payer,
                site,
                gtin,
                product_description(),
            ));
        }
        let product = address::product(GTIN);
        let mut mint = |number: &str| {
            let label = lot_label(number);
            ledger.execute(&instruction::custody::mint_lot(
                payer,
                manufacturer,
                product,
                &label,
            ));
            Goods::minted(address::lot(&product, label.lot_number))
        };
        let (goods, other_goods) = (mint("LOT-1"), mint("LOT-2"));

        Self {
            ledger,
            payer,
            upgrade_authority,
            authority,
            issuer_key,
            other_issuer_key,
            manufacturer,
            other_manufacturer,
            wholesaler,
            logistics,
            pharmacy,
            regulator,
            other_pharmacy,
            reverse_distributor,
            laboratory,
            operator,
            product,
            other_product: address::product(OTHER_GTIN),
            goods,
            other_goods,
        }
    }

    /// A copy of this world in which these instructions were executed.
    #[track_caller]
    pub fn after<'a>(&self, instructions: impl IntoIterator<Item = &'a Instruction>) -> Self {
        let mut world = self.clone();
        for instruction in instructions {
            world.ledger.execute(instruction);
        }
        world
    }

    /// Offers goods. Returns the transfer's address.
    #[track_caller]
    pub fn offer(&mut self, from: Site, to: Site, goods: Goods, terms: OfferTerms) -> Address {
        self.ledger.execute(&instruction::custody::offer(
            self.payer, from, to.gln, goods, terms,
        ));
        address::transfer(&goods.consignment, goods.sequence)
    }

    /// The goods at the sequence that their consignment has now.
    #[track_caller]
    pub fn now(&self, goods: Goods) -> Goods {
        let Consignment { sequence, .. } = self.ledger.read(goods.consignment);
        goods.at(sequence)
    }

    /// Cuts the last `quantity` units off.
    #[track_caller]
    pub fn cut(&mut self, custodian: Site, goods: Goods, quantity: u32) -> Goods {
        let whole: Consignment = self.ledger.read(goods.consignment);
        self.ledger.execute(&instruction::custody::split(
            self.payer,
            custodian,
            goods.at(whole.sequence),
            Cut {
                index: whole.children,
                quantity,
                sscc: None,
            },
        ));
        self.now(Goods {
            consignment: address::consignment(&goods.consignment, whole.children),
            ..goods
        })
    }

    /// Has a site's issuer suspend it.
    pub fn suspend(&mut self, site: Site) {
        self.ledger.execute(&instruction::registry::suspend_partner(
            self.issuer_key,
            site.gln,
        ));
    }

    /// Has a site's issuer revoke its licence.
    pub fn revoke(&mut self, site: Site) {
        self.ledger.execute(&instruction::registry::revoke_partner(
            self.issuer_key,
            site.gln,
        ));
    }

    /// The confirmation of a site's admission, with the site's own issuer.
    pub fn confirmation(&self, site: Site) -> Instruction {
        let partner: registry::Partner = self.ledger.read(site.partner);
        instruction::registry::confirm_partner(partner.issuer, site)
    }

    /// Adds a site to the firm of another one.
    pub fn join_firm(&mut self, site: Site, head_office: Site) {
        self.ledger.execute(&instruction::registry::join_firm(
            self.issuer_key,
            head_office,
            site,
        ));
    }

    /// Takes a site out of its firm.
    pub fn leave_firm(&mut self, site: Site, head_office: Site) {
        self.ledger.execute(&instruction::registry::leave_firm(
            self.issuer_key,
            head_office,
            site.gln,
        ));
    }

    /// Gives a site other roles, whether an issuer would or not.
    pub fn license(&mut self, site: Site, roles: Roles) {
        self.ledger
            .edit::<registry::Partner>(site.partner, |partner| partner.roles = roles.bits());
    }

    /// Ends a site's licence: `NOW` is the first moment at which it is not in force.
    pub fn lapse(&mut self, site: Site) {
        self.ledger
            .edit::<registry::Partner>(site.partner, |partner| {
                partner.licence_valid_until = NOW;
            });
    }

    /// Hands goods over.
    #[track_caller]
    pub fn hand_over(&mut self, from: Site, to: Site, goods: Goods, kind: TransferKind) {
        self.ledger.execute(&instruction::custody::handoff(
            from,
            to,
            self.now(goods),
            kind,
            Some(DOCUMENT),
        ));
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// The hash of the transaction information of all transfers here.
pub const DOCUMENT: [u8; 32] = [0xD0; 32];

/// The GLN of the company's location number `location`, below 100,000.
pub fn gln(location: u64) -> Gln {
    Gln::from_account(with_check_digit(COMPANY_PREFIX.first() + location))
}

/// Every role everywhere, and every company prefix: what both issuers may vouch for.
pub const fn scope() -> IssuerScope {
    IssuerScope::everywhere(Roles::all())
}

/// A licence until [`LICENCE_END`].
pub const fn licence(roles: Roles) -> Licence {
    Licence {
        roles: roles.bits(),
        country: COUNTRY,
        valid_until: LICENCE_END,
        hash: [0x11; 32],
    }
}

/// An appointment from [`NOW`] until [`APPOINTMENT_END`].
pub fn operator_terms(permissions: Permissions) -> OperatorTerms {
    OperatorTerms {
        permissions: permissions.bits(),
        valid_from: NOW,
        valid_until: APPOINTMENT_END,
        name: padded("Goods-in scanner 2"),
    }
}

/// The description of both products.
pub fn product_description() -> ProductDescription {
    ProductDescription {
        name: padded("Amoxicillin 500 mg, 20 capsules"),
        national_code: padded("0093-3109-01"),
        storage_min: 150,
        storage_max: 250,
    }
}

/// A lot number, valid or not.
pub fn lot_number(text: &str) -> LotNumber {
    LotNumber::from_account(padded(text))
}

/// The label of a lot of [`UNITS`] with this number.
pub fn lot_label(number: &str) -> LotLabel {
    LotLabel {
        lot_number: lot_number(number),
        expiry: EXPIRY,
        quantity: UNITS,
        serial_root: Some([0x5E; 32]),
        manifest_hash: Some([0x3A; 32]),
    }
}

/// An offer for a week, with the transaction statement made.
pub fn terms(kind: TransferKind) -> OfferTerms {
    OfferTerms {
        kind,
        statement: true,
        deadline: NOW + 7 * 86_400,
        document_hash: Some(DOCUMENT),
        reverses: None,
    }
}

const fn with_check_digit(body: u64) -> u64 {
    body * 10 + gs1::check_digit(body) as u64
}
