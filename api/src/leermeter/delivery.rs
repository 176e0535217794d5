//! Letters to who was invited without an account: sent one after another, tried again while their link is worth something.
//!
//! A letter goes out at least once. It stays in the outbox until the mail server took it; a process that is killed after that and
//! before the letter is deleted leaves it to be sent again, the same and under the same `Message-ID`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::web;
use chrono::TimeDelta;
use domain::kernel::{RaterId, Secret};
use persistence::Trouble;
use persistence::leermeter::outbox::{self, Letter};

use super::letter;
use crate::http::{Service, metrics};
use crate::mail::{Mail, Outcome};
use crate::secret::{hash, new_secret};

/// How often it is looked whether there are letters to send.
const LOOK_EACH: Duration = Duration::from_secs(1);
/// How long nothing is tried after the mail server did not answer, or took no letter at all.
const AWAY_FOR: Duration = Duration::from_secs(15);
const AT_ONCE: i64 = 50;
/// Until the second try, doubled with each one, up to the longest.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// What came of looking for letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    pub sent: usize,
    /// To be tried again.
    pub later: usize,
    pub refused: usize,
    /// The mail server did not answer, or takes no letter from this service: the rest was not tried.
    pub is_away: bool,
}

/// Sends what is due, as long as the service is not told to stop.
pub async fn until_stopped(service: web::Data<Service>) {
    if service.post.is_none() {
        return;
    }
    let mut looks = tokio::time::interval(LOOK_EACH);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut pause = 0;
    while !service.stopping.load(Ordering::Relaxed) {
        looks.tick().await;
        if pause > 0 {
            pause -= 1;
            continue;
        }
        match send_due(&service).await {
            Ok(tried) if tried == Tried::default() => {}
            Ok(tried) => {
                let Tried { sent, later, refused, is_away } = tried;
                tracing::info!(sent, later, refused, is_away, "tried to send letters");
                pause = if is_away { AWAY_FOR.as_secs() } else { 0 };
            }
            Err(trouble) => {
                tracing::warn!(%trouble, "letters were not sent; it is tried again later");
                pause = AWAY_FOR.as_secs();
            }
        }
    }
}

/// Tries the letters that are due, each once.
///
/// # Errors
/// What the database ends in; what was not tried or noted then is tried later.
pub async fn send_due(service: &Service) -> Result<Tried, Trouble> {
    let mut tried = Tried::default();
    let Some(mail) = &service.post else { return Ok(tried) };
    for id in service.look_after(|reading| outbox::due(reading, AT_ONCE)).await? {
        if service.stopping.load(Ordering::Relaxed) || tried.is_away {
            break;
        }
        let Some(letter) = service.keep_up(move |writing| outbox::take_on(writing, id)).await? else { continue };
        let outcome = send(service, mail, &letter).await?;
        note(service, &mut tried, letter, outcome).await?;
    }
    Ok(tried)
}

async fn send(service: &Service, mail: &Arc<Mail>, letter: &Letter) -> Result<Outcome, Trouble> {
    let secret = match mail.open(letter.rater_id.uuid(), &letter.sealed) {
        Some(secret) => secret,
        None => renewed(service, mail, letter.rater_id).await?,
    };
    let link = mail.link.with(&secret);
    Ok(mail.send(&letter::written(letter, &link), service.now()).await)
}

/// A new secret in place of one that was sealed with other settings than there are now.
async fn renewed(service: &Service, mail: &Mail, id: RaterId) -> Result<Secret, Trouble> {
    let secret = new_secret()?;
    let sealed = mail.seal(id.uuid(), &secret).ok_or_else(|| Trouble::Unreadable("a secret".to_owned()))?;
    let hash = hash(&secret);
    service.keep_up(move |writing| outbox::renew(writing, id, &sealed, &hash)).await?;
    Ok(secret)
}

/// Writes down what came of a try. Nobody is named in the log: a letter is known by its invitation.
async fn note(service: &Service, tried: &mut Tried, letter: Letter, outcome: Outcome) -> Result<(), Trouble> {
    let id = letter.rater_id;
    match outcome {
        Outcome::Taken => {
            tried.sent += 1;
            metrics::record_letters("sent", 1);
            service.keep_up(move |writing| outbox::sent(writing, id)).await
        }
        Outcome::Refused(code) => {
            tried.refused += 1;
            metrics::record_letters("refused", 1);
            tracing::warn!(invitation = %id, code, "the mail server refused a letter for good");
            service.keep_up(move |writing| outbox::refused(writing, id)).await
        }
        Outcome::Later(code) => {
            tracing::warn!(invitation = %id, code, "the mail server wants a letter later");
            later(service, tried, letter).await
        }
        Outcome::KeptOut(code) => {
            tried.is_away = true;
            tracing::error!(code, "the mail server takes no letter from this service: its settings may be wrong");
            later(service, tried, letter).await
        }
        Outcome::Away(why) => {
            tried.is_away = true;
            tracing::warn!(why, "the mail server is away");
            later(service, tried, letter).await
        }
    }
}

async fn later(service: &Service, tried: &mut Tried, letter: Letter) -> Result<(), Trouble> {
    tried.later += 1;
    metrics::record_letters("later", 1);
    let due_at = service.now() + wait(letter.attempts, rand::random());
    service.keep_up(move |writing| outbox::try_again(writing, &letter, due_at)).await
}

/// How long until the next try: twice as long each time, and of that between half and all as `chance` (0 to 1) has it, so that
/// what was refused together does not come again together.
fn wait(attempts: i32, chance: f64) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    let whole = (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT);
    let milliseconds = whole.num_milliseconds() as f64 * (0.5 + 0.5 * chance);
    TimeDelta::milliseconds(milliseconds as i64)
}

/// Deletes letters whose links expired; answers how many were never taken nor refused.
///
/// # Errors
/// What the database ends in; then it is for the next time.
pub async fn forget(service: &Service) -> Result<usize, Trouble> {
    let given_up = service.keep_up(outbox::forget).await?;
    metrics::record_letters("expired", given_up);
    Ok(given_up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lm_2_a_letter_is_tried_again_ever_later_but_at_least_hourly_and_never_all_of_them_at_once() {
        assert_eq!((wait(1, 0.0), wait(1, 1.0)), (TimeDelta::seconds(15), TimeDelta::seconds(30)));
        assert_eq!(wait(3, 1.0), TimeDelta::seconds(120));
        for attempts in [8, 100, i32::MAX] {
            assert_eq!((wait(attempts, 0.0), wait(attempts, 1.0)), (TimeDelta::minutes(30), TimeDelta::hours(1)));
        }
    }
}
