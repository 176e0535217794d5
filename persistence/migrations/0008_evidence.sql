-- Files with entries of the portfolio (PF-4). What is in them is kept outside the database, under their id.

CREATE TABLE portfolio_evidence (
    student_id uuid NOT NULL,
    id uuid NOT NULL UNIQUE,
    entry_id uuid NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL CHECK (media_type IN (
        'application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'video/mp4', 'audio/mp4', 'text/plain',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'application/vnd.openxmlformats-officedocument.presentationml.presentation',
        'application/vnd.oasis.opendocument.text')),
    -- Bytes and sums of the file as it is kept: pictures without what cameras wrote into them.
    size bigint NOT NULL CHECK (size > 0),
    sha256 text NOT NULL,
    crc32 bigint NOT NULL,
    caption text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (student_id, id),
    FOREIGN KEY (student_id, entry_id) REFERENCES portfolio_entries (student_id, id)
-- postgres: );
-- sqlite: ) STRICT, WITHOUT ROWID;
CREATE INDEX portfolio_evidence_of_entry ON portfolio_evidence (entry_id, id) WHERE withdrawn_at IS NULL;
