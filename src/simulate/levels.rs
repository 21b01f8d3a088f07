//! Present levels of development.

use super::{
    focus::Focus,
    offices,
    sketch::{Sketch, long},
    staff,
    teller::Teller,
    timeline::Meeting,
    typed::{line, paragraph},
};
use crate::{
    case::{Level, Line, PresentLevels},
    due::calendar::months_of_age,
};

/// From this age on the sentences for toddlers are used.
pub(super) const TODDLER_MONTHS: u32 = 15;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// As in a plan that a family takes home.
    Full,
    /// A few sentences, for a plan that was replaced.
    Short,
}

/// The levels as they were before a meeting.
pub(super) fn present(sketch: &Sketch, meeting: &Meeting, depth: Depth, teller: &mut Teller) -> PresentLevels {
    let age = months_of_age(sketch.time.born, meeting.on);
    let band = if age < TODDLER_MONTHS { "baby" } else { "toddler" };
    let tested = tested(sketch, meeting);
    let mut domain = |area: &str, helped: bool, main: bool| {
        let (low, high) = if main { (27, 42) } else { (25, 33) };
        let delay = if helped { teller.rng.u32(low..=high) } else { 0 };
        Level {
            narrative: paragraph(&cut(teller.told(&format!("{band} {area}"), helped), depth)),
            source: Some(tested.clone()),
            result: Some(result(age, delay)),
        }
    };
    let (talking, moving) = (Focus::Talking, Focus::Moving);
    let (eating, playing) = (Focus::Eating, Focus::Playing);
    let physical = domain("physical", sketch.helps(moving), sketch.focus == moving);
    let cognitive = domain("cognitive", sketch.focus == playing, false);
    let communication = domain("communication", sketch.helps(talking), sketch.focus == talking);
    let social_emotional = domain("social_emotional", sketch.helps(playing), sketch.focus == playing);
    let adaptive = domain("adaptive", sketch.helps(eating), sketch.focus == eating);
    let mut general = |area: &str, source: String| Level {
        narrative: paragraph(&cut(teller.told(area, false), depth)),
        source: Some(line(source)),
        result: None,
    };
    let day = long(meeting.evaluated);
    PresentLevels {
        vision: general("vision", format!("Parent report and observation, {day}")),
        hearing: general("hearing", format!("Parent report and newborn screening result, {day}")),
        health: general("health", format!("Parent report and review of health records, {day}")),
        physical,
        cognitive,
        communication,
        social_emotional,
        adaptive,
    }
}

fn cut(mut sentences: Vec<String>, depth: Depth) -> Vec<String> {
    if depth == Depth::Short && sentences.len() > 3 {
        sentences.drain(2..sentences.len() - 1);
    }
    sentences
}

fn tested(sketch: &Sketch, meeting: &Meeting) -> Line {
    let therapist = staff::signed(&sketch.therapist(0));
    let agency = offices::agency_name(sketch.therapies[0].agency);
    line(format!("BDI-3, {}: {therapist} ({agency})", long(meeting.evaluated)))
}

fn result(age: u32, delay_percent: u32) -> Line {
    if delay_percent == 0 {
        return line(format!("Age equivalent {age} months at {age} months; no delay"));
    }
    let equivalent = age * (100 - delay_percent) / 100;
    let delay = (age - equivalent) * 100 / age.max(1);
    line(format!("Age equivalent {equivalent} months at {age} months; {delay} % delay"))
}
