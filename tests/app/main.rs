//! The window, driven as a person would.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::float_cmp,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may panic and print, and pixels are small numbers"
)]

mod axes;
mod files;
mod flow;
#[path = "../support/many.rs"]
mod many;
mod pictures;
#[path = "../support/soft_renderer.rs"]
mod soft_renderer;
mod speed;
mod support;
