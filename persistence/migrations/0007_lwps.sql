-- Leerwerkprestaties: what teams write, the library, and reviews (CU-2, CU-3), and what students do with them (CU-4).

CREATE TABLE lwps (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id),
    -- Of the team.
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    state text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    title text NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN 1 AND 4),
    -- All of it as the team wrote it. What it covers stands besides in tables of its own, by which it is found.
    content jsonb NOT NULL,
    origin_id uuid REFERENCES lwps (id),
    origin_version bigint,
    -- The ids of its origin, of the origin of that, and so on.
    origins jsonb NOT NULL,
    published_at timestamptz,
    retired_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (origin_id <> id),
    CHECK ((origin_id IS NULL) = (origin_version IS NULL)),
    CHECK ((published_at IS NULL) = (state = 'draft')),
    CHECK ((retired_at IS NOT NULL) = (state = 'retired'))
);
CREATE INDEX lwps_of_team ON lwps (team_id, id);

CREATE TABLE lwp_work_processes (
    lwp_id uuid NOT NULL REFERENCES lwps (id),
    work_process_id uuid NOT NULL REFERENCES work_processes (id),
    PRIMARY KEY (lwp_id, work_process_id)
);
CREATE INDEX lwp_work_processes_by_process ON lwp_work_processes (work_process_id, lwp_id);

-- Requirements of career and citizenship are in no table: they come with the program.
CREATE TABLE lwp_requirements (
    lwp_id uuid NOT NULL REFERENCES lwps (id),
    requirement_id uuid NOT NULL,
    PRIMARY KEY (lwp_id, requirement_id)
);
CREATE INDEX lwp_requirements_by_requirement ON lwp_requirements (requirement_id, lwp_id);

CREATE TABLE lwp_career_competences (
    lwp_id uuid NOT NULL REFERENCES lwps (id),
    competence text NOT NULL CHECK (competence IN ('qualities', 'motives', 'workExploration', 'careerControl', 'networking')),
    PRIMARY KEY (lwp_id, competence)
);
CREATE INDEX lwp_career_competences_by_competence ON lwp_career_competences (competence, lwp_id);

-- What search compares: the stems of an LWP's words, as `persistence/src/search.rs` keeps and asks them. Each LWP has a number,
-- which is its row in `lwp_search`.
CREATE TABLE lwp_search_rows (
    -- postgres: number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- sqlite: number INTEGER PRIMARY KEY AUTOINCREMENT,
    lwp_id uuid NOT NULL UNIQUE REFERENCES lwps (id)
);
-- sqlite: CREATE VIRTUAL TABLE lwp_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- postgres: CREATE TABLE lwp_search (rowid bigint PRIMARY KEY REFERENCES lwp_search_rows (number), words text NOT NULL);
-- postgres: CREATE INDEX lwp_search_words ON lwp_search USING gin (array_to_tsvector(string_to_array(words, ' ')));

CREATE TABLE lwp_reviews (
    id uuid PRIMARY KEY,
    lwp_id uuid NOT NULL REFERENCES lwps (id),
    reviewer_id uuid NOT NULL REFERENCES people (id),
    -- Counts someone's reviews of one LWP; the last one is what they think of it.
    version bigint NOT NULL,
    -- Scores with remarks, and what is said besides.
    content jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (lwp_id, reviewer_id, version)
);

CREATE TABLE lwp_assignments (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    lwp_id uuid NOT NULL REFERENCES lwps (id),
    -- The week of the start programme that brought it.
    programme_id uuid REFERENCES start_programmes (id),
    week integer CHECK (week BETWEEN 1 AND 30),
    due_on date NOT NULL,
    -- What is otherwise for this student than in the LWP.
    tailoring jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('assigned', 'inProgress', 'submitted', 'feedbackGiven', 'completed')),
    -- The first time.
    started_at timestamptz,
    completed_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((programme_id IS NULL) = (week IS NULL)),
    CHECK ((started_at IS NULL) = (state = 'assigned')),
    CHECK ((completed_at IS NOT NULL) = (state = 'completed'))
);
CREATE INDEX lwp_assignments_of_student ON lwp_assignments (student_id, id);
CREATE INDEX lwp_assignments_of_lwp ON lwp_assignments (lwp_id, student_id);
CREATE INDEX lwp_assignments_of_programme ON lwp_assignments (programme_id);

-- Each time that it was handed in, and what was said of it.
CREATE TABLE lwp_assignment_rounds (
    assignment_id uuid NOT NULL REFERENCES lwp_assignments (id),
    round integer NOT NULL CHECK (round BETWEEN 1 AND 50),
    -- Entries of the student's portfolio: which of them is shown to whom, they say themselves.
    entry_ids jsonb NOT NULL,
    submitted_at timestamptz NOT NULL,
    feedback text,
    feedback_by_id uuid REFERENCES people (id),
    feedback_at timestamptz,
    PRIMARY KEY (assignment_id, round),
    CHECK ((feedback IS NULL) = (feedback_by_id IS NULL) AND (feedback IS NULL) = (feedback_at IS NULL))
);
