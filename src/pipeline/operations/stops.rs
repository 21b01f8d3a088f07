//! What stops more than one child's mail, and who lets it go again: holds, paused channels, paused addresses.

use std::collections::BTreeSet;

use crate::{
    actor::{Actor, Permission, RecordedActor},
    hint::Hint,
    pipeline::{HeldNow, Refusal, operations::Stops},
    store::{HoldRow, HoldScope, PauseRow},
};

/// What is paused until a person lets it go on.
#[derive(Debug, Clone)]
pub struct Pauses {
    pub channels: Vec<PauseRow>,
    pub addresses: Vec<PauseRow>,
}

impl Stops {
    /// Holds what is sent to a recipient, of a kind, by a schedule, or all of it, and tells what was being sent at that
    /// moment.
    pub async fn hold(&self, scope: &HoldScope, reason: &str, by: &Actor) -> anyhow::Result<HeldNow> {
        self.pipeline.authority().allow(by, Permission::RecordStop)?;
        let is_new = self.pipeline.store.service().hold(scope, reason, &by.recorded(), self.pipeline.now()).await?;
        Ok(HeldNow { is_new, on_its_way: self.pipeline.intake().on_its_way(|_| true).await? })
    }

    /// Lifts such a hold.
    ///
    /// # Errors
    /// [`Refusal`] when this person may not, or nothing of the kind is held.
    pub async fn lift_hold(&self, scope: &HoldScope, reason: &str, by: &Actor) -> anyhow::Result<()> {
        self.pipeline.authority().allow_for_all(by, Permission::LiftProgramHold)?;
        let now = self.pipeline.now();
        let held = self.pipeline.store.service().release_hold(scope, reason, &by.recorded(), now).await?;
        if held {
            Ok(())
        } else {
            Err(Refusal::conflict(format!("{scope} is not held")).with_hint(Hint::ShowStatus).into())
        }
    }

    /// What is held beside single children, with the name of who holds it.
    pub async fn holds(&self, by: &Actor) -> anyhow::Result<Vec<HoldRow>> {
        self.pipeline.authority().allow(by, Permission::SeeBoards)?;
        let mut holds = self.pipeline.store.service().holds().await?;
        for hold in &mut holds {
            hold.held_by = RecordedActor::parse(&hold.held_by).shown();
        }
        Ok(holds)
    }

    /// Channels and addresses that send nothing until a person resumes them.
    pub async fn pauses(&self, by: &Actor) -> anyhow::Result<Pauses> {
        self.pipeline.authority().allow(by, Permission::SeeBoards)?;
        let service = self.pipeline.store.service();
        Ok(Pauses { channels: service.paused_channels().await?, addresses: service.paused_endpoints().await? })
    }

    /// Lets a channel send again; gives whether it was paused.
    ///
    /// # Errors
    /// [`Refusal`] when this person may not, or there is no such channel.
    pub async fn resume_channel(&self, name: &str, by: &Actor) -> anyhow::Result<bool> {
        self.pipeline.authority().allow_for_all(by, Permission::Operate)?;
        let names: BTreeSet<_> = self.pipeline.channels.values().map(|channel| channel.name()).collect();
        if !names.contains(name) {
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            let refusal = Refusal::not_found(format!("there is no channel {name}; there are: {names}"));
            return Err(refusal.with_hint(Hint::ListChannels).into());
        }
        Ok(self.pipeline.store.service().resume_channel(name, &by.recorded(), self.pipeline.now()).await?)
    }

    /// Lets an address be used again; gives whether it was paused.
    pub async fn resume_address(&self, endpoint: &str, by: &Actor) -> anyhow::Result<bool> {
        self.pipeline.authority().allow_for_all(by, Permission::Operate)?;
        Ok(self.pipeline.store.service().resume_endpoint(endpoint, &by.recorded(), self.pipeline.now()).await?)
    }
}
