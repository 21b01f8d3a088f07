//! The decision table, and sequences of what happens to a child: nothing goes that may not.

mod sequences;

use std::{collections::BTreeMap, collections::BTreeSet, sync::OnceLock};

use earlypost::{
    case::{CourtOrder, Exit, ExitReason, IfspStatus, OrderEffect, ParentRole},
    due::{DocumentKind, Subject},
};
use serde::Deserialize;

use crate::{
    due::samples::{id, newest},
    gate::{Case, days_from},
};

/// `table.toml`, as a lawyer reads it.
#[derive(Deserialize)]
struct Table {
    cases: BTreeMap<String, Vec<String>>,
    line: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    when: BTreeMap<String, Vec<String>>,
    answer: String,
}

type Choice = BTreeMap<String, String>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| toml::from_str(include_str!("decisions/table.toml")).unwrap())
}

/// Every case that there is: one choice from each list.
fn cases() -> Vec<Choice> {
    let mut all = vec![Choice::new()];
    for (what, choices) in &table().cases {
        all = all
            .into_iter()
            .flat_map(|case| {
                choices.iter().map(move |choice| {
                    let mut case = case.clone();
                    case.insert(what.clone(), choice.clone());
                    case
                })
            })
            .collect();
    }
    all
}

impl Line {
    fn holds(&self, case: &Choice) -> bool {
        self.when.iter().all(|(what, choices)| choices.contains(&case[what]))
    }
}

/// The person of the family whom the restriction and the placement are about.
fn person(role: &str) -> &'static str {
    match role {
        "foster parent" | "relative" => "0417-father",
        _ => "0417-mother",
    }
}

/// The question and the facts of a case, from Maya's sample record.
fn asked(choice: &Choice) -> Case {
    let of = |what: &str| choice[what].as_str();
    let role = of("role");
    let recipient = match role {
        "parent" => "family:0417-mother",
        "foster parent" | "relative" => "family:0417-father",
        "agency" => "office:bayside-therapy",
        _ => "office:ghent-pediatrics/dr-osei",
    };
    let papers: &[DocumentKind] = match (of("paper"), role) {
        ("plan", "physician") => &[DocumentKind::PhysicianLetter, DocumentKind::Ifsp],
        ("plan", _) => &[DocumentKind::Ifsp],
        ("authorization", _) => &[DocumentKind::ServiceAuthorization],
        _ => &[DocumentKind::MonthlyReminder],
    };
    let mut case = Case::new("c-0417", recipient, papers);
    if of("paper") == "reminder" {
        case.subject = Subject::Month { month: "2026-11".to_owned() };
    }
    case.record.family[1].parent_role = match role {
        "foster parent" => ParentRole::Foster,
        "relative" => ParentRole::None,
        _ => ParentRole::Parent,
    };
    newest(&mut case.record).status = match of("plan") {
        "draft" => IfspStatus::Draft,
        "awaiting signature" => IfspStatus::AwaitingSignature,
        "in effect" => IfspStatus::InEffect,
        _ => IfspStatus::Superseded,
    };
    restrict(&mut case, of("restriction"), person(role));
    let release = &mut case.record.releases[0];
    match of("release") {
        "revoked" => release.revoked_on = Some(case.day.into()),
        "revoked aloud" => {
            case.recorded.revoked_orally.insert(release.release_id.clone());
        }
        "expired" => release.expires_on = Some(days_from(case.day, -1)),
        _ => {}
    }
    if of("placement") == "ended" {
        case.recorded.placements_ended.insert(id(person(role)), case.day.into());
    }
    case.record.family[0].may_consent = of("signature") == "decides";
    match of("stop") {
        "death" => case.recorded.died = true,
        "hold" => case.recorded.hold = Some(earlypost::case::Hold::by("jenni", "a question")),
        "left yesterday" => {
            case.record.exit =
                Some(Exit { event_id: id("exit"), on: days_from(case.day, -1), reason: ExitReason::MovedAway });
        }
        _ => {}
    }
    case
}

fn restrict(case: &mut Case, restriction: &str, person: &str) {
    let effect = match restriction {
        "order denies" => Some(OrderEffect::DenyAccess),
        "order unread" => None,
        "barred" => {
            case.recorded.barred.insert(id(person));
            return;
        }
        _ => return,
    };
    case.record.court_orders.push(CourtOrder {
        order_id: id("order"),
        received_on: case.day.into(),
        effective_on: case.day.into(),
        expires_on: None,
        effect,
        verified_by: None,
        persons: vec![id(person)],
    });
}

#[test]
fn the_gate_answers_every_case_of_the_table_as_the_table_says() {
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    let all = cases();
    assert_eq!(all.len(), table().cases.values().map(Vec::len).product::<usize>());
    for choice in &all {
        let Some(line) = table().line.iter().position(|line| line.holds(choice)) else {
            wrong.push(format!("no line answers {choice:?}"));
            continue;
        };
        used.insert(line);
        let (says, answer) = (&table().line[line].answer, asked(choice).answer());
        if says != answer {
            wrong.push(format!("{answer}, and line {} says {says}: {choice:?}", line + 1));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), all.len(), wrong[..wrong.len().min(20)].join("\n"));
    let idle: Vec<usize> = (0..table().line.len()).filter(|line| !used.contains(line)).map(|line| line + 1).collect();
    assert!(idle.is_empty(), "lines {idle:?} answer nothing");
}
