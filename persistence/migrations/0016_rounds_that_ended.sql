-- The leermeter (LM-2 to LM-4): when rounds that were opened again had ended, who invited a rater, and addresses as they are compared.

-- A round that is over ends at its until_at; here are the ends before it was opened again.
CREATE TABLE round_ends (
    round_id uuid NOT NULL REFERENCES leermeter_rounds (id),
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (round_id, ended_at)
-- postgres: );
-- sqlite: ) STRICT, WITHOUT ROWID;

-- Of which month's growth a rating is, is told by the ends of its round.
DROP INDEX leermeter_rounds_of_team;
ALTER TABLE leermeter_rounds DROP COLUMN month;
CREATE INDEX leermeter_rounds_of_team ON leermeter_rounds (team_id, until_at, framework_id);

ALTER TABLE round_raters ADD COLUMN invited_by_id uuid REFERENCES people (id);
-- The e-mail address in small letters: whoever has it is asked once in a round.
ALTER TABLE round_raters ADD COLUMN address text;
UPDATE round_raters SET address = lower(email) WHERE email IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM round_raters other WHERE other.round_id = round_raters.round_id AND lower(other.email) = lower(round_raters.email)
       AND other.withdrawn_at IS NULL AND other.id <> round_raters.id);
CREATE UNIQUE INDEX round_raters_address ON round_raters (round_id, address) WHERE withdrawn_at IS NULL;
-- Also of a round's raters who took part no longer: the other index is of those alone who do.
CREATE INDEX round_raters_of_round ON round_raters (round_id);
