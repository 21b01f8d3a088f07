//! Notices that a rule asks for: before a change, to the school district, about the notice to the district.

use schemars::JsonSchema;
use serde::Serialize;

use super::{HelpLine, Page, Rights};

/// View of `prior-written-notice` (34 CFR 303.421), with the safeguards in the same file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PriorWrittenNoticeView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// `begin`, `change`, `end`, `refuse_to_begin` or `refuse_to_change`.
    pub action: String,
    /// `identification`, `evaluation`, `placement` or `service`.
    pub matter: String,
    /// What exactly.
    pub what: String,
    /// Why.
    pub reasons: String,
    /// The day on which the program decided it.
    pub decided_on: String,
    /// The day on which it takes effect; absent for a refusal.
    pub effective_on: Option<String>,
    /// The service line it is about, as it stands now.
    pub service: Option<String>,
    /// The safeguards that go with it.
    pub rights: Rights,
}

/// The whole of `lea-notice` and `sea-notice` (34 CFR 303.209(b), 303.401(d)).
///
/// The rule allows the child's name and birth date and the parents' names, addresses and telephone numbers. There is
/// no field for anything else: no page header, no program number, no coordinator. The sender is a program and a number.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LimitedNoticeView {
    /// Language of the labels.
    pub language: String,
    /// The office that gets it.
    pub to: String,
    /// The program that sends it.
    pub sender: String,
    /// The program's telephone.
    pub sender_telephone: String,
    /// The day printed on it.
    pub printed_on: String,
    /// The same as `YYYY-MM-DD`.
    pub printed_on_iso: String,
    /// The child's name.
    pub child_name: String,
    /// The child's birth date.
    pub birth_date: String,
    /// The parents.
    pub parents: Vec<LimitedParent>,
}

/// A parent on the limited notice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LimitedParent {
    /// Name.
    pub name: String,
    /// Address, a line each; empty where none is known.
    pub address: Vec<String>,
    /// Telephone.
    pub telephone: Option<String>,
}

/// View of `opt-out-information` (34 CFR 303.401(e)): what will be sent, to whom, by when, and how to object.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OptOutView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// The offices that would get the notice.
    pub offices: Vec<String>,
    /// The last day on which it goes in time.
    pub by: String,
    /// The last day for an objection.
    pub back_by: String,
    /// The notice itself, as it would be sent.
    pub notice: LimitedNoticeView,
    /// The third birthday.
    pub third_birthday: String,
    /// Who helps.
    pub help: Vec<HelpLine>,
}
