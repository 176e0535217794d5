//! What is embedded where one asks for it with `?include=`: read by one statement for a whole page, and seen as by its own GET.

use std::collections::HashMap;

use domain::access::Action;
use domain::kernel::EnrolmentId;
use persistence::{Reading, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use crate::enrolment::EnrolmentView;
use crate::http::Include;
use crate::start_programme::StartProgrammeProgressView;

domain::words! {
    /// What can be embedded in an enrolment.
    pub enum WithEnrolment {
        StartProgramme = "startProgramme",
    }

    /// What can be embedded where a student is shown.
    pub enum WithStudent {
        Enrolment = "enrolment",
        StartProgramme = "enrolment.startProgramme",
    }
}

/// What was asked to be embedded in an enrolment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentIncluded {
    /// How far it is; null where there is none that the caller may see.
    #[schema(required = true)]
    start_programme: Option<StartProgrammeProgressView>,
}

/// What was asked to be embedded where a student is shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentIncluded {
    /// The whole of the enrolment that is named beside it; null where there is none that the caller may see.
    #[schema(required = true)]
    enrolment: Option<EnrolmentView>,
}

/// What is to be embedded in enrolments.
#[derive(Default)]
pub struct ForEnrolments {
    asked: bool,
    programmes: HashMap<EnrolmentId, StartProgrammeProgressView>,
}

impl ForEnrolments {
    /// Reads it for these enrolments, where it was asked.
    ///
    /// # Errors
    /// Only what the database ends in.
    pub fn read(reading: &mut Reading<'_>, include: &Include<WithEnrolment>, ids: Vec<EnrolmentId>) -> Result<Self, Trouble> {
        if include.has(WithEnrolment::StartProgramme) { Self::programmes(reading, ids) } else { Ok(Self::default()) }
    }

    fn programmes(reading: &mut Reading<'_>, ids: Vec<EnrolmentId>) -> Result<Self, Trouble> {
        let found = persistence::start_programme::list_programmes_of_enrolments(reading, ids)?;
        let seen = found.into_iter().filter_map(|row| row.read(Action::ReadProgramme).ok());
        let programmes = seen.map(|seen| (seen.thing.enrolment_id, seen.into())).collect();
        Ok(Self { asked: true, programmes })
    }

    /// What is embedded in this one; none where nothing was asked.
    pub fn of(&mut self, id: EnrolmentId) -> Option<EnrolmentIncluded> {
        self.asked.then(|| EnrolmentIncluded { start_programme: self.programmes.remove(&id) })
    }
}

/// What is to be embedded where students are shown.
#[derive(Default)]
pub struct ForStudents {
    asked: bool,
    enrolments: HashMap<EnrolmentId, EnrolmentView>,
}

impl ForStudents {
    /// Reads it for the students with these enrolments, where it was asked. What is in an enrolment comes with the enrolment.
    ///
    /// # Errors
    /// Only what the database ends in.
    pub fn read(
        reading: &mut Reading<'_>,
        include: &Include<WithStudent>,
        ids: impl Iterator<Item = EnrolmentId>,
    ) -> Result<Self, Trouble> {
        let deep = include.has(WithStudent::StartProgramme);
        if !deep && !include.has(WithStudent::Enrolment) {
            return Ok(Self::default());
        }
        let found = persistence::enrolment::list_enrolments_by_id(reading, ids.collect())?;
        let seen: Vec<_> = found.into_iter().filter_map(|row| row.read(Action::ReadEnrolment).ok()).collect();
        let ids = seen.iter().map(|seen| seen.thing.enrolment.id).collect();
        let mut inside = if deep { ForEnrolments::programmes(reading, ids)? } else { ForEnrolments::default() };
        let view = |seen: domain::access::Seen<persistence::enrolment::Enrolled>| {
            let id = seen.thing.enrolment.id;
            (id, EnrolmentView::from(seen).including(inside.of(id)))
        };
        Ok(Self { asked: true, enrolments: seen.into_iter().map(view).collect() })
    }

    /// What is embedded where the student with this enrolment is shown; none where nothing was asked.
    pub fn of(&mut self, id: Option<EnrolmentId>) -> Option<StudentIncluded> {
        self.asked.then(|| StudentIncluded { enrolment: id.and_then(|id| self.enrolments.remove(&id)) })
    }
}
