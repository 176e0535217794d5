//! The student's own portfolio (PF-1 to PF-6): entries, with whom they are shared, what is said of them, what shows it, and all of it
//! to take along.

mod archive;
mod comments;
mod entries;
mod evidence;
mod shares;
mod views;

use domain::access::Permit;
use domain::kernel::StudentId;
use domain::portfolio::Entry;
use persistence::portfolio::{entries as rows, opening};
use persistence::{Trouble, Writing};

use crate::http::{Operation, delete, get, patch, post};

pub const TAG: &str = "Portfolio";

pub fn operations() -> Vec<Operation> {
    let all = entries_of_students().into_iter().chain(around_an_entry()).chain(files());
    all.map(|operation| operation.tag(TAG)).collect()
}

fn entries_of_students() -> Vec<Operation> {
    vec![
        get("/portfolio-entries", "listPortfolioEntries", "What one may read of all portfolios, newest first", entries::list_all)
            .text("One's own entries, those that are shared with the caller at this moment, and of the students whom one coaches now those that are open to the coach."),
        get("/students/{id}/portfolio-entries", "listPortfolioEntriesOfStudent", "What one may read of a student's portfolio, newest first", entries::list_of_student)
            .text("The student sees every entry; who else has to do with the student sees what is open to them at this moment, which may be nothing. An entry is dated by `occurredOn`, else by the day on which it was made. With `q` the best come first: words in the title or tags, words that it uses often, then the newest (PF-5)."),
        post("/students/{id}/portfolio-entries", "createPortfolioEntry", "Puts something into the portfolio", entries::create)
            .text("By the student alone: the portfolio is theirs (PF-2). `private` is seen by nobody else, `coach` by whoever is the responsible coach at that moment, `shared` by those with whom it is shared."),
        get("/portfolio-entries/{id}", "getPortfolioEntry", "One entry", entries::get)
            .text("404 for whom it is not open to at this moment, whoever they are."),
        patch("/portfolio-entries/{id}", "updatePortfolioEntry", "Changes an entry", entries::update)
            .text("By the student. Every change is a version, and what it was before stays readable for the student (PF-3); what changes nothing is no version. Setting it to `private` ends all its shares at once."),
        delete("/portfolio-entries/{id}", "withdrawPortfolioEntry", "Withdraws an entry", entries::withdraw)
            .text("By the student. It is gone for everyone, the student included, at once: from lists, search, counts and files."),
        get("/portfolio-entries/{id}/versions", "listPortfolioEntryVersions", "Every version of an entry, oldest first", entries::list_versions)
            .text("For the student alone; the last is the entry as it is."),
    ]
}

fn around_an_entry() -> Vec<Operation> {
    vec![
        get("/portfolio-entries/{id}/shares", "listPortfolioShares", "With whom an entry is shared", shares::list)
            .text("For the student alone; also shares whose time is over, until they are ended."),
        post("/portfolio-entries/{id}/shares", "sharePortfolioEntry", "Shares an entry", shares::share)
            .text("By the student, with exactly one of personId, role and teamId. A `private` entry becomes `shared`. With a role: whoever has that relation to the student, at every moment anew; with a team: whoever holds a role in it, likewise."),
        delete("/portfolio-entries/{id}/shares/{shareId}", "endPortfolioShare", "Ends a share at once", shares::end)
            .text("By the student. From that moment on it is as if it had never been shared: in lists, search, counts, files and changes. If-Match takes the share's version, as its list tells it."),
        get("/portfolio-entries/{id}/comments", "listPortfolioComments", "What was said of an entry, oldest first", comments::list)
            .text("For whoever may read the entry."),
        post("/portfolio-entries/{id}/comments", "commentOnPortfolioEntry", "Says something of an entry", comments::comment)
            .text("By the student, by the responsible coach of a `coach` entry, and by those with whom it is shared so that they may comment. Whoever reads the entry reads it, also who gets to see the entry later."),
        delete("/portfolio-entries/{id}/comments/{commentId}", "withdrawPortfolioComment", "Withdraws a comment", comments::withdraw)
            .text("By who wrote it, as long as they read the entry, and by the student whose entry it is. It is gone for good."),
    ]
}

fn files() -> Vec<Operation> {
    vec![
        get("/portfolio-entries/{id}/evidence", "listEvidence", "The files of an entry, oldest first", evidence::list)
            .text("For whoever may read the entry (PF-4)."),
        post("/portfolio-entries/{id}/evidence", "addEvidence", "Puts a file with an entry", evidence::add)
            .text("By the student. Of at most 25 MiB, a pdf, png, jpg, webp, heic, mp4, mov, m4a, docx, xlsx, pptx, odt or txt by what is in it, with a name that ends so. Pictures, films and sounds are kept without what a camera wrote into them but for which way is up and when, documents but for pdf without who made them. A file that says in `Content-Length` that it is too large is refused before it is read."),
        get("/evidence/{id}", "getEvidence", "A file, whole or in part", evidence::fetch)
            .text("For whoever may read its entry at this moment, as an attachment. A download that was cut off goes on with `Range` and `If-Range` (RFC 9110 section 14)."),
        delete("/evidence/{id}", "withdrawEvidence", "Withdraws a file", evidence::withdraw)
            .text("By the student. It is gone for everyone at once, and taken out of the store within two days."),
        get("/students/{id}/portfolio-archive", "getPortfolioArchive", "All of one's portfolio to take along", archive::take_along)
            .text("By the student alone, also after leaving (PF-6): a ZIP with one JSON file for each entry and each LWP of the student, the schemas of these, all files, and `index.html`, which reads well without a network, on a phone and on paper. It is made while it is sent; one that breaks off is not whole and does not unpack."),
    ]
}

/// Opens the portfolio of a student with what they left at orientation (IN-2); what it has already stays as it is.
///
/// # Errors
/// Only what the database ends in.
pub fn open(writing: &mut Writing<'_>, permit: Permit, student: StudentId) -> Result<(), Trouble> {
    let now = writing.now();
    for (registration, experienced) in opening::experiences(writing, permit, student)? {
        let content = experienced.content(now).ok_or_else(|| Trouble::Unreadable("an experience".to_owned()))?;
        let told = Entry::keep(student, content, &[], now)?;
        rows::insert(writing, permit, &told, Some(registration))?;
    }
    Ok(())
}
