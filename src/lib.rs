//! Rigwise: tokens per second against price, for every machine that can run a language model locally.
//!
//! Data flows one way:
//!
//! ```text
//! presets/*.ron --> catalog --> +----------+
//!                               | estimate | --> compare --> figure --> plot --> app (the window)
//! what the person asks: --------+----------+                              +---> export (SVG, PNG, PDF)
//!                    scenario                   cli (tables, CSV, JSON, charts)
//! ```
//!
//! - [`units`]: bytes, money, rates and how they are written.
//! - [`catalog`]: what exists, loaded from presets, with diagnostics for what is wrong in them.
//! - [`scenario`]: what the person asks.
//! - [`estimate`]: the bandwidth model. Pure arithmetic: no files, no window, no clock.
//! - [`accuracy`]: predictions held against measurements.
//! - [`calibrate`]: fits the estimator's constants on the measurements.
//! - [`compare`]: a scenario over all machines: prices, fit, order, Pareto frontier, verdict.
//! - [`figure`]: a chart as data. Screen and exports draw the same.
//! - [`plot`]: draws a figure, with names that do not overlap.
//! - [`export`]: figures as SVG, PNG, PDF and CSV files.
//! - [`cli`]: commands for scripts, and tables for people.
//! - [`app`]: the window.
//!
//! There is one estimator. The window, the command line and the accuracy report all call it.

pub mod accuracy;
pub mod app;
pub mod calibrate;
pub mod catalog;
pub mod cli;
pub mod compare;
pub mod estimate;
pub mod export;
pub mod figure;
pub mod plot;
pub mod scenario;
pub mod units;
