-- Enrolment and coaching (EN-1 to EN-6).

-- The chain of responsible coaches of one stay at the college. The keys alone make it a chain: each link but the
-- first begins at the very instant at which another of the same stay ended, no end is continued twice, only one
-- link has no end. So there is never a gap, and never an overlap.
CREATE TABLE coach_assignments (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    -- The first enrolment of this stay.
    stay_id uuid NOT NULL,
    coach_id uuid NOT NULL REFERENCES people (id),
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    previous_until_at timestamptz,
    -- The student's id while this is the last link: what enrolments hold on to.
    open_student_id uuid UNIQUE,
    reason text NOT NULL,
    UNIQUE (stay_id, until_at),
    UNIQUE (stay_id, previous_until_at),
    FOREIGN KEY (stay_id, previous_until_at) REFERENCES coach_assignments (stay_id, until_at) DEFERRABLE INITIALLY DEFERRED,
    CHECK (previous_until_at = from_at),
    CHECK (until_at > from_at),
    CHECK ((until_at IS NULL) = (open_student_id IS NOT NULL)),
    CHECK (open_student_id = student_id)
);
CREATE UNIQUE INDEX coach_assignments_first ON coach_assignments (stay_id) WHERE previous_until_at IS NULL;
CREATE UNIQUE INDEX coach_assignments_last ON coach_assignments (stay_id) WHERE until_at IS NULL;
CREATE INDEX coach_assignments_of_coach ON coach_assignments (coach_id);
CREATE INDEX coach_assignments_of_student ON coach_assignments (student_id, from_at);

CREATE TABLE enrolments (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    team_id uuid NOT NULL REFERENCES teams (id),
    crebo text NOT NULL,
    route text NOT NULL CHECK (route IN ('bol', 'bbl')),
    state text NOT NULL CHECK (state IN ('provisional', 'definitive', 'graduated', 'switched', 'left')),
    starts_on date NOT NULL,
    stay_id uuid NOT NULL,
    application_id uuid REFERENCES applications (id),
    -- The enrolment that this one was switched from.
    previous_id uuid REFERENCES enrolments (id),
    motivation text,
    motivated_at timestamptz,
    confirmed_at timestamptz,
    ended_on date,
    leaving_reason text,
    destination text,
    basic_qualification boolean,
    -- The student's id while provisional or definitive. No such enrolment is without an open coach assignment (EN-1),
    -- and no student has two.
    coached_student_id uuid UNIQUE REFERENCES coach_assignments (open_student_id) DEFERRABLE INITIALLY DEFERRED,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((state IN ('provisional', 'definitive')) = (coached_student_id IS NOT NULL)),
    CHECK (coached_student_id = student_id),
    CHECK ((ended_on IS NOT NULL) = (state IN ('graduated', 'switched', 'left'))),
    CHECK ((state = 'left') = (leaving_reason IS NOT NULL)),
    CHECK (state <> 'definitive' OR (motivation IS NOT NULL AND confirmed_at IS NOT NULL))
);
CREATE INDEX enrolments_of_student ON enrolments (student_id, id);
CREATE INDEX enrolments_of_application ON enrolments (application_id);

CREATE TABLE handovers (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    from_coach_id uuid NOT NULL REFERENCES people (id),
    coach_id uuid NOT NULL REFERENCES people (id),
    proposed_by_id uuid NOT NULL REFERENCES people (id),
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'withdrawn')),
    refusal text,
    -- The student's id while proposed: one proposal at a time.
    open_student_id uuid UNIQUE,
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((state = 'proposed') = (open_student_id IS NOT NULL)),
    CHECK (open_student_id = student_id)
);
CREATE INDEX handovers_of_student ON handovers (student_id, id);
CREATE INDEX handovers_to_coach ON handovers (coach_id, state);

CREATE TABLE switches (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    from_landscape_id uuid NOT NULL REFERENCES landscapes (id),
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    motivation text NOT NULL,
    state text NOT NULL CHECK (state IN ('requested', 'accepted', 'refused', 'withdrawn')),
    reason text,
    new_enrolment_id uuid REFERENCES enrolments (id),
    credited_weeks integer,
    requested_by_id uuid NOT NULL REFERENCES people (id),
    -- The enrolment's id while requested: one switch at a time.
    open_enrolment_id uuid UNIQUE,
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((state = 'requested') = (open_enrolment_id IS NOT NULL)),
    CHECK (open_enrolment_id = enrolment_id),
    CHECK (landscape_id <> from_landscape_id)
);
CREATE INDEX switches_of_student ON switches (student_id, id);
CREATE INDEX switches_to_landscape ON switches (landscape_id, state);
