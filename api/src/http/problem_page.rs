//! The page that a problem's `type` leads to: what it means, how to mend it, and what it looks like.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::kernel::{Fault, Kind};

use super::faults::{self, HttpFault};
use super::language::Language;
use super::problem::{Problem, status};

/// Shows the page of one code, in both languages, the reader's first.
pub async fn show(code: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fault = faults::all().into_iter().find(|fault| fault.code == code.as_str()).ok_or(HttpFault::NoSuchPath)?;
    let language = Language::of(request.headers());
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page(fault, language)))
}

fn page(fault: Fault, language: Language) -> String {
    let (mend_en, mend_nl) = mend(fault.kind);
    let section = |language: &str, title: &str, meaning: &str, mend: &str| {
        format!("<section lang=\"{language}\"><h2>{title}</h2><p>{}</p><p>{}</p></section>", escape(meaning), escape(mend))
    };
    let english = section("en", "What it means and how to mend it", fault.en, mend_en);
    let dutch = section("nl", "Wat het betekent en wat eraan te doen is", fault.nl, mend_nl);
    let sections = if language == Language::Nl { dutch + &english } else { english + &dutch };
    let example = Problem::from(fault).render("019a0000-0000-7000-8000-000000000000", language);
    let example = serde_json::to_string_pretty(&example).unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{code}</title><main><h1><code>{code}</code></h1><p>HTTP {}</p>{sections}<pre>{}</pre></main></html>\n",
        language.code(),
        status(fault.kind),
        escape(&example),
        code = fault.code,
    )
}

/// How this sort of fault is mended, in English and in Dutch.
fn mend(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Invalid => (
            "Mend the request: each entry of errors points at what is wrong and says how to mend it. Sending the same again changes nothing.",
            "Herstel de aanvraag: elk element van errors wijst aan wat er mis is en zegt wat eraan te doen is. Hetzelfde nog eens sturen verandert niets.",
        ),
        Kind::Unauthenticated => (
            "Get a new access token from the college's OpenID provider and send it as Authorization: Bearer.",
            "Haal een nieuw toegangstoken bij de OpenID-provider van de school en stuur het als Authorization: Bearer.",
        ),
        Kind::Forbidden => (
            "You may see it, but this is for others to do. Where its view has openDecisions, they name what you may do.",
            "Je mag het zien, maar dit is aan anderen. Waar de weergave openDecisions heeft, noemen die wat jij mag.",
        ),
        Kind::Absent => (
            "Check the path and the id, and whether the caller may see it: what one may not see looks as if it were not there.",
            "Controleer het pad en het id, en of de aanvrager het mag zien: wat men niet mag zien lijkt er niet te zijn.",
        ),
        Kind::Conflict => (
            "Fetch it again to see how it stands now. Where it has openDecisions, let the user choose from those.",
            "Haal het opnieuw op om te zien hoe het er nu voor staat. Waar het openDecisions heeft, laat de gebruiker daaruit kiezen.",
        ),
        Kind::Stale => (
            "Fetch it again, show what changed, and send the change once more with the new ETag in If-Match.",
            "Haal het opnieuw op, toon wat er veranderd is, en stuur de wijziging nog eens met de nieuwe ETag in If-Match.",
        ),
        Kind::VersionMissing => (
            "Fetch it, and send the ETag of that answer in If-Match with the change.",
            "Haal het op en stuur de ETag van dat antwoord in If-Match mee met de wijziging.",
        ),
        Kind::KeyReused => (
            "Make a new Idempotency-Key for every new request, and keep it only for retries of exactly that request.",
            "Maak voor elke nieuwe aanvraag een nieuwe Idempotency-Key, en gebruik die alleen opnieuw voor precies dezelfde aanvraag.",
        ),
        Kind::MethodNotAllowed => {
            ("Use one of the methods that the header Allow lists.", "Gebruik een van de methoden die de header Allow noemt.")
        }
        Kind::NotAcceptable => ("Ask for application/json.", "Vraag om application/json."),
        Kind::Timeout => (
            "Send it again; with the same Idempotency-Key that is safe.",
            "Stuur het opnieuw; met dezelfde Idempotency-Key is dat veilig.",
        ),
        Kind::TooLarge => (
            "Send less: the document gives the limits of every field and file.",
            "Stuur minder: het document geeft de grenzen van elk veld en bestand.",
        ),
        Kind::UrlTooLong => (
            "Ask for less in one request: fewer fields, or a shorter search. A cursor is sent as it was given.",
            "Vraag minder in één keer: minder velden, of een kortere zoekvraag. Een cursor wordt gestuurd zoals hij gegeven is.",
        ),
        Kind::RangeNotSatisfiable => (
            "Ask for a range that begins within the file: Content-Range tells how long it is.",
            "Vraag een bereik dat binnen het bestand begint: Content-Range zegt hoe lang het is.",
        ),
        Kind::UnsupportedMediaType => (
            "Send the Content-Type that the document names for this operation.",
            "Stuur het Content-Type dat het document bij deze bewerking noemt.",
        ),
        Kind::TooMany => (
            "Wait as many seconds as Retry-After says, then send it again. RateLimit tells beforehand how much is left.",
            "Wacht zoveel seconden als Retry-After zegt en stuur het dan opnieuw. RateLimit vertelt vooraf hoeveel er over is.",
        ),
        Kind::Broken => (
            "Nothing was changed. Tell whoever runs the service, with the id in instance.",
            "Er is niets gewijzigd. Meld het bij de beheerder, met het nummer in instance.",
        ),
        Kind::Busy => (
            "Wait as many seconds as Retry-After says, then send the same again, with the same Idempotency-Key.",
            "Wacht zoveel seconden als Retry-After zegt en stuur dan hetzelfde, met dezelfde Idempotency-Key.",
        ),
        Kind::Full => (
            "Tell whoever runs the service to make room, then send it again. Reading goes on.",
            "Vraag de beheerder om ruimte te maken en stuur het dan opnieuw. Lezen kan gewoon.",
        ),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_every_code_says_in_both_languages_what_it_means_and_how_to_mend_it() {
        for fault in faults::all() {
            for language in [Language::Nl, Language::En] {
                let page = page(fault, language);
                let (mend_en, mend_nl) = mend(fault.kind);
                for told in [fault.code, &escape(fault.en), &escape(fault.nl), &escape(mend_en), &escape(mend_nl), "\"instance\""]
                {
                    assert!(page.contains(told), "{}: {told}", fault.code);
                }
            }
        }
        let stale = page(domain::kernel::KernelFault::Stale.fault(), Language::En);
        assert!(stale.contains("412 Precondition Failed") && stale.contains("the new ETag in If-Match"), "{stale}");
    }
}
