-- Who and where: the college's units, its people, and what they may do.
-- Written in PostgreSQL's words; `persistence/src/migrations.rs` translates them for SQLite word for word.

CREATE TABLE installation (
    one integer PRIMARY KEY CHECK (one = 1),
    kind text NOT NULL CHECK (kind IN ('demo', 'real')),
    made_at timestamptz NOT NULL,
    -- How far the demo college is: null until it is complete.
    demo_students integer
);

CREATE TABLE landscapes (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    description text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    name text NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (landscape_id, name)
);

CREATE TABLE people (
    id uuid PRIMARY KEY,
    given_name text NOT NULL,
    family_name_prefix text,
    family_name text NOT NULL,
    -- Family name, given name, prefix, without accents, in lower case: the order of lists, and what search compares.
    sort_name text NOT NULL,
    birth_date date,
    email text,
    language text NOT NULL CHECK (language IN ('nl', 'en')),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX people_by_name ON people (sort_name, id);

CREATE TABLE service_accounts (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    scopes jsonb NOT NULL,
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE accounts (
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid REFERENCES people (id),
    service_account_id uuid REFERENCES service_accounts (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    CHECK ((person_id IS NULL) <> (service_account_id IS NULL))
);
CREATE INDEX accounts_of_person ON accounts (person_id);
CREATE INDEX accounts_of_service ON accounts (service_account_id);

CREATE TABLE roles (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    role text NOT NULL CHECK (role IN ('coach', 'scout', 'teacher', 'teamLeader', 'landscapeManager', 'sabAdviser',
        'workplaceTrainer', 'taskHolderStaff', 'taskHolderEducation', 'director', 'administrator', 'privacyOfficer')),
    landscape_id uuid REFERENCES landscapes (id),
    team_id uuid REFERENCES teams (id),
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (until_at IS NULL OR until_at >= from_at),
    CHECK ((role IN ('teacher', 'teamLeader')) = (team_id IS NOT NULL)),
    CHECK ((role IN ('coach', 'scout', 'landscapeManager', 'taskHolderStaff', 'taskHolderEducation')) = (landscape_id IS NOT NULL AND team_id IS NULL))
);
CREATE INDEX roles_of_person ON roles (person_id);
CREATE INDEX roles_in_landscape ON roles (landscape_id, role);
CREATE INDEX roles_in_team ON roles (team_id, role);

-- A student is a person; this row says where they are now, or were last.
CREATE TABLE students (
    id uuid PRIMARY KEY REFERENCES people (id),
    student_number text UNIQUE,
    sort_name text NOT NULL,
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    team_id uuid NOT NULL REFERENCES teams (id),
    -- Has an enrolment that is provisional or definitive.
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX students_by_name ON students (sort_name, id);
CREATE INDEX students_in_team ON students (team_id);
CREATE INDEX students_in_landscape ON students (landscape_id);

CREATE TABLE guardianships (
    id uuid PRIMARY KEY,
    guardian_id uuid NOT NULL REFERENCES people (id),
    student_id uuid NOT NULL REFERENCES students (id),
    -- When the student turns sixteen and eighteen: what a guardian may see follows the date by itself.
    sixteen_at timestamptz NOT NULL,
    eighteen_at timestamptz NOT NULL,
    -- When the adult student consented to the guardian's going on to see.
    consented_at timestamptz,
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    version bigint NOT NULL,
    CHECK (guardian_id <> student_id)
);
CREATE INDEX guardianships_of_guardian ON guardianships (guardian_id);
CREATE INDEX guardianships_of_student ON guardianships (student_id);

CREATE TABLE school_calendars (
    id uuid PRIMARY KEY,
    school_year text NOT NULL UNIQUE,
    holidays jsonb NOT NULL,
    version bigint NOT NULL
);

-- postgres: CREATE SEQUENCE event_positions;
-- Takes the shared lock that a reader of the feed waits for, so that no position below the one it reads up to is still open.
-- postgres: CREATE FUNCTION next_event_position() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT pg_advisory_xact_lock_shared(7301); SELECT nextval('event_positions') $$;
CREATE TABLE events (
    -- postgres: position bigint PRIMARY KEY DEFAULT next_event_position(),
    -- sqlite: position INTEGER PRIMARY KEY AUTOINCREMENT,
    at timestamptz NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    what text NOT NULL,
    version bigint NOT NULL,
    student_id uuid,
    landscape_id uuid,
    facts jsonb NOT NULL,
    actor text NOT NULL CHECK (actor IN ('anonymous', 'person', 'service', 'system')),
    actor_id uuid,
    -- On what ground it was permitted.
    ground text NOT NULL
);
CREATE INDEX events_of_subject ON events (subject_id, position);
CREATE INDEX events_of_student ON events (student_id, position);

CREATE TABLE idempotency_records (
    caller text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    -- Status, headers and body as they were sent, sealed under the key, of which `key` is only a name.
    answer jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_records_by_age ON idempotency_records (at);

CREATE TABLE imports (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('roster', 'dossier', 'applications')),
    dry_run boolean NOT NULL,
    sha256 text NOT NULL,
    taken integer NOT NULL,
    unchanged integer NOT NULL,
    refused integer NOT NULL,
    report jsonb NOT NULL,
    by_id uuid,
    at timestamptz NOT NULL
);
