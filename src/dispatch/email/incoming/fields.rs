//! Groups of fields, as reports hold them.

pub(super) type Group = Vec<(String, String)>;

/// Groups of fields, set apart by empty lines; a line that begins with a blank goes on with the one before it.
pub(super) fn groups(bytes: &[u8]) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![Vec::new()];
    for line in String::from_utf8_lossy(bytes).lines() {
        let last = groups.last_mut().expect("there is always a group");
        if line.trim().is_empty() {
            if !last.is_empty() {
                groups.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = last.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            last.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

pub(super) fn value<'a>(group: &'a Group, name: &str) -> Option<&'a str> {
    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_groups_and_folded_lines_go_on() {
        let groups = groups(b"A: 1\r\nB: 2\r\n more\r\n\r\n\r\nC: 3\r\n");
        assert_eq!(value(&groups[0], "b"), Some("2 more"));
        assert_eq!(value(&groups[1], "c"), Some("3"));
    }
}
