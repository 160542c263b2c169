//! What a recall pays for, and with what.

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pedigree_client::{
    Ledger,
    custody::{Consignment, PAGE_UNITS, Transfer},
    effectiveness::overlap,
    identifier::Gln,
    instruction::recall::{Token, claim, fund, prove, withdraw},
    ledger::decode,
    recall::Recall,
};
use solana_pubkey::{Pubkey, pubkey};
use solana_signer::Signer;

use super::RecallRef;
use crate::{
    Answer,
    context::{Context, parse_address},
    sending::Job,
};

/// The program that derives where a key keeps its tokens unless it says otherwise.
const ASSOCIATED_TOKEN: Pubkey = pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// Where a mint's account says how many decimals its token has.
const DECIMALS: usize = 44;

/// A mint as far as it matters here.
struct Mint {
    token: Token,
    decimals: u8,
}

impl Mint {
    async fn read(ledger: &Ledger, mint: Pubkey) -> Result<Self> {
        let (_, accounts) = ledger.accounts(&[mint]).await?;
        let account = accounts
            .into_iter()
            .next()
            .flatten()
            .with_context(|| format!("there is no mint at {mint}: check the address"))?;
        let decimals = account
            .data
            .get(DECIMALS)
            .with_context(|| format!("the account {mint} is no mint: check the address"))?;
        Ok(Self {
            token: Token {
                mint,
                program: account.owner,
            },
            decimals: *decimals,
        })
    }

    /// Where `owner` keeps this token, unless it says otherwise.
    fn account_of(&self, owner: &Pubkey) -> Pubkey {
        let Token { mint, program } = &self.token;
        let seeds = [owner.as_ref(), program.as_ref(), mint.as_ref()];
        Pubkey::find_program_address(&seeds, &ASSOCIATED_TOKEN).0
    }

    /// An amount as people write it, `12.50`, in the token's smallest parts.
    fn amount(&self, text: &str) -> Result<u64> {
        let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
        let decimals = usize::from(self.decimals);
        ensure!(
            parts.len() <= decimals,
            "{text:?} has more decimals than the token, which has {decimals}"
        );
        let digits = format!("{whole}{parts:0<decimals$}");
        digits
            .parse()
            .ok()
            .filter(|_| {
                whole.len() + parts.len() > 0 && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
            .with_context(|| format!("{text:?} is no amount of the token: write it as 12.50"))
    }
}

/// Put money into a recall that pays for what comes back: for the manufacturer.
#[derive(Args)]
pub struct Fund {
    recall: RecallRef,
    /// The token's mint; decided by the first funding
    #[arg(long, value_parser = parse_address)]
    mint: Pubkey,
    /// How much
    #[arg(long)]
    amount: String,
    /// What the recall pays for each unit; may rise, never fall
    #[arg(long, value_name = "AMOUNT")]
    unit_price: String,
    /// The token account that pays [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    from: Option<Pubkey>,
}

impl Fund {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, recall) = self.recall.get(&context.ledger).await?;
        let mint = Mint::read(&context.ledger, self.mint).await?;
        let site = context.acting_for(recall.manufacturer).await?;
        let source = self.from.unwrap_or_else(|| mint.account_of(&site.key));
        let (amount, price) = (mint.amount(&self.amount)?, mint.amount(&self.unit_price)?);
        let payer = context.fee_payer()?.pubkey();
        let instruction = fund(payer, site, address, mint.token, source, amount, price);
        let purpose = format!(
            "put {} into the recall, which pays {} for each unit",
            self.amount, self.unit_price
        );
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

/// What shows that units came back or were destroyed.
#[derive(Args)]
struct Evidence {
    recall: RecallRef,
    /// The accepted return's transfer, or the destroyed consignment
    #[arg(value_parser = parse_address)]
    evidence: Pubkey,
    /// GLN of the site that returned or destroyed them [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Evidence {
    /// The recalled units that the evidence is about, in runs that lie on one page each.
    async fn runs(&self, ledger: &Ledger, recall: &Recall) -> Result<Vec<(u32, u32)>> {
        let (_, accounts) = ledger.accounts(&[self.evidence]).await?;
        let account =
            accounts.into_iter().next().flatten().with_context(|| {
                format!("there is no account {}: check the address", self.evidence)
            })?;
        let (first_unit, quantity) = match decode::<Transfer>(&self.evidence, &account) {
            Ok(transfer) => (transfer.first_unit, transfer.quantity),
            Err(_) => {
                let consignment: Consignment = decode(&self.evidence, &account).context(
                    "evidence is an accepted return's transfer or a destroyed consignment",
                )?;
                (consignment.first_unit, consignment.quantity)
            }
        };
        let units = overlap(recall, first_unit, quantity);
        ensure!(
            !units.is_empty(),
            "none of the units that this is about is recalled"
        );
        let mut runs = Vec::new();
        let mut first = units.start;
        while first < units.end {
            let page_end = (first / PAGE_UNITS + 1).saturating_mul(PAGE_UNITS);
            let end = units.end.min(page_end);
            runs.push((first, end - first));
            first = end;
        }
        Ok(runs)
    }
}

/// Have units counted that the ledger shows the site returned or destroyed.
///
/// The site answers first. What is proven cannot be answered lower.
#[derive(Args)]
pub struct Prove {
    #[command(flatten)]
    evidence: Evidence,
}

impl Prove {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, recall) = self.evidence.recall.get(&context.ledger).await?;
        let runs = self.evidence.runs(&context.ledger, &recall).await?;
        let gln = context.own_site(self.evidence.site).await?;
        let site = context.acting_for(gln).await?;
        let payer = context.fee_payer()?.pubkey();
        let units: u32 = runs.iter().map(|(_, quantity)| quantity).sum();
        let instructions = runs
            .into_iter()
            .map(|(first, quantity)| {
                prove(
                    payer,
                    site,
                    address,
                    self.evidence.evidence,
                    first,
                    quantity,
                )
            })
            .collect();
        let transactions = context.submitter()?.bundle(instructions);
        Job::of_many(format!("prove {units} units"), transactions)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}

/// Have units paid for that the ledger shows the site returned or destroyed.
///
/// Each unit once, whoever claims it. The site answers first.
#[derive(Args)]
pub struct Claim {
    #[command(flatten)]
    evidence: Evidence,
    /// The token account that is paid [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    to: Option<Pubkey>,
}

impl Claim {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let (address, recall) = self.evidence.recall.get(ledger).await?;
        ensure!(
            recall.mint != Pubkey::default(),
            "this recall pays nothing: have the units counted with `recall prove`"
        );
        let runs = self.evidence.runs(ledger, &recall).await?;
        let gln = context.own_site(self.evidence.site).await?;
        let site = context.acting_for(gln).await?;
        let mint = Mint::read(ledger, recall.mint).await?;
        let partner: pedigree_client::registry::Partner = ledger.get(&site.partner).await?;
        let receiver = self
            .to
            .unwrap_or_else(|| mint.account_of(&partner.authority));
        let payer = context.fee_payer()?.pubkey();
        let units: u32 = runs.iter().map(|(_, quantity)| quantity).sum();
        let evidence = self.evidence.evidence;
        let instructions = runs
            .into_iter()
            .map(|run| claim(payer, site, address, evidence, run, mint.token, receiver))
            .collect();
        let transactions = context.submitter()?.bundle(instructions);
        Job::of_many(format!("claim the price of {units} units"), transactions)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}

/// Take back what a terminated recall did not pay out: for the manufacturer.
#[derive(Args)]
pub struct Withdraw {
    recall: RecallRef,
    /// The token account that gets it [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    to: Option<Pubkey>,
}

impl Withdraw {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let (address, recall) = self.recall.get(ledger).await?;
        ensure!(
            recall.mint != Pubkey::default(),
            "nothing was ever put into this recall"
        );
        let mint = Mint::read(ledger, recall.mint).await?;
        let site = context.acting_for(recall.manufacturer).await?;
        let partner: pedigree_client::registry::Partner = ledger.get(&site.partner).await?;
        let receiver = self
            .to
            .unwrap_or_else(|| mint.account_of(&partner.authority));
        let instruction = withdraw(site, address, mint.token, receiver, recall.vault_payer);
        context
            .execute("take back what the recall did not pay out", instruction)
            .await?;
        Ok(Answer::Yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_the_tokens_decimals() {
        let mint = Mint {
            token: Token {
                mint: Pubkey::default(),
                program: Pubkey::default(),
            },
            decimals: 2,
        };
        for (text, parts) in [("12.5", 1_250), ("12", 1_200), ("0.01", 1), (".5", 50)] {
            assert_eq!(mint.amount(text).unwrap(), parts);
        }
        for text in [
            "",
            ".",
            "1.2.3",
            "1.234",
            "-1",
            "1,5",
            "1e3",
            "99999999999999999999",
        ] {
            mint.amount(text).unwrap_err();
        }
    }
}
