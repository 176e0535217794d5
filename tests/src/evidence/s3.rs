//! The same in a bucket, of a server that others made: `python3 tests/contract/s3.py` begins one and runs this.

use api::files::Files;
use api::files::sweeping::{Looking, sweep};
use chrono::TimeDelta;
use futures_util::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::{ClientOptions, RetryConfig};

use super::{LIMIT, add, entry, files_of, long_text, path, put};
use crate::harness::World;

/// Where the server is.
const SERVER: &str = "LEERLOOPBAAN_TEST_S3";

fn files(endpoint: &str) -> Files {
    let store = AmazonS3Builder::new()
        .with_bucket_name("college")
        .with_endpoint(endpoint)
        .with_region("us-east-1")
        .with_access_key_id("who")
        .with_secret_access_key("secret")
        .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() })
        .with_client_options(ClientOptions::new().with_allow_http(true))
        .build()
        .expect("a store");
    Files::upon(store, std::env::temp_dir())
}

#[test]
fn pf_4_files_in_a_bucket_come_back_as_they_were_in_whole_and_in_part() {
    let Ok(server) = std::env::var(SERVER) else {
        assert!(std::env::var_os("CI").is_none(), "no server that speaks S3 was named, and CI must have one");
        eprintln!("skipped: {SERVER} names no server that speaks S3");
        return;
    };
    actix_web::rt::System::new().block_on(async {
        let world = World::with_files(files(&server));
        world.files_of_service().reach().await.expect("it is there");
        let entry = entry(&world, "private").await;
        // One that goes in one request, and one that goes in parts.
        for file in [long_text(1000), long_text(LIMIT)] {
            let added = add(&world, &entry, "bewijs.txt", &file).await;
            assert!(world.get(&path(&added)).by("student").send().await.bytes == file);
            let middle = world.get(&path(&added)).by("student").header("Range", "bytes=500-899").send().await;
            assert_eq!((middle.status, middle.bytes.as_slice()), (206, &file[500..900]));
        }
        let weg = add(&world, &entry, "weg.txt", b"weg").await;
        world.delete(&path(&weg)).by("student").header("If-Match", "*").send().await.with(204);
        let objects = async || world.files_of_service().kept(None).try_collect::<Vec<_>>().await.expect("a list").len();
        assert_eq!(objects().await, 3);
        world.wait(TimeDelta::hours(25));
        assert_eq!(sweep(&world.service, Looking::Lately).await.expect("swept"), 1);
        assert_eq!(objects().await, 2);
        world.files_of_service().empty().await.expect("emptied");
        assert_eq!(world.get(&path(&weg)).by("student").send().await.problem(404), "request.not-found");
        world.end().await;
    });
}

#[test]
fn pf_4_a_bucket_that_is_away_is_a_problem_that_says_when_to_come_again() {
    actix_web::rt::System::new().block_on(async {
        let world = World::with_files(files("http://127.0.0.1:1"));
        let entry = entry(&world, "private").await;
        let refused = put(&world, &entry, "a.txt", b"tekst", &[]).by("student").send().await;
        assert!(refused.header("retry-after").is_some());
        assert_eq!(refused.problem(503), "service.busy");
        assert!(world.files_of_service().reach().await.is_err(), "who serves with it hears so at the start");
        assert_eq!(files_of(&world, &entry).await, 0);
        world.end().await;
    });
}
