//! What people type stands on the paper as they typed it: nothing in a record acts as markup.

use earlypost::{
    document::can_print,
    due::{DocumentKind, Subject},
};

use super::{Made, Paper, assembled, assert_shows, familys_plan::levels, paper, plain, poppler, rendered};
use crate::due::samples::{line, newest, prose, samples};

/// Marks of the template language, of the web, of spreadsheets and of shells, as the sample's family uses them.
const TYPED: [&str; 16] = [
    r#"DeDe "D" #1"#,
    "<script>alert(1)</script>",
    "R#2$",
    "*claps*",
    "_very_",
    r"\o/",
    "[a box]",
    "jana@home",
    "{{name}}",
    "100 %",
    "~~~",
    "a $5 bill",
    "82 °F",
    "D&#39;Andre",
    "háčky & apostrophes",
    "D'Andre O'Neil-Žižka",
];

fn plan() -> &'static Made {
    paper("c-0427", DocumentKind::Ifsp, "family:0427-mother")
}

#[test]
fn marks_of_every_language_are_only_letters() {
    assert_shows(plan(), TYPED);
}

#[test]
fn another_reader_finds_them_as_they_were_typed() {
    let text = plain(&poppler::text(&plan().rendered.pdf));
    let missing: Vec<_> = TYPED.iter().filter(|typed| !text.contains(**typed)).collect();

    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn whole_paragraphs_with_such_marks_stand_as_they_were_typed() {
    let plan_of_record = newest(&mut samples().record("c-0427")).clone();

    assert_shows(plan(), levels(plan_of_record.present_levels.as_ref().unwrap()).map(|level| level.narrative.as_str()));
    for outcome in &plan_of_record.outcomes {
        assert_shows(plan(), [outcome.statement.as_str(), &outcome.criteria, &outcome.procedures]);
    }
    assert_shows(plan(), plan_of_record.services.iter().map(|line| line.location.as_str()));
}

#[test]
fn an_attack_on_the_template_is_printed_and_changes_nothing() {
    const ATTACKS: [&str; 12] = [
        "#panic(\"stopped\")",
        "#import \"/data.json\"",
        "#read(\"/etc/passwd\")",
        "= A heading of my own",
        "$ sum_(i=0)^n i $",
        "@reference and <label>",
        "/* a comment that never ends",
        "// a comment to the end",
        "```typ #pagebreak() ```",
        "] ) } #{ ( [",
        "\\u{41} \\ \\#",
        "{number} {called} {pages}",
    ];
    let pages = plan().rendered.pages.len();
    for attack in ATTACKS {
        let mut record = samples().record("c-0427");
        record.child.mode_of_communication = line(attack);
        let plan = newest(&mut record);
        plan.outcomes[0].statement = prose(attack);
        plan.services[0].location = line(attack);
        let subject = Subject::Plan { ifsp_id: plan.ifsp_id.clone(), version: plan.version };
        let recipient = "family:0427-mother".parse().unwrap();
        let view = assembled(&record, &recipient, DocumentKind::Ifsp, &subject).unwrap().view;
        let made = rendered(Paper { recipient, kind: DocumentKind::Ifsp, view });

        assert_shows(&made, [attack]);
        assert_eq!(made.text().matches(attack).count(), 3, "{attack}");
        assert!(made.rendered.pages.len() <= pages, "{attack}");
    }
}

#[test]
fn letters_without_a_font_are_known_before_they_print_as_boxes() {
    for c in "漢한국אב".chars() {
        assert!(!can_print(c), "{c}");
    }
    for c in "中文字日本العربية".chars() {
        assert!(can_print(c), "{c}");
    }
    for c in "Nguyễn Thị Mỹ Hạnh, Đỗ Ừ ở; Žižka háčky, Łódź, Åse, Zoë, Jiří, Ñandú, ½ °F – “ ” ’".chars()
    {
        assert!(can_print(c), "{c}");
    }
}
