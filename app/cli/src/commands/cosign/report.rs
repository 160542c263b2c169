//! What `cosign` shows: what each transaction would do, and what became of it.

use std::collections::BTreeSet;

use anyhow::Result;
use pedigree_client::{
    Ledger,
    cosigning::{HandOver, Review, Side, Step, Unexplained},
    sign_only::SignOnly,
    stock::Item,
    transaction::Receipt,
};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use crate::{
    commands::inventory::StockReport,
    events::{describe, document_hash},
    output::{Report, fields, rows},
    words::partner_name,
};

/// What a transaction would do.
#[derive(Serialize)]
pub struct ReviewReport {
    instructions: Vec<InstructionReport>,
    handoffs: Vec<HandOverReport>,
    goods: StockReport,
    fee_payer: String,
    max_fee_lamports: u64,
    /// The nonce account that it names; without one it expires with its blockhash.
    nonce: Option<String>,
    signed_by: Vec<String>,
    absent: Vec<String>,
}

#[derive(Serialize)]
struct InstructionReport {
    /// The program's name, or its address.
    program: String,
    /// The instruction's name.
    instruction: Option<&'static str>,
    /// What it does to consignments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<EventReport>,
    /// The sites among its accounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sites: Vec<String>,
    /// Its accounts, unless it is explained.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<AccountReport>,
    /// Its arguments in hexadecimal, unless it is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
}

#[derive(Serialize)]
struct EventReport {
    consignment: String,
    event: &'static str,
    detail: Option<String>,
    document: Option<String>,
}

#[derive(Serialize)]
struct AccountReport {
    address: String,
    signs: bool,
    changes: bool,
}

#[derive(Serialize)]
struct HandOverReport {
    from: SideReport,
    to: SideReport,
    kind: String,
    document: Option<String>,
    units: u64,
}

#[derive(Serialize)]
struct SideReport {
    site: String,
    key: String,
    /// Whether the key is an operator's, and not the site's own.
    by_operator: bool,
}

impl ReviewReport {
    pub async fn new(ledger: &Ledger, review: &Review) -> Result<Self> {
        let items: Vec<Item> = review.items().into_iter().cloned().collect();
        let absent: BTreeSet<Pubkey> = review.absent.iter().copied().collect();
        let signed = review.signers.iter().filter(|key| !absent.contains(key));
        Ok(Self {
            instructions: review.steps.iter().map(InstructionReport::new).collect(),
            handoffs: review.handovers().map(HandOverReport::new).collect(),
            goods: StockReport::new(ledger, &items).await?,
            fee_payer: review.fee_payer.to_string(),
            max_fee_lamports: review.max_fee,
            nonce: review.nonce().map(|nonce| nonce.account.to_string()),
            signed_by: signed.map(Pubkey::to_string).collect(),
            absent: review.absent.iter().map(Pubkey::to_string).collect(),
        })
    }
}

impl InstructionReport {
    fn new(step: &Step) -> Self {
        let known = |program: &str, instruction| Self {
            program: program.to_owned(),
            instruction: Some(instruction),
            events: Vec::new(),
            sites: Vec::new(),
            accounts: Vec::new(),
            data: None,
        };
        match step {
            Step::ComputeBudget => known("compute budget", "limits and price"),
            Step::AdvanceNonce(_) => known("system", "advance_nonce_account"),
            Step::HandOver(handover) => known(
                "custody",
                match handover.goods.len() {
                    1 => "handoff",
                    _ => "handoff_batch",
                },
            ),
            Step::Unexplained(step) => Self::unexplained(step),
        }
    }

    fn unexplained(step: &Unexplained) -> Self {
        let event = |(item, event): &(Item, _)| {
            let (name, detail) = describe(event);
            EventReport {
                consignment: item.reference().to_string(),
                event: name,
                detail,
                document: document_hash(event).map(hex::encode),
            }
        };
        let Instruction {
            program_id,
            accounts,
            data,
        } = &step.instruction;
        let name = step.name();
        Self {
            program: name.map_or_else(|| program_id.to_string(), |name| name.program.to_owned()),
            instruction: name.and_then(|name| name.instruction),
            events: step.events.iter().map(event).collect(),
            sites: step.sites.iter().map(partner_name).collect(),
            accounts: accounts
                .iter()
                .map(|account| AccountReport {
                    address: account.pubkey.to_string(),
                    signs: account.is_signer,
                    changes: account.is_writable,
                })
                .collect(),
            data: Some(hex::encode(data)),
        }
    }

    fn text(&self, number: usize) -> String {
        let name = self.instruction.unwrap_or("unknown instruction");
        let mut lines = vec![format!("{number}. {}: {name}", self.program)];
        lines.extend(self.events.iter().map(|event| {
            let detail = event.detail.as_ref();
            let detail = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
            format!("   {}: {}{detail}", event.consignment, event.event)
        }));
        lines.extend(self.sites.iter().map(|site| format!("   site {site}")));
        lines.extend(self.accounts.iter().map(|account| {
            let mark = |is_so, word| if is_so { word } else { "" };
            let (signs, changes) = (
                mark(account.signs, " signs"),
                mark(account.changes, " changes"),
            );
            format!("   account {}{signs}{changes}", account.address)
        }));
        lines.extend(self.data.iter().map(|data| format!("   data {data}")));
        lines.join("\n")
    }
}

impl HandOverReport {
    fn new(handover: &HandOver) -> Self {
        let units = handover.goods.iter();
        Self {
            from: SideReport::new(&handover.from),
            to: SideReport::new(&handover.to),
            kind: handover.kind.to_string(),
            document: handover.document_hash.map(hex::encode),
            units: units
                .map(|handed| u64::from(handed.item.consignment.quantity))
                .sum(),
        }
    }

    fn text(&self) -> String {
        let none = || "none".to_owned();
        fields([
            ("From", self.from.text()),
            ("To", self.to.text()),
            ("Kind", self.kind.clone()),
            ("Units", self.units.to_string()),
            ("Document", self.document.clone().unwrap_or_else(none)),
        ])
    }
}

impl SideReport {
    fn new(side: &Side) -> Self {
        Self {
            site: partner_name(&side.partner),
            key: side.key.to_string(),
            by_operator: side.key != side.partner.authority,
        }
    }

    fn text(&self) -> String {
        let whose = if self.by_operator { "operator" } else { "key" };
        format!("{}, {whose} {}", self.site, self.key)
    }
}

impl Report for ReviewReport {
    fn text(&self) -> String {
        let mut parts: Vec<String> = self.handoffs.iter().map(HandOverReport::text).collect();
        parts.push(self.goods.text());
        let instructions = self.instructions.iter().zip(1..);
        parts.extend(instructions.map(|(instruction, number)| instruction.text(number)));
        let expires = self.nonce.as_ref().map_or_else(
            || "with its blockhash".to_owned(),
            |nonce| format!("when nonce {nonce} is advanced"),
        );
        let list = |keys: &[String]| match keys.is_empty() {
            true => "nobody".to_owned(),
            false => keys.join("\n"),
        };
        parts.push(fields([
            (
                "Fees",
                format!(
                    "{} lamports at most, paid by {}",
                    self.max_fee_lamports, self.fee_payer
                ),
            ),
            ("Expires", expires),
            ("Signed by", list(&self.signed_by)),
            ("To be signed by", list(&self.absent)),
        ]));
        parts.join("\n")
    }
}

/// What was looked at, and what became of it.
#[derive(Default, Serialize)]
pub struct Cosigned {
    /// Who asked for a signature, if it was by a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
    pub reviewed: Vec<ReviewReport>,
    /// Why nothing was signed, or what is missing in the end.
    pub objections: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub submitted: Vec<SubmittedReport>,
    /// What others still have to sign.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<SignOnly>,
    /// Whether people have seen the reviews already.
    #[serde(skip)]
    pub is_shown: bool,
}

/// Who asked for a signature.
#[derive(Serialize)]
pub struct AskedBy {
    pub host: String,
    /// What it calls itself.
    pub label: String,
}

#[derive(Serialize)]
pub struct SubmittedReport {
    signature: String,
    slot: u64,
    compute_units: u64,
    fee_lamports: u64,
}

impl From<&Receipt> for SubmittedReport {
    fn from(receipt: &Receipt) -> Self {
        Self {
            signature: receipt.signature.to_string(),
            slot: receipt.slot,
            compute_units: receipt.simulation.compute_units,
            fee_lamports: receipt.simulation.fee,
        }
    }
}

impl Report for Cosigned {
    fn text(&self) -> String {
        let mut parts = Vec::new();
        if !self.is_shown {
            parts.extend(self.reviewed.iter().map(ReviewReport::text));
        }
        if !self.submitted.is_empty() {
            let submitted = self.submitted.iter().map(|one| {
                [
                    one.signature.clone(),
                    one.slot.to_string(),
                    one.fee_lamports.to_string(),
                ]
            });
            parts.push(rows(["Signature", "Slot", "Fee"], submitted));
        }
        if !self.objections.is_empty() {
            let title = match self.submitted.is_empty() {
                true => "Not signed:",
                false => "Something is missing, or was not signed:",
            };
            parts.push(format!("{title}\n- {}", self.objections.join("\n- ")));
        }
        for transaction in &self.transactions {
            parts.push(fields([
                ("Signers (Pubkey=Signature)", transaction.signers.join("\n")),
                ("Absent Signers (Pubkey)", transaction.absent.join("\n")),
                ("Transaction", transaction.transaction.clone()),
            ]));
        }
        parts.join("\n\n")
    }
}
