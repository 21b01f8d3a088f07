//! Versions of a plan that lack a mandatory field are taken in as not final; the rest of the record counts.
//!
//! A coordinator's system exports plans while they are written, and marks some of them final too early. To refuse the
//! whole record for a blank would hold the child's letters and its new consents with it.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::structure::{field_of, read_value};
use crate::case::{Date, IfspKind, IfspStatus, IfspVersion, Lacking, UnfinishedPlan, folding::spelled};

/// What is said of a field that is not there, or that cannot be right.
pub(super) fn words(lack: &Lacking) -> String {
    let rule = &lack.rule;
    match &lack.says {
        Some(says) => format!("{says} (34 CFR {rule})"),
        None => format!("missing; a final plan has it (34 CFR {rule})"),
    }
}

/// A field that a plan must have: its path with `*` for every item of a list, the section of 34 CFR, and when.
type Mandatory = (&'static str, &'static str, fn(&Value) -> bool);

/// What the rules ask of a version, in their order. An interim plan (303.345) names the coordinator and the services
/// that are needed at once; the rest of it follows with the evaluation. Two fields are not here but refuse the record:
/// a service line that names no outcome, and a setting outside the natural environment without a justification. They
/// say something wrong rather than nothing.
const MANDATORY: &[Mandatory] = &[
    ("participants", "303.343(a)", always),
    ("present_levels", "303.344(a)", is_full),
    ("present_levels/physical/narrative", "303.344(a)", has_levels),
    ("present_levels/vision/narrative", "303.344(a)", has_levels),
    ("present_levels/hearing/narrative", "303.344(a)", has_levels),
    ("present_levels/health/narrative", "303.344(a)", has_levels),
    ("present_levels/cognitive/narrative", "303.344(a)", has_levels),
    ("present_levels/communication/narrative", "303.344(a)", has_levels),
    ("present_levels/social_emotional/narrative", "303.344(a)", has_levels),
    ("present_levels/adaptive/narrative", "303.344(a)", has_levels),
    ("family", "303.344(b)", is_full),
    ("outcomes", "303.344(c)", is_full),
    ("outcomes/*/statement", "303.344(c)", always),
    ("outcomes/*/criteria", "303.344(c)", always),
    ("outcomes/*/procedures", "303.344(c)", always),
    ("outcomes/*/timeline", "303.344(c)", always),
    ("services/*/service", "303.344(d)(1)", always),
    ("services/*/session_minutes", "303.344(d)(1)(i)", always),
    ("services/*/sessions", "303.344(d)(1)(i)", always),
    ("services/*/per", "303.344(d)(1)(i)", always),
    ("services/*/intensity", "303.344(d)(1)(i)", always),
    ("services/*/method", "303.344(d)(1)(i)", always),
    ("services/*/setting", "303.344(d)(1)(ii)", always),
    ("services/*/location", "303.344(d)(1)(iii)", always),
    ("services/*/payment", "303.344(d)(1)(iv)", always),
    ("other_services/*/steps", "303.344(e)(2)", always),
    ("services/*/projected_start", "303.344(f)(1)", always),
    ("services/*/duration_end", "303.344(f)(2)", always),
    ("service_coordinator", "303.344(g)", always),
    ("transition_steps", "303.344(h)", is_full),
    ("transition_steps/*/text", "303.344(h)", always),
    ("transition_steps/*/responsible", "303.344(h)", always),
    ("explained_on", "303.342(e)", is_in_effect),
    ("signature", "303.342(e)", is_in_effect),
];

fn always(_: &Value) -> bool {
    true
}

fn is_full(version: &Value) -> bool {
    read::<IfspKind>(version, "kind").is_some_and(|kind| kind != IfspKind::Interim)
}

fn has_levels(version: &Value) -> bool {
    version.get("present_levels").is_some_and(|levels| !is_blank(levels))
}

fn is_in_effect(version: &Value) -> bool {
    read::<IfspStatus>(version, "status") == Some(IfspStatus::InEffect)
}

fn read<T: DeserializeOwned>(version: &Value, field: &str) -> Option<T> {
    T::deserialize(version.get(field)?).ok()
}

/// Takes the versions that are not whole out of a record. A version stays where it is, and the record is refused for it,
/// when something else is wrong with it too, or when it ends a consent that another version gives: what was set aside
/// says nothing, and no withdrawal may be missed. Of a version that stands twice, only the first can be set aside.
pub(super) fn set_aside(record: &mut Value) -> Vec<UnfinishedPlan> {
    let family = Family::of(record);
    let Some(versions) = record.get_mut("ifsps").and_then(Value::as_array_mut) else { return Vec::new() };
    let found: Vec<_> =
        versions.iter().enumerate().map(|(place, version)| unfinished(place, version, versions, &family)).collect();
    let mut aside = found.iter().map(Option::is_some);
    versions.retain(|_| aside.next() == Some(false));
    found.into_iter().flatten().collect()
}

fn unfinished(place: usize, version: &Value, all: &[Value], family: &Family) -> Option<UnfinishedPlan> {
    let missing = missing(version, family);
    let same = |other: &Value| ["ifsp_id", "version"].iter().all(|field| other.get(field) == version.get(field));
    if missing.is_empty() || all[..place].iter().any(same) || ends_a_consent(version, all) {
        return None;
    }
    let violations = read_value::<IfspVersion>(version).err().unwrap_or_default();
    let is_missing = |pointer: &str| {
        let within =
            |missing: &str| pointer.strip_prefix(missing).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        missing.iter().any(|lack| within(&lack.pointer))
    };
    let marked: IfspStatus = read(version, "status")?;
    // A draft may be short of anything that its type can leave out.
    if !violations.iter().all(|(pointer, _)| is_missing(pointer)) || (violations.is_empty() && !marked.is_final()) {
        return None;
    }
    Some(UnfinishedPlan {
        ifsp_id: read(version, "ifsp_id")?,
        version: read(version, "version")?,
        marked,
        place,
        lacks: missing.iter().map(Lack::named).collect(),
        received: version.clone(),
    })
}

/// What the final versions lack that stay in the record: field of the record, and what to do.
pub(super) fn lacking(record: &Value) -> Vec<(String, String)> {
    let versions = record.get("ifsps").and_then(Value::as_array);
    let family = Family::of(record);
    let is_final = |version: &Value| read::<IfspStatus>(version, "status").is_some_and(IfspStatus::is_final);
    let of_version = |(i, version): (usize, &Value)| {
        let lacks = missing(version, &family);
        lacks.into_iter().map(move |lack| (field_of(&format!("/ifsps/{i}{}", lack.pointer)), words(&lack.named())))
    };
    versions.into_iter().flatten().enumerate().filter(|(_, version)| is_final(version)).flat_map(of_version).collect()
}

/// A field of the record that is left, as the file numbers it.
pub(super) fn field_in_file(field: &str, aside: &[UnfinishedPlan]) -> String {
    let numbered = || {
        let (index, rest) = field.strip_prefix("ifsps[")?.split_once(']')?;
        Some(format!("ifsps[{}]{rest}", UnfinishedPlan::place_beside(aside, index.parse().ok()?)))
    };
    numbered().unwrap_or_else(|| field.to_owned())
}

/// Something that a plan lacks: its pointer, the rule, and what is wrong with it where it is there.
struct Lack {
    pointer: String,
    rule: &'static str,
    says: Option<&'static str>,
}

impl Lack {
    fn named(&self) -> Lacking {
        Lacking { field: field_of(&self.pointer), rule: self.rule.to_owned(), says: self.says.map(str::to_owned) }
    }
}

/// Every mandatory field of a version that is not there, and what cannot be right about its meeting.
fn missing(version: &Value, family: &Family) -> Vec<Lack> {
    let mut found = Vec::new();
    for (path, rule, applies) in MANDATORY {
        if applies(version) {
            let parts: Vec<&str> = path.split('/').collect();
            let mut add = |pointer: &str| found.push(Lack { pointer: pointer.to_owned(), rule, says: None });
            walk(version, &parts, &mut String::new(), &mut add);
        }
    }
    if family.is_absent_from(version) {
        let says = "shows the parents as absent; a plan is made with a parent. Correct how they took part";
        found.push(Lack { pointer: "/participants".to_owned(), rule: "303.343(a)", says: Some(says) });
    }
    if family.signed_before_meeting(version) {
        let says = "lies before the meeting; a parent signs what the meeting wrote. Correct one of the two";
        found.push(Lack { pointer: "/signature/on".to_owned(), rule: "303.342(e)", says: Some(says) });
    }
    found
}

/// What of the record a version is measured by.
#[derive(Default)]
struct Family {
    born: Option<Date>,
    /// The names of those with a parent's role, as they are compared.
    parents: Vec<String>,
}

impl Family {
    fn of(record: &Value) -> Self {
        let members = record.get("family").and_then(Value::as_array).into_iter().flatten();
        let parents = members.filter(|member| member.get("parent_role").is_some_and(|role| role != "none"));
        let name = |member: &Value| {
            let part = |part: &str| member.pointer(&format!("/name/{part}")).and_then(Value::as_str).map(spelled);
            Some(format!("{} {}", part("first")?, part("last")?))
        };
        let born = record.pointer("/child/birth_date").and_then(|born| Date::deserialize(born).ok());
        Self { born, parents: parents.filter_map(name).collect() }
    }

    /// Whether every parent whom the list names, by name or by role, did not come.
    fn is_absent_from(&self, version: &Value) -> bool {
        const ROLES: [&str; 6] = ["parent", "mother", "father", "guardian", "surrogate", "foster"];
        let people = version.get("participants").and_then(Value::as_array).into_iter().flatten();
        let text =
            |person: &Value, field: &str| person.get(field).and_then(Value::as_str).map(spelled).unwrap_or_default();
        let is_parent = |person: &&Value| {
            let role = text(person, "role");
            let name = text(person, "name");
            self.parents.contains(&name) || role.split(|c: char| !c.is_alphabetic()).any(|word| ROLES.contains(&word))
        };
        let mut parents = people.filter(is_parent).peekable();
        parents.peek().is_some() && parents.all(|person| person.get("attendance").is_some_and(|how| how == "absent"))
    }

    /// A signature before the child's birth is no slip of a few days: it refuses the record.
    fn signed_before_meeting(&self, version: &Value) -> bool {
        let day = |at: &str| version.pointer(at).and_then(|day| Date::deserialize(day).ok());
        let (Some(signed), Some(met)) = (day("/signature/on"), day("/meeting_on")) else { return false };
        signed < met && self.born.is_none_or(|born| signed >= born)
    }
}

/// Follows a path, and says where it ends early.
fn walk(value: &Value, path: &[&str], pointer: &mut String, missing: &mut dyn FnMut(&str)) {
    let length = pointer.len();
    match path {
        [] => {}
        ["*", rest @ ..] => {
            for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                // Steps are asked for where a service is still needed (303.344(e)(2)).
                if rest == ["steps"] && item.get("status").is_some_and(|status| status == "receiving") {
                    continue;
                }
                pointer.push_str(&format!("/{i}"));
                walk(item, rest, pointer, missing);
                pointer.truncate(length);
            }
        }
        [field, rest @ ..] => {
            pointer.push('/');
            pointer.push_str(field);
            match value.get(field) {
                Some(inner) if !is_blank(inner) => walk(inner, rest, pointer, missing),
                // A list that may be empty is asked for by a line of its own.
                _ if rest.first() == Some(&"*") => {}
                _ => missing(pointer),
            }
            pointer.truncate(length);
        }
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a line's consent ended here that another version says is given.
fn ends_a_consent(version: &Value, all: &[Value]) -> bool {
    fn lines(version: &Value, ended: bool) -> impl Iterator<Item = &Value> {
        let is = move |line: &&Value| match line.pointer("/consent/status").and_then(Value::as_str) {
            Some("withdrawn" | "declined") => ended,
            Some("given") => !ended,
            _ => false,
        };
        version.get("services").and_then(Value::as_array).into_iter().flatten().filter(is)
    }
    lines(version, true)
        .filter_map(|line| line.get("service_line_id"))
        .any(|id| all.iter().flat_map(|other| lines(other, false)).any(|line| line.get("service_line_id") == Some(id)))
}
