//! Gives the Windows program its icon and its manifest.

fn main() {
    const ICON: &str = "assets/icon/rigwise.ico";
    const MANIFEST: &str = "assets/windows/rigwise.manifest";
    println!("cargo::rerun-if-changed={ICON}");
    println!("cargo::rerun-if-changed={MANIFEST}");
    // What it is built for, which need not be what it is built on.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return;
    }
    let mut resource = winresource::WindowsResource::new();
    resource.set_icon(ICON).set_manifest_file(MANIFEST);
    if let Err(error) = resource.compile() {
        println!("cargo::error=cannot add the icon and the manifest to the program: {error}");
    }
}
