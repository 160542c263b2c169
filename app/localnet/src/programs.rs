//! Deploying programs to a ledger before it runs.

use std::borrow::Cow;

use solana_loader_v3_interface::{get_program_data_address, state::UpgradeableLoaderState};
use solana_pubkey::Pubkey;
use surfpool_core::{error::SurfpoolError, solana_account::Account, surfnet::svm::SurfnetSvm};

use crate::error::{LocalnetError, Result};

/// The owner of upgradeable programs and of their data.
const LOADER: Pubkey = Pubkey::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// A program to deploy with the upgradeable loader. If another program or authority is already at its
/// address, they are replaced.
#[derive(Clone, Debug)]
pub struct DeployedProgram {
    /// The program's address.
    pub id: Pubkey,
    /// The authority that may upgrade it, which its `ProgramData` account stores.
    pub upgrade_authority: Pubkey,
    /// The compiled program: an ELF file for sBPF v3.
    pub elf: Cow<'static, [u8]>,
}

impl DeployedProgram {
    /// Creates the program's two accounts, executable in the open slot.
    pub(crate) fn deploy(&self, svm: &mut SurfnetSvm) -> Result<()> {
        let refused = |error: SurfpoolError| LocalnetError::Program {
            id: self.id,
            reason: error.to_string(),
        };
        let data_address = get_program_data_address(&self.id);
        let deployed = svm.get_account(&data_address).map_err(refused)?;
        if deployed.is_some_and(|account| self.is_in(&account)) {
            return Ok(());
        }

        let mut data = encode(&UpgradeableLoaderState::ProgramData {
            // The slot before the open one, because the loader refuses to upgrade a program in the slot
            // of its deployment.
            slot: svm.get_latest_absolute_slot().saturating_sub(1),
            upgrade_authority_address: Some(self.upgrade_authority),
        });
        data.extend_from_slice(&self.elf);
        let program = encode(&UpgradeableLoaderState::Program {
            programdata_address: data_address,
        });
        // The program last, because setting it loads and verifies the code.
        for (address, data, executable) in [(data_address, data, false), (self.id, program, true)] {
            let account = Account {
                lamports: svm.inner.minimum_balance_for_rent_exemption(data.len()),
                data,
                owner: LOADER,
                executable,
                rent_epoch: u64::MAX,
            };
            svm.set_account(&address, account).map_err(refused)?;
        }
        Ok(())
    }

    /// Whether `data_account` contains this program with this authority.
    fn is_in(&self, data_account: &Account) -> bool {
        let start = UpgradeableLoaderState::size_of_programdata_metadata();
        let authority = match bincode::deserialize(&data_account.data) {
            Ok(UpgradeableLoaderState::ProgramData {
                upgrade_authority_address,
                ..
            }) => upgrade_authority_address,
            _ => None,
        };
        authority == Some(self.upgrade_authority)
            && data_account.data.get(start..) == Some(self.elf.as_ref())
    }
}

/// The loader's encoding of `state`.
fn encode(state: &UpgradeableLoaderState) -> Vec<u8> {
    bincode::serialize(state).expect("the loader's states have fixed sizes")
}
