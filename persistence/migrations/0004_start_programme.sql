-- The ten-week start programme (SP-1 to SP-5).

CREATE TABLE start_programme_templates (
    id uuid PRIMARY KEY,
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    school_year text NOT NULL,
    title text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    -- Counts the versions of one landscape's programme; a published one is frozen.
    version_number integer NOT NULL,
    previous_id uuid REFERENCES start_programme_templates (id),
    weeks jsonb NOT NULL,
    published_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX start_programme_templates_of_landscape ON start_programme_templates (landscape_id, school_year, state);

CREATE TABLE start_programmes (
    id uuid PRIMARY KEY,
    enrolment_id uuid NOT NULL UNIQUE REFERENCES enrolments (id),
    student_id uuid NOT NULL REFERENCES students (id),
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    template_id uuid NOT NULL REFERENCES start_programme_templates (id),
    state text NOT NULL CHECK (state IN ('running', 'prolonged', 'closed', 'switched')),
    outcome text CHECK (outcome IN ('continue', 'switch', 'prolong', 'leave')),
    motivation text,
    extra_weeks integer,
    starts_on date NOT NULL,
    closed_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((closed_at IS NOT NULL) = (state IN ('closed', 'switched')))
);
CREATE INDEX start_programmes_of_student ON start_programmes (student_id, id);

CREATE TABLE start_programme_weeks (
    programme_id uuid NOT NULL REFERENCES start_programmes (id),
    week integer NOT NULL CHECK (week BETWEEN 1 AND 30),
    starts_on date NOT NULL,
    theme text NOT NULL,
    -- Counts as done because it was done in another landscape (SP-4).
    credited boolean NOT NULL,
    reflection text,
    reflected_at timestamptz,
    coach_note text,
    PRIMARY KEY (programme_id, week)
);

CREATE TABLE start_programme_activities (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL,
    week integer NOT NULL,
    place integer NOT NULL,
    title text NOT NULL,
    description text,
    done_at timestamptz,
    UNIQUE (programme_id, week, place),
    FOREIGN KEY (programme_id, week) REFERENCES start_programme_weeks (programme_id, week)
);
