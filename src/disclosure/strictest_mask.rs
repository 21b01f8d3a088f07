//! What a copy would look like for somebody to whom nothing may go: under the strictest mask that there is for such a
//! reader. Whoever makes such a copy, to see it, may print it.

use std::collections::{BTreeMap, BTreeSet};

use super::{authorization::Basis, facts::Facts, protected_address, reason::Refusal};
use crate::{
    case::{Audience, PersonId, Recipient, RecordClass, Release},
    document::{Hidden, Mask},
};

/// A mask that hides at least as much as every permitted copy for this recipient would, whatever stands against it now.
///
/// # Errors
/// When something is kept private of which no text can be searched.
pub fn strictest_mask(recipient: &Recipient, facts: &Facts<'_>) -> Result<Mask, Refusal> {
    let hides = everything_of_others(recipient, facts);
    protected_address::can_be_searched_for(&protected_address::asked_of_all(facts), facts)?;
    let mask = match recipient {
        Recipient::FamilyMember { .. } => {
            Mask::parent().without_offices(protected_address::offices_kept_from(recipient, facts))
        }
        Recipient::Office { organisation_id, .. } => {
            let named = |release: &&Release| release.recipients.iter().any(|to| &to.organisation_id == organisation_id);
            let releases: Vec<&Release> = facts.record.releases.iter().filter(named).collect();
            let may_show = |class: &RecordClass| releases.iter().all(|release| release.classes.contains(class));
            let classes: BTreeSet<RecordClass> = [RecordClass::Plan].into_iter().filter(may_show).collect();
            let mask = Mask::office(Audience::Physician, classes, Some(organisation_id.clone()));
            releases.into_iter().fold(mask, Mask::and_under)
        }
    };
    Ok(mask.hiding(hides))
}

/// All that there is of every other person of the family, and what the recipient keeps from whoever else may read it.
fn everything_of_others(recipient: &Recipient, facts: &Facts<'_>) -> BTreeMap<PersonId, Hidden> {
    let all = Hidden { address: true, telephone: true, email: true, places: true, home: false };
    let asked = protected_address::asked_of_all(facts);
    let family = facts.record.family.iter().filter_map(|member| {
        let is_recipients =
            matches!(recipient, Recipient::FamilyMember { person_id } if person_id == &member.person_id);
        // An office has to reach the family: there it is what somebody asked for.
        let hidden = match recipient {
            Recipient::FamilyMember { .. } if !is_recipients => all,
            _ => asked.get(&member.person_id).copied()?,
        };
        Some((member.person_id.clone(), hidden))
    });
    let mut hides: BTreeMap<PersonId, Hidden> = family.collect();
    // Foster and kin homes, from everybody to whom nothing gives a place on the team.
    for (person, hidden) in protected_address::from(recipient, Basis::ParentCopy, facts) {
        let all = hides.entry(person).or_default();
        *all = all.and(hidden);
    }
    hides
}
