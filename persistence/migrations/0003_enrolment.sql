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
    cause text NOT NULL CHECK (cause IN ('placement', 'handover', 'switch')),
    reason text,
    version bigint NOT NULL,
    UNIQUE (stay_id, until_at),
    UNIQUE (stay_id, previous_until_at),
    UNIQUE (open_student_id, stay_id),
    FOREIGN KEY (stay_id, previous_until_at) REFERENCES coach_assignments (stay_id, until_at) DEFERRABLE INITIALLY DEFERRED,
    CHECK (previous_until_at = from_at),
    CHECK (until_at > from_at),
    CHECK ((until_at IS NULL) = (open_student_id IS NOT NULL)),
    CHECK (open_student_id = student_id),
    CHECK ((previous_until_at IS NULL) = (cause = 'placement'))
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
    -- The enrolment that this one was switched to.
    next_id uuid REFERENCES enrolments (id) DEFERRABLE INITIALLY DEFERRED,
    motivation text,
    motivated_at timestamptz,
    confirmed_at timestamptz,
    ended_at timestamptz,
    graduated_on date,
    left_on date,
    leaving_reason text,
    destination text,
    basic_qualification boolean,
    further_education boolean,
    -- The student's id while provisional or definitive. No such enrolment is without the open coach assignment of its
    -- stay (EN-1), and no student has two.
    coached_student_id uuid UNIQUE,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (coached_student_id, stay_id) REFERENCES coach_assignments (open_student_id, stay_id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((state IN ('provisional', 'definitive')) = (coached_student_id IS NOT NULL)),
    CHECK (coached_student_id = student_id),
    CHECK ((motivation IS NULL) = (motivated_at IS NULL)),
    CHECK ((ended_at IS NOT NULL) = (state IN ('graduated', 'switched', 'left'))),
    CHECK ((next_id IS NOT NULL) = (state = 'switched')),
    CHECK ((graduated_on IS NOT NULL) = (state = 'graduated')),
    CHECK ((left_on IS NOT NULL) = (state = 'left')),
    CHECK ((leaving_reason IS NOT NULL) = (state = 'left')),
    -- Null of a leaver as long as it is unknown.
    CHECK (basic_qualification IS NULL OR state = 'left'),
    CHECK ((further_education IS NOT NULL) = (state = 'left')),
    -- Definitive needs the student's own motivation and the coach's confirmation (EN-3).
    CHECK (state NOT IN ('definitive', 'graduated') OR (motivation IS NOT NULL AND confirmed_at IS NOT NULL))
);
CREATE INDEX enrolments_of_student ON enrolments (student_id, id);
CREATE INDEX enrolments_of_application ON enrolments (application_id);

CREATE TABLE handovers (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    -- The enrolment at the time of the proposal.
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    from_coach_id uuid NOT NULL REFERENCES people (id),
    coach_id uuid NOT NULL REFERENCES people (id),
    proposed_by_id uuid NOT NULL REFERENCES people (id),
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'withdrawn')),
    refusal text,
    -- The student's id while proposed: one proposal at a time, and none that outlives the stay.
    open_student_id uuid UNIQUE REFERENCES coach_assignments (open_student_id),
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((state = 'proposed') = (open_student_id IS NOT NULL)),
    CHECK ((state = 'proposed') = (decided_at IS NULL)),
    CHECK ((state = 'refused') = (refusal IS NOT NULL)),
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
    refusal text,
    new_enrolment_id uuid REFERENCES enrolments (id),
    credited_weeks integer,
    requested_by_id uuid NOT NULL REFERENCES people (id),
    -- The enrolment's id while requested: one switch at a time.
    open_enrolment_id uuid UNIQUE,
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((state = 'requested') = (open_enrolment_id IS NOT NULL)),
    CHECK ((state = 'requested') = (decided_at IS NULL)),
    CHECK ((state = 'accepted') = (new_enrolment_id IS NOT NULL)),
    CHECK ((state = 'accepted') = (credited_weeks IS NOT NULL)),
    CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CHECK (open_enrolment_id = enrolment_id),
    CHECK (landscape_id <> from_landscape_id)
);
CREATE INDEX switches_of_student ON switches (student_id, id);
CREATE INDEX switches_to_landscape ON switches (landscape_id, state);
