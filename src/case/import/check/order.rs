//! Court orders: a date that makes one void would let somebody have what it keeps from them.

use super::look::Look;
use crate::case::CourtOrder;

pub(super) fn orders(f: &mut Look<'_>) {
    for (i, order) in f.record.court_orders.iter().enumerate() {
        self::order(order, &format!("court_orders[{i}]"), f);
    }
}

fn order(order: &CourtOrder, at: &str, f: &mut Look<'_>) {
    if order.persons.is_empty() {
        f.refuse(format!("{at}.persons"), "names nobody; say whom the order is about");
    }
    for person in &order.persons {
        f.family(format!("{at}.persons"), person);
    }
    f.past(format!("{at}.received_on"), order.received_on);
    f.follows(format!("{at}.expires_on"), order.expires_on, order.effective_on, "the first day of the order's effect");
    let reader = order.verified_by.as_ref().and_then(|id| f.directory().professional(id));
    if order.effect.is_some() && reader.is_none() {
        // The gate takes it as not read (disclosure::parent).
        f.ask(
            format!("{at}.verified_by"),
            format!("order {}", order.order_id),
            "names nobody of the directory who has read the order, so it holds the mail of the persons whom it names as an \
             order that nobody has read. Read it, and name who did",
        );
    }
}
