//! The custody and the recall program against a model of their rules: random sites try random
//! instructions on random goods at random times, with right and wrong arguments and keys, and with
//! accounts that another program forged. Whatever happens, programs and model agree on what was
//! allowed and on every byte that came of it; the consignments of each lot partition its units and
//! count those that are gone; nothing that is recalled goes on down the chain; no unit is paid for
//! twice, and each recall's vault holds what was put into it and not paid.
//!
//! `MODEL_STEPS` says how many steps to try; a sequence that fails is made as short as it can be
//! and shown.

mod action;
mod recall_action;
mod recall_rules;
mod recall_steps;
mod rules;
mod unit_rules;
mod unit_steps;

use std::{cell::RefCell, collections::BTreeMap, env};

use action::{Action, DOCUMENT};
use anchor_lang::{AccountMeta, Address, Discriminator, solana_program::instruction::Instruction};
use bytemuck::Pod;
use custody::{
    Change, Consignment, ConsignmentStatus, Lot, TransferState, instructions::OfferTerms,
};
use pedigree_domain::{Roles, expiry};
use program_tests::{
    address,
    instruction::{Alter, custody as to_custody, registry as to_registry},
    layout,
    ledger::NOW,
    token::{TOKEN_2022, Token},
    world::{LICENCE_END, Parcel, Site, UNITS, World},
};
use proptest::{prelude::*, test_runner::TestRunner};
use recall_rules::Recalls;
use registry::Partner;
use rules::{Licence, Model, OPENED, RETURNED};
use solana_account::Account;
use unit_rules::{TEN_DAYS, pages_of, run_of};

/// Steps in one sequence.
const SEQUENCE: usize = 200;

/// Where forgeries are put.
const FORGERY: Address = Address::new_from_array([0xF0; 32]);

/// Random numbers from which a step is made.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: u8,
    goods: u16,
    sites: [u8; 3],
    amount: u32,
    units: u64,
    /// What is wrong with it; mostly nothing.
    flaw: u8,
}

prop_compose! {
    fn step()(
        what in 0u8..98,
        goods in any::<u16>(),
        sites in any::<[u8; 3]>(),
        amount in any::<u32>(),
        units in any::<u64>(),
        flaw in 0u8..24,
    ) -> Step {
        Step { what, goods, sites, amount, units, flaw }
    }
}

/// How often each action was refused and allowed.
type Tally = BTreeMap<String, [usize; 2]>;

/// What sites have to pay with, all together.
const MONEY: u64 = 1_000_000;

/// A world before anything happened.
#[derive(Clone)]
struct Start {
    world: World,
    token: Token,
    /// Each site's token account.
    purses: BTreeMap<u64, Address>,
}

impl Start {
    /// A world whose units can be followed one by one, and whose manufacturer has money.
    fn new() -> Self {
        let mut world = World::new();
        world.ledger.trust_signatures();
        for lot in [world.parcel.lot, world.other_parcel.lot] {
            for page in pages_of(0..UNITS) {
                let opening = to_custody::open_unit_page(world.payer, lot, page);
                world.ledger.execute(&opening);
            }
        }
        let token = world.token("coin", TOKEN_2022, &[]);
        let purses = sites_of(&world).map(|site| {
            let is_rich = site.gln == world.manufacturer.gln;
            let name = format!("purse of {}", site.gln);
            let amount = if is_rich { MONEY } else { 0 };
            (
                site.gln,
                world.token_account(&name, token, site.key, amount),
            )
        });
        Self {
            world,
            token,
            purses: purses.into(),
        }
    }
}

fn sites_of(world: &World) -> [Site; 7] {
    [
        world.manufacturer,
        world.other_manufacturer,
        world.wholesaler,
        world.logistics,
        world.pharmacy,
        world.regulator,
        world.recaller,
    ]
}

/// The supply chain, on the ledger and in the model.
struct Chain<'a> {
    tally: &'a RefCell<Tally>,
    world: World,
    token: Token,
    sites: [Site; 7],
    lots: [Address; 2],
    model: Model,
}

impl<'a> Chain<'a> {
    fn new(start: Start, tally: &'a RefCell<Tally>) -> Self {
        let Start {
            world,
            token,
            purses,
        } = start;
        let sites = sites_of(&world);
        let lots = [world.parcel.lot, world.other_parcel.lot];
        let licence = |site: &Site| {
            let partner: Partner = world.ledger.read(site.partner);
            let licence = Licence {
                roles: Roles::from_bits_retain(partner.roles),
                is_active: true,
                valid_until: LICENCE_END,
            };
            (site.gln, licence)
        };
        let consignments = [world.parcel.consignment, world.other_parcel.consignment];
        let pages = lots.into_iter().flat_map(|lot| {
            let page_of = move |number| (address::unit_page(&lot, number), (lot, number));
            pages_of(0..UNITS).into_iter().map(page_of)
        });
        let model = Model {
            now: NOW,
            licences: sites.iter().map(licence).collect(),
            lots: lots.map(|lot| (lot, world.ledger.read(lot))).into(),
            consignments: consignments.map(|at| (at, world.ledger.read(at))).into(),
            pages: pages.collect(),
            recalls: Recalls {
                mint: token.mint,
                balances: purses
                    .values()
                    .map(|&purse| (purse, world.balance(purse)))
                    .collect(),
                purses,
                ..Recalls::default()
            },
            payer: world.payer,
            ..Model::default()
        };
        Self {
            tally,
            world,
            token,
            sites,
            lots,
            model,
        }
    }

    fn site(&self, number: u8) -> Site {
        self.sites[usize::from(number) % self.sites.len()]
    }

    /// A site other than `from`, mostly, those that sell and those that dispense more often than the
    /// others.
    fn receiver(&self, from: u64, number: u8) -> Site {
        let site = match number / 64 {
            0 => self.world.pharmacy,
            1 => self.world.wholesaler,
            _ => self.site(number),
        };
        if site.gln == from && !number.is_multiple_of(8) {
            return self.site(number ^ 1);
        }
        site
    }

    fn site_of(&self, gln: u64) -> Site {
        *self.sites.iter().find(|site| site.gln == gln).unwrap()
    }

    /// Every consignment.
    fn all_goods(&self) -> impl Iterator<Item = (Parcel, Consignment)> {
        self.model.consignments.iter().map(|(&at, &consignment)| {
            let parcel = Parcel {
                lot: consignment.lot,
                consignment: at,
            };
            (parcel, consignment)
        })
    }

    /// The consignments that can still move.
    fn live_goods(&self) -> impl Iterator<Item = (Parcel, Consignment)> {
        self.all_goods().filter(|(_, consignment)| {
            [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status)
        })
    }

    /// One of the consignments, mostly one that can still move, and those that may go on down the
    /// chain before the others.
    fn goods(&self, number: u16) -> (Parcel, Consignment) {
        let may_go_on = |goods: &Consignment| {
            let is_recalled = self.model.is_recalled(goods.lot, &run_of(goods));
            goods.restrictions == 0 && goods.open_cases == 0 && !is_recalled
        };
        let mut among: Vec<_> = self.live_goods().collect();
        if among.is_empty() || number.is_multiple_of(16) {
            among = self.all_goods().collect();
        } else if !number.is_multiple_of(4) && among.iter().any(|(_, goods)| may_go_on(goods)) {
            among.retain(|(_, goods)| may_go_on(goods));
        }
        among[usize::from(number / 16) % among.len()]
    }

    /// One of the consignments of which that is true, most often and if there are any.
    fn goods_that(
        &self,
        number: u16,
        is_meant: fn(&Consignment) -> bool,
    ) -> Option<(Parcel, Consignment)> {
        let meant: Vec<_> = self
            .live_goods()
            .filter(|(_, goods)| is_meant(goods) && !number.is_multiple_of(4))
            .collect();
        let chosen = meant.get(usize::from(number / 16) % meant.len().max(1));
        chosen.copied()
    }

    /// What the step tries, its flaw among its arguments.
    fn action(&self, step: Step) -> Action {
        let Step {
            mut what,
            goods,
            sites,
            amount,
            units: _,
            flaw,
        } = step;
        let wanted = match what {
            8..20 => {
                let is_offered = |goods: &Consignment| goods.status == ConsignmentStatus::Offered;
                self.goods_that(goods, is_offered)
            }
            _ => None,
        };
        if wanted.is_none() && what < 16 {
            // Where nothing is offered, something is.
            what %= 8;
        }
        let (mut parcel, consignment) = wanted.unwrap_or_else(|| self.goods(goods));
        let mut sequence = consignment.sequence;
        let mut custodian = self.site_of(consignment.custodian);
        let mut to = self.receiver(consignment.custodian, sites[0]);
        let mut by = custodian;
        match flaw {
            0 => sequence = sequence.wrapping_add(1),
            1 => sequence = sequence.wrapping_sub(1),
            2 => parcel.lot = self.lots[usize::from(sites[1]) % 2],
            3 => (custodian, by) = (self.site(sites[1]), self.site(sites[1])),
            4 => by.key = self.site(sites[1]).key,
            5 => custodian.key = self.site(sites[1]).key,
            6 => to.key = self.site(sites[1]).key,
            7 => by = self.site(sites[1]),
            _ => {}
        }
        let document = if amount.is_multiple_of(2) {
            DOCUMENT
        } else {
            [sites[2]; 32]
        };
        let exception = (amount % 10) as u8;
        let lot = parcel.lot;
        let at = parcel.consignment;
        let transfer = self
            .model
            .transfers
            .values()
            .filter(|transfer| transfer.consignment == at)
            .max_by_key(|transfer| transfer.sequence)
            .filter(|_| flaw != 8);
        let (offer_from, offer_to, offered) = transfer.map_or((by, to, sequence), |transfer| {
            let (mut from, mut to) = (self.site_of(transfer.from), self.site_of(transfer.to));
            match flaw {
                4 => from.key = self.site(sites[1]).key,
                6 => to.key = self.site(sites[1]).key,
                7 => (from, to) = (to, from),
                _ => {}
            }
            (from, to, transfer.sequence)
        });
        let kind =
            [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 0, 5][amount as usize % 20];
        match what {
            0..8 => {
                let to_supplier = kind == Change::Return.code() && amount.is_multiple_of(3);
                let supplier = self.sites.iter().find(|s| s.gln == consignment.supplier);
                let sale = self.model.transfers.iter().find(|(_, sale)| {
                    sale.kind == Change::Sale
                        && sale.state == TransferState::Accepted
                        && sale.to == by.gln
                });
                let (to, reverses) = match (sale, supplier) {
                    (Some((at, sale)), _) if to_supplier && amount.is_multiple_of(2) => {
                        (self.site_of(sale.from), Some(*at))
                    }
                    (_, Some(&supplier)) if to_supplier => (supplier, None),
                    _ => (to, None),
                };
                let terms = OfferTerms {
                    sequence,
                    kind,
                    statement: !amount.is_multiple_of(11),
                    deadline: self.model.now + i64::from(amount % 100) * 86_400,
                    document,
                };
                Action::Offer {
                    from: custodian,
                    to,
                    parcel,
                    terms,
                    reverses,
                }
            }
            8..16 => Action::Accept {
                to: offer_to,
                from: offer_from,
                parcel,
                sequence: offered,
            },
            16 => Action::AcceptWithDiscrepancy {
                to: offer_to,
                from: offer_from,
                parcel,
                sequence: offered,
                number: consignment.cases,
                exception,
            },
            17 => Action::Reject {
                to: offer_to,
                consignment: at,
                sequence: offered,
                exception,
            },
            18 => Action::Cancel {
                from: offer_from,
                consignment: at,
                sequence: offered,
            },
            19 | 20 => {
                // The offer that ends first, or the transfer that was settled first.
                let transfers = self.model.transfers.values();
                let first = transfers
                    .filter(|transfer| (transfer.settled_at == 0) == (what == 19))
                    .min_by_key(|transfer| (transfer.settled_at, transfer.deadline))
                    .filter(|_| flaw != 8);
                let (consignment, sequence) = first.map_or((at, offered), |transfer| {
                    (transfer.consignment, transfer.sequence)
                });
                match what {
                    19 => Action::Expire {
                        consignment,
                        sequence,
                    },
                    _ => Action::Archive {
                        consignment,
                        sequence,
                    },
                }
            }
            21..28 => Action::Handoff {
                from: custodian,
                to,
                kind,
                document,
                parcel,
                sequence,
            },
            28..32 => Action::HandoffBatch {
                from: custodian,
                to,
                kind,
                document,
                parcels: self.batch(custodian, amount, flaw),
            },
            32 => Action::TransferTitle {
                seller: self.site_of(consignment.owner),
                buyer: to,
                parcel,
                sequence,
                document,
            },
            33..39 => {
                let quantity = self.cut(&consignment, step);
                Action::Split {
                    by,
                    consignment: at,
                    sequence,
                    quantity,
                    sscc: [0, 106_141_412_345_678_908, 7][amount as usize % 3],
                    pages: self.pages(&consignment, quantity, flaw),
                }
            }
            39..43 => {
                let next = self.model.consignments.iter().find(|(_, next)| {
                    next.lot == lot
                        && next.first_unit == consignment.first_unit + consignment.quantity
                });
                let (neighbour, run) = next.unwrap_or((&at, &consignment));
                Action::Merge {
                    by,
                    consignment: at,
                    sequence,
                    neighbour: *neighbour,
                    neighbour_sequence: run.sequence,
                }
            }
            43 => Action::Pack {
                by,
                consignment: at,
                sscc: [106_141_412_345_678_908, 0, 5][amount as usize % 3],
            },
            44 => Action::Unpack {
                by,
                consignment: at,
            },
            45 if amount.is_multiple_of(2) => Action::Quarantine {
                by,
                consignment: at,
            },
            45 | 46 => Action::Release {
                by,
                consignment: at,
            },
            47 => self.verify_return(step),
            48 => Action::QuarantineLot { by: to, lot },
            49 => self.release_lot(lot, step),
            50 if amount.is_multiple_of(4) => Action::Destroy {
                by,
                witness: to,
                parcel,
                sequence,
                document,
            },
            50 => Action::Export {
                by,
                parcel,
                sequence,
                document,
            },
            51 if amount.is_multiple_of(2) => Action::Sample {
                by,
                consignment: at,
                sequence,
                document,
            },
            51 => Action::ReportStolen {
                by,
                consignment: at,
                sequence,
                document,
            },
            52 => Action::OpenCase {
                by: if amount.is_multiple_of(2) { to } else { by },
                custodian,
                parcel,
                number: consignment.cases,
                exception,
            },
            53 if amount.is_multiple_of(3) => Action::OpenLotCase {
                by: to,
                lot,
                number: self.model.lots[&lot].cases,
                exception,
            },
            58 | 78..98 => self.on_recalls(step),
            60..76 => self.on_units(step),
            _ => self.on_a_case(step, document),
        }
    }

    /// What is done to a case, most often one of those that are open.
    fn on_a_case(&self, step: Step, document: [u8; 32]) -> Action {
        let open: Vec<_> = self
            .model
            .cases
            .iter()
            .filter(|(_, case)| case.resolved_at == 0 || step.flaw == 9)
            .collect();
        let Some(&(&at, case)) = open.get(usize::from(step.goods) % open.len().max(1)) else {
            return self.verify_return(step);
        };
        let mut by = if step.amount.is_multiple_of(3) {
            self.site(step.sites[0])
        } else {
            self.site_of(case.opened_by)
        };
        if step.flaw == 4 {
            by.key = self.site(step.sites[1]).key;
        }
        match step.what {
            54 => Action::DetermineCase {
                by,
                case: at,
                document,
            },
            55 => Action::NotifyCase {
                by,
                case: at,
                document,
            },
            _ => Action::ResolveCase {
                by,
                subject: case.subject,
                number: case.number,
                condemned: step.amount.is_multiple_of(5),
                document,
            },
        }
    }

    /// Somebody verifies what came back, most often something that did.
    fn verify_return(&self, step: Step) -> Action {
        let returned = self.goods_that(step.goods, |goods| goods.restrictions & RETURNED != 0);
        let (parcel, consignment) = returned.unwrap_or_else(|| self.goods(step.goods));
        let custodian = self.site_of(consignment.custodian);
        Action::VerifyReturn {
            by: match step.flaw {
                4 => Site {
                    key: self.site(step.sites[1]).key,
                    ..custodian
                },
                7 => self.site(step.sites[1]),
                _ => custodian,
            },
            parcel,
            sequence: consignment.sequence + u32::from(step.flaw == 0),
        }
    }

    /// Somebody releases a lot, most often who quarantined it.
    fn release_lot(&self, lot: Address, step: Step) -> Action {
        let quarantined_by = self.model.lots[&lot].quarantined_by;
        let mut sites = self.sites.iter();
        let by = match sites.find(|site| site.gln == quarantined_by) {
            Some(&site) if !step.amount.is_multiple_of(4) => site,
            _ => self.site(step.sites[0]),
        };
        Action::ReleaseLot { by, lot }
    }

    /// Consignments of one custodian, a few at once.
    fn batch(&self, custodian: Site, amount: u32, flaw: u8) -> Vec<(Parcel, u32)> {
        let of_custodian = |(&at, consignment): (&Address, &Consignment)| {
            let parcel = Parcel {
                lot: consignment.lot,
                consignment: at,
            };
            (consignment.custodian == custodian.gln).then_some((parcel, consignment.sequence))
        };
        let mut parcels: Vec<_> = self
            .model
            .consignments
            .iter()
            .filter_map(of_custodian)
            .collect();
        parcels.sort_by_key(|(parcel, _)| parcel.lot);
        let count = amount as usize % 6;
        let start = (amount as usize / 8) % parcels.len().max(1);
        let mut batch: Vec<_> = parcels.into_iter().skip(start).take(count).collect();
        match (flaw, batch.last().copied()) {
            (0, Some(_)) => batch.last_mut().unwrap().1 += 1,
            (10, Some(last)) => batch.push(last),
            _ => {}
        }
        batch
    }

    /// Tries a step on both sides.
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        let is_opened = |(_, consignment): &(&Address, &Consignment)| consignment.inactive > 0;
        let opened: Vec<(Address, Consignment)> = self
            .model
            .consignments
            .iter()
            .filter(is_opened)
            .map(|(&at, &consignment)| (at, consignment))
            .collect();
        match step.what {
            56 | 76 | 77 => self.advance(step.amount),
            57 => self.set_active(self.site(step.sites[0]), !step.amount.is_multiple_of(5)),
            _ => {
                let action = self.action(step);
                let instruction = self.instruction(&action);
                let is_signed = self.is_signed(&action);
                let forged = (step.flaw == 11)
                    .then(|| self.forge(&instruction, step.amount))
                    .flatten();
                let is_forged = forged.is_some();
                let before = self.model.clone();
                let outcome = self
                    .world
                    .ledger
                    .attempt(forged.as_ref().unwrap_or(&instruction));
                let name = self.name(&action);
                let allowed = is_signed && !is_forged && self.model.act(&action);
                prop_assert!(
                    outcome.is_ok() == allowed,
                    "the model says {allowed}, the program {:?} of {action:?}",
                    outcome.map(|_| ()).map_err(|failed| failed.err)
                );
                self.tally.borrow_mut().entry(name).or_default()[usize::from(allowed)] += 1;
                // Only what an instruction names can change.
                for meta in &instruction.accounts {
                    self.check_account(meta.pubkey)?;
                }
                if allowed {
                    self.check_stopped(&before)?;
                    self.check_money()?;
                }
            }
        }
        self.check_partition()?;
        self.check_counts()?;
        let is_where_it_was = |(at, before): &(Address, Consignment)| {
            let after = self.model.consignments.get(at);
            after.is_none_or(|after| {
                (after.custodian, after.owner, after.status)
                    == (before.custodian, before.owner, before.status)
            })
        };
        prop_assert!(
            opened.iter().all(is_where_it_was),
            "a consignment with units gone moved"
        );
        Ok(())
    }

    /// What the tally calls an action: its name, and what else there is to be tried both ways.
    fn name(&self, action: &Action) -> String {
        let is_opened = |at: &Address| {
            let consignment = self.model.consignments.get(at);
            consignment.is_some_and(|consignment| consignment.inactive > 0)
        };
        let special = match action {
            Action::Split { consignment, .. } if is_opened(consignment) => " where units are gone",
            Action::Merge {
                consignment,
                neighbour,
                ..
            } if is_opened(consignment) || is_opened(neighbour) => " where units are gone",
            Action::UndoDispense { parcel, block, .. }
                if unit_rules::units_of(*block).any(|unit| {
                    let gone = self.model.gone.get(&(parcel.lot, unit as u32));
                    gone.is_some_and(|gone| gone.at + TEN_DAYS <= self.model.now)
                }) =>
            {
                " after ten days"
            }
            _ => "",
        };
        let name = match action {
            Action::Recall(action) => format!("{action:?}"),
            _ => format!("{action:?}"),
        };
        let name = name.split(' ').next().unwrap_or_default();
        format!("{name}{special}")
    }

    fn instruction(&self, action: &Action) -> Instruction {
        let child = match action {
            Action::Split { consignment, .. } => self.model.consignments[consignment].children,
            _ => 0,
        };
        let is_lot = matches!(
            action,
            Action::ResolveCase { subject, .. } if self.lots.contains(subject)
        );
        let mut instruction = action.instruction(self.world.payer, self.token, child, is_lot);
        if let Action::Split {
            consignment, pages, ..
        } = action
        {
            let lot = self.model.consignments[consignment].lot;
            for &page in pages {
                let page = address::unit_page(&lot, page);
                instruction
                    .accounts
                    .push(AccountMeta::new_readonly(page, false));
            }
        }
        instruction
    }

    /// Whether the keys that sign are their sites'.
    fn is_signed(&self, action: &Action) -> bool {
        let is_own = |site: &Site| self.site_of(site.gln).key == site.key;
        match action {
            Action::Handoff { from, to, .. } | Action::HandoffBatch { from, to, .. } => {
                is_own(from) && is_own(to)
            }
            Action::TransferTitle { seller, buyer, .. } => is_own(seller) && is_own(buyer),
            Action::Destroy { by, witness, .. } | Action::DestroyUnits { by, witness, .. } => {
                is_own(by) && is_own(witness)
            }
            Action::Offer { from, .. } | Action::Cancel { from, .. } => is_own(from),
            Action::Accept { to, .. }
            | Action::AcceptWithDiscrepancy { to, .. }
            | Action::Reject { to, .. } => is_own(to),
            Action::Expire { .. } | Action::Archive { .. } | Action::CloseDispenseRecord { .. } => {
                true
            }
            Action::Recall(action) => action.by().is_none_or(|by| is_own(&by)),
            Action::Split { by, .. }
            | Action::Merge { by, .. }
            | Action::Pack { by, .. }
            | Action::Unpack { by, .. }
            | Action::Quarantine { by, .. }
            | Action::Release { by, .. }
            | Action::VerifyReturn { by, .. }
            | Action::QuarantineLot { by, .. }
            | Action::ReleaseLot { by, .. }
            | Action::Export { by, .. }
            | Action::Sample { by, .. }
            | Action::ReportStolen { by, .. }
            | Action::OpenCase { by, .. }
            | Action::OpenLotCase { by, .. }
            | Action::DetermineCase { by, .. }
            | Action::NotifyCase { by, .. }
            | Action::ResolveCase { by, .. }
            | Action::Dispense { by, .. }
            | Action::UndoDispense { by, .. }
            | Action::Decommission { by, .. } => is_own(by),
        }
    }

    /// The instruction with one of its accounts replaced by a forgery: the same bytes at another
    /// address, in another program's hands.
    fn forge(&mut self, instruction: &Instruction, amount: u32) -> Option<Instruction> {
        let ours: Vec<(Address, Account)> = instruction
            .accounts
            .iter()
            .filter_map(|meta| Some((meta.pubkey, self.world.ledger.find_account(meta.pubkey)?)))
            .filter(|(_, account)| [registry::ID, custody::ID, recall::ID].contains(&account.owner))
            .collect();
        let (genuine, mut account) = ours.get(amount as usize % ours.len().max(1))?.clone();
        account.owner = Address::new_from_array([0xF1; 32]);
        self.world.ledger.set_account(FORGERY, account);
        Some(instruction.clone().replacing(genuine, FORGERY))
    }

    /// Some time passes: hours mostly, years at times, or what is left to accept an offer or to undo a
    /// dispense.
    fn advance(&mut self, amount: u32) {
        let days = match amount % 40 {
            0 => 2_200,
            1..4 => i64::from(amount / 40 % 100),
            4..8 => i64::from(amount / 40 % 12),
            _ => 0,
        };
        let later = self.model.now + days * 86_400 + i64::from(amount / 64 % 7_200);
        self.model.now = match amount % 40 {
            8..14 => self.end_of_an_offer(amount / 40).unwrap_or(later),
            14..24 => self.end_of_an_undo_time(amount / 40).unwrap_or(later),
            _ => later,
        };
        self.world.ledger.set_time(self.model.now);
        if days == 2_200 {
            // The chain goes on: with new licences, and lots that are not expired.
            self.renew();
        }
    }

    /// The last moment, or the first after it, at which some offer may be accepted.
    fn end_of_an_offer(&self, amount: u32) -> Option<i64> {
        let transfers = self.model.transfers.values();
        let deadline = transfers
            .filter(|transfer| transfer.state == TransferState::Offered)
            .map(|transfer| transfer.deadline)
            .filter(|&deadline| deadline >= self.model.now)
            .min()?;
        Some(deadline + i64::from(amount % 2))
    }

    fn renew(&mut self) {
        const YEAR: i64 = 31_556_952;
        let valid_until = self.model.now + YEAR;
        let year = u32::try_from(1970 + self.model.now / YEAR + 2).unwrap();
        let label = year.min(2099) * 10_000 + 1231;
        for site in self.sites {
            self.world
                .ledger
                .edit(site.partner, |partner: &mut Partner| {
                    partner.licence_valid_until = valid_until;
                });
            self.model.licences.get_mut(&site.gln).unwrap().valid_until = valid_until;
        }
        for lot in self.lots {
            let change = |lot: &mut Lot| {
                lot.expiry = label;
                lot.expires_at = expiry::expires_at(label).unwrap();
            };
            self.world.ledger.edit(lot, change);
            change(self.model.lots.get_mut(&lot).unwrap());
        }
    }

    fn set_active(&mut self, site: Site, is_active: bool) {
        let licence = self.model.licences.get_mut(&site.gln).unwrap();
        if licence.is_active != is_active {
            let issuer = self.world.issuer_key;
            self.world.ledger.execute(&if is_active {
                to_registry::reinstate_partner(issuer, site.partner)
            } else {
                to_registry::suspend_partner(issuer, site.partner)
            });
            licence.is_active = is_active;
        }
    }

    /// The account at `at` is what the model has there.
    fn check_account(&self, at: Address) -> Result<(), TestCaseError> {
        let account = self.world.ledger.find_account(at);
        let owners = [custody::ID, recall::ID, self.token.program];
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
            balances,
            ..
        } = &self.model.recalls;
        let is_expected = if let Some(lot) = lots.get(&at) {
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
            holds(data, *recall, |recall| {
                (recall.bump, recall.vault_bump) = (0, 0);
            })
        } else if let Some(response) = responses.get(&at) {
            holds(data, *response, |response| response.bump = 0)
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

    /// Every unit is in one consignment.
    fn check_partition(&self) -> Result<(), TestCaseError> {
        for (lot, of_lot) in &self.model.lots {
            let mut runs: Vec<_> = self
                .model
                .consignments
                .values()
                .filter(|consignment| consignment.lot == *lot)
                .map(|consignment| (consignment.first_unit, consignment.quantity))
                .collect();
            runs.sort_unstable();
            let mut next = 0;
            for (first, quantity) in runs {
                prop_assert_eq!(first, next, "units of {} are lost or doubled", lot);
                next += quantity;
            }
            prop_assert_eq!(next, of_lot.quantity, "units of {} are lost", lot);
        }
        Ok(())
    }

    /// Consignments know how many of their units are gone.
    fn check_counts(&self) -> Result<(), TestCaseError> {
        for (at, consignment) in &self.model.consignments {
            let gone = self.model.gone_of(consignment).count();
            prop_assert_eq!(consignment.inactive as usize, gone, "units of {}", at);
            prop_assert_eq!(consignment.restrictions & OPENED != 0, gone > 0);
        }
        Ok(())
    }

    /// The ledger holds what the model does, and no account more.
    fn check_all(&self) -> Result<(), TestCaseError> {
        for program in [custody::ID, recall::ID, self.token.program] {
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
            .chain(recalls.responses.keys())
            .chain(recalls.pages.keys())
            .chain(recalls.balances.keys());
        for at in expected {
            self.check_account(*at)?;
        }
        Ok(())
    }
}

/// Whether an account's data are those of `expected`, but for what `even_out` makes alike.
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

#[test]
fn program_and_model_agree() {
    let steps: usize = env::var("MODEL_STEPS").map_or(100_000, |steps| steps.parse().unwrap());
    let config = ProptestConfig {
        cases: u32::try_from(steps.div_ceil(SEQUENCE)).unwrap(),
        ..ProptestConfig::default()
    };
    let sequence = prop::collection::vec(step(), SEQUENCE);
    let (start, tally) = (Start::new(), RefCell::default());
    let outcome = TestRunner::new(config).run(&sequence, |sequence| {
        let mut chain = Chain::new(start.clone(), &tally);
        for (place, &step) in sequence.iter().enumerate() {
            chain
                .take(step)
                .map_err(|error| TestCaseError::fail(format!("step {place}: {error}")))?;
        }
        chain.check_all()
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    // Nothing is agreed on for want of a try.
    let tally = tally.into_inner();
    for (what, [refused, allowed]) in &tally {
        println!("{what}: {allowed} allowed, {refused} refused");
    }
    let untried = tally.iter().filter(|(_, outcomes)| outcomes.contains(&0));
    let untried: Vec<_> = untried.map(|(what, _)| what).collect();
    assert!(untried.is_empty(), "never tried both ways: {untried:?}");
}
