//! The worklist: everything that waits for a person, with its owner, the days that are left and the one next step.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    actor::Actor,
    case::{CaseRecord, ChildId, Directory},
    dispatch::StateName,
    pipeline::{PULL, WaitingLine, operations::Operations},
};

/// One line of the worklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkLine {
    /// What waits: a dispatch or a task.
    #[serde(flatten)]
    pub line: WaitingLine,
    /// Whose it is: the child's coordinator. Without one it is the supervisor's.
    pub owner: Option<String>,
    /// The last day in time, where there is one.
    pub due_on: Option<NaiveDate>,
    /// Calendar days to that day; below zero it is late.
    pub calendar_days_left: Option<i64>,
}

/// The coordinator of a child, by id and by name.
struct Owner {
    id: String,
    name: String,
}

impl Operations {
    /// Everything that waits: letters that must not be mailed first, then held and withheld sends by the day on which
    /// they are due, then open tasks. `mine` keeps what belongs to one coordinator, named by id or by a part of the name.
    pub async fn worklist(&self, mine: Option<&str>, by: &Actor) -> anyhow::Result<Vec<WorkLine>> {
        let due: BTreeMap<String, NaiveDate> = self
            .pipeline
            .store
            .monitoring()
            .waiting()
            .await?
            .into_iter()
            .map(|row| (row.dispatch_id, row.due_on))
            .collect();
        let printed = StateName::Printed.as_str();
        let mut owners: BTreeMap<String, Option<Owner>> = BTreeMap::new();
        let mut lines = Vec::new();
        for line in self.waiting(by).await? {
            // The stack as a whole is one piece of work, which `status` shows; here it would bury the rest.
            if line.what == printed {
                continue;
            }
            let owner = match &line.child {
                Some(child) => {
                    if !owners.contains_key(child) {
                        owners.insert(child.clone(), self.owner_of(child).await?);
                    }
                    owners[child].as_ref()
                }
                None => None,
            };
            if mine.is_some_and(|mine| !owner.is_some_and(|owner| owner.is(mine))) {
                continue;
            }
            let due_on = due.get(&line.id).copied();
            lines.push(WorkLine {
                owner: owner.map(|o| o.id.clone()),
                calendar_days_left: due_on.map(|due| (due - self.pipeline.day()).num_days()),
                due_on,
                line,
            });
        }
        lines.sort_by_key(|l| (l.line.what != PULL, l.due_on.is_none(), l.due_on));
        Ok(lines)
    }

    async fn owner_of(&self, child: &str) -> anyhow::Result<Option<Owner>> {
        let record = self.pipeline.store.children().child(&ChildId::parse(child)?).await?.record;
        let (directory, _) = self.pipeline.store.children().directory().await?;
        Ok(owner(&record, &directory, self.pipeline.day()))
    }
}

fn owner(record: &CaseRecord, directory: &Directory, day: NaiveDate) -> Option<Owner> {
    let id = record.coordinator_on(day)?;
    let name = directory.professional(id).map(|p| p.name.full()).unwrap_or_default();
    Some(Owner { id: id.to_string(), name })
}

impl Owner {
    fn is(&self, mine: &str) -> bool {
        self.id == mine || (!mine.is_empty() && self.name.to_lowercase().contains(&mine.to_lowercase()))
    }
}
