//! Files that are written as a whole or not at all.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use super::ExportError;

/// Writes a file as a whole or not at all: what was there stays until the new one is complete.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    write_whole(path, bytes).map_err(|source| ExportError::Write { path: path.to_owned(), source })
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays, and what it leads to is written.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&target).ok();
    match &existing {
        Some(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        // Nothing can be put in the place of a device or a pipe.
        Some(found) if !found.is_file() => {
            return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
        }
        // Putting another file in its place would pass over the protection.
        Some(found) if found.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
        _ => {}
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rigwise-");
    // A temporary file is for its owner's eyes only; an exported one gets the rights that new files get.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|failed| failed.error)?;
    Ok(())
}

/// Why a file could not be written, and what helps.
pub(super) fn reason(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull => "the disk is full; make room there or choose another place",
        Kind::QuotaExceeded => "your share of the disk is used up; make room there or choose another place",
        Kind::ReadOnlyFilesystem => "the disk can only be read; choose another place",
        Kind::PermissionDenied => "writing is not allowed there; choose another place or name",
        Kind::NotFound => "there is no such folder; make it or choose another place",
        Kind::NotADirectory => "a part of the path is a file and not a folder; choose another place",
        Kind::IsADirectory => "it is a folder; add the name of a file",
        Kind::InvalidFilename => "the name is too long, or no name there; choose another name",
        _ => return format!("{error}; choose another place or name"),
    }
    .to_owned()
}
