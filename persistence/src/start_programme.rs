//! Start programmes (SP-1 to SP-5): what landscapes lay down, what students do of it, and the school calendar.

mod calendar;
mod overview;
mod programmes;
mod templates;
mod waiting;

use domain::kernel::Text;
use domain::start_programme::SchoolYear;

pub use calendar::{find_calendar, holidays_around, insert_calendar, list_calendars, update_calendar};
pub use overview::{OverviewFilter, ProgrammeProgress, list_programmes, list_programmes_of_enrolments};
pub use programmes::{
    find_programme, find_programme_of_enrolment, insert_programme, programme_to_end, update_dates, update_state, update_week,
};
pub use templates::{TemplateFilter, find_template, insert_template, list_templates, published_templates, update_template};
pub use waiting::{Waiting, programmes_to_come, who_waits};

use crate::columns::text;
use crate::trouble::Trouble;

fn texts<const MAX: usize>(stored: Option<String>) -> Result<Option<Text<MAX>>, Trouble> {
    stored.as_deref().map(text).transpose()
}

fn school_year(stored: &str) -> Result<SchoolYear, Trouble> {
    SchoolYear::parse(stored).ok_or_else(|| Trouble::Unreadable("a school year".to_owned()))
}

fn week_number(stored: i32) -> Result<u8, Trouble> {
    u8::try_from(stored).map_err(|_| Trouble::Unreadable("the number of a week".to_owned()))
}
