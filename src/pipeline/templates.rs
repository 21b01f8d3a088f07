//! Tries a program's own templates on the made-up papers, before anything real is made with them.

use crate::document::{specimen::specimens, worker::Renderer};

/// Renders one made-up paper of every kind and audience, and says what is wrong, a line a fault.
///
/// A template that loops or grows is stopped by the limits of the rendering processes.
pub async fn try_templates(renderer: &Renderer) -> Vec<String> {
    let mut faults = Vec::new();
    for specimen in specimens() {
        if let Err(error) = renderer.render(specimen.kind, specimen.view).await {
            faults.push(format!("{}: {error}", specimen.name));
        }
    }
    faults
}
