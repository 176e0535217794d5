-- Search that does not make stems anew, pages of what a coach may read, and photos and films as phones make them.

-- Which of a student's entries the coach may read, without the entries themselves.
CREATE INDEX portfolio_entries_by_visibility ON portfolio_entries (student_id, visibility, id);

-- What must be made of a text first is made anew for each row that is looked at: it is kept beside the words.
-- postgres: DROP INDEX portfolio_search_words;
-- postgres: ALTER TABLE portfolio_search ADD COLUMN stems tsvector NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED;
-- postgres: CREATE INDEX portfolio_search_words ON portfolio_search USING gin (stems);
-- postgres: DROP INDEX lwp_search_words;
-- postgres: ALTER TABLE lwp_search ADD COLUMN stems tsvector NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED;
-- postgres: CREATE INDEX lwp_search_words ON lwp_search USING gin (stems);

-- A column's CHECK changes with its table: the files are carried over to one that takes more kinds.
CREATE TABLE evidence_of_more_kinds (
    student_id uuid NOT NULL,
    id uuid NOT NULL UNIQUE,
    entry_id uuid NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL CHECK (media_type IN (
        'application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'image/heic', 'video/mp4', 'video/quicktime', 'audio/mp4',
        'text/plain',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'application/vnd.openxmlformats-officedocument.presentationml.presentation',
        'application/vnd.oasis.opendocument.text')),
    -- Bytes and sums of the file as it is kept: without what cameras and programs wrote into it besides.
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
INSERT INTO evidence_of_more_kinds SELECT * FROM portfolio_evidence;
DROP TABLE portfolio_evidence;
ALTER TABLE evidence_of_more_kinds RENAME TO portfolio_evidence;
CREATE INDEX portfolio_evidence_of_entry ON portfolio_evidence (entry_id, id) WHERE withdrawn_at IS NULL;
