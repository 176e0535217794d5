//! The link of a rater without an account: who shows its secret is whoever it was sent to.

use domain::access::{Action, Permit};
use domain::kernel::{KernelFault, PersonId, Secret};
use domain::leermeter::{LeermeterFault, Rater};
use persistence::leermeter::outbox::{NewLetter, NewLink};
use persistence::leermeter::raters;
use persistence::leermeter::rounds::KnownRound;
use persistence::{Reading, Trouble};

use crate::http::Service;
use crate::mail::Post;
use crate::secret::{hash, new_secret};

/// Who holds this secret, and the round that they are asked into. Of one that opens nothing (unknown, used, too old, taken back,
/// of a round that is closed) the answer is always the same.
pub fn opened(reading: &mut Reading<'_>, secret: &Secret, action: Action) -> Result<(Rater, KnownRound, Permit), Trouble> {
    let (rater, known) = raters::by_secret(reading, &hash(secret))?.ok_or(KernelFault::Absent)?;
    Ok((rater, known, Permit::by_secret(action)))
}

/// How a link gets to who has no account.
#[derive(Clone)]
pub enum Delivery {
    /// By a letter, and to nobody else.
    Letter(Post),
    /// The demo sends none: there the answer tells the secret itself. Elsewhere no answer ever does.
    Answer,
}

impl Delivery {
    pub fn of(service: &Service) -> Self {
        if service.post.is_none() && service.issuer.is_some() { Self::Answer } else { Self::Letter(service.post.clone()) }
    }

    /// A new link for this rater, with the secret where the answer is to tell it. The one place where an invitation goes to whoever
    /// delivers it.
    ///
    /// # Errors
    /// [`LeermeterFault::NoMail`] where no letter is ever sent: nobody would get it.
    pub fn link(&self, rater: &Rater, invited_by: PersonId) -> Result<(NewLink, Option<Secret>), Trouble> {
        let secret = new_secret()?;
        let hash = hash(&secret);
        match self {
            Self::Answer => Ok((NewLink { hash, letter: None }, Some(secret))),
            Self::Letter(None) => Err(LeermeterFault::NoMail.fault().into()),
            Self::Letter(Some(mail)) => {
                let sealed = mail.seal(rater.id.uuid(), &secret).ok_or_else(|| Trouble::Unreadable("a secret".to_owned()))?;
                Ok((NewLink { hash, letter: Some(NewLetter { sealed, invited_by }) }, None))
            }
        }
    }
}
