//! The ways out: each channel looks at itself.

use super::{mail_domain, name_servers};
use crate::{app::App, config::Config, dispatch::ChannelSettings, pipeline::Finding};

pub(super) async fn all(config: &Config, app: &App) -> Vec<Finding> {
    let mut findings = Vec::new();
    if app.pipeline.channels.is_empty() {
        findings.push(Finding::fault(
            "channels",
            "No channel is set up.",
            "Nothing could ever be sent.",
            "Add [channels.email] or [channels.postal] to the settings.",
        ));
    }
    for (kind, channel) in &app.pipeline.channels {
        let name = format!("{} by {}", kind.word(), channel.name());
        findings.push(match channel.look().await {
            Ok(says) => Finding::good("channels", format!("{name}: {says}")),
            Err(says) => Finding::fault(
                "channels",
                format!("{name}: {says}"),
                "Nothing goes out this way; it waits in the queue.",
                "Correct the settings or the other side; what waits goes by itself then.",
            ),
        });
    }
    for (place, seen) in app.receiver.look().await {
        findings.push(match seen {
            Ok(()) => Finding::good("answers", format!("{place} can be opened.")),
            Err(error) => Finding::fault(
                "answers",
                format!("{place}: {error}."),
                "Papers that came back count as accepted until their notices are read.",
                "Correct the settings under [receive] or the other side.",
            ),
        });
    }
    if let Some(ChannelSettings::Smtp(_)) = &config.channels.email
        && let Some((_, domain)) = app.pipeline.program.email.rsplit_once('@')
    {
        let known = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
        if let Some(server) = name_servers(&known).first() {
            findings.extend(mail_domain(domain, *server).await);
        }
    }
    if let (Some(to), None) = (&config.operator_email, &app.operator) {
        findings.push(Finding::fault(
            "channels",
            format!("operator_email is {to}, but no e-mail channel is set up."),
            "Nobody can be told when something goes wrong.",
            "Add [channels.email] to the settings.",
        ));
    }
    findings
}
