//! What was just read about children. To make, send and record one envelope the same key is opened half a dozen times,
//! and the same record read as often; each is read once.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::case::ChildId;

/// So long something is kept. Another process may destroy what is known about a child in the meantime, and then this copy
/// must go too.
const GOOD_FOR: Duration = Duration::from_secs(5);
/// So many children a process is about at once, at most.
const MOST: usize = 48;

/// One thing of each child, oldest first.
pub(in crate::store) struct Recent<T>(Mutex<Vec<Held<T>>>);

struct Held<T> {
    child_id: ChildId,
    what: T,
    since: Instant,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Recent<T> {
    pub(in crate::store) fn get(&self, child_id: &ChildId) -> Option<T> {
        let mut held = self.held();
        held.retain(|one| one.since.elapsed() < GOOD_FOR);
        held.iter().find(|one| &one.child_id == child_id).map(|one| one.what.clone())
    }

    pub(in crate::store) fn put(&self, child_id: &ChildId, what: T) {
        let mut held = self.held();
        held.retain(|one| &one.child_id != child_id);
        if held.len() >= MOST {
            held.remove(0);
        }
        held.push(Held { child_id: child_id.clone(), what, since: Instant::now() });
    }

    /// What is known about a child is destroyed.
    pub(super) fn forget(&self, child_id: &ChildId) {
        self.held().retain(|one| &one.child_id != child_id);
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_found_until_it_is_forgotten_and_no_more_than_a_few_are_kept() {
        let recent = Recent::default();
        let child = |n: usize| ChildId::parse(format!("c-{n}")).unwrap();
        for n in 0..=MOST {
            recent.put(&child(n), n);
        }
        assert_eq!(recent.get(&child(0)), None, "the oldest made room");
        assert_eq!(recent.get(&child(MOST)), Some(MOST));
        recent.put(&child(MOST), 7);
        assert_eq!(recent.get(&child(MOST)), Some(7), "the newer one counts");
        recent.forget(&child(MOST));
        assert_eq!(recent.get(&child(MOST)), None);
    }
}
