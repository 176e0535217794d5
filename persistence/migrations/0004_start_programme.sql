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
    retired_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((published_at IS NULL) = (state = 'draft')),
    CHECK ((retired_at IS NOT NULL) = (state = 'retired'))
);
CREATE INDEX start_programme_templates_of_landscape ON start_programme_templates (landscape_id, school_year, state);

CREATE TABLE start_programmes (
    id uuid PRIMARY KEY,
    enrolment_id uuid NOT NULL UNIQUE REFERENCES enrolments (id),
    student_id uuid NOT NULL REFERENCES students (id),
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    template_id uuid NOT NULL REFERENCES start_programme_templates (id),
    state text NOT NULL CHECK (state IN ('running', 'prolonged', 'closed', 'switched', 'graduated')),
    -- By how many weeks it was prolonged, why and when; kept after it is over.
    extra_weeks integer CHECK (extra_weeks BETWEEN 1 AND 10),
    prolong_motivation text,
    prolonged_at timestamptz,
    -- What it was closed with, why and when.
    outcome text CHECK (outcome IN ('continue', 'switch', 'leave')),
    motivation text,
    closed_at timestamptz,
    -- When a switch or the diploma ended it, without a close.
    stopped_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((extra_weeks IS NULL) = (prolong_motivation IS NULL) AND (extra_weeks IS NULL) = (prolonged_at IS NULL)),
    CHECK (extra_weeks IS NOT NULL OR state <> 'prolonged'),
    CHECK (extra_weeks IS NULL OR state <> 'running'),
    CHECK ((outcome IS NOT NULL) = (state = 'closed')),
    -- No close without decision and motivation (SP-5).
    CHECK ((outcome IS NULL) = (motivation IS NULL) AND (outcome IS NULL) = (closed_at IS NULL)),
    CHECK ((stopped_at IS NOT NULL) = (state IN ('switched', 'graduated')))
);
CREATE INDEX start_programmes_of_student ON start_programmes (student_id, id);

CREATE TABLE start_programme_weeks (
    programme_id uuid NOT NULL REFERENCES start_programmes (id),
    week integer NOT NULL CHECK (week BETWEEN 1 AND 30),
    starts_on date NOT NULL,
    -- Null in weeks that a prolongation added.
    theme text,
    -- Counts as done because it was done in another landscape (SP-4).
    credited boolean NOT NULL,
    -- As the domain judges it, kept so that who lags can be counted.
    done boolean NOT NULL,
    reflection text,
    reflected_at timestamptz,
    coach_note text,
    PRIMARY KEY (programme_id, week),
    CHECK (done OR NOT credited),
    CHECK ((reflection IS NULL) = (reflected_at IS NULL))
);

CREATE TABLE start_programme_activities (
    id uuid PRIMARY KEY,
    programme_id uuid NOT NULL,
    week integer NOT NULL,
    place integer NOT NULL,
    title text NOT NULL,
    description text,
    done boolean NOT NULL,
    UNIQUE (programme_id, week, place),
    FOREIGN KEY (programme_id, week) REFERENCES start_programme_weeks (programme_id, week)
);
