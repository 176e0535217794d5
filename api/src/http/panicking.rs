//! What is left of a request whose handler panics.

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{App, test, web};
use persistence::{Asking, Database, Identity, Location, Trouble, migrations};
use serde_json::Value;

use super::envelope::envelope;
use super::limits::Limits;
use super::service::{Service, Trust};
use super::{Nothing, Outcome, Visitor, get};
use crate::files::{Files, Place};
use crate::tokens::BuiltInIssuer;

async fn in_the_handler(_visitor: Visitor) -> Outcome<Nothing> {
    panic!("in the handler")
}

async fn in_a_read(visitor: Visitor) -> Outcome<Nothing> {
    visitor.read(|_| panic!("in a read")).await
}

async fn in_a_write(visitor: Visitor) -> Outcome<Nothing> {
    visitor.change(|_| panic!("in a write")).await
}

#[actix_web::test]
async fn a_handler_that_panics_is_answered_with_a_problem_and_everything_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("college.sqlite"));
    migrations::run(&location).unwrap();
    let database = Database::open(&location).unwrap();
    let issuer = Arc::new(BuiltInIssuer::new("https://issuer.test/".to_owned(), "leerloopbaan".to_owned()).unwrap());
    let files = Files::open(&Place::Folder(folder.path().join("files"))).unwrap();
    let service = Service::new(database, files, Arc::new(chrono::Utc::now), Trust::BuiltIn(issuer), Limits::new(true)).unwrap();
    let service = web::Data::new(service);
    let operations = [
        get("/handler", "handler", "Panics", in_the_handler),
        get("/read", "read", "Panics", in_a_read),
        get("/write", "write", "Panics", in_a_write),
    ];
    let mut app = App::new().app_data(service.clone()).wrap(from_fn(envelope));
    for operation in &operations {
        app = app.route(operation.path, (operation.route)());
    }
    let app = test::init_service(app).await;
    for _ in 0..3 {
        for operation in &operations {
            let answer = test::call_service(&app, test::TestRequest::get().uri(operation.path).to_request()).await;
            assert_eq!(answer.status().as_u16(), 500, "{}", operation.path);
            let problem: Value = test::read_body_json(answer).await;
            assert_eq!(problem["code"], "service.broken");
            assert!(!problem.to_string().contains("in a"), "what it said is not told");
        }
    }
    let asking = || Asking { identity: Identity::System, now: service.now() };
    let read: Result<(), Trouble> = service.database.read(asking(), persistence::events::reachable).await;
    read.unwrap();
    service.database.write(asking(), persistence::idempotency::forget).await.unwrap();
}
