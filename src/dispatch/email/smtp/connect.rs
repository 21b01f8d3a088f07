//! From a host name to a connection that is ready for MAIL.

use std::{io, net::SocketAddr, time::Duration};

use lettre::transport::smtp::{
    authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism},
    commands::{Auth, Ehlo, Starttls},
    response::{Category, Code, Detail, Response, Severity},
};
use tokio::net::{TcpStream, lookup_host};

use super::{
    capabilities::Offers,
    connection_config::{Login, Means},
    reply::{Reply, Trouble, within},
    settings::{Security, SmtpSettings},
    submission_outcome::Ending,
    transaction::Connection,
    wire::Wire,
};

/// A login of name and password takes two.
const MOST_CHALLENGES: u32 = 10;

/// Opens a connection: TCP, greeting, TLS, EHLO, login, each under its limit.
pub(super) async fn open(settings: &SmtpSettings, means: &Means) -> Result<Connection, Ending> {
    let addresses = resolve(settings).await.map_err(|trouble| trouble.before_mail(None))?;
    let mut last = Trouble::NoReply("the name of the relay has no address that may be used".to_owned());
    for address in addresses {
        match greet(address, settings, means).await {
            Ok(wire) => {
                let (mut wire, offers) = secured(wire, settings, means).await?;
                let under_tls = Some(wire.is_encrypted());
                log_in(&mut wire, offers, settings, means).await.map_err(|trouble| trouble.before_mail(under_tls))?;
                return Ok(Connection::new(wire, offers));
            }
            // Nobody spoke there: another address of the same relay may do.
            Err(trouble @ Trouble::NoReply(_)) => last = trouble,
            Err(trouble) => return Err(trouble.before_mail(None)),
        }
    }
    Err(last.before_mail(None))
}

async fn resolve(settings: &SmtpSettings) -> Result<Vec<SocketAddr>, Trouble> {
    let found =
        with_io_limit(settings.limits.for_connect(), lookup_host((settings.host.as_str(), settings.port))).await?;
    // The name "localhost" was accepted by its spelling; what it stands for is looked at here.
    let usable = |address: &SocketAddr| settings.security != Security::Plaintext || address.ip().is_loopback();
    Ok(found.filter(usable).collect())
}

async fn greet(address: SocketAddr, settings: &SmtpSettings, means: &Means) -> Result<Wire, Trouble> {
    let limit = settings.limits.for_connect();
    let tcp = with_io_limit(limit, TcpStream::connect(address)).await?;
    // The end of a message may go out in a packet of its own. Without this it would wait for the
    // server's delayed acknowledgement, 40 milliseconds a message; where it cannot be set, it waits.
    let _ = tcp.set_nodelay(true);
    let mut wire = Wire::in_clear(tcp);
    if let (Security::ImplicitTls, Some((tls, name))) = (settings.security, &means.tls) {
        wire = within("connect", limit, wire.under_tls(tls, name.clone())).await?;
    }
    within("greeting", limit, wire.reply()).await?.expect(&[220])?;
    Ok(wire)
}

/// A connection under the protection that the settings ask for, and what the server offers there.
async fn secured(mut wire: Wire, settings: &SmtpSettings, means: &Means) -> Result<(Wire, Offers), Ending> {
    let under_tls = Some(wire.is_encrypted());
    let offers = hello(&mut wire, settings, means).await.map_err(|trouble| trouble.before_mail(under_tls))?;
    let (Security::Starttls, Some((tls, name))) = (settings.security, &means.tls) else {
        if settings.security != Security::Plaintext && !wire.is_encrypted() {
            return Err(Trouble::Unwilling("the connection is not under TLS".to_owned()).before_mail(under_tls));
        }
        return Ok((wire, offers));
    };
    let limit = settings.limits.for_command();
    let changed = async {
        if !offers.starttls {
            let says = "the server does not offer STARTTLS, and nothing is sent in clear";
            return Err(Trouble::Unwilling(says.to_owned()));
        }
        within("STARTTLS", limit, wire.ask(&Starttls.to_string())).await?.expect(&[220])?;
        within("STARTTLS", limit, wire.under_tls(tls, name.clone())).await
    };
    let mut wire = changed.await.map_err(|trouble| trouble.before_mail(under_tls))?;
    // What was offered in clear counts for nothing: anybody on the way may have said it.
    let offers = hello(&mut wire, settings, means).await.map_err(|trouble| trouble.before_mail(Some(true)))?;
    Ok((wire, offers))
}

async fn hello(wire: &mut Wire, settings: &SmtpSettings, means: &Means) -> Result<Offers, Trouble> {
    let ehlo = Ehlo::new(means.hello.clone()).to_string();
    let answer = within("EHLO", settings.limits.for_command(), wire.ask(&ehlo)).await?.expect(&[250])?;
    Ok(Offers::read(&answer))
}

async fn log_in(wire: &mut Wire, offers: Offers, settings: &SmtpSettings, means: &Means) -> Result<(), Trouble> {
    let limit = settings.limits.for_command();
    match &means.login {
        Login::None => Ok(()),
        Login::Password(credentials) => authenticate(wire, offers, limit, DEFAULT_MECHANISMS, credentials).await,
        Login::Token(mailbox, tokens) => {
            let token = tokens.token(None).await.map_err(Trouble::Unwilling)?;
            let first = by_token(wire, offers, limit, mailbox, &token).await;
            // A token may have been taken back before its end: one more is asked for, and then the settings are wrong.
            if let Err(Trouble::Refused { code: 535, .. }) = &first {
                let another = tokens.token(Some(&token)).await.map_err(Trouble::Unwilling)?;
                by_token(wire, offers, limit, mailbox, &another).await
            } else {
                first
            }
        }
    }
}

async fn by_token(wire: &mut Wire, offers: Offers, limit: Duration, mailbox: &str, token: &str) -> Result<(), Trouble> {
    let credentials = Credentials::new(mailbox.to_owned(), token.to_owned());
    authenticate(wire, offers, limit, &[Mechanism::Xoauth2], &credentials).await
}

/// Logs in by the first of these ways that the server offers.
async fn authenticate(
    wire: &mut Wire,
    offers: Offers,
    limit: Duration,
    ways: &[Mechanism],
    credentials: &Credentials,
) -> Result<(), Trouble> {
    let Some(way) = offers.way_to_log_in(ways) else {
        return Err(Trouble::Unwilling("the server offers no way to log in that is known here (AUTH)".to_owned()));
    };
    let not_known = |error| Trouble::Unwilling(format!("the server asks for something else than a login: {error}"));
    let mut command = Auth::new(way, credentials.clone(), None).map_err(not_known)?.to_string();
    for _ in 0..MOST_CHALLENGES {
        let answer = within("AUTH", limit, wire.ask(&command)).await?;
        if answer.code() != 334 {
            return answer.expect(&[235]).map(drop);
        }
        command = match way {
            // The challenge is the error; the refusal comes after an empty line (RFC 7628, 3.2.3).
            Mechanism::Xoauth2 => "\r\n".to_owned(),
            _ => Auth::new_from_response(way, credentials.clone(), &challenge(&answer)).map_err(not_known)?.to_string(),
        };
    }
    Err(Trouble::Unwilling("the server asks for one thing after another (AUTH)".to_owned()))
}

/// The challenge as lettre reads it.
fn challenge(answer: &Reply) -> Response {
    let code = Code::new(Severity::PositiveIntermediate, Category::Unspecified3, Detail::Four);
    Response::new(code, answer.lines().map(str::to_owned).collect())
}

async fn with_io_limit<T>(limit: Duration, step: impl Future<Output = io::Result<T>>) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::NoReply(format!("the relay cannot be reached: {error}"))),
        Err(_) => Err(Trouble::NoReply(format!("the relay did not answer within {} seconds", limit.as_secs()))),
    }
}
