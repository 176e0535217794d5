//! Qualification dossiers (CU-1).

use serde_json::Value;

use crate::both;
use crate::imports::upload;

/// A small dossier with one task in the basis and one of its own.
fn dossier(title: &str, version: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<sbb>
  <sectorkamers><sectorkamer nr="1" titel="Zorg, welzijn en sport"/></sectorkamers>
  <dossiers><dossier nr="9001" titel="{title}" status="Vastgesteld" versie="{version}">
    <voorblad><omschrijving>
      <penvoerder><sectorkamer referentie="1"/></penvoerder>
      <verantwoording><vaststellingsinformatie><vastgesteldop>2024-02-01</vastgesteldop></vaststellingsinformatie></verantwoording>
    </omschrijving></voorblad>
    <dossiercrebos><dossiercrebo Geldig_vanaf="2024-08-01">23900</dossiercrebo></dossiercrebos>
    <basis><basistaken><basiskerntaken>
      <kerntaak nr="10" titel="Begeleidt mensen" hoofdstuk="1"><basiswerkprocessen>
        <werkproces nr="11" titel="Maakt kennis" hoofdstuk="1"/>
      </basiswerkprocessen></kerntaak>
    </basiskerntaken></basistaken></basis>
    <profielen><profiel nr="20" titel="Begeleider café" niveau="3" hoofdstuk="1">
      <creboinformatie><crebo Geldig_vanaf="2024-08-01">25901</crebo></creboinformatie>
      <profielkerntaken><kerntaak nr="21" titel="Runt een café" hoofdstuk="1"><profielwerkprocessen>
        <werkproces nr="22" titel="Koopt in" hoofdstuk="1"/>
      </profielwerkprocessen></kerntaak></profielkerntaken>
    </profiel></profielen>
  </dossier></dossiers>
</sbb>"#
    )
}

fn titles(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

both! {
    async fn cu_1_a_dossier_is_a_tree_with_ids_that_stay_however_often_it_is_imported(world: World) {
        let file = dossier("Begeleiding", "");
        let report = upload(&world, "dossier", file.as_bytes(), false).send().await.created();
        assert_eq!((&report["taken"], &report["refusals"]), (&1.into(), &Value::Array(vec![])));
        let page = world.get("/qualification-dossiers").by("student").send().await.ok();
        let path = page["items"][0]["link"].as_str().unwrap().strip_prefix("/v1").unwrap().to_owned();
        let said = world.get(&path).by("student").send().await;
        assert_eq!(said.header("cache-control").as_deref(), Some("private, no-cache"));
        let tree = said.ok();
        assert_eq!(tree["coreTasks"][0]["workProcesses"][0]["title"], "Maakt kennis");
        assert_eq!(tree["qualifications"][0]["level"], 3);
        assert_eq!(tree["qualifications"][0]["coreTasks"][0]["code"], "P1-K1");
        let stored = world.rows("SELECT title AS row FROM work_processes ORDER BY title");
        assert_eq!(stored, ["Koopt in", "Maakt kennis"]);
        world.sql("DELETE FROM work_processes; DELETE FROM core_tasks; DELETE FROM qualifications; DELETE FROM dossiers").unwrap();
        upload(&world, "dossier", file.as_bytes(), false).send().await.created();
        assert_eq!(world.get(&path).by("elearning").send().await.ok(), tree);
        assert_eq!(world.get(&path).by("dashboard").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&path).send().await.problem(401), "access.token-missing");
    }

    async fn cu_1_an_edition_is_never_edited_and_a_revised_one_stands_beside_it(world: World) {
        upload(&world, "dossier", dossier("Begeleiding", "").as_bytes(), false).send().await.created();
        let edited = upload(&world, "dossier", dossier("Iets anders", "").as_bytes(), false).send().await.created();
        assert_eq!((&edited["taken"], &edited["refused"]), (&0.into(), &1.into()));
        assert_eq!(edited["refusals"][0]["code"], "curriculum.edition-changed");
        let revised = upload(&world, "dossier", dossier("Begeleiding", "Gewijzigd 2025").as_bytes(), false).send().await.created();
        assert_eq!(revised["taken"], 1);
        let page = world.get("/qualification-dossiers?crebo=25901").by("student").send().await.ok();
        assert_eq!(titles(&page), ["Begeleiding"; 2]);
        let editions: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| one["edition"].clone()).collect();
        assert!(editions.contains(&"2024-02-01".into()) && editions.contains(&"2024-02-01 Gewijzigd 2025".into()));
    }

    async fn dossiers_are_found_by_words_codes_and_crebos_of_anything_in_them(world: World) {
        upload(&world, "dossier", dossier("Begeleiding", "").as_bytes(), false).send().await.created();
        for (query, found) in [
            ("q=CAFE", true),
            ("q=koopt%20begeleiding", true),
            ("q=p1-k1-w1", true),
            ("q=23900", true),
            ("crebo=23900", true),
            ("crebo=25901", true),
            ("crebo=25902", false),
            ("q=metaal", false),
            ("q=%25", false),
        ] {
            let page = world.get(&format!("/qualification-dossiers?{query}")).by("coach").send().await.ok();
            assert_eq!(titles(&page).len(), usize::from(found), "{query}");
        }
        let faults = world.get("/qualification-dossiers?crebo=1").by("coach").send().await.faults();
        assert!(faults.iter().all(|(at, _)| at == "?crebo") && !faults.is_empty());
    }
}
