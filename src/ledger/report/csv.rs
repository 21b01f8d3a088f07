//! The record as a file that a spreadsheet opens safely.

use super::{Report, line::ReportItem};

impl Report {
    /// The disclosures as CSV, safe to open in a spreadsheet.
    #[must_use]
    pub fn csv(&self) -> String {
        let head = [
            "entry",
            "date",
            "instant_utc",
            "child",
            "recipient",
            "recipient_name",
            "address",
            "documents",
            "pages",
            "plan_version",
            "purpose",
            "basis",
            "authority",
            "channel",
            "result",
            "may_have_been_received",
            "later",
            "redisclosure_notice",
            "exempt_303_406",
            "exempt_99_32",
            "exempt_164_528",
            "sha256",
            "dispatch",
            "released_by",
            "approved_by",
        ];
        let mut out = head.join(",") + "\r\n";
        for line in &self.disclosures {
            let join = |f: &dyn Fn(&ReportItem) -> String| line.items.iter().map(f).collect::<Vec<_>>().join("; ");
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
            let cells = [
                line.seq.to_string(),
                line.on.to_string(),
                line.at.clone(),
                line.child.clone(),
                line.recipient.clone(),
                line.recipient_name.clone().unwrap_or_else(|| "(destroyed)".to_owned()),
                text(&line.address),
                join(&|item| item.title.clone()),
                line.items.iter().map(|item| item.pages).sum::<u32>().to_string(),
                line.plan_version.map(|v| v.to_string()).unwrap_or_default(),
                text(&line.purpose),
                line.basis.clone(),
                line.authority.clone(),
                text(&line.channel),
                line.result.clone(),
                yes(line.may_have_been_received),
                line.later.iter().map(|l| format!("{}: {}", l.on, l.says)).collect::<Vec<_>>().join(" "),
                text(&line.redisclosure_notice),
                yes(line.exempt_303_406),
                yes(line.exempt_99_32),
                yes(line.exempt_164_528),
                join(&|item| item.sha256.clone()),
                text(&line.dispatch),
                line.released_by.clone(),
                text(&line.approved_by),
            ];
            out += &cells.map(|cell| csv_cell(&cell)).join(",");
            out += "\r\n";
        }
        out
    }
}

/// A cell of a CSV file that no spreadsheet takes for a formula.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+1 757", "'+1 757"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("plain", "plain"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }
}
