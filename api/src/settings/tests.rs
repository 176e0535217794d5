//! What a school that sets up the service is told.

use figment::Jail;

use super::*;

const WHOLE: &str = r#"
    listen = "0.0.0.0:8443"
    workers = 3
    database = "postgres://college:secret@database/college"
    connections = 8
    files = "s3://college-files/evidence-of-2026"
    files_endpoint = "https://s3.college.example:9000"
    issuer = "https://login.college.example/realms/college"
    jwks_uri = "https://login.college.example/keys"
    audience = "college"
    allowed_origins = ["https://app.college.example", "http://localhost:5173"]
    trusted_proxies = ["10.0.0.0/8", "192.0.2.1"]
    smtp = "smtps://lob:secret@mail.college.example"
    mail_from = "Het college <lob@college.example>"
    invitation_link = "https://app.college.example/rate#"
    log = "warn"
"#;

/// Runs with nothing but these settings around.
fn in_jail(toml: &str, environment: &[(&str, &str)], test: impl Fn()) {
    Jail::try_with(|jail| {
        jail.clear_env();
        jail.create_file(FILE, toml)?;
        environment.iter().for_each(|(name, value)| jail.set_env(name, value));
        test();
        Ok(())
    })
    .unwrap();
}

fn wrong(toml: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let told = std::cell::RefCell::new(Vec::new());
    in_jail(toml, environment, || {
        let wrongs = read(None).err().map(|wrongs| wrongs.0).unwrap_or_default();
        told.borrow_mut().extend(wrongs.iter().map(ToString::to_string));
    });
    told.into_inner()
}

#[test]
fn every_setting_can_stand_in_the_file() {
    in_jail(WHOLE, &[], || {
        let settings = read(None).unwrap();
        assert_eq!(settings.listen.port(), 8443);
        assert_eq!(settings.workers, 3);
        let url = "postgres://college:secret@database/college".to_owned();
        assert_eq!(settings.database, Location::Postgres { url, connections: 8 });
        let (bucket, prefix) = ("college-files".to_owned(), "evidence-of-2026".to_owned());
        let endpoint = Some("https://s3.college.example:9000".to_owned());
        assert_eq!(settings.files, Place::Bucket { bucket, prefix, endpoint });
        assert_eq!(settings.expected.jwks_uri.as_deref(), Some("https://login.college.example/keys"));
        assert_eq!(settings.expected.audience, "college");
        let origins = ["https://app.college.example", "http://localhost:5173"].map(str::to_owned).to_vec();
        assert_eq!(settings.origins, Origins::These(origins));
        let mail = settings.mail.unwrap();
        assert_eq!(Some(mail.from), mail::From::parse("Het college <lob@college.example>"));
        assert_eq!(Some(mail.link), LinkTo::parse("https://app.college.example/rate#"));
        assert_eq!(Some(settings.proxies), Proxies::parse(["10.0.0.0/8", "192.0.2.1/32"]));
        assert_eq!(settings.log, "warn");
    });
}

#[test]
fn the_environment_goes_before_the_file_and_two_settings_are_enough() {
    let environment = [("LEERLOOPBAAN_DATABASE", "college.sqlite"), ("LEERLOOPBAAN_ISSUER", "http://127.0.0.1:9000")];
    in_jail("database = \"other.sqlite\"", &environment, || {
        let settings = read(None).unwrap();
        assert_eq!(settings.database, Location::Sqlite("college.sqlite".into()));
        assert_eq!(settings.files, Place::Folder("files".into()), "beside the database");
        assert_eq!(settings.expected.audience, "leerloopbaan");
        assert_eq!(settings.origins, Origins::These(Vec::new()), "no web page may call unless it was allowed to");
        assert!(settings.mail.is_none(), "no mail is sent unless it was said by what");
        assert_eq!(settings.proxies, Proxies::default(), "no proxy is believed unless it was named");
    });
}

#[test]
fn every_wrong_setting_is_named_at_once_with_where_it_came_from() {
    let toml = r#"
        listen = "everywhere"
        issuer = "http://login.college.example"
        allowed_origins = ["https://app.college.example/path"]
        trusted_proxies = "10.0.0.0/8, proxy.college.example"
        files = "ftp://files.college.example"
        files_endpoint = "files.college.example"
        smtp = "http://mail.college.example"
        invitation_link = "https://app.college.example/rate"
        lissten = 1
    "#;
    let environment = [("LEERLOOPBAAN_WORKERS", "0"), ("LEERLOOPBAAN_ISUER", "x")];
    let told = wrong(toml, &environment);
    for (setting, origin) in [
        ("listen", "leerloopbaan.toml"),
        ("issuer", "leerloopbaan.toml"),
        ("allowed_origins", "leerloopbaan.toml"),
        ("trusted_proxies", "leerloopbaan.toml"),
        ("files", "leerloopbaan.toml"),
        ("files_endpoint", "leerloopbaan.toml"),
        ("smtp", "leerloopbaan.toml"),
        ("invitation_link", "leerloopbaan.toml"),
        ("lissten", "leerloopbaan.toml"),
        ("workers", "LEERLOOPBAAN_WORKERS"),
        ("isuer", "LEERLOOPBAAN_ISUER"),
    ] {
        let found = told.iter().any(|line| line.starts_with(&format!("{setting} (set by")) && line.contains(origin));
        assert!(found, "{setting}: {told:?}");
    }
    assert!(told.iter().any(|line| line.starts_with("database is missing")), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("mail_from is missing")), "a letter needs all three: {told:?}");
    assert_eq!(told.len(), 13, "{told:?}");
}

#[test]
fn a_password_in_a_setting_is_never_repeated() {
    let wrongs = [
        "database = \"mysql://college:geheim@host/college\"",
        "database = \"postgres://college:geheim@host",
        "smtp = \"smtps://lob:geheim@host/?tls=none\"",
    ];
    for toml in wrongs {
        let told = wrong(toml, &[]);
        assert!(!told.is_empty() && told.iter().all(|line| !line.contains("geheim")), "{told:?}");
    }
}

#[test]
fn files_have_a_place_of_their_own_where_the_database_is_on_a_server() {
    let environment = [("LEERLOOPBAAN_DATABASE", "postgres://host/college"), ("LEERLOOPBAAN_ISSUER", "http://127.0.0.1:9000")];
    let told = wrong("", &environment);
    assert!(told.len() == 1 && told[0].starts_with("files is missing"), "{told:?}");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    in_jail(WHOLE, &[], || {
        let told = read(Some(Path::new("elsewhere.toml"))).err().map(|wrongs| wrongs.to_string()).unwrap_or_default();
        assert!(told.contains("elsewhere.toml cannot be read"), "{told}");
    });
}

#[test]
fn the_readme_tells_of_every_setting_and_of_no_other() {
    let readme = include_str!("../../../README.md");
    let told: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | `LEERLOOPBAAN_")).collect();
    for (setting, _) in SETTINGS {
        let line = told.iter().find(|(name, _)| name == setting);
        assert!(line.is_some_and(|(_, rest)| rest.starts_with(&setting.to_uppercase())), "{setting}");
    }
    assert_eq!(told.len(), SETTINGS.len());
}
