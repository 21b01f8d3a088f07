//! The next steps of the program's texts as commands.

use serde_json::Value;

use crate::hint::{self, Field, Hint};

/// A text for a screen: a command in place of each hint.
pub(super) fn words(text: &str) -> String {
    let shown = |hint: &Hint| match hint {
        Hint::FillIn { field } => option(*field),
        _ => format!("`{}`", command(hint)),
    };
    hint::worded(text, shown).into_owned()
}

/// A JSON value whose texts are for a screen.
pub(super) fn in_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(words(&text)),
        Value::Array(items) => items.into_iter().map(in_json).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, in_json(value))).collect(),
        other => other,
    }
}

/// The option of a field, with the name of its value where that helps.
fn option(field: Field) -> String {
    match field {
        Field::GivenOn => "--given-on DATE".to_owned(),
        Field::Out => "--out FILE".to_owned(),
        _ => format!("--{}", field.code()),
    }
}

/// The command of a hint, as it is typed; what the hint does not know is left to the reader.
fn command(hint: &Hint) -> String {
    let words = match hint {
        Hint::FillIn { field } => return option(*field),
        Hint::ShowDispatch { dispatch } => on("show", dispatch.as_deref()),
        Hint::Send => "send".to_owned(),
        Hint::SendEnclosed => "send KIND --enclose".to_owned(),
        Hint::Resend { dispatch, another_way } => {
            flag(on("resend", dispatch.as_deref()), *another_way, "--another-way")
        }
        Hint::Regenerate { dispatch } => on("regenerate", dispatch.as_deref()),
        Hint::Resolve { dispatch } => on("resolve", dispatch.as_deref()),
        Hint::Run => "run".to_owned(),
        Hint::MakePlan => "plan".to_owned(),
        Hint::ShowPlan { plan } => on("plan show", plan.as_deref()),
        Hint::ApprovePlan { plan, line } => with(on("plan approve", plan.as_deref()), "--line", line.as_deref()),
        Hint::FinishTrial => "trial finish".to_owned(),
        Hint::MakeHandover { dispatch: None } => "handover".to_owned(),
        Hint::MakeHandover { dispatch } => on("handover", dispatch.as_deref()) + " --out FOLDER",
        Hint::MarkGiven { dispatch } => on("mark given", dispatch.as_deref()),
        Hint::MarkMailed { dispatch } => on("mark mailed", dispatch.as_deref()),
        Hint::MarkPulled { dispatch } => on("mark pulled", dispatch.as_deref()),
        Hint::ListBatches => "print list".to_owned(),
        Hint::PrintLetter { dispatch } => on("print letter", dispatch.as_deref()),
        Hint::ShowPassphrase => "passphrase show".to_owned(),
        Hint::NotePassphrase => "passphrase told".to_owned(),
        Hint::Receive => "receive".to_owned(),
        Hint::ListReceived => "receive list".to_owned(),
        Hint::ListTasks => "tasks".to_owned(),
        Hint::CloseTask => "tasks done".to_owned(),
        Hint::ShowStatus => "status".to_owned(),
        Hint::FindChild => "find".to_owned(),
        Hint::OpenWithReason { child } => on("child show", child.as_deref()) + " --reason",
        Hint::ListChannels => "channel list".to_owned(),
        Hint::ExplainChild { child } => with("explain".to_owned(), "--child", child.as_deref()),
        Hint::LiftHold => "release".to_owned(),
        Hint::LiftRecipientHold => "release --recipient".to_owned(),
        Hint::LiftDispatchHold { dispatch: None } => "release --dispatch".to_owned(),
        Hint::LiftDispatchHold { dispatch } => {
            with("release".to_owned(), "--dispatch", dispatch.as_deref()) + " --reason ..."
        }
        Hint::AcceptInstallation => "release --installation --reason ...".to_owned(),
        Hint::RevokeRelease { child, release } => of_release("consent revoke", child.as_deref(), release.as_deref()),
        Hint::KeepRelease { child, release } => of_release("consent keep", child.as_deref(), release.as_deref()),
        Hint::VerifyAddress { child, endpoint } => {
            with(with("endpoint verify".to_owned(), "--child", child.as_deref()), "--endpoint", endpoint.as_deref())
        }
        Hint::RecordObjection => "record objection --written".to_owned(),
        Hint::DecideLateObjection => "record late-objection".to_owned(),
        Hint::RecordOrder => "record order".to_owned(),
        Hint::RecordOrderEffect => "record order ... --effect".to_owned(),
        Hint::RecordEmergencyTelling => "record emergency-told".to_owned(),
        Hint::RecordName { dispatch: None } => "record name --dispatch".to_owned(),
        Hint::RecordName { dispatch } => with("record name".to_owned(), "--dispatch", dispatch.as_deref()),
        Hint::RecordOralTranslation { dispatch } => {
            with("record oral-translation".to_owned(), "--dispatch", dispatch.as_deref())
        }
        Hint::RecordOfficialForm { dispatch } => {
            with("record official-form".to_owned(), "--dispatch", dispatch.as_deref())
        }
        Hint::TakeInOfficialForm { dispatch } => {
            with("record official-form".to_owned(), "--dispatch", dispatch.as_deref()) + " --file"
        }
        Hint::RecordNotFeasible { dispatch } => {
            with("record not-feasible".to_owned(), "--dispatch", dispatch.as_deref())
        }
        Hint::ListFiled { child } => with("filed list".to_owned(), "--child", child.as_deref()),
        Hint::WithdrawFiled => "filed withdraw".to_owned(),
        Hint::ReportAccess { child, person } => {
            with(with("ledger report".to_owned(), "--child", child.as_deref()), "--for", person.as_deref())
        }
        Hint::VerifyLedger => "ledger verify".to_owned(),
        Hint::ShowLedgerKey => "ledger key".to_owned(),
        Hint::CloseRequest => "request close".to_owned(),
        Hint::WriteIncidentLetter => "incident letter".to_owned(),
        Hint::CloseIncident => "incident close".to_owned(),
        Hint::WriteRetentionNotice { child } => {
            with("retention notice".to_owned(), "--child", child.as_deref()) + " --out FILE"
        }
        Hint::LiftLegalHold { child } => with("retention lift".to_owned(), "--child", child.as_deref()),
        Hint::RunDoctor => "doctor".to_owned(),
        Hint::CheckCaseload => "check".to_owned(),
        Hint::CheckTemplates => "template check".to_owned(),
        Hint::ExportTemplates => "template export".to_owned(),
        Hint::ShowSchema => "schema".to_owned(),
        Hint::ShowViewSchema { kind } => with("schema".to_owned(), "--view", kind.as_deref()),
        Hint::MakeProgram => "init DIR".to_owned(),
        Hint::Serve => "serve".to_owned(),
        Hint::ListSchedules => "schedule list".to_owned(),
        Hint::ShowSchedule { schedule } => on("schedule show", schedule.as_deref()),
        Hint::RunSchedule { schedule } => on("schedule run", schedule.as_deref()),
        Hint::SkipSchedule { schedule } => on("schedule skip", schedule.as_deref()) + " --reason ...",
        Hint::BelieveClock => "schedule believe-clock --reason ...".to_owned(),
        Hint::ResumeChannel { channel } => on("channel resume", channel.as_deref()),
        Hint::ResumeAddress { endpoint } => with("channel resume".to_owned(), "--endpoint", endpoint.as_deref()),
        Hint::BackUp => "backup".to_owned(),
        Hint::MigrateStore => "store migrate".to_owned(),
    };
    format!("earlypost {words}")
}

/// A command with what it is about behind it.
fn on(command: &str, about: Option<&str>) -> String {
    match about {
        Some(about) => format!("{command} {}", typed(about)),
        None => command.to_owned(),
    }
}

fn with(command: String, option: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{command} {option} {}", typed(value)),
        None => command,
    }
}

fn flag(command: String, is_on: bool, flag: &str) -> String {
    if is_on { format!("{command} {flag}") } else { command }
}

fn of_release(command: &str, child: Option<&str>, release: Option<&str>) -> String {
    with(with(command.to_owned(), "--child", child), "--release", release)
}

/// A value as a shell takes it for one word.
fn typed(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@' | '+' | ',');
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests;
