//! What a postal address says about itself.

use super::Line;

/// Whether the last line is a country in capital letters, as the post wants it for mail that leaves the country.
#[must_use]
pub fn is_abroad(lines: &[Line]) -> bool {
    let Some(last) = lines.last() else { return false };
    let letters = last.chars().filter(|c| c.is_alphabetic()).count();
    lines.len() > 1
        && letters >= 4
        && last.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '.' | '-' | '\''))
        && !["USA", "UNITED STATES", "UNITED STATES OF AMERICA"].contains(&last.as_str())
}

/// Whether one of the last two lines ends in a ZIP code, with or without the four digits more.
#[must_use]
pub fn has_zip(lines: &[Line]) -> bool {
    lines.iter().rev().take(2).any(|line| {
        let Some(last) = line.split([' ', ',']).next_back() else { return false };
        let (five, four) = last.split_once('-').unwrap_or((last, "0000"));
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        digits(five, 5) && digits(four, 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().map(|text| Line::parse(*text).unwrap()).collect()
    }

    #[test]
    fn a_zip_code_stands_at_the_end_of_the_line_of_the_city() {
        assert!(has_zip(&lines(&["12 Oak Street", "Norfolk, VA 23510"])));
        assert!(has_zip(&lines(&["12 Oak Street", "Norfolk, VA 23510-1234", "USA"])));
        assert!(!has_zip(&lines(&["12345 Oak Street", "Norfolk, VA"])));
        assert!(!has_zip(&lines(&["12 Oak Street", "Norfolk, VA 2351"])));
    }

    #[test]
    fn an_address_abroad_ends_with_its_country_in_capitals() {
        assert!(is_abroad(&lines(&["Calle 5", "06000 Ciudad de Mexico", "MEXICO"])));
        assert!(!is_abroad(&lines(&["12 Oak Street", "Norfolk, VA"])));
        assert!(!is_abroad(&lines(&["12 Oak Street", "Norfolk, VA 23510", "USA"])));
    }
}
