//! The rendering side.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use rlimit::Resource;

use super::frame::{self, Answer, Request};
use crate::document::{
    RenderError, Rendered, TemplateSet,
    external::{self, Examined, FiledLimits},
    typst::render::render_for,
};

/// Renders what comes in on `input` until it ends. Runs in the child process.
///
/// # Errors
/// When a pipe breaks, or the limits cannot be set.
pub fn serve(input: &mut impl Read, output: &mut impl Write, memory_bytes: u64, cpu_seconds: u64) -> io::Result<()> {
    rlimit::setrlimit(Resource::AS, memory_bytes, memory_bytes)?;
    rlimit::setrlimit(Resource::CPU, cpu_seconds, cpu_seconds)?;
    // Layout and PDF export run rayon themselves; processes share the cores, so one thread a process: this one, since each
    // paper is handed to another and back a hundred times.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().map_err(io::Error::other)?;
    // Read when the first paper needs it: a process with another set never reads ours.
    let mut set: Option<Arc<TemplateSet>> = None;
    while let Some((request, body)) = frame::read(input)? {
        let kind = match request {
            Request::Templates { files } => {
                set = Some(Arc::new(TemplateSet::of(frame::files_of(files, &body)?)));
                continue;
            }
            Request::Render { kind } => kind,
            Request::Examine { limits } => {
                look_at(&body, &limits, output)?;
                continue;
            }
            Request::Mark => {
                match std::panic::catch_unwind(|| external::mark(&body)) {
                    Ok(Ok(marked)) => frame::write(output, &Answer::Marked, &marked)?,
                    Ok(Err(fault)) => frame::write(output, &Answer::NotTaken { fault }, &[])?,
                    Err(_) => frame::write(output, &Answer::NotTaken { fault: external::FiledFault::Broken }, &[])?,
                }
                continue;
            }
        };
        let set = set.get_or_insert_with(TemplateSet::built_in);
        render_for(set, kind, body, |made| match made {
            Ok(Rendered { pdf, pages, text }) => frame::write(output, &Answer::Rendered { pages, text }, &pdf),
            Err(RenderError::Template { place, says }) => frame::write(output, &Answer::Failed { place, says }, &[]),
            Err(RenderError::TooLong { .. } | RenderError::Stopped { .. }) => {
                frame::write(output, &Answer::TooLong, &[])
            }
        })?;
    }
    Ok(())
}

/// A file from elsewhere may break what reads it: that is an answer too.
fn look_at(bytes: &[u8], limits: &FiledLimits, output: &mut impl Write) -> io::Result<()> {
    match std::panic::catch_unwind(|| external::examine(bytes, limits)) {
        Ok(Ok(found)) => {
            let Examined { media, words, taken_out, left_out, copy } = found;
            let answer = Answer::Examined { media, words, taken_out, left_out };
            frame::write(output, &answer, &copy)
        }
        Ok(Err(fault)) => frame::write(output, &Answer::NotTaken { fault }, &[]),
        Err(_) => frame::write(output, &Answer::NotTaken { fault: external::FiledFault::Broken }, &[]),
    }
}
