//! The string literals of a Rust file, comments left out.

/// A literal as it is written, with its line; a line that is continued with a backslash is joined.
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// The literals of a file's own code: what stands under `#[cfg(test)]` at its end is no part of it.
pub fn literals(source: &str) -> Vec<Literal> {
    let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap();
        let line = || code[..at].matches('\n').count() + 1;
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(hashes) = raw(code, at) {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = rest.find('"').unwrap() + 1;
            let length = rest[begin..].find(&end).unwrap_or(rest.len() - begin);
            found.push(Literal { line: line(), text: rest[begin..begin + length].to_owned() });
            at += begin + length + end.len();
        } else if first == '"' {
            let length = string_length(&rest[1..]);
            found.push(Literal { line: line(), text: joined(&rest[1..=length]) });
            at += length + 2;
        } else if first == '\'' {
            at += character_length(rest);
        } else {
            at += first.len_utf8();
        }
    }
    found
}

/// How many `#` stand before the quotation mark of a raw string that begins here.
fn raw(code: &str, at: usize) -> Option<usize> {
    let word_goes_on = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let rest = code[at..].strip_prefix('r').filter(|_| !word_goes_on || code[..at].ends_with('b'))?;
    let hashes = rest.chars().take_while(|c| *c == '#').count();
    rest[hashes..].starts_with('"').then_some(hashes)
}

/// The bytes of a string up to its closing mark.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    let end = rest.char_indices().find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(rest.len(), |(end, _)| end)
}

/// A character literal; one byte for a lifetime.
fn character_length(rest: &str) -> usize {
    let inner = &rest[1..];
    match inner.chars().next() {
        Some('\\') => 2 + inner[2..].find('\'').map_or(0, |end| 2 + end),
        Some(c) if inner[c.len_utf8()..].starts_with('\'') => 2 + c.len_utf8(),
        _ => 1,
    }
}

fn joined(text: &str) -> String {
    let mut parts = text.split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |joined, part| joined + part.trim_start())
}

#[test]
fn literals_are_found_whatever_stands_around_them() {
    let source = "// \"no\"\nlet a = \"one \\\"two\\\" \\\n    three\"; /* \"no\" */ let b = ('\"', '\\'', '\\u{1f}', r#\"a \"raw\" one\"#);\n\
                  fn f<'a>(x: &'a str) { br\"bytes\"; \"last\" } // \"no\"\n#[cfg(test)]\nmod tests { \"no\" }";
    let found: Vec<(usize, String)> = literals(source).into_iter().map(|l| (l.line, l.text)).collect();
    let expected = [(2, "one \\\"two\\\" three"), (3, "a \"raw\" one"), (4, "bytes"), (4, "last")];
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
}
