-- Conversations (CV-1 to CV-4), what follows from them, and when people are free for them.

CREATE TABLE conversations (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    kind text NOT NULL CHECK (kind IN ('careerReflection', 'leermeter', 'extraSupport', 'sab', 'startProgrammeClosing')),
    -- Extra support and SAB: that there is such a conversation is known to few.
    care boolean NOT NULL,
    -- The placement that it is of, whose workplace trainer sees it.
    placement_id uuid REFERENCES placements (id),
    goal_ids jsonb NOT NULL,
    learning_question_ids jsonb NOT NULL,
    minutes integer NOT NULL,
    place text,
    -- Of the calendar invitation.
    sequence integer NOT NULL,
    -- When it would have been, before it was moved or missed.
    moves jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('requested', 'planned', 'held', 'missed', 'concluded', 'cancelled')),
    starts_at timestamptz,
    ends_at timestamptz,
    face_to_face boolean,
    -- Why it was missed or cancelled.
    reason text,
    concluded_at timestamptz,
    -- How often its outcome was written or confirmed.
    revision bigint NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (care = (kind IN ('extraSupport', 'sab'))),
    CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
    CHECK (starts_at IS NOT NULL OR state IN ('requested', 'cancelled')),
    CHECK ((face_to_face IS NOT NULL) = (state IN ('held', 'concluded'))),
    CHECK ((concluded_at IS NOT NULL) = (state = 'concluded'))
);
CREATE INDEX conversations_of_student ON conversations (student_id, starts_at);

-- Who takes part besides the student and whoever is the responsible coach.
CREATE TABLE conversation_participants (
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    person_id uuid NOT NULL REFERENCES people (id),
    student_id uuid NOT NULL REFERENCES students (id),
    -- In which order they were named.
    number integer NOT NULL,
    PRIMARY KEY (conversation_id, person_id),
    CHECK (person_id <> student_id)
);
CREATE INDEX conversation_participants_by_person ON conversation_participants (person_id);

-- What each prepared, seen by nobody else (CV-1).
CREATE TABLE conversation_preparations (
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    person_id uuid NOT NULL REFERENCES people (id),
    student_id uuid NOT NULL REFERENCES students (id),
    topics jsonb NOT NULL,
    questions jsonb NOT NULL,
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, person_id)
);

-- Every version of what came out, with who confirmed that version (CV-2).
CREATE TABLE conversation_outcomes (
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    version bigint NOT NULL,
    student_id uuid NOT NULL REFERENCES students (id),
    content jsonb NOT NULL,
    written_by_id uuid NOT NULL REFERENCES people (id),
    written_at timestamptz NOT NULL,
    confirmations jsonb NOT NULL,
    PRIMARY KEY (conversation_id, version)
);

CREATE TABLE goals (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    title text NOT NULL,
    conversation_id uuid REFERENCES conversations (id),
    -- The learning question that became it; no key, because that names the goal.
    learning_question_id uuid,
    state text NOT NULL CHECK (state IN ('open', 'reached', 'dropped')),
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((decided_at IS NULL) = (state = 'open'))
);
CREATE INDEX goals_of_student ON goals (student_id, id);

CREATE TABLE learning_questions (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    question text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'becameGoal', 'becameLwp', 'answered', 'dropped')),
    decided_at timestamptz,
    goal_id uuid REFERENCES goals (id),
    lwp_assignment_id uuid UNIQUE REFERENCES lwp_assignments (id),
    answer text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((decided_at IS NULL) = (state = 'open')),
    CHECK ((goal_id IS NOT NULL) = (state = 'becameGoal')),
    CHECK ((lwp_assignment_id IS NOT NULL) = (state = 'becameLwp')),
    CHECK ((answer IS NOT NULL) = (state = 'answered'))
);
CREATE INDEX learning_questions_of_student ON learning_questions (student_id, id);

CREATE TABLE agreements (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    -- As its conversation is.
    care boolean NOT NULL,
    agreed text NOT NULL,
    owner_id uuid NOT NULL REFERENCES people (id),
    due_on date,
    state text NOT NULL CHECK (state IN ('open', 'completed', 'dropped')),
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((decided_at IS NULL) = (state = 'open'))
);
CREATE INDEX agreements_of_student ON agreements (student_id, id);

CREATE TABLE career_steps (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES students (id),
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    step text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX career_steps_of_student ON career_steps (student_id, id);

-- The hours that someone keeps for conversations every week.
CREATE TABLE availabilities (
    person_id uuid PRIMARY KEY REFERENCES people (id),
    slots jsonb NOT NULL,
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL
);

-- The conversation with which it closed (SP-5).
ALTER TABLE start_programmes ADD COLUMN conversation_id uuid REFERENCES conversations (id);
