//! How hard our words are: the Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom, 1975) of every
//! English sentence that a family reads. The words of the record itself are nobody's to mend.

use toml::{Table, Value};

const LABELS: &str = include_str!("../../../templates/documents/lang/en.toml");
const MESSAGE: &str = include_str!("../../../templates/messages/family/body.txt.hbs");

/// Sections that only offices and people of the program read, or that hold single words.
const NOT_FOR_FAMILIES: [&str; 13] = [
    "language",
    "said",
    "office",
    "physician_letter",
    "service_authorization",
    "stop_notice",
    "limited_notice",
    "physician_certification",
    "referral",
    "progress_report",
    "district_packet",
    "fax_cover",
    "evidence_sheet",
];

/// The most that a sentence may ask of its reader: seven years of school.
const GRADE: f64 = 7.0;
/// The formula says nothing of shorter sentences: one long word decides.
const FEWEST_WORDS: usize = 8;

fn syllables(word: &str) -> usize {
    let letters: Vec<char> = word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let vowel = |c: &char| "aeiouy".contains(*c);
    if letters.len() <= 3 {
        return 1;
    }
    let groups = letters.windows(2).filter(|pair| vowel(&pair[0]) && !vowel(&pair[1])).count()
        + usize::from(letters.last().is_some_and(vowel));
    let text: String = letters.iter().collect();
    let ends = |endings: &[&str]| endings.iter().any(|ending| text.ends_with(ending));
    let consonant_le = text.ends_with("le") && !vowel(&letters[letters.len() - 3]);
    let final_e = text.ends_with('e') && !consonant_le;
    let mute_past = text.ends_with("ed") && !ends(&["ted", "ded"]);
    let dropped_plural = text.ends_with("es") && !ends(&["ces", "ses", "zes", "xes", "ges", "shes", "ches", "les"]);
    // "diet", "idea", "area", "evaluate": two vowels that are spoken apart; "tion" and its like are spoken as one.
    let inside = &text[..text.len() - 1];
    let count = |parts: &[&str]| parts.iter().map(|part| inside.matches(part).count()).sum::<usize>();
    let apart = count(&["ia", "io", "iu", "eo", "ua"]);
    let together = count(&["tio", "sio", "cia", "tia", "gio", "xio", "cio", "qua", "gua"]);
    let unspoken = [final_e, mute_past, dropped_plural].into_iter().filter(|mute| *mute).count();
    (groups + apart).saturating_sub(together + unspoken).max(1)
}

fn grade(words: &[&str]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sentences have few words")]
    let (count, sounds) = (words.len() as f64, words.iter().map(|word| syllables(word)).sum::<usize>() as f64);
    0.39 * count + 11.8 * sounds / count - 15.59
}

/// The sentences of a text that are too hard, with their grades. `{places}` count as a short name, what steers a template as nothing.
fn too_hard(text: &str) -> Vec<(f64, String)> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        let (place, behind) = after.split_once('}').unwrap_or((after, ""));
        let steers = place.starts_with(['#', '/']) || place == "else";
        plain.push_str(if steers { " " } else { "Maya" });
        rest = behind;
    }
    plain.push_str(rest);
    let sentences = plain.split_inclusive(['.', '!', '?', ':']).map(str::trim);
    let graded = sentences.filter_map(|sentence| {
        let words: Vec<&str> = sentence
            .split(|c: char| !(c.is_ascii_alphabetic() || "'’-".contains(c)))
            .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
            .collect();
        (words.len() >= FEWEST_WORDS).then(|| (grade(&words), sentence.to_owned()))
    });
    graded.filter(|(grade, _)| *grade > GRADE).collect()
}

fn texts(value: &Value, key: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => out.push((key.to_owned(), text.clone())),
        Value::Table(table) => {
            for (name, value) in table.iter().filter(|(name, _)| !name.contains("office") && !name.ends_with("term")) {
                texts(value, &format!("{key}.{name}"), out);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                texts(value, &format!("{key}.{n}"), out);
            }
        }
        _ => {}
    }
}

#[test]
fn a_family_can_read_our_sentences_after_seven_years_of_school() {
    let labels: Table = toml::from_str(LABELS).unwrap();
    let mut all = vec![("messages/family/body.txt".to_owned(), MESSAGE.replace("{{", "{").replace("}}", "}"))];
    for (section, value) in labels.iter().filter(|(section, _)| !NOT_FOR_FAMILIES.contains(&section.as_str())) {
        texts(value, section, &mut all);
    }
    assert!(all.len() > 600, "{} texts", all.len());
    let hard: Vec<String> = all
        .iter()
        .flat_map(|(key, text)| {
            too_hard(text).into_iter().map(move |(grade, says)| format!("{key}: grade {grade:.1}: {says}"))
        })
        .collect();
    assert!(hard.is_empty(), "{hard:#?}");
}

#[test]
fn a_sentence_of_a_lawyer_is_found_and_a_plain_one_is_not() {
    let lawyer =
        "Notwithstanding the foregoing, participating agencies may not redisclose personally identifiable information.";
    assert_eq!(too_hard(lawyer).len(), 1);
    assert_eq!(too_hard("We tell you in writing before we start, change, or end something.").len(), 0);
    let counted = ["plan", "child", "table", "started", "changed", "services", "evaluation"].map(syllables);
    assert_eq!(counted, [1, 1, 2, 2, 1, 3, 5]);
}
