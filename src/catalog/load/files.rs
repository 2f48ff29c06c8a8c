//! Finds and reads preset files.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::super::diagnostic::Diagnostic;
use super::Source;
use super::position::Positions;

/// Larger files are not presets.
pub(super) const MAX_BYTES: u64 = 64 << 20;
/// A folder with more is not one of presets: somebody's home, or the whole disk.
const MAX_FILES: usize = 10_000;
const MAX_LISTED: usize = 200_000;
const MAX_DEPTH: usize = 24;

/// Why a file or folder cannot be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error("there is no such file or folder")]
    Missing,
    #[error("it may not be read with this user's rights")]
    Denied,
    #[error("it is neither a file nor a folder")]
    Special,
    #[error("it is larger than {} MiB, which no file of presets is", MAX_BYTES >> 20)]
    TooLarge,
    #[error("it holds more files than a folder of presets would; the rest is left out")]
    TooMany,
    #[error("it is not text in UTF-8")]
    NotText { bytes: Vec<u8>, valid: usize },
    #[error("it cannot be read ({0})")]
    Other(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Denied,
            _ => Self::Other(error),
        }
    }
}

impl ReadError {
    fn diagnostic(&self, path: &Path) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.to_string()).in_file(path.display().to_string());
        match self {
            Self::NotText { bytes, valid } => {
                let text = String::from_utf8_lossy(&bytes[..*valid]);
                let (line, column) = Positions::new(&text).line_column(text.len());
                let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
                let help = if utf16 { "it is UTF-16: save it as UTF-8" } else { "save it as UTF-8" };
                diagnostic.at(line, column).help(help)
            }
            Self::TooMany => diagnostic.help("name a folder with nothing but presets"),
            _ => diagnostic,
        }
    }
}

/// What was read from a list of paths.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub sources: Vec<Source>,
    pub paths: Vec<PathBuf>,
    pub diagnostics: Vec<Diagnostic>,
    listed: usize,
}

/// Reads each file, and each `*.ron` file of each folder and the folders in it.
///
/// Folders named `scenarios` inside a folder are left out: what they hold are questions, not presets.
pub(super) fn read(paths: &[PathBuf]) -> Files {
    let mut files = Files::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let mut found = Vec::new();
                if let Err(error) = files.list(path, 0, &mut HashSet::new(), &mut found) {
                    files.diagnostics.push(error.diagnostic(path));
                }
                for file in found {
                    files.file(file);
                }
            }
            _ => files.file(path.clone()),
        }
    }
    files
}

impl Files {
    fn file(&mut self, path: PathBuf) {
        match read_text(&path) {
            Ok(text) => self.sources.push(Source { name: path.display().to_string(), text }),
            Err(error) => self.diagnostics.push(error.diagnostic(&path)),
        }
        self.paths.push(path);
    }

    /// Adds the preset files in a folder to `found`, sorted by name.
    fn list(
        &mut self,
        folder: &Path,
        depth: usize,
        visited: &mut HashSet<PathBuf>,
        found: &mut Vec<PathBuf>,
    ) -> Result<(), ReadError> {
        // Links may lead back to where they are.
        if depth > MAX_DEPTH || !visited.insert(fs::canonicalize(folder)?) {
            return Ok(());
        }
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            self.listed += 1;
            if self.listed > MAX_LISTED {
                return Err(ReadError::TooMany);
            }
            paths.push(entry?.path());
        }
        paths.sort();
        for path in paths {
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name == "scenarios") {
                    continue;
                }
                match self.list(&path, depth + 1, visited, found) {
                    Err(ReadError::TooMany) => return Err(ReadError::TooMany),
                    Err(error) => self.diagnostics.push(error.diagnostic(&path)),
                    Ok(()) => {}
                }
            } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ron")) {
                if found.len() == MAX_FILES {
                    return Err(ReadError::TooMany);
                }
                found.push(path);
            }
        }
        Ok(())
    }
}

fn read_text(path: &Path) -> Result<String, ReadError> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(ReadError::Special);
    }
    if metadata.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let mut bytes = Vec::new();
    // The file may grow, or may not know its size.
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        ReadError::NotText { bytes: error.into_bytes(), valid }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &Files, root: &Path) -> Vec<String> {
        let name = |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/");
        files.paths.iter().map(name).collect()
    }

    #[test]
    fn folders_are_read_in_order_and_only_for_presets() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("b/deep")).unwrap();
        fs::create_dir_all(root.join("scenarios")).unwrap();
        for name in ["z.ron", "a.ron", "b/deep/x.RON", "b/notes.txt", "scenarios/s.ron"] {
            fs::write(root.join(name), "()").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("b/loop")).unwrap();
        let files = read(&[root.to_owned()]);
        assert_eq!(names(&files, root), ["a.ron", "b/deep/x.RON", "z.ron"]);
        assert_eq!(files.diagnostics, []);
    }

    #[test]
    fn what_cannot_be_read_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("latin.ron"), b"(\n  // gr\xfc\xdf\n)").unwrap();
        fs::write(root.join("wide.ron"), b"\xff\xfe(\0)\0").unwrap();
        File::create(root.join("huge.ron")).unwrap().set_len(MAX_BYTES + 1).unwrap();
        let paths = ["missing.ron", "latin.ron", "wide.ron", "huge.ron"].map(|name| root.join(name));
        let files = read(&paths);
        assert_eq!(files.paths, paths);
        let prefix = format!("{}{}", root.display(), std::path::MAIN_SEPARATOR);
        let texts: Vec<String> =
            files.diagnostics.iter().map(|diagnostic| diagnostic.to_string().replace(&prefix, "")).collect();
        let expected = [
            "missing.ron: error: there is no such file or folder",
            "latin.ron:2:8: error: it is not text in UTF-8\n  help: save it as UTF-8",
            "wide.ron:1:1: error: it is not text in UTF-8\n  help: it is UTF-16: save it as UTF-8",
            "huge.ron: error: it is larger than 64 MiB, which no file of presets is",
        ];
        assert_eq!(texts, expected);
    }
}
