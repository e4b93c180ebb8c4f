//! Cortex-M4 and M7 have instructions that no `cfg` tells of: only the name of their target does.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let of = |name| std::env::var(name).unwrap_or_default();
    if of("TARGET").starts_with("thumbv7em") && of("CARGO_CFG_HDC_BACKEND").is_empty() {
        println!("cargo::rustc-cfg=hdc_backend=\"dsp\"");
    }
}
