//! Calendar files beside messages: for whom, about what, and looked through before they go.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    case::{Address, Recipient},
    disclosure::Authorization,
    dispatch::{Envelope, pdf_encryption::wants_encrypted},
    document::{appointments_of, assemble::language_of, calendar_file, shows_places, unfolded},
    pipeline::{child_facts::ChildFacts, preparation::Preparation},
};

/// A calendar file.
pub(in crate::pipeline) struct CalendarFile {
    pub(in crate::pipeline) text: String,
    pub(super) appointments: u32,
    /// Whether something stands in it that another person of the family keeps private.
    pub(in crate::pipeline) tells_too_much: bool,
}

impl Preparation {
    /// The calendar file of an envelope: by e-mail, to a parent who asked for such files, about what its papers name.
    pub(in crate::pipeline) fn calendar_of(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
        authorization: &Authorization,
        made_at: DateTime<Utc>,
    ) -> Option<CalendarFile> {
        // Nothing goes in clear beside papers that open with a passphrase only.
        if !matches!(authorization.address(), Address::Email { .. }) || wants_encrypted(authorization.address()) {
            return None;
        }
        let Recipient::FamilyMember { person_id } = &envelope.recipient else { return None };
        let reader = facts.record.member(person_id).filter(|member| member.wants_calendar_files)?;
        let (record, mask) = (&facts.record, authorization.mask());
        let day = self.pipeline.day();
        let of = |part: &Envelope| appointments_of(record, &part.papers, &part.subject, mask, day);
        // A reminder and a notice may name the same appointment: it stands in the file once.
        let mut seen = BTreeSet::new();
        let parts = envelope.apart();
        let appointments: Vec<_> =
            parts.iter().flat_map(of).filter(|appointment| seen.insert(&appointment.event_id)).collect();
        if appointments.is_empty() {
            return None;
        }
        let places = shows_places(record, reader.safe_at(authorization.endpoint_id()));
        let domain = self.pipeline.program.email.split('@').next_back().unwrap_or_default();
        let said = language_of(facts.languages(), record, &envelope.recipient);
        let text = calendar_file(
            &record.child_id,
            &appointments,
            places,
            said,
            self.pipeline.program.time_zone.0,
            domain,
            made_at,
        );
        let private = mask.private(record, &self.pipeline.program, &facts.directory, &envelope.recipient);
        let tells_too_much = !private.pages(&[unfolded(&text)]).is_empty();
        Some(CalendarFile { text, appointments: u32::try_from(appointments.len()).unwrap_or(u32::MAX), tells_too_much })
    }
}
