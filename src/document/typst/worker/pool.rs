//! The asking side: a few processes, each with one paper at a time.

use std::{
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Semaphore,
};

use super::frame::{self, Answer, Request};
use crate::{
    document::{
        OwnFile, RenderError, Rendered, TemplateSet,
        external::{Examined, FiledFault, FiledLimits},
    },
    due::{DocumentKind, StateForm},
};

/// How papers are rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RenderSettings {
    /// Rendering processes; 0 is one a core.
    pub workers: usize,
    /// Seconds after which one paper is given up, 1 to 600.
    #[schemars(range(min = 1, max = 600))]
    pub seconds: u64,
    /// Megabytes of address space that a process may take, 256 to 65536.
    #[schemars(range(min = 256, max = 65536))]
    pub megabytes: u64,
}

impl Default for RenderSettings {
    fn default() -> Self {
        Self { workers: 0, seconds: 60, megabytes: 2048 }
    }
}

struct Worker {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    papers: usize,
    /// The templates that it was handed last; without any it has ours.
    set: Option<Arc<TemplateSet>>,
}

/// A process is replaced after this many papers, so that its processor limit bounds a loop and not its life.
const PAPERS_A_PROCESS: usize = 5_000;
const CPU_SECONDS_A_PROCESS: u64 = 3_600;

/// A pool of rendering processes. Processes start when they are needed and stop with the pool.
pub struct Renderer {
    program: PathBuf,
    settings: RenderSettings,
    limits: FiledLimits,
    idle: Mutex<Vec<Worker>>,
    places: Semaphore,
    size: usize,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Renderer {
    /// A pool that runs `program render-worker`.
    #[must_use]
    pub fn new(program: PathBuf, settings: RenderSettings) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let size = if settings.workers == 0 { cores } else { settings.workers };
        Self {
            program,
            settings,
            limits: FiledLimits::default(),
            idle: Mutex::new(Vec::new()),
            places: Semaphore::new(size),
            size,
        }
    }

    /// The same pool with other limits for files from elsewhere.
    #[must_use]
    pub fn with_limits(self, limits: FiledLimits) -> Self {
        Self { limits, ..self }
    }

    /// How large a file from elsewhere may be.
    #[must_use]
    pub fn limits(&self) -> &FiledLimits {
        &self.limits
    }

    /// Another pool of the same program and limits: to try templates without holding up what is made with others.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self::new(self.program.clone(), self.settings.clone()).with_limits(self.limits)
    }

    /// How many papers it renders at once.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Renders one view with these templates. A process that has others is handed them first.
    ///
    /// # Errors
    /// When the template refuses it, or the process had to be stopped; the pool goes on in either case.
    ///
    /// # Panics
    /// Never: the pool's semaphore is not closed while it lives.
    pub async fn render(
        &self,
        set: &Arc<TemplateSet>,
        kind: DocumentKind,
        view: Vec<u8>,
    ) -> Result<Rendered, RenderError> {
        let place = self.places.acquire().await.expect("the pool's semaphore is never closed");
        let stopped = |why: String| RenderError::Stopped { kind, why };
        let idle = self.idle.lock().expect("no holder of the idle list panics").pop();
        let failed = |error: std::io::Error| stopped(format!("its process did not start ({})", error.kind()));
        let mut worker = match idle {
            Some(worker) => worker,
            None => self.start().map_err(failed)?,
        };
        worker.teach(set).await.map_err(failed)?;
        let limit = Duration::from_secs(self.settings.seconds);
        // A worker that is dropped is killed: a timeout or a broken pipe never returns it to the pool.
        let answer = tokio::time::timeout(limit, worker.ask(&Request::Render { kind }, &view)).await;
        let (header, pdf) = match answer {
            Err(_) => return Err(stopped(format!("it ran longer than its limit of {} s", self.settings.seconds))),
            Ok(Err(_)) => {
                return Err(stopped(format!(
                    "its process ended, most likely at its limit of {} MB",
                    self.settings.megabytes
                )));
            }
            Ok(Ok(answer)) => answer,
        };
        worker.papers += 1;
        if worker.papers < PAPERS_A_PROCESS {
            self.idle.lock().expect("no holder of the idle list panics").push(worker);
        }
        // Whoever waits for the place asks for its paper before this one is looked through: no process stands idle.
        drop(place);
        tokio::task::yield_now().await;
        header.into_result(kind, pdf)
    }

    /// Looks at a file from elsewhere, in a process of the pool.
    ///
    /// # Errors
    /// When it is no paper that is taken in, or the process had to be stopped.
    ///
    /// # Panics
    /// Never: the pool's semaphore is not closed while it lives.
    pub async fn examine(&self, file: &[u8]) -> Result<Examined, FiledFault> {
        let (answer, copy) = self.ask_apart(&Request::Examine { limits: self.limits }, file).await?;
        answer.into_examined(copy)
    }

    /// The copy of a file from elsewhere with the mark of trial mode on every page.
    ///
    /// # Errors
    /// When it cannot be read, or the process had to be stopped.
    ///
    /// # Panics
    /// Never: the pool's semaphore is not closed while it lives.
    pub async fn mark(&self, copy: &[u8]) -> Result<Vec<u8>, FiledFault> {
        let (answer, copy) = self.ask_apart(&Request::Mark, copy).await?;
        answer.into_marked(copy)
    }

    /// Asks a process of its own: what a bad file does to it harms no other paper.
    async fn ask_apart(&self, request: &Request, file: &[u8]) -> Result<(Answer, Vec<u8>), FiledFault> {
        let _place = self.places.acquire().await.expect("the pool's semaphore is never closed");
        let stopped = |why: String| FiledFault::Stopped { why };
        let mut worker =
            self.start().map_err(|error| stopped(format!("its process did not start ({})", error.kind())))?;
        let limit = Duration::from_secs(self.settings.seconds);
        match tokio::time::timeout(limit, worker.ask(request, file)).await {
            Err(_) => Err(stopped(format!("it ran longer than its limit of {} s", self.settings.seconds))),
            Ok(Err(_)) => {
                Err(stopped(format!("its process ended, most likely at its limit of {} MB", self.settings.megabytes)))
            }
            Ok(Ok(answer)) => Ok(answer),
        }
    }

    /// The form that the state publishes in this language, where the program has one: its pages, and the copy that goes
    /// out. It is looked at once, like every file from elsewhere.
    ///
    /// # Errors
    /// When it is no paper that can go out.
    pub async fn state_form(
        &self,
        set: &TemplateSet,
        form: StateForm,
        language: &str,
    ) -> Result<Option<Arc<Examined>>, FiledFault> {
        let path = form.file(language);
        if let Some(known) = set.looked_at(&path) {
            return Ok(Some(known));
        }
        let Some(file) = set.own().iter().find(|file| file.path == path) else { return Ok(None) };
        let found = Arc::new(self.examine(&file.bytes).await?);
        set.keep_looked_at(path, Arc::clone(&found));
        Ok(Some(found))
    }

    fn start(&self) -> std::io::Result<Worker> {
        let mut process = Command::new(&self.program)
            .arg("render-worker")
            .args(["--megabytes", &self.settings.megabytes.to_string()])
            .args(["--cpu-seconds", &CPU_SECONDS_A_PROCESS.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            // The allocator would set a gigabyte of addresses aside, of those that a process may have.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .kill_on_drop(true)
            .spawn()?;
        let missing = || std::io::Error::other("a pipe is missing");
        let input = process.stdin.take().ok_or_else(missing)?;
        let output = process.stdout.take().ok_or_else(missing)?;
        let output = BufReader::new(output);
        Ok(Worker { process, input, output, papers: 0, set: None })
    }

    /// The processes' ids, for measurements.
    #[must_use]
    pub fn process_ids(&self) -> Vec<u32> {
        let idle = self.idle.lock().map(|idle| idle.iter().filter_map(|w| w.process.id()).collect());
        idle.unwrap_or_default()
    }
}

impl Worker {
    /// Hands over a program's own templates, where it has not got them.
    async fn teach(&mut self, set: &Arc<TemplateSet>) -> std::io::Result<()> {
        let has_it = match &self.set {
            Some(own) => Arc::ptr_eq(own, set),
            None => set.own().is_empty(),
        };
        if has_it {
            return Ok(());
        }
        let own = set.own();
        // A form of the state's goes along as it is: for a template it is enough that there is one.
        let needed = |file: &&OwnFile| !file.path.ends_with(".pdf");
        let length = |file: &OwnFile| if needed(&file) { file.bytes.len() } else { 0 };
        let files = own.iter().map(|file| (file.path.clone(), length(file))).collect();
        let bytes: Vec<u8> = own.iter().filter(needed).flat_map(|file| file.bytes.iter().copied()).collect();
        self.input.write_all(&frame::encode(&Request::Templates { files }, &bytes)).await?;
        self.input.flush().await?;
        self.set = Some(Arc::clone(set));
        Ok(())
    }

    async fn ask(&mut self, request: &Request, body: &[u8]) -> std::io::Result<(Answer, Vec<u8>)> {
        self.input.write_all(&frame::encode(request, body)).await?;
        self.input.flush().await?;
        let header = self.part().await?;
        let pdf = self.part().await?;
        let header = serde_json::from_slice(&header).map_err(|_| std::io::ErrorKind::InvalidData)?;
        Ok((header, pdf))
    }

    async fn part(&mut self) -> std::io::Result<Vec<u8>> {
        let length = self.output.read_u32().await?;
        let mut bytes = vec![0; length as usize];
        self.output.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
}
