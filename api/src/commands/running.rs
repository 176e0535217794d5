//! One running service: its socket, its housekeeping, and how it ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Failure;
use crate::files::sweeping::{self, Looking};
use crate::http::Service;
use crate::http::server::{self, Origins};
use crate::leermeter::delivery;

/// How long it goes on answering after it was told to stop, no longer ready: time for whoever sends it requests to
/// notice. What is in hand after that has until the server's own limit.
const NOTICE: Duration = Duration::from_secs(2);
/// How long those who were let in last have to say what they want.
const LAST_ARRIVALS: Duration = Duration::from_millis(300);
/// How long a letter that is being sent when the server has ended may still take; otherwise it is sent again later.
const LAST_LETTER: Duration = Duration::from_millis(500);
/// How often what has expired is cleared away.
const HOUSEKEEPING: Duration = Duration::from_secs(300);
/// At the start and each so many times, files that nobody can fetch are looked for among those of late: hourly.
const SWEEP_EACH: u64 = 12;
/// The same among all files: at the start and daily.
const SWEEP_ALL_EACH: u64 = 24 * SWEEP_EACH;

/// Takes the address, or says why not.
pub fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Failure::Refused(format!("{listen} is in use by another program; choose another address to listen on"))
        }
        _ => Failure::Io { about: listen.to_string(), error },
    })
}

/// Serves until a signal says to stop, and ends when the work in hand is done. `begun` is called when requests are answered.
pub async fn until_stopped(
    service: Service,
    socket: TcpListener,
    origins: Origins,
    workers: usize,
    begun: impl FnOnce(&Service),
) -> Result<(), Failure> {
    let service = web::Data::new(service);
    let running = server::serve(service.clone(), socket, origins, workers).map_err(Failure::io("the server"))?;
    // Listened for before anyone is told that it serves: a signal that comes at once is not missed.
    let told = signal(SignalKind::terminate()).and_then(|terminate| Ok((terminate, signal(SignalKind::interrupt())?)));
    let told = told.map_err(Failure::io("signals"))?;
    let stop = actix_web::rt::spawn(stop_when_told(service.clone(), running.handle(), told));
    let keep_house = actix_web::rt::spawn(keep_house(service.clone()));
    let mut deliver = actix_web::rt::spawn(delivery::until_stopped(service.clone()));
    begun(&service);
    let ended = running.await.map_err(Failure::io("the server"));
    keep_house.abort();
    if tokio::time::timeout(LAST_LETTER, &mut deliver).await.is_err() {
        deliver.abort();
    }
    stop.abort();
    tracing::info!("stopped");
    ended
}

async fn stop_when_told(service: web::Data<Service>, server: ServerHandle, (mut terminate, mut interrupt): (Signal, Signal)) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    service.stopping.store(true, Ordering::Relaxed);
    tokio::select! {
        () = tokio::time::sleep(NOTICE) => {}
        // Who says it twice means now.
        _ = interrupt.recv() => {}
    }
    // Connections that were taken are served; who comes now is not let in any more.
    server.pause().await;
    tokio::time::sleep(LAST_ARRIVALS).await;
    server.stop(true).await;
}

/// Clears away what has expired, as long as the server runs.
async fn keep_house(service: web::Data<Service>) {
    let mut times = tokio::time::interval(HOUSEKEEPING);
    for time in 0u64.. {
        times.tick().await;
        if time.is_multiple_of(SWEEP_EACH) {
            sweep(&service, if time.is_multiple_of(SWEEP_ALL_EACH) { Looking::Everywhere } else { Looking::Lately }).await;
        }
        service.limits.forget();
        match service.forget_answers().await {
            Ok(0) => {}
            Ok(records) => tracing::info!(records, "forgot answers that no retry will ask for"),
            Err(trouble) => tracing::warn!(%trouble, "housekeeping failed; it is tried again later"),
        }
        match delivery::forget(&service).await {
            Ok(0) => {}
            Ok(letters) => tracing::warn!(letters, "gave up letters whose links expired before a mail server took them"),
            Err(trouble) => tracing::warn!(%trouble, "housekeeping failed; it is tried again later"),
        }
    }
}

async fn sweep(service: &Service, looking: Looking) {
    match sweeping::sweep(service, looking).await {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "took away files that nobody can fetch"),
        Err(problem) => tracing::warn!(%problem, "files were not looked through; it is tried again later"),
    }
}
