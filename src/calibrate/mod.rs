//! Fits the estimator's constants on the catalog's measurements.

pub mod fit;
