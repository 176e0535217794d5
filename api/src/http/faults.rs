//! What can be wrong with a request as such, before any context has looked at it.

use domain::kernel::{Fault, faults::KernelFault};

domain::faults! {
    /// Faults of requests and of the service itself.
    pub enum HttpFault {
        Invalid: Invalid "request.invalid"
            en "The request is not as the document describes it. The list errors names every fault and where it is."
            nl "De aanvraag is niet zoals het document haar beschrijft. De lijst errors noemt elke fout en waar die zit.",
        NotJson: Invalid "request.not-json"
            en "The body is not one JSON document in UTF-8 (RFC 8259), or is nested more than 32 deep."
            nl "De inhoud is geen JSON-document in UTF-8 (RFC 8259), of is meer dan 32 niveaus diep.",
        Twice: Invalid "request.member-twice"
            en "This member of an object, or part of a form, stands twice. Send it once."
            nl "Dit veld van een object, of deel van een formulier, staat tweemaal. Stuur het eenmaal.",
        NotMultipart: Invalid "request.not-multipart"
            en "The body is not multipart/form-data (RFC 7578), has more than 20 parts, or ended too early."
            nl "De inhoud is geen multipart/form-data (RFC 7578), heeft meer dan 20 delen, of hield te vroeg op.",
        Required: Invalid "request.required"
            en "This field is required."
            nl "Dit veld is verplicht.",
        Unknown: Invalid "request.unknown-field"
            en "There is no such field or parameter here. Check its spelling against the document."
            nl "Zo'n veld of parameter is er hier niet. Controleer de spelling met het document.",
        SameTwice: Invalid "request.same-twice"
            en "These two parameters say the same. Send one of them."
            nl "Deze twee parameters zeggen hetzelfde. Stuur er één.",
        WrongType: Invalid "request.wrong-type"
            en "The value is of another type than the document says."
            nl "De waarde heeft een ander type dan het document zegt.",
        NotAllowed: Invalid "request.not-one-of"
            en "The value is none of those that the document lists."
            nl "De waarde is geen van die welke het document noemt.",
        TooShort: Invalid "request.too-short"
            en "The value is shorter than the document allows."
            nl "De waarde is korter dan het document toestaat.",
        TooLong: Invalid "request.too-long"
            en "The value is longer than the document allows."
            nl "De waarde is langer dan het document toestaat.",
        OutOfRange: Invalid "request.out-of-range"
            en "The number is outside the range that the document gives."
            nl "Het getal ligt buiten het bereik dat het document geeft.",
        WrongFormat: Invalid "request.wrong-format"
            en "The value does not have the form that the document describes, such as a date or an id."
            nl "De waarde heeft niet de vorm die het document beschrijft, zoals een datum of een id.",
        ControlCharacter: Invalid "request.control-character"
            en "The text holds a control character, or one that turns the direction of writing. Line breaks and tabs are for longer texts alone."
            nl "De tekst bevat een stuurteken, of een teken dat de schrijfrichting omkeert. Regeleinden en tabs zijn alleen voor langere teksten.",
        WrongShape: Invalid "request.wrong-shape"
            en "The value does not fit the schema in the document."
            nl "De waarde past niet bij het schema in het document.",
        Blank: Invalid "request.blank"
            en "The text is blank."
            nl "De tekst is leeg.",
        BadCursor: Invalid "request.bad-cursor"
            en "The cursor is not one that this list gave for the same filters. Start again without a cursor."
            nl "De cursor is niet door deze lijst gegeven bij dezelfde filters. Begin opnieuw zonder cursor.",
        BadKey: Invalid "request.bad-idempotency-key"
            en "An Idempotency-Key is 1 to 255 visible ASCII characters; a UUID will do."
            nl "Een Idempotency-Key bestaat uit 1 tot 255 zichtbare ASCII-tekens; een UUID volstaat.",
        BadVersion: Invalid "request.bad-if-match"
            en "If-Match takes the ETag as the view gave it, with its quotes, or *."
            nl "If-Match neemt de ETag zoals de weergave die gaf, met aanhalingstekens, of *.",
        VersionMissing: VersionMissing "request.if-match-missing"
            en "Say which version you decided on: send the view's ETag in If-Match (or If-None-Match: * to create)."
            nl "Zeg op welke versie je besloot: stuur de ETag van de weergave in If-Match (of If-None-Match: * om te maken).",
        KeyReused: KeyReused "request.idempotency-key-reused"
            en "This Idempotency-Key was used for another request. Use a new key for a new request."
            nl "Deze Idempotency-Key is voor een andere aanvraag gebruikt. Gebruik een nieuwe sleutel voor een nieuwe aanvraag.",
        NoSuchPath: Absent "request.no-such-path"
            en "There is no such path. GET /v1/openapi.json lists them; paths have no trailing slash."
            nl "Dit pad bestaat niet. GET /v1/openapi.json noemt ze; paden eindigen niet op een schuine streep.",
        NoSuchMethod: MethodNotAllowed "request.method-not-allowed"
            en "This path does not have this method; the header Allow lists those it has."
            nl "Dit pad kent deze methode niet; de header Allow noemt welke wel.",
        Slow: Timeout "request.timeout"
            en "The body did not arrive in time. Send it again."
            nl "De inhoud kwam niet op tijd binnen. Stuur haar opnieuw.",
        TooLarge: TooLarge "request.too-large"
            en "The body is larger than this operation takes; the document gives the limits."
            nl "De inhoud is groter dan deze bewerking aanneemt; het document geeft de grenzen.",
        UrlTooLong: UrlTooLong "request.url-too-long"
            en "The URL with its query is longer than 4096 characters."
            nl "De URL met zijn zoekdeel is langer dan 4096 tekens.",
        MediaType: UnsupportedMediaType "request.unsupported-media-type"
            en "This operation takes another Content-Type; the document names it."
            nl "Deze bewerking neemt een ander Content-Type; het document noemt het.",
        TooMany: TooMany "request.too-many"
            en "Too many requests. Wait as long as Retry-After says."
            nl "Te veel aanvragen. Wacht zo lang als Retry-After zegt.",
        Broken: Broken "service.broken"
            en "Something went wrong on our side and is logged under this request id; nothing was changed."
            nl "Er ging bij ons iets mis; het is vastgelegd onder dit aanvraagnummer en er is niets gewijzigd.",
        Busy: Busy "service.busy"
            en "The service can not take this now. The same request may succeed after Retry-After seconds."
            nl "De dienst kan dit nu niet aannemen. Dezelfde aanvraag kan na Retry-After seconden wel slagen.",
        Full: Full "service.no-room"
            en "There is no room to store this now; what was there is safe and can be read."
            nl "Er is nu geen ruimte om dit op te slaan; wat er was is veilig en leesbaar.",
    }
}

/// Every fault that any answer can name: the list of error codes.
pub fn all() -> Vec<Fault> {
    let contexts: &[&[Fault]] = &[
        KernelFault::ALL,
        HttpFault::ALL,
        persistence::access::AccountFault::ALL,
        crate::tokens::TokenFault::ALL,
        domain::organisation::OrganisationFault::ALL,
        domain::enrolment::EnrolmentFault::ALL,
        domain::evidence::EvidenceFault::ALL,
        domain::orientation::OrientationFault::ALL,
        domain::guardianship::GuardianshipFault::ALL,
        domain::roster::RosterRefusal::ALL,
        domain::curriculum::CurriculumFault::ALL,
        crate::imports::ImportFault::ALL,
        crate::imports::roster::RosterFault::ALL,
        domain::start_programme::StartProgrammeFault::ALL,
        domain::portfolio::PortfolioFault::ALL,
        domain::lwp::LwpFault::ALL,
        domain::placement::PlacementFault::ALL,
        domain::leermeter::LeermeterFault::ALL,
        domain::conversation::ConversationFault::ALL,
    ];
    contexts.concat()
}
