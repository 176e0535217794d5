-- Qualification dossiers as published, never edited in place (CU-1).

CREATE TABLE dossiers (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    -- Tells editions of one dossier apart, in order.
    edition text NOT NULL,
    -- Of the dossier itself; its qualifications have their own.
    crebo text NOT NULL,
    title text NOT NULL,
    -- Every code, crebo and title in it, without accents, in lower case: what search compares.
    search_text text NOT NULL,
    -- The dossier as it was read, all of it.
    content jsonb NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (number, edition)
);
CREATE INDEX dossiers_by_title ON dossiers (title, id);

CREATE TABLE qualifications (
    id uuid PRIMARY KEY,
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    number bigint NOT NULL,
    crebo text NOT NULL,
    title text NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN 1 AND 4),
    -- From when on its crebo is valid: who begins from then on finishes by this edition.
    valid_from date NOT NULL,
    UNIQUE (dossier_id, crebo)
);
CREATE INDEX qualifications_by_crebo ON qualifications (crebo);

CREATE TABLE core_tasks (
    id uuid PRIMARY KEY,
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    -- Null: of the basis, and so of every qualification.
    qualification_id uuid REFERENCES qualifications (id),
    number bigint NOT NULL,
    -- Null where the dossier does not number its chapters.
    code text,
    title text NOT NULL,
    place integer NOT NULL
);
CREATE INDEX core_tasks_of_dossier ON core_tasks (dossier_id, place);

CREATE TABLE work_processes (
    id uuid PRIMARY KEY,
    core_task_id uuid NOT NULL REFERENCES core_tasks (id),
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    number bigint NOT NULL,
    -- Null where the dossier does not number its chapters.
    code text,
    title text NOT NULL,
    place integer NOT NULL
);
CREATE INDEX work_processes_of_dossier ON work_processes (dossier_id, place);
