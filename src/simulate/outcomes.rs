//! Outcomes of a plan.

use super::{
    focus::Focus,
    levels::{Depth, TODDLER_MONTHS},
    sketch::Sketch,
    teller::Teller,
    timeline::Meeting,
    typed::prose,
};
use crate::{
    case::{IfspKind, Outcome, OutcomeFor, OutcomeReview, Progress},
    due::calendar::months_of_age,
};

/// Sections of the bank for each focus, and for the family.
const CHOICES: [u32; 4] = [1, 2, 3, 4];

/// Some outcomes, such as playing with other children, come too early for a baby.
fn choices(focus: Focus, age: u32) -> &'static [u32] {
    match focus {
        _ if age >= TODDLER_MONTHS => &CHOICES,
        Focus::Talking | Focus::Eating => &[1, 2, 3],
        Focus::Moving | Focus::Playing => &[1, 2, 4],
    }
}

/// An outcome, and the focus that it belongs to; the family's own belongs to none.
pub(super) struct Chosen {
    pub(super) outcome: Outcome,
    pub(super) focus: Option<Focus>,
}

/// Four or five outcomes, or two to three in a short plan; the last one is the family's.
pub(super) fn chosen(sketch: &Sketch, meeting: &Meeting, depth: Depth, teller: &mut Teller) -> Vec<Chosen> {
    let (first, second) = match depth {
        Depth::Full => *teller.one(&[(2, 1), (3, 1), (2, 2)]),
        Depth::Short => (1, 1),
    };
    let age = months_of_age(sketch.time.born, meeting.on);
    let mut sections: Vec<(Option<Focus>, String)> = Vec::new();
    for (focus, count) in [(sketch.focus, first), (sketch.second, second)] {
        let numbers = teller.some(choices(focus, age), count);
        sections.extend(numbers.into_iter().map(|number| (Some(focus), format!("{} {number}", focus.word()))));
    }
    sections.push((None, format!("family {}", teller.one(&CHOICES))));
    let reviewed = meeting.kind == IfspKind::PeriodicReview;
    (1..)
        .zip(sections)
        .map(|(number, (focus, section))| {
            let mut outcome = outcome(number, focus, &section, teller);
            if reviewed && number < 3 {
                outcome.reviews.push(review(meeting, teller));
            }
            Chosen { outcome, focus }
        })
        .collect()
}

fn outcome(number: u8, focus: Option<Focus>, section: &str, teller: &mut Teller) -> Outcome {
    let told = teller.told(section, true);
    let mut parts = told.into_iter();
    let mut next = || parts.next().unwrap_or_default();
    let (statement, routine, criteria) = (next(), next(), next());
    Outcome {
        number,
        benefits: if focus.is_some() { OutcomeFor::Child } else { OutcomeFor::Family },
        statement: prose(statement),
        routine: Some(prose(routine)),
        criteria: prose(criteria),
        procedures: prose(parts.collect::<Vec<_>>().join(" ")),
        timeline: prose(teller.line("timeline")),
        preliteracy: section == "talking 4",
        reviews: Vec::new(),
    }
}

fn review(meeting: &Meeting, teller: &mut Teller) -> OutcomeReview {
    let progress = *teller.one(&[Progress::Some, Progress::Some, Progress::None, Progress::Revised]);
    let note = (progress == Progress::Some).then(|| prose(teller.line("review_note")));
    OutcomeReview { on: meeting.on.into(), progress, note }
}
