//! Money follows loss: who had title to units when they were recalled and gave them up is paid for them,
//! once, whatever sites, keys, orders, instructions, recalls and tranches lie between.
//!
//! All of it happens in one second.

mod changing_ranges;
mod dates_of_title;
mod end_of_recall;
mod firms;
mod owners;
mod surrendered;
mod taken_back;
mod title_given_up;
mod tranches;

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::Consignment;
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{accept, destroy},
        recall::{
            Claimed, Funding, LotRecall, RecallTerms, Since, Token, claim, expand, fund, narrow,
            open,
        },
    },
    units::UnitRange,
};
use program_tests::{
    recalled::{notice, recall_terms, units},
    token::TOKEN,
    world::{DOCUMENT, World, terms},
};
use recall::{Recall, RecallError};

/// What most tranches here pay for a unit.
const PRICE: u64 = 10;

/// A supply chain, and a token in which its manufacturers pay.
#[derive(Clone)]
struct Story {
    world: World,
    token: Token,
}

/// Since this scope of a recall, and after it these that released units.
fn since(scope: u32, narrowings: &[u32]) -> Since {
    Since {
        scope,
        narrowings: narrowings.to_vec(),
    }
}

impl Story {
    fn new() -> Self {
        let mut world = World::new();
        let token = world.token("coin", TOKEN, &[]);
        let mut story = Self { world, token };
        let world = &story.world;
        let sites = [
            world.manufacturer,
            world.other_manufacturer,
            world.wholesaler,
            world.logistics,
            world.pharmacy,
            world.other_pharmacy,
        ];
        for site in sites {
            story.open_purse(site);
        }
        story
    }

    fn open_purse(&mut self, site: Site) {
        let name = format!("purse of {}", site.gln);
        self.world
            .token_account(&name, self.token, site.key, 1_000_000);
    }

    /// The token account of a site's own key.
    fn purse(&self, site: Site) -> Address {
        use solana_signer::Signer;
        program_tests::ledger::keypair(&format!("purse of {}", site.gln)).pubkey()
    }

    /// What a site has more than at the beginning.
    fn earned(&self, site: Site) -> i64 {
        self.world.balance(self.purse(site)) as i64 - 1_000_000
    }

    /// Units 9,000 to 9,999 of the lot, sold to the wholesaler and of them the last hundreds to the pharmacy
    /// and the other pharmacy. In this order.
    fn distribute(&mut self) -> [Goods; 3] {
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            other_pharmacy,
            goods,
            ..
        } = self.world;
        let all = self.world.cut(manufacturer, goods, 1_000);
        self.sell(manufacturer, wholesaler, all);
        let [first, second] = [pharmacy, other_pharmacy].map(|pharmacy| {
            let part = self.world.cut(wholesaler, all, 100);
            self.sell(wholesaler, pharmacy, part);
            part
        });
        [all, first, second]
    }

    fn sell(&mut self, from: Site, to: Site, goods: Goods) {
        self.world.hand_over(from, to, goods, TransferKind::Sale);
    }

    /// Offers a return and has it accepted. Returns the transfer.
    fn give_back(&mut self, from: Site, to: Site, goods: Goods) -> Address {
        let goods = self.world.now(goods);
        let transfer = self
            .world
            .offer(from, to, goods, terms(TransferKind::Return));
        let acceptance = accept(to, goods.offered_by(from.gln));
        self.world.ledger.execute(&acceptance);
        transfer
    }

    /// Has a site destroy goods before the regulator. Returns the consignment.
    fn destroy(&mut self, site: Site, goods: Goods) -> Address {
        let (regulator, goods) = (self.world.regulator, self.world.now(goods));
        let destruction = destroy(site, regulator, goods, Some(DOCUMENT));
        self.world.ledger.execute(&destruction);
        goods.consignment
    }

    /// The regulator recalls units of the lot.
    fn recall(&mut self, units: UnitRange) -> LotRecall {
        let world = &mut self.world;
        let recall = world.next_recall(world.goods);
        let terms = RecallTerms {
            units,
            ..recall_terms()
        };
        let opening = open(world.payer, world.regulator, recall, terms, notice());
        world.ledger.execute(&opening);
        recall
    }

    fn read(&self, recall: LotRecall) -> Recall {
        self.world.ledger.read(recall.address())
    }

    fn expand(&mut self, recall: LotRecall, units: UnitRange) {
        let (payer, maker, scopes) = (
            self.world.payer,
            self.world.manufacturer,
            self.read(recall).scopes,
        );
        let wider = expand(payer, maker, recall, scopes, units, notice());
        self.world.ledger.execute(&wider);
    }

    fn narrow(&mut self, recall: LotRecall, units: UnitRange) {
        let (payer, regulator) = (self.world.payer, self.world.regulator);
        let scopes = self.read(recall).scopes;
        let releasing = narrow(payer, regulator, recall, scopes, units, Some(DOCUMENT));
        self.world.ledger.execute(&releasing);
    }

    /// Recalls units, and reserves the usual price for all of them. Returns the recall with the tranche's number.
    fn recall_and_fund(&mut self, units: UnitRange) -> (LotRecall, u32) {
        let recall = self.recall(units);
        (recall, self.fund(recall, units, PRICE))
    }

    /// The manufacturer reserves a price for units. Returns the tranche's number.
    fn fund(&mut self, recall: LotRecall, units: UnitRange, unit_price: u64) -> u32 {
        let (maker, payer) = (self.world.manufacturer, self.world.payer);
        let of = self.read(recall);
        let funding = Funding { units, unit_price };
        let step = fund(payer, maker, &of, self.token, self.purse(maker), funding);
        self.world.ledger.execute(&step);
        of.tranches
    }

    /// A site's claim from a recall's tranche.
    fn claim(
        &self,
        site: Site,
        (recall, tranche): (LotRecall, u32),
        evidence: Address,
        units: UnitRange,
        since: Since,
    ) -> Instruction {
        let claimed = Claimed {
            evidence,
            evidence_first: self.world.first_shown(evidence),
            units,
            since,
            tranche,
        };
        let (payer, purse) = (self.world.payer, self.purse(site));
        claim(payer, site, recall.address(), &claimed, self.token, purse)
    }

    #[track_caller]
    fn pay(&mut self, claim: &Instruction) {
        self.world.ledger.execute(claim);
    }

    #[track_caller]
    fn refuse(&mut self, claim: &Instruction, refusal: RecallError) {
        self.world.ledger.refuse(claim, refusal);
    }
}

/// The units of a consignment.
fn units_of(story: &Story, goods: Goods) -> UnitRange {
    let consignment: Consignment = story.world.ledger.read(goods.consignment);
    units(consignment.first_unit, consignment.quantity)
}
