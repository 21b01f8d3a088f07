//! The balance: everything that was due or open is in exactly one place at the end of a run.
//!
//! What is due is counted while planning, before any row is written; what became of it is counted from the rows at
//! the end. So a row that was never written, or one that nothing asked for, shows.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;

use crate::dispatch::{Envelope, StateName};

/// What became of everything that a run answers for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Deliveries that there must be: `due + open_before - shared`.
    pub expected: u64,
    /// Due and in no delivery when the run looked: a duty's documents for one recipient count as one.
    pub due: u64,
    /// In a delivery that was open when the run began; counted like `due`.
    pub open_before: u64,
    /// Of these, how many travel in the delivery of another one.
    pub shared: u64,
    /// The next hand has it.
    pub accepted: u64,
    /// On paper, not yet mailed.
    pub printed: u64,
    /// May not go.
    pub withheld: u64,
    /// Waits for a person.
    pub held: u64,
    /// Refused for good.
    pub failed: u64,
    /// Bytes may have left and no answer came.
    pub unknown: u64,
    /// Still waiting for its channel.
    pub queued: u64,
    /// Confirmed, returned, cancelled or superseded.
    pub closed: u64,
}

impl Balance {
    /// An account that is opened: what is due, and what is in deliveries that are open already.
    pub(super) fn opened(due: u64, open_before: u64) -> Self {
        Self { due, open_before, ..Self::default() }
    }

    /// Puts one delivery into its place, with so many lines beside the first that it answers for.
    pub(super) fn count(&mut self, state: StateName, shared: usize) {
        self.shared += shared as u64;
        let place = match state {
            StateName::Accepted => &mut self.accepted,
            StateName::Printed => &mut self.printed,
            StateName::Withheld => &mut self.withheld,
            StateName::Held => &mut self.held,
            StateName::Failed => &mut self.failed,
            StateName::Unknown => &mut self.unknown,
            StateName::Queued | StateName::Sending => &mut self.queued,
            StateName::Confirmed | StateName::Returned | StateName::Cancelled | StateName::Superseded => {
                &mut self.closed
            }
        };
        *place += 1;
    }

    /// The account with its sum, once every delivery has been counted.
    #[must_use]
    pub(super) fn closed(self) -> Self {
        Self { expected: (self.due + self.open_before).saturating_sub(self.shared), ..self }
    }

    /// Whether nothing was forgotten and nothing counted twice.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.expected
            == self.accepted
                + self.printed
                + self.withheld
                + self.held
                + self.failed
                + self.unknown
                + self.queued
                + self.closed
    }
}

/// `expected 12 = accepted 5 + printed 3 + ...`
impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expected, accepted, printed, withheld, held, failed, unknown, queued, closed, .. } = self;
        write!(
            f,
            "expected {expected} = accepted {accepted} + printed {printed} + withheld {withheld} + held {held} + failed {failed} \
             + unknown {unknown} + queued {queued} + closed {closed}"
        )
    }
}

/// One duty's documents for one recipient, named by ids only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OwedLine {
    /// The child's id.
    pub child: String,
    /// The duty, as commands name it.
    pub obligation: &'static str,
    /// The event or period that it hangs on.
    pub anchor: String,
    pub recipient: String,
}

impl OwedLine {
    /// The lines of an envelope: one, or one for each duty that shares it.
    pub(super) fn of(envelope: &Envelope) -> impl Iterator<Item = Self> {
        envelope.duties().map(|(obligation, anchor, _)| Self {
            child: envelope.child_id.to_string(),
            obligation: obligation.as_str(),
            anchor: anchor.to_owned(),
            recipient: envelope.recipient.to_string(),
        })
    }
}

/// `c-0430: plan-to-physician (meeting-2026-11-05) for office:ghent-pediatrics`
impl fmt::Display for OwedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { child, obligation, anchor, recipient } = self;
        write!(f, "{child}: {obligation} ({anchor}) for {recipient}")
    }
}

/// What a run has promised so far. A line that one round could not place may be placed by the next.
#[derive(Debug, Default)]
pub(super) struct Promised {
    placed: u64,
    missing: Vec<OwedLine>,
}

impl Promised {
    /// Adds what a round of preparing looked at.
    pub(super) fn add_round(&mut self, due: usize, missing: Vec<OwedLine>) {
        self.placed += (due - missing.len()) as u64;
        self.missing = missing;
    }

    pub(super) fn due(&self) -> u64 {
        self.placed + self.missing.len() as u64
    }

    pub(super) fn missing(&self) -> &[OwedLine] {
        &self.missing
    }
}

/// Lines named in one error.
const NAMED: usize = 20;

/// Ends a run with an error where a due line has no live delivery, or the sums differ.
///
/// # Errors
/// Names each line that was due and is in no delivery.
pub(super) fn ensure_complete(balance: &Balance, missing: &[OwedLine]) -> anyhow::Result<()> {
    if !missing.is_empty() {
        let mut named: Vec<String> = missing.iter().take(NAMED).map(ToString::to_string).collect();
        if missing.len() > NAMED {
            named.push(format!("and {} more", missing.len() - NAMED));
        }
        anyhow::bail!(
            "the balance does not hold: {} due and in no delivery: {}. Everything else went on as it should ({balance}). \
             This is a fault of the program; please report it",
            if missing.len() == 1 { "1 document is".to_owned() } else { format!("{} documents are", missing.len()) },
            named.join("; ")
        );
    }
    anyhow::ensure!(
        balance.holds(),
        "the balance does not hold ({balance}; {} due, {} open before, {} shared). This is a fault of the program; please report it",
        balance.due,
        balance.open_before,
        balance.shared
    );
    Ok(())
}

/// Lines that somebody asked for, counted before any row is written, and what answers for them afterwards.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) due: usize,
    pub(super) placed: usize,
    pub(super) ids: BTreeSet<String>,
    missing: Vec<OwedLine>,
}

impl Asked {
    pub(super) fn add_due(&mut self, lines: usize) {
        self.due += lines;
    }

    /// The delivery that answers for a line, if there is one.
    pub(super) fn place(&mut self, line: &Envelope, dispatch_id: Option<String>) {
        match dispatch_id {
            Some(id) => {
                self.placed += 1;
                self.ids.insert(id);
            }
            None => self.missing.extend(OwedLine::of(line)),
        }
    }

    /// The deliveries that answer for these lines.
    pub(super) fn ids(&self) -> Vec<String> {
        self.ids.iter().cloned().collect()
    }

    pub(super) fn missing(&self) -> &[OwedLine] {
        &self.missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_a_later_round_places_is_due_once_and_missing_no_more() {
        let line = OwedLine {
            child: "c-1".to_owned(),
            obligation: "plan-to-parent",
            anchor: "meeting".to_owned(),
            recipient: "family:mother".to_owned(),
        };
        let mut promised = Promised::default();
        promised.add_round(3, vec![line.clone()]);
        assert_eq!((promised.due(), promised.missing()), (3, &[line][..]));
        promised.add_round(1, Vec::new());
        assert_eq!((promised.due(), promised.missing()), (3, &[][..]));
    }
}
