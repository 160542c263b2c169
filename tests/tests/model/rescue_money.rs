//! How the honest are paid what they are owed, whatever was done before, and nobody else is anything.

use anchor_lang::Address;
use custody::Lot;
use pedigree_interface::{
    Site,
    identifier::Gln,
    instruction::recall::{Claimed, Funding, LotRecall, Notice, RecallTerms, Since},
};
use program_tests::recalled::{notice, recall_terms, units};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use recall::{Recall, RecallState, Tranche};

use crate::{
    Chain,
    action::{Action, DOCUMENT},
    ghost::Owed,
    recall_action::RecallAction,
    recall_rules::{CLAIMS_PAGE, RECALLS, TIME_TO_CLAIM},
    register_action::RegisterAction,
    tally::{PAID, PAID_LATER},
};

/// The price of a unit, in smallest parts of the token, where a manufacturer funds in the end.
const PRICE: u64 = 2;

/// Claims in each sequence that are tried again, and by another.
const TRIED_AGAIN: usize = 2;

impl Chain<'_> {
    /// A regulator recalls all of one lot, and the lot's manufacturer reserves a price for what is recalled. In
    /// every other sequence the recalls stay as they are, and the price is for the first of which nothing is
    /// covered.
    pub fn recall_more(&mut self) -> Result<(), TestCaseError> {
        let chosen = usize::try_from(self.model.now).unwrap_or_default();
        if chosen.is_multiple_of(2) {
            let lot = self.lots[chosen / 2 % self.lots.len()];
            let recall = self.recall_whole(lot)?;
            return self.fund_all_of(self.model.recalls.recalls[&recall.address()]);
        }
        let is_unfunded = |recall: &&Recall| {
            let is_running = recall.state != RecallState::Terminated;
            is_running && recall.quantity > 0 && recall.tranches == 0
        };
        let mut recalls = self.model.recalls.recalls.values();
        let unfunded = recalls.find(is_unfunded).copied();
        unfunded.map_or(Ok(()), |recall| self.fund_all_of(recall))
    }

    /// Has a regulator recall all units of a lot: in a running recall, in a new one, or, when the lot has no place
    /// for another, in one that is taken up again.
    fn recall_whole(&mut self, lot: Address) -> Result<LotRecall, TestCaseError> {
        let by = self.current(self.world.regulator);
        let Lot {
            recalls, quantity, ..
        } = self.model.lots[&lot];
        let all = units(0, quantity);
        let of_lot = self.model.recalls.recalls.values();
        let mut of_lot: Vec<Recall> = of_lot.filter(|it| it.lot == lot).copied().collect();
        of_lot.sort_by_key(|recall| recall.state == RecallState::Terminated);
        let Some(&recall) = of_lot
            .first()
            .filter(|first| first.state != RecallState::Terminated || recalls == RECALLS)
        else {
            let recall = LotRecall {
                product: self.world.product,
                lot,
                number: recalls,
            };
            let terms = RecallTerms {
                units: all,
                ..recall_terms()
            };
            self.do_now(RecallAction::Open {
                by,
                recall,
                terms,
                notice: notice(),
            })?;
            return Ok(recall);
        };
        let name = LotRecall::from(&recall);
        if recall.state == RecallState::Terminated {
            self.do_now(RecallAction::Reopen {
                by,
                recall: name.address(),
                document_hash: DOCUMENT,
            })?;
        }
        if recall.quantity < quantity {
            self.do_now(RecallAction::Expand {
                by,
                recall: name,
                scopes: recall.scopes,
                units: all,
                notice: Notice {
                    hash: recall.notice_hash,
                    address: recall.notice_address,
                },
            })?;
        }
        Ok(name)
    }

    /// Has the lot's manufacturer reserve a price for all units of a recall, if it has the money.
    fn fund_all_of(&mut self, recall: Recall) -> Result<(), TestCaseError> {
        let recalls = &self.model.recalls;
        let by = self.site_of(self.model.lots[&recall.lot].manufacturer);
        let manufacturer = recall.manufacturer();
        let may_fund = self.model.is_holder(by) || self.model.are_sisters(by.gln, manufacturer);
        let source = recalls.purses[&by.key];
        let is_able = recalls.balances[&source] >= PRICE * u64::from(recall.quantity);
        if !may_fund || !is_able {
            return Ok(());
        }
        self.do_now(RecallAction::Fund {
            by,
            recall: LotRecall::from(&recall),
            manufacturer,
            tranches: recall.tranches,
            source,
            funding: Funding {
                units: units(recall.first, recall.quantity),
                unit_price: PRICE,
            },
        })
    }

    /// Everybody claims what it is owed. At first the firms are as they were left; then the registry authority
    /// has every site leave the firm that it was counted to, and who was counted to a manufacturer's is owed as
    /// well. In the end nothing is owed any more.
    pub fn pay_all(&mut self) -> Result<(), TestCaseError> {
        let last = self.claim_all(PAID)?;
        let joined: Vec<Gln> = self
            .model
            .register
            .partners
            .values()
            .filter(|it| it.firm != it.gln)
            .map(|it| it.gln())
            .collect();
        for gln in joined {
            let partner = self.model.register.partners[&gln];
            let mut overseer = self.issuer_now(partner.issuer);
            overseer.key = self.model.register.authority;
            self.do_now(RegisterAction::LeaveFirm {
                overseer,
                head_office: Site::own(partner.firm(), overseer.key),
                gln,
            })?;
        }
        let last = self.claim_all(PAID_LATER)?.or(last);
        let given_up = self.ghost.taken_later(&self.model);
        let given_up = given_up.map(|given_up| self.claim_of(&given_up));
        self.refuse(given_up)?;
        self.end_recalls()?;
        self.refuse(last)
    }

    /// Nobody is paid for a claim that nobody is owed, nor gives up what is another's.
    pub fn refuse(&mut self, claim: Option<RecallAction>) -> Result<(), TestCaseError> {
        let Some(claim) = claim.map(Action::from) else {
            return Ok(());
        };
        let instruction = self.instruction(&claim);
        let refusal = self.attempt(claim.clone(), &instruction, None)?;
        prop_assert!(refusal.is_some(), "paid and not owed: {claim:?}");
        Ok(())
    }

    /// Everything that is owed is claimed. Returns the last claim.
    fn claim_all(
        &mut self,
        counted_as: &'static str,
    ) -> Result<Option<RecallAction>, TestCaseError> {
        let (mut again, mut last) = (0, None);
        while let Some(owed) = self.ghost.owed(&self.model) {
            let claim = self.claim_of(&owed);
            self.do_now(claim.clone())?;
            if let RecallAction::Claim { claimed, .. } = &claim {
                let quantity = u64::from(claimed.units.quantity);
                self.tally.borrow_mut().count_rescued(counted_as, quantity);
            }
            if again < TRIED_AGAIN {
                again += 1;
                self.claim_unowed(&owed, claim.clone())?;
            }
            last = Some(claim);
        }
        Ok(last)
    }

    /// What was paid is not paid again, not to another, and not from what is reserved for another lot; nor do units
    /// of the next page come with it. The ghost would say so if they did.
    fn claim_unowed(&mut self, owed: &Owed, claim: RecallAction) -> Result<(), TestCaseError> {
        let RecallAction::Claim {
            recall, claimed, ..
        } = claim
        else {
            return Ok(());
        };
        let another = self.site(owed.units.start as u8);
        let mut tried = vec![(self.site_of(owed.owner), recall, claimed.clone())];
        tried.push((another, recall, claimed.clone()));
        let mut longer = claimed.clone();
        longer.units.quantity += 1;
        tried.push((self.site_of(owed.owner), recall, longer));
        let recalls = &self.model.recalls;
        let lot = recalls.recalls[&recall].lot;
        let elsewhere = recalls.tranches.values().find(|it| {
            let units = it.first..it.first + it.quantity;
            recalls.recalls[&it.recall].lot != lot && units.contains(&owed.units.start)
        });
        if let Some(tranche) = elsewhere {
            let mut from_there = claimed;
            from_there.units.quantity = 1;
            from_there.tranche = tranche.number;
            from_there.since = Since::OPENING;
            tried.push((self.site_of(owed.owner), tranche.recall, from_there));
        }
        for (by, recall, claimed) in tried {
            let receiver = self.model.recalls.purses[&by.key];
            self.refuse(Some(RecallAction::Claim {
                by,
                recall,
                claimed,
                receiver,
            }))?;
        }
        Ok(())
    }

    /// The claim of what a site is owed, as far as one instruction can name it.
    pub fn claim_of(&self, owed: &Owed) -> RecallAction {
        let site = self.site_of(owed.owner);
        let departure = self.model.departure(owed.evidence);
        let departure = departure.expect("what is owed has a record");
        let evidence_first = departure.first();
        let (first, end) = (owed.units.start, owed.units.end);
        let page_left = CLAIMS_PAGE - (first - evidence_first) % CLAIMS_PAGE;
        let tranches = self.model.recalls.tranches.values();
        let mut tranches = tranches.filter(|it| it.recall == owed.recall);
        let tranche = tranches.find(|it: &&Tranche| it.number == owed.tranche);
        let tranche = tranche.expect("what is owed is covered");
        let until = Some((departure.change, tranche.scope));
        let narrowings = self.model.narrowings(owed.recall, owed.scope, until);
        RecallAction::Claim {
            by: site,
            recall: owed.recall,
            claimed: Claimed {
                evidence: owed.evidence,
                evidence_first,
                units: units(first, (end - first).min(page_left)),
                since: Since {
                    scope: owed.scope,
                    narrowings,
                },
                tranche: owed.tranche,
            },
            receiver: self.model.recalls.purses[&site.key],
        }
    }

    /// A regulator ends all recalls, and after the time to claim who funded them gets back what was left: then
    /// nothing is owed, and no vault holds anything.
    fn end_recalls(&mut self) -> Result<(), TestCaseError> {
        let regulator = self.current(self.world.regulator);
        let all = self.model.recalls.recalls.iter();
        let running = all.filter(|(_, it)| it.state != RecallState::Terminated);
        let running: Vec<_> = running.map(|(at, _)| *at).collect();
        for recall in running {
            self.do_now(RecallAction::Terminate {
                by: regulator,
                recall,
                document_hash: DOCUMENT,
            })?;
        }
        self.wait(TIME_TO_CLAIM);
        let tranches = self.model.recalls.tranches.values();
        let left = tranches.filter(|it| it.withdrawn_at == 0);
        let left: Vec<Tranche> = left.copied().collect();
        for tranche in left {
            let by = self.site_of(tranche.funder);
            self.do_now(RecallAction::Withdraw {
                by,
                recall: tranche.recall,
                tranche: tranche.number,
                receiver: self.model.recalls.purses[&by.key],
            })?;
        }
        let vaults = self.model.recalls.tranches.values().map(|it| it.vault);
        let mut vaults = vaults.filter_map(|vault| self.model.recalls.balances.get(&vault));
        prop_assert_eq!(vaults.next(), None);
        let owed = self.ghost.owed(&self.model);
        prop_assert!(owed.is_none(), "unpaid: {owed:?}");
        Ok(())
    }
}
