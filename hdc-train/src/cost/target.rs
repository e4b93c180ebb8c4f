use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A kind of chip, for which code was compiled and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// Arm Cortex-M0 and M0+ (`thumbv6m-none-eabi`).
    CortexM0Plus,
    /// Arm Cortex-M4 (`thumbv7em-none-eabihf`).
    CortexM4,
    /// RISC-V of 32 bits with multiplication and compressed instructions (`riscv32imc-unknown-none-elf`).
    RiscV32,
}

/// A name that no [`Target`] has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no target `{name}`: take one of {}", Target::ALL.map(|target| target.to_string()).join(", "))]
pub struct UnknownTarget {
    name: String,
}

impl Target {
    /// All targets.
    pub const ALL: [Self; 3] = [Self::CortexM0Plus, Self::CortexM4, Self::RiscV32];
}

/// Its name: `cortex-m0+`, `cortex-m4` or `riscv32`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CortexM0Plus => "cortex-m0+",
            Self::CortexM4 => "cortex-m4",
            Self::RiscV32 => "riscv32",
        })
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(name: &str) -> Result<Self, UnknownTarget> {
        let found = Self::ALL.into_iter().find(|target| target.to_string() == name);
        found.ok_or_else(|| UnknownTarget { name: name.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for target in Target::ALL {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
        let error = "z80".parse::<Target>().unwrap_err().to_string();
        assert_eq!(error, "there is no target `z80`: take one of cortex-m0+, cortex-m4, riscv32");
    }
}
