//! What follows from a child's death, as one: calls to make, and the household's mail that waits.

use chrono::{DateTime, Utc};

use crate::{
    case::ChildId,
    store::{
        Doing, HoldScope, NewTask, StoreError, Write,
        outcomes::Outcomes,
        service::{holds::hold_in, tasks::open_task_in},
    },
};

/// What follows from a death. Each part comes once: a task that was ever opened is not opened again.
#[derive(Debug, Clone, Default)]
pub struct AfterDeath {
    /// Tasks about the child that died.
    pub calls: Vec<NewTask>,
    /// Other children of the family.
    pub households: Vec<Household>,
}

/// A household whose mail about another child waits until a person has looked at it.
#[derive(Debug, Clone)]
pub struct Household {
    /// The other child.
    pub child_id: ChildId,
    /// The task that says so.
    pub task: NewTask,
    /// Whose mail is held. A person who lifted a hold does not find it back the next day: it comes with the task only.
    pub holds: Vec<HoldScope>,
}

impl Outcomes<'_> {
    /// Does what follows from a death and was not done yet, in one transaction.
    pub async fn follow_death(
        self,
        died: &ChildId,
        after: &AfterDeath,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if after.calls.is_empty() && after.households.is_empty() {
            return Ok(());
        }
        let mut write = self.store.write().await?;
        follow_death_in(&mut write, died, after, by, now).await?;
        write.commit().await
    }
}

/// The same within a transaction.
pub(super) async fn follow_death_in(
    write: &mut Write,
    died: &ChildId,
    after: &AfterDeath,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for call in &after.calls {
        open_once_in(write, died, call, now).await?;
    }
    for household in &after.households {
        if open_once_in(write, &household.child_id, &household.task, now).await? {
            for scope in &household.holds {
                hold_in(write, scope, "a death in the family is recorded", by, now).await?;
            }
        }
    }
    Ok(())
}

/// Opens a task unless the same one was ever opened; tells whether it is new.
async fn open_once_in(
    write: &mut Write,
    child_id: &ChildId,
    task: &NewTask,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let known: Option<(String,)> =
        sqlx::query_as("SELECT task_id FROM task WHERE child_id = $1 AND kind = $2 AND subject = $3")
            .bind(child_id.as_str())
            .bind(task.kind)
            .bind(&task.subject)
            .fetch_optional(&mut *write.tx)
            .await
            .doing("looking for a task")?;
    if known.is_some() {
        return Ok(false);
    }
    open_task_in(write, Some(child_id), task.kind, &task.subject, &task.says, now).await?;
    Ok(true)
}
