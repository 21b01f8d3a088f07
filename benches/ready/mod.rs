//! A paper of each child of a planned caseload that is made already and waits to be sent: one stored body a child, sealed
//! with the child's own key, and the envelope that the gate lets go.

use std::{path::Path, process::Command, sync::Arc};

use earlypost::{
    app::{Overrides, assemble},
    case::{ChildId, Recipient},
    clock::{Clock, SystemClock},
    config::load,
    disclosure::{Facts, Point, Question, Verdict, decide},
    dispatch::{DispatchState, RenderedItem, RenderedPacket},
    due::PaperKind,
    pipeline::Pipeline,
    store::{NewDispatch, PlannedLine, PlannedVerdict},
};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

/// Lines of the plan that are read at once.
const PAGE: i64 = 2000;

/// So many children are filled in side by side.
const AT_ONCE: usize = 8;

/// Fills the outbox of the installation with these settings, whose first plan is made. Gives how many envelopes wait.
pub fn fill(settings: &Path, store: Option<&str>) -> usize {
    let environment = |name: &str| store.filter(|_| name == "EARLYPOST_STORE").map(str::to_owned);
    let config = load(settings, None, &environment, SystemClock.now()).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let program = Some(env!("CARGO_BIN_EXE_earlypost").into());
        let overrides = Overrides { render_program: program, ..Overrides::default() };
        let pipeline = assemble(&config, &overrides).await.unwrap().pipeline;
        let plan = pipeline.store.send_plans().plan(1).await.unwrap();
        let (mut last, mut child, mut paper): (_, Option<ChildId>, Option<Arc<Vec<u8>>>) = (None, None, None);
        let (mut running, mut filled) = (JoinSet::new(), 0);
        loop {
            let page = pipeline.store.send_plans().plan_lines(&plan, last.as_ref(), PAGE).await.unwrap();
            let Some(end) = page.last() else { break };
            last = Some(end.clone());
            for line in page.into_iter().map(|row| row.planned).filter(is_one_paper_to_a_parent) {
                if child.as_ref() == Some(&line.envelope.child_id) {
                    continue;
                }
                child = Some(line.envelope.child_id.clone());
                let pdf = Arc::clone(paper.get_or_insert_with(|| Arc::new(made(settings, store, &line))));
                if running.len() == AT_ONCE {
                    running.join_next().await.unwrap().unwrap();
                }
                let pipeline = Arc::clone(&pipeline);
                running.spawn(async move { put(&pipeline, &line, &pdf).await });
                filled += 1;
            }
        }
        while let Some(done) = running.join_next().await {
            done.unwrap();
        }
        pipeline.store.close().await;
        filled
    })
}

fn is_one_paper_to_a_parent(line: &PlannedLine) -> bool {
    let to_parent = matches!(line.envelope.recipient, Recipient::FamilyMember { .. });
    to_parent && line.envelope.papers.len() == 1 && matches!(line.verdict, PlannedVerdict::Goes { .. })
}

/// The paper of a line, as the program makes it.
fn made(settings: &Path, store: Option<&str>, line: &PlannedLine) -> Vec<u8> {
    let (envelope, out) = (&line.envelope, settings.with_file_name("paper.pdf"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_earlypost"));
    command.envs(store.map(|url| ("EARLYPOST_STORE", url)));
    command.arg("--quiet").arg("--config").arg(settings).args(["preview", envelope.papers[0].as_str()]);
    command.args(["--child", envelope.child_id.as_str(), "--as", &envelope.recipient.to_string(), "--out"]).arg(&out);
    assert!(command.status().unwrap().success(), "no paper was made");
    std::fs::read(out).unwrap()
}

async fn put(pipeline: &Pipeline, line: &PlannedLine, pdf: &[u8]) {
    let envelope = &line.envelope;
    let known = pipeline.store.children().known(&envelope.child_id).await.unwrap();
    let channels = pipeline.channels.keys().copied().collect();
    let templates = pipeline.templates.now();
    let facts = Facts {
        record: &known.record,
        recorded: &known.recorded,
        directory: &known.directory,
        holds: &known.holds,
        rules: pipeline.rules(),
        languages: templates.languages(),
        channels: &channels,
        day: pipeline.day(),
        now: pipeline.now(),
    };
    let question = Question {
        recipient: &envelope.recipient,
        duty: (envelope.obligation, &envelope.anchor),
        subject: &envelope.subject,
        papers: &envelope.papers,
        enclosed: &[],
        shares: &[],
        by_hand: false,
    };
    let Verdict::Authorized(authorization) = decide(&question, &facts, Point::BeforeRender) else {
        panic!("what goes by the plan goes")
    };
    let item = RenderedItem {
        document: PaperKind::Made(envelope.papers[0]),
        sha256: hex::encode(Sha256::digest(pdf)),
        body: pipeline.store.bodies().put_body(&envelope.child_id, pdf).await.unwrap(),
        pages: 1,
        bytes: pdf.len() as u64,
        language: None,
        waits_for: None,
        text: None,
    };
    let packet = RenderedPacket {
        items: vec![item],
        mask: authorization.mask().clone(),
        endpoint_id: authorization.endpoint_id().clone(),
        template_version: templates.version().to_owned(),
        made_from: line.facts_hash.clone(),
        other_children: Vec::new(),
        protected: Vec::new(),
        calendar: None,
        trial: false,
    };
    let new = NewDispatch {
        envelope,
        state: DispatchState::Queued,
        packet: Some(&packet),
        channel: pipeline.channels.get(&authorization.address().kind()).map(|channel| channel.name()),
        due_on: line.due_on,
        run_id: "",
        not_before: None,
    };
    pipeline.store.outbox().enqueue(&new, pipeline.now()).await.unwrap().expect("a paper of its own");
}
