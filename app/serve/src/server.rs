//! Answering on a socket, however slow who is at its other end.

use std::{
    convert::Infallible, future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration,
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
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::{limit::Limits, responder::Responder, routes::router};

/// How long requests in flight may take once the server is told to stop. What is not whole by then
/// never will be.
const GRACE: Duration = Duration::from_secs(10);

/// The most that is kept of a request's head, in bytes: many times what a question takes.
const MAX_HEAD: usize = 16 * 1024;

/// Answers on `listener` until `stop` comes, then finishes what is in flight.
pub async fn serve(
    mut listener: TcpListener,
    responder: Responder,
    limits: &Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = router(responder, limits);
    let places = Arc::new(Semaphore::new(limits.connections.get()));
    let (stopping, told) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            // The one of the trait waits where the process has no files left, instead of failing.
            (place, Listener::accept(&mut listener).await)
        };
        let (place, (stream, requester)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let conversation = converse(
            stream,
            address_requests(service.clone(), requester),
            limits.client_patience,
            told.clone(),
        );
        connections.spawn(async move {
            let _place = place;
            conversation.await;
        });
        // What has ended is forgotten.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    drop(told);
    stopping.send_replace(());
    let finished = async { while connections.join_next().await.is_some() {} };
    // What is not finished by then ends with the set.
    let _ = timeout(GRACE, finished).await;
    Ok(())
}

/// `service`, told who asks.
fn address_requests(
    service: Router,
    requester: SocketAddr,
) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send> + Send
{
    TowerToHyperService::new(service.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(requester));
        request.map(Body::new)
    }))
}

/// Answers one client's requests until it or `stopping` ends the connection.
async fn converse(
    stream: TcpStream,
    service: impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
    patience: Duration,
    mut stopping: watch::Receiver<()>,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    let mut stream = pin!(stream);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream.as_mut()), service);
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection broke off");
    }
}
