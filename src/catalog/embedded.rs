//! The presets that are built into the program.

use super::load::Source;

macro_rules! presets {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/presets/", $path)))),*]
    };
}

/// Every file of `presets/` but the scenarios, with its path there.
pub(super) const PRESETS: &[(&str, &str)] = presets![
    "calibration.ron",
    "devices/amd.ron",
    "devices/apple.ron",
    "devices/intel.ron",
    "devices/chips.ron",
    "devices/nvidia.ron",
    "devices/other.ron",
    "exchange_rates.ron",
    "measurements/apple.ron",
    "measurements/dgx_spark_and_jetson.ron",
    "measurements/geforce.ron",
    "measurements/host_memory.ron",
    "measurements/intel.ron",
    "measurements/nvidia_server.ron",
    "measurements/nvidia_workstation.ron",
    "measurements/processors.ron",
    "measurements/qualcomm_and_others.ron",
    "measurements/radeon.ron",
    "measurements/ryzen.ron",
    "measurements/several_devices.ron",
    "measurements/several_users.ron",
    "memory_prices.ron",
    "models/deepseek.ron",
    "models/gemma.ron",
    "models/glm.ron",
    "models/gpt-oss.ron",
    "models/granite.ron",
    "models/kimi.ron",
    "models/lfm.ron",
    "models/llama.ron",
    "models/minimax.ron",
    "models/mistral.ron",
    "models/muse.ron",
    "models/nemotron.ron",
    "models/olmo.ron",
    "models/others.ron",
    "models/phi.ron",
    "models/qwen.ron",
    "quants.ron",
    "runtimes.ron",
];

/// The presets as sources to load.
pub(super) fn sources() -> impl Iterator<Item = Source> {
    PRESETS.iter().map(|(path, text)| Source { name: format!("presets/{path}"), text: (*text).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn add_files(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("scenarios") {
                    add_files(&path, root, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "ron") {
                found.push(path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/"));
            }
        }
    }

    #[test]
    fn every_preset_file_is_built_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
        let mut files = Vec::new();
        add_files(&root, &root, &mut files);
        files.sort();
        let mut built_in: Vec<&str> = PRESETS.iter().map(|(path, _)| *path).collect();
        built_in.sort_unstable();
        assert_eq!(built_in, files);
    }
}
