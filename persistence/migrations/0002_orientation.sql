-- From the infoshop to the scout's decision (IN-1 to IN-4).

CREATE TABLE orientation_activities (
    id uuid PRIMARY KEY,
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    kind text NOT NULL CHECK (kind IN ('infoshopConversation', 'shadowDay', 'buddyPlacement')),
    title text NOT NULL,
    description text,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    place text NOT NULL,
    capacity integer NOT NULL CHECK (capacity > 0),
    -- Registrations that are not on the waiting list and not cancelled.
    places_taken integer NOT NULL CHECK (places_taken >= 0 AND places_taken <= capacity),
    buddy_id uuid REFERENCES people (id),
    field text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK ((kind = 'buddyPlacement') = (buddy_id IS NOT NULL)),
    CHECK ((kind = 'buddyPlacement') = (field IS NOT NULL))
);
CREATE INDEX orientation_activities_by_start ON orientation_activities (starts_at, id);

CREATE TABLE registrations (
    id uuid PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES orientation_activities (id),
    state text NOT NULL CHECK (state IN ('registered', 'waitlisted', 'cancelled', 'attended', 'absent')),
    -- SHA-256 of the secret in the prospect's link.
    secret_hash text NOT NULL UNIQUE,
    given_name text NOT NULL,
    family_name text NOT NULL,
    birth_date date NOT NULL,
    email text NOT NULL,
    school text,
    -- Who it turned out to be, once they applied with the secret.
    person_id uuid REFERENCES people (id),
    experience jsonb,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX registrations_of_activity ON registrations (activity_id, state, id);
CREATE INDEX registrations_of_person ON registrations (person_id);

CREATE TABLE applications (
    id uuid PRIMARY KEY,
    landscape_id uuid NOT NULL REFERENCES landscapes (id),
    applicant_id uuid NOT NULL REFERENCES people (id),
    crebo text,
    motivation text NOT NULL,
    state text NOT NULL CHECK (state IN ('submitted', 'scoutAssigned', 'interviewPlanned', 'interviewed', 'placed',
        'redirected', 'orienting', 'withdrawn')),
    scout_id uuid REFERENCES people (id),
    interview_starts_at timestamptz,
    interview_place text,
    -- The newest version of the interview.
    interview_number integer,
    -- The application that this one was redirected from.
    previous_id uuid REFERENCES applications (id),
    -- The version of its interview that was carried along; that interview no longer changes.
    carried_number integer,
    -- The application that this one was redirected to, and where that is.
    next_id uuid REFERENCES applications (id),
    next_landscape_id uuid REFERENCES landscapes (id),
    enrolment_id uuid,
    advice text,
    reason text,
    decided_at timestamptz,
    -- Until when the scouts of the landscape may see it: 14 days after the decision.
    scout_until_at timestamptz,
    stepped_at timestamptz NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((decided_at IS NULL) = (state IN ('submitted', 'scoutAssigned', 'interviewPlanned', 'interviewed'))),
    CHECK ((enrolment_id IS NOT NULL) = (state = 'placed')),
    CHECK ((next_id IS NOT NULL) = (state = 'redirected')),
    CHECK ((previous_id IS NOT NULL) = (carried_number IS NOT NULL))
);
CREATE INDEX applications_in_landscape ON applications (landscape_id, state, id);
CREATE INDEX applications_of_applicant ON applications (applicant_id);

CREATE TABLE scout_interviews (
    application_id uuid NOT NULL REFERENCES applications (id),
    number integer NOT NULL CHECK (number > 0),
    findings jsonb NOT NULL,
    author_id uuid NOT NULL REFERENCES people (id),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (application_id, number)
);

-- Events of the national application service, as they came; the state is derived from all of them.
CREATE TABLE central_applications (
    key text PRIMARY KEY,
    state text NOT NULL,
    crebo text,
    first_seen_at timestamptz NOT NULL,
    last_change_at timestamptz NOT NULL
);
CREATE TABLE central_application_events (
    event_id text NOT NULL,
    application_key text NOT NULL REFERENCES central_applications (key),
    at timestamptz NOT NULL,
    status text NOT NULL,
    event jsonb NOT NULL,
    PRIMARY KEY (application_key, event_id)
);
