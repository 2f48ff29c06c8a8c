//! Opens the window, or runs one command.

use std::process::ExitCode;

use rigwise::cli::{self, Next};

fn main() -> ExitCode {
    match cli::run() {
        Next::End(code) => code,
        Next::Window(_) | Next::SmokeTest(_) => cli::fail(&std::io::Error::other("there is no window yet")),
    }
}
