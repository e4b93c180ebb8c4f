//! Times hdc-core, the Rust peers and the machine's limits in one process, one thread, default build flags,
//! and prints a line of JSON for each: `cargo xtask peers` collects them.

mod aligned;
mod encode;
mod limit;
mod scaling;
mod search;
mod threads;
mod timer;
mod vectors;

#[global_allocator]
static ALLOCATOR: aligned::Lines = aligned::Lines;

/// Runs all, or what the arguments name.
fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let parts: [(&str, fn()); 5] = [
        ("vectors", vectors::run),
        ("encode", encode::run),
        ("search", search::run),
        ("threads", threads::run),
        ("scaling", scaling::run),
    ];
    for (name, run) in parts {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            run();
        }
    }
}
