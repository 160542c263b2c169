use anchor_lang::{AnchorAccount, prelude::*};
use recall_rules::{
    Funding, Recall, RecallError, Tranche,
    fund::{Vault, fund},
    mint::check_extensions,
    vault::{check_reserved, check_source},
};
use registry_rules::{Partner, Product};

use super::vault::{create, transfer};
use crate::token::{Extensions, Mint, TokenAccount};

#[derive(Accounts)]
pub struct Fund {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The site's own, which also signs for the token account that pays.
    #[account(address = site.authority @ RecallError::OwnKeyOnly)]
    pub authority: Signer,
    /// A site of the manufacturer's firm, its head office, or who holds the product.
    pub site: Box<Account<Partner>>,
    /// The lot's; often the site itself.
    #[account(constraint = manufacturer.gln == recall.manufacturer @ RecallError::NotManufacturer)]
    pub manufacturer: Box<Account<Partner>>,
    #[account(constraint = product.gtin == recall.gtin @ RecallError::NotRecallsProduct)]
    pub product: Box<Account<Product>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    /// The recall's next.
    #[account(
        init, payer = payer,
        seeds = [Tranche::SEED, recall.address().as_ref(), bytemuck::bytes_of(&recall.tranches)],
        bump
    )]
    pub tranche: Box<Account<Tranche>>,
    pub mint: Account<Mint>,
    /// A token account that the tranche owns.
    #[account(mut, seeds = [Tranche::VAULT_SEED, tranche.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    /// What pays.
    #[account(mut, constraint = source.mint() == mint.address() @ RecallError::OtherMint)]
    pub source: Account<TokenAccount>,
    #[account(constraint = mint.account().owned_by(token_program.address()) @ RecallError::NotMintsProgram)]
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Fund {
    pub fn fund(&mut self, funding: Funding, (bump, vault_bump): (u8, u8)) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_extensions(self.mint.extensions())?;
        check_source(self.source.is_frozen())?;
        let is_holder = self.product.manufacturer == *self.site.address();
        let (recall, tranche) = (&mut self.recall, &mut self.tranche);
        let address = *recall.address();
        tranche.bump = bump;
        let reserve = fund(
            (&self.site, &self.manufacturer, is_holder),
            (&address, recall),
            tranche,
            funding,
            &Vault {
                mint: self.mint.address(),
                address: self.vault.address(),
                payer: self.payer.address(),
                bump: vault_bump,
            },
            now,
        )?;
        let mut vault = create(
            &self.vault,
            &self.payer,
            self.tranche.address(),
            &self.mint,
            &self.token_program,
            vault_bump,
        )?;
        transfer(
            &self.token_program,
            [
                self.source.try_cpi_handle_mut()?,
                vault.try_cpi_handle_mut()?,
            ],
            &self.mint,
            self.authority.cpi_handle(),
            reserve,
            &[],
        );
        Ok(check_reserved(vault.amount(), reserve)?)
    }
}
