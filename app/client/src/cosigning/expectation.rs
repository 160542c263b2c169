//! What a signer agreed to, and comparing a transaction with it.

use std::collections::BTreeSet;

use pedigree_interface::{TransferKind, identifier::Gln};
use solana_pubkey::Pubkey;

use super::{
    goods::ExpectedGoods,
    handover::{HandOver, is_handover},
    objection::Objection,
    review::{Review, Step, Unexplained},
};
use crate::trace::Event;

/// What a key signs for in a handoff or in a sale in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signs {
    /// Who takes over, or buys.
    #[default]
    ForReceiver,
    /// Who hands over, or sells.
    ForSender,
    /// Neither: it only pays the fees.
    ForFees,
}

/// What a signer agreed to: to take goods over in a handoff, or to what its fields say.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The key that is to sign.
    pub key: Pubkey,
    /// What it signs for.
    pub signs: Signs,
    /// Which of the signer's own keys may pay the fees: that one, or another, which signs for nothing else.
    pub payer: Option<Pubkey>,
    /// Whether all others have to have signed before.
    pub signs_last: bool,
    /// The most lamports that the transaction may cost in fees, whoever pays.
    pub max_fee: u64,
    /// The goods that it is about.
    pub goods: ExpectedGoods,
    /// What a handoff is for.
    pub kind: TransferKind,
    /// The hash of the document behind a handoff; `None` for any.
    pub document_hash: Option<[u8; 32]>,
    /// The site that hands over; `None` for any.
    pub from: Option<Gln>,
    /// The site that takes over; `None` for whichever the key acts for.
    pub to: Option<Gln>,
    /// Instructions other than handoffs that the transaction may have: by name, or, where the program is not
    /// ours, by its address.
    pub others: BTreeSet<String>,
    /// The nonce that it may name; without one it expires with its blockhash.
    pub nonce: Option<Pubkey>,
}

impl Expectation {
    /// Compares a transaction with what was agreed, and takes its goods off the list. Nothing may be signed if
    /// there is any objection. After the last transaction [`ExpectedGoods::left`] says what did not come.
    pub fn compare(&mut self, review: &Review) -> Vec<Objection> {
        let mut objections = self.about_signer(review);
        let mut does_nothing = true;
        for (step, place) in review.steps.iter().zip(1..) {
            match step {
                Step::ComputeBudget => {}
                Step::AdvanceNonce(nonce) if Some(nonce.account) == self.nonce => {}
                Step::AdvanceNonce(nonce) => objections.push(Objection::Nonce(nonce.account)),
                Step::HandOver(handover) => {
                    does_nothing = false;
                    objections.extend(self.about_handover(handover));
                }
                Step::Unexplained(step) => {
                    does_nothing = false;
                    objections.extend(self.about_other(step, place));
                }
            }
        }
        if does_nothing {
            objections.push(Objection::Nothing);
        }
        for item in review.items() {
            objections.extend(self.goods.take(item).err());
        }
        objections
    }

    fn about_signer(&self, review: &Review) -> Vec<Objection> {
        let mut objections = Vec::new();
        if !review.signers.contains(&self.key) {
            objections.push(Objection::NotASigner(self.key));
        } else if !review.absent.contains(&self.key) {
            objections.push(Objection::AlreadySigned(self.key));
        }
        let pays = review.fee_payer == self.key;
        if pays && self.payer != Some(self.key) && self.signs != Signs::ForFees {
            objections.push(Objection::Pays(self.key));
        }
        if !pays && self.signs == Signs::ForFees {
            objections.push(Objection::OtherKey(review.fee_payer));
        }
        let own = [Some(self.key), self.payer];
        let others = review
            .absent
            .iter()
            .filter(|key| !own.contains(&Some(**key)));
        if self.signs_last
            && let Some(other) = others.copied().next()
        {
            objections.push(Objection::OtherMissing(other));
        }
        if review.max_fee > self.max_fee {
            objections.push(Objection::FeeTooHigh {
                fee: review.max_fee,
                max: self.max_fee,
            });
        }
        objections
    }

    fn about_handover(&self, handover: &HandOver) -> Vec<Objection> {
        let HandOver {
            from,
            to,
            kind,
            document_hash,
            goods,
        } = handover;
        let mut objections = Vec::new();
        objections.extend(self.about_side(from.key, to.key));
        if let Some(expected) = self.from.filter(|gln| *gln != from.partner.gln()) {
            objections.push(Objection::OtherSender {
                is: from.partner.gln(),
                expected,
            });
        }
        if let Some(expected) = self.to.filter(|gln| *gln != to.partner.gln()) {
            objections.push(Objection::OtherReceiver {
                is: to.partner.gln(),
                expected,
            });
        }
        if *kind != self.kind {
            objections.push(Objection::OtherKind {
                is: *kind,
                expected: self.kind,
            });
        }
        if self.document_hash.is_some() && self.document_hash != *document_hash {
            objections.push(Objection::OtherDocument);
        }
        let stale = goods.iter().filter(|handed| handed.is_stale());
        objections.extend(stale.map(|handed| Objection::Stale(handed.item.reference())));
        objections
    }

    /// What is wrong with the side for which the key would sign, if these are the sides' keys.
    fn about_side(&self, from: Pubkey, to: Pubkey) -> Option<Objection> {
        let payer = self.payer.filter(|payer| *payer != self.key);
        match self.signs {
            _ if payer == Some(from) => Some(Objection::SignsForSender(from)),
            _ if payer == Some(to) => Some(Objection::SignsForReceiver(to)),
            Signs::ForReceiver if from == self.key => Some(Objection::SignsForSender(from)),
            Signs::ForReceiver if to != self.key => Some(Objection::OtherKey(to)),
            Signs::ForSender if to == self.key => Some(Objection::SignsForReceiver(to)),
            Signs::ForSender if from != self.key => Some(Objection::OtherKey(from)),
            Signs::ForFees if from == self.key => Some(Objection::SignsForSender(from)),
            Signs::ForFees if to == self.key => Some(Objection::SignsForReceiver(to)),
            _ => None,
        }
    }

    fn about_other(&self, step: &Unexplained, place: usize) -> Option<Objection> {
        if is_handover(&step.instruction) {
            return Some(Objection::Malformed(place));
        }
        let instruction = step.expected_as();
        if !self.others.contains(&instruction) {
            return Some(Objection::Instruction { place, instruction });
        }
        let is_sale = step
            .events
            .iter()
            .any(|(_, event)| matches!(event, Event::Sold { .. }));
        match &step.instruction.accounts[..] {
            [seller, buyer, ..] if is_sale => self.about_side(seller.pubkey, buyer.pubkey),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable as _;
    use custody::{Consignment, Lot};
    use pedigree_interface::{
        Goods, Located, identifier::LotNumber, instruction::custody::transfer_title, site::Site,
    };
    use registry::{Partner, Product};
    use solana_instruction::Instruction;

    use super::*;
    use crate::{
        cosigning::handover::{Handed, Side},
        nonce::DurableNonce,
        stock::Item,
    };

    const SENDER: u64 = 9_506_000_000_015;
    const RECEIVER: u64 = 9_506_000_000_022;

    struct Example {
        sender: Pubkey,
        receiver: Pubkey,
        consignment: Pubkey,
        review: Review,
    }

    impl Example {
        /// A sale of one consignment, which the receiver has still to sign.
        fn new() -> Self {
            let [sender, receiver, consignment] = std::array::from_fn(|_| Pubkey::new_unique());
            let side = |gln, key| Side {
                partner: Partner {
                    gln: Gln::from_account(gln).number(),
                    authority: key,
                    ..Partner::zeroed()
                },
                key,
            };
            let account = Consignment {
                sequence: 4,
                quantity: 10,
                ..Consignment::zeroed()
            };
            let handover = HandOver {
                from: side(SENDER, sender),
                to: side(RECEIVER, receiver),
                kind: TransferKind::Sale,
                document_hash: Some([7; 32]),
                goods: vec![Handed {
                    item: item(Located::new(consignment, account)),
                    sequence: 4,
                }],
            };
            let review = Review {
                steps: vec![Step::ComputeBudget, Step::HandOver(Box::new(handover))],
                fee_payer: sender,
                max_fee: 10_000,
                signers: vec![sender, receiver],
                absent: vec![receiver],
            };
            Self {
                sender,
                receiver,
                consignment,
                review,
            }
        }

        /// What the receiver agreed to.
        fn expectation(&self) -> Expectation {
            Expectation {
                key: self.receiver,
                signs: Signs::ForReceiver,
                payer: None,
                signs_last: true,
                max_fee: 10_000,
                goods: ExpectedGoods::Consignments([self.consignment].into()),
                kind: TransferKind::Sale,
                document_hash: Some([7; 32]),
                from: Some(Gln::from_account(SENDER)),
                to: Some(Gln::from_account(RECEIVER)),
                others: BTreeSet::new(),
                nonce: None,
            }
        }

        fn handover(&mut self) -> &mut HandOver {
            match &mut self.review.steps[1] {
                Step::HandOver(handover) => handover,
                step => panic!("{step:?}"),
            }
        }

        fn objections(&self) -> Vec<Objection> {
            self.expectation().compare(&self.review)
        }
    }

    fn item(consignment: Located<Consignment>) -> Item {
        Item {
            consignment,
            lot: Lot {
                gtin: 9_506_000_134_352,
                lot_number: "A1".parse::<LotNumber>().unwrap().bytes(),
                ..Lot::zeroed()
            },
            product: Product::zeroed(),
        }
    }

    #[test]
    fn what_was_agreed_is_signed() {
        let example = Example::new();
        assert_eq!(example.objections(), []);
        let mut unparticular = Expectation {
            goods: ExpectedGoods::Any,
            document_hash: None,
            from: None,
            to: None,
            ..example.expectation()
        };
        assert_eq!(unparticular.compare(&example.review), []);
        let mut senders = Expectation {
            key: example.sender,
            signs: Signs::ForSender,
            payer: Some(example.sender),
            ..example.expectation()
        };
        let review = Review {
            absent: vec![example.sender],
            ..example.review
        };
        assert_eq!(senders.compare(&review), []);
    }

    #[test]
    fn each_term_is_compared() {
        let mut example = Example::new();
        example.handover().kind = TransferKind::Return;
        let (is, expected) = (TransferKind::Return, TransferKind::Sale);
        assert_eq!(
            example.objections(),
            [Objection::OtherKind { is, expected }]
        );

        let mut example = Example::new();
        example.handover().document_hash = None;
        assert_eq!(example.objections(), [Objection::OtherDocument]);

        let mut example = Example::new();
        example.handover().from.partner.gln = RECEIVER;
        let [is, expected] = [RECEIVER, SENDER].map(Gln::from_account);
        assert_eq!(
            example.objections(),
            [Objection::OtherSender { is, expected }]
        );

        let mut example = Example::new();
        example.handover().to.partner.gln = SENDER;
        let [is, expected] = [SENDER, RECEIVER].map(Gln::from_account);
        let other_receiver = Objection::OtherReceiver { is, expected };
        assert_eq!(example.objections(), [other_receiver]);

        let mut example = Example::new();
        example.handover().goods[0].sequence = 3;
        let stale = "09506000134352/A1".parse().unwrap();
        assert_eq!(example.objections(), [Objection::Stale(stale)]);

        let mut example = Example::new();
        let address = Pubkey::new_unique();
        example.handover().goods[0].item.consignment.address = address;
        let consignment = "09506000134352/A1".parse().unwrap();
        let unexpected = Objection::NotExpected {
            consignment,
            address,
        };
        assert_eq!(example.objections(), [unexpected]);
    }

    #[test]
    fn the_key_signs_once_and_for_its_own_side() {
        let mut example = Example::new();
        let receiver = example.receiver;
        let stranger = Pubkey::new_unique();
        example.handover().to.key = stranger;
        assert_eq!(example.objections(), [Objection::OtherKey(stranger)]);
        example.handover().from.key = receiver;
        assert_eq!(example.objections(), [Objection::SignsForSender(receiver)]);

        let mut example = Example::new();
        example.review.absent = vec![];
        let (sender_key, receiver_key) = (example.sender, example.receiver);
        assert_eq!(
            example.objections(),
            [Objection::AlreadySigned(receiver_key)]
        );
        example.review.signers = vec![sender_key];
        assert_eq!(example.objections(), [Objection::NotASigner(receiver_key)]);

        let example = Example::new();
        let mut as_sender = Expectation {
            signs: Signs::ForSender,
            ..example.expectation()
        };
        let wrong_side = Objection::SignsForReceiver(example.receiver);
        let objections = as_sender.compare(&example.review);
        assert_eq!(objections, std::slice::from_ref(&wrong_side));

        let mut for_fees = Expectation {
            signs: Signs::ForFees,
            ..example.expectation()
        };
        let other_payer = Objection::OtherKey(example.sender);
        assert_eq!(for_fees.compare(&example.review), [other_payer, wrong_side]);
        let (mut example, treasury) = (Example::new(), Pubkey::new_unique());
        (example.review.fee_payer, example.review.absent) = (treasury, vec![treasury]);
        example.review.signers.insert(0, treasury);
        let mut for_fees = Expectation {
            key: treasury,
            signs: Signs::ForFees,
            ..example.expectation()
        };
        assert_eq!(for_fees.compare(&example.review), []);
    }

    #[test]
    fn who_signs_last_sees_everybody_elses_signature() {
        let mut example = Example::new();
        example.review.absent = vec![example.sender, example.receiver];
        let missing = Objection::OtherMissing(example.sender);
        assert_eq!(example.objections(), [missing]);
        let mut by_file = Expectation {
            signs_last: false,
            ..example.expectation()
        };
        assert_eq!(by_file.compare(&example.review), []);
    }

    #[test]
    fn fees_and_lifetime_are_agreed_to() {
        let mut example = Example::new();
        example.review.max_fee = 10_001;
        let (fee, max) = (10_001, 10_000);
        assert_eq!(example.objections(), [Objection::FeeTooHigh { fee, max }]);

        let mut example = Example::new();
        example.review.fee_payer = example.receiver;
        assert_eq!(example.objections(), [Objection::Pays(example.receiver)]);
        let mut pays = Expectation {
            payer: Some(example.receiver),
            ..example.expectation()
        };
        assert_eq!(pays.compare(&example.review), []);

        // The key that is to pay is another of the signer's, which would hand over its own goods, too.
        let mut example = Example::new();
        let treasury = Pubkey::new_unique();
        example.review.fee_payer = treasury;
        example.handover().from.key = treasury;
        let mut pays = Expectation {
            payer: Some(treasury),
            ..example.expectation()
        };
        assert_eq!(
            pays.compare(&example.review),
            [Objection::SignsForSender(treasury)]
        );

        let mut example = Example::new();
        let account = Pubkey::new_unique();
        let nonce = DurableNonce {
            account,
            authority: example.sender,
        };
        example.review.steps.insert(0, Step::AdvanceNonce(nonce));
        assert_eq!(example.objections(), [Objection::Nonce(account)]);
        let mut durable = Expectation {
            nonce: Some(account),
            ..example.expectation()
        };
        assert_eq!(durable.compare(&example.review), []);
    }

    /// An instruction that is not a handoff.
    fn other(instruction: Instruction, events: Vec<(Item, Event)>) -> Step {
        Step::Unexplained(Box::new(Unexplained {
            events,
            sites: Vec::new(),
            instruction,
        }))
    }

    #[test]
    fn nothing_else_is_signed_unless_it_is_named() {
        let mut example = Example::new();
        let program = Pubkey::new_unique();
        let foreign = Instruction::new_with_bytes(program, &[1], Vec::new());
        example.review.steps.push(other(foreign, Vec::new()));
        let unexpected = Objection::Instruction {
            place: 3,
            instruction: program.to_string(),
        };
        assert_eq!(example.objections(), [unexpected]);
        let mut agreed = Expectation {
            others: [program.to_string()].into(),
            ..example.expectation()
        };
        assert_eq!(agreed.compare(&example.review), []);

        // What looks like a handoff and is not one is refused, whatever was named.
        let false_handoff = Instruction::new_with_bytes(custody::ID, &[6], Vec::new());
        example.review.steps[2] = other(false_handoff, Vec::new());
        let mut careless = Expectation {
            others: ["handoff".to_owned()].into(),
            ..example.expectation()
        };
        assert_eq!(careless.compare(&example.review), [Objection::Malformed(3)]);

        let nothing = Review {
            steps: vec![Step::ComputeBudget],
            ..example.review.clone()
        };
        assert_eq!(
            example.expectation().compare(&nothing),
            [Objection::Nothing]
        );
    }

    #[test]
    fn a_buyer_does_not_sign_as_the_seller() {
        let example = Example::new();
        let buyer = example.receiver;
        let site = |gln, key| Site::own(Gln::from_account(gln), key);
        let goods = Goods::minted(Pubkey::new_unique());
        let sale = |seller, buyer| {
            let instruction =
                transfer_title(site(SENDER, seller), site(RECEIVER, buyer), goods, None);
            let sold = Event::Sold {
                seller: instruction.accounts[2].pubkey,
                buyer: instruction.accounts[3].pubkey,
                document_hash: [0; 32],
            };
            let item = item(Located::new(example.consignment, Consignment::zeroed()));
            Review {
                steps: vec![other(instruction, vec![(item, sold)])],
                ..example.review.clone()
            }
        };
        let expects_sale = || Expectation {
            others: ["transfer_title".to_owned()].into(),
            ..example.expectation()
        };
        assert_eq!(expects_sale().compare(&sale(example.sender, buyer)), []);
        let reversed = sale(buyer, example.sender);
        let objection = Objection::SignsForSender(buyer);
        assert_eq!(expects_sale().compare(&reversed), [objection]);
    }
}
