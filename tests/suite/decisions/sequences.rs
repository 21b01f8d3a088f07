//! Whatever happens to a child, in whatever order: what left had a valid authorization at that instant.

use earlypost::case::{CourtOrder, Fact, IfspStatus, Line, OrderEffect};
use proptest::prelude::*;

use crate::{
    due::samples::{date, id},
    harness::{MAYA, World, by},
};

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A new version of the plan is imported: everybody is owed a copy.
    NewVersion,
    Run,
    /// A tick without an import.
    Tick,
    MailTheStack,
    Revoke,
    RevokeAloud,
    Keep,
    DenyTheFather,
    TheOrderEnds,
    FosterHomeEnds,
    FosterHomeAgain,
    Hold,
    Lift,
    Death,
}

const STEPS: [Step; 14] = [
    Step::NewVersion,
    Step::Run,
    Step::Tick,
    Step::MailTheStack,
    Step::Revoke,
    Step::RevokeAloud,
    Step::Keep,
    Step::DenyTheFather,
    Step::TheOrderEnds,
    Step::FosterHomeEnds,
    Step::FosterHomeAgain,
    Step::Hold,
    Step::Lift,
    Step::Death,
];

/// What was recorded, told apart from the program.
#[expect(clippy::struct_excessive_bools, reason = "each may be so or not, whatever the others are")]
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    revoked: bool,
    aloud: bool,
    denied: bool,
    placement_ended: bool,
    held: bool,
    died: bool,
}

impl Known {
    fn allows(self, recipient: &str) -> bool {
        !self.held
            && !self.died
            && match recipient {
                "office:ghent-pediatrics/dr-osei" => !self.revoked && !self.aloud,
                "family:0417-father" => !self.denied && !self.placement_ended,
                _ => true,
            }
    }
}

struct Story {
    world: World,
    known: Known,
    versions: u32,
    mailed: usize,
    printed: usize,
}

fn order(effect: OrderEffect) -> Fact {
    Fact::OrderReceived {
        order: CourtOrder {
            order_id: id("order"),
            received_on: date("2026-11-20"),
            effective_on: date("2026-11-20"),
            expires_on: None,
            effect: Some(effect),
            verified_by: None,
            persons: vec![id("0417-father")],
        },
    }
}

impl Story {
    fn begin() -> Self {
        let world = World::with(&[MAYA]);
        // The father is a foster father, so that a placement may end.
        world.edit(MAYA, |record| record.family[1].parent_role = earlypost::case::ParentRole::Foster);
        world.import();
        Self { world, known: Known::default(), versions: 1, mailed: 0, printed: 0 }
    }

    fn record(&self, fact: &Fact) {
        let child = crate::harness::child(MAYA);
        self.world.runtime.block_on(self.world.pipeline.intake().record(&child, fact, by("a test"))).unwrap();
    }

    fn step(&mut self, step: Step) {
        let release_id = || id("0417-release-ghent");
        match step {
            Step::NewVersion => {
                self.versions += 1;
                let version = self.versions;
                self.world.edit(MAYA, |record| {
                    let mut newest = record.ifsps.last().unwrap().clone();
                    record.ifsps.last_mut().unwrap().status = IfspStatus::Superseded;
                    newest.version = version;
                    newest.meeting_event_id = id(&format!("0417-meeting-{version}"));
                    newest.meeting_method = Line::parse(format!("at home, for version {version}")).unwrap();
                    record.ifsps.push(newest);
                });
                self.world.import();
            }
            Step::Run => drop(self.world.run()),
            Step::Tick => {
                self.world.deliver();
                self.world.runtime.block_on(self.world.pipeline.print_room().review_printed()).unwrap();
            }
            Step::MailTheStack => self.mail(),
            Step::Revoke => {
                self.known.revoked = true;
                self.record(&Fact::ReleaseRevoked { release_id: release_id() });
            }
            Step::RevokeAloud => {
                self.known.aloud = true;
                self.record(&Fact::ReleaseRevokedOrally { release_id: release_id() });
            }
            Step::Keep => {
                self.known.aloud = false;
                let because = Line::parse("it stands").unwrap();
                self.record(&Fact::ReleaseKept { release_id: release_id(), because });
            }
            Step::DenyTheFather => {
                self.known.denied = true;
                self.record(&order(OrderEffect::DenyAccess));
            }
            Step::TheOrderEnds => {
                self.known.denied = false;
                self.record(&order(OrderEffect::DenyAddress));
            }
            Step::FosterHomeEnds => {
                self.known.placement_ended = true;
                self.record(&Fact::PlacementEnded { person_id: id("0417-father"), on: date("2026-11-20") });
            }
            Step::FosterHomeAgain => {
                self.known.placement_ended = false;
                self.record(&Fact::PlacementBegan { person_id: id("0417-father"), on: date("2026-11-20") });
            }
            Step::Hold => {
                self.known.held = true;
                self.record(&Fact::Held { reason: "a question".to_owned() });
            }
            Step::Lift => {
                self.known.held = false;
                self.record(&Fact::HoldLifted { reason: "answered".to_owned() });
            }
            Step::Death => {
                self.known.died = true;
                self.record(&Fact::Died);
            }
        }
        self.check(step);
    }

    /// A clerk says of every letter in the stack that it was mailed; what may not go is refused.
    fn mail(&self) {
        let world = &self.world;
        for row in world.runtime.block_on(world.pipeline.store.monitoring().printed()).unwrap() {
            let recipient = row.envelope.recipient.to_string();
            let mailed = world.marks_mailed(&row.dispatch_id).is_ok();
            assert!(!mailed || self.known.allows(&recipient), "mailed to {recipient} with {:?}", self.known);
        }
    }

    /// What was handed to a channel since the last look was allowed at that instant, the record says on what it rests,
    /// and every printed letter that may not go is on the pull list.
    fn check(&mut self, step: Step) {
        let world = &self.world;
        let (mail, post) = (world.mail.given(), world.post.given());
        for given in mail[self.mailed..].iter().chain(&post[self.printed..]) {
            assert!(self.known.allows(&given.recipient), "{step:?} sends to {} with {:?}", given.recipient, self.known);
        }
        (self.mailed, self.printed) = (mail.len(), post.len());
        for entry in world.disclosures(MAYA) {
            assert!(entry.basis.is_some() && entry.decided_at.is_some(), "{entry:?}");
        }
        for row in world.runtime.block_on(world.pipeline.store.monitoring().printed()).unwrap() {
            let listed =
                world.runtime.block_on(world.pipeline.store.outcomes().pulled(&row.dispatch_id)).unwrap().is_some();
            let recipient = row.envelope.recipient.to_string();
            assert!(listed || self.known.allows(&recipient), "{recipient} after {step:?} with {:?}", self.known);
        }
    }
}

/// Nothing leaves unless something ran: a story runs often, and ends with a run.
fn stories() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Run),
        2 => Just(Step::NewVersion),
        5 => prop::sample::select(STEPS[2..].to_vec()),
    ];
    prop::collection::vec(step, 6..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, max_shrink_iters: 8, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_leaves_without_a_valid_authorization(steps in stories()) {
        let mut story = Story::begin();
        for step in steps.into_iter().chain([Step::Run, Step::MailTheStack]) {
            story.step(step);
        }
        story.world.leaves_open(earlypost::dispatch::StateName::Queued);
        story.world.verify();
    }
}

#[test]
fn a_plain_story_sends_to_everybody_and_a_later_refusal_counts() {
    let mut story = Story::begin();
    story.step(Step::Run);
    assert!(story.mailed > 1 && story.printed > 0, "mother, physician and agency by mail; the father on paper");
    for step in [Step::Revoke, Step::DenyTheFather, Step::NewVersion, Step::Run] {
        story.step(step);
    }
    let to_doctor = story.world.mail.given_to("office:ghent-pediatrics/dr-osei").len();
    assert_eq!(to_doctor, 1, "the first version only");
}
