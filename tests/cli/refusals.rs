//! What the program does with what it cannot use: words, never a panic.

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
};

use crate::{folder, path, refusal, rigwise, stdout};

#[test]
fn bad_options_are_refused_in_one_sentence() {
    for (arguments, words) in [
        (
            vec!["compare", "--model", "lama-3.1-8b"],
            vec!["no model `lama-3.1-8b`", "`llama-3.1-8b`", "rigwise list models"],
        ),
        (vec!["compare", "--quant", "Q4_K_N"], vec!["no quantization `Q4_K_N`", "Q4_K_M"]),
        (vec!["compare", "--kv", "f17"], vec!["no cache type `f17`", "f16"]),
        (vec!["compare", "--runtime", "llama.cpp-cudo"], vec!["no runtime", "llama.cpp-cuda"]),
        (vec!["compare", "--machine", "rtx-4090"], vec!["no machine `rtx-4090`", "rtx4090"]),
        (vec!["compare", "--context", "-1"], vec!["--context", "-1"]),
        (vec!["compare", "--context", "4000000000"], vec!["context", "100,000,000"]),
        (vec!["compare", "--users", "0"], vec!["users", "0"]),
        (vec!["compare", "--as-of", "yesterday"], vec!["--as-of", "2026-09-22"]),
        (vec!["compare", "--format", "xml"], vec!["--format", "markdown"]),
        (vec!["compare", "--modle", "x"], vec!["--modle", "--model", "rigwise compare --help"]),
        (vec!["list", "everything"], vec!["everything", "machines"]),
        (vec!["check"], vec!["PATH"]),
        (vec!["comapre"], vec!["comapre", "compare"]),
        (vec!["--bogus"], vec!["--bogus"]),
    ] {
        let text = refusal(&arguments);
        for word in words {
            assert!(text.contains(word), "{arguments:?}: {text}");
        }
    }
}

#[test]
fn unreadable_files_are_named() {
    let folder = folder();
    let missing = path(&folder, "missing.ron");
    for arguments in [
        vec!["check", missing.as_str()],
        vec!["compare", "--presets", &missing],
        vec!["list", "models", "--presets", &missing],
        vec!["accuracy", "--measurements", &missing],
        vec![missing.as_str()],
    ] {
        assert!(refusal(&arguments).contains("missing.ron"), "{arguments:?}");
    }
    let columns = path(&folder, "columns.csv");
    fs::write(&columns, "chip,model\n1,2\n").unwrap();
    assert!(refusal(&["accuracy", "--measurements", &columns]).contains("quant_id"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [vec!["list", "models"], vec!["compare", "--help"], vec!["accuracy", "--format", "csv"]]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rigwise"))
            .args(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success() && stderr.is_empty(), "{arguments:?}: {status:?} {stderr}");
    }
}

#[test]
fn help_explains_every_command() {
    let help = stdout(&["--help"]);
    for command in ["compare", "explain", "chart", "accuracy", "list", "check"] {
        assert!(help.contains(command));
        let text = stdout(&[command, "--help"]);
        assert!(text.contains("Examples:"), "{command}");
    }
    assert!(!help.contains("smoke"));
    assert_eq!(stdout(&["--version"]), format!("rigwise {}\n", env!("CARGO_PKG_VERSION")));
}

#[cfg(unix)]
#[test]
fn arguments_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = std::ffi::OsStr::from_bytes(b"\xff\xfe.ron");
    for arguments in [vec![bytes], vec!["check".as_ref(), bytes], vec!["compare".as_ref(), bytes]] {
        let output = Command::new(env!("CARGO_BIN_EXE_rigwise")).args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
    }
}

#[test]
fn broken_files_do_not_make_it_panic() {
    let folder = folder();
    let file = path(&folder, "broken");
    for bytes in
        [&b""[..], b"\xff\xfe\x00\x01", b"((((((", b"(schema: 99)", b"\"", b"(machines: [(id: \"\")])"]
    {
        fs::write(&file, bytes).unwrap();
        let renamed = Path::new(&file).with_extension("ron");
        fs::copy(&file, &renamed).unwrap();
        for arguments in [
            vec!["check", renamed.to_str().unwrap()],
            vec!["compare", "--presets", renamed.to_str().unwrap()],
            vec!["accuracy", "--measurements", &file],
        ] {
            let code = rigwise(&arguments).status.code();
            assert!(matches!(code, Some(0..=2)), "{arguments:?} {bytes:?}: {code:?}");
        }
    }
}
