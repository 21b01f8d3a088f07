//! The program as a person or a script uses it: commands, what they print, how they end.

mod asks;
mod duties;
mod doctor;
mod facts;
mod holds;
mod installation;
mod languages;
mod ledger;
mod next_steps;
mod offices;
mod operations;
mod output;
mod papers;
pub mod place;
mod printing;
mod receive;
mod run;
mod secrecy;
mod settings;
mod state_forms;
mod strangers;
mod templates;
mod test_server;
mod today;
mod ways;
mod week;
mod words;
