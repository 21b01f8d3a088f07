//! The sheet on which a clerk counts a batch and signs. It names nobody.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Letter, envelopes::Envelopes};
use crate::document::{RenderError, Rendered, TemplateSet, output::print_copy::staff_sheet};

#[derive(Serialize)]
struct View<'a> {
    batch: &'a str,
    letters: &'a [Letter],
    envelopes: Vec<Needed>,
    sheets: u32,
    pages: u32,
}

#[derive(Serialize)]
struct Needed {
    name: String,
    count: usize,
}

/// The count sheet of a batch.
///
/// # Errors
/// When the template refuses it.
pub fn count_sheet(set: &TemplateSet, batch: &str, letters: &[Letter]) -> Result<Rendered, RenderError> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for letter in letters {
        *count.entry(&letter.envelope).or_default() += 1;
    }
    let sizes = Envelopes::built_in().sizes();
    let name = |key: &str| {
        sizes.iter().find(|size| size.key == key).map_or("given by hand, no envelope", |size| size.name.as_str())
    };
    let envelopes = count.into_iter().map(|(key, count)| Needed { name: name(key).to_owned(), count }).collect();
    let view = View {
        batch,
        letters,
        envelopes,
        sheets: letters.iter().map(|letter| letter.sheets).sum(),
        pages: letters.iter().map(|letter| letter.pages).sum(),
    };
    staff_sheet(set, "print-count-sheet", serde_json::to_vec(&view).expect("views are plain data"))
}
