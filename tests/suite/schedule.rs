//! What the service does by itself: each time once, whatever the clock, the calendar or another service do.

#[path = "schedule/clock.rs"]
mod clock;
#[path = "schedule/proof.rs"]
pub mod proof;
#[path = "schedule/ticks.rs"]
mod ticks;

use std::sync::Arc;

use earlypost::{
    case::OrganisationId,
    config::{Missed, ScheduleEntry, ServiceSettings, Work},
    pipeline::{Silent, Stop},
    schedule::{Service, Ticked},
    store::ScheduleRow,
};

use crate::harness::World;

pub fn entry(name: &str, work: Work, at: &str, missed: Missed) -> ScheduleEntry {
    ScheduleEntry { name: OrganisationId::parse(name).unwrap(), work, at: at.to_owned(), zone: None, missed }
}

pub fn service(world: &World, schedules: Vec<ScheduleEntry>) -> Service {
    let service = Service {
        pipeline: Arc::clone(&world.pipeline),
        caseload: world.caseload(),
        settings: ServiceSettings::default(),
        schedules,
        operator: None,
        templates: None,
    };
    world.runtime.block_on(service.sync()).unwrap();
    service
}

pub fn tick(world: &World, service: &Service) -> Vec<(String, Ticked)> {
    world.runtime.block_on(service.tick(&Silent, &Stop::default())).unwrap()
}

pub fn row(world: &World, name: &str) -> ScheduleRow {
    let rows = world.runtime.block_on(world.pipeline.store.service().schedules()).unwrap();
    rows.into_iter().find(|row| row.name == name).unwrap()
}

/// Due instants and outcomes, oldest first.
pub fn history(world: &World, name: &str) -> Vec<(String, String)> {
    let mut runs = world.runtime.block_on(world.pipeline.store.service().schedule_runs(name, 1000)).unwrap();
    runs.reverse();
    runs.into_iter().map(|run| (run.due_at, run.outcome.unwrap_or_default())).collect()
}
