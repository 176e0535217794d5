//! What stands in the letter to who was invited without an account: who asks, what for, until when, and the link. In the language of
//! who invited. A student is called by the given name alone, as in what the link shows: an address can be a mistake.

use chrono::Timelike;
use domain::kernel::Instant;
use domain::kernel::time::clock_at;
use domain::leermeter::RaterKind;
use domain::organisation::Language;
use persistence::leermeter::outbox::Letter;

use crate::{days, mail};

/// The letter with this link.
pub fn written(letter: &Letter, link: &str) -> mail::Letter {
    let student = &letter.student.given_name;
    let is_own = letter.invited_by.id == letter.student.id;
    let asker = if is_own { student.clone() } else { letter.invited_by.called() };
    let (name, title, until) = (&letter.name, letter.title.as_str(), until(letter.expires_at, letter.language));
    let role = role(letter.kind, letter.language);
    let (subject, text) = match letter.language {
        Language::Dutch => {
            let whom = if is_own { "mee te kijken".to_owned() } else { format!("mee te kijken met {student}") };
            let text = format!(
                "Dag {name},\n\n{asker} vraagt je om als {role} {whom} in de leermeter: „{title}”. Je zegt van een aantal \
                 competenties hoe je {student} ziet, en waaraan je dat merkt.\n\nDat kan één keer, tot {until}, met deze link:\n\n{link}\n\n\
                 De link is alleen voor jou. Stuur hem niet door.\nVerwachtte je deze mail niet? Dan hoef je niets te doen.\n"
            );
            (format!("{asker} vraagt hoe jij {} ziet", if is_own { "het" } else { student }), text)
        }
        Language::English => {
            let whom = if is_own { "them" } else { student };
            let text = format!(
                "Dear {name},\n\n{asker} asks you, as {role}, for your view of {whom} in the leermeter: \"{title}\". You say of some \
                 competences how you see {student}, and what shows it.\n\nYou can do so once, until {until}, by this link:\n\n{link}\n\n\
                 The link is for you alone. Do not pass it on.\nYou did not expect this mail? Then there is nothing to do.\n"
            );
            (format!("{asker} asks for your view"), text)
        }
    };
    mail::Letter { id: letter.rater_id.to_string(), to: letter.email.clone(), name: name.clone(), subject, text }
}

/// As who they are asked.
const fn role(kind: RaterKind, language: Language) -> &'static str {
    let (dutch, english) = match kind {
        RaterKind::Student => ("student", "a student"),
        RaterKind::Coach => ("coach", "a coach"),
        RaterKind::WorkplaceTrainer => ("praktijkopleider", "a workplace trainer"),
        RaterKind::Teacher => ("docent", "a teacher"),
        RaterKind::Peer => ("medestudent", "a fellow student"),
        RaterKind::Buddy => ("buddy", "a buddy"),
    };
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// Until when, by the clock at school.
fn until(moment: Instant, language: Language) -> String {
    let at = clock_at(moment);
    let (day, hour, minute) = (days::in_words(at.date(), language), at.hour(), at.minute());
    match language {
        Language::Dutch => format!("{day}, {hour}:{minute:02} uur"),
        Language::English => format!("{day}, {hour}:{minute:02} (Dutch time)"),
    }
}
