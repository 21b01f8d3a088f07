//! Delivery status notices (RFC 3464).

use super::{
    Fate, Report,
    fields::{Group, value},
};

/// The worst that is said. Our messages have one recipient, but a list behind that address may have more: all whose
/// fate is the worst are named.
pub(super) fn report(groups: &[Group]) -> Option<Report> {
    let badness = |report: &Report| match report.fate {
        Fate::Failed => 0,
        Fate::Delayed => 1,
        Fate::Relayed => 2,
        _ => 3,
    };
    let reports: Vec<Report> = groups.iter().filter_map(of_group).collect();
    let mut worst = reports.iter().min_by_key(|report| badness(report))?.clone();
    let as_bad = reports.iter().filter(|report| badness(report) == badness(&worst));
    worst.recipients = as_bad.flat_map(|report| report.recipients.clone()).collect();
    Some(worst)
}

fn of_group(group: &Group) -> Option<Report> {
    let said = value(group, "action")?.to_ascii_lowercase();
    let fate = match said.split(|c: char| !c.is_ascii_alphabetic()).next()? {
        "failed" | "failure" | "fail" => Fate::Failed,
        "delayed" => Fate::Delayed,
        "delivered" => Fate::Delivered,
        "relayed" | "expanded" => Fate::Relayed,
        _ => return None,
    };
    let status = value(group, "status").and_then(|s| s.split_ascii_whitespace().next()).map(str::to_owned);
    let diagnostic = value(group, "diagnostic-code").map(str::to_owned);
    let recipients = recipient(group).into_iter().collect();
    Some(Report { status, recipients, ..Report::of(fate, diagnostic) })
}

/// The address that a group speaks of: where the message went last. An address before a list or a forwarding is not it.
pub(super) fn recipient(group: &Group) -> Option<String> {
    let (_, address) = value(group, "final-recipient")?.split_once(';')?;
    let address = address.trim().trim_matches(['<', '>', '"', '\'']).to_lowercase();
    address.contains('@').then_some(address)
}

#[cfg(test)]
mod tests {
    use super::{super::fields::groups, *};

    #[test]
    fn the_worst_fate_counts_with_all_whom_it_met() {
        let text = "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; A@example.org\nAction: delivered\nStatus: 2.0.0\n\n\
                    Final-Recipient: rfc822;<b@example.org>\nAction: failed (5.1.1)\nStatus: 5.1.1 (no such user)\n\n\
                    Final-Recipient: rfc822; c@example.org\nAction: failed\nStatus: 5.2.2\n";
        let report = report(&groups(text.as_bytes())).unwrap();
        assert_eq!((report.fate, report.status.as_deref()), (Fate::Failed, Some("5.1.1")));
        assert_eq!(report.recipients, ["b@example.org", "c@example.org"]);
        assert!(!report.names("a@example.org") && report.names("B@example.org"));
    }
}
