//! The states of an envelope: whatever happens in whatever order, nothing that left goes out again by itself.

use chrono::Utc;
use earlypost::{
    disclosure::{Reason, Refusal},
    dispatch::{DispatchState, StateName},
};
use proptest::prelude::*;

/// The states that a sequence of wishes leads through; a wish that may not follow changes nothing.
fn walk(from: StateName, wishes: &[StateName]) -> Vec<StateName> {
    let mut path = vec![from];
    for wish in wishes {
        if wish.may_follow(path[path.len() - 1]) {
            path.push(*wish);
        }
    }
    path
}

fn any_state() -> impl Strategy<Value = StateName> {
    prop::sample::select(StateName::ALL.to_vec())
}

fn goes_out(state: StateName) -> bool {
    matches!(state, StateName::Queued | StateName::Sending)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_next_hand_has_is_never_queued_or_sent_again(wishes in prop::collection::vec(any_state(), 0..60)) {
        let path = walk(StateName::Queued, &wishes);
        let gone = [StateName::Accepted, StateName::Confirmed, StateName::Returned];
        if let Some(at) = path.iter().position(|state| gone.contains(state)) {
            prop_assert!(!path[at..].iter().any(|state| goes_out(*state)), "{path:?}");
        }
    }

    #[test]
    fn a_printed_letter_is_made_again_only_after_a_person_took_it_out_of_the_stack(
        wishes in prop::collection::vec(any_state(), 0..60)
    ) {
        // At mailing the gate refuses a printed letter: it is withheld, and the person is told to take it out.
        let path = walk(StateName::Printed, &wishes);
        if let Some(at) = path.iter().position(|state| goes_out(*state)) {
            prop_assert!(path[..at].contains(&StateName::Withheld), "{path:?}");
        }
    }

    #[test]
    fn what_was_cancelled_superseded_or_came_back_stays_so(
        end in prop::sample::select(vec![StateName::Cancelled, StateName::Superseded, StateName::Returned]),
        wishes in prop::collection::vec(any_state(), 0..60),
    ) {
        prop_assert_eq!(walk(end, &wishes), vec![end]);
    }

    #[test]
    fn nothing_is_sent_that_was_not_queued_directly_before(wishes in prop::collection::vec(any_state(), 0..60)) {
        let path = walk(StateName::Queued, &wishes);
        for pair in path.windows(2).filter(|pair| pair[1] == StateName::Sending) {
            prop_assert_eq!(pair[0], StateName::Queued);
        }
    }
}

#[test]
fn every_state_of_an_envelope_can_be_reached() {
    let mut reached = vec![StateName::Queued];
    for _ in StateName::ALL {
        for state in StateName::ALL {
            if !reached.contains(&state) && reached.iter().any(|before| state.may_follow(*before)) {
                reached.push(state);
            }
        }
    }
    assert_eq!(reached.len(), StateName::ALL.len());
}

#[test]
fn an_unknown_outcome_is_no_success_and_waits_for_somebody() {
    assert!(StateName::Unknown.is_open());
    assert!(!StateName::Sending.may_follow(StateName::Unknown), "it is queued and decided again before it is sent");
    assert!(!StateName::Printed.is_open());
}

#[test]
fn a_refusal_holds_or_withholds_as_its_reason_says() {
    for reason in Reason::ALL {
        let state = DispatchState::refused(&Refusal::of(*reason)).name();
        assert_eq!(state, if reason.holds() { StateName::Held } else { StateName::Withheld }, "{reason:?}");
        assert_eq!(Reason::from_code(reason.code()), Some(*reason));
    }
    let sending = DispatchState::Sending { lease_until: chrono::DateTime::<Utc>::MIN_UTC };
    assert_eq!(sending.name(), StateName::Sending);
}
