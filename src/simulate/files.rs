//! The two TOML files of a simulated caseload.

use chrono::Datelike;

use super::Plan;
use crate::due::calendar::add_calendar_days;

/// `earlypost.toml`: every paper lands in a folder or a print queue.
pub(super) const CONFIGURATION: &str = r#"# A simulated caseload. Nobody in it exists; nothing leaves this machine with these channels.

# Where the records are read, relative to this file.
caseload = "caseload"
# Where the database and the papers are kept.
data_dir = "data"

# E-mail is put into a folder, one file a message.
[channels.email]
kind = "folder"

# Letters are put into a print queue.
[channels.postal]
kind = "print"
"#;

/// Papers of older plans are taken as given: this many calendar days before the day, automatic mail begins.
const AUTOMATIC_CALENDAR_DAYS: i64 = 20;

/// `program.toml`.
pub(super) fn program(plan: &Plan) -> String {
    let from = add_calendar_days(plan.day, -AUTOMATIC_CALENDAR_DAYS);
    // The reminder of a month is left to people if its day lies before `automatic_from`. After the 21st the first
    // of the month does; the earliest later day keeps the reminders of such a month due as well.
    let reminder_day = plan.day.day().saturating_sub(20).max(1);
    let dated = if plan.synthetic {
        format!(
            "\n# Nobody here is real, so the program may run on a date of its own.\nsynthetic = true\nas_of = \"{}\"\n",
            plan.day
        )
    } else {
        String::new()
    };
    format!(
        r#"# A simulated program. Everybody in it is made up.
schema = 1
program_id = "{id}"
name = "Riverbend Early Steps (simulated)"
tagline = "Early intervention for a region that does not exist"
address = ["100 Sample Street", "Norfolk, VA 23510"]
telephone = "(757) 555-0100"
website = "riverbend.example.org"
email = "papers@riverbend.example.org"
return_address = ["100 Sample Street, Suite 2", "Norfolk, VA 23510"]
plan_name = "Individualized Family Service Plan"
time_zone = "America/New_York"
state_profile = "virginia"
{dated}
# Papers of earlier meetings went out on paper.
automatic_from = "{from}"

[policy]
reminder_day = {reminder_day}

[[help]]
name = "Parent Resource Center (sample)"
about = "Other parents who know the system. They help you get ready for a meeting, at no cost."
telephone = "(804) 555-0110"

[[help]]
name = "Disability Rights Office (sample)"
about = "Lawyers who protect the rights of people with disabilities. Call them if you think your child's rights are not respected."
telephone = "(804) 555-0125"

[[help]]
name = "State Early Intervention Office (sample)"
about = "Takes written complaints about a program and looks into them. You can also ask for mediation or a hearing."
telephone = "(804) 555-0130"
"#,
        id = super::offices::PROGRAM,
    )
}
