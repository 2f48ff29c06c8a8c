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
    "measurements/amd_2026.ron",
    "measurements/amd_chips_2026.ron",
    "measurements/apple.ron",
    "measurements/apple_2026.ron",
    "measurements/apple_and_clusters_2026.ron",
    "measurements/apple_chips_2026.ron",
    "measurements/apple_late_2026.ron",
    "measurements/apple_models_2026.ron",
    "measurements/apple_november_2026.ron",
    "measurements/apple_programs_2026.ron",
    "measurements/blogs_2026.ron",
    "measurements/common_machines_2026.ron",
    "measurements/consumer_cards_2026.ron",
    "measurements/cpu.ron",
    "measurements/dense_2026.ron",
    "measurements/desktop_chips_2026.ron",
    "measurements/dgx_spark.ron",
    "measurements/engines_2026.ron",
    "measurements/engines_late_2026.ron",
    "measurements/few_runs_2026.ron",
    "measurements/geforce_2026.ron",
    "measurements/geforce_and_laptops_2026.ron",
    "measurements/geforce_late_2026.ron",
    "measurements/geforce_many_hands_2026.ron",
    "measurements/geforce_november_2026.ron",
    "measurements/github_threads.ron",
    "measurements/gpu_benchmarks.ron",
    "measurements/gpu_logs_2026.ron",
    "measurements/hosts_2026.ron",
    "measurements/hosts_and_processors_late_2026.ron",
    "measurements/hosts_late_2026.ron",
    "measurements/intel_2026.ron",
    "measurements/intel_arc.ron",
    "measurements/intel_arc_2026.ron",
    "measurements/links_2026.ron",
    "measurements/links_and_hosts_november_2026.ron",
    "measurements/llama_cpp.ron",
    "measurements/localscore.ron",
    "measurements/m5_max_2026.ron",
    "measurements/mac_2026.ron",
    "measurements/mac_engines_2026.ron",
    "measurements/mac_llm_bench.ron",
    "measurements/mlx_2026.ron",
    "measurements/models_late_2026.ron",
    "measurements/moe_2026.ron",
    "measurements/npu.ron",
    "measurements/nvidia_2026.ron",
    "measurements/nvidia_chips_2026.ron",
    "measurements/offload.ron",
    "measurements/other_engines.ron",
    "measurements/processors_and_hosts_2026.ron",
    "measurements/processors_late_2026.ron",
    "measurements/prompts_and_threads_2026.ron",
    "measurements/radeon_and_arc_2026.ron",
    "measurements/radeon_and_arc_late_2026.ron",
    "measurements/radeon_and_arc_november_2026.ron",
    "measurements/radeon_and_intel_chips_2026.ron",
    "measurements/radeon_threads_2026.ron",
    "measurements/rtx_3090.ron",
    "measurements/rtx_3090_2026.ron",
    "measurements/rtx_5090_2026.ron",
    "measurements/rtx_pro_6000_2026.ron",
    "measurements/server_cards_2026.ron",
    "measurements/servers_november_2026.ron",
    "measurements/several_devices.ron",
    "measurements/several_devices_2026.ron",
    "measurements/several_devices_and_hosts_2026.ron",
    "measurements/several_devices_late_2026.ron",
    "measurements/several_devices_november_2026.ron",
    "measurements/several_devices_threads_2026.ron",
    "measurements/several_users.ron",
    "measurements/small_machines.ron",
    "measurements/spark_and_servers_november_2026.ron",
    "measurements/strix_halo.ron",
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
