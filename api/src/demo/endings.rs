//! How far the stories of the demo have come.

/// How far a story has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Submitted,
    ScoutAssigned,
    InterviewPlanned,
    Interviewed,
    Redirected,
    Orienting,
    Withdrawn,
    /// Placed so many school weeks ago; of those weeks the last `behind` were not worked on.
    Programme {
        weeks: u8,
        behind: u8,
    },
    Motivated,
    /// The start programme goes on for some weeks more.
    Prolonged,
    Definitive,
    HandoverProposed,
    HandoverRefused,
    HandoverWithdrawn,
    HandedOver,
    SwitchRequested,
    SwitchRefused,
    SwitchWithdrawn,
    Switched,
    Left,
    Graduated,
    /// With a diploma before the start programme was over.
    GraduatedEarly,
}

/// The stories after those of the personas, told over and over: what a school looks like in the middle of its year.
pub const ENDINGS: [Ending; 46] = {
    use Ending::{
        Definitive, Graduated, GraduatedEarly, HandedOver, HandoverProposed, HandoverRefused, HandoverWithdrawn,
        InterviewPlanned, Interviewed, Left, Motivated, Orienting, Programme, Prolonged, Redirected, ScoutAssigned, Submitted,
        SwitchRefused, SwitchRequested, SwitchWithdrawn, Switched, Withdrawn,
    };
    [
        Submitted,
        Definitive,
        Programme { weeks: 2, behind: 0 },
        ScoutAssigned,
        Programme { weeks: 5, behind: 1 },
        Definitive,
        InterviewPlanned,
        Programme { weeks: 1, behind: 0 },
        Definitive,
        Programme { weeks: 8, behind: 0 },
        Interviewed,
        Definitive,
        Programme { weeks: 3, behind: 2 },
        Switched,
        Definitive,
        Programme { weeks: 6, behind: 0 },
        Redirected,
        Definitive,
        Programme { weeks: 4, behind: 0 },
        Left,
        Definitive,
        Motivated,
        Programme { weeks: 7, behind: 3 },
        Definitive,
        HandedOver,
        Programme { weeks: 2, behind: 1 },
        Orienting,
        Definitive,
        Graduated,
        Programme { weeks: 9, behind: 0 },
        Definitive,
        SwitchRequested,
        Programme { weeks: 5, behind: 0 },
        Definitive,
        Withdrawn,
        HandoverProposed,
        Definitive,
        Programme { weeks: 3, behind: 0 },
        Motivated,
        Definitive,
        Prolonged,
        SwitchRefused,
        HandoverRefused,
        SwitchWithdrawn,
        HandoverWithdrawn,
        GraduatedEarly,
    ]
};
