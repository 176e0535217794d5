-- The student's own portfolio (PF-1 to PF-5). The rows of one student lie together.

CREATE TABLE portfolio_entries (
    student_id uuid NOT NULL REFERENCES students (id),
    id uuid NOT NULL UNIQUE,
    area text NOT NULL CHECK (area IN ('learning', 'career', 'citizenship', 'meaning', 'ethics', 'dialogue')),
    kind text NOT NULL CHECK (kind IN ('reflection', 'product', 'experience', 'feedbackReceived', 'achievement', 'agreement')),
    title text NOT NULL,
    body text NOT NULL,
    visibility text NOT NULL CHECK (visibility IN ('private', 'coach', 'shared')),
    occurred_on date,
    -- The day that it is of: on which it happened, else on which it was made.
    dated_on date NOT NULL,
    tags jsonb NOT NULL,
    -- The tags without accents, in lower case, each between line feeds: what a filter compares.
    sought_tags text NOT NULL,
    -- What it is linked to, in the student's order; `portfolio_entry_links` has the same for who comes from the other side.
    links jsonb NOT NULL,
    -- The experience at orientation that it was (IN-2).
    registration_id uuid UNIQUE REFERENCES registrations (id),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (student_id, id)
-- postgres: );
-- sqlite: ) STRICT, WITHOUT ROWID;

-- What an entry was before it was changed (PF-3): each version whole.
CREATE TABLE portfolio_entry_versions (
    student_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    version bigint NOT NULL,
    area text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    visibility text NOT NULL,
    occurred_on date,
    tags jsonb NOT NULL,
    links jsonb NOT NULL,
    -- When it became that version.
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (student_id, entry_id, version),
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id)
-- postgres: );
-- sqlite: ) STRICT, WITHOUT ROWID;

CREATE TABLE portfolio_entry_links (
    student_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('lwp', 'lwpAssignment', 'workProcess', 'competence', 'conversation', 'goal')),
    target_id uuid NOT NULL,
    PRIMARY KEY (student_id, entry_id, kind, target_id),
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id)
-- postgres: );
-- sqlite: ) STRICT, WITHOUT ROWID;
CREATE INDEX portfolio_entry_links_to ON portfolio_entry_links (target_id, kind);

-- With whom an entry is shared: exactly one of a person, a relation to the student, a team.
CREATE TABLE portfolio_shares (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    person_id uuid REFERENCES people (id),
    role text CHECK (role IN ('coach', 'teacher', 'teamLeader', 'sabAdviser', 'workplaceTrainer', 'guardian')),
    team_id uuid REFERENCES teams (id),
    may_comment boolean NOT NULL,
    until_at timestamptz,
    -- When it was withdrawn, or the entry became private or was withdrawn.
    ended_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id),
    CHECK ((person_id IS NOT NULL AND role IS NULL AND team_id IS NULL)
        OR (person_id IS NULL AND role IS NOT NULL AND team_id IS NULL)
        OR (person_id IS NULL AND role IS NULL AND team_id IS NOT NULL)),
    CHECK (person_id <> student_id)
);
CREATE INDEX portfolio_shares_of_entry ON portfolio_shares (entry_id) WHERE ended_at IS NULL;
CREATE INDEX portfolio_shares_with_person ON portfolio_shares (person_id) WHERE ended_at IS NULL;
CREATE INDEX portfolio_shares_with_team ON portfolio_shares (team_id) WHERE ended_at IS NULL;
CREATE INDEX portfolio_shares_with_role ON portfolio_shares (student_id, role) WHERE ended_at IS NULL;

CREATE TABLE portfolio_comments (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    author_id uuid NOT NULL REFERENCES people (id),
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id)
);
CREATE INDEX portfolio_comments_on_entry ON portfolio_comments (entry_id, id);

-- What search compares: the stems of an entry's words, as `persistence/src/search.rs` keeps and asks them. Each entry that was
-- not withdrawn has a number, which is its row in `portfolio_search`.
CREATE TABLE portfolio_search_rows (
    -- postgres: number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- sqlite: number INTEGER PRIMARY KEY AUTOINCREMENT,
    student_id uuid NOT NULL,
    entry_id uuid NOT NULL UNIQUE,
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id)
);
-- sqlite: CREATE VIRTUAL TABLE portfolio_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- postgres: CREATE TABLE portfolio_search (rowid bigint PRIMARY KEY REFERENCES portfolio_search_rows (number), words text NOT NULL);
-- postgres: CREATE INDEX portfolio_search_words ON portfolio_search USING gin (array_to_tsvector(string_to_array(words, ' ')));
