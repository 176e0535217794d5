//! Requests begin one after another on each worker, so that who comes while too many wait is told so at once.
//!
//! What is read from an embedded database is read on the worker's own thread, and while one request is answered the
//! others wait unread in their sockets, for as long as they are many. So before each beginning the worker looks at all its
//! sockets: what has come in is counted, and what is too much is turned away before any work is done for it. Only
//! requests that wait for their turn count: one whose body is slow to arrive has had it, and is in nobody's way.

use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::Semaphore;

/// Requests that wait for one worker: at a fraction of a millisecond each they are answered before anyone notices.
const WAITING: usize = 48;

thread_local! {
    static WORKER: Worker = Worker { waiting: Rc::new(Cell::new(0)), turn: Rc::new(Semaphore::new(1)) };
}

struct Worker {
    waiting: Rc<Cell<usize>>,
    turn: Rc<Semaphore>,
}

/// A place among those who wait; given back when it is dropped.
struct Place(Rc<Cell<usize>>);

impl Place {
    fn take(waiting: &Rc<Cell<usize>>) -> Option<Self> {
        if waiting.get() >= WAITING {
            return None;
        }
        waiting.set(waiting.get() + 1);
        Some(Self(Rc::clone(waiting)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Waits until it is this request's turn to begin; answers at once, with no, where too many wait already.
pub async fn turn() -> bool {
    let (place, turn) = WORKER.with(|worker| (Place::take(&worker.waiting), Rc::clone(&worker.turn)));
    if place.is_none() {
        return false;
    }
    let _turn = turn.acquire().await;
    // The runtime looks at the sockets before it comes back to a task that yielded. One of its own: the server asks a
    // request's own task twice in a row how it is getting on, and would find it ready.
    actix_web::rt::spawn(tokio::task::yield_now()).await.is_ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use actix_web::{App, HttpResponse, HttpServer, web};
    use futures_util::future::join_all;

    use super::*;

    #[actix_web::test]
    async fn who_comes_while_too_many_wait_is_turned_away_and_the_others_have_their_turn() {
        let answers = join_all((0..WAITING + 5).map(|_| turn())).await;
        assert_eq!(answers.iter().filter(|had| **had).count(), WAITING);
        assert!(answers[..WAITING].iter().all(|had| *had), "who came first");
        assert!(turn().await, "the places are free again");
    }

    #[actix_web::test]
    async fn on_sockets_too_who_comes_while_too_many_wait_is_turned_away() {
        const CROWD: usize = 300;
        let answer = || async {
            if turn().await {
                std::thread::sleep(Duration::from_millis(2));
                HttpResponse::Ok().finish()
            } else {
                HttpResponse::ServiceUnavailable().finish()
            }
        };
        let server = HttpServer::new(move || App::new().route("/", web::get().to(answer)));
        let server = server.workers(1).bind("127.0.0.1:0").unwrap();
        let at = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let asked = move || {
            let mut crowd: Vec<_> = (0..CROWD).map(|_| TcpStream::connect(at).unwrap()).collect();
            for client in &mut crowd {
                client.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
            }
            let status = |mut client: TcpStream| {
                let mut line = [0; 12];
                client.read_exact(&mut line).unwrap();
                line
            };
            crowd.into_iter().map(status).filter(|line| line == b"HTTP/1.1 503").count()
        };
        let turned_away = web::block(asked).await.unwrap();
        assert!(turned_away > CROWD / 3 && turned_away <= CROWD - WAITING, "{turned_away}");
        handle.stop(false).await;
    }

    #[actix_web::test]
    async fn who_goes_away_while_waiting_leaves_the_place_to_another() {
        let turns = WORKER.with(|worker| Rc::clone(&worker.turn));
        let held = turns.acquire().await;
        for _ in 0..3 * WAITING {
            assert!(tokio::time::timeout(Duration::from_micros(1), turn()).await.is_err());
        }
        drop(held);
        assert!(turn().await);
    }
}
