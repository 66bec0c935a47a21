//! Files of contents with a checksum.

/// A file with these contents and their checksum, which random input would hardly ever have.
pub fn file(header: &[u8; 12], contents: &[u8]) -> Vec<u8> {
    let mut bytes = [header, contents].concat();
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// The contents of such a file.
pub fn contents(file: &[u8]) -> Vec<u8> {
    file[12..file.len() - 4].to_vec()
}
