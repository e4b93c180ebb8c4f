//! Puts `memory.x` where the linker looks, and finds the model and the windows that go into flash.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("memory.x"), include_bytes!("memory.x")).expect("OUT_DIR can be written");
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rerun-if-changed=memory.x");
    for (variable, what) in [("HDC_MODEL", "a model file"), ("HDC_WINDOWS", "i16 windows, little-endian")] {
        println!("cargo:rerun-if-env-changed={variable}");
        let path = env::var(variable).unwrap_or_default();
        assert!(
            Path::new(&path).is_absolute() && Path::new(&path).is_file(),
            "set {variable} to the absolute path of {what}; `cargo xtask demo` does all of it"
        );
        println!("cargo:rerun-if-changed={path}");
    }
}
