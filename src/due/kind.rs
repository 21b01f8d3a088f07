//! Kinds of duties. Each names the rule that it rests on; what the rules leave to a state or a program is data.

use serde::{Deserialize, Serialize};

use super::obligation::named_enum;

named_enum! {
    /// A kind of duty.
    ObligationKind {
        /// Parents get each plan, free, as soon as possible after the meeting: 34 CFR 303.409(c).
        PlanToParent => "plan-to-parent", "Copy of the plan to the parents";
        /// The physician gets the plan, as far as a release covers it: 34 CFR 303.7, 303.414.
        PlanToPhysician => "plan-to-physician", "Plan to the physician";
        /// Each agency gets the lines that it delivers: 34 CFR 303.344(d), (f), 303.414(b).
        PlanToAgency => "plan-to-agency", "Authorization to the agency";
        /// A withdrawn consent ends an authorization the same day: 34 CFR 303.420, 303.7(c).
        StopService => "stop-service", "Stop notice to the agency";
        /// A summary that was promised in a contact note.
        SummaryOfContact => "summary-of-contact", "Summary of a contact";
        /// The family's transition packet within the window: 34 CFR 303.209, 303.344(h).
        TransitionPacketToFamily => "transition-packet-to-family", "Transition packet to the family";
        /// The monthly reminder, by the program's own cadence.
        MonthlyReminder => "monthly-reminder", "Monthly reminder";
        /// Evaluation, assessment and initial meeting within 45 days of referral, days that do not count left out:
        /// 34 CFR 303.310(a), (b).
        InitialMeeting => "initial-meeting", "Initial IFSP meeting (45 days)";
        /// Evaluation after an interim plan, still within the 45 days: 34 CFR 303.345(c).
        InterimEvaluation => "interim-evaluation", "Evaluation after the interim plan";
        /// Review every six months: 34 CFR 303.342(b).
        SixMonthReview => "six-month-review", "Six-month review";
        /// Annual meeting: 34 CFR 303.342(c).
        AnnualMeeting => "annual-meeting", "Annual meeting";
        /// Transition conference within the window: 34 CFR 303.209(c).
        TransitionConference => "transition-conference", "Transition conference";
        /// Notice to the school district not fewer than 90 days before the third birthday: 34 CFR 303.209(b).
        LeaNotice => "lea-notice", "Notice to the school district";
        /// A paper that a person asked for by hand.
        OnRequest => "on-request", "Asked for by hand";
        /// The first contact with the family after a referral; the day count is the state's or the program's own.
        FirstContact => "first-contact", "First contact with the family";
        /// Another attempt after one that did not reach the family: attempts are repeated and documented,
        /// 34 CFR 303.310(b)(2).
        NextAttempt => "next-attempt", "Another attempt to reach the family";
        /// A parent's consent before the evaluation: 34 CFR 303.420(a)(2).
        EvaluationConsent => "evaluation-consent", "Parent's consent to the evaluation";
        /// Parents get each evaluation and assessment, free: 34 CFR 303.409(c).
        EvaluationToParent => "evaluation-to-parent", "Copy of an evaluation or assessment to the parents";
        /// Each service starts as soon as possible after the parent's consent to it: 34 CFR 303.342(e), 303.344(f)(1).
        /// An authorization does not meet it; the first session does.
        ServiceStart => "service-start", "First session of a service";
        /// A physician's certification is asked for. Whether a state wants one is the program's entry in the record.
        CertificationRequest => "certification-request", "Certification asked of the physician";
        /// The physician's answer comes, or somebody asks again.
        CertificationAnswer => "certification-answer", "Physician's certification, to be chased";
        /// A review that the family or a provider asked for: 34 CFR 303.342(b)(1).
        ReviewAskedFor => "review-asked-for", "Review that was asked for";
        /// A provider's progress report before a review or annual meeting, where state or program ask for one.
        ProgressReport => "progress-report", "Progress report of the agency";
        /// The agency is reminded of its report before a review. The reminder is no report: only the report meets that duty.
        ProgressReportReminder => "progress-report-reminder", "Reminder of a progress report to the agency";
        /// Eligibility is looked at again each year, where the program's state asks for it.
        AnnualEligibility => "annual-eligibility", "Annual look at eligibility";
        /// Written notice of a meeting, early enough to attend: 34 CFR 303.342(d)(2).
        MeetingNotice => "meeting-notice", "Written notice of a meeting";
        /// An interpreter for a meeting in the family's language: 34 CFR 303.342(d)(1).
        InterpreterBooked => "interpreter-booked", "Interpreter for a meeting";
        /// Prior written notice a reasonable time before a proposal or refusal takes effect: 34 CFR 303.421.
        PriorWrittenNotice => "prior-written-notice", "Prior written notice";
        /// Steps for the transition stand in the plan within the window: 34 CFR 303.209(d).
        TransitionPlan => "transition-plan", "Transition steps in the plan";
        /// Notice to the state education agency: 34 CFR 303.209(b).
        SeaNotice => "sea-notice", "Notice to the state education agency";
        /// Parents are told what will go to the district and how to object: 34 CFR 303.401(e).
        OptOutInformation => "opt-out-information", "Parents told of the notice and how to object";
        /// A child referred fewer than 45 days before three goes to the district, with the parents' consent:
        /// 34 CFR 303.209(b)(1)(iii).
        LateReferral => "late-referral", "Late referral to the school district, with consent";
        /// Every family hears of preschool services; a child with a plan gets it in the transition packet.
        PreschoolInformation => "preschool-information", "Preschool information to the family";
        /// A contact that reached the family in each period; 12VAC35-225-170(C)(6) in Virginia, else the program's own
        /// cadence or the child's. A reminder is no contact.
        FamilyContact => "family-contact", "Contact with the family";
        /// Something that was promised in a contact note, by the day that was promised.
        FollowUp => "follow-up", "Follow-up promised in a contact";
        /// The note of a contact is written and signed in time; the day count is the state's (12VAC35-225-180).
        ContactNote => "contact-note", "Contact note to be signed";
        /// The family hears who its new coordinator is; its coordinator stands in the plan, 34 CFR 303.344(g).
        CoordinatorChange => "coordinator-change", "Family told of its new coordinator";
        /// A release is renewed before it expires, where it is still needed; by the program's own policy.
        ReleaseExpiring => "release-expiring", "Release about to expire";
        /// A child without a parent who can act has a surrogate assigned: 34 CFR 303.422.
        SurrogateAssignment => "surrogate-assignment", "Surrogate parent assigned";
        /// A parent's request to see the record: 34 CFR 303.405(a).
        RecordInspection => "record-inspection", "Record shown to the parent";
        /// Services end the day before the third birthday unless an extension was chosen: 34 CFR 303.209, 303.211.
        Exit => "exit", "End of services at three";
        /// The child outcomes rating at exit, where the state asks for it (Virginia: 12VAC35-225-200).
        OutcomesRating => "outcomes-rating", "Child outcomes rating at exit";
    }
}

impl ObligationKind {
    /// Whether it is optional mail: a parent may decline it. Every other paper is required and goes in any case.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self == Self::MonthlyReminder
    }
}
