//! The translated copy follows by itself, and both copies are in the record of access.

use std::sync::Arc;

use earlypost::{
    case::{Passage, Translated, Translation},
    dispatch::StateName,
    store::DispatchRow,
};

use crate::harness::{MAYA, World};

const MOTHER: &str = "family:0417-mother";

fn reads_spanish(world: &World) {
    world.edit(MAYA, |record| record.family[0].preferred_language = "es".parse().unwrap());
}

/// A program that asks for this much of a translation.
fn asks_for(world: &mut World, least: Translation) {
    let pipeline = Arc::get_mut(&mut world.pipeline).expect("nobody else holds the pipeline");
    pipeline.program.policy.translation_at_least = least;
}

/// The mother's envelopes that hold the plan, oldest first.
fn plans(world: &World) -> Vec<DispatchRow> {
    let mut rows = world.rows(MAYA);
    rows.retain(|row| row.envelope.recipient.to_string() == MOTHER && !row.envelope.by_hand());
    rows.retain(|row| row.envelope.contents().any(|(kind, _)| kind == earlypost::due::DocumentKind::Ifsp));
    rows
}

/// The language of the plan in an envelope, and the language that its reader waits for.
fn languages(row: &DispatchRow) -> (Option<&str>, Option<&str>) {
    let items = &row.packet.as_ref().unwrap().items;
    let plan = items.iter().find(|i| i.document == earlypost::due::DocumentKind::Ifsp).unwrap();
    (plan.language.as_deref(), plan.waits_for.as_deref())
}

#[test]
fn who_got_english_with_a_cover_gets_the_translated_copy_as_a_newer_edition_by_itself() {
    let mut world = World::with(&[MAYA]);
    asks_for(&mut world, Translation::Human);
    reads_spanish(&world);
    world.run();
    let sent = plans(&world);
    assert_eq!((sent.len(), sent[0].state), (1, StateName::Accepted), "English goes at once");
    assert_eq!(languages(&sent[0]), (None, Some("es")));
    world.run();
    assert_eq!(plans(&world).len(), 1, "nothing follows while there is nothing better");

    // A person has read the translation: for this test, the program is content with what there is.
    asks_for(&mut world, Translation::Machine);
    world.run();
    let sent = plans(&world);
    assert_eq!(sent.len(), 2);
    assert_eq!((sent[0].state, sent[1].state), (StateName::Accepted, StateName::Accepted));
    assert_eq!((sent[0].envelope.edition, sent[1].envelope.edition), (0, 1));
    assert_eq!(languages(&sent[1]).0, Some("es"));
    let both = world.disclosures(MAYA).into_iter().filter(|entry| {
        entry.recipient.as_ref().is_some_and(|to| to.to_string() == MOTHER)
            && entry.items.iter().any(|item| item.document == earlypost::due::DocumentKind::Ifsp)
    });
    let told: Vec<Option<String>> = both
        .map(|entry| {
            entry.items.iter().find(|i| i.document == earlypost::due::DocumentKind::Ifsp).unwrap().language.clone()
        })
        .collect();
    assert_eq!(told, [None, Some("es".to_owned())]);

    world.run();
    assert_eq!(plans(&world).len(), 2, "it follows once");
    world.verify();
}

#[test]
fn who_got_a_plan_with_english_passages_gets_it_whole_when_they_are_translated() {
    let world = World::with(&[MAYA]);
    reads_spanish(&world);
    world.run();
    assert_eq!(languages(&plans(&world)[0]), (Some("es"), Some("es")), "the notes of the plan are in English");

    world.edit(MAYA, |record| {
        // Everything that people wrote, each with a translation.
        fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
            match value {
                serde_json::Value::String(text) if !text.trim().is_empty() => texts.push(text.clone()),
                serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
                serde_json::Value::Object(fields) => fields.values().for_each(|item| collect(item, texts)),
                _ => {}
            }
        }
        let mut texts = Vec::new();
        collect(&serde_json::to_value(&record.ifsps).unwrap(), &mut texts);
        texts.sort();
        texts.dedup();
        let passages = texts
            .iter()
            .enumerate()
            .map(|(n, text)| Passage {
                original: text.parse().unwrap(),
                text: format!("Texto traducido {n}.").parse().unwrap(),
            })
            .collect();
        record.translations = vec![Translated {
            language: "es".parse().unwrap(),
            by: "A. Molina".parse().unwrap(),
            how: Translation::Human,
            on: "2026-11-20".parse().unwrap(),
            passages,
        }];
    });
    world.run();
    let sent = plans(&world);
    assert_eq!(sent.len(), 2);
    assert_eq!((sent[1].state, languages(&sent[1])), (StateName::Accepted, (Some("es"), None)));
    world.run();
    assert_eq!(plans(&world).len(), 2);
}

#[test]
fn a_family_that_wants_both_languages_gets_both_copies_in_one_envelope() {
    let world = World::with(&[MAYA]);
    reads_spanish(&world);
    world.edit(MAYA, |record| record.family[0].both_languages = true);
    world.run();
    let sent = plans(&world);
    assert_eq!((sent.len(), sent[0].state), (1, StateName::Accepted));
    let items = &sent[0].packet.as_ref().unwrap().items;
    let plans: Vec<_> = items.iter().filter(|i| i.document == earlypost::due::DocumentKind::Ifsp).collect();
    assert_eq!(plans.iter().map(|i| i.language.as_deref()).collect::<Vec<_>>(), [Some("es"), None]);
    let words = |body: &str| {
        let pdf =
            world.runtime.block_on(world.pipeline.store.bodies().get_body(&crate::harness::child(MAYA), body)).unwrap();
        earlypost::document::external::examine(&pdf, &earlypost::document::external::FiledLimits::default())
            .unwrap()
            .words
            .texts()
            .join("\n")
    };
    assert!(words(&plans[0].body).contains("Lo que queremos lograr"));
    let english = words(&plans[1].body);
    assert!(english.contains("What we want to happen") && !english.contains("en inglés"), "no cover before it");
    world.verify();
}
