-- Work placements (BP-1), and which LWPs are done at one.

CREATE TABLE placements (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    trainer_id uuid NOT NULL REFERENCES people (id),
    learning_company text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    -- From the first day through the last, or until it was ended: while the trainer is bound to the student.
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    ended_at timestamptz,
    -- Of who ended it; none where it ended with the student's stay.
    reason text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK (reason IS NULL OR ended_at IS NOT NULL),
    CHECK (ended_at IS NULL OR until_at <= ended_at)
);
CREATE INDEX placements_of_student ON placements (student_id, id);
CREATE INDEX placements_of_trainer ON placements (trainer_id);

ALTER TABLE lwp_assignments ADD COLUMN placement_id uuid REFERENCES placements (id);
