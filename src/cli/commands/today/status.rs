//! `earlypost status`: how things stand, and what waits for a person.

use serde_json::json;

use crate::{
    app::Overrides,
    cli::{Exit, Global, ui},
    pipeline::Overview,
};

pub(in crate::cli) async fn act(global: &Global) -> anyhow::Result<Exit> {
    global.with_app_as(Overrides { makes_no_paper: true, ..Overrides::default() }, async |app| {
    let config = &app.config;
    let pipeline = &app.pipeline;
    let Overview { children, deliveries, entries, stopped, holds, last_proof: proof, waiting } =
        pipeline.operations().overview(&app.actor).await?;
    let templates = if config.templates_dir.is_some() { pipeline.preparation().template_fault().await? } else { None };
    if global.json {
        let counts: serde_json::Map<String, serde_json::Value> =
            deliveries.iter().map(|c| (c.state.clone(), c.count.into())).collect();
        ui::print_json(&json!({
            "as_of": pipeline.day().to_string(), "children": children, "dispatches": counts, "ledger_entries": entries,
            "held": stopped, "holds": holds, "templates_fault": templates, "last_proof": proof, "waiting": waiting,
        }))?;
    } else if !global.quiet {
        println!("{} children; the record of access has {} entries.", children, entries);
        for count in &deliveries {
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
    }).await
}
