//! The SPL token in which a recall pays.

use pedigree_interface::instruction::recall::Token;
use solana_pubkey::{Pubkey, pubkey};

use crate::{
    error::{Error, Result},
    ledger::Ledger,
};

/// The program that derives where a key keeps its tokens by default.
const ASSOCIATED_TOKEN: Pubkey = pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// Where a mint's account says how many decimals its token has.
const DECIMALS: usize = 44;

/// A token's mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mint {
    /// Its address, and the program that it is of.
    pub token: Token,
    /// How many decimals the token has.
    pub decimals: u8,
}

/// Why a text is not an amount of a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAmount {
    /// More decimals than the token has.
    #[error("{text:?} has more decimals than the token, which has {decimals}")]
    Decimals {
        /// The text.
        text: String,
        /// The token's decimals.
        decimals: u8,
    },
    /// Not a decimal number, or too large.
    #[error("{0:?} is not an amount of the token: write it as 12.50")]
    Number(String),
}

impl Mint {
    /// Reads the mint at `address`.
    ///
    /// # Errors
    ///
    /// [`Error::NoMint`] if there is none.
    pub async fn read(ledger: &Ledger, address: Pubkey) -> Result<Self> {
        let (_, accounts) = ledger.accounts(&[address]).await?;
        let account = accounts.into_iter().next().flatten();
        let account = account.ok_or(Error::NoMint(address))?;
        let decimals = account.data.get(DECIMALS).ok_or(Error::NoMint(address))?;
        Ok(Self {
            token: Token {
                mint: address,
                program: account.owner,
            },
            decimals: *decimals,
        })
    }

    /// Where `owner` keeps this token by default: its associated token account.
    pub fn account_of(&self, owner: &Pubkey) -> Pubkey {
        let Token { mint, program } = &self.token;
        let seeds = [owner.as_ref(), program.as_ref(), mint.as_ref()];
        Pubkey::find_program_address(&seeds, &ASSOCIATED_TOKEN).0
    }

    /// Reads an amount as it is written, `12.50`, in the token's smallest parts.
    ///
    /// # Errors
    ///
    /// If it is not a decimal number, has more decimals than the token or is too large.
    pub fn amount(&self, text: &str) -> std::result::Result<u64, InvalidAmount> {
        let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
        let decimals = usize::from(self.decimals);
        if parts.len() > decimals {
            return Err(InvalidAmount::Decimals {
                text: text.to_owned(),
                decimals: self.decimals,
            });
        }
        let digits = format!("{whole}{parts:0<decimals$}");
        let is_number =
            whole.len() + parts.len() > 0 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let amount = digits.parse().ok().filter(|_| is_number);
        amount.ok_or_else(|| InvalidAmount::Number(text.to_owned()))
    }

    /// Writes an amount of the token's smallest parts as [`amount`](Self::amount) reads it.
    pub fn amount_text(&self, parts: u64) -> String {
        let decimals = usize::from(self.decimals);
        let digits = format!("{parts:0>width$}", width = decimals + 1);
        match digits.split_at(digits.len() - decimals) {
            (whole, "") => whole.to_owned(),
            (whole, parts) => format!("{whole}.{parts}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mint(decimals: u8) -> Mint {
        let token = Token {
            mint: Pubkey::default(),
            program: Pubkey::default(),
        };
        Mint { token, decimals }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for (decimals, parts, text) in [
            (2, 1_250, "12.50"),
            (2, 5, "0.05"),
            (0, 12, "12"),
            (6, 0, "0.000000"),
        ] {
            assert_eq!(mint(decimals).amount_text(parts), text);
            assert_eq!(mint(decimals).amount(text), Ok(parts));
        }
    }

    #[test]
    fn amounts_are_read_in_the_tokens_decimals() {
        let mint = mint(2);
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
