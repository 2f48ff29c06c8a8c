//! Presets of one's own on the command line.

use std::fs;

use crate::{DAY, column, folder, path, refusal, rigwise, stdout, with};

const OWN_MACHINE: &str = r#"(
    schema: 1,
    machines: [
        (
            id: "my-box", name: "My box", chip: "rtx-4090", kind: card, memory_gib: 24,
            prices: [(amount: 1234, currency: USD, date: "2026-10-01", kind: street, covers: machine,
                tax: excluded, source: "my receipt")],
        ),
    ],
)
"#;

#[test]
fn own_presets_add_to_the_built_in_ones() {
    let folder = folder();
    let file = path(&folder, "own.ron");
    fs::write(&file, OWN_MACHINE).unwrap();
    let ask = with(&["compare", "--model", "llama-3.1-8b", "--format", "csv", "--machine", "my-box"], &DAY);
    assert!(refusal(&ask).contains("there is no machine `my-box`"));
    for presets in [file.as_str(), folder.path().to_str().unwrap()] {
        let text = stdout(&with(&ask, &["--presets", presets]));
        assert_eq!(
            (column(&text, "price"), column(&text, "fit")),
            (vec!["1234.0".to_owned()], vec!["fits".to_owned()])
        );
    }
    let listed = stdout(&["list", "machines", "--format", "csv", "--presets", &file]);
    assert_eq!(column(&listed, "id").last().map(String::as_str), Some("my-box"));
}

#[test]
fn an_error_in_presets_is_said_and_the_rest_counts() {
    let folder = folder();
    let file = path(&folder, "own.ron");
    fs::write(&file, format!("{}\n", OWN_MACHINE.replace("memory_gib: 24", "memory_gib: \"many\""))).unwrap();
    let output = rigwise(&["list", "chips", "--format", "csv", "--presets", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(column(&String::from_utf8(output.stdout).unwrap(), "id").contains(&"rtx-4090".to_owned()));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("own.ron:5:"), "{stderr}");
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let folder = folder();
    let (good, bad) = (path(&folder, "good.ron"), path(&folder, "bad.ron"));
    fs::write(&good, OWN_MACHINE).unwrap();
    fs::write(&bad, OWN_MACHINE.replace("rtx-4090", "rtx-4900").replace("my-box", "other-box")).unwrap();
    let text = stdout(&["check", &good]);
    assert!(text.contains("1 file checked: 0 errors"), "{text}");
    let output = rigwise(&["check", &good, &bad]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("bad.ron:5:") && text.contains("rtx-4090"), "{text}");
    assert!(text.contains("2 files checked: 1 error,"), "{text}");
}
