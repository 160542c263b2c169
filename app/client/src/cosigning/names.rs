//! What the programs' instructions are called.

use anchor_lang::Discriminator;
use solana_pubkey::Pubkey;

/// A program of ours, and one of its instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionName {
    /// The program's name.
    pub program: &'static str,
    /// The instruction's name, as the IDL has it; `None` if the program has no such instruction.
    pub instruction: Option<&'static str>,
}

/// What an instruction of one of our programs is called; `None` if the program is another.
pub fn name(program: &Pubkey, data: &[u8]) -> Option<InstructionName> {
    let (program, instructions) = match *program {
        registry::ID => ("registry", REGISTRY),
        custody::ID => ("custody", CUSTODY),
        recall::ID => ("recall", RECALL),
        _ => return None,
    };
    // Each has a discriminator of one byte.
    let known = instructions
        .iter()
        .find(|(discriminator, _)| data.starts_with(discriminator));
    Some(InstructionName {
        program,
        instruction: known.map(|(_, name)| *name),
    })
}

/// Discriminators and names of a program's instructions.
type Names = &'static [(&'static [u8], &'static str)];

macro_rules! names {
    ($($constant:ident = $program:ident { $($instruction:ident $name:literal)+ })+) => {
        $(const $constant: Names = &[
            $(($program::instruction::$instruction::DISCRIMINATOR, $name),)+
        ];)+
    };
}

names! {
    REGISTRY = registry {
        AcceptAuthority "accept_authority"
        AcceptPartnerKey "accept_partner_key"
        AcceptProductTransfer "accept_product_transfer"
        AddIssuer "add_issuer"
        AdmitPartner "admit_partner"
        AppointOperator "appoint_operator"
        CancelRecovery "cancel_recovery"
        ClaimPrefix "claim_prefix"
        CompleteRecovery "complete_recovery"
        ConfirmPartner "confirm_partner"
        CorrectAdmission "correct_admission"
        DismissAllOperators "dismiss_all_operators"
        DismissOperator "dismiss_operator"
        Initialize "initialize"
        JoinFirm "join_firm"
        LeaveFirm "leave_firm"
        MoveGln "move_gln"
        MovePrefix "move_prefix"
        MoveProduct "move_product"
        ProposeAuthority "propose_authority"
        ProposePartnerKey "propose_partner_key"
        ProposeProductTransfer "propose_product_transfer"
        ProposeRecovery "propose_recovery"
        ReassignPartner "reassign_partner"
        RegisterProduct "register_product"
        ReinstatePartner "reinstate_partner"
        ReleasePrefix "release_prefix"
        RemoveIssuer "remove_issuer"
        RenewPartner "renew_partner"
        RestorePartner "restore_partner"
        RevokePartner "revoke_partner"
        RotateIssuerKey "rotate_issuer_key"
        SetIssuerScope "set_issuer_scope"
        SuspendPartner "suspend_partner"
        UpdateOperator "update_operator"
        UpdateProduct "update_product"
        WithdrawAdmission "withdraw_admission"
    }
    CUSTODY = custody {
        Accept "accept"
        AcceptWithDiscrepancy "accept_with_discrepancy"
        AdoptLot "adopt_lot"
        Archive "archive"
        Cancel "cancel"
        CloseUnitRecord "close_unit_record"
        Decommission "decommission"
        Destroy "destroy"
        DestroyUnits "destroy_units"
        DetermineCase "determine_case"
        Dispense "dispense"
        Expire "expire"
        Export "export"
        Handoff "handoff"
        HandoffBatch "handoff_batch"
        Merge "merge"
        MintLot "mint_lot"
        NotifyCase "notify_case"
        Offer "offer"
        OpenCase "open_case"
        OpenLotCase "open_lot_case"
        OpenUnitPage "open_unit_page"
        Pack "pack"
        Quarantine "quarantine"
        QuarantineLot "quarantine_lot"
        Recover "recover"
        Reject "reject"
        Release "release"
        ReleaseLot "release_lot"
        ReportStolen "report_stolen"
        ResolveCase "resolve_case"
        ResolveLotCase "resolve_lot_case"
        RestoreUnits "restore_units"
        ReturnTitle "return_title"
        Sample "sample"
        SetRecalledRange "set_recalled_range"
        Split "split"
        TransferTitle "transfer_title"
        UndoDecommission "undo_decommission"
        UndoDispense "undo_dispense"
        UndoWithdrawal "undo_withdrawal"
        Unpack "unpack"
        VerifyReturn "verify_return"
    }
    RECALL = recall {
        Claim "claim"
        CloseClaims "close_claims"
        CloseProofs "close_proofs"
        Complete "complete"
        Expand "expand"
        Fund "fund"
        Narrow "narrow"
        Open "open"
        Prove "prove"
        Reclassify "reclassify"
        Reopen "reopen"
        Respond "respond"
        Terminate "terminate"
        Withdraw "withdraw"
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::Value;

    use super::*;

    #[test]
    fn every_instruction_of_the_idls_has_its_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../idl");
        for (program, id, names) in [
            ("registry", registry::ID, REGISTRY),
            ("custody", custody::ID, CUSTODY),
            ("recall", recall::ID, RECALL),
        ] {
            let idl = fs::read_to_string(folder.join(program).with_extension("json")).unwrap();
            let idl: Value = serde_json::from_str(&idl).unwrap();
            let instructions = idl["instructions"].as_array().unwrap();
            assert_eq!(instructions.len(), names.len());
            for instruction in instructions {
                let discriminator = &instruction["discriminator"];
                let discriminator: Vec<u8> = serde_json::from_value(discriminator.clone()).unwrap();
                let found = name(&id, &discriminator).unwrap();
                assert_eq!(found.program, program);
                assert_eq!(found.instruction, instruction["name"].as_str());
            }
            let unknown = name(&id, &[255]).unwrap();
            assert_eq!(unknown.instruction, None);
        }
        assert_eq!(name(&Pubkey::new_unique(), &[0]), None);
    }
}
