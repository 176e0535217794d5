//! Who rates (LM-2).

crate::words! {
    /// What a rater is to the student.
    pub enum RaterKind {
        /// The student.
        Own = "self",
        Coach = "coach",
        WorkplaceTrainer = "workplaceTrainer",
        Teacher = "teacher",
        Peer = "peer",
        /// A student who is further.
        Buddy = "buddy",
    }
}
