//! `earlypost child`: one child on the screen, for somebody who serves it.

use std::fmt::Display;

use crate::{
    case::ChildId,
    cli::{Exit, Global, ui},
    pipeline::ChildPage,
};

/// One child.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show a child: people and addresses, releases, meetings, what was promised, documents, deliveries.
    ///
    /// Names appear on the screen only. `earlypost find` gives the id.
    Show {
        /// The child's id.
        #[arg(value_name = "ID")]
        child: ChildId,
        /// Why you need it, for a child that you do not serve. It stands in the record of access, and the child's own
        /// people are told.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let What::Show { child, reason } = &args.what;
    global
        .with_app(false, async |app| {
            let records = app.pipeline.records();
            let page = match reason {
                Some(reason) => records.child_with_reason(child, reason, &app.actor).await?,
                None => records.child(child, &app.actor).await?,
            };
            app.pipeline.renew_mark().await?;
            if global.json {
                ui::print_json(&serde_json::to_value(&page)?)?;
            } else if !global.quiet {
                say(&page);
            }
            Ok(Exit::Done)
        })
        .await
}

fn say(page: &ChildPage) {
    let called = page.called.as_ref().map(|called| format!(" (\"{called}\")")).unwrap_or_default();
    println!(
        "{}{called}, born {}, number {}, referred {}.",
        page.name, page.birth_date, page.program_number, page.referred_on
    );
    match &page.coordinator {
        Some(staff) => println!("Service coordinator: {} ({}).", staff.name, staff.person),
        None => println!("No service coordinator now: it is the supervisor's."),
    }
    if let Some(why) = &page.held {
        println!("EVERYTHING IS HELD: {why}");
    }
    people(page);
    table("Team and physicians", &["office", "role", "through"], &page.team, |line| {
        vec![line.name.clone(), line.role.clone(), or_dash(line.until)]
    });
    table("Releases", &["release", "signed", "to", "covers", "standing", "through"], &page.releases, |line| {
        vec![
            line.release.clone(),
            line.signed_on.to_string(),
            line.to.join("; "),
            line.classes.join(", "),
            line.standing.to_owned(),
            or_dash(line.through),
        ]
    });
    table("Court orders", &["order", "about", "effect", "from", "through"], &page.orders, |line| {
        vec![
            line.order.clone(),
            line.persons.join(", "),
            effect(line.effect.as_deref()).to_owned(),
            line.from.to_string(),
            or_dash(line.until),
        ]
    });
    table("Meetings and visits", &["day", "hour", "what", "where"], &page.meetings, |line| {
        vec![line.on.to_string(), or_dash(line.at.as_ref()), line.what.clone(), or_dash(line.place.as_ref())]
    });
    table("Promised and not done yet", &["due", "what", "by whom", "promised"], &page.follow_ups, |line| {
        vec![or_dash(line.due_on), line.what.clone(), line.by.clone(), line.promised_on.to_string()]
    });
    table("Documents made elsewhere", &["document", "date", "what", "pages"], &page.documents, |line| {
        vec![line.document.clone(), line.on.to_string(), line.title.to_owned(), line.pages.to_string()]
    });
    table("Deliveries", &["dispatch", "to", "documents", "state"], &page.deliveries, |line| {
        let documents = line.documents.iter().map(|document| document.kind.as_str()).collect::<Vec<_>>().join(", ");
        vec![line.id.clone(), line.recipient.clone(), documents, line.state.clone()]
    });
}

fn effect(code: Option<&str>) -> &str {
    match code {
        None => "nobody has read it yet",
        Some("deny_access") => "they may not have the record",
        Some("deny_address") => "they may not learn the address",
        Some("allow_named_only") => "only they may have the record",
        Some("named_decision_maker") => "they decide for the child",
        Some(other) => other,
    }
}

fn people(page: &ChildPage) {
    println!("\nPeople");
    for person in &page.people {
        println!("  {} ({}), {}, reads {}.", person.name, person.person, person.relationship, person.language);
        if !person.may_receive_records {
            println!("    May not have the record.");
        }
        if !person.may_consent {
            println!("    May not sign consents.");
        }
        if !person.keeps_private.is_empty() {
            println!("    KEEPS PRIVATE from the rest of the family: {}.", person.keeps_private.join(", "));
        }
        if let Some(number) = &person.telephone {
            let message = if person.may_leave_message { "a message is fine" } else { "leave no message" };
            println!("    Telephone {number} ({message})");
        }
        for address in &person.addresses {
            let standing = match (address.out_of_use, address.verified_on) {
                (true, _) => "OUT OF USE".to_owned(),
                (false, Some(day)) => format!("made sure of on {day}"),
                (false, None) => "nobody has made sure of it".to_owned(),
            };
            let discreet = if address.discreet { "; nothing may say who writes" } else { "" };
            println!("    {} {} ({}; {standing}{discreet})", address.kind, address.address, address.endpoint);
        }
    }
}

fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn table<T>(title: &str, header: &[&str], lines: &[T], cells: impl Fn(&T) -> Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let mut table = ui::table(header);
    for line in lines {
        table.add_row(cells(line));
    }
    println!("\n{title}\n{table}");
}
