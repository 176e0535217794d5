-- The leermeter (LM-2, LM-3): rounds in which a student is rated, who is asked, and what they said.

CREATE TABLE leermeter_rounds (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    -- Where the student was when it was opened: of which team's growth it is.
    team_id uuid NOT NULL REFERENCES teams (id),
    framework_id uuid NOT NULL REFERENCES competence_frameworks (id),
    title text NOT NULL,
    opened_at timestamptz NOT NULL,
    -- The first day of the month in which it was opened.
    month date NOT NULL,
    closes_on date NOT NULL,
    -- Until when ratings are taken: through the last day, or until it was closed.
    until_at timestamptz NOT NULL,
    closed_at timestamptz,
    version bigint NOT NULL,
    CHECK (closed_at IS NULL OR until_at <= closed_at)
);
CREATE INDEX leermeter_rounds_of_student ON leermeter_rounds (student_id, id);
CREATE INDEX leermeter_rounds_of_team ON leermeter_rounds (team_id, framework_id, month, id);

CREATE TABLE round_raters (
    id uuid PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES leermeter_rounds (id),
    student_id uuid NOT NULL REFERENCES students (id),
    kind text NOT NULL CHECK (kind IN ('self', 'coach', 'workplaceTrainer', 'teacher', 'peer', 'buddy')),
    -- The same in every round of the student: the person, or whoever has this address.
    who_id uuid NOT NULL,
    person_id uuid REFERENCES people (id),
    email text,
    name text,
    -- SHA-256 of the secret in the link, for who has no account.
    secret_hash text UNIQUE,
    expires_at timestamptz,
    -- None of who rates by a relation to the student.
    invited_at timestamptz,
    answered_at timestamptz,
    withdrawn_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((person_id IS NULL) = (email IS NOT NULL)),
    CHECK ((email IS NULL) = (name IS NULL)),
    CHECK ((email IS NULL) = (expires_at IS NULL)),
    CHECK (withdrawn_at IS NULL OR answered_at IS NULL)
);
CREATE UNIQUE INDEX round_raters_once ON round_raters (round_id, who_id) WHERE withdrawn_at IS NULL;
CREATE INDEX round_raters_who ON round_raters (person_id, student_id);
CREATE INDEX round_raters_of_student ON round_raters (student_id);

-- Never changed: a newer one of the same rater follows. The rows of a round lie together.
CREATE TABLE ratings (
    round_id uuid NOT NULL REFERENCES leermeter_rounds (id),
    id uuid NOT NULL,
    rater_id uuid NOT NULL REFERENCES round_raters (id),
    student_id uuid NOT NULL REFERENCES students (id),
    competence_id uuid NOT NULL,
    -- None where it was not seen.
    level integer,
    motivation text,
    -- A portfolio entry that shows it.
    entry_id uuid,
    -- Counts what the rater said of the competence in this round; the highest counts.
    number integer NOT NULL,
    rated_at timestamptz NOT NULL,
    PRIMARY KEY (round_id, id),
    UNIQUE (rater_id, competence_id, number),
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id),
    CHECK (level IS NULL OR motivation IS NOT NULL)
-- postgres: );
-- sqlite: ) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_shown_by ON ratings (student_id, entry_id) WHERE entry_id IS NOT NULL;
