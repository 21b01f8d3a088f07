//! How a language says dates, numbers and lists.

use chrono::{Datelike, NaiveDate};
use toml::Value;

use super::Language;

impl Language {
    fn date(&self, pattern: &str, date: NaiveDate) -> String {
        let list = |key| {
            let months = self.words.get("said").and_then(|s| s.get("dates")).and_then(|d| d.get(key));
            months.and_then(|m| m.get(date.month0() as usize)).and_then(Value::as_str).unwrap_or_default()
        };
        self.fill(
            &format!("said.dates.{pattern}"),
            &[
                ("day", &date.day().to_string()),
                ("month", list("months")),
                ("mon", list("months_short")),
                ("number", &date.month().to_string()),
                ("year", &date.year().to_string()),
            ],
        )
    }

    /// `November 20, 2026`.
    #[must_use]
    pub fn long(&self, date: NaiveDate) -> String {
        self.date("long", date)
    }

    /// `Nov 20, 2026`.
    #[must_use]
    pub fn short(&self, date: NaiveDate) -> String {
        self.date("short", date)
    }

    /// `Friday, November 20, 2026`.
    #[must_use]
    pub fn weekday(&self, date: NaiveDate) -> String {
        let days = self.words.get("said").and_then(|s| s.get("dates")).and_then(|d| d.get("weekdays"));
        let number = date.weekday().num_days_from_monday() as usize;
        let name = days.and_then(|d| d.get(number)).and_then(Value::as_str).unwrap_or_default();
        self.fill("said.dates.weekday", &[("weekday", name), ("date", &self.long(date))])
    }

    /// `9:30 a.m.`, `14:05`.
    #[must_use]
    pub fn time(&self, at: crate::case::TimeOfDay) -> String {
        use chrono::Timelike;
        let at = at.time();
        let (afternoon, hour) = at.hour12();
        let key = if afternoon { "said.dates.afternoon" } else { "said.dates.morning" };
        let minute = format!("{:02}", at.minute());
        self.fill(key, &[("hour", &hour.to_string()), ("hour24", &at.hour().to_string()), ("minute", &minute)])
    }

    /// `November 2026`.
    #[must_use]
    pub fn month(&self, date: NaiveDate) -> String {
        self.date("month", date)
    }

    /// `May 5, 2026 to June 4, 2026`.
    #[must_use]
    pub fn span(&self, from: NaiveDate, to: NaiveDate) -> String {
        self.fill("said.dates.span", &[("from", &self.long(from)), ("to", &self.long(to))])
    }

    /// `by May 5, 2026`.
    #[must_use]
    pub fn by(&self, date: NaiveDate) -> String {
        self.fill("said.dates.by", &[("date", &self.long(date))])
    }

    /// `one`, or `many` with its number: `said.<key>.one`, `said.<key>.many`.
    #[must_use]
    pub fn count(&self, key: &str, number: i64) -> String {
        let form = if number == 1 { "one" } else { "many" };
        self.fill(&format!("said.{key}.{form}"), &[("n", &number.to_string())])
    }

    /// `20 months`; in the first two months `3 weeks`.
    #[must_use]
    pub fn age(&self, born: NaiveDate, day: NaiveDate) -> String {
        let months = crate::due::calendar::months_of_age(born, day);
        if months < 2 {
            self.count("weeks", (day - born).num_days().max(0) / 7)
        } else {
            self.count("months", i64::from(months))
        }
    }

    /// The name of a language in this one; an unknown tag stands as it is.
    #[must_use]
    pub fn language(&self, tag: &str) -> String {
        let first = tag.split('-').next().unwrap_or(tag);
        let name = self.text(&format!("said.languages.{first}"));
        if name.is_empty() { tag.to_owned() } else { name.to_owned() }
    }

    /// `Bayside Therapy, Harbor Kids and Ocean View`.
    #[must_use]
    pub fn listed(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                format!("{}{}{last}", first.join(self.text("said.comma")), self.text("page.and"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TemplateSet;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn english_says_dates_and_counts_as_people_do() {
        let set = TemplateSet::built_in();
        let english = set.languages().english();
        assert_eq!(english.long(day("2026-11-05")), "November 5, 2026");
        assert_eq!(english.short(day("2026-11-05")), "Nov 5, 2026");
        assert_eq!(english.month(day("2026-11-05")), "November 2026");
        assert_eq!(english.age(day("2026-10-20"), day("2026-11-20")), "4 weeks");
        assert_eq!(english.age(day("2025-03-20"), day("2026-11-20")), "20 months");
        assert_eq!(english.listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(english.language("es-MX"), "Spanish");
        assert_eq!(english.language("qu"), "qu");
    }
}
