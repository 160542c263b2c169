//! Answering on a socket, with limits on slow and numerous clients.

use std::{
    convert::Infallible, future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::{limit::Limits, responder::Responder, routes::router, tls::Tls};

/// How long requests in flight may take after the server is told to stop, before they are aborted.
const GRACE: Duration = Duration::from_secs(10);

/// The maximum length of a request's head, in bytes: many times what a request needs.
const MAX_HEAD: usize = 16 * 1024;

/// Answers a verification router's questions on `listener` until `stop` completes, then finishes the requests
/// in flight, for at most ten seconds. Failed connections are logged.
pub async fn serve(
    listener: TcpListener,
    responder: Responder,
    limits: &Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    serve_router(listener, None, router(responder, limits), limits, stop).await;
}

/// The same for any service, encrypted if there is a certificate.
pub(crate) async fn serve_router(
    mut listener: TcpListener,
    tls: Option<Tls>,
    service: Router,
    limits: &Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let permits = Arc::new(Semaphore::new(limits.connections.get()));
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            // Unlike the listener's own, this `accept` waits instead of failing if the process has no
            // file descriptors left.
            (permit, Listener::accept(&mut listener).await)
        };
        let (permit, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let conversation = greet(
            stream,
            tls.clone(),
            with_peer(service.clone(), peer),
            limits.client_patience,
            stopped.clone(),
        );
        connections.spawn(async move {
            let _permit = permit;
            conversation.await;
        });
        // Removes finished connections from the set.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    drop(stopped);
    stopping.send_replace(());
    let finished = async { while connections.join_next().await.is_some() {} };
    // The other connections are aborted when the set is dropped.
    let _ = timeout(GRACE, finished).await;
}

/// The service for one connection: it adds the address of the client to each request.
fn with_peer(
    service: Router,
    peer: SocketAddr,
) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send> + Send
{
    TowerToHyperService::new(service.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    }))
}

/// Begins a conversation, encrypted if there is a certificate.
async fn greet(
    stream: TcpStream,
    tls: Option<Tls>,
    service: impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
    patience: Duration,
    stopping: watch::Receiver<()>,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    let stream = Box::pin(stream);
    let Some(Tls(acceptor)) = tls else {
        return converse(stream, service, patience, stopping).await;
    };
    match timeout(patience, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, service, patience, stopping).await,
        Ok(Err(error)) => tracing::debug!(%error, "a connection was not encrypted"),
        Err(_) => tracing::debug!("a connection was too slow to be encrypted"),
    }
}

/// Answers the requests of one connection until the client closes it or `stopping` changes.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    service: impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
    patience: Duration,
    mut stopping: watch::Receiver<()>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection failed");
    }
}
