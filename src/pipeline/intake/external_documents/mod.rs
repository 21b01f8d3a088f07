//! Documents made elsewhere: taken in, listed, withdrawn, and what a signed one settles.

mod library;
mod signatures;
pub(in crate::pipeline) mod take_in;
