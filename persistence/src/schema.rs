//! The tables as Diesel sees them; `tests/src/guards/schema.rs` compares them with both databases, column by column.

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    installation (one) {
        one -> Integer,
        kind -> Text,
        made_at -> SqlInstant,
        demo_students -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    cursor_key (one) {
        one -> Integer,
        secret -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    landscapes (id) {
        id -> SqlId,
        name -> Text,
        description -> Nullable<Text>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    teams (id) {
        id -> SqlId,
        landscape_id -> SqlId,
        name -> Text,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    people (id) {
        id -> SqlId,
        given_name -> Text,
        family_name_prefix -> Nullable<Text>,
        family_name -> Text,
        sort_name -> Text,
        birth_date -> Nullable<Date>,
        email -> Nullable<Text>,
        language -> SqlWord,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    service_accounts (id) {
        id -> SqlId,
        name -> Text,
        scopes -> SqlJson,
        active -> Bool,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    accounts (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        person_id -> Nullable<SqlId>,
        service_account_id -> Nullable<SqlId>,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    roles (id) {
        id -> SqlId,
        person_id -> SqlId,
        role -> SqlWord,
        landscape_id -> Nullable<SqlId>,
        team_id -> Nullable<SqlId>,
        from_at -> SqlInstant,
        until_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    students (id) {
        id -> SqlId,
        student_number -> Nullable<Text>,
        sort_name -> Text,
        landscape_id -> SqlId,
        team_id -> SqlId,
        active -> Bool,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    guardianships (id) {
        id -> SqlId,
        guardian_id -> SqlId,
        student_id -> SqlId,
        sixteen_at -> SqlInstant,
        eighteen_at -> SqlInstant,
        consented_at -> Nullable<SqlInstant>,
        from_at -> SqlInstant,
        until_at -> Nullable<SqlInstant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    school_calendars (id) {
        id -> SqlId,
        school_year -> Text,
        holidays -> SqlJson,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    events (position) {
        position -> BigInt,
        at -> SqlInstant,
        subject -> SqlWord,
        subject_id -> SqlId,
        what -> Text,
        version -> BigInt,
        student_id -> Nullable<SqlId>,
        landscape_id -> Nullable<SqlId>,
        facts -> SqlJson,
        actor -> Text,
        actor_id -> Nullable<SqlId>,
        ground -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    idempotency_records (caller, key) {
        caller -> Text,
        key -> Text,
        fingerprint -> Text,
        answer -> SqlJson,
        at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    imports (id) {
        id -> SqlId,
        kind -> SqlWord,
        dry_run -> Bool,
        sha256 -> Text,
        taken -> Integer,
        unchanged -> Integer,
        refused -> Integer,
        report -> SqlJson,
        by_id -> Nullable<SqlId>,
        at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    orientation_activities (id) {
        id -> SqlId,
        landscape_id -> SqlId,
        kind -> SqlWord,
        title -> Text,
        description -> Nullable<Text>,
        starts_at -> SqlInstant,
        ends_at -> SqlInstant,
        place -> Text,
        capacity -> Integer,
        places_taken -> Integer,
        buddy_id -> Nullable<SqlId>,
        field -> Nullable<Text>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    registrations (id) {
        id -> SqlId,
        activity_id -> SqlId,
        state -> SqlWord,
        secret_hash -> Text,
        given_name -> Text,
        family_name -> Text,
        birth_date -> Date,
        email -> Text,
        school -> Nullable<Text>,
        person_id -> Nullable<SqlId>,
        experience -> Nullable<SqlJson>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    applications (id) {
        id -> SqlId,
        landscape_id -> SqlId,
        applicant_id -> SqlId,
        crebo -> Nullable<Text>,
        motivation -> Text,
        state -> SqlWord,
        scout_id -> Nullable<SqlId>,
        interview_starts_at -> Nullable<SqlInstant>,
        interview_place -> Nullable<Text>,
        interview_number -> Nullable<Integer>,
        previous_id -> Nullable<SqlId>,
        carried_number -> Nullable<Integer>,
        next_id -> Nullable<SqlId>,
        next_landscape_id -> Nullable<SqlId>,
        enrolment_id -> Nullable<SqlId>,
        advice -> Nullable<Text>,
        reason -> Nullable<Text>,
        decided_at -> Nullable<SqlInstant>,
        scout_until_at -> Nullable<SqlInstant>,
        stepped_at -> SqlInstant,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    scout_interviews (application_id, number) {
        application_id -> SqlId,
        number -> Integer,
        findings -> SqlJson,
        author_id -> SqlId,
        recorded_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    central_applications (key) {
        key -> Text,
        state -> Text,
        crebo -> Nullable<Text>,
        first_seen_at -> SqlInstant,
        last_change_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    central_application_events (application_key, event_id) {
        event_id -> Text,
        application_key -> Text,
        at -> SqlInstant,
        status -> Text,
        event -> SqlJson,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    coach_assignments (id) {
        id -> SqlId,
        student_id -> SqlId,
        stay_id -> SqlId,
        coach_id -> SqlId,
        from_at -> SqlInstant,
        until_at -> Nullable<SqlInstant>,
        previous_until_at -> Nullable<SqlInstant>,
        open_student_id -> Nullable<SqlId>,
        cause -> SqlWord,
        reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    enrolments (id) {
        id -> SqlId,
        student_id -> SqlId,
        landscape_id -> SqlId,
        team_id -> SqlId,
        crebo -> Text,
        route -> SqlWord,
        state -> SqlWord,
        starts_on -> Date,
        stay_id -> SqlId,
        application_id -> Nullable<SqlId>,
        previous_id -> Nullable<SqlId>,
        next_id -> Nullable<SqlId>,
        motivation -> Nullable<Text>,
        motivated_at -> Nullable<SqlInstant>,
        confirmed_at -> Nullable<SqlInstant>,
        ended_at -> Nullable<SqlInstant>,
        graduated_on -> Nullable<Date>,
        left_on -> Nullable<Date>,
        leaving_reason -> Nullable<Text>,
        destination -> Nullable<Text>,
        basic_qualification -> Nullable<Bool>,
        further_education -> Nullable<Bool>,
        coached_student_id -> Nullable<SqlId>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    handovers (id) {
        id -> SqlId,
        student_id -> SqlId,
        enrolment_id -> SqlId,
        landscape_id -> SqlId,
        from_coach_id -> SqlId,
        coach_id -> SqlId,
        proposed_by_id -> SqlId,
        reason -> Text,
        state -> SqlWord,
        refusal -> Nullable<Text>,
        open_student_id -> Nullable<SqlId>,
        decided_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    switches (id) {
        id -> SqlId,
        student_id -> SqlId,
        enrolment_id -> SqlId,
        from_landscape_id -> SqlId,
        landscape_id -> SqlId,
        motivation -> Text,
        state -> SqlWord,
        refusal -> Nullable<Text>,
        new_enrolment_id -> Nullable<SqlId>,
        credited_weeks -> Nullable<Integer>,
        requested_by_id -> SqlId,
        open_enrolment_id -> Nullable<SqlId>,
        decided_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    start_programme_templates (id) {
        id -> SqlId,
        landscape_id -> SqlId,
        school_year -> Text,
        title -> Text,
        state -> SqlWord,
        version_number -> Integer,
        previous_id -> Nullable<SqlId>,
        weeks -> SqlJson,
        published_at -> Nullable<SqlInstant>,
        retired_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    start_programmes (id) {
        id -> SqlId,
        enrolment_id -> SqlId,
        student_id -> SqlId,
        landscape_id -> SqlId,
        template_id -> SqlId,
        state -> SqlWord,
        extra_weeks -> Nullable<Integer>,
        prolong_motivation -> Nullable<Text>,
        prolonged_at -> Nullable<SqlInstant>,
        outcome -> Nullable<SqlWord>,
        motivation -> Nullable<Text>,
        closed_at -> Nullable<SqlInstant>,
        stopped_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
        conversation_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    start_programme_weeks (programme_id, week) {
        programme_id -> SqlId,
        week -> Integer,
        starts_on -> Date,
        theme -> Nullable<Text>,
        credited -> Bool,
        done -> Bool,
        reflection -> Nullable<Text>,
        reflected_at -> Nullable<SqlInstant>,
        coach_note -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    start_programme_activities (id) {
        id -> SqlId,
        programme_id -> SqlId,
        week -> Integer,
        place -> Integer,
        title -> Text,
        description -> Nullable<Text>,
        done -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    dossiers (id) {
        id -> SqlId,
        number -> BigInt,
        edition -> Text,
        crebo -> Text,
        title -> Text,
        search_text -> Text,
        content -> SqlJson,
        sha256 -> Text,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    qualifications (id) {
        id -> SqlId,
        dossier_id -> SqlId,
        number -> BigInt,
        crebo -> Text,
        title -> Text,
        level -> Integer,
        valid_from -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    core_tasks (id) {
        id -> SqlId,
        dossier_id -> SqlId,
        qualification_id -> Nullable<SqlId>,
        number -> BigInt,
        code -> Nullable<Text>,
        title -> Text,
        place -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    work_processes (id) {
        id -> SqlId,
        core_task_id -> SqlId,
        dossier_id -> SqlId,
        number -> BigInt,
        code -> Nullable<Text>,
        title -> Text,
        place -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwps (id) {
        id -> SqlId,
        team_id -> SqlId,
        landscape_id -> SqlId,
        state -> SqlWord,
        title -> Text,
        level -> Integer,
        content -> SqlJson,
        origin_id -> Nullable<SqlId>,
        origin_version -> Nullable<BigInt>,
        origins -> SqlJson,
        published_at -> Nullable<SqlInstant>,
        retired_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_work_processes (lwp_id, work_process_id) {
        lwp_id -> SqlId,
        work_process_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_requirements (lwp_id, requirement_id) {
        lwp_id -> SqlId,
        requirement_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_career_competences (lwp_id, competence) {
        lwp_id -> SqlId,
        competence -> SqlWord,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_search_rows (number) {
        number -> BigInt,
        lwp_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_search (rowid) {
        rowid -> BigInt,
        words -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_reviews (id) {
        id -> SqlId,
        lwp_id -> SqlId,
        reviewer_id -> SqlId,
        version -> BigInt,
        content -> SqlJson,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_entries (id) {
        student_id -> SqlId,
        id -> SqlId,
        area -> SqlWord,
        kind -> SqlWord,
        title -> Text,
        body -> Text,
        visibility -> SqlWord,
        occurred_on -> Nullable<Date>,
        dated_on -> Date,
        tags -> SqlJson,
        sought_tags -> Text,
        links -> SqlJson,
        registration_id -> Nullable<SqlId>,
        version -> BigInt,
        created_at -> SqlInstant,
        changed_at -> SqlInstant,
        withdrawn_at -> Nullable<SqlInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_entry_versions (student_id, entry_id, version) {
        student_id -> SqlId,
        entry_id -> SqlId,
        version -> BigInt,
        area -> SqlWord,
        kind -> SqlWord,
        title -> Text,
        body -> Text,
        visibility -> SqlWord,
        occurred_on -> Nullable<Date>,
        tags -> SqlJson,
        links -> SqlJson,
        changed_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_entry_links (student_id, entry_id, kind, target_id) {
        student_id -> SqlId,
        entry_id -> SqlId,
        kind -> SqlWord,
        target_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_search_rows (number) {
        number -> BigInt,
        student_id -> SqlId,
        entry_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_search (rowid) {
        rowid -> BigInt,
        words -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_shares (id) {
        id -> SqlId,
        student_id -> SqlId,
        entry_id -> SqlId,
        person_id -> Nullable<SqlId>,
        role -> Nullable<SqlWord>,
        team_id -> Nullable<SqlId>,
        may_comment -> Bool,
        until_at -> Nullable<SqlInstant>,
        ended_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_comments (id) {
        id -> SqlId,
        student_id -> SqlId,
        entry_id -> SqlId,
        author_id -> SqlId,
        body -> Text,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    portfolio_evidence (student_id, id) {
        student_id -> SqlId,
        id -> SqlId,
        entry_id -> SqlId,
        file_name -> Text,
        media_type -> SqlWord,
        size -> BigInt,
        sha256 -> Text,
        crc32 -> BigInt,
        caption -> Nullable<Text>,
        version -> BigInt,
        created_at -> SqlInstant,
        withdrawn_at -> Nullable<SqlInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_assignments (id) {
        id -> SqlId,
        student_id -> SqlId,
        lwp_id -> SqlId,
        programme_id -> Nullable<SqlId>,
        week -> Nullable<Integer>,
        due_on -> Date,
        tailoring -> SqlJson,
        state -> SqlWord,
        started_at -> Nullable<SqlInstant>,
        completed_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
        placement_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    placements (id) {
        id -> SqlId,
        student_id -> SqlId,
        trainer_id -> SqlId,
        learning_company -> Text,
        starts_on -> Date,
        ends_on -> Date,
        from_at -> SqlInstant,
        until_at -> SqlInstant,
        ended_at -> Nullable<SqlInstant>,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    lwp_assignment_rounds (assignment_id, round) {
        assignment_id -> SqlId,
        round -> Integer,
        entry_ids -> SqlJson,
        submitted_at -> SqlInstant,
        feedback -> Nullable<Text>,
        feedback_by_id -> Nullable<SqlId>,
        feedback_at -> Nullable<SqlInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    competence_frameworks (id) {
        id -> SqlId,
        landscape_id -> SqlId,
        qualification_id -> Nullable<SqlId>,
        title -> Text,
        state -> SqlWord,
        version_number -> Integer,
        previous_id -> Nullable<SqlId>,
        own_view_first -> Bool,
        scale -> SqlJson,
        competences -> SqlJson,
        published_at -> Nullable<SqlInstant>,
        retired_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    conversations (id) {
        id -> SqlId,
        student_id -> SqlId,
        kind -> SqlWord,
        care -> Bool,
        placement_id -> Nullable<SqlId>,
        round_id -> Nullable<SqlId>,
        goal_ids -> SqlJson,
        learning_question_ids -> SqlJson,
        minutes -> Integer,
        place -> Nullable<Text>,
        sequence -> Integer,
        moves -> SqlJson,
        state -> SqlWord,
        starts_at -> Nullable<SqlInstant>,
        ends_at -> Nullable<SqlInstant>,
        face_to_face -> Nullable<Bool>,
        reason -> Nullable<Text>,
        concluded_at -> Nullable<SqlInstant>,
        revision -> BigInt,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    conversation_participants (conversation_id, person_id) {
        conversation_id -> SqlId,
        person_id -> SqlId,
        student_id -> SqlId,
        number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    conversation_withdrawals (conversation_id, person_id) {
        conversation_id -> SqlId,
        person_id -> SqlId,
        student_id -> SqlId,
        as_coach -> Bool,
        until_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    conversation_preparations (conversation_id, person_id) {
        conversation_id -> SqlId,
        person_id -> SqlId,
        student_id -> SqlId,
        topics -> SqlJson,
        questions -> SqlJson,
        version -> BigInt,
        changed_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    conversation_outcomes (conversation_id, version) {
        conversation_id -> SqlId,
        version -> BigInt,
        student_id -> SqlId,
        content -> SqlJson,
        written_by_id -> SqlId,
        written_at -> SqlInstant,
        confirmations -> SqlJson,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    goals (id) {
        id -> SqlId,
        student_id -> SqlId,
        title -> Text,
        conversation_id -> Nullable<SqlId>,
        learning_question_id -> Nullable<SqlId>,
        state -> SqlWord,
        decided_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    learning_questions (id) {
        id -> SqlId,
        student_id -> SqlId,
        conversation_id -> SqlId,
        question -> Text,
        state -> SqlWord,
        decided_at -> Nullable<SqlInstant>,
        goal_id -> Nullable<SqlId>,
        lwp_assignment_id -> Nullable<SqlId>,
        answer -> Nullable<Text>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    agreements (id) {
        id -> SqlId,
        student_id -> SqlId,
        conversation_id -> SqlId,
        care -> Bool,
        agreed -> Text,
        owner_id -> SqlId,
        due_on -> Nullable<Date>,
        state -> SqlWord,
        decided_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    career_steps (id) {
        id -> SqlId,
        student_id -> SqlId,
        conversation_id -> SqlId,
        step -> Text,
        created_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    availabilities (person_id) {
        person_id -> SqlId,
        slots -> SqlJson,
        version -> BigInt,
        changed_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    leermeter_rounds (id) {
        id -> SqlId,
        student_id -> SqlId,
        team_id -> SqlId,
        framework_id -> SqlId,
        title -> Text,
        opened_at -> SqlInstant,
        closes_on -> Date,
        until_at -> SqlInstant,
        closed_at -> Nullable<SqlInstant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    round_raters (id) {
        id -> SqlId,
        round_id -> SqlId,
        student_id -> SqlId,
        kind -> SqlWord,
        who_id -> SqlId,
        person_id -> Nullable<SqlId>,
        email -> Nullable<Text>,
        name -> Nullable<Text>,
        secret_hash -> Nullable<Text>,
        expires_at -> Nullable<SqlInstant>,
        invited_at -> Nullable<SqlInstant>,
        answered_at -> Nullable<SqlInstant>,
        withdrawn_at -> Nullable<SqlInstant>,
        version -> BigInt,
        created_at -> SqlInstant,
        invited_by_id -> Nullable<SqlId>,
        address -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    round_ends (round_id, ended_at) {
        round_id -> SqlId,
        ended_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    ratings (round_id, id) {
        round_id -> SqlId,
        id -> SqlId,
        rater_id -> SqlId,
        student_id -> SqlId,
        competence_id -> SqlId,
        level -> Nullable<Integer>,
        motivation -> Nullable<Text>,
        entry_id -> Nullable<SqlId>,
        number -> Integer,
        rated_at -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::columns::sql_types::*;
    outbox (rater_id) {
        rater_id -> SqlId,
        sealed -> Text,
        invited_by -> SqlId,
        due_at -> SqlInstant,
        attempts -> Integer,
        refused_at -> Nullable<SqlInstant>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    cursor_key,
    landscapes,
    teams,
    people,
    service_accounts,
    accounts,
    roles,
    students,
    guardianships,
    school_calendars,
    events,
    idempotency_records,
    imports,
    orientation_activities,
    registrations,
    applications,
    scout_interviews,
    central_applications,
    central_application_events,
    coach_assignments,
    enrolments,
    handovers,
    switches,
    start_programme_templates,
    start_programmes,
    start_programme_weeks,
    start_programme_activities,
    dossiers,
    qualifications,
    core_tasks,
    work_processes,
    lwps,
    lwp_work_processes,
    lwp_requirements,
    lwp_career_competences,
    lwp_search_rows,
    lwp_search,
    lwp_reviews,
    lwp_assignments,
    lwp_assignment_rounds,
    placements,
    competence_frameworks,
    leermeter_rounds,
    round_ends,
    round_raters,
    outbox,
    ratings,
    conversations,
    conversation_participants,
    conversation_withdrawals,
    conversation_preparations,
    conversation_outcomes,
    goals,
    learning_questions,
    agreements,
    career_steps,
    availabilities,
    portfolio_entries,
    portfolio_entry_versions,
    portfolio_entry_links,
    portfolio_search_rows,
    portfolio_search,
    portfolio_shares,
    portfolio_comments,
    portfolio_evidence,
);
