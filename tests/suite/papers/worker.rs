//! Rendering in a process of its own gives the same bytes, and a paper that goes wrong harms no other.

use std::path::PathBuf;

use earlypost::{
    document::{
        RenderError,
        typst::worker::{RenderSettings, Renderer},
    },
    due::DocumentKind,
};
use serde_json::Value;

use super::{made, paper};
use crate::due::samples::samples;

fn renderer(seconds: u64, megabytes: u64) -> Renderer {
    Renderer::new(PathBuf::from(env!("CARGO_BIN_EXE_earlypost")), RenderSettings { workers: 1, seconds, megabytes })
}

#[tokio::test]
async fn a_worker_renders_to_the_same_bytes() {
    let renderer = renderer(60, 2048);
    for kind in [DocumentKind::MonthlyReminder, DocumentKind::PhysicianLetter, DocumentKind::ServiceAuthorization] {
        let here = made("c-0417").iter().find(|p| p.kind == kind).unwrap();
        let there = renderer.render(&samples().templates, kind, here.view.clone()).await.unwrap();
        assert!(there == here.rendered, "{}", here.name());
    }
    assert_eq!(renderer.process_ids().len(), 1, "one process made all three");
}

#[tokio::test]
async fn a_view_that_the_template_refuses_names_file_and_line_and_the_worker_goes_on() {
    let renderer = renderer(60, 2048);
    let good = paper("c-0402", DocumentKind::StopNotice, "office:harbor-kids");
    renderer.render(&samples().templates, good.kind, good.view.clone()).await.unwrap();
    let process = renderer.process_ids();

    for bad in [&b"{}"[..], b"no JSON at all", b""] {
        match renderer.render(&samples().templates, DocumentKind::StopNotice, bad.to_vec()).await {
            Err(RenderError::Template { place, .. }) => {
                let (file, line) = place.rsplit_once(':').expect("file and line");
                assert!(file.ends_with(".typ"), "{place}");
                assert!(line.parse::<usize>().unwrap() > 0, "{place}");
            }
            other => panic!("{other:?}"),
        }
    }
    let again = renderer.render(&samples().templates, good.kind, good.view.clone()).await.unwrap();
    assert!(again == good.rendered);
    assert_eq!(renderer.process_ids(), process, "the same process went on");
}

/// A plan that is right in every field and far too long.
fn enormous() -> Vec<u8> {
    let mut view: Value =
        serde_json::from_slice(&paper("c-0417", DocumentKind::Ifsp, "office:bayside-therapy").view).unwrap();
    let services = view["services"].as_array_mut().unwrap();
    let line = services[0].clone();
    services.resize(10_000, line);
    serde_json::to_vec(&view).unwrap()
}

#[tokio::test]
async fn a_paper_that_takes_too_long_is_stopped_and_the_next_one_is_made() {
    let renderer = renderer(2, 8192);
    let refused = renderer.render(&samples().templates, DocumentKind::Ifsp, enormous()).await.unwrap_err();

    assert!(
        refused.to_string().starts_with("template ifsp was stopped: it ran longer than its limit of 2 s"),
        "{refused}"
    );
    assert!(renderer.process_ids().is_empty(), "its process is gone");
    let good = paper("c-0402", DocumentKind::StopNotice, "office:harbor-kids");
    assert!(renderer.render(&samples().templates, good.kind, good.view.clone()).await.unwrap() == good.rendered);
}
