//! Passwords and the like: settings name the place where one is kept, never the thing itself.

use std::{fs, path::Path};

/// Reads a secret from its file, or else from the environment. `name` is the setting's name up to `_file` and `_env`.
///
/// # Errors
/// A sentence that begins with the name of the setting. It never holds the secret.
pub(super) fn read(name: &str, file: Option<&Path>, variable: Option<&str>) -> Result<String, String> {
    let secret = match (file, variable) {
        (Some(path), _) => fs::read_to_string(path)
            .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
            .map_err(|error| format!("{name}_file: {} cannot be read: {error}", path.display()))?,
        // The error is not repeated: for a value that is not UTF-8 it would print the secret.
        (None, Some(variable)) => std::env::var(variable)
            .map_err(|_| format!("{name}_env: the variable {variable} is not set, or is not UTF-8"))?,
        (None, None) => String::new(),
    };
    if secret.is_empty() { Err(format!("{name}_file: the {name} is empty")) } else { Ok(secret) }
}
