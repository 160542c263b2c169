//! The paths and what answers on each.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{
        ConnectInfo, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::limit::RequestBodyLimitLayer;

use crate::{
    answer::Answer,
    limit::{Limits, RateLimit},
    metrics::Metrics,
    request::{self, Malformed, Parameters, Request},
    requester::TrustedProxies,
    responder::Responder,
};

/// The description of the service: a JSON document in OpenAPI 3.1.
pub const OPENAPI: &str = include_str!("../openapi.json");

struct Service {
    responder: Responder,
    limit: RateLimit,
    trusted_proxies: TrustedProxies,
    metrics: Metrics,
}

/// The service of `responder`. Requests need a [`ConnectInfo`] with the address that they come from, which
/// [`into_make_service_with_connect_info`](Router::into_make_service_with_connect_info) provides.
pub fn router(responder: Responder, limits: &Limits) -> Router {
    let service = Arc::new(Service {
        responder,
        limit: RateLimit::new(limits.per_second),
        trusted_proxies: limits.trusted_proxies.clone(),
        metrics: Metrics::new(),
    });
    let verification = Router::new()
        .route("/verify/gtin/{gtin}/lot/{lot}/ser/{serial}", get(verify))
        // A verification request has no body.
        .layer(RequestBodyLimitLayer::new(0));
    Router::new()
        .merge(verification)
        .route("/health", get(StatusCode::NO_CONTENT))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(openapi))
        .with_state(service)
}

/// Answers a verification request, counts the answer, and logs it without the serial number.
async fn verify(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    path: Result<Path<request::Path>, PathRejection>,
    query: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let arrival = Instant::now();
    let correlation = query.as_ref().ok().and_then(|Query(parameters)| {
        let correlation = parameters.correlation();
        correlation.ok().flatten()
    });
    let requester = service.trusted_proxies.requester(peer.ip(), &headers);
    let (about, answer) = match service.limit.check(requester) {
        Err(retry_after_seconds) => (
            None,
            Answer::TooMany {
                retry_after_seconds,
            },
        ),
        Ok(()) => match read(path, query) {
            Err(malformed) => (None, Answer::Malformed(malformed.to_string())),
            Ok(request) => (
                Some(request.to_string()),
                service.responder.answer(&request).await,
            ),
        },
    };
    let latency = arrival.elapsed();
    let (status, name) = (answer.status().as_u16(), answer.name());
    service.metrics.count(status, name, latency);
    tracing::info!(
        status,
        answer = name,
        about,
        correlation,
        milliseconds = latency.as_millis() as u64,
        "answered"
    );
    answer.to_response(service.responder.gln, correlation)
}

fn read(
    path: Result<Path<request::Path>, PathRejection>,
    query: Result<Query<Parameters>, QueryRejection>,
) -> Result<Request, Malformed> {
    let Path(path) = path.map_err(|error| Malformed::Encoding(error.body_text()))?;
    let Query(parameters) = query.map_err(|error| Malformed::Encoding(error.body_text()))?;
    Request::read(path, &parameters)
}

async fn ready(State(service): State<Arc<Service>>) -> StatusCode {
    match service.responder.is_ready().await {
        true => StatusCode::NO_CONTENT,
        false => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn metrics(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let format = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, format)], service.metrics.encode())
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
