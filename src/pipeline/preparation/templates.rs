//! A program's own templates: tried on the made-up papers before anything real is made with them, also while a service
//! runs.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
};

use anyhow::Context;
use tokio::sync::Mutex;

use crate::{
    document::{OwnFile, TemplateSet, read_own_templates, specimen::specimens, typst::worker::Renderer},
    pipeline::{Pipeline, preparation::Preparation},
    shown::with_causes,
};

/// The templates that a pipeline works with. A running service exchanges them; work that began with a set holds it, and is
/// finished with it.
#[derive(Debug)]
pub struct TemplatesInUse(RwLock<Arc<TemplateSet>>);

impl TemplatesInUse {
    /// The set in use now.
    ///
    /// # Panics
    /// Never: no holder of the set panics.
    #[must_use]
    pub fn now(&self) -> Arc<TemplateSet> {
        Arc::clone(&self.0.read().expect("no holder of the set panics"))
    }

    /// Works with another set from now on.
    ///
    /// # Panics
    /// Never: no holder of the set panics.
    pub fn replace(&self, set: Arc<TemplateSet>) {
        *self.0.write().expect("no holder of the set panics") = set;
    }
}

impl From<Arc<TemplateSet>> for TemplatesInUse {
    fn from(set: Arc<TemplateSet>) -> Self {
        Self(RwLock::new(set))
    }
}

/// Reads a template folder, and looks for the logo that the program names.
///
/// # Errors
/// With the file that cannot be used, and what to do.
pub fn own_templates(folder: Option<&Path>, logo: Option<&str>) -> anyhow::Result<Vec<OwnFile>> {
    let own = match folder {
        Some(folder) => read_own_templates(folder)
            .with_context(|| format!("the templates in {} cannot be used", folder.display()))?,
        None => Vec::new(),
    };
    if let Some(logo) = logo {
        let path = format!("letterhead/{logo}");
        anyhow::ensure!(
            own.iter().any(|file| file.path == path),
            "program.toml names the logo {logo}, but there is no {path} in the template folder; put it there, or take the line away"
        );
    }
    Ok(own)
}

/// Renders one made-up paper of every kind and audience, and says what is wrong, a line a fault.
///
/// A template that loops or grows is stopped by the limits of the rendering processes.
pub async fn try_templates(renderer: &Renderer, set: &Arc<TemplateSet>) -> Vec<String> {
    let mut faults = Preparation::state_form_faults(renderer, set).await;
    for specimen in specimens(set.languages()) {
        if let Err(error) = renderer.render(set, specimen.kind, specimen.view).await {
            faults.push(format!("{}: {error}", specimen.name));
        }
    }
    faults
}

/// The note of the installation that says what is wrong with the templates as they are saved.
const FAULT: &str = "templates-fault";

/// What a look at the template folder found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateNews {
    /// Nothing has changed since the last look.
    Same,
    /// The templates as they are saved now are in use; this is their version.
    Taken(String),
    /// They do not work, for this reason; the last set that worked stays in use.
    Kept(String),
}

/// What a look read: the files, or why they cannot be used.
type Read = Result<Vec<OwnFile>, String>;

/// A running service looks at its template folder: what was saved is taken when all of it works.
#[derive(Debug)]
pub struct TemplateWatch {
    folder: PathBuf,
    looks: Mutex<Looks>,
}

#[derive(Debug, Default)]
struct Looks {
    last: Option<Read>,
    judged: Option<Read>,
}

impl TemplateWatch {
    /// A watch over this folder.
    #[must_use]
    pub fn over(folder: PathBuf) -> Self {
        Self { folder, looks: Mutex::default() }
    }

    /// Looks, and takes what has changed when it works. A folder is judged when two looks find it the same, so that a
    /// file which is half saved is no fault.
    pub async fn look(&self, pipeline: &Pipeline) -> anyhow::Result<TemplateNews> {
        let mut looks = self.looks.lock().await;
        let logo = pipeline.program.logo.as_ref().map(ToString::to_string);
        let read: Read = own_templates(Some(&self.folder), logo.as_deref()).map_err(|error| with_causes(&error));
        if looks.judged.as_ref() == Some(&read) {
            return Ok(TemplateNews::Same);
        }
        if looks.last.as_ref() != Some(&read) {
            looks.last = Some(read);
            return Ok(TemplateNews::Same);
        }
        let news = judge(&read, pipeline, looks.judged.is_none()).await;
        let fault = match &news {
            TemplateNews::Kept(says) => Some(says.as_str()),
            TemplateNews::Same | TemplateNews::Taken(_) => None,
        };
        pipeline.store.service().keep_note(FAULT, fault).await?;
        looks.judged = Some(read);
        Ok(news)
    }
}

/// Tries what was read, and takes it into use when every made-up paper can be made with it.
async fn judge(read: &Read, pipeline: &Pipeline, first: bool) -> TemplateNews {
    let set = match read {
        Ok(own) => Arc::new(TemplateSet::of(own.clone())),
        Err(says) => return TemplateNews::Kept(says.clone()),
    };
    let version = set.version().to_owned();
    if version == pipeline.templates.now().version() {
        // As the service began; or somebody has taken back what did not work.
        return if first { TemplateNews::Same } else { TemplateNews::Taken(version) };
    }
    let faults = try_templates(&pipeline.renderer.beside(), &set).await;
    if !faults.is_empty() {
        return TemplateNews::Kept(faults.join("\n"));
    }
    pipeline.templates.replace(set);
    TemplateNews::Taken(version)
}

impl Preparation {
    /// What is wrong with the templates as they are saved, where a running service works with earlier ones.
    pub async fn template_fault(&self) -> anyhow::Result<Option<String>> {
        Ok(self.pipeline.store.service().note_of_installation(FAULT).await?)
    }
}
