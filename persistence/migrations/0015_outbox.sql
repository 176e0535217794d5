-- Letters that wait to be sent (LM-2): one for each invitation of someone without an account. It is gone once the mail server took
-- it, or the link is of no use any more.

CREATE TABLE outbox (
    rater_id uuid PRIMARY KEY REFERENCES round_raters (id),
    -- The secret of the link, sealed with what the settings alone know; empty once the letter was refused.
    sealed text NOT NULL,
    invited_by uuid NOT NULL REFERENCES people (id),
    -- When it is tried next. Who tries it puts this off first, so that nobody else does meanwhile.
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    -- When the mail server refused it for good.
    refused_at timestamptz
);
CREATE INDEX outbox_by_due ON outbox (due_at, rater_id);
