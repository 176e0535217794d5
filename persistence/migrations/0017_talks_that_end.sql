-- The round that a conversation about the leermeter looks at (LM-5), and who is told that one will not take place.

ALTER TABLE conversations ADD COLUMN round_id uuid REFERENCES leermeter_rounds (id);

-- Who was invited to a conversation until the student's stay ended, and with it all that bound them to it: for a while they can fetch
-- that it is cancelled.
CREATE TABLE conversation_withdrawals (
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    person_id uuid NOT NULL REFERENCES people (id),
    student_id uuid NOT NULL REFERENCES students (id),
    -- Was the responsible coach then.
    as_coach boolean NOT NULL,
    until_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, person_id)
);
