//! Tasks that a person closes by saying that they are done. The others end by what they ask for.

use crate::{
    actor::{Actor, Permission},
    case::ChildId,
    hint::Hint,
    pipeline::{Operations, Refusal},
    store::DONE_BY_WORD,
};

impl Operations {
    /// Closes tasks because a person has done them: all of them, or none.
    ///
    /// # Errors
    /// [`Refusal`] when one is not open, ends by itself only, or is about a child that this person does not serve.
    pub async fn close_tasks(&self, tasks: &[String], by: &Actor) -> anyhow::Result<()> {
        self.pipeline.authority().allow(by, Permission::SeeBoards)?;
        let open = self.pipeline.store.service().tasks().await?;
        for id in tasks {
            let Some(task) = open.iter().find(|task| &task.task_id == id) else {
                let refusal = Refusal::not_found(format!("there is no open task {id}"));
                return Err(refusal.with_hint(Hint::ListTasks).into());
            };
            if let Some(child) = &task.child_id {
                self.pipeline
                    .authority()
                    .allow_for(by, Permission::EditRecord, &ChildId::parse(child.clone())?)
                    .await?;
            }
            if !DONE_BY_WORD.contains(&task.kind.as_str()) {
                let says =
                    format!("task {id} ({}) ends by itself when what it asks for is done: {}", task.kind, task.says);
                return Err(Refusal::conflict(says).into());
            }
        }
        for id in tasks {
            self.pipeline.store.service().close_task(id, &by.recorded(), self.pipeline.now()).await?;
            tracing::info!(task = id.as_str(), by = by.who().id(), "a person says that a task is done");
        }
        Ok(())
    }
}
