//! Whether the programs are on the cluster, and who may upgrade them.

use pedigree_client::{
    Ledger,
    registry::{ProgramData, UPGRADEABLE_LOADER},
};
use solana_account_decoder_client_types::{UiAccountEncoding, UiDataSliceConfig};
use solana_client::rpc_config::RpcAccountInfoConfig;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    program::Program,
};

/// Fails unless every program is deployed.
pub async fn check(ledger: &Ledger) -> Result<()> {
    let (_, accounts) = ledger.accounts(&Program::ALL.map(Program::id)).await?;
    for (program, account) in Program::ALL.into_iter().zip(accounts) {
        if !account.is_some_and(|account| account.executable) {
            return Err(Error::NotDeployed { program });
        }
    }
    Ok(())
}

/// Who may upgrade `program`; `None` once it is final.
pub async fn upgrade_authority(ledger: &Ledger, program: Program) -> Result<Option<Pubkey>> {
    let config = RpcAccountInfoConfig {
        encoding: Some(UiAccountEncoding::Base64),
        // Without the program's code, which follows it.
        data_slice: Some(UiDataSliceConfig {
            offset: 0,
            length: size_of::<ProgramData>(),
        }),
        commitment: Some(ledger.commitment()),
        ..RpcAccountInfoConfig::default()
    };
    let address = ProgramData::find_address(&program.id());
    let record = ledger
        .rpc()
        .get_ui_account_with_config(&address, config)
        .await?
        .value
        .and_then(|account| account.to_account())
        .filter(|account| account.owner == UPGRADEABLE_LOADER)
        .and_then(|account| bytemuck::try_pod_read_unaligned::<ProgramData>(&account.data).ok())
        .ok_or(Error::NotDeployed { program })?;
    Ok(record.upgrade_authority().copied())
}
