//! The end: the last day of services at three, and the rating that some states ask for.

use super::{Findings, Look};
use crate::{
    case::EvaluationKind,
    due::{Amount, Counted, Obligation, ObligationKind as Kind, Step, calendar::add_calendar_days},
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    let Some(first) = look.first_full_plan() else {
        for kind in [Kind::Exit, Kind::OutcomesRating] {
            out.not_due(kind, "there is no full plan yet");
        }
        return;
    };
    let exit = look.record.exit.as_ref();
    if let Some(exit) = exit.filter(|exit| look.before_automatic(*exit.on)) {
        for kind in [Kind::Exit, Kind::OutcomesRating] {
            out.not_due_since(kind, || format!("the child left on {}, before the program began here", exit.on));
        }
        return;
    }
    let three = look.rules.third_birthday(*look.record.child.birth_date);
    let last_day = add_calendar_days(three, -1);
    let citation = "34 CFR 303.209; 303.211";
    let obligation = Obligation::new(Kind::Exit, "third-birthday", add_calendar_days(three, -90), last_day, citation)
        .met(exit.map(|exit| *exit.on), "the child left the program", exit.map(|exit| exit.event_id.as_str()));
    out.add(look, obligation, || {
        let leap = &look.rules.profile.leap_birthday;
        let mut steps = vec![Step::Trigger { what: "third birthday", on: three }];
        steps.push(Step::Note("services end the day before".to_owned()));
        if look.third_birthday() != three {
            let mark = if leap.confirmed { "" } else { "; not confirmed" };
            steps.push(Step::Note(format!("born on 29 February: {three} by {}{mark}", leap.source.as_str())));
        }
        steps
    });
    let Some(rule) = &look.rules.profile.outcomes_rating_months else {
        out.not_due(Kind::OutcomesRating, "the state profile asks for no rating at exit");
        return;
    };
    let months = Counted {
        amount: Amount::Months(i32::from(rule.value)),
        source: rule.source.as_str(),
        confirmed: rule.confirmed,
    };
    let end = exit.map_or(last_day, |exit| *exit.on);
    let began = *first.meeting_on;
    if months.from(began, &look.calendar) > end {
        out.not_due_since(Kind::OutcomesRating, || {
            format!("the child is served for fewer than {} months ({})", rule.value, rule.source.as_str())
        });
        return;
    }
    let opens_on = months.back().from(end, &look.calendar);
    let rated =
        look.record.evaluations.iter().filter(|e| e.kind == EvaluationKind::OutcomesRating && *e.on >= opens_on);
    let rated = rated.min_by_key(|e| e.on);
    let obligation = Obligation::new(Kind::OutcomesRating, "exit", opens_on, end, months.source).met(
        rated.map(|e| *e.on),
        "the rating",
        rated.map(|e| e.event_id.as_str()),
    );
    out.add(look, obligation, || {
        vec![
            Step::Trigger { what: "last day of services", on: end },
            Step::Note(format!("rated from {opens_on} on ({})", rule.source.as_str())),
        ]
    });
}
