//! Fax numbers: one form, so that the same number is the same number.

/// The eleven digits of a North American number, `1` first: `(757) 555-0140` is `17575550140`. `None` for anything
/// else, extensions included: a misdialled fax is the classic breach.
#[must_use]
pub fn dialled(number: &str) -> Option<String> {
    if !number.chars().all(|c| c.is_ascii_digit() || " ()+-./".contains(c)) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.len() == 10 { format!("1{digits}") } else { digits };
    let (country, rest) = digits.split_at_checked(1)?;
    // Area code and exchange begin with 2 to 9.
    let begins = |at: usize| rest.as_bytes().get(at).is_some_and(|b| (b'2'..=b'9').contains(b));
    (country == "1" && rest.len() == 10 && begins(0) && begins(3)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for same in ["(757) 555-0140", "757.555.0140", "+1 757 555 0140", "1-757-555-0140"] {
            assert_eq!(dialled(same).as_deref(), Some("17575550140"), "{same}");
        }
        for wrong in ["555-0140", "(757) 555-0140 ext. 4", "+44 20 7946 0000", "(057) 555-0140", "", "é"] {
            assert_eq!(dialled(wrong), None, "{wrong}");
        }
    }
}
