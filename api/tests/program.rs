//! The program as those who run it meet it: what it says, what it refuses, and how it ends.

mod process;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use process::{Proved, Running, ask, begin_demo, program, told};

fn send(child: &Child, signal: &str) -> Proved {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status()?;
    if sent.success() { Ok(()) } else { Err("the signal was not sent".into()) }
}

#[test]
fn a_demo_is_one_command_and_keeps_its_college() -> Proved {
    let folder = tempfile::tempdir()?;
    let mut running = begin_demo(folder.path(), 20)?;
    let (status, answer) = ask(&running.address, "POST /v1/dev/tokens", "{\"persona\": \"coach\"}")?;
    assert_eq!(status, 200);
    assert!(answer.contains("accessToken"));

    let second = program(folder.path(), &["demo", "--listen", "127.0.0.1:0"]).output()?;
    assert!(told(&second).contains("a demo is already running on data/demo.sqlite"), "{}", told(&second));
    let elsewhere = program(folder.path(), &["demo", "--data", "other", "--listen", &running.address]).output()?;
    assert!(told(&elsewhere).contains("is in use by another program"), "{}", told(&elsewhere));
    assert!(program(folder.path(), &["health", "--listen", &running.address]).output()?.status.success());

    send(&running.child, "-TERM")?;
    assert_eq!(running.child.wait()?.code(), Some(0));
    let health = program(folder.path(), &["health", "--listen", &running.address]).output()?;
    assert_eq!(health.status.code(), Some(1));

    let more = program(folder.path(), &["demo", "--students", "30", "--listen", "127.0.0.1:0"]).output()?;
    assert!(told(&more).contains("has a college of 20 students"), "{}", told(&more));
    let since = Instant::now();
    begin_demo(folder.path(), 20)?;
    assert!(since.elapsed() < Duration::from_secs(5), "what was made is not made again");
    Ok(())
}

#[test]
fn whoever_tries_the_demo_out_does_not_run_out_of_tokens() -> Proved {
    let folder = tempfile::tempdir()?;
    let running = begin_demo(folder.path(), 20)?;
    for _ in 0..150 {
        let (status, answer) = ask(&running.address, "POST /v1/dev/tokens", "{\"persona\": \"coach\"}")?;
        assert_eq!(status, 200, "{answer}");
        assert!(answer.contains("ratelimit-policy: \"caller\""), "{answer}");
    }
    // Ten come back each second: a machine that is slow asks longer.
    let mut refused = (0..20_000).map(|_| ask(&running.address, "POST /v1/imports", "{}"));
    let (_, answer) = refused.find(|answer| answer.as_ref().is_ok_and(|(status, _)| *status == 429)).ok_or("no limit")??;
    assert!(answer.contains("ratelimit-policy: \"public\";q=600;w=60"), "{answer}");
    assert!(answer.contains("ratelimit: \"public\";r=0;t=") && answer.contains("retry-after: "), "{answer}");
    Ok(())
}

#[test]
fn a_demo_whose_making_was_broken_off_is_made_anew() -> Proved {
    let folder = tempfile::tempdir()?;
    for milliseconds in [20, 60, 120, 250] {
        let mut child =
            program(folder.path(), &["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill()?;
        child.wait()?;
    }
    let running = begin_demo(folder.path(), 20)?;
    assert_eq!(ask(&running.address, "GET /health/ready", "")?.0, 200);
    Ok(())
}

#[test]
fn a_service_that_is_told_to_stop_is_not_ready_at_once_and_finishes_what_it_has_in_hand() -> Proved {
    let folder = tempfile::tempdir()?;
    let mut running = begin_demo(folder.path(), 20)?;
    // A request of which the last part is still to come.
    let mut slow = TcpStream::connect(&running.address)?;
    let body = "{\"persona\": \"coach\"}";
    let length = body.len();
    write!(
        slow,
        "POST /v1/dev/tokens HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )?;
    std::thread::sleep(Duration::from_millis(200));
    let since = Instant::now();
    send(&running.child, "-TERM")?;
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(ask(&running.address, "GET /health/ready", "")?.0, 503);
    assert_eq!(ask(&running.address, "GET /health/live", "")?.0, 200);
    std::thread::sleep(Duration::from_secs(3));
    assert!(running.child.try_wait()?.is_none(), "it waits for the request in hand");
    slow.write_all(body.as_bytes())?;
    let mut answer = String::new();
    slow.set_read_timeout(Some(Duration::from_secs(10)))?;
    slow.read_to_string(&mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(running.child.wait()?.code(), Some(0));
    assert!(since.elapsed() < Duration::from_secs(25));
    Ok(())
}

#[test]
fn a_college_is_served_from_its_settings_and_never_out_of_a_demo() -> Proved {
    let folder = tempfile::tempdir()?;
    let nothing = program(folder.path(), &["serve"]).output()?;
    assert_eq!(nothing.status.code(), Some(2));
    assert!(told(&nothing).contains("database is missing") && told(&nothing).contains("issuer is missing"), "{}", told(&nothing));

    std::fs::write(
        folder.path().join("leerloopbaan.toml"),
        "database = \"college.sqlite\"\nissuer = \"https://login.college.example\"\nlisten = \"127.0.0.1:0\"\n",
    )?;
    let person = ["appoint", "--subject", "anna", "--given-name", "Anna", "--family-name", "Vos"];
    let appointed = program(folder.path(), &person).output()?;
    assert!(appointed.status.success(), "{}", told(&appointed));
    assert_eq!(program(folder.path(), &person).output()?.status.code(), Some(1), "one account is of one person");

    std::fs::write(folder.path().join("roster.csv"), "no roster\n")?;
    let import = program(folder.path(), &["import", "roster", "roster.csv", "--dry-run"]).output()?;
    assert_eq!(import.status.code(), Some(1));
    let report = String::from_utf8_lossy(&import.stdout).into_owned();
    assert!(report.starts_with("line 1") && report.contains("import.header-unknown"), "{report}");

    let child = program(folder.path(), &["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut running = Running { child, address: String::new() };
    let mut lines = BufReader::new(running.child.stderr.take().ok_or("no log")?).lines();
    let serving = lines.find_map(|line| line.ok().filter(|line| line.contains("\"serving\"")));
    let line: serde_json::Value = serde_json::from_str(&serving.ok_or("it never served")?)?;
    assert_eq!(line["level"], "INFO", "one JSON object a line");
    let second = program(folder.path(), &["serve"]).output()?;
    assert!(told(&second).contains("is being served by another process"), "{}", told(&second));
    let copied = program(folder.path(), &["backup", "copy"]).output()?;
    assert!(copied.status.success(), "a copy is made while it serves: {}", told(&copied));
    let restored = program(folder.path(), &["restore", "--force", "copy"]).output()?;
    assert!(told(&restored).contains("stop the service first"), "{}", told(&restored));
    send(&running.child, "-INT")?;
    assert_eq!(running.child.wait()?.code(), Some(0));
    let restored = program(folder.path(), &["restore", "--force", "copy"]).output()?;
    assert!(restored.status.success(), "{}", told(&restored));

    drop(begin_demo(folder.path(), 20)?);
    let demo = program(folder.path(), &["serve"]).env("LEERLOOPBAAN_DATABASE", "data/demo.sqlite").output()?;
    assert!(told(&demo).contains("is a demo"), "{}", told(&demo));
    Ok(())
}

#[test]
fn the_document_is_printed_as_it_is_kept() -> Proved {
    let folder = tempfile::tempdir()?;
    let printed = program(folder.path(), &["openapi"]).output()?;
    assert!(program(folder.path(), &["openapi", "--write", "document.json"]).status()?.success());
    assert_eq!(printed.stdout, std::fs::read(folder.path().join("document.json"))?);
    Ok(())
}
