//! What a watcher sees, in the text form of Prometheus (exposition format 0.0.4).

use std::fmt::Write;

use chrono::{DateTime, Utc};

use crate::{
    clock::parse_instant,
    dispatch::StateName,
    pipeline::{Pipeline, Standing},
    telemetry::Measures,
};

/// All metrics as they stand now.
pub(super) async fn text(pipeline: &Pipeline) -> anyhow::Result<String> {
    let now = pipeline.now();
    let mut out = String::new();
    let lanes = pipeline.store.monitoring().lanes().await?;
    family(&mut out, "earlypost_outbox_dispatches", "gauge", "Envelopes that wait to be sent, by lane.");
    for lane in &lanes {
        let _ = writeln!(out, "earlypost_outbox_dispatches{{lane=\"{}\"}} {}", lane.lane, lane.waiting);
    }
    family(
        &mut out,
        "earlypost_outbox_oldest_seconds",
        "gauge",
        "Age of the oldest envelope that waits and may go now, by lane.",
    );
    for lane in &lanes {
        let age = lane.oldest.as_deref().map_or(0, |at| age(at, now));
        let _ = writeln!(out, "earlypost_outbox_oldest_seconds{{lane=\"{}\"}} {age}", lane.lane);
    }
    family(&mut out, "earlypost_dispatches", "gauge", "Envelopes of this program by state.");
    let counts = pipeline.store.monitoring().state_counts().await?;
    for state in StateName::ALL {
        let count = counts.iter().find(|c| c.state == state.as_str()).map_or(0, |c| c.count);
        let _ = writeln!(out, "earlypost_dispatches{{state=\"{state}\"}} {count}");
    }
    family(&mut out, "earlypost_obligations_late", "gauge", "Open duties whose last day has passed.");
    let _ = writeln!(
        out,
        "earlypost_obligations_late {}",
        pipeline.store.monitoring().late_obligations(pipeline.day()).await?
    );
    family(&mut out, "earlypost_ledger_entries", "gauge", "Entries in the record of access.");
    let _ = writeln!(out, "earlypost_ledger_entries {}", pipeline.store.ledger().ledger_head().await?.count);
    if let Some(at) = pipeline.store.monitoring().newest_checkpoint().await? {
        family(
            &mut out,
            "earlypost_checkpoint_age_seconds",
            "gauge",
            "Age of the newest signed checkpoint of the record of access.",
        );
        let _ = writeln!(out, "earlypost_checkpoint_age_seconds {}", age(&at, now));
    }
    family(&mut out, "earlypost_held", "gauge", "1 where the installation sends nothing until a person accepts it.");
    let held = pipeline.standing().await? != Standing::Same;
    let _ = writeln!(out, "earlypost_held {}", u8::from(held));
    of_this_process(&mut out, &pipeline.measures);
    Ok(out)
}

fn of_this_process(out: &mut String, measures: &Measures) {
    family(out, "earlypost_attempts_total", "counter", "Attempts that this process settled, by channel and outcome.");
    for (channel, outcome, count) in measures.attempts() {
        let _ = writeln!(out, "earlypost_attempts_total{{channel=\"{channel}\",outcome=\"{outcome}\"}} {count}");
    }
    family(out, "earlypost_render_seconds", "histogram", "Time to render one paper in this process's workers.");
    let renders = measures.renders(true);
    for (end, papers) in renders.classes() {
        let _ = writeln!(out, "earlypost_render_seconds_bucket{{le=\"{end}\"}} {papers}");
    }
    let _ = writeln!(out, "earlypost_render_seconds_bucket{{le=\"+Inf\"}} {}", renders.count);
    let _ = writeln!(out, "earlypost_render_seconds_sum {}", renders.seconds);
    let _ = writeln!(out, "earlypost_render_seconds_count {}", renders.count);
    family(out, "earlypost_render_failures_total", "counter", "Papers that could not be rendered by this process.");
    let _ = writeln!(out, "earlypost_render_failures_total {}", measures.renders(false).count);
}

fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn age(at: &str, now: DateTime<Utc>) -> i64 {
    parse_instant(at).map_or(0, |at| (now - at).num_seconds().max(0))
}
