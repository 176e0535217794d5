//! `tests/access/policy.csv` and `domain::access::policy`, compared cell by cell.

use std::collections::BTreeMap;

use domain::access::{Action, Audience, Relation, Role, Scope, Sight, policy};
use domain::kernel::Word;

const TABLE: &str = include_str!("../../access/policy.csv");

const RELATIONS: [(&str, Relation); 16] = [
    ("S", Relation::Student),
    ("CC", Relation::ResponsibleCoach),
    ("IC", Relation::ProposedCoach),
    ("SC", Relation::Scout),
    ("TT", Relation::Teacher),
    ("TL", Relation::TeamLeader),
    ("LM", Relation::LandscapeManager),
    ("SB", Relation::SabAdviser),
    ("WT", Relation::WorkplaceTrainer),
    ("RT", Relation::InvitedRater),
    ("G<16", Relation::GuardianUnder16),
    ("G16", Relation::Guardian16),
    ("G18", Relation::Guardian18),
    ("PT", Relation::Participant),
    ("SH", Relation::Shared),
    ("SHC", Relation::SharedForComment),
];

/// How much a cell lets one see. What may be decided on is seen as much as reading lets one see it.
fn sight(cell: &str, reads: bool) -> Option<Sight> {
    Some(match cell {
        "R" => Sight::Full,
        "R own words" => Sight::OwnWords,
        "r name and programme" => Sight::NameAndProgramme,
        "r name and period" => Sight::NameAndPeriod,
        "r proposal" => Sight::Proposal,
        "r progress" => Sight::Progress,
        "r outcome" => Sight::Outcome,
        "r state" => Sight::State,
        "X" | "C" | "U" if !reads => return None,
        other => panic!("no such cell: {other}"),
    })
}

fn table() -> (Vec<&'static str>, BTreeMap<&'static str, Vec<&'static str>>) {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let head = lines.next().expect("a head").split(',').collect();
    let rows = lines.map(|line| {
        let cells: Vec<_> = line.split(',').collect();
        (cells[0], cells[1..].to_vec())
    });
    (head, rows.collect())
}

#[test]
fn every_action_is_in_the_table_once_and_the_table_has_no_other() {
    let (_, rows) = table();
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count() - 1;
    assert_eq!(rows.len(), lines, "an action stands in the table twice");
    let actions: Vec<_> = Action::ALL.iter().map(|action| action.name()).collect();
    for action in &actions {
        assert!(rows.contains_key(action), "{action} is not in tests/access/policy.csv: decide by hand who may do it");
    }
    for row in rows.keys() {
        assert!(actions.contains(row), "{row} is in tests/access/policy.csv and is no action");
    }
}

#[test]
fn every_relation_is_a_column() {
    assert_eq!(RELATIONS.len(), Relation::ALL.len());
    let (head, _) = table();
    assert_eq!(head[1..=RELATIONS.len()], RELATIONS.map(|(name, _)| name));
}

#[test]
fn the_code_permits_what_the_table_says_cell_by_cell() {
    let (_, rows) = table();
    let mut wrong = Vec::new();
    for action in Action::ALL {
        let cells = &rows[action.name()];
        let coded = policy(*action);
        let reads = action.word() == "read";
        for ((name, relation), cell) in RELATIONS.iter().zip(cells) {
            let granted = coded.relations.iter().find(|(r, _)| r == relation).map(|(_, sight)| *sight);
            let fits = match (*cell, granted) {
                ("", None) => true,
                ("", Some(_)) | (_, None) => false,
                (cell, Some(granted)) => sight(cell, reads).is_none_or(|expected| expected == granted),
            };
            if !fits {
                wrong.push(format!("{} {name}: the table says {cell:?}, the code {granted:?}", action.name()));
            }
        }
        let listed = |cell: &str| cell.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let roles: Vec<_> = coded.roles.iter().map(|role: &Role| role.word().to_owned()).collect();
        let scopes: Vec<_> = coded.scopes.iter().map(|scope: &Scope| scope.word().to_owned()).collect();
        let everyone = match coded.audience {
            Audience::Nobody => "nobody",
            Audience::Staff => "staff",
            Audience::SignedIn => "signedIn",
            Audience::Public => "public",
        };
        for (what, said, coded) in
            [("roles", listed(cells[RELATIONS.len()]), roles), ("scopes", listed(cells[RELATIONS.len() + 1]), scopes)]
        {
            if said != coded {
                wrong.push(format!("{} {what}: the table says {said:?}, the code {coded:?}", action.name()));
            }
        }
        if cells[RELATIONS.len() + 2] != everyone {
            wrong.push(format!("{} everyone: the table says {}, the code {everyone}", action.name(), cells[RELATIONS.len() + 2]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
