//! A printer or CUPS queue by IPP: one job a letter, never two families' letters in one; what the printer cannot do is
//! read from it first, and the job is watched until it is on paper.

mod settings;

use std::{
    io::{self, Cursor},
    sync::Arc,
    time::{Duration, Instant},
};

use ipp::{model::StatusCode, operation::IppOperation, prelude::*};

use super::print;
use crate::dispatch::{
    channel::{Answer, Channel, Trace},
    email::smtp::ConfigurationError,
    outcome::{Evidence, Outcome},
    parcel::Parcel,
};

pub use settings::IppSettings;

/// The user name on a job: no person's.
const USER: &str = "earlypost";
/// The number of a staple among finishings (RFC 8011, 5.2.6).
const STAPLE: i32 = 4;
/// Between two looks at a job.
const LOOK: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub struct IppChannel {
    printer: Arc<Printer>,
}

#[derive(Debug)]
struct Printer {
    settings: IppSettings,
    uri: Uri,
}

impl IppChannel {
    /// A channel to a printer. Connects to nothing.
    ///
    /// # Errors
    /// When the settings are wrong.
    pub fn open(settings: IppSettings) -> Result<Self, ConfigurationError> {
        let problems = settings.check();
        if !problems.is_empty() {
            return Err(ConfigurationError { problems });
        }
        let uri = settings.uri.parse().map_err(|_| "uri: is no address".to_owned())?;
        Ok(Self { printer: Arc::new(Printer { settings, uri }) })
    }

    async fn deliver_now(&self, parcel: &Parcel) -> Outcome {
        let papers = parcel.papers().iter().map(|paper| Arc::clone(&paper.pdf)).collect();
        self.job(parcel.dispatch_id().to_owned(), papers, Some(parcel)).await
    }

    /// One job under the name of its dispatch, watched until it is on paper. A printer may think for a while about what it
    /// can do; a parcel is asked for its permission after that.
    async fn job(&self, id: String, papers: Vec<Arc<[u8]>>, of: Option<&Parcel>) -> Outcome {
        let started = Instant::now();
        let printer = Arc::clone(&self.printer);
        let asked = tokio::task::spawn_blocking(move || printer.able(&printer.client())).await;
        if let (Ok(Ok(_)), Some(parcel)) = (&asked, of)
            && let Err(stopped) = parcel.may_begin().await
        {
            return stopped;
        }
        let printer = Arc::clone(&self.printer);
        let ended = match asked {
            Ok(Ok(able)) => tokio::task::spawn_blocking(move || printer.print(&id, &papers, able)).await,
            Ok(Err(trouble)) => Ok(Err(trouble)),
            // It broke off before anything was handed over.
            Err(_) => Ok(Err(Trouble::NotNow("asking the printer was broken off".to_owned()))),
        };
        let (word, reply): (fn(Evidence) -> Outcome, String) = match ended {
            Ok(Ok(reply)) => (Outcome::Printed, reply),
            Ok(Err(Trouble::Wrong(says))) => (Outcome::Misconfigured, says),
            Ok(Err(Trouble::NotNow(says))) => (Outcome::Transient, says),
            Ok(Err(Trouble::NobodyKnows(says))) => (Outcome::Unknown, says),
            Err(_) => (Outcome::Unknown, "printing was broken off; look at the printer".to_owned()),
        };
        word(
            Evidence { peer: self.printer.uri.authority().map(ToString::to_string), ..Evidence::of(reply) }
                .took(started.elapsed()),
        )
    }
}

/// `print batch` and `print letter` send to it too: the stack as it lies in the print folder, a job a letter.
impl print::Printer for IppChannel {
    fn print<'a>(&'a self, job: &'a str, pdf: Arc<[u8]>) -> Answer<'a, Outcome> {
        Box::pin(self.job(job.to_owned(), vec![pdf], None))
    }
}

/// Why a letter is not on paper.
#[derive(Debug)]
enum Trouble {
    Wrong(String),
    NotNow(String),
    NobodyKnows(String),
}

impl Printer {
    fn client(&self) -> IppClient {
        IppClient::builder(self.uri.clone()).request_timeout(Duration::from_secs(self.settings.step_seconds)).build()
    }

    /// Prints one letter and watches it.
    fn print(&self, id: &str, papers: &[Arc<[u8]>], able: Able) -> Result<String, Trouble> {
        let client = self.client();
        let job = self.hand_over(&client, id, papers, &able)?;
        let mut says = self.watch(&client, job)?;
        for lacking in able.lacking {
            says.push_str(&format!("; the printer cannot do {lacking}"));
        }
        Ok(says)
    }

    fn able(&self, client: &IppClient) -> Result<Able, Trouble> {
        let asked = [
            "sides-supported",
            "media-supported",
            "finishings-supported",
            "document-format-supported",
            "printer-is-accepting-jobs",
            "printer-state",
            "printer-state-reasons",
        ];
        let request = IppOperationBuilder::get_printer_attributes(self.uri.clone()).attributes(asked).build();
        let request = request.map_err(|_| Trouble::Wrong("the printer's address cannot be used".to_owned()))?;
        let answer = client.send(request).map_err(|e| before(&e))?;
        refused(answer.header().status_code())?;
        let values = |name: &str| values(&answer, DelimiterTag::PrinterAttributes, name);
        let formats = values("document-format-supported");
        if !formats.is_empty() && !formats.iter().any(|f| f == "application/pdf") {
            return Err(Trouble::Wrong("the printer takes no PDF; use a queue of CUPS before it".to_owned()));
        }
        let accepting = values("printer-is-accepting-jobs").first().is_none_or(|v| v == "true");
        let reasons = values("printer-state-reasons").join(", ");
        if !accepting || values("printer-state").first().is_some_and(|state| state == "5") {
            return Err(Trouble::NotNow(format!("the printer takes no jobs now ({reasons}); look at it")));
        }
        let mut able = Able::default();
        for (name, wanted) in [("sides", &self.settings.sides), ("media", &self.settings.media)] {
            let supported = values(&format!("{name}-supported"));
            if supported.is_empty() || supported.contains(wanted) {
                able.attributes.push((name, wanted.clone()));
            } else {
                able.lacking.push(wanted.clone());
            }
        }
        if self.settings.staple {
            able.staples = values("finishings-supported").iter().any(|f| f == &STAPLE.to_string());
            if !able.staples {
                able.lacking.push("staples".to_owned());
            }
        }
        Ok(able)
    }

    /// From here on pages may come out, and silence no longer means that nothing was printed.
    fn hand_over(&self, client: &IppClient, id: &str, papers: &[Arc<[u8]>], able: &Able) -> Result<i32, Trouble> {
        let broken = |_| Trouble::Wrong("sides or media are no words of IPP".to_owned());
        let mut attributes = able
            .attributes
            .iter()
            .map(|(name, value)| {
                let word = value.as_str().try_into().map_err(broken)?;
                IppAttribute::with_name(name, IppValue::Keyword(word)).map_err(broken)
            })
            .collect::<Result<Vec<_>, _>>()?;
        if able.staples {
            let staple = IppAttribute::with_name("finishings", IppValue::Enum(STAPLE)).map_err(broken)?;
            attributes.push(staple);
        }
        let payload = |pdf: &Arc<[u8]>| IppPayload::new(Cursor::new(pdf.to_vec()));
        let built = |_| Trouble::Wrong("the printer's address cannot be used".to_owned());
        let answer = if let [one] = papers {
            client.send(
                IppOperationBuilder::print_job(self.uri.clone(), payload(one))
                    .user_name(USER)
                    .job_title(id)
                    .document_format("application/pdf")
                    .attributes(attributes)
                    .build()
                    .map_err(built)?,
            )
        } else {
            let job = IppOperationBuilder::create_job(self.uri.clone()).job_name(id).attributes(attributes);
            let mut request = job.build().map_err(built)?.into_ipp_request();
            // Only to its owner does a printer tell a job's name later; the builder names none.
            let user = USER.try_into().map_err(broken)?;
            let owner = IppAttribute::with_name("requesting-user-name", IppValue::NameWithoutLanguage(user));
            request.attributes_mut().add(DelimiterTag::OperationAttributes, owner.map_err(broken)?);
            client.send(request)
        };
        let answer = answer.map_err(|e| after(&e))?;
        refused(answer.header().status_code())?;
        let job = number(&answer, "job-id").ok_or_else(|| {
            Trouble::NobodyKnows("the printer took the letter and named no job; look at it".to_owned())
        })?;
        if papers.len() > 1 {
            for (place, paper) in papers.iter().enumerate() {
                let sending = IppOperationBuilder::send_document(self.uri.clone(), job, payload(paper))
                    .user_name(USER)
                    .document_format("application/pdf")
                    .last(place + 1 == papers.len())
                    .build()
                    .map_err(built)?;
                let sent = client.send(sending).map_err(|e| after(&e)).and_then(|a| refused(a.header().status_code()));
                if let Err(trouble) = sent {
                    // A letter without its last page must not come out.
                    return Err(if self.cancel(client, job) { undone(trouble) } else { trouble });
                }
            }
        }
        Ok(job)
    }

    fn watch(&self, client: &IppClient, job: i32) -> Result<String, Trouble> {
        let until = Instant::now() + Duration::from_secs(self.settings.wait_seconds);
        loop {
            let request = IppOperationBuilder::get_job_attributes(self.uri.clone(), job).user_name(USER).build();
            let request = request.map_err(|_| Trouble::NobodyKnows(format!("job {job} cannot be asked for")))?;
            let answer = client.send(request);
            let is_forgotten =
                answer.as_ref().is_ok_and(|a| a.header().status_code() == StatusCode::ClientErrorNotFound);
            let state = answer.as_ref().ok().and_then(|a| number(a, "job-state"));
            let reasons = answer
                .as_ref()
                .map(|a| values(a, DelimiterTag::JobAttributes, "job-state-reasons").join(", "))
                .unwrap_or_default();
            match state {
                Some(9) => return Ok(format!("job {job} is completed")),
                Some(7 | 8) => {
                    return Err(Trouble::NotNow(format!("job {job} was given up by the printer ({reasons})")));
                }
                _ if Instant::now() < until && !is_forgotten => std::thread::sleep(LOOK),
                Some(_) if self.cancel(client, job) => {
                    return Err(Trouble::NotNow(format!(
                        "job {job} was not on paper after {} seconds and was cancelled ({reasons}); look at the printer: paper, cover, toner",
                        self.settings.wait_seconds
                    )));
                }
                // The printer may have forgotten a job that its list of completed ones still shows.
                _ => {
                    return match self.ended(client, |found| found.number == job) {
                        Some(Ended { is_on_paper: true, .. }) => Ok(format!("job {job} is completed")),
                        Some(_) => Err(Trouble::NotNow(format!("job {job} was given up by the printer"))),
                        None => Err(Trouble::NobodyKnows(format!(
                            "job {job} was handed over and nobody says whether it is on paper; look at the printer"
                        ))),
                    };
                }
            }
        }
    }

    /// The newest job of the printer's list of completed ones that is the one looked for.
    fn ended(&self, client: &IppClient, is_it: impl Fn(&Ended) -> bool) -> Option<Ended> {
        let mut request =
            IppOperationBuilder::get_jobs(self.uri.clone()).user_name(USER).build().ok()?.into_ipp_request();
        let keyword = |word: &str| word.try_into().ok().map(IppValue::Keyword);
        let wanted = ["job-id", "job-name", "job-state"].into_iter().map(keyword).collect::<Option<Vec<_>>>()?;
        for (name, value) in [("which-jobs", keyword("completed")?), ("requested-attributes", IppValue::Array(wanted))]
        {
            let attribute = IppAttribute::with_name(name, value).ok()?;
            request.attributes_mut().add(DelimiterTag::OperationAttributes, attribute);
        }
        let answer = client.send(request).ok().filter(|answer| answer.header().status_code().is_success())?;
        let jobs = answer.attributes().groups_of(DelimiterTag::JobAttributes).filter_map(Ended::read);
        jobs.filter(is_it).max_by_key(|job| job.number)
    }

    /// What is known of a letter after a crash: a printer's list may still name its job.
    fn trace(&self, dispatch_id: &str) -> Trace {
        match self.ended(&self.client(), |job| job.name == dispatch_id) {
            Some(Ended { number, is_on_paper: true, .. }) => {
                Trace::Found(Evidence::of(format!("job {number} is completed")))
            }
            Some(_) => Trace::Absent,
            None => Trace::CannotTell,
        }
    }

    fn cancel(&self, client: &IppClient, job: i32) -> bool {
        let request = IppOperationBuilder::cancel_job(self.uri.clone(), job).user_name(USER).build();
        let answer = request.ok().and_then(|request| client.send(request).ok());
        answer.is_some_and(|answer| answer.header().status_code().is_success())
    }
}

/// What the printer can do of what is wanted.
#[derive(Debug, Default)]
struct Able {
    staples: bool,
    attributes: Vec<(&'static str, String)>,
    lacking: Vec<String>,
}

/// A job of the list of completed ones.
struct Ended {
    number: i32,
    name: String,
    is_on_paper: bool,
}

impl Ended {
    fn read(job: &IppAttributeGroup) -> Option<Self> {
        let value = |name: &str| {
            let found = job.attributes().iter().find(|attribute| attribute.name().to_string() == name);
            found.map(|attribute| attribute.value().to_string())
        };
        let state = value("job-state")?;
        Some(Self {
            number: value("job-id")?.parse().ok()?,
            name: value("job-name").unwrap_or_default(),
            is_on_paper: state == "9",
        })
    }
}

fn values(answer: &IppRequestResponse, group: DelimiterTag, name: &str) -> Vec<String> {
    answer
        .attributes()
        .groups_of(group)
        .flat_map(|group| group.attributes().iter())
        .filter(|attribute| attribute.name().to_string() == name)
        .flat_map(|attribute| attribute.value().into_iter().map(ToString::to_string).collect::<Vec<_>>())
        .collect()
}

fn number(answer: &IppRequestResponse, name: &str) -> Option<i32> {
    values(answer, DelimiterTag::JobAttributes, name).first()?.parse().ok()
}

fn refused(status: StatusCode) -> Result<(), Trouble> {
    if status.is_success() {
        return Ok(());
    }
    Err(match status {
        StatusCode::ServerErrorBusy
        | StatusCode::ServerErrorServiceUnavailable
        | StatusCode::ServerErrorTemporaryError
        | StatusCode::ServerErrorNotAcceptingJobs
        | StatusCode::ServerErrorDeviceError => Trouble::NotNow(format!("the printer refused for now ({status})")),
        _ => Trouble::Wrong(format!("the printer refused ({status}); look at `uri`, `sides` and `media`")),
    })
}

/// Nothing was handed over yet.
fn before(error: &IppError) -> Trouble {
    match error {
        IppError::RequestError(code) => Trouble::Wrong(format!("the printer's server refused (HTTP {code})")),
        _ => Trouble::NotNow("the printer cannot be reached".to_owned()),
    }
}

fn after(error: &IppError) -> Trouble {
    match error {
        IppError::RequestError(code) => Trouble::Wrong(format!("the printer's server refused (HTTP {code})")),
        IppError::IoError(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Trouble::NotNow("the printer cannot be reached".to_owned())
        }
        _ => Trouble::NobodyKnows(
            "the connection to the printer was lost while it took the letter; look at it".to_owned(),
        ),
    }
}

/// The job was cancelled: nothing comes out.
fn undone(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::NobodyKnows(_) => {
            Trouble::NotNow("the connection was lost half-way; the job was cancelled".to_owned())
        }
        other => other,
    }
}

impl Channel for IppChannel {
    fn name(&self) -> &'static str {
        "ipp"
    }

    fn takes_messages(&self) -> bool {
        false
    }

    fn leaves_this_machine(&self) -> bool {
        false
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        Box::pin(self.deliver_now(parcel))
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        let printer = Arc::clone(&self.printer);
        Box::pin(async move {
            let looking = tokio::task::spawn_blocking(move || printer.able(&printer.client()));
            match looking.await {
                Ok(Ok(able)) if able.lacking.is_empty() => Ok("takes jobs".to_owned()),
                Ok(Ok(able)) => Ok(format!("takes jobs; it cannot do {}", able.lacking.join(", "))),
                Ok(Err(Trouble::Wrong(says) | Trouble::NotNow(says) | Trouble::NobodyKnows(says))) => Err(says),
                Err(_) => Err("looking at the printer was broken off".to_owned()),
            }
        })
    }

    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace> {
        let (printer, id) = (Arc::clone(&self.printer), dispatch_id.to_owned());
        Box::pin(
            async move { tokio::task::spawn_blocking(move || printer.trace(&id)).await.unwrap_or(Trace::CannotTell) },
        )
    }
}
