//! What the program tells of itself while it runs: to standard error, never a body, a token or a name.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// One JSON object a line, for machines, to where `writer` says. `filter` was found right when the settings were read.
pub fn for_machines(filter: &str, writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_events(FmtSpan::NONE)
        .with_env_filter(filter)
        .with_writer(writer)
        .init();
}

/// Lines for people.
pub fn for_people() {
    tracing_subscriber::fmt()
        .compact()
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_env_filter(EnvFilter::new("warn,leerloopbaan=info"))
        .with_writer(std::io::stderr)
        .init();
}
