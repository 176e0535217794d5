//! The same by a mail server that others made: `python3 tests/contract/smtp.py` begins one and runs this.

use serde_json::Value;

use super::{LATER, SENT, Tried, asked, invited, send, waiting};
use crate::both;
use crate::harness::postman::mail;
use crate::leermeter::Round;

/// Where the server is, with user and password, and the folder in which it leaves what it took.
const SERVER: &str = "LEERLOOPBAAN_TEST_SMTP";
const TAKEN: &str = "LEERLOOPBAAN_TEST_LETTERS";

/// The letters to this address, as Python's `email` reads them.
fn taken(folder: &str, to: &str) -> Vec<Value> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let read = files.map(|file| serde_json::from_slice::<Value>(&std::fs::read(file).expect("a letter")).expect("JSON"));
    read.filter(|letter| letter["readers"] == serde_json::json!([to])).collect()
}

both! {
    async fn lm_2_a_letter_arrives_at_a_mail_server_that_asks_for_a_password_as_it_was_written(world: World) {
        let (Ok(server), Ok(folder)) = (std::env::var(SERVER), std::env::var(TAKEN)) else {
            assert!(std::env::var_os("CI").is_none(), "no mail server was named, and CI must have one");
            eprintln!("skipped: {SERVER} names no mail server");
            return;
        };
        let round = Round::open(&world).await;
        let address = format!("kim.{}@voorbeeld.nl", round.id);
        let wrong = server.replacen("secret@", "guessed@", 1);
        let world = world.served_as_a_college(Some(mail(&wrong))).await;
        invited(&world, &round, &address).await;
        assert_eq!(send(&world).await, Tried { is_away: true, ..LATER }, "who is not let in tries again, for the letter is not to blame");
        let world = world.served_as_a_college(Some(mail(&server))).await;
        world.wait(chrono::TimeDelta::hours(1));
        assert_eq!((send(&world).await, waiting(&world)), (SENT, 0));
        assert_eq!(send(&world).await, Tried::default());
        let letters = taken(&folder, &address);
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!(letter["subject"], "Test vraagt hoe jij het ziet");
        assert_eq!((&letter["from"], &letter["type"]), (&Value::from("Het college <lob@college.example>"), &Value::from("text/plain")));
        assert_eq!(letter["to"], format!("Kim Bos <{address}>"));
        let text = letter["text"].as_str().expect("text");
        assert!(text.starts_with("Dag Kim Bos,\n\nTest vraagt je om als medestudent mee te kijken in de leermeter: „Ronde”."), "{text}");
        let link = text.lines().find(|line| line.starts_with("https://")).expect("a link on a line of its own");
        let secret = link.strip_prefix("https://app.college.example/rate#").expect("a link");
        assert_eq!(asked(&world, secret).await.ok()["name"], "Kim Bos");
        world.end().await;
    }
}
