//! Tokens of either token program, for recalls to pay with.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use anchor_spl::token_2022::spl_token_2022::{
    extension::{ExtensionType, PodStateWithExtensions},
    instruction::{
        freeze_account, initialize_account3, initialize_immutable_owner, initialize_mint2, mint_to,
        thaw_account, transfer_checked,
    },
    pod::{PodAccount, PodMint},
};
use pedigree_interface::instruction::recall::Token;
use solana_account::Account;
use solana_signer::Signer;

use crate::{ledger::keypair, world::World};

/// The older token program.
pub const TOKEN: Address = anchor_lang::address!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The one with extensions.
pub const TOKEN_2022: Address =
    anchor_lang::address!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

/// Decimals, as USDC has them.
pub const DECIMALS: u8 = 6;

/// An extension of a mint, and the instruction that gives it to a new one.
pub type Extension = (ExtensionType, fn(&Address, &Address) -> Instruction);

impl World {
    /// A token whose authority, for freezing as well, is the world's payer.
    #[track_caller]
    pub fn token(&mut self, name: &str, program: Address, extensions: &[Extension]) -> Token {
        let mint = keypair(name).pubkey();
        let types: Vec<ExtensionType> = extensions.iter().map(|(kind, _)| *kind).collect();
        let bytes = ExtensionType::try_calculate_account_len::<PodMint>(&types).unwrap();
        self.make_room(mint, program, bytes);
        for (_, initialize) in extensions {
            self.ledger.execute(&initialize(&program, &mint));
        }
        let authority = self.payer;
        let initialize =
            initialize_mint2(&program, &mint, &authority, Some(&authority), DECIMALS).unwrap();
        self.ledger.execute(&initialize);
        Token { program, mint }
    }

    /// A token account of `owner` with `amount` in it, the same for the same name.
    #[track_caller]
    pub fn token_account(
        &mut self,
        name: &str,
        token: Token,
        owner: Address,
        amount: u64,
    ) -> Address {
        self.extended_token_account(name, token, owner, amount, &[])
    }

    /// The same with room for extensions of the account; an immutable owner is initialised at once.
    #[track_caller]
    pub fn extended_token_account(
        &mut self,
        name: &str,
        token: Token,
        owner: Address,
        amount: u64,
        own: &[ExtensionType],
    ) -> Address {
        let account = keypair(name).pubkey();
        let Token { program, mint } = token;
        let data = self.ledger.account(mint).data;
        let extensions = PodStateWithExtensions::<PodMint>::unpack(&data)
            .and_then(|state| {
                use anchor_spl::token_2022::spl_token_2022::extension::BaseStateWithExtensions;
                state.get_extension_types()
            })
            .unwrap();
        let mut needed = ExtensionType::get_required_init_account_extensions(&extensions);
        needed.extend(own);
        let bytes = ExtensionType::try_calculate_account_len::<PodAccount>(&needed).unwrap();
        self.make_room(account, program, bytes);
        if own.contains(&ExtensionType::ImmutableOwner) {
            let fixing = initialize_immutable_owner(&program, &account).unwrap();
            self.ledger.execute(&fixing);
        }
        let initialize = initialize_account3(&program, &account, &mint, &owner).unwrap();
        self.ledger.execute(&initialize);
        if amount > 0 {
            let authority = self.payer;
            let minting = mint_to(&program, &mint, &account, &authority, &[], amount).unwrap();
            self.ledger.execute(&minting);
        }
        account
    }

    /// What is in a token account.
    #[track_caller]
    pub fn balance(&self, account: Address) -> u64 {
        const AMOUNT: std::ops::Range<usize> = 64..72;
        let data = self.ledger.account(account).data;
        u64::from_le_bytes(data[AMOUNT].try_into().unwrap())
    }

    /// Freezes a token account.
    pub fn freeze(&mut self, token: Token, account: Address) {
        let Token { program, mint } = token;
        let freezing = freeze_account(&program, &account, &mint, &self.payer, &[]).unwrap();
        self.ledger.execute(&freezing);
    }

    /// Thaws a token account.
    pub fn thaw(&mut self, token: Token, account: Address) {
        let Token { program, mint } = token;
        let thawing = thaw_account(&program, &account, &mint, &self.payer, &[]).unwrap();
        self.ledger.execute(&thawing);
    }

    /// Moves tokens without the recall program.
    #[track_caller]
    pub fn send(&mut self, token: Token, from: Address, owner: Address, to: Address, amount: u64) {
        let Token { program, mint } = token;
        let transfer =
            transfer_checked(&program, &from, &mint, &to, &owner, &[], amount, DECIMALS).unwrap();
        self.ledger.execute(&transfer);
    }

    fn make_room(&mut self, address: Address, owner: Address, bytes: usize) {
        let account = Account {
            lamports: self.ledger.rent(bytes),
            data: vec![0; bytes],
            owner,
            executable: false,
            rent_epoch: u64::MAX,
        };
        self.ledger.set_account(address, account);
    }
}
