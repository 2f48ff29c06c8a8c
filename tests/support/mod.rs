//! What several test programs share. Not each of them uses all of it.
#![allow(dead_code, unused_imports)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::float_cmp,
    clippy::format_push_string,
    reason = "what goes wrong here fails a test"
)]

pub mod sample;
mod soft_renderer;

pub use soft_renderer::SoftRenderer;
