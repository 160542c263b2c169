//! Answering on a socket.

use std::{future::Future, io, net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::Notify, time::sleep};

use crate::{responder::Responder, routes::router};

/// How long requests in flight may take once the server is told to stop. What is not whole by then
/// never will be.
const GRACE: Duration = Duration::from_secs(10);

/// How much is taken from one requester.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Questions a second from one address, or from one network of 64 bits of IPv6.
    pub per_second: NonZeroU32,
}

/// Answers on `listener` until `stop` comes, then finishes what is in flight.
pub async fn serve(
    listener: TcpListener,
    responder: Responder,
    limits: &Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = router(responder, limits).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = Arc::new(Notify::new());
    let told = Arc::clone(&stopping);
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        told.notify_one();
    });
    let out_of_patience = async {
        stopping.notified().await;
        sleep(GRACE).await;
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => Ok(()),
    }
}
