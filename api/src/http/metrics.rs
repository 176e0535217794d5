//! What the service says of itself to Prometheus: by route pattern, never by path.

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::{HttpResponse, Responder};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: String,
    path: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    method: String,
    path: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Tried {
    outcome: &'static str,
}

struct Metrics {
    registry: Registry,
    letters: Family<Tried, Counter>,
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(|| {
    let mut registry = Registry::with_prefix("leerloopbaan");
    let answered = Family::<Answered, Counter>::default();
    let letters = Family::<Tried, Counter>::default();
    let seconds = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(exponential_buckets(0.0001, 2.0, 16)));
    registry.register("requests", "Requests answered", answered.clone());
    registry.register("request_seconds", "Seconds to the answer", seconds.clone());
    registry.register(
        "letters",
        "Letters by what came of a try: sent, later, refused, or expired after all of them",
        letters.clone(),
    );
    Metrics { registry, letters, answered, seconds }
});

/// Notes one answer.
pub fn record(method: &Method, path: &str, status: u16, seconds: f64) {
    let (method, path) = (method.to_string(), path.to_owned());
    METRICS.seconds.get_or_create(&Route { method: method.clone(), path: path.clone() }).observe(seconds);
    METRICS.answered.get_or_create(&Answered { method, path, status }).inc();
}

/// Notes what came of trying to send letters.
pub fn record_letters(outcome: &'static str, letters: usize) {
    METRICS.letters.get_or_create(&Tried { outcome }).inc_by(u64::try_from(letters).unwrap_or(u64::MAX));
}

/// `GET /metrics`, in the OpenMetrics text format.
pub async fn show() -> impl Responder {
    let mut text = String::new();
    match encode(&mut text, &METRICS.registry) {
        Ok(()) => HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
