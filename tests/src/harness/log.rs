//! What the services of all tests say in their log, as a machine reads it.

use std::io::Write;
use std::sync::{Mutex, Once};

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps what is logged from now on, more of it than anyone who serves a college would ask for.
pub fn keep() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let filter = "info,leerloopbaan=trace,leerloopbaan_persistence=trace,leerloopbaan_domain=trace,actix_web=debug";
        api::commands::logging::for_machines(filter, || Lines);
    });
}

/// All that was logged, by whichever test.
pub fn kept() -> String {
    String::from_utf8(LINES.lock().expect("the log").clone()).expect("text")
}
