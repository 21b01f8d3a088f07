//! The check of stored entries, one after another: chain, columns, personal parts.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::Deserialize;

use super::pages::Stored;
use crate::{
    ledger::{ChainError, EntryMatter, Head, Verifier},
    store::{
        database::hash_column::sha256_hex,
        ledger::{append::detail_digest_of, requests::MatterInEntries},
    },
};

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
    matters: BTreeMap<String, MatterInEntries>,
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
    pub(super) matters: BTreeMap<String, MatterInEntries>,
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

    /// Checks the next entry.
    pub(super) fn one(&mut self, stored: &Stored<'_>) -> Result<(), ChainError> {
        let &Stored { seq, at, body, prev, hash, child_id, detail_child, ref sealed } = stored;
        self.verifier.take_parts(seq, at, body, prev, hash)?;
        let glance: Glance<'_> = serde_json::from_str(body).map_err(|_| ChainError::Changed(seq))?;
        if glance.child != child_id {
            return Err(ChainError::Moved { seq, table: "ledger" });
        }
        if glance.event == "destruction" {
            self.missing.remove(child_id);
            self.destroyed.insert(child_id.to_owned(), seq);
        }
        match (&glance.detail, sealed) {
            (Some(digest), Some(sealed)) => {
                if detail_child != Some(child_id) {
                    return Err(ChainError::Moved { seq, table: "ledger_detail" });
                }
                let found = self.keys.get(child_id).and_then(|key| detail_digest_of(key, seq, sealed));
                if found.as_deref() != Some(digest) {
                    return Err(ChainError::Detail(seq));
                }
            }
            (Some(_), None) if !self.missing.contains_key(child_id) => {
                self.missing.insert(child_id.to_owned(), seq);
            }
            (None, Some(_)) => return Err(ChainError::Stray(seq)),
            (Some(_) | None, None) => {}
        }
        if let Some(matter) = glance.matter {
            if let Some(told) = self.matters.get_mut(&matter.id) {
                told.closed = Some((seq, glance.outcome.into_owned()));
            } else {
                let told = MatterInEntries { child: child_id.to_owned(), matter, opened_seq: seq, closed: None };
                self.matters.insert(told.matter.id.clone(), told);
            }
        }
        if glance.event == "disclosure"
            && let Some(dispatch) = &glance.dispatch
        {
            if !self.children.contains_key(child_id) {
                self.children.insert(child_id.to_owned(), Arc::from(child_id));
            }
            let child = &self.children[child_id];
            self.dispatches.entry(number_of(dispatch)).or_insert_with(|| (seq, Arc::clone(child)));
        }
        Ok(())
    }
}
