//! The program `leerloopbaan`; what it does is in the library, where tests reach it.

fn main() -> std::process::ExitCode {
    leerloopbaan::commands::main()
}
