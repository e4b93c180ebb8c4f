use super::EncodeError;
use crate::{Component, ItemMemory};

/// Encodes a row of one symbol as the item of that symbol: letters of a text, states of a machine.
///
/// `1 x 1 -> 1 x D`, one pass over D bits. The n-grams of such rows are the n-gram encoding of text (Joshi, Halseth &
/// Kanerva 2016).
#[derive(Clone, Debug)]
pub struct SymbolEncoder<S> {
    /// One hypervector a symbol.
    pub symbols: ItemMemory<S>,
}

impl<S: AsRef<[u32]>> SymbolEncoder<S> {
    /// Encodes the symbol with this key, its number, into `target` (`D / 32` words).
    pub(crate) fn encode_keys(
        &self,
        mut keys: impl Iterator<Item = Option<i32>>,
        target: &mut [u32],
    ) -> Result<(), EncodeError> {
        let (symbols, none) = (self.symbols.len(), EncodeError::NotFinite { index: 0 });
        let symbol = keys.next().flatten().ok_or(none)?;
        let known = usize::try_from(symbol).ok().filter(|&symbol| symbol < symbols);
        let known = known.ok_or(EncodeError::Symbol { index: 0, symbol, symbols })?;
        if self.symbols.stored_rows().is_none() {
            Component::Regenerated.require()?;
        }
        target.fill(0);
        self.symbols.bind_row(known, target);
        Ok(())
    }
}
