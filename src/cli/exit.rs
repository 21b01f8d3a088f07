//! Exit codes, the same for every command.

use std::process::ExitCode;

use crate::{
    app::{DateRefused, RunElsewhere},
    case::import::Problems,
    config::ConfigError,
    pipeline::{HeldInstallation, NotTakenIn},
};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// 1: it failed.
    Failed,
    /// 2: wrong use.
    WrongUse,
    /// 3: some input was refused; the rest went on.
    InputRefused,
    /// 4: nothing could be sent: a channel is wrong, or the installation is held.
    NotSent,
    /// 5: a check found a fault.
    FaultFound,
}

impl Exit {
    /// The code for an error.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        if error.downcast_ref::<Problems>().is_some()
            || error.downcast_ref::<ConfigError>().is_some()
            || error.downcast_ref::<NotTakenIn>().is_some()
        {
            Self::InputRefused
        } else if error.downcast_ref::<HeldInstallation>().is_some() || error.downcast_ref::<RunElsewhere>().is_some() {
            Self::NotSent
        } else if error.downcast_ref::<DateRefused>().is_some() {
            Self::WrongUse
        } else {
            Self::Failed
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::WrongUse => 2,
            Exit::InputRefused => 3,
            Exit::NotSent => 4,
            Exit::FaultFound => 5,
        })
    }
}
