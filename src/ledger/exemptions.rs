//! Which of the three laws exempts an entry from its record. Everything is kept; a report leaves out what its
//! law does not ask for.

use serde::{Deserialize, Serialize};

use super::event::Event;

/// Exemptions of one entry, computed when it is written and kept with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exempt {
    /// 34 CFR 303.406: parents, and the authorized representatives and employees of the participating agency.
    pub cfr_303_406: bool,
    /// 34 CFR 99.32(d): a parent, an official of the agency, a party with the parent's written consent.
    pub cfr_99_32: bool,
    /// 45 CFR 164.528(a)(1): to the individual, with an authorization, for treatment, payment or operations.
    pub cfr_164_528: bool,
}

impl Exempt {
    /// The exemptions of an event that rests on `basis`.
    ///
    /// Another agency is not "the" participating agency whose employees 303.406 exempts: the careful reading. A
    /// release exempts under the other two laws, and not under 303.406.
    #[must_use]
    pub fn of(event: Event, basis: Option<&str>) -> Self {
        match (event, basis) {
            // A person of the program looked: an employee under 303.406, an official under 99.32, operations.
            (Event::AccessView, _) | (_, Some("PARENT_COPY")) => {
                Self { cfr_303_406: true, cfr_99_32: true, cfr_164_528: true }
            }
            (Event::Disclosure, Some("CONSENT")) => Self { cfr_303_406: false, cfr_99_32: true, cfr_164_528: true },
            (Event::Disclosure, Some("HIPAA_TPO")) => Self { cfr_303_406: false, cfr_99_32: false, cfr_164_528: true },
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_on_a_release_counts_under_part_c_and_not_under_the_other_two() {
        let exempt = Exempt::of(Event::Disclosure, Some("CONSENT"));
        assert_eq!((exempt.cfr_303_406, exempt.cfr_99_32, exempt.cfr_164_528), (false, true, true));
    }

    #[test]
    fn another_agency_counts_under_all_three() {
        assert_eq!(Exempt::of(Event::Disclosure, Some("PARTICIPATING_AGENCY")), Exempt::default());
    }

    #[test]
    fn a_parents_own_copy_counts_under_none() {
        assert!(Exempt::of(Event::Disclosure, Some("PARENT_COPY")).cfr_303_406);
    }
}
