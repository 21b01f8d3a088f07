//! PostgreSQL: the same tests again on it, and what only several machines on one server can show.

mod again;
mod copy;
mod locks;
mod opening;
mod roles;
mod services;
