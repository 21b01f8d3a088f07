//! Brothers and sisters in the program, as the wrong-child guard sees them for one reader. To be declared as a sibling opens
//! nothing by itself: they may live with other parents, and a parent has the record of the own child only (34 CFR 303.407).

use crate::{
    case::{ChildId, FamilyMember, Recipient, folding::spelled},
    disclosure::{Called, NameHit, Roster, first_names, may_inspect},
    pipeline::{
        Pipeline,
        child_facts::{ChildFacts, accounted},
    },
    store::StoreError,
};

/// The siblings of a child for one reader.
pub(in crate::pipeline) struct Siblings {
    /// Those whose record the reader may have.
    near: Vec<ChildId>,
    called: Vec<Called>,
}

impl Siblings {
    /// For a recipient; without one for whoever of the family may have the child's own record.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::pipeline) async fn of(
        pipeline: &Pipeline,
        facts: &ChildFacts,
        reader: Option<&Recipient>,
    ) -> anyhow::Result<Self> {
        let mut siblings = Self { near: Vec::new(), called: Vec::new() };
        let readers: Vec<&FamilyMember> = match reader {
            Some(reader) => facts.record.family_member(reader).into_iter().collect(),
            None => facts.record.family.iter().filter(|member| member.may_receive_records).collect(),
        };
        for id in &facts.record.child.siblings_in_program {
            let theirs = match pipeline.store.children().known(id).await {
                Ok(stored) => ChildFacts::of_stored(pipeline, stored),
                // A sibling that is not here yet has no record that anybody may have.
                Err(StoreError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let near = !readers.is_empty() && readers.iter().all(|reader| may_have(pipeline, &theirs, reader));
            let child = &theirs.record.child;
            let names = std::iter::once(&child.legal_name.first).chain(&child.preferred_name);
            siblings.called.push(Called { names: names.map(ToString::to_string).collect(), near });
            if near {
                siblings.near.push(id.clone());
            }
        }
        Ok(siblings)
    }

    /// Where another child is named in these texts: by the full name or number, and a sibling by the first name too.
    pub(in crate::pipeline) fn hits(&self, roster: &Roster, facts: &ChildFacts, texts: &[String]) -> Vec<NameHit> {
        let own = &facts.record.child_id;
        let accounted = accounted(facts);
        let mut hits = roster.hits(own, &self.near, texts, &accounted);
        if !self.called.is_empty() {
            let child = &facts.record.child;
            let own_names =
                std::iter::once(child.legal_name.full()).chain(child.preferred_name.iter().map(ToString::to_string));
            let known: Vec<String> = accounted.into_iter().chain(own_names).collect();
            hits.extend(first_names(own, &self.called, texts, &known));
        }
        hits
    }
}

/// Whether a person of one family may have the record of a child of another: it is the same person there, by id or by
/// name, and nothing stands against it.
fn may_have(pipeline: &Pipeline, theirs: &ChildFacts, reader: &FamilyMember) -> bool {
    let same = |member: &&FamilyMember| {
        member.person_id == reader.person_id || spelled(&member.name.full()) == spelled(&reader.name.full())
    };
    theirs.record.family.iter().find(same).is_some_and(|member| {
        may_inspect(&Recipient::family(&member.person_id), &theirs.facts(pipeline, pipeline.now())).is_ok()
    })
}
