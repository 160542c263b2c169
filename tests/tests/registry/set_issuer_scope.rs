use pedigree_domain::Roles;
use pedigree_interface::instruction::registry::{
    IssuerScope, add_issuer, admit_partner, reinstate_partner, renew_partner, revoke_partner,
    set_issuer_scope, suspend_partner,
};
use program_tests::{
    address,
    layout::padded,
    world::{COUNTRY, World, gln, licence, scope},
};
use registry::{Issuer, RegistryError, instructions::Licence};

/// A scope with these places filled.
fn limited(roles: Roles, countries: &[u16], prefixes: &[(u64, u8)]) -> IssuerScope {
    let mut scope = IssuerScope::everywhere(roles);
    scope.countries[..countries.len()].copy_from_slice(countries);
    for (place, &(value, digits)) in prefixes.iter().enumerate() {
        (scope.prefixes[place], scope.prefix_digits[place]) = (value, digits);
    }
    scope
}

/// Limits the issuer that admitted everybody.
fn limit(world: &mut World, scope: IssuerScope) {
    let issuer = address::issuer(&world.issuer_key);
    world
        .ledger
        .execute(&set_issuer_scope(world.authority, issuer, scope));
}

#[test]
fn replaces_the_scope_and_nothing_else() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    let new = limited(Roles::DISPENSER, &[756, 40], &[(76, 2), (950_600, 6)]);
    let effect = ledger.effect(issuer, |issuer: &mut Issuer| {
        issuer.roles = 16;
        issuer.countries[..2].copy_from_slice(&[756, 40]);
        issuer.prefixes[..2].copy_from_slice(&[76, 950_600]);
        issuer.prefix_digits[..2].copy_from_slice(&[2, 6]);
    });
    ledger.execute_with_effects(&set_issuer_scope(authority, issuer, new), &[effect]);
}

#[test]
fn only_an_issuer_with_that_role_in_its_scope_makes_regulators() {
    let mut world = World::new();
    let trade = Roles::all().difference(Roles::REGULATOR);
    limit(&mut world, IssuerScope::everywhere(trade));
    let World {
        mut ledger,
        payer,
        issuer_key,
        other_issuer_key,
        pharmacy,
        ..
    } = world;
    let regulator = licence(Roles::REGULATOR);
    let admit = |issuer| admit_partner(payer, issuer, gln(99), payer, padded("New"), regulator);
    ledger.refuse(&admit(issuer_key), RegistryError::RoleOutsideScope);
    // Nor anybody by way of a site that trades.
    ledger.refuse(
        &renew_partner(issuer_key, pharmacy.gln, regulator),
        RegistryError::IncompatibleRoles,
    );
    ledger.execute(&admit(other_issuer_key));
}

#[test]
fn the_authority_makes_itself_an_issuer_of_regulators() {
    let World {
        mut ledger,
        payer,
        authority,
        ..
    } = World::new();
    let regulators = IssuerScope::everywhere(Roles::REGULATOR);
    let name = padded("Registry");
    ledger.execute(&add_issuer(payer, authority, authority, name, regulators));
    let admit = |roles| {
        let name = padded("New");
        admit_partner(payer, authority, gln(99), payer, name, licence(roles))
    };
    ledger.refuse(&admit(Roles::DISPENSER), RegistryError::RoleOutsideScope);
    ledger.execute(&admit(Roles::REGULATOR));
}

#[test]
fn a_licence_needs_every_role_and_its_country() {
    let mut world = World::new();
    let both = Roles::WHOLESALER.union(Roles::DISPENSER);
    limit(&mut world, limited(both, &[276, COUNTRY], &[]));
    let (issuer_key, site) = (world.issuer_key, world.pharmacy.gln);
    let abroad = Licence {
        country: 40,
        ..licence(Roles::DISPENSER)
    };
    let (role, country) = (
        RegistryError::RoleOutsideScope,
        RegistryError::CountryOutsideScope,
    );
    for (licence, refusal) in [
        (licence(both), None),
        (licence(Roles::DISPENSER), None),
        (licence(both.union(Roles::LOGISTICS)), Some(role)),
        (licence(Roles::LOGISTICS), Some(role)),
        (abroad, Some(country)),
    ] {
        let mut ledger = world.ledger.clone();
        let renewal = renew_partner(issuer_key, site, licence);
        let admission = admit_partner(
            world.payer,
            issuer_key,
            gln(99),
            world.payer,
            padded("New"),
            licence,
        );
        for instruction in [renewal, admission] {
            match refusal {
                None => drop(ledger.execute(&instruction)),
                Some(refusal) => ledger.refuse(&instruction, refusal),
            }
        }
    }
}

#[test]
fn an_issuer_that_lost_a_role_may_still_stop_the_sites_that_have_it() {
    let mut world = World::new();
    let (issuer_key, site) = (world.issuer_key, world.pharmacy.gln);
    limit(&mut world, limited(Roles::WHOLESALER, &[], &[]));
    world.ledger.execute(&suspend_partner(issuer_key, site));
    let reinstate = reinstate_partner(issuer_key, site);
    world
        .ledger
        .refuse(&reinstate, RegistryError::RoleOutsideScope);
    limit(&mut world, limited(Roles::DISPENSER, &[276], &[]));
    world
        .ledger
        .refuse(&reinstate, RegistryError::CountryOutsideScope);
    let mut trusted = world.clone();
    limit(&mut trusted, limited(Roles::DISPENSER, &[COUNTRY], &[]));
    trusted.ledger.execute(&reinstate);
    world.ledger.execute(&revoke_partner(issuer_key, site));
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        other_issuer_key,
        regulator,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    for other in [issuer_key, other_issuer_key, regulator.key] {
        let instruction = set_issuer_scope(other, issuer, scope());
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let instruction = set_issuer_scope(authority, issuer, scope());
    ledger.refuse_unsigned(&instruction, &[authority]);
    ledger.refuse_stand_ins(&instruction, &[address::registry(), issuer]);
}

#[test]
fn refuses_invalid_scopes() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        ..
    } = World::new();
    let issuer = address::issuer(&issuer_key);
    let any = Roles::all();
    let mut gap = limited(any, &[756, 0, 276], &[]);
    gap.countries[1] = 0;
    let mut hidden_value = scope();
    hidden_value.prefixes[15] = 9_506;
    let mut hidden_digits = limited(any, &[], &[(9_506, 4), (0, 0), (9_507, 4)]);
    hidden_digits.prefix_digits[1] = 0;
    let (roles, country, prefix) = (
        RegistryError::InvalidRoles,
        RegistryError::InvalidCountry,
        RegistryError::InvalidCompanyPrefix,
    );
    for (invalid, refusal) in [
        (limited(Roles::empty(), &[], &[]), roles),
        (limited(Roles::from_bits_retain(1 << 8), &[], &[]), roles),
        (limited(any, &[1_000], &[]), country),
        (gap, country),
        (limited(any, &[], &[(10, 1)]), prefix),
        (limited(any, &[], &[(1, 13)]), prefix),
        (hidden_value, prefix),
        (hidden_digits, prefix),
    ] {
        ledger.refuse(&set_issuer_scope(authority, issuer, invalid), refusal);
        let key = ledger.key("new issuer");
        let add = add_issuer(payer, authority, key, padded("New"), invalid);
        ledger.refuse(&add, refusal);
    }
}
