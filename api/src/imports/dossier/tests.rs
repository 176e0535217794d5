//! What of a dossier is taken and what is refused.

use std::time::Instant;

use domain::curriculum::{CoreTask, Prose, WorkProcess};

use super::*;
use crate::imports::tests::{real, told};

/// A dossier of two profiles, each in a line or two, so that lines in expectations can be counted.
const SMALL: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<sbb>
<domeinen><domein nr="10" titel="Techniek" crebo="79000"/></domeinen>
<sectorkamers><sectorkamer nr="20" titel="Kamer techniek"/></sectorkamers>
<competenties><competentie nr="31" titel="Begeleiden" code="C"/><competentie nr="32" titel="Analyseren" code="M"/></competenties>
<dossiers><dossier nr="900" titel=" Fietsen  maken " versie="" referentievorigeversie="" status="Vastgesteld" referentiedomein="10">
<dossiercrebos><dossiercrebo Geldig_vanaf="01-08-2015" Datum_einde_instroom="" Datum_einde_opleiding="">23999</dossiercrebo></dossiercrebos>
<kennisenvaardigheden><kennisofvaardigheid nr="41" titel="kent frames "/><kennisofvaardigheid nr="42" titel="kan lassen"/></kennisenvaardigheden>
<categoriekennisenvaardigheden><categorie nr="49" titel="Gereedschap"/></categoriekennisenvaardigheden>
<voorblad><omschrijving><penvoerder><sectorkamer referentie="20"/></penvoerder>
<verantwoording><vaststellingsinformatie><vastgesteldop>26-11-2015</vastgesteldop></vaststellingsinformatie></verantwoording></omschrijving></voorblad>
<inleiding><omschrijving><![CDATA[<labeltext>&lt;p&gt;Over fietsen.&lt;/p&gt;</labeltext>]]></omschrijving></inleiding>
<basis><basistaken><basiskerntaken><kerntaak nr="51" titel="Onderhoudt" hoofdstuk="1">
<complexiteit><![CDATA[Gewoon.]]><complexiteitperprofiel><aanvullend><profiel referentie="72"/><complexiteit><![CDATA[Lastig.]]></complexiteit></aanvullend></complexiteitperprofiel></complexiteit>
<verantwoordelijkheid>Samen.<verantwoordelijkheidperprofiel><aanvullend><profiel referentie="71"/><verantwoordelijkheid/></aanvullend></verantwoordelijkheidperprofiel></verantwoordelijkheid>
<vakkennisenvaardigheden><vakkennisenvaardigheden referentie="41"/><vakkennisenvaardigheden referentie="41"/><vakkennisenvaardighedenperprofiel><aanvullend><profiel referentie="72"/><vakkennisenvaardighedenonderdelen><vakkennisenvaardigheden referentie="42"/></vakkennisenvaardighedenonderdelen></aanvullend></vakkennisenvaardighedenperprofiel><vakkennisenvaardigheden_met_categorie/></vakkennisenvaardigheden>
<basiswerkprocessen><werkproces nr="61" titel="Smeert" hoofdstuk="1">
<werkprocesomschrijving><![CDATA[Smeert de ketting.

]]><werkprocesomschrijvingperprofiel/></werkprocesomschrijving><werkprocesresultaat>Zij loopt.</werkprocesresultaat>
<werkprocesgedrag><![CDATA[De maker:
- kijkt;
- smeert.]]><werkprocesgedragperprofiel><aanvullend><profiel referentie="71"/><omschrijving>- poetst.</omschrijving></aanvullend></werkprocesgedragperprofiel></werkprocesgedrag>
<werkprocescompetenties><competentie referentie="32"/><competentie referentie="31"/><werkprocescompetentiesperprofiel><aanvullend><profiel referentie="72"/><omschrijving><competentie referentie="31"/></omschrijving></aanvullend></werkprocescompetentiesperprofiel></werkprocescompetenties>
</werkproces></basiswerkprocessen></kerntaak></basiskerntaken></basistaken></basis>
<profielen><profiel nr="71" titel="Maker" hoofdstuk="1" niveau="2" beroepsgroep="Techniek"><omschrijving><typeringvanhetberoep>Maakt.</typeringvanhetberoep><sbu>3200</sbu><soortopleiding>basisberoepsopleiding</soortopleiding></omschrijving>
<creboinformatie><crebo ministerie="OCW" prijsfactor="1,30" Geldig_vanaf="01-08-2015" Datum_einde_instroom="31-07-2020" Datum_einde_opleiding="">25901</crebo></creboinformatie><profielkerntaken/></profiel>
<profiel nr="72" titel="Bouwer" hoofdstuk="2" niveau="3"><creboinformatie><crebo Geldig_vanaf="2016-08-01">25902</crebo></creboinformatie>
<profielkerntaken><kerntaak nr="52" titel="Bouwt" hoofdstuk="1"><vakkennisenvaardigheden><vakkennisenvaardigheden_met_categorie><categorie referentie="49"><vakkennisenvaardigheden referentie="42"/></categorie></vakkennisenvaardigheden_met_categorie></vakkennisenvaardigheden>
<profielwerkprocessen><werkproces nr="62" titel="Last" hoofdstuk="1"/><werkproces nr="63" titel="Lakt"/></profielwerkprocessen></kerntaak></profielkerntaken></profiel></profielen>
</dossier></dossiers></sbb>
"#;

fn small() -> Dossier {
    let mut read = read(SMALL.as_bytes());
    assert_eq!(told(&read), []);
    read.records.remove(0)
}

/// What is refused once `was` stands there as `is`.
fn refused(was: &str, is: &str) -> Vec<(u32, String, &'static str)> {
    assert_eq!(SMALL.matches(was).count(), 1, "{was}");
    let read = read(SMALL.replace(was, is).as_bytes());
    assert!(read.records.is_empty());
    told(&read).into_iter().map(|(line, field, code)| (line, field.to_owned(), code)).collect()
}

fn prose(text: &str) -> Option<Prose> {
    Prose::parse(text)
}

#[test]
fn a_dossier_is_taken_with_everything_that_a_qualification_asks_cu_1() {
    let dossier = small();
    assert_eq!((dossier.number, dossier.edition.as_str(), dossier.title.as_str()), (900, "2015-11-26", "Fietsen maken"));
    assert_eq!(dossier.domain.as_ref().map(|domain| domain.as_str()), Some("Techniek"));
    assert_eq!((dossier.sector_chamber.as_str(), dossier.status.as_str()), ("Kamer techniek", "Vastgesteld"));
    assert_eq!(dossier.established_on, "2015-11-26".parse().ok());
    assert_eq!(dossier.introduction, prose("Over fietsen."));
    let [maker, builder] = dossier.qualifications.as_slice() else { panic!("two qualifications") };
    assert_eq!((maker.level, maker.study_hours, maker.registration.crebo.number()), (2, Some(3200), 25901));
    assert_eq!(maker.registration.inflow_ends_on, "2020-07-31".parse().ok());
    assert_eq!((maker.description.clone(), builder.description.clone()), (prose("Maakt."), None));
    assert_eq!(maker.kind_of_education.as_ref().map(|kind| kind.as_str()), Some("basisberoepsopleiding"));
    assert_eq!(builder.registration.valid_from, "2016-08-01".parse().unwrap());
    let codes = |qualification| {
        let tasks: Vec<&CoreTask> = dossier.core_tasks_of(qualification).collect();
        let processes = tasks.iter().flat_map(|task| &task.work_processes);
        processes.map(|process| process.code.as_ref().map(|code| code.as_str().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(codes(maker), [Some("B1-K1-W1".to_owned())]);
    assert_eq!(codes(builder), [Some("B1-K1-W1".to_owned()), Some("P2-K1-W1".to_owned()), None]);
}

#[test]
fn what_one_qualification_asks_in_addition_is_kept_apart_cu_1() {
    let dossier = small();
    let task = &dossier.core_tasks[0];
    assert_eq!((task.complexity.clone(), task.responsibility.clone()), (prose("Gewoon."), prose("Samen.")));
    assert_eq!(task.knowledge.iter().map(|knowledge| knowledge.text.as_str()).collect::<Vec<_>>(), ["kent frames"]);
    let [addition] = task.additions.as_slice() else { panic!("an empty addition is none") };
    assert_eq!((addition.qualification, addition.complexity.clone()), (72, prose("Lastig.")));
    assert_eq!((addition.responsibility.clone(), addition.knowledge[0].number), (None, 42));
    let process: &WorkProcess = &task.work_processes[0];
    assert_eq!((process.description.clone(), process.result.clone()), (prose("Smeert de ketting."), prose("Zij loopt.")));
    assert_eq!(process.behaviour, prose("De maker:\n- kijkt;\n- smeert."));
    assert_eq!(process.competences.iter().map(|competence| competence.letter).collect::<String>(), "MC");
    let [maker, builder] = process.additions.as_slice() else { panic!("two additions") };
    assert_eq!((maker.qualification, maker.behaviour.clone(), maker.competences.len()), (71, prose("- poetst."), 0));
    assert_eq!((builder.qualification, builder.behaviour.clone(), builder.competences[0].letter), (72, None, 'C'));
    assert_eq!(dossier.qualifications[1].core_tasks[0].knowledge[0].number, 42);
}

#[test]
fn a_revised_dossier_is_another_edition_and_names_the_one_it_replaces_cu_1() {
    let revised =
        SMALL.replace(r#"versie="" referentievorigeversie="""#, r#"versie="Gewijzigd 2016" referentievorigeversie="800""#);
    let dossier = read(revised.as_bytes()).records.remove(0);
    assert_eq!((dossier.edition.as_str(), dossier.predecessor), ("2015-11-26 Gewijzigd 2016", Some(800)));
    let undated = SMALL.replace("26-11-2015", "");
    assert_eq!(read(undated.as_bytes()).records.remove(0).edition.as_str(), "2015-08-01");
}

#[test]
fn a_byte_order_mark_a_namespace_and_newer_dates_make_no_difference() {
    let other = format!("\u{FEFF}{}", SMALL.replace("<sbb>", "<sbb xmlns=\"urn:sbb\">").replace("26-11-2015", "2015-11-26"));
    assert_eq!(read(other.as_bytes()).records, [small()]);
}

#[test]
fn every_number_that_is_wrong_repeated_or_refers_to_nothing_is_told_with_its_line() {
    let of = |line, field: &str, code| vec![(line, field.to_owned(), code)];
    assert_eq!(refused(r#"nr="900""#, ""), of(6, "dossier/@nr", "curriculum.missing"));
    assert_eq!(refused(r#"nr="900""#, r#"nr="9e2""#), of(6, "dossier/@nr", "curriculum.number-invalid"));
    assert_eq!(refused(r#"nr="42" t"#, r#"nr="41" t"#)[0], (8, "kennisofvaardigheid/@nr".into(), "curriculum.number-repeated"));
    assert_eq!(refused(r#"nr="63""#, r#"nr="61""#), of(30, "werkproces/@nr", "curriculum.number-repeated"));
    assert_eq!(refused(r#"nr="72" t"#, r#"nr="71" t"#)[0].2, "curriculum.reference-unknown");
    assert_eq!(refused(r#"code="M""#, r#"code="C""#), of(5, "competentie/@code", "curriculum.code-repeated"));
    assert_eq!(refused(r#"code="M""#, r#"code="Z""#)[0], (5, "competentie/@code".into(), "curriculum.competence-invalid"));
    assert_eq!(
        refused(r#"titel="Lakt""#, r#"titel="Lakt" hoofdstuk="1""#),
        of(30, "werkproces/@hoofdstuk", "curriculum.code-repeated")
    );
    assert_eq!(refused(r#"domein="10""#, r#"domein="11""#), of(6, "dossier/@referentiedomein", "curriculum.reference-unknown"));
    assert_eq!(
        refused(r#"<sectorkamer referentie="20"/>"#, ""),
        of(6, "voorblad/omschrijving/penvoerder/sectorkamer", "curriculum.missing")
    );
    assert_eq!(
        refused(r#"<competentie referentie="32"/>"#, r#"<competentie referentie="33"/>"#),
        of(24, "competentie/@referentie", "curriculum.reference-unknown")
    );
}

#[test]
fn every_crebo_date_and_level_that_cannot_be_is_told_with_its_line() {
    let of = |line, field: &str, code| vec![(line, field.to_owned(), code)];
    assert_eq!(refused("25901", ""), of(27, "crebo", "curriculum.missing"));
    assert_eq!(refused("25901", "2590"), of(27, "crebo", "curriculum.crebo-invalid"));
    assert_eq!(refused("25901", "25902"), of(28, "creboinformatie/crebo", "curriculum.crebo-repeated"));
    assert_eq!(
        refused("</dossiercrebo>", r#"</dossiercrebo><dossiercrebo Geldig_vanaf="01-08-2015">23998</dossiercrebo>"#),
        of(7, "dossiercrebo", "curriculum.crebo-ambiguous")
    );
    assert_eq!(
        refused("<creboinformatie><crebo Geldig_vanaf=\"2016-08-01\">25902</crebo></creboinformatie>", ""),
        of(28, "creboinformatie", "curriculum.missing")
    );
    assert_eq!(refused("31-07-2020", "31-06-2020"), of(27, "crebo/@Datum_einde_instroom", "curriculum.date-invalid"));
    assert_eq!(refused("31-07-2020", "31-07-2014"), of(27, "crebo", "curriculum.dates-reversed"));
    assert_eq!(refused("26-11-2015", "gisteren"), of(11, "vastgesteldop", "curriculum.date-invalid"));
    assert_eq!(refused(r#"niveau="3""#, r#"niveau="5""#), of(28, "profiel/@niveau", "curriculum.level-invalid"));
}

#[test]
fn all_faults_of_a_dossier_are_told_at_once_in_the_order_of_the_file() {
    let bad = SMALL
        .replace(r#"titel="Kamer techniek""#, "")
        .replace("26-11-2015", "26-13-2015")
        .replace("Gewoon.", &"x".repeat(20_001))
        .replace("25901", "")
        .replace(r#"niveau="3""#, "");
    let read = read(bad.as_bytes());
    let expected = [
        (4, "sectorkamer/@titel", "curriculum.missing"),
        (10, "sectorkamer/@referentie", "curriculum.reference-unknown"),
        (11, "vastgesteldop", "curriculum.date-invalid"),
        (14, "complexiteit", "curriculum.too-long"),
        (27, "crebo", "curriculum.missing"),
        (28, "profiel/@niveau", "curriculum.missing"),
    ];
    assert_eq!((read.records.len(), told(&read)), (0, expected.to_vec()));
}

#[test]
fn a_dossier_without_qualifications_tasks_or_work_processes_is_none() {
    let empty = r#"<sbb><dossiers><dossier nr="1" titel="x" status="y"/></dossiers></sbb>"#;
    let fields: Vec<_> = told(&read(empty.as_bytes())).into_iter().map(|(_, field, _)| field.to_owned()).collect();
    assert_eq!(fields, ["dossiercrebos", "profielen/profiel", "voorblad/omschrijving/penvoerder/sectorkamer"]);
    let without_basis = SMALL.replace("<basis>", "<weg>").replace("</basis>", "</weg>");
    assert_eq!(told(&read(without_basis.as_bytes())), [(26, "profiel/kerntaak", "curriculum.missing")]);
    let without_process =
        SMALL.replace(r#"<werkproces nr="62" titel="Last" hoofdstuk="1"/><werkproces nr="63" titel="Lakt"/>"#, "");
    assert_eq!(told(&read(without_process.as_bytes())), [(29, "kerntaak/werkproces", "curriculum.missing")]);
}

#[test]
fn xml_in_another_encoding_is_refused_at_its_first_strange_line_as_xml_and_not_as_a_table() {
    let windows_1252 = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<sbb>\n<titel>Caf\xE9</titel>\n</sbb>";
    let refused = &read(windows_1252).refused;
    assert_eq!(refused.iter().map(|one| (one.line, one.fault.code)).collect::<Vec<_>>(), [(3, "import.xml-not-utf8")]);
    assert!(!refused[0].fault.en.contains("CSV") && !refused[0].fault.nl.contains("CSV"));
}

#[test]
fn a_file_that_is_no_dossier_or_more_than_one_is_refused_whole() {
    let code = |text: &str| told(&read(text.as_bytes())).into_iter().map(|(_, _, code)| code).collect::<Vec<_>>();
    assert_eq!(code(""), ["import.empty"]);
    assert_eq!(code("<html><body/></html>"), ["curriculum.not-a-dossier"]);
    assert_eq!(code("<sbb><dossiers/></sbb>"), ["curriculum.not-a-dossier"]);
    assert_eq!(code("{\"dossier\": 900}"), ["import.not-xml"]);
    assert_eq!(code("Studentnummer,Naam\n1,Eva\n"), ["import.not-xml"]);
    assert_eq!(code(SMALL.get(..SMALL.len() / 2).unwrap()), ["import.truncated"]);
    assert_eq!(code(&SMALL.replace("<sbb>", "<!DOCTYPE sbb><sbb>")), ["import.doctype"]);
    let twice = SMALL.replace("</dossiers>", "<dossier nr=\"901\"/></dossiers>");
    assert_eq!(told(&read(twice.as_bytes())), [(31, "dossier", "curriculum.several-dossiers")]);
    assert_eq!(told(&read(&vec![b' '; LIMIT + 1])), [(1, "", "import.too-large")]);
}

#[test]
fn no_part_of_a_dossier_makes_the_reader_fail() {
    for end in (0..SMALL.len()).filter(|end| SMALL.is_char_boundary(*end)).step_by(7) {
        assert!(read(SMALL.get(..end).unwrap().as_bytes()).records.is_empty(), "{end}");
        let without: String = [SMALL.get(..end), SMALL.get(end + 9..)].into_iter().flatten().collect();
        let read = read(without.as_bytes());
        assert!(read.records.is_empty() != read.refused.is_empty(), "{end}");
    }
}

#[test]
fn a_dossier_that_was_written_down_reads_back_the_same() {
    let written = serde_json::to_string(&small()).unwrap();
    assert_eq!(serde_json::from_str::<Dossier>(&written).unwrap(), small());
}

/// Number, level, crebo, own core tasks, and work processes with those of the basis, of each qualification.
fn counts(dossier: &Dossier) -> Vec<(u32, u8, u32, usize, usize)> {
    let of = |qualification: &Qualification| {
        let processes = dossier.core_tasks_of(qualification).map(|task| task.work_processes.len()).sum();
        let crebo = qualification.registration.crebo.number();
        (qualification.number, qualification.level, crebo, qualification.core_tasks.len(), processes)
    };
    dossier.qualifications.iter().map(of).collect()
}

fn from_real(path: &str) -> Option<Dossier> {
    let bytes = real(path)?;
    let started = Instant::now();
    let mut read = read(&bytes);
    println!("read in {:?}", started.elapsed());
    assert_eq!(told(&read), []);
    Some(read.records.remove(0))
}

fn processes(dossier: &Dossier) -> Vec<&WorkProcess> {
    let own = dossier.qualifications.iter().flat_map(|qualification| &qualification.core_tasks);
    dossier.core_tasks.iter().chain(own).flat_map(|task| &task.work_processes).collect()
}

#[test]
fn the_real_dossier_of_pedagogical_work_is_taken_whole_cu_1() {
    let Some(dossier) = from_real("sbb/2635-pedagogisch-werk.xml") else { return };
    assert_eq!((dossier.number, dossier.edition.as_str(), dossier.registration.crebo.number()), (2635, "2015-11-26", 23183));
    assert_eq!(dossier.sector_chamber.as_str(), "Sectorkamer zorg, welzijn en sport");
    assert_eq!(dossier.domain.as_ref().map(|domain| domain.as_str()), Some("Zorg en welzijn"));
    assert_eq!(counts(&dossier), [(966072, 3, 25486, 1, 16), (966080, 4, 25484, 2, 21), (966094, 4, 25485, 2, 17)]);
    let knowledge: Vec<_> = dossier.core_tasks.iter().map(|task| (task.knowledge.len(), task.additions.len())).collect();
    assert_eq!(knowledge, [(35, 2), (5, 3)]);
    let all = processes(&dossier);
    assert_eq!((all.len(), all.iter().map(|process| process.competences.len()).sum::<usize>()), (34, 131));
    let added: Vec<_> = all.iter().filter(|process| !process.additions.is_empty()).collect();
    assert_eq!((added.len(), added.iter().map(|process| process.additions.len()).sum::<usize>()), (2, 4));
    let specialist = &added[0].additions[0];
    assert_eq!((added[0].code.as_ref().map(|code| code.as_str()), specialist.qualification), (Some("B1-K1-W8"), 966080));
    assert!(specialist.description.is_some() && specialist.result.is_some() && specialist.behaviour.is_some());
    assert_eq!(specialist.competences.iter().map(|competence| competence.letter).collect::<String>(), "JM");
    assert!(all.iter().all(|process| process.description.is_some() && process.result.is_some() && process.behaviour.is_some()));
    let codes: Vec<_> = all.iter().filter_map(|process| process.code.as_ref()).map(|code| code.as_str()).collect();
    assert_eq!((codes.len(), codes[0], codes[33]), (34, "B1-K1-W1", "P3-K2-W4"));
    let introduction = dossier.introduction.unwrap();
    assert!(introduction.as_str().starts_with("Leeswijzer\n\nHet kwalificatiedossier"));
    assert!(!introduction.as_str().contains(['<', '>']) && !introduction.as_str().contains("&"));
}

#[test]
fn the_real_dossier_of_services_is_taken_whole_cu_1() {
    let Some(dossier) = from_real("sbb/2755-dienstverlening.xml") else { return };
    assert_eq!((dossier.number, dossier.edition.as_str(), dossier.registration.crebo.number()), (2755, "2015-11-26", 23189));
    assert_eq!(counts(&dossier), [(986408, 2, 25499, 1, 12), (986409, 2, 25498, 1, 12), (986414, 2, 25500, 1, 12)]);
    assert_eq!((dossier.core_tasks.len(), dossier.core_tasks[0].knowledge.len()), (1, 18));
    let all = processes(&dossier);
    assert_eq!((all.len(), all.iter().map(|process| process.competences.len()).sum::<usize>()), (18, 64));
    assert_eq!(all.iter().map(|process| process.additions.len()).sum::<usize>(), 0);
    assert_eq!(dossier.qualifications[0].study_hours, Some(3200));
    assert_eq!(dossier.qualifications[0].kind_of_education.as_ref().map(|kind| kind.as_str()), Some("basisberoepsopleiding"));
}
