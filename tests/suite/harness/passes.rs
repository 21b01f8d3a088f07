//! The suite's two passes. Every test runs on SQLite; every test that opens a store runs once more on PostgreSQL
//! (`postgres::again`). What stays out of the second pass is named here, and the harness holds each test to it.

/// Parts of the suite that open no store. One of theirs that does fails, in either pass.
pub const WITHOUT_A_STORE: [&str; 23] = [
    "channels::",
    "commands::test_server::",
    "decisions::the_gate_answers_every_case_of_the_table_as_the_table_says",
    "due::acts::",
    "due::on_paper::",
    "due::profiles::",
    "due::properties::",
    "due::states::",
    "due::worked_examples::",
    "gate::endpoints::",
    "gate::grounds::",
    "gate::masks::",
    "gate::offices::",
    "gate::parents::",
    "gate::points::",
    "gate::properties::",
    "gate::today::",
    "mail_domain::",
    "order::",
    "papers::",
    "partners::cups::",
    "shipping::",
    "smtp::",
];

/// Tests that choose their database themselves, each with the reason why the suite's would not do. They run once.
pub const ONCE: [(&str, &str); 13] = [
    ("chaos::many::", "only a server has several machines on it"),
    ("commands::installation::a_database_of_another_kind_is_said_to_be_none", "a file that is no database"),
    (
        "commands::installation::a_database_in_use_by_another_process_is_said_so_and_nothing_is_changed",
        "only a file is locked as a whole",
    ),
    ("faults::database::", "a file that is locked, a server that is away: each names its own"),
    ("faults::disk::", "the database's own disk is full, which is this machine's only where it is a file"),
    (
        "ledger::keeping::a_restored_backup_is_whole_and_sends_nothing_until_it_is_released",
        "`backup` is for files; a server has its own tools",
    ),
    ("ledger::keeping::a_backup_from_before_the_first_sending_is_held_as_well", "`backup` is for files"),
    ("ledger::keeping::last_weeks_backup_says_how_much_of_the_record_is_missing", "`backup` is for files"),
    ("ledger::keeping::who_was_destroyed_is_destroyed_again_when_an_older_backup_is_restored", "`backup` is for files"),
    ("ledger::keeping::a_backup_without_its_key_or_with_a_damaged_file_is_refused", "`backup` is for files"),
    ("plans::no_claim_poll_or_report_reads_a_whole_table", "it looks at both, in processes of its own"),
    ("postgres::", "on PostgreSQL whatever the suite runs on"),
    ("upgrade::", "it begins with a database of an older program, of either kind"),
];

/// Who chose the database that a test opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It is the one that this pass is for.
    OfTheSuite,
    /// The test has its own, whatever the pass.
    OfTheTest,
}

/// Whether this entry of a list above names the test.
pub fn names(entry: &str, test: &str) -> bool {
    if entry.ends_with("::") { test.starts_with(entry) } else { test == entry }
}

/// What is wrong about it that this test opens a store.
pub fn objection(test: &str, choice: Choice) -> Option<String> {
    let once = ONCE.iter().any(|(entry, _)| names(entry, test));
    if WITHOUT_A_STORE.iter().any(|entry| names(entry, test)) {
        Some(format!(
            "{test} opens a store, and WITHOUT_A_STORE says that it opens none: it would run on one database only"
        ))
    } else if once && choice == Choice::OfTheSuite {
        Some(format!("{test} opens the suite's database, and ONCE says that it has its own: it would run on one only"))
    } else if !once && choice == Choice::OfTheTest {
        Some(format!("{test} opens a database of its own choice: say in ONCE why the suite's would not do"))
    } else {
        None
    }
}

/// Called wherever a store is made for a test.
pub fn opens(choice: Choice) {
    // The test harness names a test's thread after it. With one thread there is none of a test's own.
    let thread = std::thread::current();
    let test = thread.name().filter(|name| name.contains("::"));
    if let Some(objection) = test.and_then(|test| objection(test, choice)) {
        panic!("{objection}");
    }
}
