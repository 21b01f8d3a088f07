//! What is due, on which day and whose it is: obligations, plans of sends, the coordinator's week, the monitor's rows.

pub(super) mod obligations;
pub(super) mod send_plan;
pub(super) mod staff_week;
pub(super) mod monitor;
