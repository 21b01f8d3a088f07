//! What a plan is to help with, and the services that help with it.

use super::{
    mix::{Role, Special},
    offices,
    staff::Craft,
    teller::Teller,
};
use crate::case::ServiceType;

/// What the plan is to help with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    Talking,
    Moving,
    Eating,
    Playing,
}

impl Focus {
    pub(super) const ALL: [Self; 4] = [Self::Talking, Self::Moving, Self::Eating, Self::Playing];

    /// Its word in the names of the bank's sections.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Talking => "talking",
            Self::Moving => "moving",
            Self::Eating => "eating",
            Self::Playing => "playing",
        }
    }

    /// Services that help with it, the first one first.
    fn services(self) -> [(ServiceType, Craft); 2] {
        let speech = (ServiceType::SpeechLanguage, Craft::Speech);
        let motor = (ServiceType::PhysicalTherapy, Craft::Physical);
        let daily = (ServiceType::OccupationalTherapy, Craft::Occupational);
        let play = (ServiceType::SpecialInstruction, Craft::Instruction);
        match self {
            Self::Talking => [speech, play],
            Self::Moving => [motor, daily],
            Self::Eating => [daily, (ServiceType::Nutrition, Craft::Nutrition)],
            Self::Playing => [play, daily],
        }
    }
}

/// A service that the child has, besides coordination.
#[derive(Debug, Clone, Copy)]
pub(super) struct Therapy {
    pub(super) service: ServiceType,
    pub(super) craft: Craft,
    pub(super) agency: u32,
    pub(super) focus: Focus,
}

/// One to three services of one or two agencies.
pub(super) fn therapies(index: u32, role: Role, (focus, second): (Focus, Focus), teller: &mut Teller) -> Vec<Therapy> {
    let (first, rest) = (teller.rng.u32(..), teller.rng.u32(1..6));
    let near = offices::agency_of(index, first);
    // A caseload of one thousand has about three thousand papers with a second agency for a third of the children.
    let far = if teller.chance(35) { offices::agency_of(index, first % 6 + rest) } else { near };
    let [main, also] = focus.services();
    let [other, _] = second.services();
    let needs_two = far != near || matches!(role, Role::Special(Special::Declined | Special::Withdrawn));
    let mut therapies = vec![Therapy { service: main.0, craft: main.1, agency: near, focus }];
    if needs_two || teller.chance(60) {
        let (service, craft) = if other == main { also } else { other };
        therapies.push(Therapy { service, craft, agency: far, focus: second });
    }
    if therapies.len() == 2 && also.0 != therapies[1].service && teller.chance(35) {
        therapies.push(Therapy { service: also.0, craft: also.1, agency: near, focus });
    }
    therapies
}
