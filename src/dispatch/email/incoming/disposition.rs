//! Disposition notices (RFC 8098), those of Direct services among them.

use super::{
    Fate, Report,
    delivery_status::recipient,
    fields::{Group, value},
};

/// `Disposition: automatic-action/MDN-sent-automatically; dispatched/error` and what follows from it.
pub(super) fn report(group: &Group) -> Option<Report> {
    let (_, what) = value(group, "disposition")?.split_once(';')?;
    let (kind, modifiers) = what.trim().split_once('/').unwrap_or((what.trim(), ""));
    let modifiers = modifiers.to_ascii_lowercase();
    let failed = ["error", "failure"].iter().any(|word| modifiers.contains(word));
    let fate = match kind.trim().to_ascii_lowercase().as_str() {
        "failed" => Fate::Failed,
        _ if failed => Fate::Failed,
        "displayed" => Fate::Displayed,
        "processed" => Fate::Processed,
        "dispatched" => Fate::Dispatched,
        "deleted" | "denied" => Fate::Deleted,
        _ => return None,
    };
    let words = ["failure", "error", "warning"].iter().find_map(|name| value(group, name)).map(str::to_owned);
    Some(Report { recipients: recipient(group).into_iter().collect(), ..Report::of(fate, words) })
}

#[cfg(test)]
mod tests {
    use super::{super::fields::groups, *};

    #[test]
    fn a_disposition_with_an_error_is_a_failure() {
        let fate = |text: &str| report(&groups(text.as_bytes())[0]).map(|r| r.fate);
        assert_eq!(fate("Disposition: manual-action/MDN-sent-manually; displayed"), Some(Fate::Displayed));
        assert_eq!(fate("Disposition: automatic-action/MDN-sent-automatically; processed"), Some(Fate::Processed));
        assert_eq!(fate("Disposition: automatic-action/MDN-sent-automatically; processed/error"), Some(Fate::Failed));
        assert_eq!(fate("Disposition: automatic-action/MDN-sent-automatically;failed"), Some(Fate::Failed));
        assert_eq!(fate("Disposition: nonsense"), None);
    }
}
