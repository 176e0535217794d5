-- The leermeter (LM-1): what students are rated on, and by which scale.

CREATE TABLE competence_frameworks (
    id uuid PRIMARY KEY,
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    -- For whose students it is; of the whole landscape where null.
    qualification_id uuid REFERENCES qualifications (id),
    title text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    -- Counts the versions of one framework; a published one is frozen.
    version_number integer NOT NULL,
    previous_id uuid REFERENCES competence_frameworks (id),
    own_view_first boolean NOT NULL,
    scale jsonb NOT NULL,
    -- Each with an id of its own.
    competences jsonb NOT NULL,
    published_at timestamptz,
    retired_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((published_at IS NULL) = (state = 'draft')),
    CHECK ((retired_at IS NOT NULL) = (state = 'retired'))
);
CREATE INDEX competence_frameworks_of_landscape ON competence_frameworks (landscape_id, state);
