//! Awkward files, each as some program or some accident makes it: what a reader shows of each, its copy shows too.

mod raw;
mod shown;
mod damaged;

pub use damaged::repaired;
pub use raw::{Raw, line, stream};

use super::made;

/// Every one of them, with a name.
pub fn files() -> Vec<(String, Vec<u8>)> {
    shown::files().into_iter().chain(damaged::files()).collect()
}
