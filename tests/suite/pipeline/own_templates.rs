//! Two installations in one process: each decides and renders by its own templates and languages.

use std::{fs, sync::Arc};

use earlypost::{
    case::Line,
    disclosure::Reason,
    dispatch::StateName,
    document::{OwnFile, TemplateSet, built_in_templates},
    due::DocumentKind,
    pipeline::{Preview, TemplateNews, TemplateWatch},
    store::DispatchRow,
};

use crate::{
    gate::Case,
    harness::{MAYA, World, by, child},
    papers::{plain, poppler},
};

const CHILD: &str = "c-0405";
const MOTHER: &str = "family:0405-mother";

/// Ours, with one language more, which a person has read: Portuguese, as far as its foot is concerned.
fn with_portuguese() -> Arc<TemplateSet> {
    let files = built_in_templates();
    let (_, spanish) = files.into_iter().find(|(path, _)| *path == "lang/es.toml").unwrap();
    let portuguese = std::str::from_utf8(spanish)
        .unwrap()
        .replace("code = \"es\"", "code = \"pt\"")
        .replace("status = \"machine\"", "status = \"human\"")
        .replace("¿Preguntas?", "Perguntas?");
    Arc::new(TemplateSet::of(vec![OwnFile { path: "lang/pt.toml".to_owned(), bytes: portuguese.into_bytes() }]))
}

/// The notice before a change to the mother.
fn notice(world: &World) -> DispatchRow {
    let is_it = |row: &DispatchRow| {
        let papers: Vec<_> = row.envelope.contents().map(|(kind, _)| kind).collect();
        row.envelope.recipient.to_string() == MOTHER && papers.contains(&DocumentKind::PriorWrittenNotice)
    };
    world.rows(CHILD).into_iter().find(is_it).unwrap()
}

#[test]
fn each_of_two_installations_decides_and_renders_by_its_own_languages_at_the_same_time() {
    let (theirs, ours) = (World::with(&[CHILD]), World::with(&[CHILD]));
    theirs.pipeline.templates.replace(with_portuguese());
    for world in [&theirs, &ours] {
        world.edit(CHILD, |record| {
            for member in &mut record.family {
                member.preferred_language = Line::parse("pt").unwrap();
            }
        });
    }
    std::thread::scope(|both| {
        both.spawn(|| theirs.run());
        both.spawn(|| ours.run());
    });

    let (goes, waits) = (notice(&theirs), notice(&ours));
    assert_eq!((waits.state, waits.reason), (StateName::Held, Some(Reason::NotInTheirLanguage)));
    assert_eq!((goes.state, goes.reason), (StateName::Accepted, None));
    let packet = goes.packet.unwrap();
    assert_eq!(packet.template_version, theirs.pipeline.templates.now().version());
    for item in &packet.items {
        assert_eq!(item.language.as_deref(), Some("pt"));
        let pdf = theirs.runtime.block_on(theirs.pipeline.store.bodies().get_body(&child(CHILD), &item.body)).unwrap();
        let text = plain(&poppler::text(&pdf));
        assert!(text.contains("Perguntas?") && !text.contains("Questions?"), "{text}");
    }
    let version = TemplateSet::built_in().version().to_owned();
    for packet in ours.rows(CHILD).into_iter().filter_map(|row| row.packet) {
        assert_eq!(packet.template_version, version);
        assert!(packet.items.iter().all(|item| item.language.is_none()), "a language that there is not");
    }
}

#[test]
fn the_gate_knows_the_languages_that_it_is_handed_and_no_others() {
    let mut ours = Case::new(CHILD, MOTHER, &[DocumentKind::PriorWrittenNotice]);
    for member in &mut ours.record.family {
        member.preferred_language = Line::parse("pt").unwrap();
    }
    let theirs = Case { templates: with_portuguese(), ..ours.clone() };
    for _ in 0..2 {
        assert_eq!((ours.answer(), theirs.answer()), ("not-in-their-language", "parent's own copy"));
    }
}

/// Maya's plan as her mother would get it.
fn plan(world: &World) -> Preview {
    let (maya, mother) = (child(MAYA), "family:0417-mother".parse().unwrap());
    let previews = world.pipeline.previews();
    let preview = previews.preview(DocumentKind::Ifsp, &maya, &mother, by("a test"));
    world.runtime.block_on(preview).unwrap()
}

#[test]
fn templates_that_a_running_service_takes_reach_no_other_and_no_work_that_began_before() {
    let (changes, stays) = (World::with(&[MAYA]), World::with(&[MAYA]));
    changes.import();
    stays.import();
    let (began_with, before, others) = (changes.pipeline.templates.now(), plan(&changes), plan(&stays));
    let folder = changes.folder.path().join("templates");
    fs::create_dir_all(folder.join("lang")).unwrap();
    fs::write(folder.join("lang/en.toml"), "[page]\nfooter = \"Ring {name} on {telephone}\"\n").unwrap();
    let watch = TemplateWatch::over(folder);
    let look = || changes.runtime.block_on(watch.look(&changes.pipeline)).unwrap();
    assert_eq!(look(), TemplateNews::Same, "a folder is judged when two looks find it the same");
    assert!(matches!(look(), TemplateNews::Taken(_)));

    let (now, after, still) = (changes.pipeline.templates.now(), plan(&changes), plan(&stays));
    assert_eq!(stays.pipeline.templates.now().version(), began_with.version());
    assert!(still.rendered == others.rendered, "the other's plan is the same, to the byte");
    let rings = |paper: &Preview| plain(&paper.rendered.pages.join(" ")).contains("Ring ");
    assert!(rings(&after) && !rings(&before));
    let renderer = &changes.pipeline.renderer;
    for (set, made) in [(&began_with, &before), (&now, &after), (&began_with, &before)] {
        let again = changes.runtime.block_on(renderer.render(set, DocumentKind::Ifsp, made.view.clone())).unwrap();
        assert!(again == made.rendered, "a rendering process works with the set that it is handed");
    }
}
