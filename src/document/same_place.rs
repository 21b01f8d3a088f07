//! Whether two addresses lead to one place: one mailbox, one home, one fax machine, however each of them is written.

use super::{
    postal_words::{Street, Word, after_the_unit, unit_of, words},
    private_values::Kept,
};
use crate::case::{Address, Line};

/// Whether what goes to the one address is read at the other. In doubt it is.
#[must_use]
pub fn is_same_place(a: &Address, b: &Address) -> bool {
    match (a, b) {
        (Address::Email { to: a, .. }, Address::Email { to: b, .. }) => same(Kept::email(a), Kept::email(b)) || a == b,
        (Address::Fax { number: a }, Address::Fax { number: b }) => {
            same(Kept::telephone(a), Kept::telephone(b)) || a == b
        }
        (Address::Postal { lines: a }, Address::Postal { lines: b }) => Home::at(a).is(&Home::at(b)),
        (Address::Sftp { connection: a }, Address::Sftp { connection: b }) => a == b,
        _ => false,
    }
}

fn same(a: Option<Kept>, b: Option<Kept>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.what == b.what)
}

/// A postal address, taken apart.
struct Home {
    lines: Vec<Vec<Word>>,
}

impl Home {
    fn at(lines: &[Line]) -> Self {
        Self { lines: lines.iter().map(|line| words(line)).filter(|line| !line.is_empty()).collect() }
    }

    fn street(&self) -> Option<(Street, &[Word])> {
        self.lines.iter().find_map(|line| Some((Street::of(line)?.0, after_the_unit(line))))
    }

    /// The apartment, where one is named.
    fn unit(&self) -> Option<String> {
        self.lines.iter().find_map(|line| unit_of(line))
    }

    /// The last number of five digits that is no house's.
    fn zip(&self) -> Option<&str> {
        let below = self.lines.iter().filter(|line| Street::of(line).is_none());
        let number = |word: &&Word| word.is_number() && word.text.len() == 5;
        below.flatten().rfind(number).map(|word| word.text.as_str())
    }

    fn is(&self, other: &Self) -> bool {
        let differ = |a: Option<&str>, b: Option<&str>| a.zip(b).is_some_and(|(a, b)| a != b);
        if differ(self.zip(), other.zip()) || differ(self.unit().as_deref(), other.unit().as_deref()) {
            return false;
        }
        match (self.street(), other.street()) {
            (Some((ours, here)), Some((theirs, there))) => found(&ours, there) || found(&theirs, here),
            (None, None) => self.letters() == other.letters(),
            _ => false,
        }
    }

    fn letters(&self) -> String {
        self.lines.iter().flatten().map(|word| word.text.as_str()).collect()
    }
}

/// Whether a line leads to a street, whatever stands before it.
fn found(street: &Street, line: &[Word]) -> bool {
    (0..line.len()).any(|at| street.length(&line[at..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postal(lines: &[&str]) -> Address {
        Address::Postal { lines: lines.iter().map(|line| Line::parse(*line).unwrap()).collect() }
    }

    fn email(to: &str) -> Address {
        Address::Email { to: Line::parse(to).unwrap(), protection: None }
    }

    fn fax(number: &str) -> Address {
        Address::Fax { number: Line::parse(number).unwrap() }
    }

    #[test]
    fn one_place_is_known_however_it_is_written() {
        let home = postal(&["418 Raleigh Avenue", "Apt 2", "Norfolk, VA 23507"]);
        for written in [
            &["418 RALEIGH AVE, Apt. 2", "Norfolk VA 23507-1234"][..],
            &["c/o Rivera", "418 Raleigh Ave #2", "Norfolk, VA"],
            &["Unit 2, 418 Raleigh Ave.", "Norfolk, VA 23507"],
            &["418 Raleigh Avenue", "Norfolk, Virginia 23507"],
        ] {
            assert!(is_same_place(&home, &postal(written)), "{written:?}");
            assert!(is_same_place(&postal(written), &home), "{written:?}");
        }
        assert!(is_same_place(&postal(&["PO Box 12", "Norfolk"]), &postal(&["P.O. Box 12", "Norfolk"])));
        for to in ["The.Family@Example.org", "the.family+school@example.org", "thefamily@example.org"] {
            assert!(is_same_place(&email("the.family@example.org"), &email(to)), "{to}");
        }
        for number in ["757-555-0100", "+1 757 555 0100", "1.757.555.0100"] {
            assert!(is_same_place(&fax("(757) 555-0100"), &fax(number)), "{number}");
        }
    }

    #[test]
    fn another_place_is_another_one() {
        let home = postal(&["418 Raleigh Avenue, Apt 2", "Norfolk, VA 23507"]);
        for other in [
            &["418 Raleigh Avenue, Apt 3", "Norfolk, VA 23507"][..],
            &["419 Raleigh Avenue", "Norfolk, VA 23507"],
            &["418 Raleigh Avenue", "Suffolk, VA 23434"],
            &["418 Colley Avenue", "Norfolk, VA 23507"],
            &["PO Box 418", "Norfolk, VA 23507"],
        ] {
            assert!(!is_same_place(&home, &postal(other)), "{other:?}");
        }
        assert!(!is_same_place(&email("ann@example.org"), &email("ben@example.org")));
        assert!(!is_same_place(&fax("757 555 0100"), &fax("757 555 0101")));
        assert!(!is_same_place(&email("ann@example.org"), &home));
    }
}
