//! Counts what became of everything that a run answers for.

use std::collections::BTreeSet;

use super::run_report::DispatchLine;
use crate::{
    pipeline::{
        Balance,
        balance::{Asked, Promised},
        operations::Operations,
    },
    store::{DispatchRow, OpenDispatch},
};

impl Operations {
    /// Accounts for the lines that somebody asked for.
    pub(super) async fn account_for_asked(&self, asked: &Asked) -> anyhow::Result<(Balance, Vec<DispatchLine>)> {
        let mut balance = Balance::opened(asked.due as u64, 0);
        balance.shared = (asked.placed - asked.ids.len()) as u64;
        let mut lines = Vec::new();
        for id in &asked.ids {
            let row = self.pipeline.store.outbox().dispatch(id).await?;
            balance.count(row.state, 0);
            lines.push(DispatchLine::from(&row));
        }
        Ok((balance.closed(), lines))
    }

    /// Accounts for what was open when the run began and what it made, each once, a page at a time: a large
    /// run must not hold all its rows at once. What was open cannot have been made by this run.
    pub(super) async fn account_for(
        &self,
        open_before: &[OpenDispatch],
        promised: &Promised,
        run_id: &str,
    ) -> anyhow::Result<(Balance, Vec<DispatchLine>)> {
        let open_lines = open_before.iter().map(|open| open.duties).sum();
        let mut balance = Balance::opened(promised.due(), open_lines);
        let mut lines = Vec::new();
        let mut counted = BTreeSet::new();
        let mut count = |row: &DispatchRow| {
            if counted.insert(row.dispatch_id.clone()) {
                balance.count(row.state, row.envelope.shares.len());
                lines.push(DispatchLine::from(row));
            }
        };
        for open in open_before {
            count(&self.pipeline.store.outbox().dispatch(&open.dispatch_id).await?);
        }
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.monitoring().made_by_run(run_id, &after, 200).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.dispatch_id);
            page.iter().for_each(&mut count);
        }
        // What was taken apart meanwhile belongs to the run that made it, and is accounted for where it was open.
        for open in open_before.iter().filter(|open| open.duties > 1) {
            self.pipeline.store.monitoring().taken_from(&open.dispatch_id).await?.iter().for_each(&mut count);
        }
        let balance = balance.closed();
        lines.sort_by(|a, b| (&a.child, &a.id).cmp(&(&b.child, &b.id)));
        Ok((balance, lines))
    }
}
