//! The recall program's instructions.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use recall::{
    accounts, instruction,
    instructions::{Count, Gravity, Notice, RecallTerms},
};
use solana_sdk_ids::system_program;

use crate::{address, token::Token, world::Site};

/// Opens recall number `number` of `lot`.
pub fn open(
    payer: Address,
    site: Site,
    lot: Address,
    number: u8,
    terms: RecallTerms,
    notice: Notice,
) -> Instruction {
    instruction::Open { terms, notice }.to_instruction(accounts::Open {
        payer,
        authority: site.key,
        site: site.partner,
        lot,
        recall: address::recall(&lot, number),
        recall_authority: address::recall_authority(),
        custody_program: custody::ID,
        system_program: system_program::ID,
    })
}

fn by_overseer(site: Site, lot: Address, number: u8) -> accounts::ByOverseer {
    accounts::ByOverseer {
        authority: site.key,
        site: site.partner,
        recall: address::recall(&lot, number),
        lot,
        recall_authority: address::recall_authority(),
        custody_program: custody::ID,
    }
}

/// Recalls units `first..first + quantity`, which hold those recalled so far.
pub fn expand(
    site: Site,
    lot: Address,
    number: u8,
    (first, quantity): (u32, u32),
    notice: Notice,
) -> Instruction {
    instruction::Expand {
        first,
        quantity,
        notice,
    }
    .to_instruction(by_overseer(site, lot, number))
}

/// Leaves units `first..first + quantity` recalled, and releases the others.
pub fn narrow(
    site: Site,
    lot: Address,
    number: u8,
    (first, quantity): (u32, u32),
    document: [u8; 32],
) -> Instruction {
    instruction::Narrow {
        first,
        quantity,
        document,
    }
    .to_instruction(by_overseer(site, lot, number))
}

fn by_site(site: Site, recall: Address) -> accounts::BySite {
    accounts::BySite {
        authority: site.key,
        site: site.partner,
        recall,
    }
}

/// Changes how grave a recall is.
pub fn reclassify(
    site: Site,
    recall: Address,
    gravity: Gravity,
    document: [u8; 32],
) -> Instruction {
    instruction::Reclassify { gravity, document }.to_instruction(by_site(site, recall))
}

/// Says that a recall is done.
pub fn complete(site: Site, recall: Address, document: [u8; 32]) -> Instruction {
    instruction::Complete { document }.to_instruction(by_site(site, recall))
}

/// Ends a recall.
pub fn terminate(site: Site, recall: Address, document: [u8; 32]) -> Instruction {
    instruction::Terminate { document }.to_instruction(by_site(site, recall))
}

/// Answers a recall.
pub fn respond(payer: Address, site: Site, recall: Address, count: Count) -> Instruction {
    instruction::Respond { count }.to_instruction(accounts::Respond {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        system_program: system_program::ID,
    })
}

/// Counts units that `evidence` shows.
pub fn prove(
    payer: Address,
    site: Site,
    recall: Address,
    evidence: Address,
    (first, quantity): (u32, u32),
) -> Instruction {
    let page = first / 8_192;
    instruction::Prove {
        page,
        first,
        quantity,
    }
    .to_instruction(accounts::Prove {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        response: address::response(&recall, &site.partner),
        claims: address::claims(&recall, page),
        evidence,
        system_program: system_program::ID,
    })
}

/// Has the recall pay `receiver` for units that `evidence` shows.
pub fn claim(
    payer: Address,
    site: Site,
    recall: Address,
    evidence: Address,
    (first, quantity): (u32, u32),
    token: Token,
    receiver: Address,
) -> Instruction {
    let page = first / 8_192;
    instruction::Claim {
        page,
        first,
        quantity,
    }
    .to_instruction(accounts::Claim {
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
        system_program: system_program::ID,
    })
}

/// Puts `amount` from `source` into a recall's vault, which pays `unit_price` for each unit.
pub fn fund(
    payer: Address,
    site: Site,
    recall: Address,
    token: Token,
    source: Address,
    amount: u64,
    unit_price: u64,
) -> Instruction {
    instruction::Fund { amount, unit_price }.to_instruction(accounts::Fund {
        payer,
        authority: site.key,
        site: site.partner,
        recall,
        mint: token.mint,
        vault: address::vault(&recall),
        source,
        token_program: token.program,
        system_program: system_program::ID,
    })
}

/// Gives `receiver` what is left in a vault, and `payer` its rent.
pub fn withdraw(
    payer: Address,
    site: Site,
    recall: Address,
    token: Token,
    receiver: Address,
) -> Instruction {
    instruction::Withdraw {}.to_instruction(accounts::Withdraw {
        authority: site.key,
        site: site.partner,
        recall,
        mint: token.mint,
        vault: address::vault(&recall),
        receiver,
        payer,
        token_program: token.program,
    })
}

/// Closes a page of a recall's claims.
pub fn close_claims(payer: Address, recall: Address, page: u32) -> Instruction {
    instruction::CloseClaims {}.to_instruction(accounts::CloseClaims {
        recall,
        claims: address::claims(&recall, page),
        payer,
    })
}
