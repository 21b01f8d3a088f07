//! Who may do what: the table of permissions, what the verbs make of it, records that are closed to somebody, and the people
//! behind the commands.

mod table;
mod verbs;
mod closed;
mod found;
mod accounts;
