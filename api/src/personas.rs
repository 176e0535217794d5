//! The people whom the demo lets one be: they belong together, so that every relation can be tried.

domain::words! {
    /// Someone whom the demo lets one be.
    pub enum Persona {
        Student = "student",
        OtherStudent = "otherStudent",
        Prospect = "prospect",
        Guardian = "guardian",
        Coach = "coach",
        OtherCoach = "otherCoach",
        Scout = "scout",
        Teacher = "teacher",
        TeamLeader = "teamLeader",
        LandscapeManager = "landscapeManager",
        SabAdviser = "sabAdviser",
        WorkplaceTrainer = "workplaceTrainer",
        Director = "director",
        Administrator = "administrator",
        PrivacyOfficer = "privacyOfficer",
        Dashboard = "dashboard",
        Elearning = "elearning",
    }
}

/// Every persona, and who it is.
pub const PERSONAS: &[(Persona, &str)] = &[
    (Persona::Student, "A student of 17 in week three of a start programme."),
    (Persona::OtherStudent, "A student of 23 of another landscape."),
    (Persona::Prospect, "Has applied and is to have a scout interview."),
    (Persona::Guardian, "The student's guardian."),
    (Persona::Coach, "The student's responsible coach."),
    (Persona::OtherCoach, "A coach of the other landscape, responsible for the other student."),
    (Persona::Scout, "A scout of the student's landscape."),
    (Persona::Teacher, "Teaches in the student's team."),
    (Persona::TeamLeader, "Leads the student's team."),
    (Persona::LandscapeManager, "Manages the student's landscape."),
    (Persona::SabAdviser, "An adviser of the second line."),
    (Persona::WorkplaceTrainer, "Trains students at a learning company."),
    (Persona::Director, "Directs the college; sees counts only."),
    (Persona::Administrator, "Keeps organisation, accounts and imports; sees no student content."),
    (Persona::PrivacyOfficer, "Watches over who sees what."),
    (Persona::Dashboard, "A service account that shows figures."),
    (Persona::Elearning, "A service account of an e-learning platform."),
];
