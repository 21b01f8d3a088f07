//! Rules that nobody has confirmed for this state.

use serde_json::Value;

use crate::{due::Profile, pipeline::Finding};

/// One finding with every unconfirmed value of the profile and its source.
pub(super) fn unconfirmed(profile: &Profile) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::to_value(profile) {
        walk(&value, "", &mut found);
    }
    if found.is_empty() {
        return vec![Finding::good("rules", format!("Every rule of the profile {} is confirmed.", profile.name))];
    }
    found
        .into_iter()
        .map(|(rule, source)| {
            Finding::note(
                "rules",
                format!("{rule} is not confirmed (source: {source})."),
                "A deadline that counts from it may be wrong for your state.",
                "Ask your state's lead agency, and have the profile corrected or confirmed.",
            )
        })
        .collect()
}

fn walk(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if fields.get("confirmed") == Some(&Value::Bool(false)) {
                let source = fields.get("source").and_then(Value::as_str).unwrap_or("none");
                found.push((path.to_owned(), source.to_owned()));
            }
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(field, &path, found);
            }
        }
        Value::Array(all) => all.iter().for_each(|one| walk(one, path, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Level;

    #[test]
    fn what_no_source_confirms_is_named_with_its_source() {
        let findings = unconfirmed(&Profile::named("federal").unwrap());
        let leap = findings.iter().find(|f| f.what.starts_with("leap_birthday")).unwrap();
        assert_eq!(leap.level, Level::Note);
        assert!(leap.what.contains("source: no federal rule"), "{}", leap.what);
        assert!(findings.iter().all(|f| !f.what.starts_with("review_months")), "a confirmed rule is no finding");
    }
}
