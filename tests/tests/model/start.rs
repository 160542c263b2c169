//! The world in which each sequence starts: sites that trade, issuers of which one has a narrow scope, and
//! everybody's keys.

use std::collections::BTreeMap;

use anchor_lang::{Address, Discriminator};
use bytemuck::Pod;
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    identifier::Gln,
    instruction::{
        custody as to_custody,
        recall::Token,
        registry::{self as to_registry, IssuerScope, Licence},
    },
};
use program_tests::{
    address, layout,
    token::TOKEN_2022,
    world::{GTIN, UNITS, World, gln, licence},
};
use registry::{Operator, Partner};

use crate::{state::Register, unit_rules::pages_of};

/// The tokens that each key of a manufacturer, and each thief, has at first.
const MONEY: u64 = 300_000;

/// When licences end that nobody shortens, in Unix seconds: in 2191.
pub const FAR_OFF: i64 = 7_000_000_000;

/// The country of the issuer with the narrow scope: Germany, ISO 3166-1.
pub const FOREIGN_COUNTRY: u16 = 276;

/// The roles that the issuer with the narrow scope may license.
pub const FOREIGN_ROLES: Roles = Roles::WHOLESALER.union(Roles::LOGISTICS);

/// The GLNs that nobody has at first.
const ACCOMPLICES: [u64; 3] = [11, 12, 13];

/// See the module's documentation.
#[derive(Clone)]
pub struct Start {
    pub world: World,
    pub token: Token,
    /// Each key's token account.
    pub purses: BTreeMap<Address, Address>,
    /// Every site that can be admitted.
    pub sites: Vec<Site>,
    pub keys: Keys,
    pub register: Register,
    /// The register's other accounts: itself, the other product, and claims of prefixes.
    pub constants: Vec<Address>,
}

/// Keys by who they belong to, whoever has them.
#[derive(Clone)]
pub struct Keys {
    /// A site's: what it was admitted with, and what it gets instead.
    own: BTreeMap<Gln, [Address; 3]>,
    /// Issuers' next ones.
    pub boards: [Address; 3],
    pub thieves: [Address; 3],
    /// Of people and devices that act for sites.
    pub people: [Address; 3],
}

impl Start {
    /// A world whose units can be followed one by one, and whose manufacturers have money.
    pub fn new() -> Self {
        let mut world = World::new();
        world.ledger.trust_signatures();
        for lot in [world.goods.lot, world.other_goods.lot] {
            for page in pages_of(0..UNITS) {
                let opening = to_custody::open_unit_page(world.payer, lot, page);
                world.ledger.execute(&opening);
            }
        }
        let mut sites = sites_of(&world).to_vec();
        for site in &sites {
            let partner: Partner = world.ledger.read(site.partner);
            let lasting = lasting(partner.roles, partner.country);
            let renewal = to_registry::renew_partner(world.issuer_key, site.gln, lasting);
            world.ledger.execute(&renewal);
        }
        let foreign = IssuerScope {
            countries: std::array::from_fn(|place| if place == 0 { FOREIGN_COUNTRY } else { 0 }),
            ..IssuerScope::everywhere(FOREIGN_ROLES)
        };
        let issuer = address::issuer(&world.other_issuer_key);
        let narrowing = to_registry::set_issuer_scope(world.authority, issuer, foreign);
        world.ledger.execute(&narrowing);
        sites.extend(ACCOMPLICES.map(|location| {
            let key = world.ledger.key(&format!("accomplice {location}"));
            Site::own(gln(location), key)
        }));

        let keys = Keys::new(&mut world, &sites);
        let token = world.token("coin", TOKEN_2022, &[]);
        let makers = [world.manufacturer.gln, world.other_manufacturer.gln];
        let is_rich = |key| {
            let makers = makers.iter();
            keys.thieves.contains(&key) || makers.clone().any(|&maker| keys.are_of(maker, key))
        };
        let mut owners: Vec<Address> = keys.own.values().flatten().copied().collect();
        owners.extend(keys.thieves);
        let purses = owners.into_iter().map(|key| {
            let amount = if is_rich(key) { MONEY } else { 0 };
            let purse = world.token_account(&format!("purse of {key}"), token, key, amount);
            (key, purse)
        });
        let purses = purses.collect();
        let register = register_of(&world);
        let is_constant = |at: &Address| {
            let is_partner = sites.iter().any(|site| site.partner == *at);
            !is_partner
                && !register.issuers.contains_key(at)
                && !register.operators.contains_key(at)
        };
        let constants = world.ledger.accounts_of(&registry::ID).into_iter();
        let constants = constants
            .map(|(at, _)| at)
            .filter(|at| is_constant(at) && *at != register.product.0)
            .collect();
        Self {
            world,
            token,
            purses,
            sites,
            keys,
            register,
            constants,
        }
    }
}

impl Keys {
    fn new(world: &mut World, sites: &[Site]) -> Self {
        let mut pool = |whose: &str| -> [Address; 3] {
            std::array::from_fn(|number| world.ledger.key(&format!("{whose} {number}")))
        };
        let own = sites.iter().map(|site| {
            let [_, second, third] = pool(&format!("own key of {}", site.gln));
            (site.gln, [site.key, second, third])
        });
        Self {
            own: own.collect(),
            boards: pool("key of a board"),
            thieves: pool("thief"),
            people: pool("person"),
        }
    }

    /// Whether the key is one of the site's own.
    pub fn are_of(&self, site: Gln, key: Address) -> bool {
        self.own[&site].contains(&key)
    }

    /// The site's own key after this one.
    pub fn after(&self, site: Gln, key: Address) -> Address {
        let own = &self.own[&site];
        let place = own.iter().position(|other| *other == key);
        own[place.map_or(0, |place| place + 1) % own.len()]
    }

    /// Some key of the site's own or of a thief.
    pub fn another(&self, site: Gln, number: u8) -> Address {
        let all = [self.own[&site], self.thieves];
        all.as_flattened()[usize::from(number) % 6]
    }
}

/// A licence that does not end in a sequence.
pub fn lasting(roles: u16, country: u16) -> Licence {
    Licence {
        country,
        valid_until: FAR_OFF,
        ..licence(Roles::from_bits_retain(roles))
    }
}

/// The sites of the world.
pub fn sites_of(world: &World) -> [Site; 9] {
    [
        world.manufacturer,
        world.other_manufacturer,
        world.wholesaler,
        world.logistics,
        world.pharmacy,
        world.regulator,
        world.other_pharmacy,
        world.reverse_distributor,
        world.laboratory,
    ]
}

/// What the registry program's accounts hold.
fn register_of(world: &World) -> Register {
    let product = address::product(GTIN);
    Register {
        authority: world.authority,
        issuers: all_of(world).collect(),
        partners: all_of(world)
            .map(|(_, partner): (_, Partner)| (partner.gln(), partner))
            .collect(),
        operators: all_of::<Operator>(world).collect(),
        product: (product, world.ledger.read(product)),
    }
}

/// Every account of this type of the registry program.
fn all_of<T: Pod + Discriminator>(world: &World) -> impl Iterator<Item = (Address, T)> {
    let accounts = world.ledger.accounts_of(&registry::ID).into_iter();
    accounts
        .filter(|(_, account)| account.data.starts_with(T::DISCRIMINATOR))
        .map(|(at, account)| (at, layout::decode(&account.data)))
}
