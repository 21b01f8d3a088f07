//! Public sets of returned mail, read by hand: nothing of them is kept here. `benches/README.md` has what was measured.

use std::{collections::BTreeMap, fs, path::Path};

use earlypost::dispatch::email::incoming::{Cause, Fate, Sort, read};

/// The reasons of sisimai's own tables, as `benches/README.md` groups them.
const GROUPS: [(&str, &[&str]); 7] = [
    ("address", &["userunknown", "hostunknown", "hasmoved"]),
    ("mailbox full", &["mailboxfull"]),
    ("filtered", &["filtered"]),
    ("our side", &["rejected", "blocked", "authfailure", "requireptr", "norelaying", "badreputation"]),
    (
        "content, policy",
        &[
            "policyviolation",
            "spamdetected",
            "securityerror",
            "virusdetected",
            "contenterror",
            "mesgtoobig",
            "exceedlimit",
            "notcompliantrfc",
            "syntaxerror",
            "failedstarttls",
            "emailtoolarge",
        ],
    ),
    ("expired", &["expired"]),
    ("no failure", &["vacation", "feedback", "delivered", "undefined"]),
];

fn group_of(reason: &str) -> &'static str {
    GROUPS.iter().find(|(_, reasons)| reasons.contains(&reason)).map_or("network, system", |(name, _)| name)
}

/// File and first reason of each case of the tables `t/*.t`: `'01' => [['5.1.1', '550', 'userunknown', 1], ...`.
fn cases(tables: &Path) -> Vec<(String, String)> {
    let engine = regex::Regex::new(r"enginename = '([^']+)'").unwrap();
    let case = regex::Regex::new(r"(?m)^\s*'(\d+)'\s*=>\s*\[\s*\['[^']*',\s*'[^']*'\s*,\s*'([^']*)'").unwrap();
    let mut cases = Vec::new();
    for file in fs::read_dir(tables).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap_or_default();
        let Some(engine) = engine.captures(&text).map(|c| c[1].to_lowercase()) else { continue };
        let before = match engine.as_str() {
            "arf" | "rfc3464" | "rfc3834" => "",
            _ if path.to_string_lossy().contains("-rhost-") => "rhost-",
            _ => "lhost-",
        };
        cases.extend(case.captures_iter(&text).map(|c| (format!("{before}{engine}-{}.eml", &c[1]), c[2].to_owned())));
    }
    cases.sort();
    cases.dedup();
    cases
}

#[test]
#[ignore = "by hand: EARLYPOST_TEST_BOUNCES names the folder of a clone of sisimai/p5-sisimai with set-of-emails in it"]
fn public_notices_mean_what_their_own_tables_say() {
    let clone = std::env::var("EARLYPOST_TEST_BOUNCES").expect("EARLYPOST_TEST_BOUNCES names the clone");
    let clone = Path::new(&clone);
    let mut table: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut failures, mut recognized, mut out) = (0, 0, Vec::new());
    for (name, reason) in cases(&clone.join("t")) {
        let Ok(mail) = fs::read(clone.join("set-of-emails/maildir/bsd").join(&name)) else { continue };
        let arrived = [b"Delivered-To: bounces+x@earlysteps.example.org\n".as_slice(), &mail].concat();
        let incoming = read(&arrived);
        let group = group_of(&reason);
        let fate = match incoming.report.as_ref().map(|report| (report.fate, report.cause())) {
            Some((Fate::Failed, Cause::Address)) => "returned, address out",
            Some((Fate::Failed, Cause::Us)) => "returned, channel rests",
            Some((Fate::Failed, Cause::Other)) => "returned",
            Some((Fate::Delayed, _)) => "delayed",
            Some(_) => "receipt",
            None => "person",
        };
        *table.entry((group, fate)).or_default() += 1;
        if group == "no failure" && reason != "undefined" {
            assert_eq!(fate, "person", "{name}: {reason}");
            assert!(incoming.sort != Sort::Failure || reason == "delivered", "{name}: {reason}");
        } else if group != "no failure" {
            failures += 1;
            recognized += usize::from(fate.starts_with("returned"));
        }
        if fate == "returned, address out" && group != "address" {
            out.push(format!("{name}: {reason}"));
        }
    }
    for ((group, fate), count) in &table {
        println!("{group:<16} {fate:<24} {count:>4}");
    }
    println!(
        "{recognized} of {failures} failures recognized; out of use for another first reason:\n{}",
        out.join("\n")
    );
    assert!(failures > 500, "the set is not whole: {failures}");
    assert!(recognized * 100 >= failures * 70);
    // Accounts that are disabled, or say that the user is unknown when the message is looked through, are the address's too.
    let others = |line: &&String| !["suspend", "filtered", "notaccept"].iter().any(|reason| line.ends_with(reason));
    assert_eq!(out.iter().find(others), None);
}
