//! Which children a caseload has.

/// What a child is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A plan of the last days, whose copies are due.
    NewPlan,
    /// An older plan; the monthly reminder is due.
    InService,
    /// Referred, no plan yet.
    Referred,
    /// Left the program.
    Left,
    /// A case that needs care.
    Special(Special),
}

/// A case that needs care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    /// A new plan and no release for the physician.
    NoRelease,
    /// A new plan of which the parent declined a line.
    Declined,
    /// An older plan; consent to a line was withdrawn in the last days.
    Withdrawn,
    /// An older plan; the family asked for a summary of contacts.
    Summary,
    /// An older plan and an open transition window.
    Transition,
}

const SPECIAL: [Special; 5] =
    [Special::NoRelease, Special::Declined, Special::Withdrawn, Special::Summary, Special::Transition];

impl Role {
    /// The role of a child. Every hundred children in a row hold the same mix, so that a small caseload has its
    /// share of papers too; within the hundred the step scatters them.
    pub(super) fn of(index: u32) -> Self {
        let share = (index % 100) * 37 % 100;
        match share {
            0..40 => Self::NewPlan,
            40..85 => Self::InService,
            85..93 => Self::Referred,
            93..97 => Self::Left,
            _ => {
                let number = (index / 100 * 3 + share - 97) as usize;
                Self::Special(SPECIAL[number % SPECIAL.len()])
            }
        }
    }

    /// Whether the plan is of the last days.
    pub(super) fn has_new_plan(self) -> bool {
        matches!(self, Self::NewPlan | Self::Special(Special::NoRelease | Special::Declined))
    }
}

/// Scatters a number over all 64 bits (the finisher of splitmix64).
pub(super) fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hundred_children_hold_the_same_mix() {
        for start in [0, 100, 700] {
            let count = |wanted: fn(Role) -> bool| (start..start + 100).filter(|i| wanted(Role::of(*i))).count();
            assert_eq!(count(|r| r == Role::NewPlan), 40);
            assert_eq!(count(|r| r == Role::InService), 45);
            assert_eq!(count(|r| r == Role::Referred), 8);
            assert_eq!(count(|r| r == Role::Left), 4);
            assert_eq!(count(|r| matches!(r, Role::Special(_))), 3);
        }
    }

    #[test]
    fn five_hundred_children_hold_every_special_case_three_times() {
        for special in SPECIAL {
            assert_eq!((0..500).filter(|i| Role::of(*i) == Role::Special(special)).count(), 3);
        }
    }
}
