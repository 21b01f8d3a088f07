//! A child in outline: everything that the parts of its record must agree on.

use chrono::NaiveDate;
use fastrand::Rng;

use super::{
    Plan, bank,
    focus::{self, Focus, Therapy},
    ids,
    mix::{Role, scatter},
    names::{self, ChildName},
    offices, staff,
    teller::{Teller, capital},
    timeline::{Meeting, Timeline, back},
};
use crate::{
    case::{IfspKind, Payer, PersonId, Professional},
    due::calendar::{add_calendar_days, add_months, months_of_age, work_date},
};

/// A parent in outline.
#[derive(Debug, Clone)]
pub(super) struct ParentSketch {
    pub(super) id: PersonId,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) relationship: &'static str,
    pub(super) by_post: bool,
    pub(super) reminders: bool,
}

impl ParentSketch {
    pub(super) fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

/// A child in outline.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    pub(super) index: u32,
    pub(super) role: Role,
    pub(super) day: NaiveDate,
    pub(super) name: ChildName,
    pub(super) time: Timeline,
    pub(super) gestation_weeks: u8,
    pub(super) language: &'static str,
    pub(super) city: usize,
    pub(super) focus: Focus,
    pub(super) second: Focus,
    pub(super) therapies: Vec<Therapy>,
    pub(super) payment: Vec<Payer>,
    pub(super) coordinator: Professional,
    pub(super) practice: u32,
    pub(super) physician: Professional,
    pub(super) parents: Vec<ParentSketch>,
}

impl Sketch {
    /// Draws a child, with the teller that goes on drawing for it.
    pub(super) fn draw(plan: &Plan, index: u32) -> (Self, Teller) {
        let mut teller = Teller::new(Rng::with_seed(scatter(plan.seed ^ scatter(u64::from(index)))));
        let role = Role::of(index);
        let time = Timeline::draw(role, plan.day, &mut teller.rng);
        let name = names::child(plan.seed, index);
        let focus = *teller.one(&Focus::ALL);
        let others: Vec<Focus> = Focus::ALL.into_iter().filter(|f| *f != focus).collect();
        let second = *teller.one(&others);
        let practice = offices::practice_of(index, teller.rng.u32(..));
        let physician = staff::physician(practice, teller.rng.u32(0..2));
        let therapies = focus::therapies(index, role, (focus, second), &mut teller);
        let coordinator = staff::coordinator(offices::coordinator_of(index));
        let main = staff::therapist(therapies[0].agency, therapies[0].craft);
        let taken = [coordinator.name.first.as_str(), main.name.first.as_str()];
        let payments = [vec![Payer::Medicaid], vec![Payer::PrivateInsurance, Payer::PartC], vec![Payer::PartC]];
        let sketch = Self {
            index,
            role,
            day: plan.day,
            parents: parents(index, role, &name, taken, &mut teller),
            name,
            time,
            gestation_weeks: if teller.chance(12) { teller.rng.u8(35..=36) } else { teller.rng.u8(38..=41) },
            language: if teller.chance(80) { "en" } else { *teller.one(&["es", "es", "vi", "pt", "fr"]) },
            city: teller.rng.usize(0..offices::CITIES.len()),
            focus,
            second,
            therapies,
            payment: teller.one(&payments).clone(),
            coordinator: coordinator.clone(),
            practice,
            physician,
        };
        sketch.words(&mut teller);
        (sketch, teller)
    }

    /// Words that hold for the whole record.
    fn words(&self, teller: &mut Teller) {
        let pronouns = if self.name.girl { ["she", "her", "her", "herself"] } else { ["he", "him", "his", "himself"] };
        for (slot, word) in ["he", "him", "his", "himself"].into_iter().zip(pronouns) {
            teller.set(slot, word);
        }
        teller.set("He", capital(pronouns[0]));
        teller.set("His", capital(pronouns[2]));
        teller.set("name", self.name.first);
        teller.set("parent", self.parents[0].first);
        for slot in
            ["toy", "toy2", "food", "snack", "room", "place", "animal", "song", "book", "weekday", "hour", "few"]
        {
            let word = teller.raw(slot);
            teller.set(slot, word);
        }
        teller.set("place_up", capital(teller.word("place")));
        let words: Vec<&str> = teller.some(bank::list("word"), 2).iter().map(|w| w.text).collect();
        teller.set("word1", words[0]);
        teller.set("word2", words[1]);
        let helper = teller.raw("helper");
        let other = self.parents.get(1).map_or_else(|| teller.slotted(helper), |p| p.first.to_owned());
        teller.set("other", other);
        teller.set("coordinator", self.coordinator.name.first.as_str());
        teller.set("coordinator_full", self.coordinator.name.full());
        teller.set("therapist", self.therapist(0).name.first.as_str());
        teller.set("doctor", format!("Dr. {}", self.physician.name.last));
        teller.set("third", long(self.time.third_birthday));
        for (slot, list) in [("wish", "wish"), ("wish_noun", "wish_noun")] {
            let text = bank::list(&format!("{list} {}", self.focus.word()))[0].text;
            let word = teller.slotted(text);
            teller.set(slot, word);
        }
        teller.set(
            "weeks",
            match 40_u8.saturating_sub(self.gestation_weeks) {
                5.. => "five weeks early",
                4 => "four weeks early",
                _ => "close to the expected day",
            },
        );
    }

    /// Words that hold for one plan.
    pub(super) fn words_of(&self, meeting: &Meeting, teller: &mut Teller) {
        let age = months_of_age(self.time.born, meeting.on);
        teller.set("age", age.to_string());
        // A child of two years says a hundred words and more, one of fifteen months a dozen.
        let spoken = age.saturating_sub(13) * 8 + 4;
        teller.set("many", (spoken / 5 * 5).max(10).to_string());
        teller.set("evaluated", long(meeting.evaluated));
        let next =
            if meeting.kind == IfspKind::PeriodicReview { meeting.period_end } else { add_months(meeting.on, 6) };
        let next = work_date(next.min(meeting.period_end));
        teller.set("long", long(next));
        teller.set("soon", long(work_date(add_calendar_days(meeting.on, 90)).min(back(next, 7))));
    }

    /// The therapist of a service.
    pub(super) fn therapist(&self, number: usize) -> Professional {
        let therapy = self.therapies[number];
        staff::therapist(therapy.agency, therapy.craft)
    }

    /// Whether the plan is to help here.
    pub(super) fn helps(&self, with: Focus) -> bool {
        self.focus == with || self.second == with
    }
}

/// One parent or two. None has a first name that is `taken`: the texts call people by their first names.
fn parents(index: u32, role: Role, child: &ChildName, taken: [&str; 2], teller: &mut Teller) -> Vec<ParentSketch> {
    // Families with a new plan have heard enough for this month; most of them get no reminder beside it.
    let reminded = if role.has_new_plan() { teller.chance(10) } else { true };
    let mother_first = teller.chance(80);
    let two = teller.chance(35);
    (0..if two { 2 } else { 1 })
        .map(|number| {
            let woman = mother_first == (number == 0);
            let drawn = teller.rng.u32(..);
            let named = |more| if woman { names::woman(more) } else { names::man(more) };
            let first = (0..3)
                .map(|more| named(u64::from(drawn) + more))
                .find(|first| !taken.contains(first))
                .unwrap_or_default();
            let own_surname = number == 1 && teller.chance(8);
            ParentSketch {
                id: ids::parent(index, number + 1),
                first,
                last: if own_surname { names::surname(teller.rng.u64(..)) } else { child.last },
                relationship: if woman { "mother" } else { "father" },
                by_post: teller.chance(20),
                reminders: number == 0 && reminded,
            }
        })
        .collect()
}

/// `November 20, 2026`.
pub(super) fn long(date: NaiveDate) -> String {
    date.format("%B %-d, %Y").to_string()
}
