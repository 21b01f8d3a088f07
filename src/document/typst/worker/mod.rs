//! Rendering in child processes: a template that loops or grows cannot be stopped inside a thread.
//!
//! The child gets its data by pipe only, never by argument, environment or file, and caps its own memory
//! and processor time. The parent kills it at the deadline and starts another.

mod frame;
mod child;
mod pool;

pub use child::serve;
pub use pool::{RenderSettings, Renderer};
