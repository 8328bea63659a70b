//! `canje backup prune`.

use std::process::ExitCode;

use anyhow::Context as _;

use super::{Approval, Plan, apply, plan};
use crate::backup::Depot;
use crate::backup::cli::PruneArgs;
use crate::i18n::backup::retention as words;

/// Says what would go, or does it with the plan's approval.
pub async fn prune(args: PruneArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    let Some(approval) = &args.approve else {
        let plan = plan(depot).await?;
        if args.json {
            println!("{}", serde_json::to_string(&plan)?);
        } else {
            print(&plan);
        }
        return Ok(ExitCode::SUCCESS);
    };
    let approval = Approval::parse(approval, words::COMMAND_LINE).context(words::BAD_APPROVAL)?;
    let gone = apply(depot, &depot.keys()?.signer, &approval).await?;
    if args.json {
        println!("{}", serde_json::json!({ "removed": gone }));
    } else {
        println!("{}", words::pruned(gone));
    }
    Ok(ExitCode::SUCCESS)
}

fn print(plan: &Plan) {
    for store in &plan.stores {
        println!("{}", words::store_line(&store.store, store.keep.len(), store.remove.len(), store.can_delete));
        for kept in &store.keep {
            println!("{}", words::kept_line(kept));
        }
        for removal in &store.remove {
            println!("{}", words::removal_line(removal));
        }
    }
    println!("{}", words::plan_end(plan.removals(), &plan.hash));
}
