//! Papers in the languages that families read.

use earlypost::{case::Line, document::Status, due::DocumentKind};

use super::{assert_hides, assert_shows, conformance::faults, paper, papers_of, rendered};
use crate::due::samples::samples;

const MOTHER: &str = "family:0402-mother";

#[test]
fn a_parent_reads_the_plan_in_her_own_language_and_it_says_that_a_machine_translated_it() {
    let plan = paper("c-0402", DocumentKind::Ifsp, MOTHER);

    assert_shows(plan, ["C. Lo que queremos lograr", "Una máquina tradujo este papel.", "Página 1 de", "de 2026"]);
    assert_hides(plan, ["What we want to happen", "Questions?", "Page 1 of"]);
}

#[test]
fn what_a_parent_signs_stays_in_english_until_a_person_has_read_the_translation() {
    assert_eq!(samples().languages().of("es").unwrap().status(), Status::Machine);
    let form = paper("c-0402", DocumentKind::ConsentToRelease, MOTHER);

    assert_shows(form, ["Permission to share records"]);
    assert_hides(form, ["Permiso para compartir"]);
}

#[test]
fn an_office_reads_english_whatever_the_family_speaks() {
    let offices = super::made("c-0402").iter().filter(|p| p.recipient.organisation_id().is_some());
    for paper in offices {
        assert_hides(paper, ["traducido", "Una máquina", "Página"]);
    }
}

#[test]
fn every_family_paper_in_every_language_is_sound_and_has_no_empty_place() {
    for language in samples().languages().all().iter().filter(|l| l.tag() != "en") {
        let mut record = samples().record("c-0417");
        for member in &mut record.family {
            member.preferred_language = Line::parse(language.tag()).unwrap();
        }
        for paper in papers_of(&record).into_iter().filter(|p| p.recipient.organisation_id().is_none()) {
            let name = format!("{} in {}", paper.kind, language.own_name());
            let made = rendered(paper);
            let text = made.rendered.pages.join("\n");
            assert!(!text.contains('{') && !text.contains('}'), "{name} has a place that was not filled");
            assert_eq!(faults(&made.rendered.pdf), Vec::<String>::new(), "{name}");
        }
    }
}

/// A parent's paper with this language recorded, by e-mail or by mail as the sample has it.
fn read_by(language: &str, kind: DocumentKind) -> super::Made {
    let mut record = samples().record("c-0417");
    for member in &mut record.family {
        member.preferred_language = Line::parse(language).unwrap();
    }
    let family = |paper: &super::Paper| paper.recipient.organisation_id().is_none() && paper.kind == kind;
    rendered(papers_of(&record).into_iter().find(family).unwrap())
}

#[test]
fn a_language_with_some_papers_serves_these_and_lacks_no_word_of_them() {
    for (tag, words) in [
        ("vi", ["Thông báo về buổi họp", "Quý vị có thể mang theo", "Máy đã dịch giấy này."]),
        ("zh-CN", ["会议通知", "您可以带来", "本文件由机器翻译。"]),
        // Words in which no letters are joined to one: those are told in another order by each reader of PDF.
        ("ar", ["إشعار", "باجتماع", "يمكنكم"]),
    ] {
        let notice = read_by(tag, DocumentKind::MeetingNotice);
        assert_shows(&notice, words);
        assert_hides(&notice, ["Notice of a meeting", "What you may bring", "Your answer", "Questions?", "Page 1"]);
        assert_eq!(faults(&notice.rendered.pdf), Vec::<String>::new(), "{tag}");
        let reminder = read_by(tag, DocumentKind::MonthlyReminder);
        assert_hides(&reminder, ["Coming up", "You choose these reminders", "Page 1", "Dear"]);
        assert_eq!(faults(&reminder.rendered.pdf), Vec::<String>::new(), "{tag}");
    }
}

#[test]
fn arabic_is_shaped_and_runs_from_the_right_and_a_telephone_number_keeps_its_order() {
    let notice = read_by("ar", DocumentKind::MeetingNotice);
    let words = super::poppler::boxes(&notice.rendered.pdf, 1..=1);
    let title: Vec<_> = words.iter().filter(|word| word.bottom - word.top > 20.0).collect();
    assert!(
        !title.is_empty() && title.iter().all(|word| word.left > 306.0),
        "the title stands at the right: {title:?}"
    );
    let called: Vec<_> = words.iter().filter(|word| word.text.contains("555-0142")).collect();
    assert!(!called.is_empty());
    for number in called {
        let area = words.iter().filter(|word| word.text.contains("(757)") && (word.top - number.top).abs() < 2.0);
        assert!(area.into_iter().any(|area| area.right <= number.left + 1.0), "(757) stands before {number:?}");
    }
}

#[test]
fn a_copy_in_english_has_a_cover_in_the_parents_language_that_offers_an_interpreter() {
    for (tag, words) in [
        ("es", ["Papeles para usted, en inglés", "Un intérprete puede leérselos."]),
        ("vi", ["Giấy tờ dành cho quý vị, bằng tiếng Anh", "Thông dịch viên có thể đọc"]),
        ("ar", ["أوراق", "يستطيع"]),
    ] {
        let form = read_by(tag, DocumentKind::ConsentToRelease);
        assert_shows(&form, words);
        assert_shows(&form, ["Permission to share records", "(757) 555-0142"]);
        assert!(form.rendered.pages[0].contains(words[0]), "{tag}: the cover is the first page");
        assert_eq!(faults(&form.rendered.pdf), Vec::<String>::new(), "{tag}");
    }
    assert_hides(&read_by("en", DocumentKind::ConsentToRelease), ["An interpreter can read them to you."]);
    let plan = read_by("zh-Hans", DocumentKind::Ifsp);
    assert_shows(&plan, ["给您的英文文件", "What we want to happen"]);
}

#[test]
fn a_program_that_asks_for_a_persons_translation_sends_english_with_a_cover_at_once() {
    use earlypost::{case::Translation, document::assemble::language_for};
    let record = samples().record("c-0402");
    let recipient = earlypost::case::Recipient::family(&record.family[0].person_id);
    let mut program = samples().rules().program.clone();
    let said = |program: &earlypost::case::Program| {
        language_for(samples().languages(), DocumentKind::Ifsp, &record, &recipient, program).tag().to_owned()
    };

    assert_eq!(said(&program), "es");
    program.policy.translation_at_least = Translation::Human;
    assert_eq!(said(&program), "en");
}
