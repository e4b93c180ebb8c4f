//! Runs the real command on files in a temporary folder.

mod bad_data;
mod bad_model;
mod bad_output;
mod command;
mod data;
mod eval;
mod inspect;
mod reduce;
mod search;
mod train;
