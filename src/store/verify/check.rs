//! The check of stored entries, one after another: chain, columns, personal parts.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::Deserialize;

use crate::{
    ledger::{ChainError, EntryMatter, Head, Link, Verifier},
    store::{hash::sha256_hex, ledger::detail_digest_of},
};

/// A link with the columns beside it and its personal part.
pub(super) struct Stored {
    pub(super) link: Link,
    pub(super) child_id: String,
    pub(super) detail_child: Option<String>,
    pub(super) sealed: Option<Vec<u8>>,
}

/// What the check needs of an entry.
#[derive(Deserialize)]
struct Glance<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    child: Cow<'a, str>,
    #[serde(borrow, default)]
    dispatch: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    detail: Option<Cow<'a, str>>,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    #[serde(default)]
    matter: Option<EntryMatter>,
}

/// Every child's key.
pub(super) type Keys = HashMap<String, [u8; 32]>;

/// The state of a check, page after page.
pub(super) struct Check {
    verifier: Verifier,
    keys: Arc<Keys>,
    /// Where each dispatch of a disclosure is first named.
    dispatches: HashMap<u128, (i64, Arc<str>)>,
    /// Children whose details are missing so far, by the first such entry; their destruction entry settles it.
    missing: BTreeMap<String, i64>,
    /// Children that were destroyed.
    destroyed: BTreeMap<String, i64>,
    children: HashMap<String, Arc<str>>,
    /// Requests and incidents as the entries tell them.
    matters: BTreeMap<String, Told>,
}

/// What a whole chain tells.
pub(super) struct Checked {
    /// The last entry.
    pub(super) head: Head,
    /// Where each dispatch of a disclosure is first named.
    pub(super) dispatches: HashMap<u128, (i64, Arc<str>)>,
    /// Children that were destroyed, with the entry that says so.
    pub(super) destroyed: BTreeMap<String, i64>,
    /// Requests and incidents.
    pub(super) matters: BTreeMap<String, Told>,
}

/// A request or an incident as the entries tell it.
pub(in crate::store) struct Told {
    pub(in crate::store) child: String,
    pub(in crate::store) matter: EntryMatter,
    pub(in crate::store) opened_seq: i64,
    pub(in crate::store) closed: Option<(i64, String)>,
}

/// An id as a number: a map of a million of them stays small.
pub(super) fn number_of(id: &str) -> u128 {
    uuid::Uuid::parse_str(id).map_or_else(
        |_| {
            let hash = sha256_hex(id.as_bytes());
            u128::from_str_radix(&hash[..32], 16).unwrap_or_default()
        },
        |id| id.as_u128(),
    )
}

impl Check {
    /// A check that knows the children's keys and heads seen before.
    pub(super) fn new(keys: Arc<Keys>, seen: Vec<Head>) -> Self {
        Self {
            verifier: Verifier::expecting(seen),
            keys,
            dispatches: HashMap::new(),
            missing: BTreeMap::new(),
            destroyed: BTreeMap::new(),
            children: HashMap::new(),
            matters: BTreeMap::new(),
        }
    }

    /// Ends it: the head, and what the entries tell.
    pub(super) fn end(self) -> Result<Checked, ChainError> {
        if let Some(seq) = self.missing.values().min() {
            return Err(ChainError::Detail(*seq));
        }
        let head = self.verifier.end()?;
        Ok(Checked { head, dispatches: self.dispatches, destroyed: self.destroyed, matters: self.matters })
    }

    /// Checks the next entries.
    pub(super) fn page(&mut self, page: &[Stored]) -> Result<(), ChainError> {
        page.iter().try_for_each(|stored| self.one(stored))
    }

    fn one(&mut self, stored: &Stored) -> Result<(), ChainError> {
        let Stored { link, child_id, detail_child, sealed } = stored;
        self.verifier.take(link)?;
        let glance: Glance<'_> = serde_json::from_str(&link.body).map_err(|_| ChainError::Changed(link.seq))?;
        if glance.child != *child_id {
            return Err(ChainError::Moved { seq: link.seq, table: "ledger" });
        }
        if glance.event == "destruction" {
            self.missing.remove(child_id);
            self.destroyed.insert(child_id.clone(), link.seq);
        }
        match (&glance.detail, sealed) {
            (Some(digest), Some(sealed)) => {
                if detail_child.as_deref() != Some(child_id) {
                    return Err(ChainError::Moved { seq: link.seq, table: "ledger_detail" });
                }
                let found = self.keys.get(child_id).and_then(|key| detail_digest_of(key, link.seq, sealed));
                if found.as_deref() != Some(digest) {
                    return Err(ChainError::Detail(link.seq));
                }
            }
            (Some(_), None) => {
                self.missing.entry(child_id.clone()).or_insert(link.seq);
            }
            (None, Some(_)) => return Err(ChainError::Stray(link.seq)),
            (None, None) => {}
        }
        if let Some(matter) = glance.matter {
            if let Some(told) = self.matters.get_mut(&matter.id) {
                told.closed = Some((link.seq, glance.outcome.into_owned()));
            } else {
                let told = Told { child: child_id.clone(), matter, opened_seq: link.seq, closed: None };
                self.matters.insert(told.matter.id.clone(), told);
            }
        }
        if glance.event == "disclosure"
            && let Some(dispatch) = &glance.dispatch
        {
            let child = self.children.entry(child_id.clone()).or_insert_with(|| Arc::from(child_id.as_str()));
            self.dispatches.entry(number_of(dispatch)).or_insert_with(|| (link.seq, Arc::clone(child)));
        }
        Ok(())
    }
}
