use anchor_lang::{AnchorAccount, prelude::*};
use registry::Partner;

use super::{
    evidence::{Units, begin_page, count},
    signer::{Followers, check_signer},
    vault::pay_out,
};
use crate::{
    errors::RecallError,
    state::{Claims, Mint, Recall, Response, TokenAccount, set},
};

#[derive(Accounts)]
#[instruction(page: u32)]
pub struct Claim {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who returned or destroyed the units.
    #[account(constraint = site.gln != recall.manufacturer @ RecallError::ManufacturerPays)]
    pub site: Box<Account<Partner>>,
    #[account(mut, constraint = recall.mint != Address::default() @ RecallError::NoEscrow)]
    pub recall: Box<Account<Recall>>,
    /// The site's answer; it answers before it claims.
    #[account(
        mut,
        constraint = response.recall == *recall.address() @ RecallError::NotRecallsResponse,
        constraint = response.partner == *site.address() @ RecallError::NotSitesResponse
    )]
    pub response: Box<Account<Response>>,
    #[account(
        init_if_needed, payer = payer,
        seeds = [Claims::SEED, recall.address().as_ref(), bytemuck::bytes_of(&page)],
        bump
    )]
    pub claims: Box<Account<Claims>>,
    /// An accepted return's custody `Transfer`, or a destroyed `Consignment`.
    pub evidence: UncheckedAccount,
    #[account(address = recall.mint @ RecallError::NotRecallsMint)]
    pub mint: Account<Mint>,
    #[account(mut, address = recall.vault @ RecallError::NotRecallsVault)]
    pub vault: Account<TokenAccount>,
    /// The site's: its key's own, so that no operator is paid in the site's place.
    #[account(
        mut,
        constraint = *receiver.owner() == site.authority @ RecallError::NotSitesTokenAccount,
        constraint = receiver.mint() == mint.address() @ RecallError::OtherMint
    )]
    pub receiver: Account<TokenAccount>,
    #[account(constraint = mint.account().owned_by(token_program.address()) @ RecallError::NotMintsProgram)]
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Claim {
    /// Units that were proven without a claim are paid as well, and count no second time.
    pub fn claim(
        &mut self,
        page: u32,
        first: u32,
        quantity: u32,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        let (recall, claims) = (&mut self.recall, &mut self.claims);
        recall.check_running()?;
        let units = Units {
            page,
            first,
            quantity,
        };
        let fate = units.fate(&self.evidence, recall, self.site.gln)?;
        begin_page(claims, recall.address(), self.payer.address(), page, bump);
        let unpaid = set(&mut claims.paid, units.place(), quantity);
        require!(unpaid == quantity, RecallError::AlreadyPaid);
        let new = set(&mut claims.shown, units.place(), quantity);
        count(recall, &mut self.response, fate, new);

        let due = price_of(quantity, recall.unit_price)?;
        require!(due <= recall.unpaid(), RecallError::VaultShort);
        recall.paid += due;
        recall.paid_units += quantity;
        self.response.paid += quantity;
        self.response.received = self
            .response
            .received
            .checked_add(due)
            .ok_or(RecallError::AmountTooLarge)?;
        self.response.invariant()?;
        self.recall.invariant()?;
        pay_out(
            &self.recall,
            &mut self.vault,
            &self.mint,
            &mut self.receiver,
            &self.token_program,
            due,
        )
    }
}

/// What `units` cost together.
///
/// In halves, since this target's compiler gets a checked multiplication of 64-bit variables wrong,
/// and takes a division that asks the same question for one.
fn price_of(units: u32, unit_price: u64) -> Result<u64> {
    const HALF: u64 = u32::MAX as u64;
    let units = u64::from(units);
    // Each half times 32 bits fits into 64.
    let low = (unit_price & HALF).wrapping_mul(units);
    let high = (unit_price >> 32).wrapping_mul(units);
    let carried = high.checked_add(low >> 32);
    match carried {
        Some(carried) if carried <= HALF => Ok(carried << 32 | low & HALF),
        _ => Err(RecallError::AmountTooLarge.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::price_of;

    #[test]
    fn a_price_that_cannot_be_counted_is_refused() {
        assert_eq!(price_of(8_192, 3).unwrap(), 24_576);
        assert_eq!(price_of(1, u64::MAX).unwrap(), u64::MAX);
        assert!(price_of(2, u64::MAX / 2 + 1).is_err());
        assert_eq!(price_of(2, u64::MAX / 2).unwrap(), u64::MAX - 1);
        assert!(price_of(u32::MAX, u64::MAX).is_err());
        assert!(price_of(8_192, 1 << 51).is_err());
        assert_eq!(price_of(8_192, (1 << 51) - 1).unwrap(), u64::MAX - 8_191);
    }
}
