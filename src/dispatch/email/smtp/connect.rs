//! From a host name to a connection that is ready for MAIL.

use std::{io, net::SocketAddr, time::Duration};

use lettre::transport::smtp::{
    authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism},
    client::AsyncSmtpConnection,
    commands::Ehlo,
    response::Response,
};
use tokio::net::{TcpStream, lookup_host};

use super::{
    capabilities::Offers,
    connection_config::{Login, Means},
    guarded_stream::GuardedStream,
    reply::{Reply, Trouble, within},
    settings::{Security, SmtpSettings},
    submission_outcome::Ending,
    transaction::Connection,
};

/// Opens a connection: TCP, greeting, TLS, EHLO, login, each under its limit.
pub(super) async fn open(settings: &SmtpSettings, means: &Means) -> Result<Connection, Ending> {
    let addresses = resolve(settings).await.map_err(|trouble| trouble.before_mail(None))?;
    let mut last = Trouble::NoReply("the name of the relay has no address that may be used".to_owned());
    for address in addresses {
        match greet(address, settings, means).await {
            Ok(mut smtp) => {
                let offers = prepare(&mut smtp, settings, means)
                    .await
                    .map_err(|trouble| trouble.before_mail(Some(smtp.is_encrypted())))?;
                return Ok(Connection::new(smtp, offers));
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

async fn greet(address: SocketAddr, settings: &SmtpSettings, means: &Means) -> Result<AsyncSmtpConnection, Trouble> {
    let limit = settings.limits.for_connect();
    if settings.security == Security::ImplicitTls {
        let under_tls = AsyncSmtpConnection::connect_tokio1(address, None, &means.hello, means.tls.clone(), None);
        return within("connect", limit, under_tls).await;
    }
    let tcp = with_io_limit(limit, TcpStream::connect(address)).await?;
    // The final dot goes out in a packet of its own. Without this it would wait for the server's
    // delayed acknowledgement, 40 milliseconds a message; where it cannot be set, it waits.
    let _ = tcp.set_nodelay(true);
    let in_clear = AsyncSmtpConnection::connect_with_transport(Box::new(GuardedStream::new(tcp)), &means.hello);
    within("greeting", limit, in_clear).await
}

async fn prepare(smtp: &mut AsyncSmtpConnection, settings: &SmtpSettings, means: &Means) -> Result<Offers, Trouble> {
    let limit = settings.limits.for_command();
    if let (Security::Starttls, Some(tls)) = (settings.security, &means.tls) {
        if !smtp.can_starttls() {
            return Err(Trouble::Unwilling(
                "the server does not offer STARTTLS, and nothing is sent in clear".to_owned(),
            ));
        }
        within("STARTTLS", limit, smtp.starttls(tls.clone(), &means.hello)).await?;
    }
    if settings.security != Security::Plaintext && !smtp.is_encrypted() {
        return Err(Trouble::Unwilling("the connection is not under TLS".to_owned()));
    }
    let ehlo = within("EHLO", limit, smtp.command(Ehlo::new(means.hello.clone()))).await?;
    match &means.login {
        Login::None => {}
        Login::Password(credentials) => {
            accepted(&within("AUTH", limit, smtp.auth(DEFAULT_MECHANISMS, credentials)).await?)?;
        }
        Login::Token(mailbox, tokens) => {
            let token = tokens.token(None).await.map_err(Trouble::Unwilling)?;
            let first = by_token(smtp, limit, mailbox, &token).await;
            // A token may have been taken back before its end: one more is asked for, and then the settings are wrong.
            if let Err(Trouble::Refused { code: 535, .. }) = &first {
                let another = tokens.token(Some(&token)).await.map_err(Trouble::Unwilling)?;
                by_token(smtp, limit, mailbox, &another).await?;
            } else {
                first?;
            }
        }
    }
    Ok(Offers::read(&ehlo))
}

async fn by_token(smtp: &mut AsyncSmtpConnection, limit: Duration, mailbox: &str, token: &str) -> Result<(), Trouble> {
    let credentials = Credentials::new(mailbox.to_owned(), token.to_owned());
    accepted(&within("AUTH", limit, smtp.auth(&[Mechanism::Xoauth2], &credentials)).await?)
}

fn accepted(answer: &Response) -> Result<(), Trouble> {
    if answer.has_code(235) { Ok(()) } else { Err(Trouble::Unexpected(Reply::of(answer))) }
}

async fn with_io_limit<T>(limit: Duration, step: impl Future<Output = io::Result<T>>) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::NoReply(format!("the relay cannot be reached: {error}"))),
        Err(_) => Err(Trouble::NoReply(format!("the relay did not answer within {} seconds", limit.as_secs()))),
    }
}
