//! A real S3 server in this process, which checks signatures and digests, behind a front that fails when told to.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::body::Body;
use canje::backup::stores::S3;
use canje::config;
use canje::media::patience::Patience;
use http::{HeaderValue, Method, Request, Response, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};

pub const WRITER: (&str, &str) = ("TESTWRITER0001", "not-a-secret-of-the-writer");
pub const PRUNER: (&str, &str) = ("TESTPRUNER0001", "not-a-secret-of-the-pruner");

/// How the next request fails.
#[derive(Clone, Debug)]
pub enum Fault {
    /// With this status and code; the server never sees it.
    Answer(u16, &'static str),
    /// The server handles it, then the connection ends.
    Lost,
    /// The connection ends in the middle of the answer.
    Torn,
    /// No answer ever.
    Hung,
}

/// A bucket called `offsite`.
pub struct Bucket {
    pub config: config::S3,
    folder: tempfile::TempDir,
    front: Front,
    serving: tokio::task::JoinHandle<()>,
}

impl Bucket {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// One whose server is set otherwise.
    pub async fn start_with(change: impl FnOnce(&mut S3Config)) -> Self {
        let mut server = S3Config::default();
        change(&mut server);
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("offsite")).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        let mut keys = SimpleAuth::from_single(WRITER.0, WRITER.1);
        keys.register(PRUNER.0.into(), PRUNER.1.into());
        builder.set_auth(keys);
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(server))));
        let front = Front { server: builder.build(), faults: Arc::default(), seen: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = config::S3 {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            region: "us-east-1".into(),
            bucket: "offsite".into(),
            prefix: "backups".into(),
            access_key_id: WRITER.0.into(),
            secret_access_key: WRITER.1.to_owned().into(),
            prune: Some((PRUNER.0.into(), PRUNER.1.to_owned().into())),
            path_style: true,
            allow_http: true,
        };
        let service = front.clone();
        let serving = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let service = TowerToHyperService::new(service.clone());
                tokio::spawn(async move {
                    // A connection that was cut on request ends with an error, as it should.
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { config, folder, front, serving }
    }

    /// A store in it that doesn't wait long.
    pub fn store(&self) -> S3 {
        self.store_with(|_| {})
    }

    pub fn store_with(&self, change: impl FnOnce(&mut config::S3)) -> S3 {
        let mut config = self.config.clone();
        change(&mut config);
        S3::open_with(&config, Patience::hurried()).unwrap()
    }

    /// Where the server keeps an object.
    pub fn path(&self, key: &str) -> PathBuf {
        self.folder.path().join("offsite/backups").join(key)
    }

    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.front.faults.lock().unwrap().extend(faults);
    }

    /// Methods of the requests since the last time somebody asked.
    pub fn seen(&self) -> Vec<Method> {
        std::mem::take(&mut *self.front.seen.lock().unwrap())
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[derive(Clone)]
struct Front {
    server: S3Service,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    seen: Arc<Mutex<Vec<Method>>>,
}

impl Front {
    async fn answer(self, request: Request<s3s::Body>) -> std::io::Result<Response<Body>> {
        self.seen.lock().unwrap().push(request.method().clone());
        let who = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        // What the service's own policy would say: the writer may not delete.
        if request.method() == Method::DELETE && who.is_some_and(|who| who.contains(WRITER.0)) {
            return Ok(refuse(403, "AccessDenied"));
        }
        let fault = self.faults.lock().unwrap().pop_front();
        match fault {
            Some(Fault::Answer(status, code)) => return Ok(refuse(status, code)),
            Some(Fault::Hung) => return std::future::pending().await,
            _ => {}
        }
        let response = self.server.call(request).await.map_err(|error| std::io::Error::other(format!("{error:?}")))?;
        let (mut parts, body) = response.into_parts();
        match fault {
            Some(Fault::Lost) => Err(std::io::ErrorKind::ConnectionReset.into()),
            Some(Fault::Torn) => {
                let whole = axum::body::to_bytes(Body::new(body), usize::MAX).await.map_err(std::io::Error::other)?;
                parts.headers.insert(header::CONTENT_LENGTH, whole.len().into());
                let half = Ok(whole.slice(..whole.len() / 2));
                let torn = [half, Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
                Ok(Response::from_parts(parts, Body::from_stream(futures::stream::iter(torn))))
            }
            _ => Ok(Response::from_parts(parts, Body::new(body))),
        }
    }
}

fn refuse(status: u16, code: &str) -> Response<Body> {
    let xml = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>as told</Message></Error>");
    let mut response = Response::new(Body::from(xml));
    *response.status_mut() = status.try_into().unwrap();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}

impl<B> tower::Service<Request<B>> for Front
where
    s3s::Body: From<B>,
{
    type Response = Response<Body>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = std::io::Result<Response<Body>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        Box::pin(self.clone().answer(request.map(s3s::Body::from)))
    }
}
