//! What every command begins and ends with: settings read, the installation opened, the command run, the database closed.

use std::sync::Arc;

use super::{Global, hints};
use crate::{
    app::{App, Overrides, assemble},
    clock::{Clock, SystemClock},
    config::{Config, load},
    telemetry,
};

impl Global {
    pub(super) fn load(&self) -> anyhow::Result<Config> {
        let variable = |name: &str| std::env::var(name).ok();
        Ok(load(&self.config, self.data_dir.as_deref(), &variable, SystemClock.now())?)
    }

    /// Runs a command with the installation open, and closes it however the command ends. `sends` says whether it sends.
    pub(super) async fn with_app<T>(
        &self,
        sends: bool,
        act: impl AsyncFnOnce(App) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.with_app_as(Overrides { sends, ..Overrides::default() }, act).await
    }

    pub(super) async fn with_app_as<T>(
        &self,
        overrides: Overrides,
        act: impl AsyncFnOnce(App) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let app = self.open(overrides).await?;
        let pipeline = Arc::clone(&app.pipeline);
        let done = act(app).await;
        pipeline.close().await;
        done
    }

    async fn open(&self, overrides: Overrides) -> anyhow::Result<App> {
        let config = self.load()?;
        telemetry::start(self.verbosity(), config.log_format);
        let app = assemble(&config, &Overrides { as_of: self.as_of, words: Some(hints::words), ..overrides }).await?;
        if let Some(path) = &app.new_key
            && !self.quiet
        {
            eprintln!(
                "A new key was made at {}. Without it no stored paper can be read again: keep a copy in a safe place.",
                path.display()
            );
        }
        Ok(app)
    }

    pub(super) fn verbosity(&self) -> i8 {
        if self.quiet { -1 } else { i8::try_from(self.verbose).unwrap_or(2) }
    }
}

/// A reason that says something: it stands in the record for people who ask later.
pub(super) fn reason(text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    anyhow::ensure!(
        !text.is_empty(),
        "nothing is recorded: a reason is needed, in words that somebody can check later"
    );
    Ok(crate::case::Line::parse(text)?.to_string())
}
