//! Files that cannot be written: said in words, and nothing left behind.

use std::{fs, path::Path};

use rigwise::export;

/// What is said when a file cannot be written.
fn refusal(path: &Path) -> String {
    export::write(path, b"figure").unwrap_err().to_string()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_name_too_long_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let words = refusal(&folder.path().join(format!("{}.svg", "long".repeat(80))));
    assert!(words.contains("cannot write") && words.ends_with("choose another name"), "{words}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    let words = refusal(&folder.path().join("file").join("figure.svg"));
    assert!(words.contains("choose another place"), "{words}");
    assert_eq!(names(folder.path()), ["file"]);
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("figure.svg")).unwrap();
    let words = refusal(&folder.path().join("figure.svg"));
    assert!(words.ends_with("it is a folder; add the name of a file"), "{words}");
    assert_eq!(names(folder.path()), ["figure.svg"]);
}

#[test]
fn what_is_protected_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("figure.svg");
    fs::write(&path, "mine").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let words = refusal(&path);
    assert!(words.contains("writing is not allowed there"), "{words}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["figure.svg"]);
}

#[cfg(unix)]
#[test]
fn a_link_goes_on_leading_to_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let (link, file) = (folder.path().join("link.svg"), folder.path().join("file.svg"));
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    export::write(&link, b"new").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(folder.path()), ["file.svg", "link.svg"]);
}

/// A device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("figure.svg");
    std::os::unix::fs::symlink("/dev/full", &link).unwrap();
    let words = refusal(&link);
    assert!(words.contains("the disk is full"), "{words}");
    assert_eq!(names(folder.path()), ["figure.svg"]);
}

/// A real disk that fills up, where the rights to make one are given.
#[cfg(target_os = "linux")]
#[test]
fn what_was_there_survives_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mount = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(folder.path())
        .output();
    if !mount.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: no disk can be mounted here");
        return;
    }
    let path = folder.path().join("figure.svg");
    export::write(&path, b"first").unwrap();
    let result = export::write(&path, &vec![b'x'; 1 << 20]);
    let (kept, names) = (fs::read(&path), names(folder.path()));
    let unmounted = std::process::Command::new("umount").arg(folder.path()).status().unwrap();
    assert!(unmounted.success());
    let words = result.unwrap_err().to_string();
    assert!(words.contains("the disk is full"), "{words}");
    assert_eq!(kept.unwrap(), b"first");
    assert_eq!(names, ["figure.svg"]);
}
