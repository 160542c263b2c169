//! The rules of what sites answer to recalls, and how the answers add up.

use anchor_lang::Address;
use bytemuck::Zeroable;
use pedigree_domain::Roles;
use pedigree_interface::{Site, instruction::recall::Count};
use program_tests::address;
use recall::{Recall, Response};

use crate::rules::{Model, need};

impl Model {
    pub fn respond(&mut self, by: Site, recall: Address, count: &Count) -> Option<()> {
        let now = self.now;
        need!(self.has_role(by, Roles::CUSTODIANS) && self.is_confirmed(by));
        let of = *self.running(recall)?;
        let new = Response {
            recall,
            partner: by.partner,
            gln: by.gln.number(),
            answered_at: now,
            ..Response::zeroed()
        };
        let at = address::response(&recall, &by.partner);
        let answer = self.recalls.responses.entry(at).or_insert(new);
        need!((answer.counted_at..=now).contains(&count.counted_at));
        let is_of_other_range = answer.recounts != of.recounts;
        follow(answer, &of);
        let before = *answer;
        answer.held = count.held;
        answer.quarantined = count.quarantined;
        answer.dispensed = count.dispensed;
        answer.returned = count.returned;
        answer.destroyed = count.destroyed;
        answer.counted_at = count.counted_at;
        answer.updated_at = now;
        need!(answer.returned >= answer.shown_returned);
        need!(answer.destroyed >= answer.shown_destroyed);
        let all = answer.accounted();
        if is_of_other_range {
            need!(all <= u64::from(of.quantity));
        } else {
            // What is gone stays gone, and nothing is lost from sight.
            need!(answer.returned >= before.returned);
            need!(answer.destroyed >= before.destroyed);
            need!(answer.dispensed >= before.dispensed);
            need!(all >= before.accounted());
            need!(all <= u64::from(of.quantity) || all == before.accounted());
        }
        self.add_up(recall)
    }

    /// A recall's totals are its sites' answers, added up.
    pub fn add_up(&mut self, recall: Address) -> Option<()> {
        let answers: Vec<&Response> = self
            .recalls
            .responses
            .values()
            .filter(|answer| answer.recall == recall)
            .collect();
        let sum = |count: fn(&Response) -> u32| -> u64 {
            answers.iter().map(|answer| u64::from(count(answer))).sum()
        };
        let total = self.recalls.recalls.get_mut(&recall)?;
        // What was shown of another range no longer counts.
        let newest = answers
            .iter()
            .filter(|answer| answer.recounts == total.recounts);
        let newest = newest.fold((0, 0), |(returned, destroyed), answer| {
            (
                returned + answer.shown_returned,
                destroyed + answer.shown_destroyed,
            )
        });
        (total.shown_returned, total.shown_destroyed) = newest;
        total.responses = u32::try_from(answers.len()).ok()?;
        total.held = sum(|answer| answer.held);
        total.quarantined = sum(|answer| answer.quarantined);
        total.dispensed = sum(|answer| answer.dispensed);
        total.returned = sum(|answer| answer.returned);
        total.destroyed = sum(|answer| answer.destroyed);
        Some(())
    }
}

/// Forgets what the ledger showed and no longer counts.
pub fn follow(answer: &mut Response, recall: &Recall) {
    if answer.recounts != recall.recounts {
        answer.recounts = recall.recounts;
        (answer.shown_returned, answer.shown_destroyed) = (0, 0);
    }
}
