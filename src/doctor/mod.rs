//! Is everything in order? Each check says what it found, why it matters and what to do, in plain words.

mod dns;
mod machine;
mod mail_domain;
mod channels;
mod rules;

use crate::{
    app::{App, Overrides, assemble},
    config::Config,
    hint::Hint,
    pipeline::{Finding, Level},
    shown::with_causes,
};

pub use dns::{Texts, name_servers, texts};
pub use mail_domain::mail_domain;

/// Looks at everything. A check that cannot be made is a finding itself, and the others go on.
pub async fn examine(config: &Config, overrides: &Overrides) -> Vec<Finding> {
    let mut findings = vec![settings(config)];
    findings.extend(machine::disk(config));
    // Before the database is opened: opening makes what is missing private and hides what was wrong.
    findings.extend(machine::private_files(config));
    let app = match assemble(config, overrides).await {
        Ok(app) => app,
        Err(error) => {
            findings.push(Finding::fault(
                "installation",
                with_causes(&error),
                "Nothing works without it.",
                format!("Do what the message says, then run {} again.", Hint::RunDoctor),
            ));
            return findings;
        }
    };
    findings.extend(of_app(config, &app).await);
    app.pipeline.store.close().await;
    findings
}

async fn of_app(config: &Config, app: &App) -> Vec<Finding> {
    let pipeline = &app.pipeline;
    let mut findings = Vec::new();
    match pipeline.store.monitoring().child_count().await {
        Ok(count) => findings.push(Finding::good(
            "database",
            format!(
                "It answers ({:?}), its tables are those of this version, and it holds {count} children.",
                pipeline.store.dialect()
            ),
        )),
        Err(error) => findings.push(Finding::fault(
            "database",
            error.to_string(),
            "Nothing can be read or sent.",
            "See that the database runs and may be written to.",
        )),
    }
    findings.push(machine::clock(config, pipeline).await);
    findings.extend(machine::papers(pipeline).await);
    findings.extend(rules::unconfirmed(&pipeline.profile));
    findings.extend(channels::all(config, app).await);
    findings.push(machine::backup(config, pipeline));
    match pipeline.operations().prove().await {
        Ok(proof) => findings.extend(proof),
        Err(error) => findings.push(Finding::fault(
            "proof",
            with_causes(&error),
            "Whether something was forgotten is not known.",
            format!("Correct the cause and run {} again.", Hint::RunDoctor),
        )),
    }
    findings
}

fn settings(config: &Config) -> Finding {
    if config.operator_email.is_some() {
        Finding::good("settings", "The settings are in order.")
    } else {
        Finding::note(
            "settings",
            "No operator_email is set.",
            "When something goes wrong at night, nobody is told.",
            "Write operator_email = \"...\" into the settings.",
        )
    }
}

/// Whether any finding needs somebody.
#[must_use]
pub fn has_faults(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Fault)
}
