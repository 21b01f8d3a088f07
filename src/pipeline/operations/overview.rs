//! How an installation stands: one look for whoever comes in the morning.

use crate::{
    actor::{Actor, Permission},
    pipeline::{HeldInstallation, LastProof, Operations, Standing, WaitingLine},
    store::{HoldRow, StateCount},
};

/// How an installation stands.
#[derive(Debug, Clone)]
pub struct Overview {
    pub children: i64,
    /// Deliveries in each state.
    pub deliveries: Vec<StateCount>,
    /// Entries of the record of access.
    pub entries: i64,
    /// Why nothing is sent, where the installation is held.
    pub stopped: Option<String>,
    pub holds: Vec<HoldRow>,
    pub last_proof: Option<LastProof>,
    /// What waits for a person, with the one next step.
    pub waiting: Vec<WaitingLine>,
}

impl Operations {
    /// How the installation stands, and what waits for a person.
    pub async fn overview(&self, by: &Actor) -> anyhow::Result<Overview> {
        self.pipeline.authority().allow(by, Permission::SeeBoards)?;
        let store = &self.pipeline.store;
        let standing = self.pipeline.standing().await?;
        Ok(Overview {
            children: store.monitoring().child_count().await?,
            deliveries: store.monitoring().state_counts().await?,
            entries: store.ledger().ledger_head().await?.count,
            stopped: (standing != Standing::Same).then(|| HeldInstallation(standing).to_string()),
            holds: self.pipeline.stops().holds(by).await?,
            last_proof: self.last_proof().await?,
            waiting: self.waiting(by).await?,
        })
    }
}
