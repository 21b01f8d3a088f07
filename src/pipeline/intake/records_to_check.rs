//! What is odd about a record and may be real: it is taken in, and a person is asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    case::{
        ChildId,
        import::{Problem, Source, Taken},
    },
    hint::Hint,
    pipeline::intake::Intake,
    store::{Asked, StoreError},
};

/// The kind of task that asks about a field of a record.
const RECORD: &str = "record-to-check";
/// The kind of task that asks about the brothers and sisters whom a record names.
const SIBLINGS: &str = "siblings-to-check";

impl Intake {
    /// Adds what is odd about a record to what its facts ask for, and tells it for the report.
    pub(super) async fn asks_to_check(
        &self,
        taken: &Taken,
        source: &Source,
        asked: &mut Asked,
    ) -> anyhow::Result<Vec<Problem>> {
        let record = &taken.record;
        let mut problems: Vec<Problem> = taken.to_check.iter().map(|odd| odd.problem.clone()).collect();
        let mut tasks: BTreeMap<String, String> = BTreeMap::new();
        for odd in &taken.to_check {
            let Problem { field, says, .. } = &odd.problem;
            let says = format!(
                "`{field}` {says}. Correct it and import the record again. Where it is right as it is, run \
                {}.",
                Hint::CloseTask
            );
            tasks.entry(odd.about.clone()).and_modify(|known| *known = format!("{known} {says}")).or_insert(says);
        }
        for namesake in self.pipeline.store.children().namesakes(record).await? {
            let says = format!("has the same name and birth date as child {namesake}");
            let asks = format!(
                "Where both are one child, take one of the two records out of the source system. Where they are two, run {}.",
                Hint::CloseTask
            );
            tasks.insert(format!("same name as {namesake}"), format!("This child {says}. {asks}"));
            problems.push(source.problem("child.legal_name", format!("{says}; check whether both are one child")));
        }
        asked.insert(RECORD, tasks);
        // A record that names no brother or sister any more ends the questions about those it named.
        if record.child.siblings_in_program.is_empty() {
            asked.insert(SIBLINGS, BTreeMap::new());
        }
        Ok(problems)
    }

    /// Brothers and sisters whom these children's records name: known here, and of one mind. What a record says of them
    /// weakens the search for other children's names.
    pub(super) async fn look_at_siblings(&self, children: Vec<ChildId>) -> anyhow::Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for child_id in children.into_iter().collect::<BTreeSet<_>>() {
            let known = match self.pipeline.store.children().child(&child_id).await {
                Ok(row) => row,
                Err(StoreError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let mut tasks = BTreeMap::new();
            for sibling in &known.record.child.siblings_in_program {
                let says = match self.pipeline.store.children().child(sibling).await {
                    Ok(other) if other.record.child.siblings_in_program.contains(&child_id) => continue,
                    Ok(_) => "does not name this child as a brother or sister",
                    Err(StoreError::NotFound { .. }) => "is not known here",
                    Err(error) => return Err(error.into()),
                };
                let says = format!("child {sibling} {says}");
                let asks = format!(
                    "Correct `child.siblings_in_program` of one of the two and import again. Where it is right as it is \
                     (another program, a closed record), run {}.",
                    Hint::CloseTask
                );
                tasks.insert(sibling.to_string(), format!("This record names a brother or sister: {says}. {asks}"));
                let problem = Problem::of_file(&format!("child {child_id}"), format!("{says}; check both records"));
                problems.push(Problem { field: "child.siblings_in_program".into(), ..problem });
            }
            let asked = Asked::from([(SIBLINGS, tasks)]);
            self.pipeline.store.service().keep_tasks(&child_id, &asked, self.pipeline.now()).await?;
        }
        Ok(problems)
    }
}
