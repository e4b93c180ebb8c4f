//! Numeric matrices of MATLAB files, version 5, and those in structures.

use std::io::Read;
use std::path::Path;

use flate2::read::ZlibDecoder;

use crate::error::DataError;
use crate::folders::read_bytes;

/// The most bytes that one variable may unpack to.
const MOST_BYTES: u64 = 1 << 26;
const HEADER: usize = 128;
const COMPRESSED: u32 = 15;
const MATRIX: u32 = 14;
const DIMENSIONS: u32 = 5;
/// The class of a structure.
const STRUCTURE: u8 = 2;

/// A real matrix of two dimensions.
#[derive(Debug, PartialEq)]
pub(crate) struct Matrix {
    pub(crate) name: String,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Column by column, as in the file.
    values: Vec<f64>,
}

impl Matrix {
    /// The numbers of row `row`.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = f64> {
        self.values.iter().skip(row).step_by(self.rows.max(1)).copied()
    }
}

/// The real matrices in the file at `path`, and as `p.x` those in the fields of a structure `p`; what else is in it is
/// left out.
pub(crate) fn read_mat(path: &Path) -> Result<Vec<Matrix>, DataError> {
    let bytes = read_bytes(path, MOST_BYTES)?;
    // Text, then the version and `MI` as one word each, here in the byte order of x86.
    if bytes.get(124..HEADER) != Some(&[0, 1, b'I', b'M']) {
        return Err(DataError::byte(path, 0, "it does not begin as a little-endian MATLAB file of version 5"));
    }
    let mut matrices = Vec::new();
    let mut elements = Elements { bytes: &bytes, at: HEADER };
    while elements.at < bytes.len() {
        let start = elements.at;
        let broken = |problem: String| DataError::byte(path, start, problem);
        let (kind, data) = elements.next().map_err(broken)?;
        let unpacked;
        let (kind, data) = if kind == COMPRESSED {
            unpacked = unpack(data).map_err(broken)?;
            Elements { bytes: &unpacked, at: 0 }.next().map_err(broken)?
        } else {
            (kind, data)
        };
        if kind == MATRIX {
            matrices.extend(matrix(data).map_err(broken)?);
            matrices.extend(fields(data).map_err(broken)?);
        }
    }
    Ok(matrices)
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed)
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("a packed variable is broken ({error})"))?;
    Ok(bytes)
}

/// A sequence of data elements: a type, a length, and as many bytes.
struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Elements<'a> {
    fn next(&mut self) -> Result<(u32, &'a [u8]), String> {
        let at = self.at;
        let short = || format!("an element at its byte {at} ends too early");
        let word = |at: usize| self.bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes);
        let tag = word(at).ok_or_else(short)?;
        // Up to four bytes are in the tag itself, which then has their number in its upper half.
        let (kind, start, length) = match tag >> 16 {
            0 => (tag, at + 8, word(at + 4).ok_or_else(short)? as usize),
            length => (tag & 0xffff, at + 4, length.min(4) as usize),
        };
        let data = start.checked_add(length).and_then(|end| self.bytes.get(start..end)).ok_or_else(short)?;
        let end = start + length;
        // Packed elements follow one another, others begin at multiples of eight.
        self.at = if kind == COMPRESSED { end } else { end.next_multiple_of(8).min(self.bytes.len()) };
        Ok((kind, data))
    }
}

/// The matrix in the parts of a `MATRIX` element, or nothing if it is complex, sparse, a cell or of more dimensions.
fn matrix(bytes: &[u8]) -> Result<Option<Matrix>, String> {
    let mut parts = Elements { bytes, at: 0 };
    let (_, flags) = parts.next()?;
    let [class, flags, ..] = *flags else { return Err("a variable has no flags".into()) };
    // Double to 64-bit integer are the numeric classes; flag 8 is for complex.
    if !(6..=15).contains(&class) || flags & 8 != 0 {
        return Ok(None);
    }
    let (kind, sizes) = parts.next()?;
    let (sizes, rest) = sizes.as_chunks::<4>();
    let [rows, columns] = *sizes else { return Ok(None) };
    if kind != DIMENSIONS || !rest.is_empty() {
        return Err("a variable has no dimensions".into());
    }
    let (rows, columns) = (u32::from_le_bytes(rows) as usize, u32::from_le_bytes(columns) as usize);
    let (_, name) = parts.next()?;
    let name = String::from_utf8_lossy(name).into_owned();
    let (kind, data) = parts.next()?;
    let values = numbers(kind, data).ok_or_else(|| format!("`{name}` has numbers of unknown type {kind}"))?;
    if rows.checked_mul(columns) != Some(values.len()) {
        return Err(format!("`{name}` has {} numbers for {rows} x {columns}", values.len()));
    }
    Ok(Some(Matrix { name, rows, columns, values }))
}

/// The matrices in the fields of a structure of one element; none if it is something else.
fn fields(bytes: &[u8]) -> Result<Vec<Matrix>, String> {
    let mut parts = Elements { bytes, at: 0 };
    if parts.next()?.1.first() != Some(&STRUCTURE) {
        return Ok(Vec::new());
    }
    let ((_, sizes), (_, name)) = (parts.next()?, parts.next()?);
    if sizes != [1, 0, 0, 0, 1, 0, 0, 0] {
        return Ok(Vec::new());
    }
    let ((_, length), (_, names)) = (parts.next()?, parts.next()?);
    let length = length.first_chunk().copied().map_or(0, u32::from_le_bytes) as usize;
    if length == 0 || !names.len().is_multiple_of(length) {
        return Err("a structure has broken field names".into());
    }
    let mut matrices = Vec::new();
    for field in names.chunks_exact(length) {
        let (kind, data) = parts.next()?;
        // An empty field may have nothing in it at all.
        if kind == MATRIX
            && !data.is_empty()
            && let Some(matrix) = matrix(data)?
        {
            let end = field.iter().position(|&byte| byte == 0).unwrap_or(length);
            let name = format!("{}.{}", String::from_utf8_lossy(name), String::from_utf8_lossy(&field[..end]));
            matrices.push(Matrix { name, ..matrix });
        }
    }
    Ok(matrices)
}

/// The numbers of an element; whatever the class of a matrix, each may be stored in a narrower type.
fn numbers(kind: u32, data: &[u8]) -> Option<Vec<f64>> {
    fn read<const N: usize>(data: &[u8], number: impl Fn([u8; N]) -> f64) -> Option<Vec<f64>> {
        let (chunks, rest) = data.as_chunks::<N>();
        rest.is_empty().then(|| chunks.iter().map(|chunk| number(*chunk)).collect())
    }
    match kind {
        1 => read(data, |bytes| i8::from_le_bytes(bytes).into()),
        2 => read(data, |bytes| u8::from_le_bytes(bytes).into()),
        3 => read(data, |bytes| i16::from_le_bytes(bytes).into()),
        4 => read(data, |bytes| u16::from_le_bytes(bytes).into()),
        5 => read(data, |bytes| i32::from_le_bytes(bytes).into()),
        6 => read(data, |bytes| u32::from_le_bytes(bytes).into()),
        7 => read(data, |bytes| f32::from_le_bytes(bytes).into()),
        9 => read(data, f64::from_le_bytes),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use super::*;
    use crate::testing::file;

    fn element(kind: u32, data: &[u8]) -> Vec<u8> {
        let mut bytes = [kind.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }

    /// A variable of doubles, column by column.
    fn variable(name: u8, rows: u32, columns: u32, values: &[f64]) -> Vec<u8> {
        let data: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let parts = [
            element(6, &[6, 0, 0, 0, 0, 0, 0, 0]),
            element(DIMENSIONS, &[rows, columns].map(u32::to_le_bytes).concat()),
            vec![1, 0, 1, 0, name, 0, 0, 0],
            element(9, &data),
        ];
        element(MATRIX, &parts.concat())
    }

    fn packed(variable: &[u8]) -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(variable).unwrap();
        let data = zlib.finish().unwrap();
        [&COMPRESSED.to_le_bytes()[..], &(data.len() as u32).to_le_bytes(), &data].concat()
    }

    /// A structure `p` of one matrix and one empty field.
    pub(crate) fn structure(field: &str, columns: u32, values: &[f64]) -> Vec<u8> {
        let mut names = field.as_bytes().to_vec();
        names.resize(16, 0);
        names.extend([b'z'; 8]);
        let parts = [
            element(6, &[STRUCTURE, 0, 0, 0, 0, 0, 0, 0]),
            element(DIMENSIONS, &[1_u32, 1].map(u32::to_le_bytes).concat()),
            vec![1, 0, 1, 0, b'p', 0, 0, 0],
            vec![5, 0, 4, 0, 16, 0, 0, 0],
            element(1, &[names, vec![0; 8]].concat()),
            variable(b'v', 1, columns, values),
            element(MATRIX, &[]),
        ];
        packed(&element(MATRIX, &parts.concat()))
    }

    /// A file of packed variables: name, rows, columns, and values column by column.
    pub(crate) fn mat(variables: &[(u8, u32, u32, &[f64])]) -> Vec<u8> {
        let packed =
            variables.iter().map(|&(name, rows, columns, values)| packed(&variable(name, rows, columns, values)));
        header().into_iter().chain(packed.flatten()).collect()
    }

    fn header() -> Vec<u8> {
        let mut header = vec![b' '; 124];
        header.extend([0, 1, b'I', b'M']);
        header
    }

    fn read(bytes: &[u8]) -> Result<Vec<Matrix>, DataError> {
        let (_folder, path) = file("x.mat", bytes);
        read_mat(&path)
    }

    #[test]
    fn matrices_are_read_packed_or_not() {
        let two = mat(&[(b'X', 2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), (b'Y', 1, 1, &[-0.5])]);
        let matrices = read(&two).unwrap();
        assert_eq!((matrices[0].name.as_str(), matrices[0].rows, matrices[0].columns), ("X", 2, 3));
        assert_eq!(matrices[0].row(1).collect::<Vec<_>>(), [2.0, 4.0, 6.0]);
        assert_eq!((matrices[1].name.as_str(), matrices[1].values.as_slice()), ("Y", &[-0.5][..]));
        let plain = [header(), variable(b'X', 2, 1, &[1.0, 2.0])].concat();
        assert_eq!(read(&plain).unwrap()[0].values, [1.0, 2.0]);
        assert_eq!(numbers(3, &[0xff, 0xff, 1, 0]), Some(vec![-1.0, 1.0]));
    }

    #[test]
    fn fields_of_a_structure_are_read() {
        let bytes = [header(), structure("sequence", 3, &[3.0, 1.0, 2.0])].concat();
        let matrices = read(&bytes).unwrap();
        assert_eq!((matrices.len(), matrices[0].name.as_str()), (1, "p.sequence"));
        assert_eq!(matrices[0].row(0).collect::<Vec<_>>(), [3.0, 1.0, 2.0]);
        for length in HEADER + 1..bytes.len() {
            assert!(matches!(read(&bytes[..length]), Err(DataError::Byte { .. })), "{length}");
        }
    }

    #[test]
    fn broken_files_are_errors_wherever_they_are_cut() {
        let good = mat(&[(b'X', 2, 1, &[1.0, 2.0])]);
        for length in (0..good.len()).filter(|&length| length != HEADER) {
            assert!(matches!(read(&good[..length]), Err(DataError::Byte { .. })), "{length}");
        }
        let inner = variable(b'X', 2, 1, &[1.0, 2.0]);
        for length in 0..inner.len() {
            let cut = [header(), packed(&inner[..length])].concat();
            assert!(matches!(read(&cut), Err(DataError::Byte { byte: 128, .. })), "{length}");
        }
        let wrong = mat(&[(b'X', 3, 1, &[1.0, 2.0])]);
        assert!(read(&wrong).unwrap_err().to_string().contains("byte 128: `X` has 2 numbers for 3 x 1"));
    }

    #[test]
    fn flipped_bytes_never_panic() {
        let good = [header(), variable(b'X', 2, 1, &[1.0, 2.0])].concat();
        for at in HEADER..good.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = byte;
                let _ = read(&bytes);
            }
        }
    }
}
