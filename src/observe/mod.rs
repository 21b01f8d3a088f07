//! For those who watch the service: is it alive, is it ready, and what it does, in Prometheus' text form. A listener
//! that is off by default and speaks of counts and ages only: no ids, no names.

mod metrics;
mod listener;

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use http_body_util::Full;
use hyper::{Method, Request, Response, StatusCode, body::Bytes, body::Incoming, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{
    hint,
    pipeline::{HeldInstallation, Pipeline, Standing},
    shown::with_causes,
};

/// Who may watch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ObserveSettings {
    /// Address and port of the listener, such as `127.0.0.1:9464`. Without it nobody listens. Whoever reaches it may
    /// read it: keep it on this machine or on a network of your own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
}

impl ObserveSettings {
    /// What is wrong with the settings.
    #[must_use]
    pub fn check(&self) -> Option<String> {
        let listen = self.listen.as_deref()?;
        let wrong = listen.parse::<SocketAddr>().is_err();
        wrong.then(|| "is no address with a port; write it like 127.0.0.1:9464".to_owned())
    }
}

/// A listener at work. Dropping it ends it.
#[derive(Debug)]
pub struct Observing {
    address: SocketAddr,
    task: AbortHandle,
}

impl Observing {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts the listener, where one is set.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn observe(settings: &ObserveSettings, pipeline: Arc<Pipeline>) -> anyhow::Result<Option<Observing>> {
    let Some(listen) = &settings.listen else { return Ok(None) };
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("observe.listen: {listen} cannot be listened on; is it in use?"))?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(listener::serve(listener, pipeline));
    Ok(Some(Observing { address, task: task.abort_handle() }))
}

async fn answer(pipeline: &Pipeline, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n");
    }
    match request.uri().path() {
        "/healthz" => text(StatusCode::OK, "alive\n"),
        "/readyz" => match ready(pipeline).await {
            Ok(()) => text(StatusCode::OK, "ready\n"),
            Err(why) => text(StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
        },
        "/metrics" => match metrics::text(pipeline).await {
            Ok(metrics) => text(StatusCode::OK, metrics),
            Err(error) => {
                tracing::warn!(error = with_causes(&error), "the metrics could not be read");
                text(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
            }
        },
        _ => text(StatusCode::NOT_FOUND, "there are /healthz, /readyz and /metrics\n"),
    }
}

/// Whether this process could send now, and what it does by itself went well the last time.
async fn ready(pipeline: &Pipeline) -> Result<(), String> {
    if pipeline.channels.is_empty() {
        return Err("no channel is set up".to_owned());
    }
    match pipeline.standing().await {
        Ok(Standing::Same) => match pipeline.store.service().failed_schedules().await {
            Ok(failed) if failed.is_empty() => Ok(()),
            Ok(failed) => Err(format!("the last time of what is scheduled failed: {}", failed.join(", "))),
            Err(_) => Err("the database does not answer".to_owned()),
        },
        Ok(standing) => Err(hint::coded(&HeldInstallation(standing).to_string())),
        Err(_) => Err("the database or the mark of the record of access cannot be read".to_owned()),
    }
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
