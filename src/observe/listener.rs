//! The listener itself. Whoever reaches it may open connections and say nothing: they cost few descriptors and no watcher
//! its answer.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

use super::answer;
use crate::pipeline::Pipeline;

/// Connections at a time. Where one more comes, the oldest is ended: an answer takes milliseconds, and silence may take none
/// from the next watcher.
const MOST_CONNECTIONS: usize = 16;
/// For the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// For all of a connection: the head, whatever body somebody sends though none is read, and a reader that reads slowly.
const WHOLE: Duration = Duration::from_secs(30);
/// Bytes of a head, at most.
const LARGEST_HEAD: usize = 16 * 1024;
/// After a connection that could not be accepted: while every descriptor is taken, the next would fail at once too.
const PAUSE: Duration = Duration::from_millis(500);

/// Answers until it is aborted.
pub(super) async fn serve(listener: TcpListener, pipeline: Arc<Pipeline>) {
    let mut open = Open(VecDeque::new());
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                open.make_room();
                open.0.push_back(tokio::spawn(converse(stream, Arc::clone(&pipeline))).abort_handle());
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn converse(stream: TcpStream, pipeline: Arc<Pipeline>) {
    let answer = service_fn(move |request| {
        let pipeline = Arc::clone(&pipeline);
        async move { Ok::<_, Infallible>(answer(&pipeline, &request).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LARGEST_HEAD).keep_alive(false);
    // What a watcher does not read is lost to nobody.
    drop(tokio::time::timeout(WHOLE, builder.serve_connection(TokioIo::new(stream), answer)).await);
}

/// The connections that are open, the oldest first. They end with the listener.
struct Open(VecDeque<AbortHandle>);

impl Open {
    fn make_room(&mut self) {
        self.0.retain(|task| !task.is_finished());
        while self.0.len() >= MOST_CONNECTIONS {
            if let Some(oldest) = self.0.pop_front() {
                oldest.abort();
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}
