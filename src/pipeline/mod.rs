//! The verbs that join the stages: import, prepare, deliver, and the balance that proves that nothing was forgotten.

mod child_facts;
mod siblings;
mod owed_envelopes;
mod live_dispatches;
mod refusal;
mod authority;
mod release_policy;
mod trial;
mod wakeup;
mod balance;
mod lease;
mod installation;
mod access_record;
mod planning;
mod intake;
mod preparation;
mod delivery;
mod print;
mod operations;
mod records;
mod inbound;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    case::{EndpointKind, Program},
    clock::{Clock, day_in},
    dispatch::{Channel, DeliverySettings},
    document::typst::worker::Renderer,
    due::{Profile, Rulebook},
    store::Store,
    telemetry::Measures,
};

pub use crate::shutdown::Stop;
pub use access_record::checkpoint::{Against, Verified};
pub use access_record::entry_lists::Entries;
pub use access_record::report::{MayNotInspect, Wanted};
pub use access_record::requests_and_incidents::{IncidentKind, NewIncident, NewRequest, RequestKind};
pub use access_record::retention::{NotDestroyed, TermLine};
pub use access_record::{AccessRecord, GoneBefore, GoneLine, Retention};
pub use authority::Sight;
pub use balance::{Balance, OwedLine};
pub use delivery::Delivery;
pub use delivery::workers::Delivered;
pub use inbound::inbox::Inbox;
pub use inbound::look::Received;
pub use inbound::receive::Receiver;
pub use installation::{HeldInstallation, Standing};
pub use intake::external_documents::take_in::{FileIn, NotTakenIn, TakenIn};
pub use intake::import::{ImportReport, RefusedRecord};
pub use intake::on_its_way::HeldNow;
pub use intake::record_facts::StoppedLine;
pub use intake::{DutyDecisions, ExceptionAsked, Exceptions, ExternalDocuments, Intake, Revocation};
pub use lease::AllOut;
pub use operations::backup::{
    ArchiveError, BackedUp, Manifest, Restored, SettledCopy, age_in_days, check_archive, unpack,
};
pub use operations::dispatch_life::DispatchLife;
pub use operations::dispatch_operations::{Given, Regenerated, Reopened, Resent};
pub use operations::dry_run::WouldGo;
pub use operations::nightly_check::{Finding, LastProof, Level};
pub use operations::overview::Overview;
pub use operations::run_plan::LeftOut;
pub use operations::run_report::{DispatchLine, DocumentLine, PULL, RunReport, WaitingLine};
pub use operations::send::{SendLine, SendPlan};
pub use operations::stops::Pauses;
pub use operations::worklist::WorkLine;
pub use operations::{Backups, DispatchOperations, Operations, Stops};
pub use planning::Planning;
pub use planning::approval::{PlanLines, waits_for_approval};
pub use planning::monitor::{Exclusion, Indicator, MonitorRow, Monitored, Sample, Tally};
pub use planning::obligations::{BoardLine, Explained, ExplainedNotDue, Explanation, Shown};
pub use planning::send_plan::{MOST_CALENDAR_DAYS_AHEAD, PlanReport, PlanScope};
pub use planning::staff_week::{SUPERVISOR, SheetChild, WeekCall, WeekDuty, WeekSheet, WeekVisit};
pub use preparation::handover::HandoverPaper;
pub use preparation::prepare::{PlanVerdict, Prepared};
pub use preparation::preview::{Preview, PreviewRefused};
pub use preparation::template_check::{Checked, check_templates};
pub use preparation::templates::{TemplateNews, TemplateWatch, TemplatesInUse, own_templates, try_templates};
pub use preparation::{Preparation, Previews};
pub use print::PrintRoom;
pub use print::batches::{NotPrinted, stack_of, write_count_sheet};
pub use print::mailed::{Mailed, Mailing};
pub use records::Records;
pub use records::child_page::{ChildPage, PersonLine};
pub use records::find::FoundChild;
pub use refusal::{Refusal, RefusalKind};
pub use release_policy::ReleasePolicy;
pub use trial::{CheckLine, Trial, TrialStanding, Vouched};
pub use wakeup::{Coming, Queueing};

/// Something that hears how far the work has come.
pub trait Progress: Send + Sync {
    /// A stage begins, with so many steps.
    fn stage(&self, name: &'static str, steps: u64);
    /// One step is done.
    fn step(&self);
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &'static str, _: u64) {}
    fn step(&self) {}
}

/// The channels that are set up, by the kind of endpoint that they reach.
pub type Channels = BTreeMap<EndpointKind, Arc<dyn Channel>>;

/// One installation at work.
pub struct Pipeline {
    pub store: Store,
    /// The rendering processes.
    pub renderer: Renderer,
    /// The templates and their languages.
    pub templates: TemplatesInUse,
    pub channels: Channels,
    pub clock: Arc<dyn Clock>,
    pub program: Program,
    /// Its state's rules.
    pub profile: Profile,
    /// The day that duties, papers and the gate see, where it is not today.
    pub as_of: Option<NaiveDate>,
    /// Which papers wait until a person has released them.
    pub release: ReleasePolicy,
    /// Leases, retries, waits.
    pub delivery: DeliverySettings,
    pub trial: Trial,
    /// This process's name in leases and attempts.
    pub worker: String,
    /// Where the mark of the record of access stands.
    pub mark: PathBuf,
    /// Hash of the program's settings: papers are made anew when they change.
    pub program_hash: String,
    /// The attempts that it has out.
    pub out: AllOut,
    /// What it has done since it started.
    pub measures: Measures,
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline").field("worker", &self.worker).finish_non_exhaustive()
    }
}

impl Pipeline {
    /// The present instant, by the system's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Closes the database: nothing is done after it.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Whether everybody in the caseload is made up.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.program.synthetic
    }

    /// The day that counts, in the program's zone.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.as_of.unwrap_or_else(|| self.clock_day())
    }

    /// Today by the clock, in the program's zone, whatever day a synthetic program is looked at: what is counted by the
    /// day and what people do on a day.
    #[must_use]
    pub fn clock_day(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The day of an instant, in the program's zone.
    #[must_use]
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        day_in(self.program.time_zone.0, at)
    }

    /// The rules that apply.
    #[must_use]
    pub fn rules(&self) -> Rulebook<'_> {
        Rulebook { program: &self.program, profile: &self.profile }
    }

    /// The channel named `name`.
    #[must_use]
    pub fn channel_named(&self, name: &str) -> Option<&Arc<dyn Channel>> {
        self.channels.values().find(|channel| channel.name() == name)
    }
}
