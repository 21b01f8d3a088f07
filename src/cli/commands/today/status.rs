//! `earlypost status`: how things stand, and what waits for a person.

use serde_json::json;

use crate::{
    app::Overrides,
    cli::{Exit, Global, ui},
    pipeline::{HeldInstallation, Standing},
};

pub(in crate::cli) async fn act(global: &Global) -> anyhow::Result<Exit> {
    let (config, app) = global.app_with(Overrides { makes_no_paper: true, ..Overrides::default() }).await?;
    let pipeline = &app.pipeline;
    let counts = pipeline.store.monitoring().state_counts().await?;
    let head = pipeline.store.ledger().ledger_head().await?;
    let children = pipeline.store.monitoring().child_count().await?;
    let waiting = pipeline.operations().waiting().await?;
    let standing = pipeline.standing().await?;
    let stopped = (standing != Standing::Same).then(|| HeldInstallation(standing).to_string());
    let templates = if config.templates_dir.is_some() { pipeline.preparation().template_fault().await? } else { None };
    let (holds, proof) = (pipeline.store.service().holds().await?, pipeline.operations().last_proof().await?);
    if global.json {
        let counts: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|c| (c.state.clone(), c.count.into())).collect();
        ui::print_json(&json!({
            "as_of": pipeline.day().to_string(), "children": children, "dispatches": counts, "ledger_entries": head.count,
            "held": stopped, "holds": holds, "templates_fault": templates, "last_proof": proof, "waiting": waiting,
        }))?;
    } else if !global.quiet {
        println!("{} children; the record of access has {} entries.", children, head.count);
        for count in &counts {
            println!("{:>8}  {}", count.count, count.state);
        }
        for hold in &holds {
            println!("Held since {} by {}: {}. {}", hold.held_at, hold.held_by, hold.scope, hold.reason);
        }
        if let Some(says) = &templates {
            println!("Your own templates do not work as they are saved; the service goes on with the last that did:");
            for line in says.lines() {
                println!("  {line}");
            }
        }
        if let Some(proof) = proof.filter(|proof| !proof.faults.is_empty()) {
            println!("The last proof ({}) found what needs somebody (`earlypost doctor` looks again):", proof.at);
            for fault in &proof.faults {
                println!("  {} {}", fault.what, fault.next_step);
            }
        }
        ui::say_waiting(&waiting);
    }
    if let Some(stopped) = &stopped {
        eprintln!("earlypost: {stopped}");
    }
    Ok(if stopped.is_some() { Exit::NotSent } else { Exit::Done })
}
