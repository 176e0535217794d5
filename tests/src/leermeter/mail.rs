//! Letters with the link, to who was invited without an account (LM-2).

mod real;

use std::sync::atomic::Ordering;
use std::time::Duration;

use api::leermeter::delivery::{Tried, forget, send_due, until_stopped};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Round, level};
use crate::both;
use crate::harness::postman::{Manner, Postman, mail};
use crate::harness::{Said, World, log};

/// A round of a college's own service, which sends letters by this postman.
async fn served(world: World, postman: &Postman) -> (World, Round) {
    let round = Round::open(&world).await;
    (world.served_as_a_college(Some(postman.mail())).await, round)
}

async fn invite(world: &World, round: &Round, who: Value, by: &str) -> Said {
    world.post(&format!("/leermeter-rounds/{}/invitations", round.id), who).by(by).send().await
}

async fn invited(world: &World, round: &Round, address: &str) -> Value {
    let who = json!({ "raterKind": "peer", "email": address, "name": "Kim Bos" });
    invite(world, round, who, "student").await.created()
}

async fn send(world: &World) -> Tried {
    send_due(&world.service).await.expect("the database is there")
}

/// How many letters wait in the outbox.
fn waiting(world: &World) -> usize {
    world.rows("SELECT 'x' AS row FROM outbox").len()
}

/// The secret of the link in a letter.
fn secret(letter: &str) -> String {
    let (_, after) = letter.split_once("https://app.college.example/rate#").expect("a link");
    after[..43].to_owned()
}

async fn asked(world: &World, secret: &str) -> Said {
    world.get("/leermeter-invitation").header("Invitation-Secret", secret).send().await
}

/// How far the letter of the only invitation is, as the student sees it.
async fn state(world: &World, round: &Round) -> Value {
    let seen = round.seen(world, "student").await;
    let raters = seen["raters"].as_array().expect("raters").iter();
    raters.filter(|rater| rater["personId"].is_null()).map(|rater| rater["mail"].clone()).next().expect("a guest")
}

const SENT: Tried = Tried { sent: 1, later: 0, refused: 0, is_away: false };
const LATER: Tried = Tried { sent: 0, later: 1, refused: 0, is_away: false };

both! {
    async fn lm_2_who_has_no_account_gets_the_link_by_mail_and_nobody_else_does(world: World) {
        log::keep();
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        let answer = invited(&world, &round, "kim.van.de.brief@voorbeeld.nl").await;
        assert_eq!(answer["secret"], Value::Null, "who invited is not told it");
        assert_eq!((waiting(&world), state(&world, &round).await), (1, json!("waiting")));
        assert_eq!(send(&world).await, SENT);
        assert_eq!((waiting(&world), state(&world, &round).await), (0, Value::Null));
        assert_eq!(send(&world).await, Tried::default(), "once");
        let letters = postman.taken();
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        for part in ["To: \"Kim Bos\" <kim.van.de.brief@voorbeeld.nl>", "From: \"Het college\" <lob@college.example>", "Dag Kim Bos,", "Test", "Ronde", "medestudent"] {
            assert!(letter.contains(part), "{part}: {letter}");
        }
        assert!(!letter.contains("Student\r\n") && !letter.contains("Test Student"), "by the given name alone: {letter}");
        let secret = secret(letter);
        assert_eq!(asked(&world, &secret).await.ok()["roundId"], json!(round.id));
        let ratings = json!({ "ratings": [level(&round, 0, 4)], "secret": secret });
        world.post(&format!("/leermeter-rounds/{}/ratings", round.id), ratings).send().await.created();
        let log = log::kept();
        for private in ["kim.van.de.brief", "Kim Bos", secret.as_str()] {
            assert!(!log.contains(private), "{private} stands in the log");
        }
        let told = world.get(&world.base.replace("/v1", "/metrics")).send().await.text;
        assert!(told.contains("leerloopbaan_letters_total{outcome=\"sent\"}"), "{told}");
        world.end().await;
    }

    async fn lm_2_a_letter_goes_out_if_and_only_if_there_is_an_invitation(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        let wrong = json!({ "raterKind": "coach", "email": "kim@voorbeeld.nl", "name": "Kim Bos" });
        invite(&world, &round, wrong, "student").await.faults();
        assert_eq!(waiting(&world), 0, "what was refused leaves no letter");
        let person = json!({ "raterKind": "buddy", "personId": world.college.person("otherTeacher") });
        invite(&world, &round, person, "student").await.created();
        assert_eq!(waiting(&world), 0, "who has an account needs none");
        let back = invited(&world, &round, "een@voorbeeld.nl").await;
        let path = format!("/leermeter-rounds/{}/invitations/{}", round.id, back["id"].as_str().unwrap());
        world.delete(&path).by("student").header("If-Match", "*").send().await.with(204);
        assert_eq!(waiting(&world), 0, "what was taken back is not sent");
        invited(&world, &round, "twee@voorbeeld.nl").await;
        invited(&world, &round, "twee@voorbeeld.nl").await;
        assert_eq!(waiting(&world), 1, "of two invitations the newer counts");
        world.decide("/leermeter-rounds", &round.id, "close", json!({})).by("coach").send().await.ok();
        assert_eq!(send(&world).await, Tried::default(), "while the round is closed the link opens nothing");
        world.decide("/leermeter-rounds", &round.id, "open", json!({})).by("coach").send().await.ok();
        assert_eq!(send(&world).await, SENT);
        asked(&world, &secret(&postman.taken()[0])).await.ok();
        world.end().await;
    }

    async fn lm_2_who_is_killed_between_sending_and_writing_it_down_sends_the_same_letter_again(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        invited(&world, &round, "kim@voorbeeld.nl").await;
        postman.henceforth(Manner::TakesAndIsSilent(Duration::from_secs(600)));
        let service = world.service.clone();
        let killed = actix_web::rt::spawn(async move { send_due(&service).await });
        while postman.taken().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        killed.abort();
        postman.henceforth(Manner::Takes);
        assert_eq!(send(&world).await, Tried::default(), "whoever took it on may still be sending it");
        world.wait(TimeDelta::minutes(6));
        assert_eq!(send(&world).await, SENT);
        let letters = postman.taken();
        let id = |letter: &str| letter.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
        assert_eq!(letters.len(), 2);
        assert_eq!((secret(&letters[0]), id(&letters[0])), (secret(&letters[1]), id(&letters[1])));
        asked(&world, &secret(&letters[0])).await.ok();
        assert_eq!(waiting(&world), 0);
        world.end().await;
    }

    async fn lm_2_a_mail_server_that_wants_it_later_lets_nobody_in_or_hangs_up_is_tried_again(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        invited(&world, &round, "kim@voorbeeld.nl").await;
        for answer in ["451 4.3.0 later", "421 4.3.2 closing"] {
            postman.henceforth(Manner::Says(answer));
            assert_eq!(send(&world).await, LATER, "{answer}");
            assert_eq!(send(&world).await, Tried::default(), "not at once");
            world.wait(TimeDelta::hours(1));
        }
        postman.henceforth(Manner::TakesAndHangsUp);
        invited(&world, &round, "jo@voorbeeld.nl").await;
        assert_eq!(send(&world).await, Tried { is_away: true, ..LATER }, "the other one is not tried either");
        assert_eq!(state(&world, &round).await, "waiting");
        postman.henceforth(Manner::Takes);
        world.wait(TimeDelta::hours(1));
        assert_eq!(send(&world).await.sent, 2);
        assert_eq!(postman.taken().len(), 3, "one that was taken without a word was sent twice");
        world.end().await;
    }

    async fn lm_2_a_server_that_takes_nothing_from_this_service_blames_no_letter(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        for name in ["kim", "jo"] {
            invited(&world, &round, &format!("{name}@voorbeeld.nl")).await;
        }
        let kept_out = [
            ("220", "554 5.7.1 not from your address"),
            ("EHLO", "550 5.7.1 go away"),
            ("MAIL", "553 5.1.8 no such sender"),
            ("MAIL", "451 4.7.1 later"),
            ("RCPT", "530 5.7.0 authentication required"),
        ];
        for (command, answer) in kept_out {
            postman.henceforth(Manner::SaysTo(command, answer));
            let tried = Tried { is_away: true, ..LATER };
            assert_eq!(send(&world).await, tried, "{command}: {answer}: the other is not tried");
            world.wait(TimeDelta::hours(1));
        }
        postman.henceforth(Manner::SaysTo("RCPT", "553 5.1.3 no such address"));
        assert_eq!(send(&world).await, Tried { refused: 2, ..Tried::default() }, "these are refused, each by itself");
        world.end().await;
    }

    async fn lm_2_a_mail_server_that_is_not_there_is_tried_until_the_link_expires(world: World) {
        let round = Round::open(&world).await;
        let world = world.served_as_a_college(Some(mail("smtp://127.0.0.1:1"))).await;
        invited(&world, &round, "kim@voorbeeld.nl").await;
        assert_eq!(send(&world).await, Tried { is_away: true, ..LATER });
        world.wait(TimeDelta::days(6));
        assert_eq!(send(&world).await, Tried { is_away: true, ..LATER });
        assert_eq!((forget(&world.service).await.expect("swept"), waiting(&world)), (0, 1));
        world.wait(TimeDelta::days(1) + TimeDelta::seconds(1));
        assert_eq!(send(&world).await, Tried::default());
        assert_eq!((forget(&world.service).await.expect("swept"), waiting(&world)), (1, 0));
        world.end().await;
    }

    async fn lm_2_an_address_that_is_refused_for_good_is_told_to_who_invited_and_not_tried_again(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        invited(&world, &round, "kim@voorbeld.nl").await;
        postman.henceforth(Manner::Says("550 5.1.1 nobody of this name"));
        assert_eq!(send(&world).await, Tried { refused: 1, ..Tried::default() });
        assert_eq!(state(&world, &round).await, "refused");
        assert_eq!(world.rows("SELECT sealed AS row FROM outbox"), [""], "nobody needs the secret any more");
        world.wait(TimeDelta::hours(2));
        postman.henceforth(Manner::Takes);
        assert_eq!(send(&world).await, Tried::default());
        invited(&world, &round, "kim@voorbeeld.nl").await;
        assert_eq!(send(&world).await, SENT);
        world.wait(TimeDelta::days(8));
        assert_eq!((forget(&world.service).await.expect("swept"), waiting(&world)), (0, 0));
        world.end().await;
    }

    async fn lm_2_however_many_send_at_once_each_letter_goes_out_once(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        for number in 0..8 {
            invited(&world, &round, &format!("kim{number}@voorbeeld.nl")).await;
        }
        postman.henceforth(Manner::TakesAndIsSilent(Duration::from_millis(50)));
        let tried = futures_util::future::join_all((0..6).map(|_| send(&world))).await;
        assert_eq!(tried.iter().map(|tried| tried.sent).sum::<usize>(), 8, "{tried:?}");
        assert_eq!((postman.taken().len(), waiting(&world)), (8, 0));
        world.end().await;
    }

    async fn lm_2_a_letter_that_waits_is_nobodys_to_read_and_outlives_other_settings(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        invited(&world, &round, "kim@voorbeeld.nl").await;
        postman.henceforth(Manner::TakesAndHangsUp);
        send(&world).await;
        let first = secret(&postman.taken()[0]);
        let kept = world.rows("SELECT sealed AS row FROM outbox");
        assert!(kept.len() == 1 && !kept[0].contains(&first), "the database has it under seal alone");
        let other = Postman::begin().await;
        let world = world.served_as_a_college(Some(other.mail())).await;
        world.wait(TimeDelta::hours(1));
        assert_eq!(send(&world).await, SENT, "with another link, for nobody can open the first any more");
        asked(&world, &secret(&other.taken()[0])).await.ok();
        assert_eq!(asked(&world, &first).await.status, 404);
        world.end().await;
    }

    async fn lm_2_the_service_sends_letters_by_itself_until_it_is_told_to_stop(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        let sending = actix_web::rt::spawn(until_stopped(world.service.clone()));
        invited(&world, &round, "kim@voorbeeld.nl").await;
        while waiting(&world) > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        world.service.stopping.store(true, Ordering::Relaxed);
        tokio::time::timeout(Duration::from_secs(10), sending).await.expect("it ends by itself").expect("well");
        assert_eq!(postman.taken().len(), 1);
        world.end().await;
    }

    async fn lm_2_without_mail_who_has_no_account_can_not_be_invited(world: World) {
        let round = Round::open(&world).await;
        let world = world.served_as_a_college(None).await;
        let guest = json!({ "raterKind": "peer", "email": "kim@voorbeeld.nl", "name": "Kim Bos" });
        assert_eq!(invite(&world, &round, guest, "student").await.problem(409), "leermeter.no-mail");
        assert_eq!(world.rows("SELECT 'x' AS row FROM round_raters").len(), 0, "no invitation that nobody gets");
        let person = json!({ "raterKind": "buddy", "personId": world.college.person("otherTeacher") });
        invite(&world, &round, person, "student").await.created();
        world.end().await;
    }

    async fn lm_2_a_letter_speaks_the_language_of_who_invited_and_says_who_that_is(world: World) {
        let postman = Postman::begin().await;
        let (world, round) = served(world, &postman).await;
        let english = format!("UPDATE people SET language = 'en' WHERE id = <{}>", world.college.person("coach"));
        world.sql(&english).expect("a language");
        let who = json!({ "raterKind": "workplaceTrainer", "email": "kim@voorbeeld.nl", "name": "Kim Bos" });
        invite(&world, &round, who, "coach").await.created();
        assert_eq!(send(&world).await, SENT);
        let letter = &postman.taken()[0];
        for part in ["Dear Kim Bos,", "Test Coach asks you, as a workplace trainer,", "Test in the leermeter", "(Dutch time)"] {
            assert!(letter.contains(part), "{part}: {letter}");
        }
        world.end().await;
    }
}
