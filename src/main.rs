//! Opens the window, or runs one command.

use std::process::ExitCode;

use rigwise::{
    app,
    cli::{self, Next},
};

fn main() -> ExitCode {
    // Silent unless RUST_LOG asks: what a person must know is said in the window or on standard error.
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("off")).init();
    match cli::run() {
        Next::End(code) => code,
        Next::Window(paths) => end(app::run(paths)),
        Next::SmokeTest(seconds) => end(app::smoke_test(seconds)),
    }
}

fn end(result: Result<(), app::AppError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::fail(&error),
    }
}
