//! A bucket of an S3-compatible service, through the `object_store` crate.

use std::time::Duration;

use futures_util::TryStreamExt;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};

use crate::store::BodyError;

/// One answer may take this long (`AWS_TIMEOUT` sets another limit); a try that fails for now is made again twice.
const ANSWER: Duration = Duration::from_secs(20);
const AGAIN: usize = 2;

/// What a service that does not know or trust this machine is told by.
const REFUSED: &str = "the service refuses these credentials; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that \
                       their user may list, read, write and delete in the bucket";

pub(in crate::store) struct Bucket {
    store: AmazonS3,
    prefix: Path,
}

impl Bucket {
    /// Opens the bucket and asks it once, so that a wrong one is found at the start and not at the first paper.
    pub(super) async fn open(url: &str) -> Result<Self, BodyError> {
        // A second start in one process keeps the first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let rest = url.strip_prefix("s3://").unwrap_or(url);
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let wrong = |why: String| BodyError::Bucket { doing: "opened", why };
        let prefix = Path::parse(prefix).map_err(|_| wrong("its name is no s3://BUCKET/FOLDER".to_owned()))?;
        let mut builder = AmazonS3Builder::new()
            .with_client_options(ClientOptions::new().with_timeout(ANSWER).with_connect_timeout(ANSWER / 4))
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: AGAIN,
                retry_timeout: ANSWER * 3,
            });
        for (key, value) in
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
        {
            if key.starts_with("AWS_")
                && let Ok(key) = key.to_ascii_lowercase().parse()
            {
                builder = builder.with_config(key, value);
            }
        }
        // The name in the settings counts, whatever the environment says.
        let store = builder.with_bucket_name(name).build().map_err(|error| wrong(words(&error)))?;
        let bucket = Self { store, prefix };
        bucket.answers("opened").await?;
        Ok(bucket)
    }

    /// Whether the bucket itself is there: a service says the same "not found" of a paper and of a whole bucket.
    async fn answers(&self, doing: &'static str) -> Result<(), BodyError> {
        let asked = self.store.list(Some(&self.prefix)).try_next().await;
        asked.map(drop).map_err(|error| BodyError::Bucket { doing, why: words(&error) })
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').fold(self.prefix.clone(), Path::join)
    }

    pub(super) async fn has(&self, name: &str) -> Result<bool, BodyError> {
        match self.store.head(&self.path(name)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => self.answers("looked at").await.map(|()| false),
            Err(error) => Err(BodyError::Bucket { doing: "looked at", why: words(&error) }),
        }
    }

    pub(super) async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), BodyError> {
        let put = self.store.put(&self.path(name), bytes.into()).await;
        put.map(drop).map_err(|error| BodyError::Bucket { doing: "written", why: words(&error) })
    }

    /// `None` where nothing of this name is there.
    pub(super) async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BodyError> {
        let path = self.path(name);
        let read = async { self.store.get(&path).await?.bytes().await };
        match read.await {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(Error::NotFound { .. }) => self.answers("read").await.map(|()| None),
            Err(error) => Err(BodyError::Bucket { doing: "read", why: words(&error) }),
        }
    }

    pub(super) async fn remove(&self, name: &str) -> Result<(), BodyError> {
        match self.store.delete(&self.path(name)).await {
            Ok(()) => Ok(()),
            Err(Error::NotFound { .. }) => self.answers("removed").await,
            Err(error) => Err(BodyError::Bucket { doing: "removed", why: words(&error) }),
        }
    }
}

/// The service's own words name paths and requests; what a person can do is said here.
fn words(error: &Error) -> String {
    let text = format!("{error:?}");
    let says = |what: &[&str]| what.iter().any(|word| text.contains(word));
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => REFUSED.to_owned(),
        _ if says(&["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403 Forbidden"]) => REFUSED.to_owned(),
        _ if says(&["NoSuchBucket"]) => "the service has no bucket of this name; make it first".to_owned(),
        Error::NotFound { .. } => "the service has no such bucket; make it first".to_owned(),
        // A request that got no answer in time; a connection that was never made is told apart below.
        _ if says(&["kind: Timeout", "TimedOut", "timed out"]) => {
            format!("the service did not answer in time, tried {} times; check AWS_ENDPOINT and the network", AGAIN + 1)
        }
        _ if says(&["kind: Connect", "ConnectError", "dns error"]) => {
            "the service cannot be reached; check AWS_ENDPOINT and the network".to_owned()
        }
        _ if says(&["Scheme is not HTTPS", "BadScheme", "scheme is not"]) => {
            "its address is http, and nothing goes there in the clear; use https (AWS_ALLOW_HTTP=true is for a machine's own \
             loopback)"
                .to_owned()
        }
        _ => "the service refused or cannot be asked; its own log says why".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };

    use super::*;

    /// A service that says of everything that it has no such bucket.
    fn without_a_bucket() -> Bucket {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let asked = stream.read(&mut [0; 4096]).unwrap();
                let says = if asked == 0 { "" } else { "<Error><Code>NoSuchBucket</Code></Error>" };
                let head =
                    format!("HTTP/1.1 404 Not Found\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", says.len());
                stream.write_all(format!("{head}{says}").as_bytes()).unwrap();
            }
        });
        drop(rustls::crypto::ring::default_provider().install_default());
        let store = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_allow_http(true)
            .with_access_key_id("a")
            .with_secret_access_key("b")
            .with_bucket_name("papers");
        Bucket { store: store.build().unwrap(), prefix: Path::from("program") }
    }

    #[tokio::test]
    async fn a_bucket_that_is_gone_is_not_one_in_which_a_paper_is_missing() {
        let bucket = without_a_bucket();
        for error in [
            bucket.get("papers/ab/abcd").await.unwrap_err(),
            bucket.has("papers/ab/abcd").await.unwrap_err(),
            bucket.remove("papers/ab/abcd").await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("no bucket of this name") && !error.is_about_the_paper(), "{error}");
        }
    }
}
