//! What the types forbid does not compile: each misuse of `tests/misuse/` ends in the one error that it names, and the
//! same code compiles where the misuse is mended.
//!
//! A file says in its first line which error it must get (`//! E0616: why`). What is `cfg(misuse)` in it is the misuse,
//! what is `cfg(not(misuse))` stands there when it is mended. Only the error's code is compared, and where it is: how the
//! compiler words it is its own affair. The libraries are those that this test itself was built from.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use serde_json::Value;

const FOLDER: &str = "tests/misuse";

/// What a case may use, as it calls it, and as cargo calls it.
const LIBRARIES: [(&str, &str); 3] =
    [("persistence", "leerloopbaan_persistence"), ("domain", "leerloopbaan_domain"), ("actix_web", "actix_web")];

/// The libraries of this name that lie about, of whichever build: what follows their name, and when they were made.
fn built(folder: &Path, name: &str) -> Vec<(SystemTime, String)> {
    let suffix = |path: PathBuf| {
        let suffix = path.file_name()?.to_str()?.strip_prefix(&format!("lib{name}-"))?.strip_suffix(".rlib")?;
        Some((path.metadata().ok()?.modified().ok()?, suffix.to_owned()))
    };
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files.filter_map(suffix).collect()
}

/// What tells the compiler where the libraries are. Cargo has just built the one of the doors; which of the others that
/// one was built with stands in it.
fn libraries(folder: &Path) -> Vec<String> {
    let (_, newest) = built(folder, "leerloopbaan").into_iter().max().expect("the library of the doors");
    let doors = std::fs::read(folder.join(format!("libleerloopbaan-{newest}.rmeta"))).expect("what it says of itself");
    let uses = |suffix: &String| doors.windows(suffix.len()).any(|bytes| bytes == suffix.as_bytes());
    let place = |name: &str, file: &str, suffix: &str| format!("{name}={}/lib{file}-{suffix}.rlib", folder.display());
    let others = LIBRARIES.map(|(name, file)| {
        let suffix = built(folder, file).into_iter().map(|(_, suffix)| suffix).find(uses);
        place(name, file, &suffix.unwrap_or_else(|| panic!("no library of {name}")))
    });
    others.into_iter().chain([place("api", "leerloopbaan", &newest)]).collect()
}

/// Each error that the compiler finds in this file: its code, or all that it says where it has none or is elsewhere.
fn errors(case: &Path, libraries: &[String], misuse: bool) -> Vec<String> {
    let work = tempfile::tempdir().expect("a temporary folder");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition=2024", "--crate-type=lib", "--crate-name=misuse", "--emit=metadata", "--error-format=json"]);
    rustc.args(["--cap-lints=allow", "--out-dir"]).arg(work.path());
    rustc.arg("-L").arg(format!("dependency={}", folder().display()));
    rustc.args(libraries.iter().flat_map(|library| ["--extern", library]));
    rustc.args(if misuse { &["--cfg", "misuse"][..] } else { &[] });
    let said = rustc.arg(case).output().expect("rustc");
    let text = String::from_utf8_lossy(&said.stderr);
    let told = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    // The last one only counts the others, and is nowhere.
    let errors: Vec<_> = told.filter(|one| one["level"] == "error" && one["spans"] != Value::Array(Vec::new())).collect();
    assert_eq!(said.status.success(), errors.is_empty(), "{}: {text}", case.display());
    let is_here = |one: &Value| one["spans"][0]["file_name"].as_str().is_some_and(|file| Path::new(file) == case);
    let code = |one: &Value| one["code"]["code"].as_str().filter(|_| is_here(one)).map(str::to_owned);
    errors.iter().map(|one| code(one).unwrap_or_else(|| one["rendered"].to_string())).collect()
}

/// Where cargo puts libraries, and this test.
fn folder() -> PathBuf {
    std::env::current_exe().expect("this test").parent().expect("its folder").to_owned()
}

/// What is wrong with this case, if anything.
fn judge(case: &Path, libraries: &[String]) -> Option<String> {
    let text = std::fs::read_to_string(case).expect("a text");
    let named = text.strip_prefix("//! ").and_then(|text| text.split_once(": ")).map(|(code, _)| code);
    let Some(code) = named.filter(|code| code.len() == 5 && code.starts_with('E')) else {
        return Some(format!("{} begins with the error that it must get: `//! E0616: why`", case.display()));
    };
    let found = errors(case, libraries, true);
    if found.is_empty() || found.iter().any(|one| one != code) {
        return Some(format!("{}: the misuse must be {code}, and is {found:?}", case.display()));
    }
    let mended = errors(case, libraries, false);
    (!mended.is_empty()).then(|| format!("{}: where it is mended it must compile: {mended:?}", case.display()))
}

fn cases() -> Vec<PathBuf> {
    let folder = super::root().join(FOLDER).canonicalize().expect("a folder");
    let mut cases: Vec<_> = std::fs::read_dir(folder).expect("cases").map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    cases
}

#[test]
fn what_the_types_forbid_does_not_compile_and_does_where_it_is_mended() {
    let (cases, libraries, next) = (cases(), libraries(&folder()), AtomicUsize::new(0));
    assert!(cases.len() > 20, "the cases were not found: {cases:?}");
    let work = || {
        std::iter::from_fn(|| cases.get(next.fetch_add(1, Ordering::Relaxed)))
            .filter_map(|case| judge(case, &libraries))
            .collect::<Vec<_>>()
    };
    let wrong: Vec<_> = std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guide_names_every_misuse_and_no_other() {
    let guide = super::text("docs/guards.md");
    let named: Vec<_> = guide.split('`').filter_map(|word| word.strip_prefix("misuse/")).collect();
    let cases: Vec<_> = cases().iter().map(|case| case.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    for case in &cases {
        assert!(named.contains(&case.as_str()), "docs/guards.md does not say what `misuse/{case}` holds");
    }
    for name in named {
        assert!(cases.iter().any(|case| case == name), "docs/guards.md names `misuse/{name}`, which is not there");
    }
}
