//! What is where, as a program: its accounts and rules are those of [`custody_rules`], and this crate
//! has what Anchor needs around them: which accounts an instruction takes, who signs, who pays.
//!
//! Licences and products are read from the `registry` program's accounts; only this program writes
//! its own. Other programs read them as typed accounts of `custody_rules`.

use anchor_lang::prelude::*;

mod clock;
pub mod hot_path;
pub mod instructions;

pub use clock::ClockSysvar;
pub use custody_rules::{
    BLOCK_UNITS, Case, CaseState, Change, Consignment, ConsignmentStatus, CustodyError,
    Disposition, ExceptionCode, Finding, Gone, Lot, LotLabel, LotStatus, OfferTerms, PAGE_UNITS,
    PARTIES, Party, RECALL_AUTHORITY, RECALL_AUTHORITY_BUMP, RECALL_AUTHORITY_SEED, RECALLS,
    Restrictions, SET_RECALLED_RANGE, Transfer, TransferKind, TransferState, UnitBlock, UnitPage,
    UnitRecord,
};
use instructions::*;

#[cfg(target_arch = "bpf")]
use pedigree_builtins as _;

declare_id!("E7A65kQJMzZC73QUsQDrL5CaCQnr9q6Gm3fmhVrskFVr");

#[cfg(feature = "entrypoint")]
solana_security_txt::security_txt! {
    name: "Pedigree custody",
    project_url: "https://pedigree.example",
    contacts: "email:security@pedigree.example",
    policy: "https://pedigree.example/security",
    preferred_languages: "en",
    auditors: "None"
}

pedigree_domain::list_errors_in_idl!(CustodyError);

#[program]
pub mod custody {
    use super::*;

    /// Creates a lot and the consignment that holds all its units, in its manufacturer's custody.
    #[discrim = 0]
    pub fn mint_lot(
        ctx: &mut Context<MintLot>,
        lot_number: [u8; 20],
        expiry: u32,
        quantity: u32,
        serial_root: [u8; 32],
        manifest_hash: [u8; 32],
    ) -> Result<()> {
        let label = LotLabel {
            lot_number,
            expiry,
            quantity,
            serial_root,
            manifest_hash,
        };
        let remaining = ctx.remaining_accounts()?;
        let bumps = (ctx.bumps.lot, ctx.bumps.consignment);
        ctx.accounts.mint_lot(&label, bumps, &mut remaining.iter())
    }

    /// Offers a consignment to another partner, who accepts or rejects it before the deadline.
    #[discrim = 1]
    pub fn offer(ctx: &mut Context<Offer>, terms: OfferTerms) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .offer(&terms, ctx.bumps.transfer, &mut remaining.iter())
    }

    /// Takes an offered consignment into custody.
    #[discrim = 2]
    pub fn accept(ctx: &mut Context<Accept>, sequence: u32) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.accept(sequence, &mut remaining.iter())
    }

    /// Refuses an offered consignment, saying why.
    #[discrim = 3]
    pub fn reject(ctx: &mut Context<Reject>, exception: u8) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.reject(exception, &mut remaining.iter())
    }

    /// Takes an offer back.
    #[discrim = 4]
    pub fn cancel(ctx: &mut Context<Cancel>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.cancel(&mut remaining.iter())
    }

    /// Ends an offer whose deadline has passed. Anyone may.
    #[discrim = 5]
    pub fn expire(ctx: &mut Context<Expire>) -> Result<()> {
        ctx.accounts.expire()
    }

    /// Hands a consignment over at once, signed by both sides.
    #[discrim = 6]
    pub fn handoff(
        ctx: &mut Context<Handoff>,
        kind: u8,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .handoff(kind, sequence, &document_hash, &mut remaining.iter())
    }

    /// Hands many consignments over at once, all or none: after the accounts follow each lot and,
    /// behind it, its consignments. A refusal's upper 16 bits are the place of the consignment.
    #[discrim = 7]
    pub fn handoff_batch(
        ctx: &mut Context<HandoffBatch>,
        kind: u8,
        document_hash: [u8; 32],
        sequences: Vec<u32>,
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .handoff_batch(kind, &document_hash, &sequences, &mut remaining.iter())
    }

    /// Cuts the last units of a consignment off into one of their own.
    #[discrim = 8]
    pub fn split(ctx: &mut Context<Split>, sequence: u32, quantity: u32, sscc: u64) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.split(
            sequence,
            quantity,
            sscc,
            ctx.bumps.child,
            &mut remaining.iter(),
        )
    }

    /// Joins the consignment with the next units to this one.
    #[discrim = 9]
    pub fn merge(ctx: &mut Context<Merge>, sequence: u32, neighbour_sequence: u32) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .merge(sequence, neighbour_sequence, &mut remaining.iter())
    }

    /// Names the outermost package of a consignment by its SSCC-18.
    #[discrim = 10]
    pub fn pack(ctx: &mut Context<ByCustodian>, sscc: u64) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.pack(sscc, &mut remaining.iter())
    }

    /// Takes a consignment out of its package.
    #[discrim = 11]
    pub fn unpack(ctx: &mut Context<ByCustodian>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.unpack(&mut remaining.iter())
    }

    /// Sets a consignment aside, so that it does not go down the chain.
    #[discrim = 12]
    pub fn quarantine(ctx: &mut Context<ByCustodian>, document_hash: [u8; 32]) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .quarantine(&document_hash, &mut remaining.iter())
    }

    /// Lifts restrictions of a consignment: its custodian a quarantine, a regulator any.
    #[discrim = 13]
    pub fn release(
        ctx: &mut Context<Release>,
        restrictions: u8,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .release(restrictions, &document_hash, &mut remaining.iter())
    }

    /// Keeps a whole lot from going down the chain: for its manufacturer or a regulator.
    #[discrim = 14]
    pub fn quarantine_lot(ctx: &mut Context<ByOverseer>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.quarantine_lot(&mut remaining.iter())
    }

    /// Ends a lot's quarantine.
    #[discrim = 15]
    pub fn release_lot(ctx: &mut Context<ByOverseer>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.release_lot(&mut remaining.iter())
    }

    /// Sells goods that stay where they are, signed by seller and buyer.
    #[discrim = 16]
    pub fn transfer_title(
        ctx: &mut Context<TransferTitle>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .transfer_title(sequence, &document_hash, &mut remaining.iter())
    }

    /// Makes returned goods saleable again, once their identifiers are verified.
    #[discrim = 17]
    pub fn verify_return(
        ctx: &mut Context<ByCustodianOfLot>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .verify_return(sequence, &document_hash, &mut remaining.iter())
    }

    /// Records that a consignment was destroyed before a witness.
    #[discrim = 18]
    pub fn destroy(
        ctx: &mut Context<Destroy>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .destroy(sequence, &document_hash, &mut remaining.iter())
    }

    /// Records that a consignment left the territory that the registry covers.
    #[discrim = 19]
    pub fn export(
        ctx: &mut Context<ByCustodianOfLot>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .export(sequence, &document_hash, &mut remaining.iter())
    }

    /// Records that a consignment was taken as samples.
    #[discrim = 20]
    pub fn sample(
        ctx: &mut Context<Withdraw>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .sample(sequence, &document_hash, &mut remaining.iter())
    }

    /// Records that a consignment was stolen or lost.
    #[discrim = 21]
    pub fn report_stolen(
        ctx: &mut Context<Withdraw>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .report_stolen(sequence, &document_hash, &mut remaining.iter())
    }

    /// Freezes a consignment on a suspicion or a discrepancy until the case is resolved.
    #[discrim = 22]
    pub fn open_case(ctx: &mut Context<OpenCase>, finding: Finding) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .open_case(&finding, ctx.bumps.case, &mut remaining.iter())
    }

    /// Freezes a whole lot until the case is resolved.
    #[discrim = 23]
    pub fn open_lot_case(ctx: &mut Context<OpenLotCase>, finding: Finding) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .open_lot_case(&finding, ctx.bumps.case, &mut remaining.iter())
    }

    /// Determines that a case's product is illegitimate, which starts the 24 hours to notify.
    #[discrim = 24]
    pub fn determine_case(
        ctx: &mut Context<ByInvestigator>,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .determine_case(&document_hash, &mut remaining.iter())
    }

    /// Records that the regulator and the trading partners were notified.
    #[discrim = 25]
    pub fn notify_case(ctx: &mut Context<ByInvestigator>, document_hash: [u8; 32]) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .notify_case(&document_hash, &mut remaining.iter())
    }

    /// Ends a case: its consignment moves again, or goes only to disposal or to a laboratory.
    #[discrim = 26]
    pub fn resolve_case(
        ctx: &mut Context<ResolveCase>,
        condemned: bool,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .resolve_case(condemned, &document_hash, &mut remaining.iter())
    }

    /// Ends a case on a whole lot.
    #[discrim = 27]
    pub fn resolve_lot_case(
        ctx: &mut Context<ResolveLotCase>,
        condemned: bool,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .resolve_lot_case(condemned, &document_hash, &mut remaining.iter())
    }

    /// Takes an offered consignment into custody and opens a case on what is wrong with it.
    #[discrim = 28]
    pub fn accept_with_discrepancy(
        ctx: &mut Context<AcceptWithDiscrepancy>,
        sequence: u32,
        finding: Finding,
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.accept_with_discrepancy(
            sequence,
            &finding,
            ctx.bumps.case,
            &mut remaining.iter(),
        )
    }

    /// Closes a transfer that was settled six years ago. Anyone may.
    #[discrim = 29]
    pub fn archive(ctx: &mut Context<Archive>) -> Result<()> {
        ctx.accounts.archive()
    }

    /// Sets the range of units that the lot's recall of that number stops. For the recall program.
    #[discrim = 30]
    pub fn set_recalled_range(
        ctx: &mut Context<SetRecalledRange>,
        number: u8,
        first: u32,
        quantity: u32,
    ) -> Result<()> {
        ctx.accounts.set_recalled_range(number, first, quantity)
    }

    /// Opens the page that says what became of 8,192 of a lot's units. Anyone may pay for it.
    #[discrim = 31]
    pub fn open_unit_page(ctx: &mut Context<OpenUnitPage>, number: u32) -> Result<()> {
        ctx.accounts.open_unit_page(number, ctx.bumps.page)
    }

    /// Gives units to patients. `evidence` is the hash of what the units were verified with, or
    /// zeros: the page's trail takes it in.
    #[discrim = 32]
    pub fn dispense(
        ctx: &mut Context<Dispense>,
        block: UnitBlock,
        evidence: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .dispense(block, &evidence, ctx.bumps.record, &mut remaining.iter())
    }

    /// Takes back what was dispensed but not handed out.
    #[discrim = 33]
    pub fn undo_dispense(ctx: &mut Context<UndoDispense>, block: UnitBlock) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.undo_dispense(block, &mut remaining.iter())
    }

    /// Takes single units out of the chain. `document_hash` is that of the reason.
    #[discrim = 34]
    pub fn decommission(
        ctx: &mut Context<Decommission>,
        block: UnitBlock,
        disposition: u8,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.decommission(
            block,
            disposition,
            &document_hash,
            ctx.bumps.record,
            &mut remaining.iter(),
        )
    }

    /// Destroys single units before a witness.
    #[discrim = 35]
    pub fn destroy_units(
        ctx: &mut Context<DestroyUnits>,
        block: UnitBlock,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .destroy_units(block, &document_hash, &mut remaining.iter())
    }

    /// Closes a record of units that left the chain, and gives its rent back: who paid it after ten days,
    /// anyone after six years.
    #[discrim = 36]
    pub fn close_unit_record(ctx: &mut Context<CloseUnitRecord>) -> Result<()> {
        ctx.accounts.close_unit_record()
    }

    /// Takes back that units were sampled or exported, within ten days.
    #[discrim = 37]
    pub fn undo_decommission(ctx: &mut Context<UndoDecommission>, block: UnitBlock) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.undo_decommission(block, &mut remaining.iter())
    }

    /// Makes units active again that were cleared: suspect ones, or for a regulator also illegitimate and
    /// stolen ones.
    #[discrim = 38]
    pub fn restore_units(
        ctx: &mut Context<RestoreUnits>,
        block: UnitBlock,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .restore_units(block, &document_hash, &mut remaining.iter())
    }

    /// Has goods brought from a custodian that does not send them, or from where they were found after a
    /// theft, signed by a regulator and the receiver.
    #[discrim = 39]
    pub fn recover(ctx: &mut Context<Recover>, document_hash: [u8; 32]) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.recover(&document_hash, &mut remaining.iter())
    }

    /// Makes who holds the product now responsible for a lot of it.
    #[discrim = 40]
    pub fn adopt_lot(ctx: &mut Context<AdoptLot>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts.adopt_lot(&mut remaining.iter())
    }

    /// Gives title to recalled goods to the manufacturer's side, which has them already.
    #[discrim = 41]
    pub fn return_title(
        ctx: &mut Context<ReturnTitle>,
        sequence: u32,
        document_hash: [u8; 32],
    ) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let bump = ctx.bumps.transfer;
        ctx.accounts
            .return_title(sequence, &document_hash, bump, &mut remaining.iter())
    }

    /// Takes back that a whole consignment was sampled or exported, within ten days.
    #[discrim = 42]
    pub fn undo_withdrawal(ctx: &mut Context<ByCustodianOfLot>, sequence: u32) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        ctx.accounts
            .undo_withdrawal(sequence, &mut remaining.iter())
    }
}
