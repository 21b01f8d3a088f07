//! The program itself: `program.toml` beside the caseload.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, Line, Prose, SchemaOne, SummaryParts};

/// Who sends, from where, by which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Version of the file's shape.
    pub schema: SchemaOne,
    /// A short id, such as `tidewater`; it stands in the record of access.
    pub program_id: super::OrganisationId,
    /// Name on the letterhead.
    pub name: Line,
    /// A line under the name.
    #[serde(default)]
    pub tagline: Option<Line>,
    /// A picture for the letterhead: a file of the template folder's `letterhead/`, SVG or PNG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Line>,
    /// Street, city, state and ZIP code, a line each.
    pub address: Vec<Line>,
    /// Telephone.
    pub telephone: Line,
    /// Fax, for what comes back signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<Line>,
    /// Web page, without `https://`.
    #[serde(default)]
    pub website: Option<Line>,
    /// The sender of e-mail.
    pub email: Line,
    /// Return address on envelopes, where the name would say too much; else name and address.
    #[serde(default)]
    pub return_address: Vec<Line>,
    /// The address that stands where an address is required and a person keeps the own one private.
    #[serde(default)]
    pub substitute_address: Vec<Line>,
    /// The program's own name for the plan, such as `Individualized Family Service Plan`.
    pub plan_name: Line,
    /// IANA time zone, such as `America/New_York`.
    pub time_zone: chrono_tz_name::Zone,
    /// The state profile whose deadlines apply: `federal`, `virginia`, `florida`, `texas`, `illinois`, `new-york`,
    /// `maryland`, or the name of a file in the caseload's folder `profiles`.
    pub state_profile: Line,
    /// A synthetic program has no real people: it may use a false date, and only folders as channels.
    #[serde(default)]
    pub synthetic: bool,
    /// The date that a synthetic program's run takes for today.
    #[serde(default)]
    pub as_of: Option<Date>,
    /// Papers whose event lies before this day are left to people, so that a program can begin in mid-year.
    #[serde(default)]
    pub automatic_from: Option<Date>,
    /// Where to turn with a complaint or for help; printed with the rights.
    pub help: Vec<Help>,
    /// Which records the program keeps, where, and whom to ask for them (34 CFR 303.408).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordKept>,
    /// What the program decides for itself.
    #[serde(default)]
    pub policy: Policy,
    /// Holidays and closures, for business days and the days on which work is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Closures>,
}

/// The days on which the program does not work, besides weekends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closures {
    /// The last day that the list covers; past it nobody knows the holidays.
    pub through: Date,
    /// The days.
    pub closed: Vec<Closure>,
}

/// A day or span on which the program does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// The day, or the first one.
    pub on: Date,
    /// The last one, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What it is, such as `Thanksgiving`.
    pub name: Line,
}

/// A type of record that the program keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordKept {
    /// Which records: `plans and their signature pages`.
    pub records: Line,
    /// Where they are kept.
    pub place: Line,
    /// Whom to ask, by office or title.
    pub ask: Line,
}

/// An office that helps families.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// Name.
    pub name: Line,
    /// What it does for a family.
    pub about: Prose,
    /// Telephone.
    pub telephone: Line,
}

/// The program's own choices. Each has a default that errs on the careful side.
#[expect(clippy::struct_excessive_bools, reason = "independent choices of a program, each a key of its file")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Day of the month on which the family's reminder is due, 1 to 28.
    #[schemars(range(min = 1, max = 28))]
    pub reminder_day: u32,
    /// Calendar days after a meeting within which parents have their copy, where the state sets none.
    #[schemars(range(min = 0, max = 45))]
    pub parent_copy_calendar_days: u32,
    /// Ask for a release before a plan goes to a participating agency.
    pub team_copy_needs_release: bool,
    /// Whether the program is a covered entity under HIPAA: its accounting of disclosures bears that law's name.
    pub under_hipaa: bool,
    /// How far back a contact summary looks, in calendar days.
    #[schemars(range(min = 1, max = 366))]
    pub summary_calendar_days: u32,
    /// Calendar days that parents have to object in writing to the notice to the district after they were told, in a
    /// state that lets them (34 CFR 303.401(e)).
    #[schemars(range(min = 1, max = 90))]
    pub objection_calendar_days: u32,
    /// Calendar days that a letter takes: they are added to a period that begins with one, such as the parents' time to
    /// object to the notice to the district.
    #[schemars(range(min = 0, max = 15))]
    pub mailing_calendar_days: u32,
    /// What a written objection does that comes after the parents' time and before the notice has left.
    pub late_objection: LateObjection,
    /// Age in months until which the adjusted age of a premature child is printed, where the state sets none.
    #[schemars(range(min = 0, max = 36))]
    pub adjusted_age_months: u8,
    /// Calendar days after its receipt within which an order is read. Until a person has read it, it holds the mail of the
    /// persons whom it may concern; after these days it is a supervisor's.
    #[schemars(range(min = 0, max = 30))]
    pub unread_order_calendar_days: u32,
    /// What was withheld goes by itself when it becomes permitted within this many calendar days; later a person decides.
    #[schemars(range(min = 0, max = 90))]
    pub release_within_calendar_days: u32,
    /// How long before its due date a duty is warned of.
    #[schemars(range(min = 0, max = 90))]
    pub warn_calendar_days: u32,
    /// What this program means by "as soon as possible" where no rule counts days.
    #[schemars(range(min = 1, max = 45))]
    pub as_soon_as_possible_calendar_days: u32,
    /// From a referral to the first contact with the family.
    #[schemars(range(min = 1, max = 45))]
    pub first_contact_calendar_days: u32,
    /// From an attempt that did not reach the family to the next one.
    #[schemars(range(min = 1, max = 45))]
    pub next_attempt_calendar_days: u32,
    /// From the day on which a child needs a surrogate parent to the assignment: reasonable efforts within 30 days
    /// (34 CFR 303.422(g)).
    #[schemars(range(min = 1, max = 90))]
    pub surrogate_calendar_days: u32,
    /// Written notice before a meeting, where the state counts no days ("early enough", 34 CFR 303.342(d)(2)).
    #[schemars(range(min = 1, max = 45))]
    pub meeting_notice_calendar_days: u32,
    /// Prior written notice before an action, where the state counts no days ("a reasonable time", 34 CFR 303.421).
    #[schemars(range(min = 1, max = 45))]
    pub prior_notice_calendar_days: u32,
    /// An interpreter is booked this long before a meeting.
    #[schemars(range(min = 0, max = 45))]
    pub interpreter_calendar_days: u32,
    /// A contact that reaches the family in every so many months, where the state sets none; 0 for none.
    #[schemars(range(min = 0, max = 12))]
    pub contact_every_months: u8,
    /// From the request for a review to the review.
    #[schemars(range(min = 1, max = 90))]
    pub requested_review_calendar_days: u32,
    /// A provider's progress report before a review, where the state counts no days; 0 for none.
    #[schemars(range(min = 0, max = 60))]
    pub progress_report_calendar_days: u32,
    /// From asking a physician for a certification to asking again.
    #[schemars(range(min = 1, max = 90))]
    pub certification_calendar_days: u32,
    /// A release is renewed from this long before it expires.
    #[schemars(range(min = 1, max = 120))]
    pub release_renewal_calendar_days: u32,
    /// Whether this program's state asks for a new look at eligibility each year.
    pub annual_eligibility: bool,
    /// A family's postal address that nobody has confirmed for so many calendar days waits for a person.
    #[schemars(range(min = 30, max = 3660))]
    pub address_good_calendar_days: u32,
    /// How good a translation must be before a family gets its paper in it. Until it is, the English copy goes at once, with a
    /// cover in the family's language that offers an interpreter.
    pub translation_at_least: Translation,
    /// Whether packets are printed on both sides: each part then begins on a right-hand page.
    pub print_on_both_sides: bool,
    /// Which parts a contact summary has, by audience.
    pub contact_summary: SummaryParts,
    /// How a parent's report of access shows that staff looked at the record.
    pub staff_views_for_parents: StaffViews,
}

/// What an objection to the notice to the district does that comes late (34 CFR 303.401(e) speaks of those in time).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LateObjection {
    /// It counts like one in time.
    Honor,
    /// The notice is held, and a supervisor decides.
    #[default]
    Decide,
}

/// How a parent's report of access shows that staff looked at the record. 34 CFR 303.406 excepts authorized representatives
/// and employees of the participating agency; a program may say more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffViews {
    /// Not at all.
    #[default]
    None,
    /// Each look with what the person does, such as `service coordinator`.
    Positions,
    /// Each look with the person's name.
    Names,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            reminder_day: 15,
            parent_copy_calendar_days: 15,
            team_copy_needs_release: false,
            under_hipaa: false,
            summary_calendar_days: 31,
            objection_calendar_days: 10,
            mailing_calendar_days: 3,
            late_objection: LateObjection::Decide,
            adjusted_age_months: 24,
            unread_order_calendar_days: 5,
            release_within_calendar_days: 14,
            warn_calendar_days: 14,
            as_soon_as_possible_calendar_days: 7,
            first_contact_calendar_days: 5,
            next_attempt_calendar_days: 7,
            surrogate_calendar_days: 30,
            meeting_notice_calendar_days: 10,
            prior_notice_calendar_days: 10,
            interpreter_calendar_days: 7,
            contact_every_months: 1,
            requested_review_calendar_days: 30,
            progress_report_calendar_days: 14,
            certification_calendar_days: 14,
            release_renewal_calendar_days: 30,
            annual_eligibility: false,
            address_good_calendar_days: 365,
            translation_at_least: Translation::Machine,
            print_on_both_sides: true,
            contact_summary: SummaryParts::default(),
            staff_views_for_parents: StaffViews::None,
        }
    }
}

/// How good a translation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Translation {
    /// Made by a machine, which the page says.
    Machine,
    /// Read and corrected by a person who knows the language.
    Human,
    /// Certified by a qualified translator.
    Certified,
}

/// A time zone by its IANA name.
pub mod chrono_tz_name {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde::{Deserialize, Serialize};

    /// An IANA time zone.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(try_from = "String", into = "String")]
    pub struct Zone(pub chrono_tz::Tz);

    impl TryFrom<String> for Zone {
        type Error = &'static str;

        fn try_from(name: String) -> Result<Self, Self::Error> {
            name.parse().map(Self).map_err(|_| "is no IANA time zone such as America/New_York")
        }
    }

    impl From<Zone> for String {
        fn from(zone: Zone) -> Self {
            zone.0.name().to_owned()
        }
    }

    impl JsonSchema for Zone {
        fn schema_name() -> Cow<'static, str> {
            "Zone".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "description": "IANA time zone such as America/New_York." })
        }
    }
}
