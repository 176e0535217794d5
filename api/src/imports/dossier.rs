//! Reads a qualification dossier as SBB exports it (CU-1): all of it, or every reason why not.
//!
//! The editions of 2015 and 2016 write dates as `26-11-2015` and begin with a byte order mark; newer ones write
//! `2015-11-26`. Numbers and references are checked within the file alone: one crebo can stand in two dossiers,
//! and in every edition of each.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    curriculum::{Competence, CurriculumFault, Dossier, Edition, Knowledge, Qualification, Registration, Title},
    kernel::Crebo,
};

use self::reading::{Element, Reading, attribute, children, content, date, whole_number};
use super::{ImportFault, Read, text_of, xml};

mod plain;
mod reading;
mod tasks;
#[cfg(test)]
mod tests;

const LIMIT: usize = 16 * 1024 * 1024;

/// The one dossier in a file, or none and everything that is wrong with it.
pub fn read(bytes: &[u8]) -> Read<Dossier> {
    let text = match text_of(bytes, LIMIT, ImportFault::XmlNotUtf8) {
        Ok(text) => text,
        Err(refused) => return Read::nothing(vec![refused]),
    };
    let document = match xml::open(text) {
        Ok(document) => document,
        Err(refused) => return Read::nothing(vec![refused]),
    };
    let mut reading = Reading::of(text);
    let dossier = only_dossier(&mut reading, document.root_element());
    // What lies on the way to several things is come by several times.
    reading.refused.sort_by(|a, b| (a.line, &a.field, a.fault.code).cmp(&(b.line, &b.field, b.fault.code)));
    reading.refused.dedup();
    match dossier.filter(|_| reading.refused.is_empty()) {
        Some(dossier) => Read { records: vec![dossier], refused: Vec::new(), of_its_kind: true },
        None => Read::nothing(reading.refused),
    }
}

fn only_dossier(reading: &mut Reading, root: Element<'_>) -> Option<Dossier> {
    let found: Vec<_> = children(root, "dossiers").flat_map(|dossiers| children(dossiers, "dossier")).collect();
    match (root.tag_name().name(), found.as_slice()) {
        ("sbb", [element]) => {
            what_is_referred_to(reading, root, *element);
            dossier(reading, *element)
        }
        ("sbb", [_, second, ..]) => {
            reading.refuse(*second, "dossier", CurriculumFault::SeveralDossiers);
            None
        }
        _ => {
            reading.refuse(root, "", CurriculumFault::NotADossier);
            None
        }
    }
}

/// Reads everything that has a number and is referred to by it, before anything refers to it.
fn what_is_referred_to(reading: &mut Reading, root: Element<'_>, dossier: Element<'_>) {
    for element in all(root, "domeinen", "domein") {
        let named = reading.own_number(element).zip(reading.title(attribute(element, "titel")));
        reading.domains.extend(named);
    }
    for element in all(root, "sectorkamers", "sectorkamer") {
        let named = reading.own_number(element).zip(reading.title(attribute(element, "titel")));
        reading.sector_chambers.extend(named);
    }
    for element in all(root, "competenties", "competentie") {
        let number = reading.own_number(element);
        let letter = reading.required(attribute(element, "code"), CurriculumFault::CompetenceInvalid, competence_letter);
        let title = reading.title(attribute(element, "titel"));
        let competence = letter.zip(title).map(|(letter, title)| Competence { letter, title });
        if let Some(letter) = letter {
            reading.refuse_repeated_code(element, "code", &letter.to_string());
        }
        reading.competences.extend(number.zip(competence));
    }
    for element in all(dossier, "kennisenvaardigheden", "kennisofvaardigheid") {
        let named = reading.own_number(element).zip(reading.title(attribute(element, "titel")));
        reading.knowledge.extend(named.map(|(number, text)| (number, Knowledge { number, text })));
    }
    for element in all(dossier, "categoriekennisenvaardigheden", "categorie") {
        let number = reading.own_number(element);
        reading.categories.extend(number);
    }
    for element in all(dossier, "profielen", "profiel") {
        reading.qualifications.extend(element.attribute("nr").and_then(whole_number));
    }
}

fn dossier(reading: &mut Reading, element: Element<'_>) -> Option<Dossier> {
    let number = reading.own_number(element);
    let predecessor =
        reading.optional(attribute(element, "referentievorigeversie"), CurriculumFault::NumberInvalid, whole_number);
    let title = reading.title(attribute(element, "titel"));
    let status = reading.title(attribute(element, "status"));
    let domain = domain_of(reading, element);
    let chamber = reading.needed(element, &["voorblad", "omschrijving", "penvoerder", "sectorkamer"]);
    let sector_chamber = chamber.and_then(|chamber| {
        reading.reference(attribute(chamber, "referentie"), |reading, number| reading.sector_chambers.get(&number).cloned())
    });
    let established = ["voorblad", "omschrijving", "verantwoording", "vaststellingsinformatie", "vastgesteldop"];
    let established_on = date_in(reading, element, &established);
    let registration =
        reading.needed(element, &["dossiercrebos"]).and_then(|crebos| registration(reading, crebos, "dossiercrebo"));
    let edition = edition(reading, element, established_on, registration);
    let introduction = reading.at(element, &["inleiding", "omschrijving"]);
    let introduction = reading.prose(introduction);
    let basis = reading.at(element, &["basis", "basistaken", "basiskerntaken"]);
    let core_tasks = tasks::core_tasks(reading, basis, Some("B1"));
    let profiles: Vec<_> = all(element, "profielen", "profiel").collect();
    if profiles.is_empty() {
        reading.refuse(element, "profielen/profiel", CurriculumFault::Missing);
    }
    let with_basis = basis.is_some_and(|basis| children(basis, "kerntaak").next().is_some());
    let found: Vec<_> = profiles.iter().map(|profile| qualification(reading, *profile, with_basis)).collect();
    refuse_repeated_crebos(reading, &profiles, &found);
    Some(Dossier {
        number: number?,
        edition: edition?,
        predecessor,
        title: title?,
        domain,
        sector_chamber: sector_chamber?,
        status: status?,
        registration: registration?,
        established_on,
        introduction,
        core_tasks,
        qualifications: found.into_iter().flatten().collect(),
    })
}

fn domain_of(reading: &mut Reading, dossier: Element<'_>) -> Option<Title> {
    dossier.attribute("referentiedomein").filter(|reference| !reference.trim().is_empty())?;
    reading.reference(attribute(dossier, "referentiedomein"), |reading, number| reading.domains.get(&number).cloned())
}

fn date_in(reading: &mut Reading, element: Element<'_>, path: &[&str]) -> Option<NaiveDate> {
    let element = reading.at(element, path)?;
    reading.optional(content(element), CurriculumFault::DateInvalid, date)
}

/// See [`Edition`].
fn edition(
    reading: &mut Reading,
    dossier: Element<'_>,
    established_on: Option<NaiveDate>,
    registration: Option<Registration>,
) -> Option<Edition> {
    let version = plain::line(dossier.attribute("versie").unwrap_or_default());
    let since = established_on.or(registration.map(|registration| registration.valid_from))?;
    let edition = Edition::new(since, (!version.is_empty()).then_some(version.as_str()));
    if edition.is_none() {
        reading.refuse(dossier, "dossier/@versie", CurriculumFault::TooLong);
    }
    edition
}

/// The crebo under which a dossier or qualification can be followed. Where several stand, they must say the same:
/// the register has had one line for each ministry.
fn registration(reading: &mut Reading, parent: Element<'_>, name: &str) -> Option<Registration> {
    let elements: Vec<_> = children(parent, name).collect();
    if elements.is_empty() {
        reading.refuse(parent, name, CurriculumFault::Missing);
    }
    let mut meant = None;
    for element in elements {
        let crebo = reading.required(content(element), CurriculumFault::CreboInvalid, Crebo::parse);
        let valid_from = reading.required(attribute(element, "Geldig_vanaf"), CurriculumFault::DateInvalid, date);
        let inflow_ends_on = reading.optional(attribute(element, "Datum_einde_instroom"), CurriculumFault::DateInvalid, date);
        let education_ends_on = reading.optional(attribute(element, "Datum_einde_opleiding"), CurriculumFault::DateInvalid, date);
        let Some((crebo, valid_from)) = crebo.zip(valid_from) else { continue };
        let registration = Registration { crebo, valid_from, inflow_ends_on, education_ends_on };
        if registration.runs_backwards() {
            reading.refuse(element, name, CurriculumFault::DatesReversed);
        }
        if meant.is_some_and(|meant| meant != registration) {
            reading.refuse(element, name, CurriculumFault::CreboAmbiguous);
        }
        meant = meant.or(Some(registration));
    }
    meant
}

fn qualification(reading: &mut Reading, profile: Element<'_>, with_basis: bool) -> Option<Qualification> {
    let number = reading.own_number(profile);
    let title = reading.title(attribute(profile, "titel"));
    let level = reading.required(attribute(profile, "niveau"), CurriculumFault::LevelInvalid, level);
    let professional_group = reading.optional_title(attribute(profile, "beroepsgroep"));
    let registration = reading.needed(profile, &["creboinformatie"]).and_then(|crebos| registration(reading, crebos, "crebo"));
    let description = reading.at(profile, &["omschrijving", "typeringvanhetberoep"]);
    let kind = reading.at(profile, &["omschrijving", "soortopleiding"]);
    let hours = reading.at(profile, &["omschrijving", "sbu"]);
    let own = reading.child(profile, "profielkerntaken");
    let prefix = profile.attribute("hoofdstuk").and_then(whole_number).map(|chapter| format!("P{chapter}"));
    let core_tasks = tasks::core_tasks(reading, own, prefix.as_deref());
    if !with_basis && own.is_none_or(|own| children(own, "kerntaak").next().is_none()) {
        reading.refuse(profile, "profiel/kerntaak", CurriculumFault::Missing);
    }
    Some(Qualification {
        description: reading.prose(description),
        kind_of_education: kind.and_then(|kind| reading.optional_title(content(kind))),
        study_hours: hours.and_then(|hours| reading.optional(content(hours), CurriculumFault::NumberInvalid, whole_number)),
        professional_group,
        core_tasks,
        number: number?,
        title: title?,
        level: level?,
        registration: registration?,
    })
}

fn refuse_repeated_crebos(reading: &mut Reading, profiles: &[Element<'_>], found: &[Option<Qualification>]) {
    let mut seen = BTreeSet::new();
    for (profile, qualification) in profiles.iter().zip(found) {
        if qualification.as_ref().is_some_and(|qualification| !seen.insert(qualification.registration.crebo)) {
            reading.refuse(*profile, "creboinformatie/crebo", CurriculumFault::CreboRepeated);
        }
    }
}

/// The elements of a list: `name` within each `list` of a parent.
fn all<'d>(parent: Element<'d>, list: &str, name: &str) -> impl Iterator<Item = Element<'d>> {
    children(parent, list).flat_map(move |list| children(list, name)).collect::<Vec<_>>().into_iter()
}

fn competence_letter(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let letter = characters.next().filter(|letter| ('A'..='Y').contains(letter))?;
    characters.next().is_none().then_some(letter)
}

fn level(text: &str) -> Option<u8> {
    text.parse().ok().filter(|level| (1..=4).contains(level))
}
