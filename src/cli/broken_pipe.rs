//! Standard output whose reader may have gone: `earlypost explain | head` has seen enough, and that is no mistake.

use std::{
    fmt::Arguments,
    io::{self, Write},
    sync::OnceLock,
};

use super::{Exit, hints};
use crate::shown::shown_lines;

/// Why the output could not be written, where the disk refused it. To be shared by all: a process has one standard output.
static REFUSED: OnceLock<io::ErrorKind> = OnceLock::new();

/// Standard output. What a reader that has gone does not take is dropped, so that the command still comes to its end;
/// any other failure is told when it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        keep(&io::stdout().lock().write_all(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        keep(&io::stdout().lock().flush());
        Ok(())
    }
}

fn keep(written: &io::Result<()>) {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            // The first reason is enough.
            let _ = REFUSED.set(error.kind());
        }
        _ => {}
    }
}

/// Words on standard output, with the commands that they name. Whatever a stranger wrote into them is shown and does
/// nothing.
pub(super) fn say(words: Arguments<'_>) {
    keep(&io::stdout().lock().write_all(shown_lines(&hints::words(&words.to_string())).as_bytes()));
}

/// Words on standard error. Where nobody reads that, there is nobody to tell.
pub(super) fn note(words: Arguments<'_>) {
    drop(io::stderr().lock().write_all(shown_lines(&hints::words(&words.to_string())).as_bytes()));
}

/// How the command ends when its output is counted too.
pub(super) fn ended(exit: Exit) -> Exit {
    keep(&io::stdout().lock().flush());
    match REFUSED.get() {
        Some(kind) => {
            note(format_args!(
                "earlypost: the output could not be written ({kind}); what the command did besides is done\n"
            ));
            if exit == Exit::Done { Exit::Failed } else { exit }
        }
        None => exit,
    }
}
