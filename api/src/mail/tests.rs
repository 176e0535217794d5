//! What goes over the wire, and which settings are taken.

use chrono::DateTime;

use super::*;

fn mail() -> Mail {
    Mail {
        server: Server::parse("smtp://127.0.0.1:1").unwrap(),
        from: From::parse("Het college <lob@college.example>").unwrap(),
        link: LinkTo::parse("https://app.college.example/rate#").unwrap(),
    }
}

fn letter(name: &str, subject: &str) -> Letter {
    let (name, subject, text) = (name.to_owned(), subject.to_owned(), "Dag,\nhoe gaat het?\n.\n".to_owned());
    Letter { id: "8c1f5c0e".to_owned(), to: Email::parse("kim@voorbeeld.nl").unwrap(), name, subject, text }
}

fn wire(letter: &Letter) -> String {
    let at = DateTime::from_timestamp(1_796_000_000, 0).unwrap();
    String::from_utf8(mail().message(letter, at).unwrap().formatted()).unwrap()
}

#[test]
fn lm_2_nobody_puts_a_header_or_another_reader_into_a_letter_by_a_name() {
    let breaks = [
        "\r\nBcc: iemand@elders.nl",
        "\nBcc: iemand@elders.nl",
        "\rBcc: x@elders.nl",
        "\u{2028}Bcc: x@elders.nl",
        "\0\r\n\r\nDag",
    ];
    let others =
        ["\", Bcc: <x@elders.nl>", "<x@elders.nl>, ", "=?utf-8?q?=0D=0ABcc:_x@elders.nl?=", "Ștefan 😀 d'Été", "\u{202E}leep"];
    let expected = ["Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-ID", "Subject", "To"];
    for bad in breaks.into_iter().chain(others) {
        let letter = letter(&format!("Kim{bad}"), &format!("Eva{bad} vraagt"));
        let message = mail().message(&letter, DateTime::UNIX_EPOCH).unwrap();
        let readers: Vec<_> = message.envelope().to().iter().map(ToString::to_string).collect();
        assert_eq!(readers, ["kim@voorbeeld.nl"], "{bad:?}");
        let wire = wire(&letter);
        assert!(wire.is_ascii(), "{wire}");
        let (head, _) = wire.split_once("\r\n\r\n").unwrap();
        let lines = head.split("\r\n").filter(|line| !line.starts_with(' '));
        let mut names: Vec<_> = lines.map(|line| line.split_once(':').map_or(line, |(name, _)| name)).collect();
        names.sort_unstable();
        names.retain(|name| *name != "MIME-Version");
        assert_eq!(names, expected, "{bad:?}: {head}");
    }
}

#[test]
fn lm_2_a_letter_that_is_sent_again_is_known_by_its_id() {
    let (one, again) = (wire(&letter("Kim Bos", "Eva vraagt")), wire(&letter("Kim Bos", "Eva vraagt")));
    assert_eq!(one, again);
    assert!(one.contains("Message-ID: <8c1f5c0e@college.example>\r\n"), "{one}");
    assert!(one.contains("Auto-Submitted: auto-generated\r\n"), "nobody's holiday answers it: {one}");
}

#[test]
fn a_mail_server_is_spoken_to_in_secret_or_on_this_very_machine() {
    let taken = [
        "smtps://mail.college.example",
        "smtps://lob%40college.example:ge%2Fheim@mail.college.example:4465",
        "smtp://mail.college.example:587",
        "smtp://localhost:25",
        "smtp://who:secret@127.0.0.1:2525/",
    ];
    for address in taken {
        assert!(Server::parse(address).is_some(), "{address}");
    }
    let refused = [
        "",
        "mail.college.example",
        "http://mail.college.example",
        "smtp://",
        "smtps://lob@mail.college.example",
        "smtps://:secret@mail.college.example",
        "smtp://mail.college.example?tls=opportunistic",
        "smtps://mail.college.example/helo",
        "smtps://mail.college.example#x",
        "smtps://mail .college.example",
    ];
    for address in refused {
        assert!(Server::parse(address).is_none(), "{address}");
    }
    let server = Server::parse("smtps://lob:geheim@mail.college.example").unwrap();
    assert!(!format!("{server:?}").contains("geheim"));
}

#[test]
fn a_link_keeps_its_secret_behind_a_hash_and_mail_is_from_an_address() {
    for link in ["https://app.college.example/rate#", "https://app.college.example/#/rate?secret=", "http://localhost:5173/#"] {
        assert!(LinkTo::parse(link).is_some(), "{link}");
    }
    for link in
        ["https://app.college.example/rate", "http://app.college.example/#", "javascript:alert(1)#", "https://a.nl/ #", ""]
    {
        assert!(LinkTo::parse(link).is_none(), "{link}");
    }
    for from in ["lob@college.example", "Het College <lob@college.example>", "\"College, LOB\" <lob@college.example>"] {
        assert!(From::parse(from).is_some(), "{from}");
    }
    for from in ["", "college", "lob@localhost", "a@b.nl, c@d.nl", "College\r\nBcc: x@y.nl <lob@college.example>"] {
        assert!(From::parse(from).is_none(), "{from}");
    }
}

#[test]
fn what_waits_is_opened_by_the_settings_that_sealed_it_and_about_the_same_alone() {
    let (mail, secret) = (mail(), Secret::parse(&"s".repeat(43)).unwrap());
    let (about, other) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    let sealed = mail.seal(about, &secret).unwrap();
    assert!(!sealed.contains("sss"));
    assert!(mail.open(about, &sealed) == Some(secret));
    assert!(mail.open(other, &sealed).is_none());
    let elsewhere = Mail { server: Server::parse("smtp://127.0.0.1:2").unwrap(), ..mail };
    assert!(elsewhere.open(about, &sealed).is_none());
    assert!(elsewhere.open(about, "").is_none());
}
