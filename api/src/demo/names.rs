//! What people are called: names as they are found in a Dutch classroom, combined by number.

/// Given names.
const GIVEN: [&str; 48] = [
    "Sanne", "Daan", "Fatima", "Lars", "Emma", "Mohamed", "Noor", "Sem", "Yasmin", "Thijs", "Lotte", "Ayoub", "Julia", "Bram",
    "Esra", "Finn", "Sara", "Jesse", "Naomi", "Ruben", "Isa", "Milan", "Amira", "Luuk", "Femke", "Youssef", "Anna", "Tijn",
    "Zeynep", "Niels", "Maud", "Omar", "Roos", "Gijs", "Chaima", "Koen", "Fleur", "Bilal", "Iris", "Stijn", "Merel", "Emre",
    "Lisa", "Joris", "Hanna", "Kevin", "Nina", "Timo",
];

/// Prefix (tussenvoegsel) and family name.
const FAMILY: [(&str, &str); 47] = [
    ("de", "Vries"),
    ("", "Jansen"),
    ("van den", "Berg"),
    ("", "Bakker"),
    ("van", "Dijk"),
    ("", "Visser"),
    ("", "Yılmaz"),
    ("de", "Boer"),
    ("", "Mulder"),
    ("", "El Amrani"),
    ("", "Meijer"),
    ("de", "Groot"),
    ("", "Bos"),
    ("", "Hendriks"),
    ("van", "Leeuwen"),
    ("", "Dekker"),
    ("", "Brouwer"),
    ("de", "Wit"),
    ("", "Dijkstra"),
    ("", "Özdemir"),
    ("de", "Graaf"),
    ("van der", "Meer"),
    ("", "Kok"),
    ("", "Jacobs"),
    ("van der", "Linden"),
    ("", "Haddad"),
    ("", "Vermeulen"),
    ("van der", "Veen"),
    ("", "Huisman"),
    ("", "Peters"),
    ("", "Schouten"),
    ("", "Willems"),
    ("", "Hoekstra"),
    ("", "Koster"),
    ("", "Prins"),
    ("", "Blom"),
    ("", "Postma"),
    ("", "Kuipers"),
    ("van", "Wijk"),
    ("", "Veenstra"),
    ("", "Kramer"),
    ("", "Bouzid"),
    ("", "Scholten"),
    ("van", "Veen"),
    ("", "Post"),
    ("ter", "Horst"),
    ("", "Tjon"),
];

/// Someone's given name, prefix and family name. Numbers below 2,256 differ from one another.
pub fn name(number: usize) -> (&'static str, &'static str, &'static str) {
    // 48 and 47 have no factor in common, so the pairs repeat only after all of them were used.
    let (prefix, family) = FAMILY[number % FAMILY.len()];
    (GIVEN[number % GIVEN.len()], prefix, family)
}
