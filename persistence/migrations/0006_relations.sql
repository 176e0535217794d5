-- What binds a person to a student, with dates (`domain::access::Relation`): the one place that says it.
-- `scope_id`: null where it holds for all of the student, else the application, handover or switch that it is confined to.
-- It holds from `from_at` until before `until_at`, and the role behind it, if any, until before `role_until_at`.

CREATE VIEW relations AS
SELECT p.id AS person_id, p.id AS student_id, 'student' AS relation, CAST(NULL AS uuid) AS scope_id,
       p.created_at AS from_at, CAST(NULL AS timestamptz) AS until_at, CAST(NULL AS timestamptz) AS role_until_at
  FROM people p
UNION ALL
SELECT c.coach_id, c.student_id, 'responsibleCoach', NULL, c.from_at, c.until_at, NULL
  FROM coach_assignments c
UNION ALL
SELECT h.coach_id, h.student_id, 'proposedCoach', h.id, h.created_at, h.decided_at, NULL
  FROM handovers h
UNION ALL
SELECT r.person_id, s.student_id, 'proposedCoach', s.id, s.created_at, s.decided_at, r.until_at
  FROM roles r JOIN switches s ON s.landscape_id = r.landscape_id
 WHERE r.role = 'coach'
UNION ALL
SELECT r.person_id, a.applicant_id, 'scout', a.id, r.from_at, a.scout_until_at, r.until_at
  FROM roles r JOIN applications a ON a.landscape_id = r.landscape_id
 WHERE r.role = 'scout'
UNION ALL
SELECT r.person_id, s.id, r.role, NULL, r.from_at, NULL, r.until_at
  FROM roles r JOIN students s ON s.team_id = r.team_id
 WHERE r.role = 'teamLeader' OR (r.role = 'teacher' AND s.active)
UNION ALL
SELECT r.person_id, s.id, 'landscapeManager', NULL, r.from_at, NULL, r.until_at
  FROM roles r JOIN students s ON s.landscape_id = r.landscape_id
 WHERE r.role = 'landscapeManager'
UNION ALL
SELECT g.guardian_id, g.student_id, 'guardianUnder16', NULL, g.from_at, g.sixteen_at, g.until_at
  FROM guardianships g
UNION ALL
SELECT g.guardian_id, g.student_id, 'guardian16', NULL, g.sixteen_at, g.eighteen_at, g.until_at
  FROM guardianships g
UNION ALL
SELECT g.guardian_id, g.student_id, 'guardian18', NULL, g.eighteen_at, NULL, g.until_at
  FROM guardianships g
 WHERE g.consented_at IS NOT NULL;
