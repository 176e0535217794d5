//! One story for each student: applied, seen by a scout, placed, at work in the start programme, and onward.

use chrono::{Days, NaiveDate, TimeDelta};
use domain::kernel::Word;
use domain::kernel::ids::Count;
use domain::kernel::time::start_of;
use domain::orientation::InterviewFindings;
use persistence::Trouble;
use serde_json::{Value, json};

use super::college::{self, College, Landscape, Staff};
use super::conversations::Talking;
use super::endings::{ENDINGS, Ending};
use super::leermeters::Rounds;
use super::maker::{Maker, text};
use super::names::name;
use super::portfolios::Keeper;
use crate::personas::Persona;

/// The first story after those of the personas.
pub const FIRST: usize = 3;
/// Of the stories before this one, those in a start programme were rated once.
const RATED: usize = 48;

/// Tells these stories.
///
/// # Errors
/// A request that was not answered as the story wants it.
pub async fn tell(maker: &Maker, college: &College, stories: impl Iterator<Item = usize>) -> Result<(), Trouble> {
    for story in stories {
        let landscape = &college.landscapes[story % college.landscapes.len()];
        let other = &college.landscapes[(story + 1) % college.landscapes.len()];
        let ending = ENDINGS[story % ENDINGS.len()];
        let today = maker.today();
        let born =
            today.checked_sub_days(Days::new(365 * (16 + story as u64 % 6) + 91 * (story as u64 % 4) + 17)).unwrap_or(today);
        let teller = Teller { maker, landscape, other, story, born, subject: None };
        teller.tell(ending).await?;
    }
    Ok(())
}

/// The stories of `student`, `otherStudent` and `prospect`, who must be whom the others say they are.
///
/// # Errors
/// As [`tell`].
pub async fn personas(maker: &Maker, college: &College) -> Result<(), Trouble> {
    let [here, there, ..] = college.landscapes.as_slice() else { return Ok(()) };
    let years_ago = |years: i32, days: u64| {
        let today = maker.today();
        let months = chrono::Months::new(u32::try_from(years * 12).unwrap_or_default());
        today.checked_sub_months(months).and_then(|date| date.checked_sub_days(Days::new(days))).unwrap_or(today)
    };
    let of = |landscape, other, story, born, persona: Persona| Teller {
        maker,
        landscape,
        other,
        story,
        born,
        subject: Some(persona.word()),
    };
    let student = of(here, there, 0, years_ago(17, 120), Persona::Student);
    let id = student.tell(Ending::Programme { weeks: 2, behind: 0 }).await?;
    let teacher = text(&maker.get("/me", Persona::Teacher.word()).await?["person"], "id")?;
    let keeper = Keeper { maker, subject: Persona::Student.word(), id: &id, story: 0 };
    keeper.share(Persona::Coach.word(), (Persona::Teacher.word(), &teacher), &here.teams[0].id).await?;
    super::placements::tell(maker, &id).await?;
    let rounds = Rounds::begin(maker, &here.id, (Persona::Student.word(), &id), Persona::Coach.word()).await?;
    rounds.tell_all().await?;
    Talking::tell_of_persona(maker, &id).await?;
    college::beside_a_student(maker, here, &id).await?;
    let guardian = college::guardian(maker, 1999).await?;
    maker.post(&format!("/students/{id}/guardians"), "administrator", json!({ "personId": guardian.id })).await?;
    of(there, here, 1, years_ago(23, 45), Persona::OtherStudent).tell(Ending::Programme { weeks: 4, behind: 1 }).await?;
    of(here, there, 2, years_ago(16, 200), Persona::Prospect).tell(Ending::InterviewPlanned).await?;
    Ok(())
}

/// Tells one story.
struct Teller<'m> {
    maker: &'m Maker,
    landscape: &'m Landscape,
    other: &'m Landscape,
    story: usize,
    born: NaiveDate,
    /// The account of whom it is about, where they have one.
    subject: Option<&'static str>,
}

impl Teller<'_> {
    fn scout(&self) -> &Staff {
        &self.landscape.scouts[self.story / 4 % self.landscape.scouts.len()]
    }

    fn coach(&self) -> &Staff {
        &self.landscape.coaches[self.story / 4 % self.landscape.coaches.len()]
    }

    /// Who acts for the student: the student with an account of the demo, or one made for this story.
    fn student(&self) -> String {
        self.subject.map_or_else(|| format!("student-{}", self.story), str::to_owned)
    }

    async fn decide(&self, things: &str, id: &str, subject: &str, decision: Value) -> Result<Value, Trouble> {
        self.maker.post(&format!("/{things}/{id}/decisions"), subject, decision).await
    }

    /// Tells the story to its end; answers the id of the student or applicant. Its ids are a series of their own: so it makes
    /// no difference who tells it, and when.
    async fn tell(&self, ending: Ending) -> Result<String, Trouble> {
        let _counting = Count::of_series(1 + self.story as u64).begin();
        // Applied so long ago that what follows happened before today.
        let weeks = match ending {
            Ending::Programme { weeks, .. } => i64::from(weeks) + 3,
            Ending::Graduated | Ending::GraduatedEarly => 40,
            Ending::Submitted | Ending::ScoutAssigned | Ending::InterviewPlanned => 1,
            Ending::Interviewed | Ending::Redirected | Ending::Orienting | Ending::Withdrawn => 3,
            _ => 16,
        };
        let applied = weeks * 7 + (self.story as i64 % 5);
        let (application, applicant) = self.apply(applied, ending).await?;
        if matches!(
            ending,
            Ending::Submitted
                | Ending::ScoutAssigned
                | Ending::InterviewPlanned
                | Ending::Interviewed
                | Ending::Redirected
                | Ending::Orienting
                | Ending::Withdrawn
        ) {
            return Ok(applicant);
        }
        let starts_on = self.starts_on(ending);
        let enrolment = self.place(&application, starts_on).await?;
        self.study(ending, &enrolment, &applicant, starts_on).await?;
        if matches!(ending, Ending::Programme { weeks: 2.., .. })
            && self.subject != Some(Persona::Student.word())
            && self.story < RATED
        {
            self.rate(&applicant, 6, 14).await?;
        }
        // The persona of the student has conversations of their own.
        if self.subject.is_none() && matches!(ending, Ending::Programme { .. } | Ending::Motivated | Ending::Definitive) {
            let (student, coach) = (self.student(), &self.coach().subject);
            let talking = Talking { maker: self.maker, id: &applicant, student: &student, coach };
            talking.tell(self.story).await?;
        }
        self.maker.days_ago(0);
        Ok(applicant)
    }

    /// One round of the leermeter, so many days ago and for so many.
    async fn rate(&self, id: &str, days_ago: i64, lasts: u64) -> Result<(), Trouble> {
        let student = self.student();
        let rounds = Rounds::begin(self.maker, &self.landscape.id, (&student, id), &self.coach().subject).await?;
        rounds.tell_one(self.story, days_ago, lasts).await
    }

    /// A person with an account applies; answers the ids of the application and of the person.
    async fn apply(&self, days_ago: i64, ending: Ending) -> Result<(String, String), Trouble> {
        let maker = self.maker;
        let (given, prefix, family) = name(self.story);
        maker.days_ago(days_ago);
        let person = json!({
            "givenName": given, "familyNamePrefix": if prefix.is_empty() { Value::Null } else { prefix.into() }, "familyName": family,
            "birthDate": self.born, "email": format!("{}@leerloopbaan.example", self.student().to_lowercase()),
            "account": { "issuer": super::ISSUER, "subject": self.student() }
        });
        let person = text(&maker.post("/people", "administrator", person).await?, "id")?;
        let full = format!("{prefix} {family}");
        let application = json!({
            "landscapeId": self.landscape.id, "givenName": given, "familyName": full.trim(), "birthDate": self.born,
            "email": format!("{}@leerloopbaan.example", self.student().to_lowercase()), "crebo": self.crebo(),
            "motivation": "Op de meeloopdag merkte ik dat de tijd omvloog. Ik wil weten of dit bij mij past."
        });
        let application = text(&maker.post("/applications", &self.student(), application).await?, "id")?;
        let scout = &self.scout().subject;
        let id = application.as_str();
        if ending == Ending::Submitted {
            return Ok((application, person));
        }
        self.decide("applications", id, scout, json!({ "decision": "assignScout", "scoutId": self.scout().id })).await?;
        if ending == Ending::ScoutAssigned {
            return Ok((application, person));
        }
        if ending == Ending::Withdrawn {
            let reason = "Ik begin toch eerst met werken.";
            self.decide("applications", id, &self.student(), json!({ "decision": "withdraw", "reason": reason })).await?;
            return Ok((application, person));
        }
        let meeting =
            maker.now - TimeDelta::days(days_ago) + TimeDelta::days(if ending == Ending::InterviewPlanned { 12 } else { 5 });
        self.decide(
            "applications",
            id,
            scout,
            json!({ "decision": "planInterview", "startsAt": meeting, "place": "Infoshop, kamer 2" }),
        )
        .await?;
        if ending != Ending::InterviewPlanned {
            maker.at(meeting);
            self.interview(id, ending).await?;
        }
        Ok((application, person))
    }

    /// The scout interview, and what it leads to where that is no placement.
    async fn interview(&self, id: &str, ending: Ending) -> Result<(), Trouble> {
        let scout = &self.scout().subject;
        let example = serde_json::from_str(InterviewFindings::EXAMPLE);
        let mut interview: Value = example.map_err(|error| Trouble::Unreadable(error.to_string()))?;
        interview["decision"] = "recordInterview".into();
        self.decide("applications", id, scout, interview).await?;
        let decision = match ending {
            Ending::Redirected => {
                json!({ "decision": "redirect", "landscapeId": self.other.id, "reason": "Het beroepsbeeld past beter daar." })
            }
            Ending::Orienting => {
                json!({ "decision": "adviseOrientation", "advice": "Loop eerst eens mee bij twee andere landschappen." })
            }
            _ => return Ok(()),
        };
        self.decide("applications", id, scout, decision).await.map(drop)
    }

    fn crebo(&self) -> &'static str {
        self.landscape.crebos[self.story / 4 % self.landscape.crebos.len()]
    }

    /// The Monday on which the student began.
    fn starts_on(&self, ending: Ending) -> NaiveDate {
        let weeks = match ending {
            Ending::Programme { weeks, .. } => u64::from(weeks),
            Ending::Graduated | Ending::GraduatedEarly => 36,
            _ => 12,
        };
        let today = self.maker.today();
        let monday = today.week(chrono::Weekday::Mon).first_day();
        monday.checked_sub_days(Days::new(weeks * 7)).unwrap_or(today)
    }

    async fn place(&self, application: &str, starts_on: NaiveDate) -> Result<String, Trouble> {
        // Placed in the week before the programme begins.
        self.maker.at(start_of(starts_on) - TimeDelta::days(4) + TimeDelta::hours(10));
        let team = &self.landscape.teams[if self.subject.is_some() { 0 } else { self.story / 4 % self.landscape.teams.len() }];
        let route = if self.story % 9 == 4 { "bbl" } else { "bol" };
        let decision = json!({
            "decision": "place", "teamId": team.id, "coachId": self.coach().id, "crebo": self.crebo(), "route": route, "startsOn": starts_on
        });
        let placed = self.decide("applications", application, &self.scout().subject, decision).await?;
        text(&placed, "enrolmentId")
    }

    async fn study(&self, ending: Ending, enrolment: &str, student: &str, starts_on: NaiveDate) -> Result<(), Trouble> {
        match ending {
            Ending::Programme { weeks, behind } => {
                return self.work(enrolment, student, starts_on, weeks.saturating_sub(behind)).await;
            }
            Ending::Motivated => self.work(enrolment, student, starts_on, 3).await?,
            _ => self.work(enrolment, student, starts_on, 1).await?,
        }
        // In a month that is over, in the team of the personas: its growth can be told.
        if ending == Ending::Definitive && self.story.is_multiple_of(12) {
            self.rate(student, 38, 3).await?;
        }
        self.maker.at(start_of(starts_on) + TimeDelta::days(60));
        match ending {
            Ending::SwitchRequested | Ending::SwitchRefused | Ending::SwitchWithdrawn | Ending::Switched => {
                return self.switch(enrolment, ending).await;
            }
            Ending::HandoverProposed | Ending::HandoverRefused | Ending::HandoverWithdrawn | Ending::HandedOver => {
                return self.hand_over(student, ending).await;
            }
            Ending::Prolonged => {
                let prolong = json!({
                    "decision": "close", "outcome": "prolong", "extraWeeks": 4, "motivation": "Was drie weken ziek en wil niet gokken."
                });
                return self.close(enrolment, prolong).await;
            }
            Ending::Left => {
                let left = json!({
                    "decision": "leave", "leftOn": starts_on + TimeDelta::days(59), "reason": "Gaat fulltime werken bij de bijbaan.",
                    "destination": "werk", "basicQualification": self.story.is_multiple_of(2)
                });
                return self.decide("enrolments", enrolment, &self.coach().subject, left).await.map(drop);
            }
            _ => {}
        }
        let motivation = "Dit is wat ik wil: ik merk dat ik hier elke week beter in word.";
        self.decide("enrolments", enrolment, &self.student(), json!({ "decision": "stateMotivation", "motivation": motivation }))
            .await?;
        if ending == Ending::Motivated {
            return Ok(());
        }
        if ending == Ending::GraduatedEarly {
            self.decide("enrolments", enrolment, &self.coach().subject, json!({ "decision": "confirm" })).await?;
        } else {
            let motivation = "Weet wat het beroep vraagt en kiest ervoor.";
            self.close(enrolment, json!({ "decision": "close", "outcome": "continue", "motivation": motivation })).await?;
        }
        if matches!(ending, Ending::Graduated | Ending::GraduatedEarly) {
            self.maker.days_ago(20);
            let graduated_on = self.maker.today() - TimeDelta::days(20);
            self.decide(
                "enrolments",
                enrolment,
                &self.coach().subject,
                json!({ "decision": "graduate", "graduatedOn": graduated_on }),
            )
            .await?;
        }
        Ok(())
    }

    /// Works on the first weeks of the programme: marks every activity, reflects on the week, and keeps what it brought.
    async fn work(&self, enrolment: &str, id: &str, starts_on: NaiveDate, weeks: u8) -> Result<(), Trouble> {
        let student = self.student();
        let keeper = Keeper { maker: self.maker, subject: &student, id, story: self.story };
        self.maker.at(start_of(starts_on) + TimeDelta::hours(9));
        let running = self.maker.get(&format!("/enrolments/{enrolment}/start-programme"), &student).await?;
        let programme = text(&running, "id")?;
        let mut seen = Vec::new();
        for week in running["weeks"].as_array().into_iter().flatten().take(usize::from(weeks)) {
            let number = &week["week"];
            if let Some(begins) = week["startsOn"].as_str().and_then(|text| text.parse::<NaiveDate>().ok()) {
                self.maker.at((start_of(begins) + TimeDelta::days(4) + TimeDelta::hours(14)).min(self.maker.now));
            }
            for activity in week["activities"].as_array().into_iter().flatten() {
                let path = format!("/start-programmes/{programme}/weeks/{number}/activities/{}", text(activity, "id")?);
                self.maker.put(&path, &student, json!({ "done": true })).await?;
            }
            let path = format!("/start-programmes/{programme}/weeks/{number}/reflection");
            let reflection = json!({ "text": "Het gesprek met mijn groep ging beter dan ik dacht. Volgende week wil ik eerder om hulp vragen." });
            self.maker.put(&path, &student, reflection).await?;
            let kept =
                keeper.week(usize::try_from(number.as_u64().unwrap_or_default()).unwrap_or_default(), &week["lwps"]).await?;
            seen.push(kept.last().or(seen.last()).cloned().unwrap_or_default());
        }
        self.work_on_lwps(&running, weeks, &keeper, &seen).await
    }

    /// Works on the LWPs of the programme: those of earlier weeks are judged, that of the last week is handed in, and that
    /// of the next is begun. Each is handed in with something that was kept until then, which the teachers get to see.
    async fn work_on_lwps(&self, programme: &Value, weeks: u8, keeper: &Keeper<'_>, seen: &[String]) -> Result<(), Trouble> {
        let (student, coach) = (self.student(), &self.coach().subject);
        for (number, week) in (1..).zip(programme["weeks"].as_array().into_iter().flatten()).take(usize::from(weeks) + 1) {
            for lwp in week["lwps"].as_array().into_iter().flatten() {
                let id = text(lwp, "assignmentId")?;
                if self.story % 6 == 1 && number >= weeks {
                    let fitting = json!({ "product": "Zoals in de opdracht, maar als filmpje van drie minuten." });
                    self.maker.patch(&format!("/lwp-assignments/{id}"), coach, fitting).await?;
                }
                self.decide("lwp-assignments", &id, &student, json!({ "decision": "start" })).await?;
                if number > weeks {
                    continue;
                }
                let evidence = seen.get(usize::from(number) - 1).filter(|entry| !entry.is_empty());
                if let Some(entry) = evidence {
                    keeper.show_teachers(entry).await?;
                }
                let entries: Vec<_> = evidence.into_iter().collect();
                self.decide("lwp-assignments", &id, &student, json!({ "decision": "submit", "entryIds": entries })).await?;
                if number == weeks {
                    continue;
                }
                let completed = self.story % 5 != 3;
                let words = if completed {
                    "Je laat goed zien waarom je dit koos. Neem je vragen mee naar de volgende opdracht."
                } else {
                    "Het product is er. Schrijf er nog bij wat je de volgende keer anders doet."
                };
                let feedback = json!({ "decision": "giveFeedback", "text": words, "completed": completed });
                self.decide("lwp-assignments", &id, coach, feedback).await?;
            }
        }
        Ok(())
    }

    async fn close(&self, enrolment: &str, close: Value) -> Result<(), Trouble> {
        let coach = &self.coach().subject;
        let programme = self.maker.get(&format!("/enrolments/{enrolment}/start-programme"), coach).await?;
        self.decide("start-programmes", &text(&programme, "id")?, coach, close).await.map(drop)
    }

    async fn switch(&self, enrolment: &str, ending: Ending) -> Result<(), Trouble> {
        let wish = json!({
            "decision": "requestSwitch", "landscapeId": self.other.id, "motivation": "Ik ben liever met mijn handen bezig dan ik dacht."
        });
        let asked = self.decide("enrolments", enrolment, &self.student(), wish).await?;
        let coach = &self.other.coaches[self.story / 4 % self.other.coaches.len()];
        let (by, answer) = match ending {
            Ending::Switched => (
                coach.subject.clone(),
                json!({
                    "decision": "accept", "teamId": self.other.teams[0].id, "coachId": coach.id, "crebo": self.other.crebos[0],
                    "creditedWeeks": 1
                }),
            ),
            Ending::SwitchRefused => {
                (coach.subject.clone(), json!({ "decision": "refuse", "reason": "Er is pas in februari weer plaats." }))
            }
            Ending::SwitchWithdrawn => (self.student(), json!({ "decision": "withdraw" })),
            _ => return Ok(()),
        };
        self.decide("switches", &text(&asked, "switchId")?, &by, answer).await.map(drop)
    }

    async fn hand_over(&self, student: &str, ending: Ending) -> Result<(), Trouble> {
        let coaches = &self.landscape.coaches;
        let next = &coaches[(self.story / 4 + 1) % coaches.len()];
        let proposal = json!({ "coachId": next.id, "reason": "Ik ga een half jaar met verlof." });
        let proposed = self.maker.post(&format!("/students/{student}/handovers"), &self.coach().subject, proposal).await?;
        let (by, answer) = match ending {
            Ending::HandedOver => (next, json!({ "decision": "accept" })),
            Ending::HandoverRefused => (next, json!({ "decision": "refuse", "reason": "Mijn groep is vol tot de zomer." })),
            Ending::HandoverWithdrawn => (self.coach(), json!({ "decision": "withdraw" })),
            _ => return Ok(()),
        };
        self.decide("handovers", &text(&proposed, "id")?, &by.subject, answer).await.map(drop)
    }
}
