//! The dates that count for a child. Duties, gate, pages, monitor and explanations ask here, so that a letter never names
//! another day than the duty that it serves.

mod forty_five_days;
mod transition;
mod notice_to_district;

pub use forty_five_days::FortyFiveDays;
pub use notice_to_district::{NoticeToDistrict, Objected};
pub use transition::{TransitionDates, calendar_days_before_three, is_late_referral};

pub(in crate::due) use transition::eligible_on;
