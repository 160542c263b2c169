//! Instructions of the recall program.

use anchor_lang::{Id, InstructionData, ToAccountMetas, programs::System};
use custody::{PAGE_UNITS, RECALL_AUTHORITY};
pub use recall::instructions::{Count, Gravity, Notice, RecallTerms};
use recall::{ID, accounts, instruction as data};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;

use super::instruction;
use crate::{address, site::Site};

/// A recall, and the lot that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recalled {
    pub recall: Pubkey,
    pub lot: Pubkey,
}

/// The token in which a recall pays, and the program that it is a token of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub mint: Pubkey,
    /// Token or Token-2022.
    pub program: Pubkey,
}

fn signed(site: Site, accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    let mut instruction = instruction(ID, accounts, data);
    let operator = site.operator.map(|it| AccountMeta::new_readonly(it, false));
    instruction.accounts.extend(operator);
    instruction
}

/// Opens recall `number` of the lot: as many as there are already.
pub fn open(
    payer: Pubkey,
    site: Site,
    lot: Pubkey,
    number: u8,
    terms: RecallTerms,
    notice: Notice,
) -> Instruction {
    let accounts = accounts::Open {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        recall: address::recall(&lot, number),
        recall_authority: RECALL_AUTHORITY,
        custody_program: custody::ID,
        system_program: System::id(),
    };
    signed(site, accounts, data::Open { terms, notice })
}

fn by_overseer(site: Site, recalled: Recalled) -> accounts::ByOverseer {
    accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        recall: recalled.recall,
        lot: recalled.lot,
        recall_authority: RECALL_AUTHORITY,
        custody_program: custody::ID,
    }
}

pub fn expand(
    site: Site,
    recalled: Recalled,
    first: u32,
    quantity: u32,
    notice: Notice,
) -> Instruction {
    let data = data::Expand {
        first,
        quantity,
        notice,
    };
    signed(site, by_overseer(site, recalled), data)
}

pub fn narrow(
    site: Site,
    recalled: Recalled,
    first: u32,
    quantity: u32,
    document: [u8; 32],
) -> Instruction {
    let data = data::Narrow {
        first,
        quantity,
        document,
    };
    signed(site, by_overseer(site, recalled), data)
}

fn by_site(site: Site, recall: Pubkey) -> accounts::BySite {
    accounts::BySite {
        authority: site.key,
        site: site.partner,
        recall,
    }
}

pub fn reclassify(site: Site, recall: Pubkey, gravity: Gravity, document: [u8; 32]) -> Instruction {
    let data = data::Reclassify { gravity, document };
    signed(site, by_site(site, recall), data)
}

pub fn complete(site: Site, recall: Pubkey, document: [u8; 32]) -> Instruction {
    signed(site, by_site(site, recall), data::Complete { document })
}

pub fn terminate(site: Site, recall: Pubkey, document: [u8; 32]) -> Instruction {
    signed(site, by_site(site, recall), data::Terminate { document })
}

pub fn respond(payer: Pubkey, site: Site, recall: Pubkey, count: Count) -> Instruction {
    let accounts = accounts::Respond {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        system_program: System::id(),
    };
    signed(site, accounts, data::Respond { count })
}

/// Counts units `first..first + quantity`, all on one page, that `evidence` shows the site returned or
/// destroyed.
pub fn prove(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    evidence: Pubkey,
    first: u32,
    quantity: u32,
) -> Instruction {
    let page = first / PAGE_UNITS;
    let accounts = accounts::Prove {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        claims: address::claims(&recall, page),
        evidence,
        system_program: System::id(),
    };
    let data = data::Prove {
        page,
        first,
        quantity,
    };
    signed(site, accounts, data)
}

/// The same, and has them paid for into the token account `receiver`.
pub fn claim(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    evidence: Pubkey,
    (first, quantity): (u32, u32),
    token: Token,
    receiver: Pubkey,
) -> Instruction {
    let page = first / PAGE_UNITS;
    let accounts = accounts::Claim {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        claims: address::claims(&recall, page),
        evidence,
        mint: token.mint,
        vault: address::vault(&recall),
        receiver,
        token_program: token.program,
        system_program: System::id(),
    };
    let data = data::Claim {
        page,
        first,
        quantity,
    };
    signed(site, accounts, data)
}

/// Puts `amount` of the smallest parts of the token into the vault, out of `source`.
pub fn fund(
    payer: Pubkey,
    site: Site,
    recall: Pubkey,
    token: Token,
    source: Pubkey,
    amount: u64,
    unit_price: u64,
) -> Instruction {
    let accounts = accounts::Fund {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        mint: token.mint,
        vault: address::vault(&recall),
        source,
        token_program: token.program,
        system_program: System::id(),
    };
    signed(site, accounts, data::Fund { amount, unit_price })
}

/// Gives the manufacturer what is left; `vault_payer` paid the vault's rent.
pub fn withdraw(
    site: Site,
    recall: Pubkey,
    token: Token,
    receiver: Pubkey,
    vault_payer: Pubkey,
) -> Instruction {
    let accounts = accounts::Withdraw {
        authority: site.key,
        site: site.partner,
        recall,
        mint: token.mint,
        vault: address::vault(&recall),
        receiver,
        payer: vault_payer,
        token_program: token.program,
    };
    signed(site, accounts, data::Withdraw {})
}
