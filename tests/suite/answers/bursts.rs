//! Many returns for one reason: the channel rests, and no address goes out of use.

use earlypost::dispatch::{DeliverySettings, StateName};

use super::{Answered, notice, return_path};
use crate::harness::World;

const CHILDREN: [&str; 4] = ["c-0398", "c-0402", "c-0405", "c-0417"];

/// A world that calls so many returns a burst, with its e-mails that were accepted.
fn sent(burst_failures: i64) -> (Answered, Vec<(String, Vec<u8>)>) {
    let delivery = DeliverySettings { burst_failures, lease_seconds: 60, ..DeliverySettings::default() };
    let mut answered = Answered::of(World::with_delivery(&CHILDREN, delivery), Some(return_path()));
    answered.world.leaves_open(StateName::Queued);
    answered.world.run();
    let mut notices = Vec::new();
    for child in CHILDREN {
        for row in answered.world.rows(child) {
            if row.state == StateName::Accepted && row.channel.as_deref() == Some("smtp") {
                let (to, address) = (answered.address(&row), answered.went_to(&row));
                notices.push((child.to_owned(), notice(&to, &address, "5.1.1", "550 5.1.1 no such user")));
            }
        }
    }
    assert!(notices.len() > 4, "{} e-mails left", notices.len());
    (answered, notices)
}

fn out_of_use(answered: &Answered) -> usize {
    CHILDREN.iter().map(|child| answered.out_of_use(child)).sum()
}

#[test]
fn many_returns_at_once_for_one_reason_rest_the_channel_and_put_nothing_out() {
    let (answered, notices) = sent(4);
    for (_, notice) in &notices {
        answered.comes(notice);
    }
    let done = answered.receive();
    assert_eq!(usize::try_from(done.returned).unwrap(), notices.len());
    assert_eq!(out_of_use(&answered), 0);
    assert!(answered.is_paused("smtp"));
    let tasks = answered.waiting();
    assert!(!tasks.contains(&"office-address".to_owned()), "{tasks:?}");
    let service = answered.world.pipeline.store.service();
    let paused = answered.world.runtime.block_on(service.paused_channels()).unwrap();
    assert!(paused[0].why.contains("all for the same reason (5.1.1)"), "{}", paused[0].why);
}

#[test]
fn what_the_first_returns_of_a_burst_put_out_goes_back_into_use() {
    let (answered, notices) = sent(4);
    for (_, notice) in &notices[..3] {
        answered.comes(notice);
        answered.receive();
    }
    assert!(out_of_use(&answered) > 0, "three are no burst");
    assert!(!answered.is_paused("smtp"));
    answered.world.clock.advance(chrono::Duration::minutes(10));
    answered.comes(&notices[3].1);
    answered.receive();
    assert_eq!(out_of_use(&answered), 0);
    assert!(answered.is_paused("smtp"));
    assert!(!answered.waiting().contains(&"office-address".to_owned()));
}

#[test]
fn returns_that_come_one_after_the_other_over_days_are_no_burst() {
    let (answered, notices) = sent(4);
    for (_, notice) in &notices {
        answered.comes(notice);
        answered.receive();
        answered.world.clock.advance(chrono::Duration::minutes(16));
    }
    assert!(out_of_use(&answered) > 0);
    assert!(!answered.is_paused("smtp"));
}
