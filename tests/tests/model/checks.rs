//! Invariants that are checked after every step.

use anchor_lang::{Address, Discriminator};
use bytemuck::Pod;
use custody::{Change, Consignment, ConsignmentStatus, Disposition};
use pedigree_interface::identifier::Gln;
use program_tests::layout;
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use recall::RecallState;

use crate::{
    Chain, FORGERY,
    rules::{Model, OPENED, OWNERS, SURRENDERED, is_live},
    state::{Gone, Recalls, Register},
    unit_rules::{is_there, range_of},
};

impl Chain<'_> {
    /// Checks that the account at `at` is the one that the model has.
    pub fn check_account(&self, at: Address) -> Result<(), TestCaseError> {
        let account = self.world.ledger.find_account(at);
        let owners = [registry::ID, custody::ID, recall::ID, self.token.program];
        let ours = account.filter(|account| owners.contains(&account.owner));
        let Model {
            lots,
            consignments,
            transfers,
            cases,
            records,
            ..
        } = &self.model;
        let data = ours.as_ref().map(|account| account.data.as_slice());
        let Recalls {
            recalls,
            responses,
            tranches,
            balances,
            ..
        } = &self.model.recalls;
        let is_expected = if let Some(of_register) = self.holds_register(at, data) {
            of_register
        } else if let Some(lot) = lots.get(&at) {
            holds(data, *lot, |_| {})
        } else if let Some(consignment) = consignments.get(&at) {
            holds(data, *consignment, |consignment| consignment.bump = 0)
        } else if let Some(transfer) = transfers.get(&at) {
            holds(data, *transfer, |transfer| transfer.bump = 0)
        } else if let Some(case) = cases.get(&at) {
            holds(data, *case, |case| case.bump = 0)
        } else if let Some(record) = records.get(&at) {
            holds(data, *record, |record| record.bump = 0)
        } else if let Some(page) = self.model.page(at) {
            holds(data, page, |page| page.bump = 0)
        } else if let Some(recall) = recalls.get(&at) {
            holds(data, *recall, |recall| recall.bump = 0)
        } else if let Some(scope) = self.model.scope(at) {
            holds(data, scope, |scope| scope.bump = 0)
        } else if let Some(tranche) = tranches.get(&at) {
            holds(data, *tranche, |tranche| {
                (tranche.bump, tranche.vault_bump) = (0, 0);
            })
        } else if let Some(response) = responses.get(&at) {
            holds(data, *response, |response| response.bump = 0)
        } else if let Some(proofs) = self.model.proofs(at) {
            holds(data, proofs, |proofs| proofs.bump = 0)
        } else if let Some(claims) = self.model.claims(at) {
            holds(data, claims, |claims| claims.bump = 0)
        } else if let Some(&balance) = balances.get(&at) {
            data.is_some() && self.world.balance(at) == balance
        } else {
            data.is_none() || [FORGERY, self.token.mint].contains(&at)
        };
        prop_assert!(is_expected, "{at} is not as the model has it");
        Ok(())
    }

    /// Whether an account of the register, if the address is that of one, holds what the model has.
    fn holds_register(&self, at: Address, data: Option<&[u8]>) -> Option<bool> {
        let Register {
            issuers,
            partners,
            operators,
            product: (product_at, product),
            ..
        } = &self.model.register;
        if let Some(site) = self.sites.iter().find(|site| site.partner == at) {
            let Some(partner) = partners.get(&site.gln) else {
                return Some(data.is_none());
            };
            return Some(holds(data, *partner, |partner| partner.bump = 0));
        }
        if let Some(operator) = operators.get(&at) {
            return Some(holds(data, *operator, |operator| operator.bump = 0));
        }
        if let Some(issuer) = issuers.get(&at) {
            return Some(holds(data, *issuer, |_| {}));
        }
        if at == *product_at {
            return Some(holds(data, *product, |_| {}));
        }
        self.constants.contains(&at).then_some(data.is_some())
    }

    /// Checks every invariant after a step that these sites signed; `before` is the model before it.
    pub fn check_step(&self, before: &Model, signers: &[Gln]) -> Result<(), TestCaseError> {
        self.check_partition()?;
        self.check_counts()?;
        self.check_opened(before)?;
        self.check_exits(before, signers)?;
        self.check_stopped(before)?;
        self.check_money()
    }

    /// Checks that every unit is in exactly one consignment.
    fn check_partition(&self) -> Result<(), TestCaseError> {
        for (lot, of_lot) in &self.model.lots {
            let mut ranges: Vec<_> = self
                .model
                .consignments
                .values()
                .filter(|consignment| consignment.lot == *lot)
                .map(|consignment| (consignment.first_unit, consignment.quantity))
                .collect();
            ranges.sort_unstable();
            let mut next = 0;
            for (first, quantity) in ranges {
                prop_assert_eq!(first, next, "units of {} are lost or doubled", lot);
                next += quantity;
            }
            prop_assert_eq!(next, of_lot.quantity, "units of {} are lost", lot);
        }
        Ok(())
    }

    /// Checks that consignments count their units that are gone.
    fn check_counts(&self) -> Result<(), TestCaseError> {
        for (at, consignment) in &self.model.consignments {
            let gone = self.model.gone_of(consignment).count();
            prop_assert_eq!(consignment.inactive as usize, gone, "units of {}", at);
            prop_assert_eq!(consignment.restrictions & OPENED != 0, gone > 0);
            let absent = self.model.gone_of(consignment);
            let absent = absent.filter(|(_, gone)| !is_there(gone.disposition));
            prop_assert_eq!(
                consignment.absent as usize,
                absent.count(),
                "absent of {}",
                at
            );
        }
        Ok(())
    }

    /// Checks that consignments with units gone did not move, but where a regulator had them brought; and that
    /// those whose other units are there only went home, to be stored, examined or destroyed.
    fn check_opened(&self, before: &Model) -> Result<(), TestCaseError> {
        let place = |it: &Consignment| (it.custodian, it.owner, is_live(it));
        for (at, was) in &before.consignments {
            let Some(is) = self.model.consignments.get(at) else {
                continue;
            };
            if place(is) == place(was) || is.kind == Change::Recovery {
                continue;
            }
            let left_whole = self.is_no_nearer(is);
            prop_assert!(
                was.inactive == 0 || was.absent == 0 && left_whole,
                "a consignment with units gone moved"
            );
        }
        Ok(())
    }

    /// Whether the goods' last change did not bring them nearer to patients.
    fn is_no_nearer(&self, consignment: &Consignment) -> bool {
        let custodian = self.site_of(consignment.custodian);
        let only_stores = !self.model.has_role(custodian, OWNERS);
        match consignment.kind {
            Change::Sale | Change::Export => false,
            // Title that an owner gives to the manufacturer, the first one or the present one, goes back, not on.
            Change::Title => {
                let lot = &self.model.lots[&consignment.lot];
                [lot.manufacturer, lot.minted_by].contains(&consignment.owner)
            }
            Change::Logistics => only_stores,
            _ => true,
        }
    }

    /// Checks that no unit of goods that another owns, or that a case holds, left for good without a word of
    /// theirs: the step that took it away was signed by two.
    fn check_exits(&self, before: &Model, signers: &[Gln]) -> Result<(), TestCaseError> {
        for (at, was) in &before.consignments {
            let Some(is) = self.model.consignments.get(at) else {
                continue;
            };
            let of_units = |model: &Model, it: &Consignment| {
                let gone = model.gone_of(it);
                gone.filter(|(_, gone)| gone.disposition == Disposition::Dispensed)
                    .count()
            };
            let is_dispensed =
                is.quantity == was.quantity && of_units(&self.model, is) > of_units(before, was);
            let is_taken = is.status != was.status
                && [ConsignmentStatus::Sampled, ConsignmentStatus::Destroyed].contains(&is.status);
            let is_surrendered = was.restrictions & SURRENDERED != 0;
            prop_assert!(
                !(is_dispensed || is_taken)
                    || was.owner == was.custodian
                    || is_surrendered
                    || signers.len() > 1,
                "another's goods left by one site's word"
            );
            let is_gone = is.status != was.status
                && [ConsignmentStatus::Sampled, ConsignmentStatus::Stolen].contains(&is.status);
            let is_held = was.open_cases > 0 || before.lots[&was.lot].open_cases > 0;
            prop_assert!(
                !(is_gone && is_held) || signers.len() > 1,
                "what a case holds left by one site's word"
            );
        }
        Ok(())
    }

    /// Checks that the ledger holds the model's accounts and no others.
    pub fn check_all(&self) -> Result<(), TestCaseError> {
        self.ghost.check_titles(&self.model)?;
        for program in [registry::ID, custody::ID, recall::ID, self.token.program] {
            for (at, _) in self.world.ledger.accounts_of(&program) {
                self.check_account(at)?;
            }
        }
        let Model {
            lots,
            consignments,
            transfers,
            cases,
            records,
            pages,
            recalls,
            register,
            ..
        } = &self.model;
        let expected = lots
            .keys()
            .chain(consignments.keys())
            .chain(transfers.keys())
            .chain(cases.keys())
            .chain(records.keys())
            .chain(pages.keys())
            .chain(recalls.recalls.keys())
            .chain(recalls.places.keys())
            .chain(recalls.tranches.keys())
            .chain(recalls.responses.keys())
            .chain(recalls.proofs.keys())
            .chain(recalls.claims.keys())
            .chain(recalls.balances.keys())
            .chain(register.issuers.keys())
            .chain(register.operators.keys());
        for at in expected {
            self.check_account(*at)?;
        }
        Ok(())
    }

    /// Checks that since `before` nothing recalled went down the chain, to patients or abroad.
    fn check_stopped(&self, before: &Model) -> Result<(), TestCaseError> {
        for (at, consignment) in &self.model.consignments {
            let has_moved = before
                .consignments
                .get(at)
                .is_some_and(|was| was.trail != consignment.trail);
            let went_on = has_moved && !self.is_no_nearer(consignment);
            prop_assert!(
                !went_on || !before.is_recalled(consignment.lot, &range_of(consignment)),
                "recalled goods went on"
            );
        }
        let is_new = |(unit, gone): &(&(Address, u32), &Gone)| {
            let was = before.gone.get(unit);
            was.is_none_or(|was| was.disposition != gone.disposition)
        };
        for (&(lot, unit), gone) in self.model.gone.iter().filter(is_new) {
            prop_assert!(
                ![Disposition::Dispensed, Disposition::Exported].contains(&gone.disposition)
                    || !before.is_recalled(lot, &(unit..unit + 1)),
                "a recalled unit reached a patient"
            );
        }
        Ok(())
    }

    /// Checks that no token is made or lost, and that each vault holds the price of every unit that its
    /// tranche covers and did not pay for, so that no claim can fail for want of money.
    fn check_money(&self) -> Result<(), TestCaseError> {
        let recalls = &self.model.recalls;
        for (at, tranche) in &recalls.tranches {
            let vault = recalls.balances.get(&tranche.vault).copied();
            prop_assert!(tranche.paid_units <= tranche.quantity);
            let unpaid = u64::from(tranche.quantity - tranche.paid_units);
            let reserve = (tranche.withdrawn_at == 0).then(|| unpaid * tranche.unit_price);
            prop_assert_eq!(vault, reserve, "the vault of {}", at);
        }
        let paid: u32 = recalls.tranches.values().map(|it| it.paid_units).sum();
        prop_assert_eq!(paid as usize, recalls.paid.len());
        for (at, recall) in &recalls.recalls {
            let pages = recalls.proofs.iter();
            let shown: usize = pages
                .filter(|(_, page)| page.recall == *at && page.recounts == recall.recounts)
                .map(|(page, _)| recalls.shown.range((*page, 0)..=(*page, u32::MAX)).count())
                .sum();
            let counted = (recall.shown_returned + recall.shown_destroyed) as usize;
            // A page that was closed after the end no longer shows what counted.
            let is_over = recall.state == RecallState::Terminated;
            prop_assert!(shown == counted || is_over && shown < counted);
        }
        let all: u64 = recalls.balances.values().sum();
        prop_assert_eq!(all, self.money, "tokens are lost or made");
        Ok(())
    }
}

/// Whether an account's data are those of `expected`, apart from what `even_out` makes equal.
fn holds<T: Pod + Discriminator>(
    data: Option<&[u8]>,
    mut expected: T,
    even_out: fn(&mut T),
) -> bool {
    let Some(data) = data.filter(|data| data.starts_with(T::DISCRIMINATOR)) else {
        return false;
    };
    let mut actual: T = layout::decode(data);
    even_out(&mut expected);
    even_out(&mut actual);
    bytemuck::bytes_of(&expected) == bytemuck::bytes_of(&actual)
}
