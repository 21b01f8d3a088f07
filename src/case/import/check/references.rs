//! Each id stands once.

use std::collections::HashSet;

use super::look::Look;

pub(super) fn ids(f: &mut Look<'_>) {
    let record = f.record;
    let numbered = |at: &'static str| move |i: usize, part: &str| format!("{at}[{i}].{part}");
    let at = numbered("family");
    f.once("person", record.family.iter().enumerate().map(|(i, m)| (at(i, "person_id"), m.person_id.as_str())));
    let at = numbered("releases");
    f.once("release", record.releases.iter().enumerate().map(|(i, r)| (at(i, "release_id"), r.release_id.as_str())));
    let at = numbered("court_orders");
    f.once("order", record.court_orders.iter().enumerate().map(|(i, o)| (at(i, "order_id"), o.order_id.as_str())));
    f.once(
        "endpoint",
        record.family.iter().enumerate().flat_map(|(i, m)| {
            m.endpoints.iter().map(move |e| (format!("family[{i}].endpoints"), e.endpoint_id.as_str()))
        }),
    );
    let (evaluation, contact, assignment) = (numbered("evaluations"), numbered("contacts"), numbered("assignments"));
    let events = std::iter::once(("referral.event_id".to_owned(), record.referral.event_id.as_str()))
        .chain(record.evaluations.iter().enumerate().map(|(i, e)| (evaluation(i, "event_id"), e.event_id.as_str())))
        .chain(record.contacts.iter().enumerate().map(|(i, c)| (contact(i, "event_id"), c.event_id.as_str())))
        .chain(record.assignments.iter().enumerate().map(|(i, a)| (assignment(i, "event_id"), a.event_id.as_str())))
        .chain(record.surrogate_need.iter().map(|need| ("surrogate_need.event_id".to_owned(), need.event_id.as_str())));
    f.once("event", events);
    let mut versions: HashSet<_> = record.unfinished.iter().map(|v| (v.ifsp_id.as_str(), v.version)).collect();
    for (i, version) in record.ifsps.iter().enumerate() {
        if !versions.insert((version.ifsp_id.as_str(), version.version)) {
            f.refuse(
                format!("ifsps[{i}].version"),
                "this version of the plan stands twice; write a change as a new version",
            );
        }
    }
}
