//! `earlypost render-worker`: the rendering side of the pipe. Started by Earlypost itself.

use std::io::{BufReader, BufWriter, stdin, stdout};

use crate::{cli::Exit, document::typst::worker::serve};

/// Limits of a rendering process.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Most megabytes of address space.
    #[arg(long, default_value_t = 2048)]
    megabytes: u64,
    /// Most seconds of processor time in its life.
    #[arg(long, default_value_t = 3600)]
    cpu_seconds: u64,
}

pub(in crate::cli) fn act(args: &Args) -> anyhow::Result<Exit> {
    let (mut input, mut output) = (BufReader::new(stdin().lock()), BufWriter::new(stdout().lock()));
    serve(&mut input, &mut output, args.megabytes.saturating_mul(1024 * 1024), args.cpu_seconds)?;
    Ok(Exit::Done)
}
