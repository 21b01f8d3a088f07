//! Prior written notice: a reasonable time before the program begins, changes, ends or refuses something
//! (34 CFR 303.421).

use super::{Findings, Look};
use crate::{
    case::Proposal,
    due::{DocumentKind, Obligation, ObligationKind as Kind, Step, Subject},
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    let mut none = true;
    for proposal in &look.record.proposals {
        if let Some(on) = proposal.withdrawn_on {
            out.not_due_since(Kind::PriorWrittenNotice, || {
                format!("the proposal {} was taken back on {on}", proposal.event_id)
            });
            continue;
        }
        none = false;
        notice(look, proposal, out);
    }
    if none {
        out.not_due(Kind::PriorWrittenNotice, "nothing is proposed or refused");
    }
}

/// Before the day on which the action takes effect. A refusal takes effect when it is decided: the same count runs
/// forward from the decision. What is decided shorter before its effect is owed at once.
fn notice(look: &Look<'_>, proposal: &Proposal, out: &mut Findings) {
    let decided = *proposal.decided_on;
    let rule = look.rules.prior_notice();
    let effective = proposal.effective_on.filter(|_| !proposal.action.refuses()).map(|on| *on);
    let (due_on, step) = match effective {
        Some(on) => (rule.back().from(on, &look.calendar).max(decided), Step::rule(&rule.back())),
        None => (rule.from(decided, &look.calendar), Step::rule(&rule)),
    };
    let anchor = proposal.event_id.as_str();
    let obligation = Obligation::new(Kind::PriorWrittenNotice, anchor, decided, due_on, rule.under("34 CFR 303.421"))
        .about(Subject::Event { event_id: proposal.event_id.clone() })
        .met(proposal.notice_given_on.map(|on| *on), "the notice was given by another way", Some(anchor));
    let obligation = if look.before_automatic(decided) {
        obligation
    } else {
        obligation.owes(look.to_parents(&[DocumentKind::PriorWrittenNotice]))
    };
    out.add(look, obligation, || {
        let trigger = match effective {
            Some(on) => Step::Trigger { what: "the proposal takes effect", on },
            None => Step::Trigger { what: "decided", on: decided },
        };
        let mut steps = vec![trigger, step];
        if effective.is_some() && due_on == decided {
            steps.push(Step::Note(format!("decided on {decided}, so it is owed at once")));
        }
        steps
    });
}
