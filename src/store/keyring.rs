//! Children's keys that were just used. To make, send and record one envelope the same key is opened half a dozen times;
//! it is read once.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::case::ChildId;

/// So long a key is kept. Another process may destroy a child's key in the meantime, and then this copy must go too.
const GOOD_FOR: Duration = Duration::from_secs(5);
/// So many children a process is about at once, at most.
const MOST: usize = 32;

/// The keys, oldest first.
#[derive(Default)]
pub(super) struct Keyring(Mutex<Vec<Held>>);

struct Held {
    child_id: ChildId,
    key: [u8; 32],
    since: Instant,
}

impl Keyring {
    pub(super) fn get(&self, child_id: &ChildId) -> Option<[u8; 32]> {
        let mut held = self.held();
        held.retain(|one| one.since.elapsed() < GOOD_FOR);
        held.iter().find(|one| &one.child_id == child_id).map(|one| one.key)
    }

    pub(super) fn put(&self, child_id: &ChildId, key: [u8; 32]) {
        let mut held = self.held();
        if held.len() >= MOST {
            held.remove(0);
        }
        held.push(Held { child_id: child_id.clone(), key, since: Instant::now() });
    }

    /// A child's key is destroyed.
    pub(super) fn forget(&self, child_id: &ChildId) {
        self.held().retain(|one| &one.child_id != child_id);
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Vec<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_until_it_is_forgotten_and_no_more_than_a_few_are_kept() {
        let ring = Keyring::default();
        let child = |n: usize| ChildId::parse(format!("c-{n}")).unwrap();
        for n in 0..=MOST {
            ring.put(&child(n), [u8::try_from(n).unwrap(); 32]);
        }
        assert_eq!(ring.get(&child(0)), None, "the oldest made room");
        assert_eq!(ring.get(&child(MOST)), Some([u8::try_from(MOST).unwrap(); 32]));
        ring.forget(&child(MOST));
        assert_eq!(ring.get(&child(MOST)), None);
    }
}
