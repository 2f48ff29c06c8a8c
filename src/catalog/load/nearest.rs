//! The valid name that a wrong one was probably meant to be.

/// Names longer than this are no slips of a finger, and comparing them would take long.
const MAX_LENGTH: usize = 80;

/// Letters and digits in one case: `Mini-PC` and `mini_pc` are one name.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The candidate most like `found`, if one is like enough.
pub(in crate::catalog) fn nearest<'a>(
    found: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    if found.is_empty() || found.len() > MAX_LENGTH {
        return None;
    }
    let wanted = plain(found);
    let length = wanted.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len() > MAX_LENGTH || candidate == found {
            continue;
        }
        let name = plain(candidate);
        // Short names are like each other without being meant.
        let allowed = match length.max(name.chars().count()) {
            0..=2 => 0,
            3..=5 => 1,
            longer => longer / 3,
        };
        let edits = strsim::damerau_levenshtein(&wanted, &name);
        let distance = if edits <= allowed {
            edits
        } else if length >= 4 && name.len() >= 4 && (name.contains(&wanted) || wanted.contains(&name)) {
            // A part of a name, or a name with a maker before it, is further off than any slip.
            edits + MAX_LENGTH
        } else {
            continue;
        };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized_and_other_words_are_not() {
        let fields = ["memory_gib", "name", "chip", "mini_pc", "ryzen-ai-max-395", "rtx-5090"];
        let near = |found: &str| nearest(found, fields);
        assert_eq!(near("memory_gb").as_deref(), Some("memory_gib"));
        assert_eq!(near("nmae").as_deref(), Some("name"));
        assert_eq!(near("Mini-PC").as_deref(), Some("mini_pc"));
        assert_eq!(near("ryzen-ai-max").as_deref(), Some("ryzen-ai-max-395"));
        assert_eq!(near("nvidia-rtx-5090").as_deref(), Some("rtx-5090"));
        assert_eq!(near("color"), None);
        assert_eq!(nearest("d", ["c"]), None);
        assert_eq!(near(""), None);
        assert_eq!(near(&"x".repeat(1_000_000)), None);
    }
}
