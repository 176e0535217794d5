//! Reads core tasks and work processes, with what single qualifications add to them.

use std::collections::{BTreeMap, BTreeSet};

use domain::curriculum::{Competence, CoreTask, CoreTaskAddition, CurriculumFault, Knowledge, WorkProcess, WorkProcessAddition};

use super::reading::{Element, Reading, attribute, children};

/// The core tasks in an element. `within` is what their codes begin with: `B1`, or `P2` for the second profile.
pub fn core_tasks(reading: &mut Reading, parent: Option<Element<'_>>, within: Option<&str>) -> Vec<CoreTask> {
    let tasks = parent.into_iter().flat_map(|parent| children(parent, "kerntaak"));
    tasks.filter_map(|element| core_task(reading, element, within)).collect()
}

fn core_task(reading: &mut Reading, element: Element<'_>, within: Option<&str>) -> Option<CoreTask> {
    let number = reading.own_number(element);
    let code = reading.code(element, within, 'K');
    let title = reading.title(attribute(element, "titel"));
    let complexity = reading.child(element, "complexiteit");
    let responsibility = reading.child(element, "verantwoordelijkheid");
    let knowledge = reading.child(element, "vakkennisenvaardigheden");
    let additions = core_task_additions(reading, complexity, responsibility, knowledge);
    let containers = ["basiswerkprocessen", "profielwerkprocessen"].map(|name| reading.child(element, name));
    let within = code.as_ref().map(|code| code.as_str());
    let processes: Vec<_> = containers.into_iter().flatten().flat_map(|parent| children(parent, "werkproces")).collect();
    if processes.is_empty() {
        reading.refuse(element, "kerntaak/werkproces", CurriculumFault::Missing);
    }
    let work_processes = processes.into_iter().filter_map(|element| work_process(reading, element, within)).collect();
    Some(CoreTask {
        complexity: reading.prose(complexity),
        responsibility: reading.prose(responsibility),
        knowledge: knowledge.map(|element| knowledge_in(reading, element)).unwrap_or_default(),
        additions,
        work_processes,
        number: number?,
        title: title?,
        code,
    })
}

fn core_task_additions(
    reading: &mut Reading,
    complexity: Option<Element<'_>>,
    responsibility: Option<Element<'_>>,
    knowledge: Option<Element<'_>>,
) -> Vec<CoreTaskAddition> {
    let parts = [complexity, responsibility, knowledge].map(|part| additions(reading, part));
    let [complexity, responsibility, knowledge] = &parts;
    let added = qualifications(&parts).into_iter().map(|qualification| CoreTaskAddition {
        qualification,
        complexity: reading.prose(complexity.get(&qualification).copied()),
        responsibility: reading.prose(responsibility.get(&qualification).copied()),
        knowledge: knowledge.get(&qualification).map(|added| knowledge_in(reading, *added)).unwrap_or_default(),
    });
    let says =
        |added: &CoreTaskAddition| added.complexity.is_some() || added.responsibility.is_some() || !added.knowledge.is_empty();
    added.filter(says).collect()
}

fn work_process(reading: &mut Reading, element: Element<'_>, within: Option<&str>) -> Option<WorkProcess> {
    let number = reading.own_number(element);
    let code = reading.code(element, within, 'W');
    let title = reading.title(attribute(element, "titel"));
    let description = reading.child(element, "werkprocesomschrijving");
    let result = reading.child(element, "werkprocesresultaat");
    let behaviour = reading.child(element, "werkprocesgedrag");
    let competences = reading.child(element, "werkprocescompetenties");
    Some(WorkProcess {
        additions: work_process_additions(reading, [description, result, behaviour, competences]),
        description: reading.prose(description),
        result: reading.prose(result),
        behaviour: reading.prose(behaviour),
        competences: competences.map(|element| competences_in(reading, element)).unwrap_or_default(),
        number: number?,
        title: title?,
        code,
    })
}

fn work_process_additions(reading: &mut Reading, parts: [Option<Element<'_>>; 4]) -> Vec<WorkProcessAddition> {
    let parts = parts.map(|part| additions(reading, part));
    let [description, result, behaviour, competences] = &parts;
    let added = qualifications(&parts).into_iter().map(|qualification| WorkProcessAddition {
        qualification,
        description: reading.prose(description.get(&qualification).copied()),
        result: reading.prose(result.get(&qualification).copied()),
        behaviour: reading.prose(behaviour.get(&qualification).copied()),
        competences: competences.get(&qualification).map(|added| competences_in(reading, *added)).unwrap_or_default(),
    });
    let says = |added: &WorkProcessAddition| {
        let texts = [&added.description, &added.result, &added.behaviour];
        texts.into_iter().any(Option::is_some) || !added.competences.is_empty()
    };
    added.filter(says).collect()
}

/// The elements that add to a part, by the numbers of the qualifications for which they do. Exports hold empty ones.
type Additions<'d> = BTreeMap<u32, Element<'d>>;

fn qualifications(parts: &[Additions<'_>]) -> BTreeSet<u32> {
    parts.iter().flat_map(|part| part.keys().copied()).collect()
}

/// What `aanvullend` elements add to a part of a task or process.
fn additions<'d>(reading: &mut Reading, part: Option<Element<'d>>) -> Additions<'d> {
    let per_profile = |node: &Element<'d>| node.is_element() && node.tag_name().name().ends_with("perprofiel");
    let added: Vec<_> = part
        .into_iter()
        .flat_map(|part| part.children().filter(per_profile))
        .flat_map(|all| children(all, "aanvullend"))
        .collect();
    let mut by_qualification = BTreeMap::new();
    for addition in added {
        let Some(profile) = reading.needed(addition, &["profiel"]) else { continue };
        let known = |reading: &Reading, number| reading.qualifications.contains(&number).then_some(number);
        let Some(number) = reading.reference(attribute(profile, "referentie"), known) else { continue };
        let Some(what) = addition.children().find(|node| node.is_element() && *node != profile) else { continue };
        if by_qualification.insert(number, what).is_some() {
            reading.refuse(profile, "profiel/@referentie", CurriculumFault::Repeated);
        }
    }
    by_qualification
}

/// The competences that an element refers to, in its order.
fn competences_in(reading: &mut Reading, parent: Element<'_>) -> Vec<Competence> {
    let mut found = Vec::new();
    for element in children(parent, "competentie") {
        let competence =
            reading.reference(attribute(element, "referentie"), |reading, number| reading.competences.get(&number).cloned());
        found.extend(competence.filter(|competence| !found.contains(competence)));
    }
    found
}

/// The knowledge and skills that an element refers to, in its order, grouped or not. Exports name some twice.
fn knowledge_in(reading: &mut Reading, parent: Element<'_>) -> Vec<Knowledge> {
    let grouped = children(parent, "vakkennisenvaardigheden_met_categorie").flat_map(|group| group.descendants());
    let referring = children(parent, "vakkennisenvaardigheden").chain(grouped.filter(|node| node.has_attribute("referentie")));
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for element in referring.collect::<Vec<_>>() {
        let known = |reading: &Reading, number| {
            let heading = reading.categories.contains(&number).then_some(None);
            reading.knowledge.get(&number).cloned().map(Some).or(heading)
        };
        let knowledge = reading.reference(attribute(element, "referentie"), known).flatten();
        found.extend(knowledge.filter(|knowledge: &Knowledge| seen.insert(knowledge.number)));
    }
    found
}
