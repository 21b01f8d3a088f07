//! Which delivery answers for a line that is owed: the newest that is live.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{dispatch::Envelope, pipeline::owed_envelopes::Work, store::DispatchRow};

/// A duty and a recipient of one child: obligation, anchor, revision, recipient. The edition is not part of it.
pub(super) type LineKey = (String, String, u32, String);

/// The line of an envelope that no other duty shares.
pub(super) fn line_key(envelope: &Envelope) -> LineKey {
    (envelope.obligation.to_string(), envelope.anchor.clone(), envelope.revision, envelope.recipient.to_string())
}

/// One child's live deliveries by line; one that several duties share stands there for each.
///
/// A delivery that was superseded before anything of it left answers for nothing: where its line is owed again, the
/// documents are made anew, as the next edition.
#[derive(Debug, Default)]
pub(super) struct LiveDispatches {
    live: HashMap<LineKey, DispatchRow>,
    newest_edition: HashMap<LineKey, u32>,
}

impl LiveDispatches {
    /// Reads them from rows in the order in which they were made.
    pub(super) fn of(rows: impl IntoIterator<Item = DispatchRow>) -> Self {
        let mut found = Self::default();
        for row in rows {
            for part in row.envelope.apart() {
                let key = line_key(&part);
                let newest = found.newest_edition.entry(key.clone()).or_default();
                *newest = part.edition.max(*newest);
                if row.is_live() {
                    found.live.insert(key, row.clone());
                }
            }
        }
        found
    }

    /// What answers for an envelope's line.
    pub(super) fn get(&self, envelope: &Envelope) -> Option<&DispatchRow> {
        self.live.get(&line_key(envelope))
    }

    /// Whether something answers for an envelope's line.
    pub(super) fn has(&self, envelope: &Envelope) -> bool {
        self.get(envelope).is_some()
    }

    /// The envelope as it would be made now: where nothing answers for its line and an edition of it was superseded
    /// before it left, it is the next edition.
    pub(super) fn as_new(&self, envelope: Envelope) -> Envelope {
        let key = line_key(&envelope);
        match self.newest_edition.get(&key) {
            Some(newest) if !self.live.contains_key(&key) => Envelope { edition: newest + 1, ..envelope },
            _ => envelope,
        }
    }

    /// The work that an owed envelope is, with the delivery that answers for it taken out of these.
    pub(super) fn take(&mut self, envelope: Envelope, due_on: NaiveDate) -> Work {
        let row = self.live.remove(&line_key(&envelope));
        let envelope = if row.is_none() { self.as_new(envelope) } else { envelope };
        Work::new(envelope, due_on, row)
    }

    /// What was not taken out.
    pub(super) fn rest(self) -> impl Iterator<Item = DispatchRow> {
        self.live.into_values()
    }
}
