//! What landscapes lay down (SP-1).

use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{Instant, LandscapeId, PublicationState, PublicationStateName, TemplateId, Told};
use domain::start_programme::{NewTemplate, SchoolYear, Template, TemplateWeek};

use super::{school_year, text};
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::schema::start_programme_templates as templates;
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// Which templates; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct TemplateFilter {
    pub landscape_id: Option<LandscapeId>,
    pub school_year: Option<SchoolYear>,
    pub state: Option<PublicationStateName>,
}

type TemplateRow = (
    (TemplateId, i64, i32),
    (LandscapeId, String, String, Json<Vec<TemplateWeek>>, Option<TemplateId>),
    (PublicationStateName, Option<Instant>, Option<Instant>),
);

type Columns = (
    (templates::id, templates::version, templates::version_number),
    (templates::landscape_id, templates::school_year, templates::title, templates::weeks, templates::previous_id),
    (templates::state, templates::published_at, templates::retired_at),
);
const COLUMNS: Columns = (
    (templates::id, templates::version, templates::version_number),
    (templates::landscape_id, templates::school_year, templates::title, templates::weeks, templates::previous_id),
    (templates::state, templates::published_at, templates::retired_at),
);

fn template(row: TemplateRow) -> Result<Template, Trouble> {
    let ((id, version, number), (landscape_id, year, title, Json(weeks), previous_id), (state, published_at, retired_at)) = row;
    let state = PublicationState::from_parts(state, published_at, retired_at)
        .ok_or_else(|| Trouble::Unreadable("the state of a template".to_owned()))?;
    let content = NewTemplate { landscape_id, school_year: school_year(&year)?, title: text(&title)?, weeks, previous_id };
    Ok(Template { id, version, number, content, state })
}

/// A template.
///
/// # Errors
/// Only what the database ends in.
pub fn find_template(reading: &mut Reading<'_>, _permit: Permit, id: TemplateId) -> Result<Option<Template>, Trouble> {
    let found = reading.first(templates::table.find(bind(id)).select(COLUMNS))?;
    found.map(template).transpose()
}

/// Templates in the order in which they were drafted.
///
/// # Errors
/// Only what the database ends in.
pub fn list_templates(
    reading: &mut Reading<'_>,
    _permit: Permit,
    filter: TemplateFilter,
    page: &Page<TemplateId>,
) -> Result<Listed<Template>, Trouble> {
    let TemplateFilter { landscape_id, school_year, state } = filter;
    let of_landscape =
        given(landscape_id.is_none()).or(templates::landscape_id.eq(bind(landscape_id.unwrap_or(LandscapeId::FIRST))));
    let of_year =
        given(school_year.is_none()).or(templates::school_year.eq(school_year.map_or_else(String::new, |year| year.to_string())));
    let in_state = given(state.is_none()).or(templates::state.eq(bind(state.unwrap_or(PublicationStateName::Draft))));
    let such = templates::table.filter(of_landscape).filter(of_year).filter(in_state);
    let total = reading.total(page, &such)?;
    let rows: Vec<TemplateRow> = reading.load(
        such.filter(templates::id.gt(bind(page.after.unwrap_or(TemplateId::FIRST))))
            .order(templates::id)
            .limit(page.rows_to_read())
            .select(COLUMNS),
    )?;
    Listed { rows, total }.try_map(template)
}

/// The published templates of a landscape for a school year: which of them counts, the domain says.
///
/// # Errors
/// Only what the database ends in.
pub fn published_templates(
    reading: &mut Reading<'_>,
    _permit: Permit,
    landscape_id: LandscapeId,
    year: SchoolYear,
) -> Result<Vec<Template>, Trouble> {
    let rows: Vec<TemplateRow> = reading.load(
        templates::table
            .filter(templates::landscape_id.eq(bind(landscape_id)))
            .filter(templates::school_year.eq(year.to_string()))
            .filter(templates::state.eq(bind(PublicationStateName::Published)))
            .select(COLUMNS),
    )?;
    rows.into_iter().map(template).collect()
}

/// # Errors
/// Only what the database ends in.
pub fn insert_template(writing: &mut Writing<'_>, permit: Permit, new: &Told<Template>) -> Result<(), Trouble> {
    let (now, template, content) = (writing.now(), &new.thing, &new.thing.content);
    let inserted = writing.tell(permit, new.event.clone()).execute(diesel::insert_into(templates::table).values((
        templates::id.eq(bind(template.id)),
        templates::landscape_id.eq(bind(content.landscape_id)),
        templates::school_year.eq(content.school_year.to_string()),
        templates::title.eq(content.title.as_str()),
        templates::state.eq(bind(template.state.name())),
        templates::version_number.eq(template.number),
        templates::previous_id.eq(bind(content.previous_id)),
        templates::weeks.eq(bind(Json(content.weeks.clone()))),
        templates::version.eq(template.version),
        templates::created_at.eq(bind(now)),
    )));
    inserted.map(drop)
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_template(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Template>) -> Result<(), Trouble> {
    let (template, content) = (&changed.thing, &changed.thing.content);
    let before = templates::table.find(bind(template.id)).filter(templates::version.eq(template.version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(before).set((
        templates::title.eq(content.title.as_str()),
        templates::weeks.eq(bind(Json(content.weeks.clone()))),
        templates::state.eq(bind(template.state.name())),
        templates::published_at.eq(bind(template.state.published_at())),
        templates::retired_at.eq(bind(template.state.retired_at())),
        templates::version.eq(template.version),
    )))
}
